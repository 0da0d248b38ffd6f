package flow

import (
	"strings"

	"nacre/perlsrc"
)

// ClassOf gives the class of the object, or the class by name, that a node
// holds: of Foo->new(...), of a variable or field that is assigned such, of
// $self in a package.
func (g *Graph) ClassOf(n perlsrc.NodeID) (class string, ok bool) {
	if n <= 0 || int(n) >= len(g.tree.Nodes) {
		return "", false
	}
	return g.classOf(n, 0)
}

// Value gives the value of a node that is always the same, as far as the file
// says so: a literal, a constant, a variable that is assigned one of these and
// nothing else, and what strings and dots make of them.
func (g *Graph) Value(n perlsrc.NodeID) (value string, ok bool) {
	if n <= 0 || int(n) >= len(g.tree.Nodes) {
		return "", false
	}
	budget := maxValue
	return g.value(n, &budget)
}

// maxValue bounds the nodes that Value looks at.
const maxValue = 100

func (g *Graph) value(n perlsrc.NodeID, budget *int) (string, bool) {
	if *budget--; *budget < 0 || n == 0 {
		return "", false
	}
	if s, ok := g.tree.Literal(n); ok {
		return s, true
	}
	switch g.kind(n) {
	case perlsrc.ListNode:
		if c := g.child(n); c != 0 && g.next(c) == 0 {
			return g.value(c, budget)
		}
	case perlsrc.CallNode:
		if number, ok := g.resolve(n); ok {
			if values := g.subs[number].values; len(values) == 1 {
				return g.value(values[0], budget)
			}
		}
	case perlsrc.ExprNode:
		var b strings.Builder
		first := g.child(n)
		if g.next(first) == 0 {
			return "", false
		}
		for c := first; c != 0; c = g.next(c) {
			if c != first && g.tree.Operator(c) != "." {
				return "", false
			}
			s, ok := g.value(c, budget)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	case perlsrc.TermNode:
		if from := g.onlyWrite(n); from != 0 {
			return g.value(from, budget)
		}
		return g.folded(n, budget)
	case perlsrc.CastNode:
		if from := g.onlyWrite(n); from != 0 {
			return g.value(from, budget)
		}
	case perlsrc.InterpolationNode:
		return g.value(g.child(n), budget)
	}
	return "", false
}

// folded gives the value of a string that interpolates only what is known.
func (g *Graph) folded(n perlsrc.NodeID, budget *int) (string, bool) {
	tok := g.tree.Token(n)
	if tok.Kind != perlsrc.Quote || g.child(n) == 0 {
		return "", false
	}
	var b strings.Builder
	part := g.child(n)
	for p := range perlsrc.Interpolated(g.tree.Src, tok.Quoted(g.tree.Src).Body, false) {
		if !p.Expr {
			text := string(p.Text(g.tree.Src))
			if strings.Contains(text, `\`) {
				return "", false
			}
			b.WriteString(text)
			continue
		}
		s, ok := g.value(part, budget)
		if !ok {
			return "", false
		}
		b.WriteString(s)
		part = g.next(part)
	}
	return b.String(), true
}
