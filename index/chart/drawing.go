package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
)

// drawing is an SVG in the making.
type drawing struct{ b strings.Builder }

// open begins a drawing as wide as its place, with what says it in words.
func (d *drawing) open(id, class string, height int, title, text string) {
	id = html.EscapeString(id)
	d.add(`<svg class="chart `, class, `" role="img" width="100%" height="`, strconv.Itoa(height), `" aria-labelledby="`, id, `-title `, id, `-text">`)
	d.add(`<title id="`, id, `-title">`, html.EscapeString(title), `</title><desc id="`, id, `-text">`, html.EscapeString(text), `</desc>`)
	d.add("\n")
}

// close ends the drawing and gives it.
func (d *drawing) close() string {
	d.add("</svg>")
	return d.b.String()
}

// add writes pieces that are markup already.
func (d *drawing) add(pieces ...string) {
	for _, p := range pieces {
		d.b.WriteString(p)
	}
}

// rect draws a rectangle; x and width are percentages.
func (d *drawing) rect(class, x, width string, y, height int) {
	d.add(`<rect class="`, class, `" x="`, x, `" width="`, width, `" y="`, strconv.Itoa(y), `" height="`, strconv.Itoa(height), `"/>`, "\n")
}

// text writes a text; nothing where there is none.
func (d *drawing) text(class, x string, y int, anchor, text string) {
	if text == "" {
		return
	}
	d.add(`<text`)
	if class != "" {
		d.add(` class="`, class, `"`)
	}
	d.add(` x="`, x, `" y="`, strconv.Itoa(y), `"`)
	if anchor != "" && anchor != "start" {
		d.add(` text-anchor="`, anchor, `"`)
	}
	d.add(`>`, html.EscapeString(text), "</text>\n")
}

// place is i of n as a percentage, to a millionth of the width.
func place(i, n int) string {
	return strconv.FormatFloat(math.Round(float64(i)*1e6/float64(n))/1e4, 'f', -1, 64) + "%"
}
