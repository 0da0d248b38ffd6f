package chart

import (
	"fmt"
	"html"
)

// Counts are numbers of things, in groups and each group in parts: advisories by
// year, and in each year by severity. Columns and Rows draw the same.
type Counts struct {
	// ID begins the ids inside the drawing; it is unique in the page.
	ID string
	// Title and Text say what it shows, for whoever does not see it.
	Title, Text string
	// Parts are those of each group, from the axis outwards.
	Parts []Part
	// Whole is what the longest of Rows may stand for; the greatest sum where it is
	// less than that.
	Whole int
	// Groups are in order.
	Groups []Group
}

// Part is a part of each group: its class, by which the page's style colours it,
// and its name, which follows a number, "high".
type Part struct{ Class, Name string }

// Group is one column or row.
type Group struct {
	Label string
	// Values are those of the parts, as many as Counts.Parts; a negative one counts
	// as none.
	Values []int
}

// Sum is that of a group's parts.
func (g Group) Sum() int {
	sum := 0
	for _, v := range g.Values {
		sum += max(v, 0)
	}
	return sum
}

// most is the largest sum of a group.
func (c Counts) most() int {
	most := 0
	for _, g := range c.Groups {
		most = max(most, g.Sum())
	}
	return most
}

// open begins the drawing.
func (c Counts) open(class string, height int) *drawing {
	d := new(drawing)
	d.open(c.ID, class, height, c.Title, c.Text)
	return d
}

// part draws one part of a group, which says what it is to whoever points at it.
func (d *drawing) part(p Part, x, width string, y, height float64, label string, value int) {
	d.add(fmt.Sprintf(`<rect class="%s" x="%s" width="%s" y="%.1f" height="%.1f"><title>%s: %d %s</title></rect>`,
		html.EscapeString(p.Class), x, width, y, height, html.EscapeString(label), value, html.EscapeString(p.Name)), "\n")
}

// share is a part of the width as a percentage.
func share(f float64) string { return place(int(f*1e6+.5), 1e6) }

// step is the distance of an axis' lines, of which it has six at most: 1, 2 or 5
// and noughts.
func step(most int) int {
	for s := 1; ; s *= 10 {
		for _, n := range []int{1, 2, 5} {
			if most <= 5*n*s {
				return n * s
			}
		}
	}
}
