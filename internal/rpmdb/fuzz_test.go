package rpmdb_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"nacre/internal/rpmdb"
)

// The seeds are small, because a fuzzer changes them byte by byte.

func FuzzSQLite(f *testing.F) { fuzz(f, smallSQLite()) }
func FuzzNDB(f *testing.F)    { fuzz(f, ndb([][]byte{smallHeader(), smallHeader()})) }
func FuzzBDB(f *testing.F)    { fuzz(f, smallBDB()) }

// fuzz reads damaged databases: nothing panics, and what is given is no more
// than what is there.
func fuzz(f *testing.F, seed []byte) {
	if got, err := list(seed); err != nil || got == "" {
		f.Fatalf("the seed: %q, %v", got, err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		total := 0
		for blob, err := range rpmdb.Headers(context.Background(), bytes.NewReader(b), int64(len(b))) {
			if total += len(blob); total > len(b) {
				t.Fatalf("%d bytes of headers from %d", total, len(b))
			}
			if err == nil {
				read(t, blob)
			}
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add(smallHeader())
	f.Fuzz(func(t *testing.T, b []byte) { read(t, b) })
}

// read reads all of a header: no more than a few times its bytes.
func read(t *testing.T, b []byte) {
	h, err := rpmdb.Parse(b)
	if err != nil {
		return
	}
	s, _ := describe(h)
	if len(s) > 1<<20+64*len(b) {
		t.Fatalf("%d bytes are told of a header of %d", len(s), len(b))
	}
}

// smallHeader is a package with one file, that provides one module.
func smallHeader() []byte {
	data := []byte("\x00\x00\x00\x00acme\x001.2\x00/lib/\x00a.pm\x00perl(a)\x00")
	var b []byte
	for _, f := range []int{
		8, len(data),
		1000, 6, 4, 1,
		1001, 6, 9, 1,
		1002, 6, 9, 1,
		1047, 8, 24, 1,
		1113, 8, 9, 1,
		1116, 4, 0, 1,
		1117, 8, 19, 1,
		1118, 8, 13, 1,
	} {
		b = binary.BigEndian.AppendUint32(b, uint32(f))
	}
	return append(b, data...)
}

// smallSQLite has pages of 512 bytes: the schema; a tree's root, with one leaf;
// the leaf, with one row; and the row's overflow.
func smallSQLite() []byte {
	be := binary.BigEndian
	b := make([]byte, 4*512)
	copy(b, "SQLite format 3\x00\x02\x00")
	cell := func(page, begin, at int, content []byte) {
		b[begin] = 0x0d
		be.PutUint16(b[begin+3:], 1)
		be.PutUint16(b[begin+8:], uint16(at))
		copy(b[page+at:], content)
	}
	schema := "\x05\x17\x1d\x00\x01tablePackages\x02"
	cell(0, 100, 400, append([]byte{byte(len(schema)), 1}, schema...))
	b[512] = 0x05 // no cells but the right-most child, page 3
	b[512+11] = 3
	header := append(smallHeader(), make([]byte, 600)...)
	kind := 12 + 2*len(header)
	row := append([]byte{4, 0, byte(kind>>7) | 0x80, byte(kind & 0x7f)}, header...)
	local := 39 + (len(row)-39)%508 // usable size 512: at least 39 bytes stay, and whole pages of 508 go
	content := append([]byte{byte(len(row)>>7) | 0x80, byte(len(row) & 0x7f), 1}, row[:local]...)
	cell(1024, 1024, 512-len(content)-4, be.AppendUint32(content, 4))
	copy(b[1536+4:], row[local:])
	return b
}

// smallBDB has pages of 512 bytes: the description; a bucket with the counter
// and two headers; and the second's overflow page.
func smallBDB() []byte {
	le := binary.LittleEndian
	b := make([]byte, 3*512)
	le.PutUint32(b[12:], 0x061561)
	le.PutUint32(b[16:], 9)
	le.PutUint32(b[20:], 512)
	le.PutUint32(b[32:], 2)
	header := smallHeader()
	items := [][]byte{
		{1, 0, 0, 0, 0},
		{1, 2, 0, 0, 0},
		{1, 1, 0, 0, 0},
		append([]byte{1}, header...),
		{1, 2, 0, 0, 0},
		{3, 0, 0, 0, 2, 0, 0, 0, byte(len(header)), 0, 0, 0},
	}
	bucket, at := b[512:1024], 512
	bucket[25] = 13
	le.PutUint16(bucket[20:], uint16(len(items)))
	for i, item := range items {
		at -= len(item)
		copy(bucket[at:], item)
		le.PutUint16(bucket[26+2*i:], uint16(at))
	}
	le.PutUint16(b[1024+22:], uint16(len(header)))
	b[1024+25] = 7
	copy(b[1024+26:], header)
	return b
}
