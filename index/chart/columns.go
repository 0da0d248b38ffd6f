package chart

import "strconv"

// Measures of a drawing in columns: pixels downwards, shares of the width across.
const (
	columnsHigh = 230 // of the field that columns stand in
	columnsTop  = 18  // room for the sum of the highest
	columnsFoot = 24  // room for the labels
	columnsSide = .08 // room for the numbers of the axis
)

// Columns draws groups as columns side by side, for a time that passes. Labels
// stand below six or seven of them, the last among these; sums stand above all
// where there is room.
func (c Counts) Columns() string {
	d := c.open("upright", columnsTop+columnsHigh+columnsFoot)
	by := step(c.most())
	top := max((c.most()+by-1)/by*by, by)
	y := func(n int) float64 { return columnsTop + columnsHigh*(1-float64(n)/float64(top)) }
	for n := 0; n <= top; n += by {
		at := strconv.FormatFloat(y(n), 'f', 1, 64)
		d.add(`<line class="rule" x1="`, share(columnsSide), `" x2="100%" y1="`, at, `" y2="`, at, `"/>`)
		d.text("tick", share(columnsSide-.015), int(y(n))+4, "end", strconv.Itoa(n))
	}
	wide := (1 - columnsSide) / float64(max(len(c.Groups), 1))
	every := (len(c.Groups) + 5) / 6
	for i, g := range c.Groups {
		left := columnsSide + wide*float64(i)
		sum := 0
		for j, p := range c.Parts {
			if v := g.Values[j]; v > 0 {
				sum += v
				d.part(p, share(left+wide*.12), share(wide*.76), y(sum), y(0)-y(v), g.Label, v)
			}
		}
		if sum > 0 {
			d.text("tick wide", share(left+wide/2), int(y(sum))-5, "middle", strconv.Itoa(sum))
		}
		if (len(c.Groups)-1-i)%every == 0 {
			d.text("tick", share(left+wide/2), columnsTop+columnsHigh+columnsFoot-6, "middle", g.Label)
		}
	}
	return d.close()
}
