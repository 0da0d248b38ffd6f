package archive_test

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/archive"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// release is what a distribution on CPAN looks like.
var release = []entry{
	{name: "Foo-Bar-1.20/"},
	{name: "Foo-Bar-1.20/META.json", body: "{}"},
	{name: "Foo-Bar-1.20/lib/Foo/Bar.pm", body: "package Foo::Bar;"},
	{name: "Foo-Bar-1.20/README", link: "lib/Foo/Bar.pm"},
	{name: "Foo-Bar-1.20/empty"},
}

const releaseList = `META.json={}
README -> lib/Foo/Bar.pm
empty=
lib/
lib/Foo/
lib/Foo/Bar.pm=package Foo::Bar;`

// Every packing gives the same files, with and without a spool.
func TestFormats(t *testing.T) {
	plain := tarOf(release...)
	for _, c := range []struct {
		name string
		b    []byte
		want archive.Format
	}{
		{"Foo-Bar-1.20.tar", plain, archive.Tar},
		{"Foo-Bar-1.20.tar.gz", gzipOf(plain), archive.TarGzip},
		{"Foo-Bar-1.20.tgz", gzipOf(plain), archive.TarGzip},
		{"two-members.tar.gz", append(gzipOf(plain[:700]), gzipOf(plain[700:])...), archive.TarGzip},
		{"Foo-Bar-1.20.tar.bz2", bzipped, archive.TarBzip2},
		{"Foo-Bar-1.20.tar.xz", mustRead("testdata/release.tar.xz"), archive.TarXz},
		{"Foo-Bar-1.20.tar.zst", zstdOf(plain), archive.TarZstd},
		{"Foo-Bar-1.20.zip", zipOf(release[1:]...), archive.Zip},
		{"no-name-says-it", gzipOf(plain), archive.TarGzip},
	} {
		for _, spool := range []archive.Spool{nil, newSpool(t)} {
			f := mustOpen(t, c.b, c.name, archive.Options{Spool: spool})
			sub, top := f.Root()
			if f.Format() != c.want || top != "Foo-Bar-1.20" {
				t.Errorf("%s: %v, top %q", c.name, f.Format(), top)
			}
			if got := list(t, sub); got != releaseList {
				t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, releaseList)
			}
			if err := fstest.TestFS(sub, "META.json", "lib/Foo/Bar.pm", "README"); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := fstest.TestFS(f, "Foo-Bar-1.20/META.json"); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if n := f.Notes(); len(n) > 0 {
				t.Errorf("%s: %q", c.name, n)
			}
		}
	}
}

// bzipped is tarOf(release...), packed by bzip2 -9: Go has no writer for it.
// TestBzip2 makes it anew.
var bzipped = mustRead("testdata/release.tar.bz2")

func mustRead(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}

func newSpool(t testing.TB) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestBzip2(t *testing.T) {
	if got := packedBy(t, tarOf(release...), "bzip2", "-9"); string(got) != string(bzipped) {
		t.Error("testdata/release.tar.bz2 is not what bzip2 makes")
	}
}

// What xz writes is read: every check, several blocks, several streams, and
// every level, the highest of which wants 64 MiB.
func TestXz(t *testing.T) {
	random := randomEntry()
	b := tarOf(append(slices.Clone(release), random, entry{name: "Foo-Bar-1.20/zeros", body: strings.Repeat("\x00", 200<<10)})...)
	half := len(b) / 2
	for name, packed := range map[string][]byte{
		"crc64":   packedBy(t, b, "xz"),
		"none":    packedBy(t, b, "xz", "-0", "--check=none"),
		"crc32":   packedBy(t, b, "xz", "--check=crc32", "-0"),
		"sha256":  packedBy(t, b, "xz", "-0", "--check=sha256"),
		"highest": withDict(packedBy(t, b, "xz", "-0"), 28), // 64 MiB, as xz -9 writes it, and takes ten times as much for
		"blocks":  packedBy(t, b, "xz", "-0", "--block-size=20000"),
		"sizes":   packedBy(t, b, "xz", "-0", "-T2", "--block-size=100000"),
		"streams": slices.Concat(packedBy(t, b[:half], "xz", "-0"), make([]byte, 8), packedBy(t, b[half:], "xz", "-0")),
	} {
		f := mustOpen(t, packed, "Foo-Bar-1.20.tar.xz", archive.Options{})
		got, err := f.ReadFile("Foo-Bar-1.20/random")
		if err != nil || string(got) != random.body {
			t.Errorf("%s: %v, %d bytes", name, err, len(got))
		}
	}
	whole := packedBy(t, tarOf(release...), "xz", "-0")
	for i := 0; i < len(whole); i += 1 + len(whole)/200 {
		cut := whole[:i]
		if _, err := openBytes(cut, "x.tar.xz", archive.Options{}); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", i, len(whole))
		}
		broken := slices.Clone(whole)
		broken[i] ^= 0x10
		if _, err := openBytes(broken, "x.tar.xz", archive.Options{}); err == nil {
			t.Errorf("byte %d of %d changed: no error", i, len(whole))
		}
	}
	for want, packed := range map[string][]byte{
		"needs a dictionary of 100663296 bytes, more than 67108864 (limit: xz dictionary)": withDict(whole, 29),
		"packed with a filter other than":                                                  packedBy(t, b, "xz", "-0", "--x86", "--lzma2=preset=0"),
		"(limit: xz blocks)":                                                               packedBy(t, b, "xz", "-0", "--block-size=500"),
	} {
		if _, err := openBytes(packed, "x.tar.xz", archive.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// withDict changes what dictionary the first block says that it needs.
func withDict(b []byte, bits byte) []byte {
	b = slices.Clone(b)
	header := b[12 : 12+(int(b[12])+1)*4]
	header[4] = bits // behind its size, flags, and the filter's id and size
	sum := len(header) - 4
	binary.LittleEndian.PutUint32(header[sum:], crc32.ChecksumIEEE(header[:sum]))
	return b
}

func TestDetect(t *testing.T) {
	v7 := tarOf(release...)
	copy(v7[257:], make([]byte, 8))
	fixSum(v7)
	for _, c := range []struct {
		head, name string
		want       archive.Format
	}{
		{string(v7), "x", archive.Tar},
		{strings.Repeat("\x00", 1024), "empty.tar", archive.Tar},
		{strings.Repeat("\x00", 100), "empty", archive.Unknown},
		{"", "x.tar", archive.Tar},
		{"", "x", archive.Unknown},
		{"#!/bin/sh", "cpanfile", archive.Unknown},
		{"MZ", "setup.ZIP", archive.Zip},
		{"PK\x03\x04", "x", archive.Zip},
		{"PK\x05\x06", "empty", archive.Zip},
		{"\x1f\x8b\x08broken", "Foo-1.TGZ", archive.TarGzip},
		{"\x1f\x8b\x08broken", "x.gz", archive.Unknown},
		{string(gzipOf([]byte("text"))), "x.gz", archive.Unknown},
		{string(gzipOf(tarOf(release...))), "x.gz", archive.TarGzip},
	} {
		if got := archive.Detect([]byte(c.head), c.name); got != c.want {
			t.Errorf("%.20q %s: %v, want %v", c.head, c.name, got, c.want)
		}
	}
}

// The first block of bzip2 and zstd may be longer than what a format is told by.
func TestDetectLongBlock(t *testing.T) {
	b := tarOf(append([]entry{randomEntry()}, release...)...)
	for want, packed := range map[archive.Format][]byte{
		archive.TarBzip2: packedBy(t, b, "bzip2", "-9"),
		archive.TarZstd:  zstdOf(b),
	} {
		if got := archive.Detect(packed[:64<<10], "standard input"); got != want {
			t.Errorf("%v, want %v", got, want)
		}
		if got := archive.Detect(packed[:1<<10], "cut short"); got != archive.Unknown {
			t.Errorf("%v of 1 KiB", got)
		}
	}
}

func TestKeep(t *testing.T) {
	keep := func(name string, size int64) bool { return strings.HasSuffix(name, ".json") && size == 2 }
	for name, b := range map[string][]byte{"x.tar": tarOf(release...), "x.tar.gz": gzipOf(tarOf(release...)), "x.zip": zipOf(release[1:]...)} {
		sub, _ := mustOpen(t, b, name, archive.Options{Keep: keep}).Root()
		want := strings.NewReplacer("=package Foo::Bar;", "=!its contents were not asked for and are not kept",
			"empty=", "empty=!its contents were not asked for and are not kept").Replace(releaseList)
		if got := list(t, sub); got != want {
			t.Errorf("%s: got\n%s", name, got)
		}
		if info, err := fs.Stat(sub, "README"); err != nil || info.Size() != 17 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

// What is not wanted by its first name may be by its second: ostree has every
// file by its digest, and links to that.
func TestKeepHardLink(t *testing.T) {
	keep := func(name string, size int64) bool { return strings.HasSuffix(name, ".pm") }
	f := mustOpen(t, tarOf(entry{name: "objects/1f.file", body: "package Foo;"}, entry{name: "Foo.pm", link: "objects/1f.file", typ: '1'}),
		"x.tar", archive.Options{Keep: keep})
	if b, err := fs.ReadFile(f, "Foo.pm"); string(b) != "package Foo;" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := fs.ReadFile(f, "objects/1f.file"); err == nil {
		t.Error("its first name is not wanted, and it can be read")
	}
}

func TestRoot(t *testing.T) {
	for _, c := range []struct {
		entries []entry
		top     string
	}{
		{release, "Foo-Bar-1.20"},
		{[]entry{{name: "./Foo-1/a"}, {name: "Foo-1//b"}}, "Foo-1"},
		{[]entry{{name: "Foo-1/a"}, {name: "Foo-2/b"}}, ""},
		{[]entry{{name: "Foo-1/a"}, {name: "package.xml"}}, ""},
		{[]entry{{name: "file"}}, ""},
		{nil, ""},
	} {
		f := mustOpen(t, tarOf(c.entries...), "x.tar", archive.Options{})
		sub, top := f.Root()
		if top != c.top || (top == "") != (sub == f) {
			t.Errorf("%v: top %q", c.entries, top)
		}
	}
}

// A link of a release that begins in its folder ends in it, also where the
// folder is ".".
func TestLinksOfRoot(t *testing.T) {
	sub, _ := mustOpen(t, tarOf(
		entry{name: "Foo-1/a", body: "A"},
		entry{name: "Foo-1/up", link: "../Foo-1/a"},
		entry{name: "Foo-1/t/dir", link: ".."},
		entry{name: "Foo-1/loop", link: "loop"},
		entry{name: "Foo-1/gone", link: "nothing"},
	), "x.tar", archive.Options{}).Root()
	for name, want := range map[string]string{
		"up":            "A",
		"t/dir/up":      "A",
		"t/dir/t/dir/a": "A",
		"loop":          "open loop: too many links (limit: 40 in one path)",
		"gone":          "open gone: file does not exist",
		"a/b":           "open a/b: is below something that is no folder",
		"../a":          "open ../a: invalid argument",
	} {
		b, err := fs.ReadFile(sub, name)
		if err != nil {
			b = []byte(err.Error())
		}
		if string(b) != want {
			t.Errorf("%s: %s, want %s", name, b, want)
		}
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		entries []entry
		list    string
		notes   string
	}{
		{[]entry{{name: "a/x", body: "1"}, {name: "a/x", body: "2"}}, "a/\na/x=2", `entry "a/x" stands there twice: the last one counts`},
		{[]entry{{name: "x"}, {name: "x"}, {name: "y"}, {name: "y"}}, "x=\ny=", `entry "x" stands there twice: the last one counts; so with 1 other`},
		{[]entry{{name: "a/"}, {name: "a/"}, {name: "a/x"}}, "a/\na/x=", ""},
		{[]entry{{name: "a/x"}, {name: "a", body: "1"}}, "a=1", `entry "a" stands there twice: the last one counts`},
		{[]entry{{name: "X"}, {name: "x"}}, "X=\nx=", ""},
		{[]entry{{name: "na\xefve"}}, "na\ufffdve=", `entry "na\xefve" has a name that is no UTF-8: it is listed with U+FFFD in it`},
		{[]entry{{name: "label", typ: 'V'}, {name: "x"}}, "x=", `entry "label" is of a kind that is not read: it is left out`},

		{[]entry{{typ: 'g'}, {name: "x"}}, "x=", ""}, // as git archive begins
		{[]entry{{name: "tty", typ: '3'}, {name: "disk", typ: '4'}, {name: "pipe", typ: '6'}}, "disk?\npipe?\ntty?", ""},
		{[]entry{{name: "a", body: "1"}, {name: "b", link: "a", typ: '1'}, {name: "a", body: "2"}}, "a=2\nb=1", `entry "a" stands there twice: the last one counts`},
	} {
		f := mustOpen(t, tarOf(c.entries...), "x.tar", archive.Options{})
		if got := list(t, f); got != c.list {
			t.Errorf("%v: got\n%s", c.entries, got)
		}
		if got := strings.Join(f.Notes(), "\n"); got != c.notes {
			t.Errorf("%v: notes %s", c.entries, got)
		}
	}
}

// Devices are listed and never opened.
func TestDevice(t *testing.T) {
	f := mustOpen(t, tarOf(entry{name: "a/tty", typ: '3'}), "x.tar", archive.Options{})
	if _, err := f.Open("a/tty"); err == nil || !strings.Contains(err.Error(), "is a device, a pipe or a socket") {
		t.Errorf("%v", err)
	}
}

// A tar of a system's root may have links to anywhere in it, and names that
// begin at the root.
func TestSystem(t *testing.T) {
	f := mustOpen(t, gzipOf(tarOf(
		entry{name: "/etc/os-release", link: "../usr/lib/os-release"},
		entry{name: "etc/up", link: "../../../usr/lib/os-release"},
		entry{name: "usr/lib/os-release", body: "ID=debian"},
		entry{name: "lib", link: "/usr/lib"},
		entry{name: "lib/late", body: "goes to usr/lib"},
		entry{name: "var/run", link: "/run"},
		entry{name: "var/run/x", body: "makes run"},
	)), "root.tar.gz", archive.Options{})
	if !f.IsSystem() || !archive.IsSystem(f) {
		t.Error("is no system")
	}
	for name, want := range map[string]string{
		"etc/os-release": "ID=debian", "etc/up": "ID=debian", "lib/os-release": "ID=debian",
		"usr/lib/late": "goes to usr/lib", "run/x": "makes run",
	} {
		if b, err := f.ReadFile(name); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// Files can be read from anywhere, and several at the same time.
func TestFile(t *testing.T) {
	f := mustOpen(t, gzipOf(tarOf(entry{name: "x", body: "0123456789"})), "x.tar.gz", archive.Options{})
	file, err := f.Open("x")
	if err != nil {
		t.Fatal(err)
	}
	s := file.(io.ReadSeeker)
	s.Seek(4, io.SeekStart)
	b, err := io.ReadAll(s)
	if string(b) != "456789" || err != nil {
		t.Errorf("%s %v", b, err)
	}
	if _, err := f.ReadFile("."); err == nil {
		t.Error("a folder is read")
	}
	if _, err := f.ReadDir("x"); err == nil {
		t.Error("a file is listed")
	}
	if _, err := f.ReadLink("x"); err == nil {
		t.Error("a file is a link")
	}
}
