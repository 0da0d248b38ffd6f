package audit

import (
	"strings"
	"testing"

	"nacre/perlsrc"
)

// TestCode shows the code of a finding about a call of bad, and where in it the
// call begins, by the line that the finding names.
func TestCode(t *testing.T) {
	for _, c := range []struct {
		name, src string
		line      int
		want      string
		column    int
	}{
		{"one line", "1;\n\tprint bad(1);\n", 2, "print bad(1);", 7},
		{"over lines", "bad(1,\n\n  # why\n  2);\nfoo();\n", 1, "bad(1, 2);", 1},
		{"a line before it", "my $x =\n  bad(1,\n  2);\n", 1, "my $x = bad(1, 2);", 0},
		{"a line behind its first", "bad(1,\n  2);\n", 2, "2);", 0},
		{"no such line", "bad(1);\n", 9, "", 0},
		{"far away", "bad(1," + strings.Repeat("\n", 50) + "2);\n", 1, "bad(1,", 1},
	} {
		f := NewFile("lib/Foo.pm", Library, []byte(c.src))
		node := perlsrc.NodeID(0)
		for n := range f.Calls("bad") {
			node = n
		}
		if text, column := f.code(c.line, node); text != c.want || column != c.column {
			t.Errorf("%s: %q at %d, want %q at %d", c.name, text, column, c.want, c.column)
		}
	}
}
