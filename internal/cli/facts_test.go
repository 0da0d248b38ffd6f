package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// manyModules is a folder of n modules and one file that is no Perl.
func manyModules(n int) *sourceFiles {
	fsys := fstest.MapFS{"lib/notes.txt": {Data: []byte("use Nothing;")}}
	for i := range n {
		fsys[fmt.Sprintf("lib/M%03d.pm", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf("package M%03d 1.%d;\nuse Foo;\n", i, i))}
	}
	return &sourceFiles{name: "x", fsys: fsys}
}

// TestFactsOrder has the same lines in the same order, whatever -j is.
func TestFactsOrder(t *testing.T) {
	var first string
	for _, jobs := range []int{1, 2, 8, 1000} {
		var all strings.Builder
		e := json.NewEncoder(&all)
		if err := readFacts(t.Context(), manyModules(200), jobs, func(l factsLine) error { return e.Encode(l) }); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = all.String()
		}
		if n := strings.Count(first, "\n"); n != 200 || all.String() != first {
			t.Errorf("-j %d: %d files, or other lines", jobs, n)
		}
	}
}

// TestFactsStops has an interrupt, and a failing output, end the walk.
func TestFactsStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	err := readFacts(ctx, manyModules(500), 4, func(factsLine) error {
		if n++; n == 10 {
			stop()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n != 10 {
		t.Errorf("interrupted after 10: %d lines, %v", n, err)
	}
	full := errors.New("disk full")
	if err := readFacts(t.Context(), manyModules(500), 4, func(factsLine) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

// TestFactsBadName has a file listed that io/fs cannot open.
func TestFactsBadName(t *testing.T) {
	s := &sourceFiles{name: "x", fsys: fstest.MapFS{"bad\xff.pl": {Data: []byte("use Foo;")}}}
	var got []factsLine
	if err := readFacts(t.Context(), s, 1, func(l factsLine) error { got = append(got, l); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Notice == nil || got[0].Notice.Text != "its name is not UTF-8" || !got[0].Notice.Partial {
		t.Errorf("got %+v", got)
	}
}
