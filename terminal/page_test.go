package terminal

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 20, []string{"one two three"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"one  two", 5, []string{"one", "two"}},
		{"abcdefgh ij", 4, []string{"abcd", "efgh", "ij"}},
		{"真珠層 真珠", 5, []string{"真珠", "層", "真珠"}},
		{"  indented words", 10, []string{"  indented", "words"}},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, []string{"👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"}},
	} {
		var got []string
		for _, e := range wrap(c.text, c.width) {
			got = append(got, c.text[e.from:e.to])
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestPage(t *testing.T) {
	p := NewPage(40, false)
	p.Para(Span{Bold, "Plack 1.0047"}, Span{Dim, "  required directly, for building"})
	p.Item(Span{Dim, "found in"}, Span{Text: "cpanfile.snapshot:812 and three more places"})
	p.Blank()
	p.Blank()
	p.Line(Span{Text: "a line is never broken, however long it is\x1b[31m"})
	want := `Plack 1.0047  required directly, for
building
  found in  cpanfile.snapshot:812 and
            three more places

a line is never broken, however long it is\x1b[31m
`
	if got := p.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestColourOnlyWhereAsked(t *testing.T) {
	for color, want := range map[bool]string{true: "\x1b[1mx\x1b[0m y\n", false: "x y\n"} {
		p := NewPage(0, color)
		p.Para(Span{Bold, "x"}, Span{Text: " y"})
		if got := p.String(); got != want {
			t.Errorf("colour %v: %q, want %q", color, got, want)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain":       "plain",
		"a\nb\tc\rd":  `a\nb\tc\rd`,
		"\x1b[2J\x07": `\x1b[2J\x07`,
		"a\u202eb":    `a\u202eb`,
		"\xff":        `\xff`,
		"caf\u00e9":   "caf\u00e9",
		"a\u00a0b":    "a b",
		"\U000e0041":  `\U000e0041`,
		"\u009b31m":   `\u009b31m`,
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add("found in", "a b\x1b[31m", 40)
	f.Add("\u202e", "真珠層 👩‍👩‍👧‍👦", 0)
	f.Fuzz(func(t *testing.T, label, text string, width int) {
		p := NewPage(width, false)
		p.Para(Span{Text: text})
		p.Item(Span{Text: label}, Span{Text: text})
		for line := range strings.Lines(p.String()) {
			line = strings.TrimSuffix(line, "\n")
			if n := displaywidth.String(line); n > 80 {
				t.Errorf("a line of %d columns: %q", n, line)
			}
			if Visible(line) != line {
				t.Errorf("a line that acts on a terminal: %q", line)
			}
		}
	})
}
