package input

import "nacre/perlsrc"

// failing gives the bytes that are reached only, or also, where a question is
// not answered as it must be: the else behind if ($x =~ /\A\w+\z/) { ... }, the
// block of unless, what stands behind "or". on is the answer that it must have.
func (r *reader) failing(question perlsrc.NodeID, on bool) (span [2]int) {
	t := r.tree
	from := func(first, last perlsrc.NodeID) [2]int {
		start, _ := t.Span(first)
		_, end := t.Span(last)
		return [2]int{start, end}
	}
	for n, up := question, t.Nodes[question].Parent; up != 0; n, up = up, t.Nodes[up].Parent {
		next := t.Nodes[n].Next
		switch t.Nodes[up].Kind {
		case perlsrc.ExprNode, perlsrc.LogicNode:
			switch op := t.Operator(n); {
			case (op == "!" || op == "not") && t.Nodes[up].Child == n && next == 0:
				on = !on
				continue
			case t.Nodes[up].Kind == perlsrc.ExprNode:
				return span
			}
			if next == 0 {
				continue
			}
			if op := t.Operator(next); on && (op == "||" || op == "or") || !on && (op == "&&" || op == "and") {
				return from(next, up)
			}
		case perlsrc.ListNode:
			if t.Nodes[up].Child != n || next != 0 {
				return span
			}
		case perlsrc.TernaryNode:
			if t.Nodes[up].Child != n || next == 0 {
				return span
			}
			if on {
				return from(t.Nodes[next].Next, up)
			}
			return from(next, next)
		case perlsrc.StatementNode:
			return r.failingIn(up, n, on)
		default:
			return span
		}
	}
	return span
}

// failingIn is failing for the condition of a statement.
func (r *reader) failingIn(s, condition perlsrc.NodeID, on bool) (span [2]int) {
	t := r.tree
	if word, of := t.Modifier(s); of == condition && (word == "if" || word == "unless") {
		if on == (word == "unless") {
			span[0], _ = t.Span(s)
			span[1], _ = t.Span(condition)
		}
		return span
	}
	word, block := t.Keyword(condition), t.Nodes[condition].Next
	if t.Nodes[s].Form != perlsrc.Compound || block == 0 || word != "if" && word != "elsif" && word != "unless" {
		return span
	}
	start, end := t.Span(block)
	if on == (word == "unless") {
		return [2]int{start, end}
	}
	_, all := t.Span(s)
	return [2]int{end, all}
}

// leaves reports whether a statement with a modifier leaves its sub or loop where
// a comparison fails: return unless $x eq 'a'.
func (r *reader) leaves(question perlsrc.NodeID) bool {
	t := r.tree
	s := t.EnclosingStatement(question)
	word, condition := t.Modifier(s)
	if word != "unless" {
		return false
	}
	start, end := t.Span(condition)
	if at, _ := t.Span(question); at < start || at >= end {
		return false
	}
	c := t.Nodes[s].Child
	if t.Nodes[c].Kind != perlsrc.CallNode {
		return false
	}
	switch t.Callee(c) {
	case "return", "die", "croak", "confess", "next", "last", "exit":
		return true
	}
	return false
}
