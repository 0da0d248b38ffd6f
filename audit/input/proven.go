package input

import (
	"nacre/audit"
	"nacre/perlsrc"
)

// Proven reports whether a place is reached only where a question was answered by
// what perl takes for true: it is in the branch for that answer, or behind it where
// the other answer leaves. A question that is one of several, with and or or,
// counts as if it were asked alone.
func Proven(f *audit.File, question, at perlsrc.NodeID) bool {
	r := read(f)
	place, _ := r.tree.Span(at)
	if sub := r.tree.EnclosingSub(question); sub != 0 && !in(place, r.span(sub, sub)) {
		return false
	}
	d := r.decide(question, true)
	for _, bad := range d.bad {
		if in(place, bad) {
			return false
		}
	}
	statement := r.compound(question)
	whole := r.span(statement, statement)
	if in(place, whole) {
		return d.decides && r.answeredIn(statement, question, place)
	}
	return d.leavesBad && !d.leavesGood && place >= whole[1]
}

// answeredIn reports whether a byte of a question's own statement is in what the
// question decides on: a block, what a modifier stands behind, an operand behind
// "and" or "?".
func (r *reader) answeredIn(statement, question perlsrc.NodeID, place int) bool {
	t := r.tree
	asked, end := t.Span(question)
	if word, condition := t.Modifier(statement); word == "if" || word == "unless" {
		if start, _ := t.Span(condition); asked >= start {
			return place < start
		}
	}
	if place < end {
		return false
	}
	for n, up := question, t.Nodes[question].Parent; n != statement && up != 0; n, up = up, t.Nodes[up].Parent {
		switch next := t.Nodes[n].Next; t.Nodes[up].Kind {
		case perlsrc.StatementNode:
			return t.Nodes[up].Form == perlsrc.Compound && t.Keyword(n) != ""
		case perlsrc.LogicNode:
			if op := t.Operator(next); next != 0 && (op == "and" || op == "&&") && in(place, r.span(next, up)) {
				return true
			}
		case perlsrc.TernaryNode:
			return in(place, r.span(up, up))
		}
	}
	return false
}
