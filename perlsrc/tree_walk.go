package perlsrc

import "iter"

// Children gives the children of a node in order.
func (t *Tree) Children(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for c := t.Nodes[n].Child; c != 0; c = t.Nodes[c].Next {
			if !yield(c) {
				return
			}
		}
	}
}

// LastChild gives the last child of a node; 0 where it has none. Of an Assign it is
// what is assigned.
func (t *Tree) LastChild(n NodeID) (last NodeID) {
	for c := t.Nodes[n].Child; c != 0; c = t.Nodes[c].Next {
		last = c
	}
	return last
}

// All gives the nodes below n of the given kinds, or of every kind if none is
// given, in the file's order: a node before its children. All(0) is of the
// whole file.
func (t *Tree) All(n NodeID, kinds ...NodeKind) iter.Seq[NodeID] {
	var want uint32
	for _, k := range kinds {
		want |= 1 << k
	}
	if len(kinds) == 0 {
		want = ^uint32(0)
	}
	return func(yield func(NodeID) bool) {
		at := t.Nodes[n].Child
		for at != 0 {
			if want>>t.Nodes[at].Kind&1 == 1 && !yield(at) {
				return
			}
			if c := t.Nodes[at].Child; c != 0 {
				at = c
				continue
			}
			for t.Nodes[at].Next == 0 {
				if at = t.Nodes[at].Parent; at == n {
					return
				}
			}
			at = t.Nodes[at].Next
		}
	}
}

// Under gives a node, and then those below it as All does.
func (t *Tree) Under(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		if yield(n) {
			t.All(n)(yield)
		}
	}
}

// Text gives the source of a node. The text of a here-document is that of the
// words that name it.
func (t *Tree) Text(n NodeID) []byte {
	start, end := t.Span(n)
	return t.Src[start:end]
}

// Span gives the bytes of a node: Src[start:end].
func (t *Tree) Span(n NodeID) (start, end int) {
	node := t.Nodes[n]
	if node.First >= node.End {
		return 0, 0
	}
	return t.Tokens[node.First].Start, t.Tokens[node.End-1].End
}

// Line gives the line on which a node begins, from 1.
func (t *Tree) Line(n NodeID) int {
	node := t.Nodes[n]
	if node.First >= node.End {
		return 1
	}
	return t.Tokens[node.First].Line
}

// Token gives the first token of a node; a Term has no other.
func (t *Tree) Token(n NodeID) Token {
	node := t.Nodes[n]
	if node.First >= node.End {
		return Token{Line: 1}
	}
	return t.Tokens[node.First]
}
