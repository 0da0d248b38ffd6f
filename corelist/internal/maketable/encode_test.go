package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// The table in the tree is what this program makes of its source.
func TestTableIsCurrent(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("..", "..", "table.bin"))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "table.bin")
	if err := run(filepath.Join(testkit.Data(t), "corelist", "corelist.json"), out); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the table in the tree has %d bytes, a new one %d, and they differ: run go generate ./corelist", len(want), len(got))
	}
}

func TestEncodeRefuses(t *testing.T) {
	const one = `{"perl":"5.000","released":"1994-10-17","set":{"A":"1"}}`
	for _, c := range []struct{ name, src, err string }{
		{"an unknown key", `{"perl":[]}`, "unknown field"},
		{"a perl that is no version", `{"perls":[{"perl":"five","released":"1994-10-17"}]}`, "perl five: "},
		{"no date", `{"perls":[{"perl":"5","released":"soon"}]}`, "perl 5: parsing time"},
		{"a version with a line feed", `{"perls":[{"perl":"5","released":"1994-10-17","set":{"A":"1\n2"}}]}`, "cannot hold"},
		{"a version like a removal", `{"perls":[{"perl":"5","released":"1994-10-17","set":{"A":"-"}}]}`, "cannot hold"},
		{"an empty version", `{"perls":[{"perl":"5","released":"1994-10-17","set":{"A":""}}]}`, "cannot hold"},
		{"removed before it came", `{"perls":[{"perl":"5","released":"1994-10-17","removed":["A"]}]}`, "removes A, which is not there"},
		{"set and removed", `{"perls":[` + one + `,{"perl":"5.001","released":"1994-10-17","set":{"A":"2"},"removed":["A"]}]}`, "both sets and removes"},
		{"another upstream", `{"perls":[` + one + `],"upstream":{"A":"elsewhere"}}`, `the upstream "elsewhere"`},
		{"an upstream of nothing", `{"perls":[` + one + `],"upstream":{"B":"cpan"}}`, "no perl ships it"},
		{"deprecated by no perl", `{"perls":[` + one + `],"deprecated":{"5.002":["A"]}}`, "no perl of the list"},
	} {
		if _, err := encode([]byte(c.src)); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error = %v, want one with %q", c.name, err, c.err)
		}
	}
}
