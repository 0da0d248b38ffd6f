package flow

import "nacre/perlsrc"

// fromCall goes on to what a call's result is made of.
func (b *backward) fromCall(it item) {
	g, n := b.g, it.node
	c := g.tree.Call(n)
	if c.Block != 0 && g.kind(c.Block) == perlsrc.BlockNode {
		switch c.Callee {
		case "do", "eval", "try", "catch":
			b.fromBlock(it, c.Block)
			for _, a := range c.Args {
				b.at(a, it.path, it.ctx, it.trail)
			}
			return
		case "map":
			b.fromBlock(item{state{n, b.elementOf(it.path), it.ctx}, it.trail}, c.Block)
			return
		}
	}
	if _, p, ok := g.paramAt(n); ok && p.kind == one {
		b.fromParam(it, n)
		return
	}
	if !c.Method && !c.Dynamic && b.fromBuiltin(it, c) {
		return
	}
	if number, ok := g.resolve(n); ok {
		b.fromSub(it, n, number)
		return
	}
	if c.Method && (yields[c.Callee] || gathers[c.Callee]) {
		b.fromGathered(it, c)
		return
	}
	o := Origin{Kind: Result, Node: n, Name: c.Callee, Class: c.Class, Key: b.keyOf(it.path)}
	if o.Class == "" && c.Method {
		o.Class, _ = g.classOf(c.Invocant, 0)
	}
	b.end(it, o)
}

// elementOf gives the path in an element of the list that is asked for.
func (b *backward) elementOf(p path) path {
	head, tail, ok := b.head(p)
	if ok && head.kind != byKey {
		if head.key == "" {
			return tail
		}
		return b.under(sel{kind: byPos, pos: anywhere, key: head.key}, tail)
	}
	return p
}

// fromSub goes on to what a sub of the file returns.
func (b *backward) fromSub(it item, call perlsrc.NodeID, number int32) {
	g := b.g
	x := &g.subs[number]
	t := it.trail.stepped(call, "returned by "+g.nameOf(number)).named(x.name)
	if x.node == 0 {
		for _, v := range x.values {
			b.at(v, b.single(it.path, len(x.values)), 0, t)
		}
		return
	}
	ctx, ok := b.enter(it.ctx, call, number)
	if !ok {
		return
	}
	for _, r := range x.returns {
		args := g.tree.Call(r).Args
		if len(args) == 1 {
			b.at(args[0], b.onlyOf(args[0], it.path), ctx, t)
		} else {
			b.fromList(item{state{r, it.path, ctx}, t}, args)
		}
	}
	if x.block != 0 {
		b.at(x.block, it.path, ctx, t)
	}
}

// single gives the path in one of several values.
func (b *backward) single(p path, values int) path {
	if head, tail, ok := b.head(p); ok && head.kind == byPos && values > 0 {
		return tail
	}
	return p
}

// onlyOf gives the path in a value that is returned alone.
func (b *backward) onlyOf(n perlsrc.NodeID, p path) path {
	switch b.g.kind(n) {
	case perlsrc.TermNode:
		if b.g.sigil(n) != 0 {
			return p
		}
		return b.single(p, 1)
	case perlsrc.HashNode, perlsrc.ArrayNode:
		return b.single(p, 1)
	}
	return p
}

// fromGathered goes on to what was put into a digest.
func (b *backward) fromGathered(it item, c perlsrc.Call) {
	g := b.g
	t := it.trail
	if yields[c.Callee] {
		t = t.passed(c.Callee, true)
	}
	for _, a := range c.Args {
		b.at(a, 0, it.ctx, t)
	}
	if g.kind(c.Invocant) == perlsrc.CallNode {
		b.at(c.Invocant, 0, it.ctx, t)
		return
	}
	v := g.varAt[c.Invocant]
	if v == 0 {
		b.end(item{it.state, t}, Origin{Kind: Result, Node: it.node, Name: c.Callee})
		return
	}
	found := false
	for _, u := range g.usesOf(v) {
		if !b.spend() {
			return
		}
		up := g.parent(u)
		if g.kind(up) != perlsrc.CallNode || !gathers[g.tree.Callee(up)] || g.tree.Call(up).Invocant != u {
			continue
		}
		found = true
		for a := range g.tree.Args(up) {
			b.at(a, 0, it.ctx, t.passed(g.tree.Callee(up), true))
		}
	}
	if !found {
		b.end(item{it.state, t}, Origin{Kind: Result, Node: it.node, Name: c.Callee, Class: func() string { s, _ := g.classOf(c.Invocant, 0); return s }()})
	}
}

// fromBuiltin goes on from a call of one of perl's own functions and of
// well-known ones; false if it is none that is known.
func (b *backward) fromBuiltin(it item, c perlsrc.Call) bool {
	g, n := b.g, it.node
	switch c.Callee {
	case "defined", "exists", "ref", "length", "wantarray", "print", "printf", "say", "return", "goto", "push", "unshift", "chomp", "die":
		return true // no part of what it is given
	case "shift", "pop":
		if len(c.Args) == 0 {
			b.end(it, Origin{Kind: Global, Node: n, Name: "@ARGV"})
			return true
		}
		b.at(c.Args[0], b.under(sel{kind: byElem}, it.path), it.ctx, it.trail)
		return true
	case "bless", "delete":
		if len(c.Args) > 0 {
			b.at(c.Args[0], it.path, it.ctx, it.trail)
		}
		return true
	case "scalar":
		if len(c.Args) > 0 && g.sigil(c.Args[0]) == 0 {
			b.at(c.Args[0], it.path, it.ctx, it.trail)
		}
		return true
	case "map":
		if len(c.Args) > 0 {
			b.at(c.Args[0], b.elementOf(it.path), it.ctx, it.trail)
		}
		return true
	case "grep", "sort", "reverse", "shuffle", "uniq", "first":
		args := c.Args
		if c.Callee == "grep" && c.Block == 0 && len(args) > 0 {
			args = args[1:]
		}
		p := it.path
		if head, tail, ok := b.head(p); ok && head.kind == byPos {
			p = b.under(sel{kind: byPos, pos: anywhere}, tail)
		}
		b.fromList(item{state{n, p, it.ctx}, it.trail.passed(c.Callee, false)}, args)
		return true
	}
	name, ok := carry(c.Callee)
	if !ok {
		return false
	}
	if number, own := g.resolve(n); own && g.subs[number].node != 0 {
		return false
	}
	t := it.trail.passed(name, !keeps[name])
	if (name == "join" || name == "sprintf") && len(c.Args) > 1 {
		t.quoted = true
	}
	if len(c.Args) == 0 && (name == "gmtime" || name == "localtime") {
		b.end(it, Origin{Kind: Result, Node: n, Name: name})
		return true
	}
	if len(c.Args) == 0 {
		b.topicOf(item{it.state, t})
		return true
	}
	for i, a := range c.Args {
		if name == "substr" && i > 0 && i < 3 {
			if _, literal := g.tree.Literal(a); literal {
				continue
			}
		}
		b.at(a, 0, it.ctx, t)
	}
	return true
}

// topicOf goes on from a function that takes $_ where it has no argument.
func (b *backward) topicOf(it item) {
	b.end(it, Origin{Kind: Global, Node: it.node, Name: "$_"})
}
