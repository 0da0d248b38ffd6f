package rpmdb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/internal/rpmdb"
)

// The samples hold the two packages of testdata/acme.spec, as TestAgainstRPM
// makes them with -update.
const acme = `
perl-Acme-Demo 1:1.20-3.el9 noarch from perl-Acme-Demo-1.20-3.el9.src.rpm of Acme
  file usr/share/perl5/vendor_perl/Acme/Demo.pm
  file usr/share/perl5/vendor_perl/Acme/Demo/Bare.pm
  file usr/share/perl5/vendor_perl/Acme/Demo/Part.pm
  provides perl(Acme::Demo) 1.20
  provides perl(Acme::Demo::Bare)
  provides perl(Acme::Demo::Part) 1.2
  provides perl-Acme-Demo 1:1.20-3.el9
  change - Mend CVE-2099-0001
  change - Mend CVE-2099-0002 and CVE-2099-0003
perl-Acme-Extra 0:2.5-3.el9 noarch from perl-Acme-Demo-1.20-3.el9.src.rpm of Acme
  file usr/share/perl5/vendor_perl/Acme/Extra.pm
  provides perl-Acme-Extra 0:2.5-3.el9
  change - Mend CVE-2099-0001
  change - Mend CVE-2099-0002 and CVE-2099-0003
`

func TestSamples(t *testing.T) {
	for name, format := range map[string]rpmdb.Format{
		"rpmdb.sqlite":   rpmdb.SQLite,
		"Packages.db":    rpmdb.NDB,
		"Packages":       rpmdb.BDB,
		"Packages.s390x": rpmdb.BDB, // big-endian
	} {
		b := sample(t, name)
		if f := rpmdb.Detect(b); f != format {
			t.Errorf("%s: format %v, want %v", name, f, format)
		}
		if got, err := list(b); got != acme[1:] || err != nil {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// list describes the packages of a database, by name, as far as it can be read.
func list(b []byte) (string, error) {
	var packages []string
	for blob, err := range rpmdb.Headers(context.Background(), bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			return join(packages), err
		}
		h, err := rpmdb.Parse(blob)
		if err != nil {
			return join(packages), err
		}
		s, err := describe(h)
		packages = append(packages, s)
		if err != nil {
			return join(packages), err
		}
	}
	return join(packages), nil
}

func describe(h rpmdb.Header) (string, error) {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s %s from %s of %s\n", h.Text(rpmdb.Name), h.EVR(), h.Text(rpmdb.Arch), h.Text(rpmdb.SourceRPM), h.Text(rpmdb.Vendor))
	for file, err := range h.Files(".pm") {
		if err != nil {
			return s.String(), err
		}
		fmt.Fprintf(&s, "  file %s\n", file)
	}
	for name, version := range h.Provides() {
		fmt.Fprintln(&s, strings.TrimRight("  provides "+name+" "+version, " "))
	}
	for text := range h.Texts(rpmdb.ChangelogText) {
		fmt.Fprintf(&s, "  change %s\n", text)
	}
	return s.String(), nil
}

func join(packages []string) string {
	sorted := slices.Sorted(slices.Values(packages))
	return strings.Join(sorted, "")
}

// What is damaged or hostile is an error that says where.
func TestDamaged(t *testing.T) {
	be, le := binary.BigEndian, binary.LittleEndian
	for _, c := range []struct {
		name   string
		sample string
		damage func(b []byte) []byte
		want   string
	}{
		{"empty", "Packages", func(b []byte) []byte { return nil }, "ends at byte 0, before byte 16"},
		{"text", "Packages", func(b []byte) []byte { return []byte("a text that is longer than 16 bytes") }, "begins like none of SQLite, ndb and Berkeley DB"},

		{"cut", "rpmdb.sqlite", func(b []byte) []byte { return b[:8000] }, "has 1 pages, and page"},
		{"page size", "rpmdb.sqlite", func(b []byte) []byte { be.PutUint16(b[16:], 1000); return b }, "a SQLite page of 1000 bytes"},
		{"encoding", "rpmdb.sqlite", func(b []byte) []byte { be.PutUint32(b[56:], 2); return b }, "text encoding 2"},
		{"no table", "rpmdb.sqlite", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("Packages"), []byte("Backages")) }, "has no table Packages"},
		{"circle of the tree", "rpmdb.sqlite", func(b []byte) []byte {
			// The first page says that the tree's only child is the first page.
			copy(b[100:], []byte{5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
			return b
		}, "page 0 is pointed to twice"},
		{"circle of a row", "rpmdb.sqlite", func(b []byte) []byte {
			p := overflowing(b)
			be.PutUint32(b[p:], uint32(p/4096)+1)
			return b
		}, "is pointed to twice"},
		{"leaves the file", "rpmdb.sqlite", func(b []byte) []byte {
			be.PutUint32(b[overflowing(b):], 1e6)
			return b
		}, "page 999999 is pointed to"},
		{"no such page", "rpmdb.sqlite", func(b []byte) []byte {
			be.PutUint32(b[overflowing(b):], 0)
			return b
		}, "page 0 is pointed to, and SQLite has none"},

		{"version", "Packages.db", func(b []byte) []byte { b[4] = 9; return b }, "version 9 of ndb"},
		{"cut", "Packages.db", func(b []byte) []byte { return b[:len(b)-16] }, "outside of the file's"},
		{"pages", "Packages.db", func(b []byte) []byte { le.PutUint32(b[12:], 1<<30); return b }, "outside of the file's"},
		{"slot", "Packages.db", func(b []byte) []byte { b[4000] = 'X'; return b }, "a slot without its mark"},
		{"blob", "Packages.db", func(b []byte) []byte { b[4096] = 'X'; return b }, "is not header 1"},
		{"overlap", "Packages.db", func(b []byte) []byte {
			for at := 48; at < 4096; at += 16 { // the first header in every slot
				copy(b[at:at+16], b[32:48])
			}
			return b
		}, "its headers have more bytes than it has"},

		{"cut", "Packages", func(b []byte) []byte { return b[:len(b)-16] }, "has 6 pages, and page 6"},
		{"page size", "Packages", func(b []byte) []byte { le.PutUint32(b[20:], 100); return b }, "a Berkeley DB page of 100 bytes"},
		{"version", "Packages", func(b []byte) []byte { b[16] = 5; return b }, "version 5 of Berkeley DB's hash"},
		{"encrypted", "Packages", func(b []byte) []byte { b[24] = 1; return b }, "encrypted or with checksums"},
		{"tree", "Packages", func(b []byte) []byte { le.PutUint32(b[12:], 0x053162); return b }, "a b-tree of Berkeley DB"},
		{"circle", "Packages", func(b []byte) []byte {
			p := bdbOverflowPage(b)
			le.PutUint32(b[p+16:], uint32(p/4096))
			return b
		}, "is pointed to twice"},
		{"chain ends", "Packages", func(b []byte) []byte {
			le.PutUint32(b[bdbOverflowPage(b)+16:], 0)
			return b
		}, "page 0 is no part of a header"},
		{"items", "Packages", func(b []byte) []byte {
			le.PutUint16(b[bdbHashPage(b)+20:], 60000)
			return b
		}, "more items (60000) than room"},
		{"item", "Packages", func(b []byte) []byte {
			le.PutUint16(b[bdbHashPage(b)+26:], 3)
			return b
		}, "an item at 3"},
	} {
		b := c.damage(sample(t, c.sample))
		_, err := list(b)
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s of %s: %v, want an error with %q", c.name, c.sample, err, c.want)
		}
	}
}

// overflowing gives the first overflow page of the sample's first row, which
// fills three pages.
func overflowing(b []byte) int {
	for p := 4096; p < len(b); p += 4096 {
		next := binary.BigEndian.Uint32(b[p:])
		if bytes.Contains(b[p:p+4096], []byte("1000 1001 ")) && next > 0 && int(next) <= len(b)/4096 {
			return p
		}
	}
	panic("the sample has no overflow page")
}

func bdbOverflowPage(b []byte) int { return bdbPage(b, 7) }
func bdbHashPage(b []byte) int     { return bdbPage(b, 13) }

func bdbPage(b []byte, kind byte) int {
	for p := 4096; p < len(b); p += 4096 {
		if b[p+25] == kind && binary.LittleEndian.Uint16(b[p+20:]) > 0 {
			return p
		}
	}
	panic("the sample has no such page")
}

func TestHeaderDamaged(t *testing.T) {
	entry := func(fields ...uint32) (b []byte) {
		for _, f := range fields {
			b = binary.BigEndian.AppendUint32(b, f)
		}
		return b
	}
	for want, b := range map[string][]byte{
		"7 bytes are none":           make([]byte, 7),
		"more than 65535 entries":    entry(65536, 0),
		"too few for 1 entries":      entry(1, 0),
		"too few for 0 entries":      entry(0, 1),
		"tag 1000 lies behind":       append(entry(1, 0), entry(1000, 6, 1, 1)...),
		"more than 16 times its byt": paths(),
	} {
		h, err := rpmdb.Parse(b)
		if err == nil {
			_, err = describe(h)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
}

// paths is a header with 50,000 files in one folder whose name has 50,000 bytes.
func paths() []byte {
	const n = 50_000
	data := bytes.Repeat([]byte("a.pm\x00"), n)
	folder := len(data)
	data = append(data, bytes.Repeat([]byte("x"), n)...)
	data = append(data, 0)
	indexes := len(data)
	data = append(data, make([]byte, 4*n)...)
	var b []byte
	for _, f := range []int{
		3, len(data),
		1117, 8, 0, n,
		1118, 8, folder, 1,
		1116, 4, indexes, n,
	} {
		b = binary.BigEndian.AppendUint32(b, uint32(f))
	}
	return append(b, data...)
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b := sample(t, "rpmdb.sqlite")
	n := 0
	for _, err := range rpmdb.Headers(ctx, bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			if !errors.Is(err, context.Canceled) || n != 1 {
				t.Errorf("after %d headers: %v", n, err)
			}
			return
		}
		n++
		cancel()
	}
	t.Error("a canceled reading ended without an error")
}

func TestStopped(t *testing.T) {
	b := sample(t, "Packages")
	for _, err := range rpmdb.Headers(context.Background(), bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
