package chart

import "strconv"

// Measures of a drawing in rows: pixels downwards, shares of the width across. A
// label stands above its row, so that a long one has room on a telephone.
const (
	rowHigh  = 44
	rowLabel = 16 // the line that a label stands on
	rowBar   = 22 // where the bar begins
	barHigh  = 14
	barEnd   = .88 // the end of the longest bar; its number stands behind it
)

// Rows draws groups as rows below each other, each with its sum behind it. The
// longest is as long as there is room, or as what is left to the whole lets it.
func (c Counts) Rows() string {
	d := c.open("bars", rowHigh*len(c.Groups))
	most := float64(max(c.most(), c.Whole, 1))
	for i, g := range c.Groups {
		top := i * rowHigh
		d.text("", "0", top+rowLabel, "start", g.Label)
		d.rect("track", "0", share(barEnd), top+rowBar, barHigh)
		left := 0.
		for j, p := range c.Parts {
			if v := g.Values[j]; v > 0 {
				wide := barEnd * float64(v) / most
				d.part(p, share(left), share(wide), float64(top+rowBar), barHigh, g.Label, v)
				left += wide
			}
		}
		d.text("tick", share(left+.012), top+rowBar+12, "start", strconv.Itoa(g.Sum()))
	}
	return d.close()
}
