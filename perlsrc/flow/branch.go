package flow

import "nacre/perlsrc"

// apart says whether a node stands where what was written before it never comes:
// in another branch of the same if, or behind a block that leaves the sub.
func (g *Graph) apart(written, read perlsrc.NodeID) bool {
	at := g.start(read)
	for n := written; n != 0 && g.kind(n) != perlsrc.SubNode; n = g.parent(n) {
		_, end := g.tree.Span(n)
		if at >= end && g.catches(n) {
			return false // what leaves in there goes on behind it
		}
		if g.kind(n) != perlsrc.BlockNode {
			continue
		}
		if at < end {
			return false
		}
		s := g.parent(n)
		if _, all := g.tree.Span(s); at < all && g.kind(s) == perlsrc.StatementNode && g.branches(s) {
			return true
		}
		if g.ends(n) && !g.caught(n, at) {
			return true
		}
	}
	return false
}

// branches says whether a statement is an if or unless.
func (g *Graph) branches(s perlsrc.NodeID) bool {
	if g.tree.Nodes[s].Form != perlsrc.Compound {
		return false
	}
	word := g.tree.Keyword(g.child(s))
	return word == "if" || word == "unless"
}

// isTry says whether a function is eval or one that is written like it.
func isTry(callee string) bool {
	switch callee {
	case "eval", "try", "catch", "finally":
		return true
	}
	return false
}

// catches says whether what leaves the block of a call goes on behind it: an eval
// ends there, and so does a return from the block of any function that is none of
// perl's own, which is a sub.
func (g *Graph) catches(call perlsrc.NodeID) bool {
	c := g.child(call)
	if g.kind(call) != perlsrc.CallNode || c == 0 || g.kind(c) != perlsrc.BlockNode {
		return false
	}
	switch g.tree.Callee(call) {
	case "do", "map", "grep", "sort":
		return false
	}
	return true
}

// caught says whether a call that catches, and is over before a byte, holds a node.
func (g *Graph) caught(n perlsrc.NodeID, at int) bool {
	for up := g.parent(n); up != 0 && g.kind(up) != perlsrc.SubNode; up = g.parent(up) {
		if _, end := g.tree.Span(up); end > at {
			return false
		}
		if g.catches(up) {
			return true
		}
	}
	return false
}

// maxBlock bounds the calls of a block that are looked at for one that leaves it
// by another way.
const maxBlock = 200

// ends says whether the last statement of a block leaves the sub or the program,
// and nothing in the block goes on elsewhere.
func (g *Graph) ends(block perlsrc.NodeID) bool {
	if known, ok := g.leaving[block]; ok {
		return known
	}
	ends := false
	s := g.last(block)
	if word, _ := g.tree.Modifier(s); word == "" && g.kind(s) == perlsrc.StatementNode && g.tree.Nodes[s].Form == perlsrc.Plain && g.kind(g.child(s)) == perlsrc.CallNode {
		switch g.tree.Callee(g.child(s)) {
		case "return", "die", "croak", "confess", "exit":
			ends = true
		}
	}
	left := maxBlock
	if ends {
		for c := range g.tree.All(block, perlsrc.CallNode) {
			callee := g.tree.Callee(c)
			if left--; left < 0 || callee == "next" || callee == "last" || callee == "redo" || callee == "goto" {
				ends = false
				break
			}
		}
	}
	g.leaving[block] = ends
	return ends
}
