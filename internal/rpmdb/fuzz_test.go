package rpmdb_test

import (
	"bytes"
	"context"
	"testing"

	"nacre/internal/rpmdb"
)

func FuzzSQLite(f *testing.F) { fuzz(f, "rpmdb.sqlite") }
func FuzzNDB(f *testing.F)    { fuzz(f, "Packages.db") }
func FuzzBDB(f *testing.F)    { fuzz(f, "Packages", "Packages.s390x") }

// fuzz reads damaged databases: nothing panics, and what is given is no more
// than what is there.
func fuzz(f *testing.F, samples ...string) {
	for _, s := range samples {
		f.Add(sample(f, s))
	}
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
	b := sample(f, "rpmdb.sqlite")
	for blob, err := range rpmdb.Headers(context.Background(), bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Clone(blob))
	}
	f.Add(paths())
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
