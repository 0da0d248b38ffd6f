package flow

import (
	"sort"

	"nacre/perlsrc"
)

// replaces says whether a write always happens when its statement is reached,
// and leaves nothing of what the variable held.
func (g *Graph) replaces(w write) bool {
	if w.op != "=" || len(w.into) > 0 {
		return false
	}
	n := w.node
	for up := g.parent(n); g.kind(up) != perlsrc.StatementNode; up = g.parent(n) {
		if g.kind(up) != perlsrc.LogicNode || g.child(up) != n {
			return false
		}
		n = up
	}
	s := g.parent(n)
	word, _ := g.tree.Modifier(s)
	return word == "" && g.tree.Nodes[s].Form == perlsrc.Plain
}

// history is what becomes of a variable in the file.
type history struct {
	writes   []write
	reads    []perlsrc.NodeID
	replaced []replacement
	only     perlsrc.NodeID // the value, where it is assigned one and nothing else
}

// replacement is a write that leaves nothing of what the variable held.
type replacement struct {
	node  perlsrc.NodeID
	start int
	sub   perlsrc.NodeID // around it
	block perlsrc.NodeID // whose statement it is
	end   int
	scope perlsrc.Span // of the block
}

// historyOf gives a variable's history.
func (g *Graph) historyOf(v int32) *history {
	x := &g.vars[v]
	if x.history != nil {
		return x.history
	}
	h := &history{}
	x.history = h
	for _, u := range g.usesOf(v) {
		w, ok := g.writeAt(u)
		if !g.counts(u) && (!ok || w.op == "s" && x.decl != u) {
			h.reads = append(h.reads, u)
		}
		if !ok {
			continue
		}
		h.writes = append(h.writes, w)
		if n := len(h.replaced); n > 0 && h.replaced[n-1].node == w.node || !g.replaces(w) {
			continue
		}
		r := replacement{node: w.node, start: g.start(w.node), sub: g.tree.EnclosingSub(w.node), block: g.parent(g.tree.EnclosingStatement(w.node))}
		_, r.end = g.tree.Span(w.node)
		if r.scope.Start, r.scope.End = g.tree.Span(r.block); r.block == 0 {
			r.scope = perlsrc.Span{End: len(g.tree.Src)}
		}
		h.replaced = append(h.replaced, r)
	}
	if len(h.writes) == 1 {
		if w := h.writes[0]; len(w.into) == 0 && w.op == "=" && !w.listed {
			h.only = w.from
		}
	}
	return h
}

// counts says whether a variable stands in $#x, which is a number.
func (g *Graph) counts(u perlsrc.NodeID) bool {
	tok := g.tree.Token(u)
	return tok.End-tok.Start > 2 && g.tree.Src[tok.Start] == '$' && g.tree.Src[tok.Start+1] == '#'
}

// overwritten gives the pieces of source in which a value that was written by w
// is no longer in the variable, since it was replaced before.
func (g *Graph) overwritten(w write, budget *int) []perlsrc.Span {
	var out []perlsrc.Span
	at := g.start(w.node)
	here, block := g.tree.EnclosingSub(w.node), g.parent(g.tree.EnclosingStatement(w.node))
	replaced := g.historyOf(g.varAt[w.place]).replaced
	later := sort.Search(len(replaced), func(i int) bool { return replaced[i].start > at })
	for _, r := range replaced[later:] {
		if *budget--; *budget < 0 {
			return out
		}
		if r.sub == here && r.scope.Start <= at && at < r.scope.End {
			out = append(out, perlsrc.Span{Start: r.end, End: r.scope.End})
			if r.block == block {
				return out
			}
		}
	}
	return out
}

// reaches says whether what was written at w may be read at r, by the order of
// the two: over is what overwritten gave.
func (g *Graph) reaches(w write, over []perlsrc.Span, r perlsrc.NodeID) bool {
	at := g.start(r)
	for _, o := range over {
		if o.Start <= at && at < o.End {
			return false
		}
	}
	v := &g.vars[g.varAt[w.place]]
	if g.tree.EnclosingSub(r) != g.tree.EnclosingSub(w.node) || v.global || v.state {
		return true
	}
	from, end := g.tree.Span(w.node)
	if g.kind(w.node) == perlsrc.AssignNode {
		from = end // what is assigned was made before
	}
	if at >= from && !g.apart(w.node, r) {
		return true
	}
	// Otherwise only where a loop comes back to it.
	for n := w.node; n != 0 && g.kind(n) != perlsrc.SubNode; n = g.parent(n) {
		start, end := g.tree.Span(n)
		if g.loops(n) && start <= at && at < end && (v.decl == 0 || g.start(v.decl) < start || g.begins(n, v.decl)) {
			return true
		}
	}
	return false
}

// begins says whether a variable is declared where a loop begins and not at each
// turn: $i of for (my $i = 0; ...; ...).
func (g *Graph) begins(loop, decl perlsrc.NodeID) bool {
	list := g.parent(g.tree.EnclosingStatement(decl))
	return g.kind(list) == perlsrc.ListNode && g.tree.Keyword(list) == "for" && g.parent(list) == loop
}

// loops says whether a node is done again and again.
func (g *Graph) loops(n perlsrc.NodeID) bool {
	switch g.kind(n) {
	case perlsrc.StatementNode:
		if word, _ := g.tree.Modifier(n); word == "for" || word == "foreach" || word == "while" || word == "until" {
			return true
		}
		if g.tree.Nodes[n].Form != perlsrc.Compound {
			return false
		}
		for c := range g.tree.Children(n) {
			switch g.tree.Keyword(c) {
			case "for", "foreach", "while", "until":
				return true
			}
		}
	case perlsrc.CallNode:
		c := g.child(n)
		callee := g.tree.Callee(n)
		return c != 0 && g.kind(c) == perlsrc.BlockNode && callee != "do" && !isTry(callee)
	}
	return false
}
