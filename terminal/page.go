// Package terminal lays out text for people, and makes text from outside safe to
// show to them.
//
//	p := terminal.NewPage(80, true)
//	p.Para(terminal.Span{terminal.Bold, "Plack 1.0047"})
//	p.Item(terminal.Span{terminal.Dim, "found in"}, terminal.Span{Text: "cpanfile.snapshot:812"})
//	io.WriteString(w, p.String())
//
// The rules:
//
//   - No line is wider than 80 columns, or than the terminal where that is
//     narrower.
//   - What belongs to a heading is indented by two, with a label in a column
//     of its own and the text in another, so that the eye runs down one edge.
//   - Colour adds nothing that the words do not say, and little of it is used:
//     red and yellow for what is severe, green for what to add, bold for what
//     one searches for, dim for what one rarely reads.
//   - All text is made visible before it is laid out: no control character,
//     escape sequence or text direction mark reaches the terminal.
package terminal

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Style is what Select Graphic Rendition is told (ECMA-48, 8.3.117); nothing is
// plain text. The five codes that are needed are written here: the library
// that would know them costs every start of the program 1.2 ms.
type Style string

// The styles in use.
const (
	Plain   Style = ""
	Bold    Style = "1"
	Dim     Style = "2"
	Red     Style = "31"
	Green   Style = "32"
	Yellow  Style = "33"
	BoldRed Style = "1;31"
)

const (
	maxWidth = 80
	minWidth = 40
	indent   = 2  // of labels
	margin   = 12 // of what a label belongs to
)

// Page is a text in the making.
type Page struct {
	b     strings.Builder
	width int
	color bool
}

// NewPage starts a text for a terminal of a width in columns, 0 if that is
// unknown; the text is never wider than 80, nor narrower than 40.
func NewPage(width int, color bool) *Page {
	if width <= 0 {
		width = maxWidth
	}
	return &Page{width: min(max(width, minWidth), maxWidth), color: color}
}

// String is the text so far.
func (p *Page) String() string { return p.b.String() }

// Room is how many columns an item's text has.
func (p *Page) Room() int { return p.width - margin }

// Span is a text in a style.
type Span struct {
	Style Style
	Text  string
}

// Blank ends a paragraph; several at once are one.
func (p *Page) Blank() {
	if s := p.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.b.WriteByte('\n')
	}
}

// Para writes spans, one after the other, at the left edge.
func (p *Page) Para(spans ...Span) { p.write(0, Span{}, spans) }

// Item writes spans at the margin, led by a label.
func (p *Page) Item(label Span, spans ...Span) { p.write(margin, label, spans) }

// At writes spans as a paragraph that is indented to a column.
func (p *Page) At(column int, spans ...Span) { p.write(column, Span{}, spans) }

// Line writes spans as one line, however long; none is an empty line.
func (p *Page) Line(spans ...Span) {
	for _, s := range spans {
		p.put(Span{s.Style, Visible(s.Text)})
	}
	p.b.WriteByte('\n')
}

// write lays spans out from a column on, with a label before the first line.
func (p *Page) write(column int, label Span, spans []Span) {
	var all strings.Builder
	for i := range spans {
		spans[i].Text = Visible(spans[i].Text)
		all.WriteString(spans[i].Text)
	}
	lead := 0
	if label.Text = Visible(label.Text); label.Text != "" {
		p.pad(indent)
		label.Text = Cut(label.Text, column-indent-1)
		p.put(label)
		lead = indent + displaywidth.String(label.Text)
	}
	for i, line := range wrap(all.String(), p.width-column) {
		if i > 0 {
			p.b.WriteByte('\n')
			lead = 0
		}
		if line.from < line.to {
			p.pad(column - lead)
			p.slice(spans, line)
		}
	}
	p.b.WriteByte('\n')
}

// slice writes a part of what spans say together.
func (p *Page) slice(spans []Span, part extent) {
	at := 0
	for _, s := range spans {
		from, to := max(part.from-at, 0), min(part.to-at, len(s.Text))
		if from < to {
			p.put(Span{s.Style, s.Text[from:to]})
		}
		at += len(s.Text)
	}
}

func (p *Page) pad(n int) {
	for range n {
		p.b.WriteByte(' ')
	}
}

func (p *Page) put(s Span) {
	if p.color && s.Style != Plain && s.Text != "" {
		p.b.WriteString("\x1b[" + string(s.Style) + "m" + s.Text + "\x1b[0m")
		return
	}
	p.b.WriteString(s.Text)
}

// extent is a part of a text, in bytes.
type extent struct{ from, to int }

// wrap breaks a text into lines of at most width columns, between words where
// it can and within a word where that alone is too wide. Runs of blanks within a
// line stay; those at a break belong to no line.
func wrap(s string, width int) []extent {
	var lines []extent
	s = strings.TrimRight(s, " ")
	for from := 0; ; {
		rest := s[from:]
		fits := displaywidth.TruncateString(rest, width, "")
		if len(fits) == len(rest) {
			return append(lines, extent{from, len(s)})
		}
		if fits == "" { // one character that is wider than a line
			fits = rest[:firstCluster(rest)]
		}
		n := len(fits)
		if rest[n] != ' ' {
			if space := strings.LastIndexByte(fits, ' '); space > 0 && strings.TrimSpace(fits[:space]) != "" {
				n = space
			}
		}
		lines = append(lines, extent{from, from + len(strings.TrimRight(rest[:n], " "))})
		from += n + len(rest[n:]) - len(strings.TrimLeft(rest[n:], " "))
	}
}

// firstCluster is the length of the first user-perceived character in bytes.
func firstCluster(s string) int {
	g := displaywidth.StringGraphemes(s)
	g.Next()
	return len(g.Value())
}
