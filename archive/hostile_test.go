package archive_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"

	"nacre/archive"
	"nacre/fault"
)

// zeros gives n of them.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// bomb packs a tar with one file of n zeros.
func bomb(t *testing.T, n int64, pack func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	z := pack(&b)
	w := tar.NewWriter(z)
	w.WriteHeader(&tar.Header{Name: "Foo-1/zeros", Size: n, Mode: 0o644})
	if _, err := io.Copy(w, zeros(n)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	z.Close()
	return b.Bytes()
}

func repeat(e entry, n int) []entry {
	all := make([]entry, n)
	for i := range all {
		all[i] = e
	}
	return all
}

// impliedFolders gives n files, each in three folders that have no entry.
func impliedFolders(n int) []entry {
	all := make([]entry, n)
	for i := range all {
		all[i].name = fmt.Sprintf("%d/a/b/x", i)
	}
	return all
}

// Names stay in memory, so that all of them together have a limit.
func TestLongNames(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := range 80 {
		w.WriteHeader(&tar.Header{Name: fmt.Sprintf("%d-%s", i, strings.Repeat("n", 1_000_000)), Mode: 0o644})
	}
	w.Close()
	_, err := archive.Open(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), "x.tar", archive.Options{Limits: archive.Limits{Name: 1 << 20}})
	if want := "has more than 67108864 bytes of names and links (limit: names)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// Whatever is refused is refused with what it is, the limit and its value.
func TestRefused(t *testing.T) {
	small := archive.Limits{Entries: 100, File: 1000, Total: 100_000, Depth: 5, Name: 200}
	deep := strings.Repeat("d/", 5) + "x"
	for _, c := range []struct {
		what string
		b    []byte
		want string
	}{
		{"entries", tarOf(repeat(entry{name: "x"}, 101)...), "has more than 100 entries (limit: entries)"},
		{"entries of a zip", zipOf(repeat(entry{name: "x"}, 101)...), "has 101 entries, more than 100 (limit: entries)"},
		{"folders that names imply", tarOf(impliedFolders(30)...), "has more than 100 entries (limit: entries)"},
		{"folders that names of a zip imply", zipOf(impliedFolders(30)...), "has more than 100 entries (limit: entries)"},
		{"file size", tarOf(entry{name: "x", body: strings.Repeat("x", 1001)}), `entry "x": has 1001 bytes, more than 1000 (limit: file size)`},
		{"file size in a zip", zipOf(entry{name: "x", body: strings.Repeat("x", 1001)}), `entry "x": has 1001 bytes, more than 1000 (limit: file size)`},
		{"total", gzipOf(tarOf(repeat(entry{name: "x", body: strings.Repeat("x", 1000)}, 90)...)), "unpacks to more than 100000 bytes (limit: total size)"},
		{"total of a zip", zipOf(append(repeat(entry{name: "y"}, 9), repeat(entry{name: "x", body: strings.Repeat("x", 100_001)}, 1)...)...), "unpacks to more than 100000 bytes (limit: total size)"},
		{"depth", tarOf(entry{name: deep}), `entry "d/d/d/d/d/x": its name has more than 5 elements (limit: depth)`},
		{"depth by links", tarOf(entry{name: "a", link: "d/d/d/d"}, entry{name: "a/e/x"}), `entry "a/e/x": leads deeper than 5 elements (limit: depth)`},
		{"name", tarOf(entry{name: strings.Repeat("n", 201)}), `its name has 201 bytes, more than 200 (limit: name length)`},
		{"link", tarOf(entry{name: "x", link: strings.Repeat("n", 201)}), `entry "x": its link has 201 bytes, more than 200 (limit: name length)`},
		{"link in a zip", zipOf(entry{name: "x", link: strings.Repeat("n", 201)}), `entry "x": its link has 201 bytes, more than 200 (limit: name length)`},

		{"up", tarOf(entry{name: "../x"}), `entry "../x": leads out of the archive`},
		{"up, from within", tarOf(entry{name: "Foo-1/../../x"}), `entry "Foo-1/../../x": leads out of the archive`},
		{"up in a zip", zipOf(entry{name: "../x"}), `entry "../x": leads out of the archive`},
		{"absolute", tarOf(entry{name: "/tmp/x"}), `entry "/tmp/x": its name is absolute`},
		{"absolute in a zip", zipOf(entry{name: "/tmp/x"}), `entry "/tmp/x": its name is absolute`},
		{"backslash", zipOf(entry{name: `..\x`}), `entry "..\\x": has a backslash in its name`},
		{"NUL", zipOf(entry{name: "a\x00b"}), `entry "a\x00b": has a NUL byte in its name`},
		{"NUL in a link", zipOf(entry{name: "a", link: "b\x00c"}), `entry "a": has a NUL byte in its link`},
		{"link to the root", tarOf(entry{name: "Foo-1/x", link: "/etc/passwd"}), `entry "Foo-1/x": its link "/etc/passwd" leads out of the archive`},
		{"link up", tarOf(entry{name: "Foo-1/x", link: "../../x"}), `entry "Foo-1/x": its link "../../x" leads out of the archive`},
		{"link up in a zip", zipOf(entry{name: "Foo-1/x", link: "../../x"}), `entry "Foo-1/x": its link "../../x" leads out of the archive`},
		{"through a link out", tarOf(entry{name: "Foo-1/x", link: "/etc"}, entry{name: "Foo-1/x/passwd"}), `entry "Foo-1/x": its link "/etc" leads out of the archive`},
		{"through a link", tarOf(entry{name: "Foo-1/x", link: "y"}, entry{name: "Foo-1/x/z"}), `entry "Foo-1/x/z": goes through a symbolic link`},
		{"through a loop", tarOf(entry{name: "x", link: "x"}, entry{name: "x/z"}), `entry "x/z": too many links (limit: 40 in one path)`},
		{"below a file", tarOf(entry{name: "x"}, entry{name: "x/y"}), `entry "x/y": is below something that is no folder`},
		{"hard link out", tarOf(entry{name: "x", link: "../../etc/passwd", typ: '1'}), `entry "x": its hard link: entry "../../etc/passwd": leads out of the archive`},
		{"hard link to the root", tarOf(entry{name: "x", link: "/etc/passwd", typ: '1'}), `entry "x": is a hard link to "/etc/passwd", which is no file of the archive`},
		{"hard link to a folder", tarOf(entry{name: "a/b"}, entry{name: "x", link: "a", typ: '1'}), `entry "x": is a hard link to "a", which is no file of the archive`},
		{"hard link to the top", tarOf(entry{name: "x", link: ".", typ: '1'}), `entry "x": is a hard link to ".", which is no file of the archive`},

		{"cut in a header", tarOf(release...)[:700], "damaged"},
		{"cut in a file", tarOf(entry{name: "x", body: strings.Repeat("x", 900)})[:800], `after entry "x"`},
		{"a damaged header", append(tarOf(entry{name: "x"})[:512], bytes.Repeat([]byte("x"), 1024)...), `after entry "x"`},
		{"gzip, cut", cut(gzipOf(tarOf(release...)), 12), "unexpected EOF"},
		{"gzip, wrong checksum", flip(gzipOf(tarOf(release...)), -8), "unpack: gzip: invalid checksum"},
		{"bzip2, wrong checksum", flip(bzipped, -2), "unpack: bzip2"},
		{"zstd, cut", cut(zstdOf(tarOf(release...)), 1), "unexpected EOF"},
		{"zip, wrong checksum", wrongSum(), `entry "x": zip: checksum error`},
		{"zip, cut", zipOf(release...)[:200], "read the directory of the zip"},
		{"no archive", []byte("#!/usr/bin/perl"), "is no archive that can be read"},
		{"nothing", nil, "is no archive that can be read"},
	} {
		_, err := openBytes(c.b, "x.tar.zst", archive.Options{Limits: small})
		if err == nil || !strings.Contains(err.Error(), c.want) && c.want != "damaged" || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%s: %v (%v, hint %q), want %s", c.what, err, fault.KindOf(err), fault.HintOf(err), c.want)
		}
	}
}

// flip changes a byte; a negative place counts from the end.
func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[(at+len(b))%len(b)] ^= 1
	return b
}

func cut(b []byte, n int) []byte { return b[:len(b)-n] }

// wrongSum is a zip whose directory has another checksum than the contents.
func wrongSum() []byte {
	b := zipOf(entry{name: "x", body: "contents"})
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	return flip(b, at+16)
}

func TestBombs(t *testing.T) {
	for name, pack := range map[string]func(io.Writer) io.WriteCloser{
		"x.tar.gz":  func(w io.Writer) io.WriteCloser { return newGzip(w) },
		"x.tar.zst": func(w io.Writer) io.WriteCloser { return newZstd(w) },
	} {
		b := bomb(t, 32<<20, pack)
		spool := &counter{}
		_, err := openBytes(b, name, archive.Options{Spool: spool})
		if err == nil || !strings.Contains(err.Error(), "unpacks to more than 100 times its size (limit: ratio)") {
			t.Errorf("%s: %v", name, err)
		}
		if most := int64(len(b))*100 + 17<<20; spool.n > most {
			t.Errorf("%s: %d bytes of %d were unpacked", name, spool.n, len(b))
		}
	}
}

// Time is a limit like the others; being told to stop is something else.
func TestTime(t *testing.T) {
	for name, b := range map[string][]byte{
		"x.tar": tarOf(release...), "x.tar.gz": gzipOf(tarOf(release...)), "x.zip": zipOf(release[1:]...),
	} {
		_, err := openBytes(b, name, archive.Options{Limits: archive.Limits{Time: 1}})
		if err == nil || err.Error() != "open "+name+": takes longer than 1ns (limit: time)" {
			t.Errorf("%s: %v", name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err = archive.Open(ctx, bytes.NewReader(b), int64(len(b)), name, archive.Options{Limits: archive.Limits{Time: 1}})
		if fault.KindOf(err) != fault.Canceled || strings.Contains(err.Error(), "limit") {
			t.Errorf("%s, told to stop: %v", name, err)
		}
	}
	if f, err := openBytes(tarOf(release...), "x.tar", archive.Options{}); err != nil || f == nil {
		t.Errorf("with the time there is: %v", err)
	}
}

// counter is a spool that keeps nothing.
type counter struct{ n int64 }

func (c *counter) WriteAt(p []byte, _ int64) (int, error) { c.n += int64(len(p)); return len(p), nil }
func (c *counter) ReadAt([]byte, int64) (int, error)      { return 0, io.EOF }

// Entries that are packed in the same bytes unpack to much more than a zip's
// size, each within its own limits.
func TestZipOverlap(t *testing.T) {
	b := overlapping(2, 100)
	if _, err := openBytes(b, "x.zip", archive.Options{}); err == nil || !strings.Contains(err.Error(), `entries "0" and "1": are packed in the same bytes`) {
		t.Errorf("%v", err)
	}
}

// overlapping is a zip of n entries with the same bytes.
func overlapping(n, size int) []byte {
	var data bytes.Buffer
	w, err := flate.NewWriter(&data, 9)
	if err != nil {
		panic(err)
	}
	body := make([]byte, size)
	w.Write(body)
	w.Close()
	le := binary.LittleEndian
	record := func(sig uint32, name string) []byte {
		h := le.AppendUint32(nil, sig)
		if sig == 0x02014b50 {
			h = le.AppendUint16(h, 20)
		}
		h = append(h, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0)
		h = le.AppendUint32(h, crc32.ChecksumIEEE(body))
		h = le.AppendUint32(h, uint32(data.Len()))
		h = le.AppendUint32(h, uint32(size))
		h = le.AppendUint16(h, uint16(len(name)))
		h = le.AppendUint16(h, 0)
		if sig == 0x02014b50 {
			h = append(h, make([]byte, 14)...) // comment, disk, attributes, offset 0
		}
		return append(h, name...)
	}
	out := append(record(0x04034b50, "0"), data.Bytes()...)
	start := len(out)
	for i := range n {
		out = append(out, record(0x02014b50, string(rune('0'+i)))...)
	}
	end := len(out)
	out = le.AppendUint32(out, 0x06054b50)
	out = append(out, 0, 0, 0, 0)
	out = le.AppendUint16(out, uint16(n))
	out = le.AppendUint16(out, uint16(n))
	out = le.AppendUint32(out, uint32(end-start))
	out = le.AppendUint32(out, uint32(start))
	return append(out, 0, 0)
}

// A zip may lie about sizes in its directory.
func TestZipSizes(t *testing.T) {
	real := zipOf(entry{name: "x", body: strings.Repeat("contents ", 100)})
	at := bytes.LastIndex(real, []byte("PK\x01\x02"))
	for _, c := range []struct {
		offset int // in the directory's record
		size   uint32
		want   string
	}{
		{24, 10, `entry "x": `},
		{24, 2000, `entry "x": `},
		{24, 1<<32 - 2, "(limit: ratio)"},
		{20, 1<<32 - 2, `entry "x": says that it has more bytes than there are`},
	} {
		b := bytes.Clone(real)
		binary.LittleEndian.PutUint32(b[at+c.offset:], c.size)
		if _, err := openBytes(b, "x.zip", archive.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestZipDirectory(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 300 {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: strings.Repeat("x", 60_000)}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	if _, err := openBytes(b.Bytes(), "x.zip", archive.Options{}); err == nil || !strings.Contains(err.Error(), "its directory has more than 16777216 bytes (limit: zip directory)") {
		t.Errorf("%v", err)
	}
}

// A million entries are given up early.
func TestMillionEntries(t *testing.T) {
	r := repeated(tarOf(entry{name: "Foo-1/x"})[:512])
	_, err := archive.Open(context.Background(), r, 512*1_000_000, "x.tar", archive.Options{Limits: archive.Limits{Entries: 50_000}})
	if err == nil || !strings.Contains(err.Error(), "has more than 50000 entries (limit: entries)") {
		t.Errorf("%v", err)
	}
	if n := archive.DefaultLimits().Entries; n >= 1_000_000 {
		t.Errorf("%d entries are allowed", n)
	}
}

// repeated is a file of the same bytes again and again.
type repeated []byte

func (r repeated) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], r[(off+int64(n))%int64(len(r)):])
	}
	return n, nil
}

// A header of a tar may say that a record of many megabytes follows.
func TestTarHeader(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: "x", PAXRecords: map[string]string{"comment": strings.Repeat("x", 1<<20)}})
	w.Close()
	if b.Len() > 0 { // the writer has the same bound
		t.Error("the writer makes such headers now; use it")
	}
	body := strings.Repeat("x", 2<<20)
	raw := tarOf(entry{name: "x", body: body})
	raw[156] = 'x'
	fixSum(raw)
	if _, err := openBytes(raw, "x.tar", archive.Options{}); err == nil || !strings.Contains(err.Error(), "has a header with more than 1048576 bytes") || !strings.Contains(err.Error(), "(limit: tar header)") {
		t.Errorf("%v", err)
	}
}

// Holes cost nothing in a tar, and much when they are filled.
func TestSparse(t *testing.T) {
	small, huge := sparse(t, 1000), sparse(t, 1<<40)
	f := mustOpen(t, small, "x.tar", archive.Options{})
	if b, err := f.ReadFile("hole"); err != nil || string(b) != strings.Repeat("\x00", 999)+"!" {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	for limits, want := range map[archive.Limits]string{
		{}:                                     "(limit: file size)",
		{File: 1 << 50}:                        "(limit: total size)",
		{File: 1 << 50, Total: 1 << 50}:        "(limit: ratio)",
		{File: 1 << 50, Total: 1, Ratio: 1000}: "(limit: total size)",
	} {
		if _, err := openBytes(huge, "x.tar", archive.Options{Limits: limits, Spool: &counter{}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", limits, err, want)
		}
	}
	f = mustOpen(t, huge, "x.tar", archive.Options{Keep: func(string, int64) bool { return false }})
	if info, err := f.Stat("hole"); err != nil || info.Size() != 1<<40 {
		t.Errorf("%v %v", info, err)
	}
}

// sparse is a tar of a file of n bytes: a hole and an exclamation mark. Go
// writes none: this is GNU tar's format 1.0, in PAX records.
func sparse(t *testing.T, n int64) []byte {
	t.Helper()
	num := func(n int64) string { return strings.TrimSpace(string(jsonOf(n))) }
	body := "1\n" + num(n-1) + "\n1\n"
	body += strings.Repeat("\x00", 512-len(body)) + "!"
	var records string
	for _, r := range [][2]string{{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}, {"GNU.sparse.name", "hole"}, {"GNU.sparse.realsize", num(n)}} {
		line := " " + r[0] + "=" + r[1] + "\n"
		size := len(line) + 2
		records += num(int64(size)) + line
	}
	head := tarOf(entry{name: "PaxHeaders/hole", body: records})
	head[156] = 'x'
	fixSum(head)
	return append(head[:1024], tarOf(entry{name: "GNUSparseFile/hole", body: body})...)
}

// fixSum writes the checksum of a tar's first header anew.
func fixSum(b []byte) {
	sum := 0
	copy(b[148:156], "        ")
	for _, c := range b[:512] {
		sum += int(c)
	}
	copy(b[148:], []byte{'0', '0' + byte(sum>>12&7), '0' + byte(sum>>9&7), '0' + byte(sum>>6&7), '0' + byte(sum>>3&7), '0' + byte(sum&7), 0, ' '})
}

// What is cut between two files cannot be told from what is whole, and a note
// says so. Bytes behind the end are not read, and a note says so.
func TestEnd(t *testing.T) {
	whole := tarOf(entry{name: "x", body: "1"}, entry{name: "y"})
	const cut = "the tar has no end mark; if it was cut between two files, nothing tells"
	const more = "bytes follow the end of the packed tar; they are not read"
	for _, c := range []struct {
		what string
		b    []byte
		want string
	}{
		{"whole", whole, ""},
		{"packed", gzipOf(whole), ""},
		{"cut", whole[:1024], cut},
		{"cut and packed", gzipOf(whole[:1024]), cut},
		{"more zeros", append(bytes.Clone(whole), make([]byte, 5000)...), ""},
		{"padded", append(gzipOf(whole), make([]byte, 512)...), more},
		{"a line feed behind it", append(gzipOf(whole), '\n'), more},
		{"in two streams", append(gzipOf(whole[:1024]), gzipOf(whole[1024:])...), ""},
		{"in two streams, and a line feed", append(append(gzipOf(whole[:1024]), gzipOf(whole[1024:])...), '\n'), more},
		{"signed", append(gzipOf(whole), "a signature that is long enough"...), more},
	} {
		f := mustOpen(t, c.b, "x.tar", archive.Options{})
		if got := strings.Join(f.Notes(), "; "); got != c.want {
			t.Errorf("%s: %q", c.what, got)
		}
		if b, err := f.ReadFile("x"); err != nil || string(b) != "1" {
			t.Errorf("%s: %s %v", c.what, b, err)
		}
	}
}

// A file that cannot be read is no damaged archive.
func TestFileFails(t *testing.T) {
	for name, b := range map[string][]byte{
		"x.tar": tarOf(entry{name: "x", body: strings.Repeat("x", 1<<20)}, entry{name: "y"}), "x.tar.gz": gzipOf(tarOf(randomEntry(), release[1])),
		"x.tar.zst": zstdOf(tarOf(randomEntry(), release[1])), "x.zip": zipOf(randomEntry(), release[1]),
	} {
		r := failing{bytes.NewReader(b), int64(len(b)) - 1000}
		_, err := archive.Open(context.Background(), r, int64(len(b)), name, archive.Options{})
		if !errors.Is(err, errDisk) || name != "x.zip" && fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v (%v)", name, err, fault.KindOf(err))
		}
		_, err = openBytes(b, name, archive.Options{Spool: full{}})
		if name != "x.tar" && (!errors.Is(err, errDisk) || fault.KindOf(err) != fault.Unavailable) {
			t.Errorf("%s: %v (%v)", name, err, fault.KindOf(err))
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err = archive.Open(ctx, bytes.NewReader(b), int64(len(b)), name, archive.Options{}); fault.KindOf(err) != fault.Canceled {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errDisk = errors.New("the disk is broken")

// failing is a file whose end cannot be read.
type failing struct {
	io.ReaderAt
	ok int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.ok {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(p, off)
}

// full is a spool with no place.
type full struct{ io.ReaderAt }

func (full) WriteAt([]byte, int64) (int, error) { return 0, errDisk }

func randomEntry() entry {
	b := make([]byte, 300<<10)
	for i, x := 0, uint32(1); i < len(b); i++ {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return entry{name: "Foo-Bar-1.20/random", body: string(b)}
}

// Encrypted entries, and those of other packings, are listed.
func TestZipUnread(t *testing.T) {
	b := zipOf(entry{name: "a", body: "1"}, entry{name: "b", body: "2"})
	at := bytes.Index(b, []byte("PK\x01\x02"))
	b[at+8] |= 1
	at += 4 + bytes.Index(b[at+4:], []byte("PK\x01\x02"))
	b[at+10] = 14 // LZMA
	f := mustOpen(t, b, "x.zip", archive.Options{})
	if got := list(t, f); got != "a=!is encrypted\nb=!is packed in a way that is not read" {
		t.Error(got)
	}
	if _, err := fs.Stat(f, "a"); err != nil {
		t.Error(err)
	}
}
