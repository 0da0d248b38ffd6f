package crypt

import (
	"nacre/perlsrc"

	"nacre/audit"
)

// goesOn tells whether what a condition decides about refuses, by dying or a
// false return, or goes on: the check itself, where the condition is turned
// round. known is false where that is not in sight.
func (v view) goesOn(n perlsrc.NodeID) (accepts, known bool) {
	statement := v.t.EnclosingStatement(n)
	if word, condition := v.t.Modifier(statement); condition != 0 && v.within(n, condition) {
		return !v.refuses(v.t.Nodes[statement].Child), word == "if" || word == "unless"
	}
	for c := range v.t.Children(statement) {
		if v.kind(c) != perlsrc.ListNode || !v.within(n, c) {
			continue
		}
		word := v.t.Keyword(c)
		block := v.t.Nodes[c].Next
		if block == 0 || v.kind(block) != perlsrc.BlockNode || word != "if" && word != "elsif" && word != "unless" {
			return false, false
		}
		return !v.blockRefuses(block), true
	}
	return false, false
}

// within says that a node is another, or below it.
func (v view) within(n, in perlsrc.NodeID) bool {
	for ; n != 0; n = v.t.Nodes[n].Parent {
		if n == in {
			return true
		}
	}
	return false
}

// blockRefuses says that a block ends in a refusal.
func (v view) blockRefuses(block perlsrc.NodeID) bool {
	for s := range v.t.Children(block) {
		if c := v.t.Nodes[s].Child; c != 0 && v.refuses(c) {
			return true
		}
	}
	return false
}

// refuses says that an expression ends what is being done: die, a false return.
func (v view) refuses(n perlsrc.NodeID) bool {
	if v.kind(n) != perlsrc.CallNode {
		return false
	}
	c := v.t.Call(n)
	switch audit.Unqualified(c.Callee) {
	case "die", "croak", "confess", "throw", "exit", "next", "last", "abort", "error", "fail", "_croak", "raise", "_error", "set_error", "reject", "redirect", "forbidden", "detach":
		return true
	case "return":
		if len(c.Args) == 0 {
			return true
		}
		if s, ok := v.t.Literal(c.Args[0]); ok {
			return s == "0" || s == ""
		}
		if v.kind(c.Args[0]) == perlsrc.CallNode {
			callee := audit.Unqualified(v.t.Callee(c.Args[0]))
			return callee == "undef" || v.refuses(c.Args[0])
		}
		return v.kind(c.Args[0]) == perlsrc.ListNode && v.t.Nodes[c.Args[0]].Child == 0
	}
	return false
}
