package flow

import (
	"cmp"
	"strings"

	"nacre/perlsrc"
)

// fromString goes on to what a string interpolates; its own text is a constant.
func (b *backward) fromString(it item) {
	g, n := b.g, it.node
	if s, ok := g.tree.Literal(n); ok {
		b.end(it, Origin{Kind: Constant, Node: n, Name: s})
		return
	}
	quoted, more := g.quotes(n)
	t := it.trail.passed(".", true)
	if more {
		t.quoted = true
	}
	if strings.TrimSpace(quoted) != "" {
		b.end(item{it.state, t}, Origin{Kind: Constant, Node: n, Name: quoted})
	}
	for c := range g.tree.Children(n) {
		b.at(c, 0, it.ctx, t)
	}
}

// quotes gives the text of a string without what it interpolates; more is false
// where the string is one expression and nothing else.
func (g *Graph) quotes(n perlsrc.NodeID) (text string, more bool) {
	src := g.tree.Src
	tok := g.tree.Token(n)
	body := tok.Quoted(src).Body
	if tok.Kind == perlsrc.HereDoc {
		return "<<", true
	}
	var s strings.Builder
	parts := 0
	for p := range perlsrc.Interpolated(src, body, tok.Kind == perlsrc.Pattern) {
		parts++
		if !p.Expr {
			s.Write(p.Text(src))
		}
	}
	return s.String(), parts > 1
}

// replacement goes on to what a substitution puts in place.
func (b *backward) replacement(it item) {
	g, n := b.g, it.node
	second := g.tree.Token(n).Quoted(g.tree.Src).Second
	t := it.trail.passed("s", true)
	for c := range g.tree.Children(n) {
		if g.start(c) < second.Start {
			continue
		}
		if s := g.child(c); s != 0 && g.kind(s) == perlsrc.StatementNode {
			b.fromStatement(item{state{n, 0, it.ctx}, t}, g.last(c))
			continue
		}
		b.at(c, 0, it.ctx, t)
	}
}

func (b *backward) fromOperator(it item) {
	g, n := b.g, it.node
	first := g.child(n)
	if first == 0 {
		return
	}
	if g.next(first) == 0 {
		switch op := g.tree.Operator(first); op {
		case "!":
		case "\\", "+", "":
			b.at(first, it.path, it.ctx, it.trail)
		default:
			b.literalOr(it, first, op)
		}
		return
	}
	if s, ok := g.tree.Literal(n); ok {
		b.end(it, Origin{Kind: Constant, Node: n, Name: s})
		return
	}
	if g.comparison(n, 0) != "" {
		return // true or false
	}
	for c := first; c != 0; c = g.next(c) {
		before, after := g.tree.Operator(c), ""
		if next := g.next(c); next != 0 {
			after = g.tree.Operator(next)
		}
		if c == first {
			before = ""
		}
		if before == "=~" || before == "!~" {
			continue
		}
		op := cmp.Or(after, before)
		if op == "!~" || before == "x" {
			continue
		}
		if op == "=~" {
			b.fromMatch(it, c, g.next(c))
			continue
		}
		t := it.trail.passed(op, true)
		t.quoted = op == "."
		p := path(0)
		if op == "x" {
			p = it.path
		}
		b.at(c, p, it.ctx, t)
	}
}

func (b *backward) literalOr(it item, first perlsrc.NodeID, op string) {
	if s, ok := b.g.tree.Literal(it.node); ok {
		b.end(it, Origin{Kind: Constant, Node: it.node, Name: s})
		return
	}
	b.at(first, 0, it.ctx, it.trail.passed(op, true))
}

// fromMatch goes on from $x =~ /.../ and its like, whose value is what was
// captured, or, of s///r, what was changed.
func (b *backward) fromMatch(it item, left, right perlsrc.NodeID) {
	g := b.g
	switch g.tree.Token(right).Kind {
	case perlsrc.Substitute, perlsrc.Translate:
		if returns(g.tree, right) {
			b.at(left, 0, it.ctx, it.trail.passed("s", true))
			b.at(right, 0, it.ctx, it.trail)
		}
	case perlsrc.Match:
		b.end(it, Origin{Kind: Captured, Node: right, Name: "m"})
	}
}
