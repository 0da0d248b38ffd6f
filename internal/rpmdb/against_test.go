package rpmdb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/adler32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/rpmdb"
	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "make the samples in testdata anew")

// TestAgainstRPM has RPM make databases, and asks RPM for what is in them.
func TestAgainstRPM(t *testing.T) {
	rpm, build := testkit.Need(t, "rpm"), testkit.Need(t, "rpmbuild")
	load := testkit.Need(t, "db_load")
	acme, err := os.ReadFile("testdata/acme.spec")
	if err != nil {
		t.Fatal(err)
	}
	for name, spec := range map[string]string{"acme": string(acme), "many": manySpec()} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, name+".spec")
			if err := os.WriteFile(file, []byte(spec), 0o666); err != nil {
				t.Fatal(err)
			}
			run(t, "", build, "--define", "_topdir "+dir+"/top", "--define", "_buildhost localhost",
				"--target", "noarch", "-bb", "--quiet", file)
			packages, err := filepath.Glob(dir + "/top/RPMS/noarch/*.rpm")
			if err != nil || len(packages) == 0 {
				t.Fatalf("rpmbuild made no package: %v", err)
			}
			db := filepath.Join(dir, "sqlite")
			run(t, "", rpm, append([]string{"--dbpath", db, "--define", "_db_backend sqlite", "--justdb", "--nodeps", "-i"}, packages...)...)
			b, err := os.ReadFile(filepath.Join(db, "rpmdb.sqlite"))
			if err != nil {
				t.Fatal(err)
			}
			want := asked(t, rpm, db, "sqlite")
			compare(t, "SQLite", b, want)
			if n := strings.Count(want, "from"); n != len(packages) {
				t.Errorf("rpm tells of %d packages, and %d were made", n, len(packages))
			}

			var blobs [][]byte
			for blob, err := range rpmdb.Headers(context.Background(), bytes.NewReader(b), int64(len(b))) {
				if err != nil {
					t.Fatal(err)
				}
				blobs = append(blobs, bytes.Clone(blob))
			}
			made := map[string][]byte{"rpmdb.sqlite": b, "Packages.db": ndb(blobs)}
			compare(t, "ndb", made["Packages.db"], want)
			for sample, order := range map[string]binary.AppendByteOrder{"Packages": binary.LittleEndian, "Packages.s390x": binary.BigEndian} {
				folder := filepath.Join(dir, sample)
				if err := os.Mkdir(folder, 0o777); err != nil {
					t.Fatal(err)
				}
				run(t, dump(blobs, order), load, "-t", "hash", filepath.Join(folder, "Packages"))
				if made[sample], err = os.ReadFile(filepath.Join(folder, "Packages")); err != nil {
					t.Fatal(err)
				}
				compare(t, "Berkeley DB "+order.String(), made[sample], asked(t, rpm, folder, "bdb_ro"))
				compare(t, "Berkeley DB "+order.String(), made[sample], want)
			}
			if *update && name == "acme" {
				for sample, b := range made {
					var z bytes.Buffer
					w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
					w.Write(b)
					w.Close()
					if err := os.WriteFile(filepath.Join("testdata", sample+".gz"), z.Bytes(), 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// manySpec makes 400 packages, so that there are trees with several levels and
// buckets with several pages, of headers that fill from one page to 20.
func manySpec() string {
	var s strings.Builder
	s.WriteString("Name: acme\nVersion: 1\nRelease: 1\nSummary: Made up\nLicense: none\nBuildArch: noarch\nAutoReqProv: no\n%description\nMade up.\n")
	for i := range 400 {
		fmt.Fprintf(&s, "%%package p%d\nVersion: 1.%d\nSummary: Made up\nProvides: perl(P%d) = %d.50\n%%description p%d\n%s\n%%files p%d\n",
			i, i, i, i, i, strings.Repeat("made up ", i*i/16), i)
	}
	return s.String()
}

func run(t *testing.T, stdin, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8", "SOURCE_DATE_EPOCH=1704067200")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, stderr.String())
	}
	return string(out)
}

// asked has rpm describe the packages as describe does.
func asked(t *testing.T, rpm, dir, backend string) string {
	t.Helper()
	out := run(t, "", rpm, "--dbpath", dir, "--define", "_db_backend "+backend, "-qa", "--qf",
		`=%{NAME} %{EVR} %{ARCH} from %{SOURCERPM} of %|VENDOR?{%{VENDOR}}|\n`+
			`[  file %{FILENAMES}\n][  provides %{PROVIDENAME} %{PROVIDEVERSION}\n][  change %{CHANGELOGTEXT}\n]`)
	var packages []string
	for text := range strings.SplitSeq(out, "=") {
		var s strings.Builder
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(line, "  file /"); ok {
				if strings.HasSuffix(rest, ".pm\n") {
					s.WriteString("  file " + rest)
				}
				continue
			}
			s.WriteString(line)
		}
		packages = append(packages, strings.ReplaceAll(s.String(), " \n", "\n"))
	}
	slices.Sort(packages)
	return strings.Join(packages, "")
}

func compare(t *testing.T, what string, b []byte, want string) {
	t.Helper()
	got, err := list(b)
	got = strings.ReplaceAll(got, " \n", "\n")
	if err != nil || got != want {
		t.Errorf("%s: %v; %d bytes are told and %d wanted", what, err, len(got), len(want))
		for g, w := range zip(got, want) {
			if g != w {
				t.Fatalf("%q, want %q", g, w)
			}
		}
	}
}

func zip(a, b string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
		for i := range min(len(as), len(bs)) {
			if !yield(as[i], bs[i]) {
				return
			}
		}
	}
}

// dump is what db_load reads: the counter and the headers, as RPM keys them.
func dump(blobs [][]byte, order binary.AppendByteOrder) string {
	var s strings.Builder
	lorder := 1234
	if order.String() == "BigEndian" {
		lorder = 4321
	}
	fmt.Fprintf(&s, "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\ndb_lorder=%d\nHEADER=END\n", lorder)
	fmt.Fprintf(&s, " %x\n %x\n", order.AppendUint32(nil, 0), order.AppendUint32(nil, uint32(len(blobs))))
	for i, b := range blobs {
		fmt.Fprintf(&s, " %x\n %x\n", order.AppendUint32(nil, uint32(i+1)), b)
	}
	s.WriteString("DATA=END\n")
	return s.String()
}

// ndb writes a database as RPM's ndb does: Debian's RPM cannot.
func ndb(blobs [][]byte) []byte {
	le := binary.LittleEndian
	pages := (len(blobs) + 2 + 255) / 256
	head := append([]byte("RpmP"), make([]byte, 28)...)
	le.PutUint32(head[8:], uint32(len(blobs)))
	le.PutUint32(head[12:], uint32(pages))
	le.PutUint32(head[16:], uint32(len(blobs)+1))
	slots, body := head, []byte(nil)
	for i, b := range blobs {
		first := pages*256 + len(body)/16
		blob := append([]byte("BlbS"), make([]byte, 12)...)
		le.PutUint32(blob[4:], uint32(i+1))
		le.PutUint32(blob[12:], uint32(len(b)))
		blob = append(blob, b...)
		blob = append(blob, make([]byte, (16-(len(blob)+12)%16)%16)...)
		blob = le.AppendUint32(blob, adler32.Checksum(blob))
		blob = le.AppendUint32(blob, uint32(len(b)))
		blob = append(blob, "BlbE"...)
		slots = append(slots, "Slot"...)
		for _, f := range []int{i + 1, first, len(blob) / 16} {
			slots = le.AppendUint32(slots, uint32(f))
		}
		body = append(body, blob...)
	}
	for len(slots) < pages*4096 {
		slots = append(slots, append([]byte("Slot"), make([]byte, 12)...)...)
	}
	return append(slots, body...)
}
