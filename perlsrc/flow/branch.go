package flow

import "nacre/perlsrc"

// apart says whether a node stands where what was written before it never comes:
// in another branch of the same if, or behind a block that leaves the sub.
func (g *Graph) apart(written, read perlsrc.NodeID) bool {
	at := g.start(read)
	for n := written; n != 0 && g.kind(n) != perlsrc.SubNode; n = g.parent(n) {
		_, end := g.tree.Span(n)
		if g.kind(n) == perlsrc.CallNode && at >= end && catches(g.tree.Callee(n)) {
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

// catches says whether what leaves a block of a function goes on behind it.
func catches(callee string) bool {
	switch callee {
	case "eval", "try", "catch", "finally":
		return true
	}
	return false
}

// caught says whether an eval that is over before a byte holds a node.
func (g *Graph) caught(n perlsrc.NodeID, at int) bool {
	for up := g.parent(n); up != 0 && g.kind(up) != perlsrc.SubNode; up = g.parent(up) {
		if _, end := g.tree.Span(up); end > at {
			return false
		}
		if g.kind(up) == perlsrc.CallNode && catches(g.tree.Callee(up)) {
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
