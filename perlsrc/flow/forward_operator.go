package flow

import (
	"strings"

	"nacre/perlsrc"
)

// leaveOperator goes on from an operand.
func (f *forward) leaveOperator(it item, up perlsrc.NodeID) {
	g, n := f.g, it.node
	before, after := g.tree.Operator(n), ""
	next := g.next(n)
	if next != 0 {
		after = g.tree.Operator(next)
	}
	if next == 0 && g.child(up) == n {
		f.prefix(it, up, before)
		return
	}
	if after == "=~" || after == "!~" {
		f.bound(it, up, next, after)
		return
	}
	if (before == "=~" || before == "!~") && g.kind(n) == perlsrc.TermNode && quotesPattern(g.tree.Token(n).Kind) {
		return // the result of a match
	}
	if before == "=~" || before == "!~" {
		if f.plain(it) {
			f.end(it, Sink{Kind: Matched, Node: n, At: n})
		}
		return
	}
	if op := g.comparison(up, n); op != "" {
		if f.plain(it) {
			f.end(it, Sink{Kind: Compared, Node: up, At: n, Op: op})
		}
		return
	}
	op := after
	if op == "" || g.child(up) != n && before != "" && after != "." {
		op = before
	}
	if op == ".." || op == "..." {
		f.at(up, f.under(sel{kind: byPos, pos: anywhere}, 0), it.ctx, it.trail.passed("..", true))
		return
	}
	if !f.plain(it) && op != "x" {
		return // the number of a list, the address of a reference
	}
	f.at(up, it.path, it.ctx, it.trail.passed(op, true))
}

func quotesPattern(k perlsrc.Kind) bool {
	switch k {
	case perlsrc.Match, perlsrc.Substitute, perlsrc.Translate:
		return true
	}
	return false
}

// comparison gives the operator that compares what the operand n is a part of:
// the one behind it, or else the last before.
func (g *Graph) comparison(up, n perlsrc.NodeID) string {
	op, passed, i := "", false, 0
	for c := g.child(up); c != 0 && i < maxOperands; c = g.next(c) {
		i++
		if o := g.tree.Operator(c); c != g.child(up) && compares[o] {
			op = o
			if passed {
				return op
			}
		}
		passed = passed || c == n
	}
	return op
}

// prefix goes on from the operand of an operator before it, or of a ++ behind.
func (f *forward) prefix(it item, up perlsrc.NodeID, op string) {
	switch op {
	case "\\", "+", "":
		f.at(up, it.path, it.ctx, it.trail)
	case "!":
		f.decide(it, up)
	default:
		if f.plain(it) {
			f.at(up, 0, it.ctx, it.trail.passed(op, true))
		}
	}
}

// bound goes on from what =~ binds to the pattern next.
func (f *forward) bound(it item, up, next perlsrc.NodeID, op string) {
	g := f.g
	if !f.plain(it) {
		return
	}
	tok := g.tree.Token(next)
	kind := tok.Kind
	if g.kind(next) != perlsrc.TermNode {
		kind = perlsrc.Word
	}
	switch kind {
	case perlsrc.Substitute, perlsrc.Translate:
		if returns(g.tree, next) {
			f.at(up, 0, it.ctx, it.trail.passed(map[bool]string{true: "s", false: "tr"}[kind == perlsrc.Substitute], true))
			return
		}
	case perlsrc.Match:
		if q := tok.Quoted(g.tree.Src); op == "=~" && (strings.Contains(string(q.Body.Text(g.tree.Src)), "(") || strings.Contains(q.Modifiers, "g")) && g.captures(up) {
			f.at(up, f.under(sel{kind: byPos, pos: anywhere}, 0), it.ctx, it.trail.passed("m", true))
		}
	}
	f.end(it, Sink{Kind: Compared, Node: up, At: it.node, Op: op})
}

// captures says whether the list that a match gives is used.
func (g *Graph) captures(n perlsrc.NodeID) bool {
	switch up := g.parent(n); g.kind(up) {
	case perlsrc.AssignNode, perlsrc.ListNode:
		return g.kind(up) == perlsrc.ListNode && g.tree.Keyword(up) == "" || g.wantsList(n)
	case perlsrc.CallNode:
		switch g.tree.Callee(up) {
		case "join", "return", "push", "map":
			return true
		}
	case perlsrc.ArrayNode, perlsrc.HashNode:
		return true
	}
	return false
}

// leaveAccess goes from a structure to the part of it that is named.
func (f *forward) leaveAccess(it item, up perlsrc.NodeID) {
	g := f.g
	p, t := it.path, it.trail
	for c := g.next(it.node); c != 0; c = g.next(c) {
		if g.kind(c) != perlsrc.SubscriptNode {
			continue
		}
		s := g.selector(c)
		var ok bool
		if p, ok = f.into(p, s); !ok {
			return
		}
	}
	if g.sigil(up) != 0 {
		p = f.under(sel{kind: byPos, pos: anywhere}, p)
	}
	f.at(up, p, it.ctx, t)
}
