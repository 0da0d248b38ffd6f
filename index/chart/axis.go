package chart

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the state of a span of releases, and the class that it is drawn with.
type Kind string

// The kinds of spans. Each has a shape of its own, too: full height, a notched
// bar, half height.
const (
	Affected      Kind = "affected"
	Contradictory Kind = "contradictory"
	Unknown       Kind = "unknown"
)

// Axis is a version axis: the releases of a distribution from left to right, each
// as wide as every other, and below each other what each advisory says of them.
type Axis struct {
	// ID begins the ids of the drawing's elements; it is unique in the page.
	ID string
	// Title and Text say what is shown, for whoever cannot see it.
	Title, Text string
	// Points are the releases in order.
	Points []Point
	// Latest is the index of the latest release, -1 where none is known.
	Latest int
	Rows   []Row
}

// Point is a release on an axis.
type Point struct {
	Version string
	Year    int // 0 is unknown
}

// Row is one advisory on an axis.
type Row struct {
	Name, Note string
	Spans      []Span
	// Fixes are the indexes of the releases that are the first mended ones, of each
	// branch; none where none is known.
	Fixes []int
}

// Span is a run of releases in one state, From and To included.
type Span struct {
	From, To int
	Kind     Kind
}

// Spans joins neighbours of a kind. "" is a release that is in no span.
func Spans(n int, kind func(i int) Kind) []Span {
	var all []Span
	for i := range n {
		k := kind(i)
		if last := len(all) - 1; last >= 0 && all[last].To == i-1 && all[last].Kind == k {
			all[last].To = i
		} else if k != "" {
			all = append(all, Span{From: i, To: i, Kind: k})
		}
	}
	return all
}

// The measures of an axis, in pixels.
const (
	axisHead   = 22 // above the rows, for the name of the latest release
	rowHeight  = 42
	rowText    = 14 // from the top of a row to the foot of its text
	rowTrack   = 21 // from the top of a row to its track
	trackTall  = 11
	axisFoot   = 40 // below the rows, for the versions and years
	mostTicks  = 80 // releases that have a tick each; more would be a grey bar
	mostColumn = 44 // characters of a row's name and note that fit on a phone
)

// SVG draws the axis; nothing where there are no releases.
func (a *Axis) SVG() string {
	n := len(a.Points)
	if n == 0 {
		return ""
	}
	bottom := axisHead + len(a.Rows)*rowHeight
	var d drawing
	d.open(a.ID, "axis", bottom+axisFoot, a.Title, a.Text)
	if a.Latest >= 0 {
		x, latest := place(2*a.Latest+1, 2*n), "latest: "+cut(a.Points[a.Latest].Version, 16)
		d.add(`<line class="latest" x1="`, x, `" x2="`, x, `" y1="18" y2="`, strconv.Itoa(bottom+4), `"/>`)
		d.text("latest-name tick", x, 12, anchor(a.Latest, n, latest), latest)
	}
	for i := range a.Rows {
		a.row(&d, &a.Rows[i], axisHead+i*rowHeight)
	}
	a.scale(&d, bottom)
	return d.close()
}

// row draws one advisory: its name, its track, its spans, and where it is mended.
func (a *Axis) row(d *drawing, r *Row, top int) {
	n := len(a.Points)
	name, note := cut(r.Name, mostColumn), cut(r.Note, mostColumn)
	class := "quiet tick"
	if utf8.RuneCountInString(name+note) > mostColumn {
		class += " wide"
	}
	d.add(`<text x="0" y="`, strconv.Itoa(top+rowText), `"><tspan class="name">`, html.EscapeString(name), `</tspan><tspan class="`, class, `" dx="10">`, html.EscapeString(note), "</tspan></text>\n")
	d.rect("track", "0", "100%", top+rowTrack, trackTall)
	for _, s := range r.Spans {
		y, tall := top+rowTrack, trackTall
		switch s.Kind {
		case Contradictory:
			y, tall = y+2, tall-4
		case Unknown:
			y, tall = y+4, tall-8
		}
		d.rect(string(s.Kind), place(s.From, n), place(s.To+1-s.From, n), y, tall)
	}
	for _, i := range r.Fixes {
		d.add(`<circle class="fix" cx="`, place(2*i+1, 2*n), `" cy="`, strconv.Itoa(top+rowTrack+trackTall/2), `" r="5.5"/>`)
	}
}

// scale draws the line of the releases with some of their versions.
func (a *Axis) scale(d *drawing, y int) {
	n := len(a.Points)
	d.add(`<line class="rule" x1="0" x2="100%" y1="`, strconv.Itoa(y), `" y2="`, strconv.Itoa(y), `"/>`)
	if n <= mostTicks {
		for i := range n {
			x := place(2*i+1, 2*n)
			d.add(`<line class="rule" x1="`, x, `" x2="`, x, `" y1="`, strconv.Itoa(y), `" y2="`, strconv.Itoa(y+5), `"/>`)
		}
	}
	before := -1
	for step := range 7 { // sixths; a narrow place shows thirds
		i := (n - 1) * step / 6
		if i == before {
			continue
		}
		before = i
		class := "tick mono"
		if step%2 == 1 || n > 1 && n < 4 && i != 0 && i != n-1 {
			class += " wide"
		}
		x, version := place(2*i+1, 2*n), cut(a.Points[i].Version, 12)
		side := anchor(i, n, version)
		d.text(class, x, y+18, side, version)
		if year := a.Points[i].Year; year != 0 {
			d.text(class, x, y+34, side, strconv.Itoa(year))
		}
	}
}

// anchor says which end of a text stands at a release, so that the text does not
// leave the drawing of a phone: a character takes some 2.4 percent of that.
func anchor(i, n int, text string) string {
	at, half := (2*i+1)*500/n, utf8.RuneCountInString(text)*12 // per mille
	switch {
	case at < half:
		return "start"
	case at > 1000-half:
		return "end"
	}
	return "middle"
}

// cut shortens a text to n characters, the last one being an ellipsis.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), " ") + "…"
	}
	return s
}
