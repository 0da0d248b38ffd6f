package flow

import (
	"strings"

	"nacre/perlsrc"
)

// returned goes on from an argument of return, or from the last statement.
func (f *forward) returned(it item, node perlsrc.NodeID, args int) {
	g := f.g
	number, ok := g.subOf(node)
	if !ok {
		return
	}
	p := it.path
	if args > 1 {
		p = f.inList(it)
	} else if g.sigil(it.node) == '@' {
		p = f.inListOrSelf(it)
	}
	f.giveBack(it, number, p)
}

// giveBack goes on behind the calls of a sub with what it returns.
func (f *forward) giveBack(it item, number int32, p path) {
	g := f.g
	x := &g.subs[number]
	t := it.trail
	if x.name != "" {
		t = t.named(x.name).stepped(it.node, "returned by "+x.name)
	}
	if call, outer, ok := f.leave(it.ctx, number); ok {
		f.at(call, p, outer, t)
		return
	}
	callers := g.callersOf(number)
	for _, call := range callers {
		if !f.spend() {
			return
		}
		f.at(call, p, 0, t)
	}
	if x.node == 0 || len(callers) > 0 && g.private(number) {
		return
	}
	s := Sink{Kind: Returned, Node: x.node, At: it.node}
	for at := p; ; {
		head, tail, ok := f.head(at)
		if !ok {
			break
		}
		if head.kind == byPos && head.pos != anywhere {
			s.Index = head.pos
		}
		if head.key == gathered {
			return // the object, and not what it gives
		}
		if head.key != "" {
			s.Key = head.key
		}
		at = tail
	}
	f.end(item{it.state, t}, s)
}

// leaveStatement goes on from a statement to the block whose value it is.
func (f *forward) leaveStatement(it item, s perlsrc.NodeID) {
	g := f.g
	if word, condition := g.tree.Modifier(s); word != "" && condition == it.node {
		if word == "for" || word == "foreach" {
			f.iterate(it, s, f.inListOrSelf(it))
			return
		}
		f.decide(it, s)
		return
	}
	node := g.tree.Nodes[s]
	if node.Form == perlsrc.Include {
		f.leaveInclude(it, s)
		return
	}
	for n := s; g.next(n) == 0; {
		block := g.parent(n)
		holder := g.parent(block)
		switch {
		case g.kind(block) == perlsrc.InterpolationNode: // the code of s///e
			f.leaveString(item{state{it.node, it.path, it.ctx}, it.trail}, holder)
			return
		case g.kind(block) != perlsrc.BlockNode:
			return
		}
		switch g.kind(holder) {
		case perlsrc.SubNode:
			if number, ok := g.subAt[holder]; ok && g.tree.Nodes[g.parent(holder)].Form != perlsrc.Scheduled {
				p := it.path
				if g.sigil(it.node) == '@' {
					p = f.inListOrSelf(it)
				}
				f.giveBack(it, number, p)
			}
			return
		case perlsrc.CallNode:
			f.leaveBlock(it, holder)
			return
		case perlsrc.CastNode:
			f.at(holder, it.path, it.ctx, it.trail)
			return
		case perlsrc.StatementNode:
			switch g.tree.Keyword(block) {
			case "if", "unless", "else", "elsif", "try", "catch", "":
			default:
				return
			}
			n = holder
		default:
			return
		}
	}
}

// leaveBlock goes on from the value of a block that a function was given.
func (f *forward) leaveBlock(it item, call perlsrc.NodeID) {
	callee := f.g.tree.Callee(call)
	switch callee {
	case "do", "eval", "try", "catch":
		f.at(call, it.path, it.ctx, it.trail)
	case "map":
		f.at(call, f.inListOrSelf(it), it.ctx, it.trail)
	case "grep", "first", "any", "all", "none":
		f.decide(it, call)
	case "sort":
	default:
		f.end(it, Sink{Kind: Passed, Node: call, At: it.node, Callee: callee, Index: -1})
	}
}

// inListOrSelf gives the path in the list that a single expression is.
func (f *forward) inListOrSelf(it item) path {
	head, tail, ok := f.head(it.path)
	if ok && (head.kind == byPos || f.g.sigil(it.node) != 0) {
		return f.under(sel{kind: byPos, pos: anywhere, key: head.key}, tail)
	}
	return f.under(sel{kind: byPos, pos: anywhere}, it.path)
}

// leaveInclude goes on from an argument of use: a constant's value, or what is
// passed to import.
func (f *forward) leaveInclude(it item, s perlsrc.NodeID) {
	g := f.g
	head, tail, ok := f.head(it.path)
	for _, number := range g.constantsOf[s] {
		for _, v := range g.subs[number].values {
			switch {
			case v == it.node:
				f.giveBack(it, number, it.path)
				return
			case g.parent(v) == it.node && ok && head.key == g.subs[number].name:
				f.giveBack(it, number, tail)
				return
			}
		}
	}
	in := g.tree.Include(s)
	if strings.HasPrefix(in.Word, "use") && len(g.constantsOf[s]) == 0 {
		f.end(it, Sink{Kind: Passed, Node: s, At: it.node, Callee: "import", Class: in.Module, Key: g.keyBefore(it.node)})
	}
}
