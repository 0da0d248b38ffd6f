package flow

import (
	"nacre/perlsrc"
)

// write is a place where a variable, or a part of it, gets a value.
type write struct {
	place  perlsrc.NodeID // where the variable stands
	node   perlsrc.NodeID // what gives it the value: an Assign, a Call, a Statement, an Expr
	into   []sel          // the part of the variable
	from   perlsrc.NodeID // the value; 0 where the call gives it itself
	op     string         // of an Assign: "=", ".="; of others what it is called
	listed bool           // from is a list of which pos and aggregate tell the part
	pos    int
	// aggregate is the sigil of the target where it takes a list: '@' or '%'.
	aggregate byte
	args      int   // of push and its like: the first argument that is added; 0 for others
	through   bool  // it is a part of what the variable holds or refers to that gets the value
	fills     int32 // of a call of the file's own sub that assigns to its argument number pos: the number of the sub, plus 1
}

// place climbs from a variable to the whole of what is read or written: over
// its subscripts and dereferences.
func (g *Graph) place(n perlsrc.NodeID) (whole perlsrc.NodeID, into []sel) {
	for {
		up := g.parent(n)
		switch g.kind(up) {
		case perlsrc.AccessNode:
			if g.child(up) != n {
				return n, into
			}
			into = append(into, g.selectors(up)...)
		case perlsrc.CastNode:
		case perlsrc.StatementNode:
			// @{ $x }
			block := g.parent(up)
			if g.next(n) != 0 || g.next(up) != 0 || g.kind(block) != perlsrc.BlockNode || g.kind(g.parent(block)) != perlsrc.CastNode {
				return n, into
			}
			up = g.parent(block)
		default:
			return n, into
		}
		n = up
	}
}

// selectors gives the steps of an Access.
func (g *Graph) selectors(n perlsrc.NodeID) []sel {
	var out []sel
	for c := g.next(g.child(n)); c != 0; c = g.next(c) {
		if g.kind(c) == perlsrc.SubscriptNode {
			out = append(out, g.selector(c))
		}
	}
	return out
}

func (g *Graph) selector(c perlsrc.NodeID) sel {
	if g.tree.Src[g.tree.Token(c).Start] == '[' {
		return sel{kind: byElem}
	}
	first := g.child(c)
	if first != 0 && g.next(first) == 0 {
		if key, ok := g.tree.Literal(first); ok {
			return sel{kind: byKey, key: key}
		}
	}
	return sel{kind: byKey, loose: true}
}

// sigil gives '@' or '%' for a node that is an array or a hash, a slice counting
// as an array, and 0 for others.
func (g *Graph) sigil(n perlsrc.NodeID) byte {
	switch g.kind(n) {
	case perlsrc.DeclareNode:
		if c := g.child(n); c != 0 && g.next(c) == 0 {
			return g.sigil(c)
		}
	case perlsrc.AccessNode:
		base := g.child(n)
		if k := g.kind(base); k == perlsrc.TermNode || k == perlsrc.CastNode {
			if c := g.tree.Src[g.tree.Token(base).Start]; c == '@' {
				return '@'
			} else if c == '%' {
				return '%'
			}
		}
		if text := g.tree.Text(n); len(text) > 2 && text[len(text)-1] == '*' {
			if c := text[len(text)-2]; c == '@' || c == '%' {
				return c
			}
		}
	case perlsrc.TermNode, perlsrc.CastNode:
		tok := g.tree.Token(n)
		if tok.Kind == perlsrc.Variable || tok.Kind == perlsrc.Cast {
			if c := g.tree.Src[tok.Start]; c == '@' || c == '%' {
				return c
			}
		}
	}
	return 0
}

// writeAt reads what stands around a variable as a write of it.
func (g *Graph) writeAt(u perlsrc.NodeID) (w write, ok bool) {
	n, into := g.place(u)
	w = write{place: u, into: into, through: n != u}
	up := g.parent(n)
	if g.kind(up) == perlsrc.DeclareNode {
		n, up = up, g.parent(up)
	}
	target := n
	if g.kind(up) == perlsrc.ListNode {
		list := up
		outer := g.parent(list)
		if g.kind(outer) == perlsrc.DeclareNode {
			list, outer = outer, g.parent(outer)
		}
		if g.kind(outer) == perlsrc.AssignNode && g.next(list) != 0 {
			w.listed, w.pos = true, g.position(n)
			n, up = list, outer
		} else if g.kind(outer) == perlsrc.SubNode {
			return w, false
		}
	}
	w.node = up
	switch g.kind(up) {
	case perlsrc.AssignNode:
		if g.next(n) == 0 {
			return w, false
		}
		w.from, w.op = g.last(up), g.tree.Operator(g.next(n))
		if s := g.sigil(target); s != 0 {
			w.aggregate, w.listed = s, true
		}
		return w, true
	case perlsrc.StatementNode:
		if g.tree.Nodes[up].Form == perlsrc.Compound && g.kind(n) != perlsrc.ListNode {
			for c := g.next(n); c != 0; c = g.next(c) {
				if k := g.tree.Keyword(c); g.kind(c) == perlsrc.ListNode && (k == "for" || k == "foreach") {
					w.from, w.op, w.listed, w.pos = c, "for", true, anywhere
					return w, true
				}
			}
		}
	case perlsrc.CallNode:
		return g.writeByCall(w, n, up)
	case perlsrc.ExprNode:
		if after := g.next(n); after != 0 && g.tree.Operator(after) == "=~" {
			switch g.tree.Token(after).Kind {
			case perlsrc.Substitute:
				if !returns(g.tree, after) {
					w.from, w.op = after, "s"
					return w, true
				}
			}
			break
		}
		// \my $x and \$x as an argument: the callee may fill it.
		if g.tree.Operator(n) == "\\" && g.kind(g.parent(up)) == perlsrc.CallNode {
			call := g.parent(up)
			if callee := g.tree.Callee(call); fillsReferences(callee) && !g.lasts[callee] {
				w.node, w.op = call, callee
				return w, true
			}
		}
	}
	return w, false
}

// fillsReferences says whether a function is one of those that people give a
// reference to be filled.
func fillsReferences(callee string) bool {
	switch callee {
	case "GetOptions", "GetOptionsFromArray", "run", "run3", "open3", "getoptions":
		return true
	}
	return false
}

// returns says whether a substitution gives its result and leaves what it is
// bound to: s///r.
func returns(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for _, c := range t.Token(n).Quoted(t.Src).Modifiers {
		if c == 'r' {
			return true
		}
	}
	return false
}

func (g *Graph) writeByCall(w write, n, call perlsrc.NodeID) (write, bool) {
	callee := g.tree.Callee(call)
	w.op = callee
	i := 0
	for a := range g.tree.Args(call) {
		if a == n {
			break
		}
		if i++; i > 2 {
			break
		}
	}
	switch callee {
	case "push", "unshift":
		w.args = 1
		return w, i == 0
	case "splice":
		w.args = 3
		return w, i == 0
	case "read", "sysread", "recv":
		return w, i == 1
	case "open", "opendir", "socket", "accept", "sysopen", "pipe":
		return w, i == 0 && g.kind(g.parent(w.place)) == perlsrc.DeclareNode
	case "socketpair":
		return w, i < 2
	}
	number, index, ok := g.filledBy(call, n)
	w.fills, w.pos = number+1, index
	return w, ok
}
