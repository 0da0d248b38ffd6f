package input

import "nacre/perlsrc"

// topic gives what $_ is at a node: the list of the foreach, map or grep around
// it, or the handle that while reads; nothing where that is not told.
func (r *reader) topic(n perlsrc.NodeID) []perlsrc.NodeID {
	t := r.tree
	for n != 0 {
		up := t.Nodes[n].Parent
		switch t.Nodes[up].Kind {
		case perlsrc.SubNode:
			return nil
		case perlsrc.StatementNode:
			if word, list := t.Modifier(up); list != n && (word == "for" || word == "foreach") {
				return []perlsrc.NodeID{list}
			} else if list != n && word == "while" {
				return r.readlines(list)
			}
			if t.Nodes[up].Form != perlsrc.Compound || t.Nodes[n].Kind != perlsrc.BlockNode {
				break
			}
			for c := range t.Children(up) {
				switch word := t.Keyword(c); {
				case word == "" && t.Nodes[c].Kind != perlsrc.BlockNode:
					n = up // foreach my $x: $_ is another's
				case t.Nodes[c].Kind != perlsrc.ListNode || n == up:
				case word == "for" || word == "foreach":
					return []perlsrc.NodeID{c}
				case word == "while":
					if lines := r.readlines(c); lines != nil {
						return lines
					}
				}
			}
		case perlsrc.CallNode:
			switch c := t.Call(up); c.Callee {
			case "map", "grep", "first", "any", "all":
				if c.Block == n {
					return c.Args
				}
				if len(c.Args) > 1 && c.Block == 0 && c.Args[0] == n {
					return c.Args[1:]
				}
			}
		}
		n = up
	}
	return nil
}

// readlines gives the <FH> in the condition of a while.
func (r *reader) readlines(condition perlsrc.NodeID) []perlsrc.NodeID {
	left := 50
	for c := range r.tree.All(condition, perlsrc.TermNode) {
		if left--; left < 0 {
			break
		}
		if r.tree.Token(c).Kind == perlsrc.Readline {
			return []perlsrc.NodeID{c}
		}
	}
	return nil
}

// gatherTopic remembers a pattern that $_ is asked about, for the block that it
// stands in.
func (r *reader) gatherTopic(n, sub perlsrc.NodeID) {
	t := r.tree
	if op := t.Operator(n); op == "=~" || op == "!~" {
		return
	}
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.CallNode && t.Callee(up) == "split" {
		return
	}
	block := t.Nodes[n].Parent
	for block != 0 && t.Nodes[block].Kind != perlsrc.BlockNode {
		block = t.Nodes[block].Parent
	}
	c, matched := r.bound(n)
	at := place{sub, "$_"}
	if c == 0 || block == 0 || len(r.guards[at]) >= maxGuards {
		return
	}
	d := r.decide(n, matched)
	g := guard{check: c, not: d.bad}
	g.start, _ = t.Span(r.from(n))
	if g.within = r.span(block, block); d.leavesGood {
		s := r.compound(n)
		g.within = r.span(s, s)
	}
	r.guards[at] = append(r.guards[at], g)
}
