package flow

import "nacre/perlsrc"

// assign goes on with a value that is assigned by up.
func (f *forward) assign(it item, up perlsrc.NodeID) {
	g := f.g
	for c := g.child(up); g.next(c) != 0 && f.steps >= 0; c = g.next(c) {
		one := it
		op := g.tree.Operator(g.next(c))
		switch op {
		case "=", "||=", "//=", "&&=":
		default:
			if !f.plain(it) {
				continue
			}
			one.trail = it.trail.passed(op[:len(op)-1], true)
		}
		target := c
		if g.kind(c) == perlsrc.DeclareNode && g.child(c) != 0 {
			target = g.child(c)
		}
		if g.kind(target) == perlsrc.ListNode {
			f.assignList(one, target, up)
			continue
		}
		f.assignOne(one, target, up)
	}
}

// assignOne goes on with a value assigned to a scalar, an array, a hash or a
// part of one.
func (f *forward) assignOne(it item, target, up perlsrc.NodeID) {
	g := f.g
	head, tail, ok := f.head(it.path)
	switch g.sigil(target) {
	case '@':
		p := f.inArray(it)
		if g.kind(target) == perlsrc.AccessNode { // a slice: its keys are its own
			_, p, _ = f.head(p)
		}
		f.store(target, p, it, up)
	case '%':
		p, key := f.asHash(it)
		it.trail = it.trail.named(key)
		f.store(target, p, it, up)
	default:
		p := it.path
		if ok && head.kind == byPos {
			p = tail
		} else if ok && g.sigil(it.node) != 0 {
			return // the number of its elements
		}
		f.store(target, p, it, up)
	}
}

// asHash gives the path in a hash that the list at it.node fills.
func (f *forward) asHash(it item) (path, string) {
	head, tail, ok := f.head(it.path)
	switch {
	case ok && head.kind == byKey:
		return it.path, ""
	case ok && head.kind == byPos && head.key != "":
		return f.under(sel{kind: byKey, key: head.key}, tail), ""
	case ok:
		return f.under(sel{kind: byKey, loose: true}, tail), ""
	}
	return f.under(sel{kind: byKey, loose: true}, 0), ""
}

// assignList goes on with a value assigned to a list of targets.
func (f *forward) assignList(it item, list, up perlsrc.NodeID) {
	g := f.g
	head, tail, ok := f.head(it.path)
	switch {
	case !ok:
		head, tail = sel{kind: byPos}, 0
		if g.many(it.node) {
			head.pos = anywhere
		}
	case head.kind != byPos && g.sigil(it.node) == 0:
		head, tail = sel{kind: byPos}, it.path
	case head.kind != byPos:
		head = sel{kind: byPos, pos: anywhere, key: head.key}
	}
	i := 0
	for c := range g.tree.Children(list) {
		switch g.sigil(c) {
		case '@':
			if head.pos == anywhere || head.pos >= i {
				f.store(c, f.under(sel{kind: byElem}, tail), it, up)
			}
		case '%':
			if head.pos == anywhere || head.pos >= i {
				p := f.under(sel{kind: byKey, loose: true}, tail)
				if head.key != "" {
					p = f.under(sel{kind: byKey, key: head.key}, tail)
				}
				f.store(c, p, it, up)
			}
		default:
			if head.pos == anywhere || head.pos == i {
				f.store(c, tail, it, up)
			}
		}
		i++
	}
}

// store goes on with a value that is put at path p of the target; by is the
// Assign or what else puts it there.
func (f *forward) store(target perlsrc.NodeID, p path, it item, by perlsrc.NodeID) {
	g := f.g
	if !f.spend() {
		return
	}
	switch g.kind(target) {
	case perlsrc.DeclareNode:
		for c := range g.tree.Children(target) {
			f.store(c, p, it, by)
		}
	case perlsrc.ListNode:
		if c := g.child(target); c != 0 && g.next(c) == 0 {
			f.store(c, p, it, by)
		}
	case perlsrc.TernaryNode, perlsrc.LogicNode:
		for c := g.next(g.child(target)); c != 0; c = g.next(c) {
			f.store(c, p, it, by)
		}
	case perlsrc.TermNode:
		f.storeVariable(target, p, it, by)
	case perlsrc.CastNode:
		if g.varAt[target] != 0 {
			f.storeVariable(target, p, it, by)
			return
		}
		f.store(g.within(target), p, it, by)
	case perlsrc.AccessNode:
		f.storeField(target, p, it, by)
	case perlsrc.CallNode:
		if g.tree.Callee(target) == "substr" {
			f.store(g.tree.Arg(target, 0), 0, item{it.state, it.trail.passed("substr", true)}, by)
		}
	}
}

// within gives the expression in @{...}, or the variable in @$x.
func (g *Graph) within(n perlsrc.NodeID) perlsrc.NodeID {
	c := g.child(n)
	if g.kind(c) != perlsrc.BlockNode {
		return c
	}
	if s := g.child(c); s != 0 && g.next(s) == 0 {
		return g.child(s)
	}
	return 0
}

func (f *forward) storeVariable(target perlsrc.NodeID, p path, it item, by perlsrc.NodeID) {
	g := f.g
	v := g.varAt[target]
	if v == 0 {
		return
	}
	x := &g.vars[v]
	if x.global && x.name != "$_" {
		f.end(it, Sink{Kind: Stored, Node: by, At: it.node, Key: bare(x.name)})
	} else if head, _, ok := f.head(p); ok && head.kind == byKey && !head.loose {
		f.end(it, Sink{Kind: Stored, Node: by, At: it.node, Key: head.key})
	}
	t := it.trail.named(bare(x.name)).stepped(by, "assigned to "+string(g.tree.Text(target)))
	w := write{place: target, node: by}
	f.reads(w, v, p, it.ctx, t)
	f.storeAlias(v, p, item{it.state, t}, by)
}

// storeAlias goes on with what was put at path p of a variable in all that is the
// same thing: what the variable refers to, and what it goes over in a loop.
func (f *forward) storeAlias(v int32, p path, it item, by perlsrc.NodeID) {
	g := f.g
	for _, k := range g.kinship(v).alike {
		f.reads(write{place: g.usesOf(k.v)[0], node: by}, k.v, p, it.ctx, it.trail.named(bare(g.vars[k.v].name)))
	}
	if f.aliases >= maxAliases || g.kind(by) == perlsrc.StatementNode {
		return // a loop gives its variable what its list holds already
	}
	f.aliases++
	for _, n := range g.loopItems(v) {
		at := p
		if head, bare := g.headOf(n); !bare {
			at = f.under(head, p)
		}
		f.store(n, at, it, by)
	}
	f.aliases--
}

// fill goes on with what a sub assigns to its argument in those who call it.
func (f *forward) fill(target perlsrc.NodeID, p path, it item) {
	g := f.g
	number, a, ok := g.paramAt(target)
	if !ok || a.kind != one || a.index == anywhere {
		return
	}
	sels := g.selectors(target)
	for i := len(sels) - 1; i > 0; i-- {
		p = f.under(sels[i], p)
	}
	into := func(call perlsrc.NodeID, ctx context) {
		c := g.tree.Call(call)
		if c.Method || a.index >= len(c.Args) || g.position(c.Args[a.index]) != a.index {
			return
		}
		t := it.trail.stepped(call, "filled by "+g.nameOf(number))
		f.store(c.Args[a.index], p, item{state{it.node, it.path, ctx}, t}, call)
	}
	if call, outer, ok := f.leave(it.ctx, number); ok {
		into(call, outer)
		return
	}
	for _, call := range g.callersOf(number) {
		if !f.spend() {
			return
		}
		into(call, 0)
	}
}

// reads goes on with all places that may read what was written.
func (f *forward) reads(w write, v int32, p path, ctx context, t *trail) {
	g := f.g
	over := g.overwritten(w, &f.steps)
	for _, u := range g.historyOf(v).reads {
		if u == w.place || u == g.vars[v].decl {
			continue
		}
		if !f.spend() {
			return
		}
		if !g.reaches(w, over, u) {
			continue
		}
		f.at(u, p, f.holds(ctx, w.place, u), t)
	}
}

func (f *forward) storeField(target perlsrc.NodeID, p path, it item, by perlsrc.NodeID) {
	g := f.g
	base := g.child(target)
	sels := g.selectors(target)
	key, t := "", it.trail
	given := p
	for i := len(sels) - 1; i >= 0; i-- {
		p = f.under(sels[i], p)
		if sels[i].kind == byKey && !sels[i].loose && key == "" {
			key = sels[i].key
		}
	}
	for _, s := range sels {
		if s.kind == byKey {
			t = t.named(s.key)
		}
	}
	if key == "" {
		if v := g.varAt[base]; v != 0 {
			key = bare(g.vars[v].name)
		}
	}
	t = t.stepped(by, "assigned to "+string(g.tree.Text(target)))
	f.end(item{it.state, t}, Sink{Kind: Stored, Node: by, At: it.node, Key: key})
	if at, steps, ok := g.fieldAt(target); ok {
		for ; steps > 0; steps-- {
			_, p, _ = f.head(p)
		}
		f.readField(at, p, target, t)
		return
	}
	switch g.kind(base) {
	case perlsrc.TermNode, perlsrc.CastNode:
		if v := g.varAt[base]; v != 0 {
			f.reads(write{place: base, node: by}, v, p, it.ctx, t.named(bare(g.vars[v].name)))
			f.storeAlias(v, p, item{it.state, t}, by)
			if g.isArgs(v) {
				f.fill(target, given, item{it.state, t})
			}
		} else if g.kind(base) == perlsrc.CastNode {
			f.store(g.within(base), p, item{it.state, t}, by)
		}
	}
}

// readField goes on with all places of the package that read a field.
func (f *forward) readField(at field, p path, from perlsrc.NodeID, t *trail) {
	g := f.g
	for _, u := range g.fieldUses(at) {
		if u == from || g.kind(u) != perlsrc.AccessNode {
			continue
		}
		if !f.spend() {
			return
		}
		_, steps, _ := g.fieldAt(u)
		rest, ok := p, true
		for _, s := range g.selectors(u)[steps:] {
			if rest, ok = f.into(rest, s); !ok {
				break
			}
		}
		if up := g.parent(u); !ok || g.kind(up) == perlsrc.AssignNode && g.next(u) != 0 {
			continue
		}
		f.at(u, rest, 0, t)
	}
}
