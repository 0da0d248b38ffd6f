package draw

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"nacre/bom"
	"nacre/terminal"
)

// Measures of the picture, in pixels.
const (
	rowHeight  = 22
	boxHeight  = 17
	charWidth  = 6.3 // of 11 px sans-serif, on average and rounded up
	boxPadding = 7
	columnGap  = 46
	margin     = 16
	headHeight = 74
	maxLabel   = 48 // characters
	// maxCrossing bounds the lines that go beside the tree; more of them make
	// the picture grey.
	maxCrossing = 3000
)

// Graph writes the bill as an SVG picture, read from left to right: each
// component stands once, behind the one nearest to the top that needs it, and a
// thin line leads to it from all others.
func Graph(w io.Writer, b *bom.Bill) error {
	g := &graph{net: newNet(b)}
	g.place()
	var out strings.Builder
	g.write(&out, b)
	_, err := io.WriteString(w, out.String())
	return err
}

type graph struct {
	*net
	below [][]int   // the tree: who is drawn behind whom
	y     []float64 // of the middle of each box
	x     []float64 // of the left edge of each level
	wide  []float64 // of the widest box of each level
	rows  int
	apart int // the row of the first component that nothing leads to, -1 for none
}

// place gives every component its place.
func (g *graph) place() {
	n := len(g.nodes)
	g.below, g.y, g.apart = make([][]int, n), make([]float64, n), -1
	tops := g.tops()
	loose := g.loose()
	for _, i := range loose {
		if g.nodes[i].depth < 0 {
			g.nodes[i].depth = 0
			g.spread(i)
		}
	}
	for i := range g.nodes {
		for _, x := range g.nodes[i].needs {
			if g.nodes[x.to].from.to == i {
				g.below[i] = append(g.below[i], x.to)
			}
		}
	}
	for _, i := range tops {
		g.stack(i)
	}
	for _, i := range loose {
		if g.nodes[i].from.to < 0 {
			if g.apart < 0 {
				g.rows++ // room for a heading
				g.apart = g.rows
			}
			g.stack(i)
		}
	}
	g.columns()
}

// stack gives the leaves below a component a row each, and what needs them the row
// of the first, so that a reader begins at the top.
func (g *graph) stack(top int) {
	type step struct{ node, next int }
	way := []step{{node: top}}
	for len(way) > 0 {
		s := &way[len(way)-1]
		below := g.below[s.node]
		switch {
		case len(below) == 0:
			g.y[s.node] = float64(g.rows)
			g.rows++
			way = way[:len(way)-1]
		case s.next < len(below):
			s.next++
			way = append(way, step{node: below[s.next-1]})
		default:
			g.y[s.node] = g.y[below[0]]
			way = way[:len(way)-1]
		}
	}
}

// columns gives every level a place beside the one before.
func (g *graph) columns() {
	for i := range g.nodes {
		d := max(g.nodes[i].depth, 0)
		for len(g.wide) <= d {
			g.wide = append(g.wide, 0)
		}
		g.wide[d] = max(g.wide[d], g.width(i))
	}
	x := float64(margin)
	for _, w := range g.wide {
		g.x = append(g.x, x)
		x += w + columnGap
	}
}

func (g *graph) label(i int) string {
	name, version := title(g.nodes[i].c)
	s := name
	if version != "" {
		s += " " + version
	}
	return terminal.Cut(terminal.Visible(s), maxLabel)
}

func (g *graph) width(i int) float64 {
	return float64(utf8.RuneCountInString(g.label(i)))*charWidth + 2*boxPadding
}

func (g *graph) box(i int) (x, y, w float64) {
	return g.x[max(g.nodes[i].depth, 0)], headHeight + g.y[i]*rowHeight + rowHeight/2, g.width(i)
}

// style is the picture's own sheet: the words say what the colours do.
const style = `
svg{background:#fff;font:11px sans-serif}
text{fill:#1b1b1f}.h{font-size:15px;font-weight:bold}.s{fill:#5a5a66}
rect{fill:#f3f6fb;stroke:#4b6a9b}
.top rect{fill:#24426f;stroke:#24426f}.top text{fill:#fff}
.optional rect{stroke-dasharray:4 2}
.excluded rect{fill:#f1f1f2;stroke:#8a8a93}.excluded text{fill:#5a5a66}
.part rect{fill:#eef7ee;stroke:#4c8a57}
.range rect{fill:#fff6dd;stroke:#a87a12}
path{fill:none;stroke:#8fa3c2}.x{stroke:#b9b9c4;stroke-width:.6;opacity:.7}
@media(prefers-color-scheme:dark){svg{background:#17181c}text{fill:#e6e6ea}.s{fill:#a4a4b0}rect{fill:#222a38;stroke:#7d9ad0}.top rect{fill:#9db8e8;stroke:#9db8e8}.top text{fill:#101318}.excluded rect{fill:#26262a;stroke:#77777f}.excluded text{fill:#a4a4b0}.part rect{fill:#1e2d21;stroke:#6fb27c}.range rect{fill:#332a12;stroke:#d0a240}path{stroke:#5c7099}.x{stroke:#4a4a55}}
`

func (g *graph) write(b *strings.Builder, bill *bom.Bill) {
	var key strings.Builder
	right := g.legend(&key)
	for d, x := range g.x {
		right = max(right, x+g.wide[d]+margin)
	}
	bottom := headHeight + float64(g.rows)*rowHeight + margin
	name := "Bill of materials"
	if bill.Root != nil {
		n, v := title(bill.Root)
		name = strings.TrimSpace(n + " " + v)
	}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="t d">`+"\n",
		right, bottom, right, bottom)
	fmt.Fprintf(b, "<title id=\"t\">%s</title>\n", escape(name))
	fmt.Fprintf(b, "<desc id=\"d\">%s. Each stands behind the one nearest to the left that needs it.</desc>\n", components(len(g.nodes)))
	fmt.Fprintf(b, "<style>%s</style>\n", style)
	fmt.Fprintf(b, `<text class="h" x="%d" y="26">%s</text>`+"\n", margin, escape(terminal.Cut(terminal.Visible(name), 80)))

	var crossing, lines, perl int
	var edges strings.Builder
	for i := range g.nodes {
		for _, x := range g.nodes[i].needs {
			lines++
			if g.nodes[x.to].from.to == i {
				continue
			}
			if g.isPerl(x.to) { // nearly everything needs it, and its lines hide the others
				perl++
				continue
			}
			if crossing++; crossing <= maxCrossing {
				g.line(&edges, "x", i, x.to)
			}
		}
	}
	for i := range g.nodes {
		for _, to := range g.below[i] {
			g.line(&edges, "", i, to)
		}
	}
	said := fmt.Sprintf("%s, %d needs", components(len(g.nodes)), lines)
	if perl > 0 {
		said += fmt.Sprintf("; %d of them, of perl or what it ships, have no line", perl)
	}
	if crossing > maxCrossing {
		said += fmt.Sprintf("; %d are not drawn: too many lines", crossing-maxCrossing)
	}
	fmt.Fprintf(b, `<text class="s" x="%d" y="43">%s</text>`+"\n", margin, said)
	b.WriteString(key.String())
	b.WriteString(edges.String())
	if g.apart >= 0 {
		fmt.Fprintf(b, `<text class="s" x="%d" y="%.0f">Nothing in the bill says who needs these:</text>`+"\n", margin, headHeight+float64(g.apart)*rowHeight-6)
	}
	for i := range g.nodes {
		g.draw(b, i)
	}
	b.WriteString("</svg>\n")
}

var legend = [...]struct{ class, text string }{
	{"", "needed when it runs"},
	{"optional", "optional"},
	{"excluded", "to build or test only"},
	{"part", "shipped inside another"},
	{"range", "version not exact, or unknown"},
}

// legend says what the boxes mean, and gives its right edge.
func (g *graph) legend(b *strings.Builder) (right float64) {
	x := float64(margin)
	for _, l := range legend {
		fmt.Fprintf(b, `<g class="%s"><rect x="%.1f" y="52" width="14" height="11" rx="2"/></g><text class="s" x="%.1f" y="61">%s</text>`+"\n",
			l.class, x, x+19, l.text)
		x += 19 + float64(len(l.text))*charWidth + 14
	}
	return x
}

// line goes from the right edge of one box to the left edge of another.
func (g *graph) line(b *strings.Builder, class string, from, to int) {
	x1, y1, w := g.box(from)
	x2, y2, _ := g.box(to)
	x1 += w
	bend := (x2 - x1) / 2
	if x2 < x1+10 { // back, or within a level: around the edge
		bend = 30
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	fmt.Fprintf(b, `<path%s d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"/>`+"\n", class, x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
}

func (g *graph) draw(b *strings.Builder, i int) {
	x, y, w := g.box(i)
	fmt.Fprintf(b, `<g class="%s"><title>%s</title><rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="3"/><text x="%.1f" y="%.1f">%s</text></g>`+"\n",
		g.class(i), g.tip(i), x, y-boxHeight/2.0, w, boxHeight, x+boxPadding, y+4, escape(g.label(i)))
}

// class is how a box looks.
func (g *graph) class(i int) string {
	n := &g.nodes[i]
	switch {
	case i == g.root:
		return "top"
	case n.c.Version == "":
		return "range"
	case n.from.part || n.in >= 0:
		return "part"
	case n.c.Scope == bom.Excluded, n.from.to >= 0 && n.from.relation >= bom.Configure && n.from.relation <= bom.Develop:
		return "excluded"
	case n.c.Scope == bom.OptionalUse, n.from.relation == bom.Optional:
		return "optional"
	}
	return ""
}

// tip is what a pointer that rests on a box shows, on lines of their own.
func (g *graph) tip(i int) string {
	n := &g.nodes[i]
	name, version := title(n.c)
	lines := []string{strings.TrimSpace(name + " " + cmp.Or(version, "(version unknown)"))}
	var licences []string
	for _, l := range n.c.Licenses {
		licences = append(licences, l.String())
	}
	if len(licences) > 0 {
		lines = append(lines, "licence: "+strings.Join(licences, ", "))
	}
	if n.c.PURL != "" {
		lines = append(lines, n.c.PURL)
	}
	if n.by > 0 {
		lines = append(lines, fmt.Sprintf("needed by %d", n.by))
	}
	for i, l := range lines {
		lines[i] = escape(terminal.Cut(terminal.Visible(l), 200))
	}
	return strings.Join(lines, "\n")
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func escape(s string) string { return escaper.Replace(terminal.Visible(s)) }

func components(n int) string {
	if n == 1 {
		return "1 component"
	}
	return count(n, "components")
}
