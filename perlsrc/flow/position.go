package flow

import "nacre/perlsrc"

// position gives the place of a node among its siblings, or among the arguments
// of its call; anywhere where arrays and hashes stand before it.
func (g *Graph) position(n perlsrc.NodeID) int {
	up := g.parent(n)
	if g.kind(up) != perlsrc.CallNode {
		i := 0
		for c := g.child(up); c != n && c != 0; c = g.next(c) {
			if i++; i > maxUses || g.many(c) {
				return anywhere
			}
		}
		return i
	}
	i := 0
	for c := range g.tree.Args(up) {
		if c == n {
			return i
		}
		if i++; i > maxUses || g.many(c) {
			return anywhere
		}
	}
	return anywhere
}

// many says whether a node in a list stands for any number of values.
func (g *Graph) many(n perlsrc.NodeID) bool {
	if g.sigil(n) != 0 {
		return true
	}
	switch g.kind(n) {
	case perlsrc.CallNode:
		switch g.tree.Callee(n) {
		case "map", "grep", "sort", "keys", "values", "split", "reverse", "unpack", "localtime", "gmtime", "caller", "stat":
			return true
		}
	case perlsrc.ListNode:
		return true
	case perlsrc.TermNode:
		return g.tree.Token(n).Kind == perlsrc.Words
	case perlsrc.ExprNode:
		i := 0
		for c := g.next(g.child(n)); c != 0 && i < maxOperands; c = g.next(c) {
			i++
			if op := g.tree.Operator(c); op == ".." || op == "x" && g.kind(g.child(n)) == perlsrc.ListNode {
				return true
			}
		}
	}
	return false
}

// maxOperands bounds how many operands of one expression are looked at for what
// their operators do to another.
const maxOperands = 50
