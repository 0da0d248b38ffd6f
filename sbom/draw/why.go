package draw

import (
	"io"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/terminal"
)

// Why writes the shortest path from the top to each component of a name, a
// package URL or a ref, of the first maxWays. Where there is none the error is of
// kind fault.NotFound.
func Why(w io.Writer, b *bom.Bill, name string, opt Options) error {
	t := &tree{net: newNet(b), opt: opt, page: terminal.NewPage(opt.Width, opt.Color)}
	t.named = make([]bool, len(t.nodes))
	found := 0
	for i := range t.nodes {
		c := t.nodes[i].c
		if c.Name != name && c.Ref != name && c.PURL != name {
			continue
		}
		if found++; found > maxWays {
			continue
		}
		if found > 1 {
			t.page.Blank()
		}
		t.way(i)
	}
	if found == 0 {
		return t.missing(name)
	}
	if more := found - maxWays; more > 0 {
		t.page.Blank()
		t.page.Line(terminal.Span{Style: terminal.Dim, Text: count(more, "more are called so; a package URL or a reference tells them apart")})
	}
	_, err := io.WriteString(w, t.page.String())
	return err
}

// maxWays bounds the components whose ways are written: a bill may call all of its
// components the same.
const maxWays = 20

// way writes the steps to one component.
func (t *tree) way(i int) {
	if t.nodes[i].depth < 0 {
		t.line("", "", i, need{}, false)
		t.page.Line(terminal.Span{Style: terminal.Dim, Text: "  nothing in the bill says who needs it"})
		return
	}
	var steps []int
	for at := i; at >= 0; at = t.nodes[at].from.to {
		steps = append(steps, at)
	}
	slices.Reverse(steps)
	// No more of the blanks in front are shown than of the deepest.
	indent := func(depth int) string { return strings.Repeat("   ", min(depth, deepest)) }
	for depth, at := range steps {
		if depth == 0 {
			t.line("", "", at, need{}, false)
			continue
		}
		t.line(indent(depth-1), "└─ ", at, t.nodes[at].from, false)
	}
	if others := t.nodes[i].by - 1; others > 0 {
		t.page.Line(terminal.Span{Style: terminal.Dim, Text: t.fit(indent(len(steps)-1)) + count(others, "more need it")})
	}
}

func (t *tree) missing(name string) error {
	err := fault.New(fault.NotFound, "no component is called %s", fault.Quote(name))
	for i := range t.nodes {
		if n := t.nodes[i].c.Name; strings.EqualFold(strings.ReplaceAll(name, "::", "-"), n) {
			return err.WithHint("the bill has %s", fault.Quote(n))
		}
	}
	return err.WithHint("name a component as the bill does: nacre sbom list FILE shows all")
}
