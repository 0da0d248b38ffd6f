package terminal

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	cells := func(texts ...string) (row []Span) {
		for _, s := range texts {
			row = append(row, Span{Text: s})
		}
		return row
	}
	p := NewPage(40, false)
	p.Table(cells("NAME", "VERSION", "NOTE"), cells("Foo-Bar", "1.20", ""), cells("真珠", "", "a note that is far too long for this line"), cells("x"))
	want := `NAME     VERSION  NOTE
Foo-Bar  1.20
真珠              a note that is far ...
x
`
	if p.String() != want {
		t.Errorf("got\n%swant\n%s", p.String(), want)
	}
	for _, width := range []int{40, 57, 80} {
		p := NewPage(width, false)
		var row []Span
		for range 8 {
			row = append(row, Span{Text: strings.Repeat("wide", 9)})
		}
		p.Table(row, row)
		for line := range strings.Lines(p.String()) {
			if n := Columns(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns of %d: %s", n, width, line)
			}
		}
	}
}

func TestClip(t *testing.T) {
	p := NewPage(40, true)
	p.Clip(Span{Text: strings.Repeat("a", 30)}, Span{Bold, strings.Repeat("b\x1b", 30)}, Span{Text: "never"})
	if want := strings.Repeat("a", 30) + "\x1b[1mb\\x1bb\\...\x1b[0m\n"; p.String() != want {
		t.Errorf("got %q, want %q", p.String(), want)
	}
}

func TestClipAtTheEdge(t *testing.T) {
	for taken := 36; taken <= 40; taken++ {
		p := NewPage(40, false)
		p.Clip(Span{Text: strings.Repeat("a", taken)}, Span{Text: "bbbbb"}, Span{Text: "c"})
		if n := Columns(strings.TrimSuffix(p.String(), "\n")); n > 40 {
			t.Errorf("%d columns: %s", n, p.String())
		}
	}
}
