package output

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The rules of the text for people.
//
//   - No line is wider than 80 columns, or than the terminal where that is
//     narrower.
//   - What belongs to a heading is indented by two, with a label in a column
//     of its own and the text in another, so that the eye runs down one edge.
//   - Colour adds nothing that the words do not say, and little of it is used:
//     red and yellow for what is severe, green for what to add, bold for what
//     one searches for, dim for what one rarely reads.
//   - All text from outside is made visible before it is laid out.

// style is what Select Graphic Rendition is told (ECMA-48, 8.3.117); nothing is
// plain text. The five codes that are needed are written here: the library
// that would know them costs every start of the program 1.2 ms.
type style string

const (
	plain   style = ""
	bold    style = "1"
	dim     style = "2"
	red     style = "31"
	green   style = "32"
	yellow  style = "33"
	boldRed style = "1;31"
)

const (
	maxWidth = 80
	minWidth = 40
	indent   = 2  // of labels
	margin   = 12 // of what a label belongs to
)

// page is a text in the making.
type page struct {
	b     strings.Builder
	width int
	color bool
	// project begins every path.
	project string
}

func newPage(o Options) *page {
	width := maxWidth
	if o.Width > 0 {
		width = min(max(o.Width, minWidth), maxWidth)
	}
	return &page{width: width, color: o.Color}
}

// span is a text in a style.
type span struct {
	style style
	text  string
}

// blank ends a paragraph; several at once are one.
func (p *page) blank() {
	if s := p.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.b.WriteByte('\n')
	}
}

// para writes spans, one after the other, at the left edge.
func (p *page) para(spans ...span) { p.write(0, span{}, spans) }

// item writes spans at the margin, led by a label.
func (p *page) item(label span, spans ...span) { p.write(margin, label, spans) }

// write lays spans out from a column on, with a label before the first line.
func (p *page) write(column int, label span, spans []span) {
	var all strings.Builder
	for i := range spans {
		spans[i].text = visible(spans[i].text)
		all.WriteString(spans[i].text)
	}
	lead := 0
	if label.text != "" {
		p.pad(indent)
		label.text = cut(label.text, column-indent-1)
		p.put(label)
		lead = indent + displaywidth.String(label.text)
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
func (p *page) slice(spans []span, part extent) {
	at := 0
	for _, s := range spans {
		from, to := max(part.from-at, 0), min(part.to-at, len(s.text))
		if from < to {
			p.put(span{s.style, s.text[from:to]})
		}
		at += len(s.text)
	}
}

func (p *page) pad(n int) {
	for range n {
		p.b.WriteByte(' ')
	}
}

func (p *page) put(s span) {
	if p.color && s.style != plain && s.text != "" {
		p.b.WriteString("\x1b[" + string(s.style) + "m" + s.text + "\x1b[0m")
		return
	}
	p.b.WriteString(s.text)
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
