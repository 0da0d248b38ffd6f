package terminal

import "github.com/clipperhouse/displaywidth"

// Columns is how many columns a text takes on a terminal.
func Columns(s string) int { return displaywidth.String(s) }

// Clip writes spans as one line that ends at the edge of the page.
func (p *Page) Clip(spans ...Span) {
	left := p.width
	for _, s := range spans {
		s.Text = Visible(s.Text)
		n := Columns(s.Text)
		if n > left {
			s.Text = Cut(s.Text, left)
			p.put(s)
			break
		}
		p.put(s)
		left -= n
	}
	p.b.WriteByte('\n')
}

// narrow is how far a column of a table is cut before the next one is.
const narrow = 8

// Table writes rows in at most eight columns, two blanks apart, the first row in
// bold. Where they are wider than the page, the widest are cut; rows may lack
// cells at their end.
func (p *Page) Table(rows ...[]Span) {
	var widths []int
	for _, r := range rows {
		for i := range r {
			r[i].Text = Visible(r[i].Text)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(r[i].Text))
		}
	}
	fit(widths, p.width-2*(len(widths)-1))
	for n, r := range rows {
		lead := 0
		for i, s := range r {
			s.Text = Cut(s.Text, widths[i])
			if n == 0 {
				s.Style = Bold
			}
			if s.Text != "" {
				p.pad(lead)
				p.put(s)
				lead = 0
			}
			lead += widths[i] - Columns(s.Text) + 2
		}
		p.b.WriteByte('\n')
	}
}

// fit makes the widest columns narrower until all have room together. Where
// that is not enough the last ones give way.
func fit(widths []int, room int) {
	total := 0
	for _, w := range widths {
		total += w
	}
	for total > room {
		widest := 0
		for i, w := range widths {
			if w >= widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= narrow {
			break
		}
		widths[widest]--
		total--
	}
	for i := len(widths) - 1; i >= 0 && total > room; i-- {
		cut := min(widths[i]-3, total-room)
		widths[i] -= max(cut, 0)
		total -= max(cut, 0)
	}
}
