package flow

import (
	"strings"

	"nacre/perlsrc"
)

// fromVariable goes on to all that is written to a variable.
func (b *backward) fromVariable(it item) {
	g, n := b.g, it.node
	v := g.varAt[n]
	if v == 0 {
		b.end(it, Origin{Kind: Global, Node: n, Name: string(g.tree.Text(n)), Key: b.keyOf(it.path)})
		return
	}
	x := &g.vars[v]
	p := it.path
	if head, tail, ok := b.head(p); ok && head.kind == byPos {
		switch x.name[0] {
		case '@':
			if x.decl != 0 || x.global || x.topic != 0 || !g.isArgs(v) {
				p = b.under(sel{kind: byElem}, tail)
			}
		case '%':
			p = b.under(sel{kind: byKey, key: head.key, loose: head.key == ""}, tail)
		default:
			p = tail
		}
	}
	it.path = p
	switch {
	case captured(x.name):
		b.end(it, Origin{Kind: Captured, Node: n, Name: x.name})
		return
	case g.isArgs(v):
		b.fromParam(it, n)
		return
	case x.topic != 0:
		b.fromTopic(it, x.topic)
		return
	}
	found := b.fromWrites(it, v)
	if x.decl != 0 && b.fromSignature(it, x.decl) {
		return
	}
	if !x.global && !found && g.referred(v) {
		b.unknown(it)
	}
	if x.global && (!found || own(x.name) && (x.name != "$_" || !g.settled(v, n))) {
		b.end(it, Origin{Kind: Global, Node: n, Name: x.name, Key: b.keyOf(it.path)})
	}
}

// settled says whether a variable was certainly given a value before a node, in
// the same sub: as $_ by local $_ = shift.
func (g *Graph) settled(v int32, n perlsrc.NodeID) bool {
	at, here := g.start(n), g.tree.EnclosingSub(n)
	for _, r := range limited(g.historyOf(v).replaced) {
		if r.start < at && r.sub == here && r.scope.Start <= at && at < r.scope.End {
			return true
		}
	}
	return false
}

// referred says whether a reference to a variable is taken, through which others
// may fill it.
func (g *Graph) referred(v int32) bool {
	for _, u := range limited(g.usesOf(v)) {
		up := g.parent(u)
		if g.kind(up) == perlsrc.DeclareNode {
			u, up = up, g.parent(up)
		}
		if g.kind(up) == perlsrc.ExprNode && g.tree.Operator(u) == `\` {
			return true
		}
	}
	return false
}

// isArgs says whether a variable is the @_ of a sub.
func (g *Graph) isArgs(v int32) bool {
	x := &g.vars[v]
	return x.name == "@_" && !x.global && x.decl == 0 && x.topic == 0
}

// captured says whether a variable is one that a match sets.
func captured(name string) bool {
	switch name {
	case "$&", "$`", "$'", "$+", "%+", "%-", "@-", "@+", "$^N", "@{^CAPTURE}":
		return true
	}
	return len(name) > 1 && name[0] == '$' && name[1] >= '1' && name[1] <= '9'
}

// own says whether a variable is perl's own, which may hold more than what the
// file sets.
func own(name string) bool {
	c := name[1]
	return everywhere[name[1:]] || !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_')
}

func (b *backward) keyOf(p path) string {
	if head, _, ok := b.head(p); ok {
		return head.key
	}
	return ""
}

// fromWrites goes on to what is assigned to a variable where that may be read
// at the node.
func (b *backward) fromWrites(it item, v int32) (found bool) {
	g := b.g
	found = b.fromWritesOf(it, v, func(write) bool { return true })
	for _, k := range g.kinship(v).alike {
		refers := g.refersTo(k.v) != 0
		found = b.fromWritesOf(it, k.v, func(w write) bool { return w.through || !refers }) || found
	}
	for _, k := range g.kinship(v).elements {
		p, ok := it.path, true
		if !k.bare {
			p, ok = b.into(p, k.head)
		}
		if ok {
			one := item{state{it.node, p, it.ctx}, it.trail}
			found = b.fromWritesOf(one, k.v, func(w write) bool { return w.op != "for" }) || found
		}
	}
	return found
}

// fromWritesOf goes on to those of a variable's writes that may be read at the node.
func (b *backward) fromWritesOf(it item, v int32, counts func(write) bool) (found bool) {
	g, n := b.g, it.node
	for _, w := range g.historyOf(v).writes {
		if !b.spend() {
			return found
		}
		u := w.place
		if !counts(w) || u != n && !g.reaches(w, b.overwritten(w, n), n) {
			continue
		}
		step := item{state{n, it.path, b.holds(it.ctx, n, u)}, it.trail}
		found = b.fromWrite(step, w, g.vars[v].name) || found
	}
	return found
}

// overwritten gives what replaces a write before the node, if that may be.
func (b *backward) overwritten(w write, n perlsrc.NodeID) []perlsrc.Span {
	if b.g.start(n) < b.g.start(w.node) {
		return nil
	}
	return b.g.overwritten(w, &b.steps)
}

// fromWrite goes on to the value of a write; false if it is of another part of
// the variable than the path asks for.
func (b *backward) fromWrite(it item, w write, name string) bool {
	g := b.g
	p := it.path
	for _, s := range w.into {
		var ok bool
		if p, ok = b.into(p, s); !ok {
			return false
		}
	}
	t := it.trail.stepped(w.node, "assigned to "+name)
	switch {
	case w.fills > 0:
		return b.fromFill(item{state{it.node, p, it.ctx}, it.trail}, w)
	case w.args > 0:
		head, tail, ok := b.head(p)
		if ok && head.kind == byKey {
			return false
		}
		i := 0
		for a := range g.tree.Args(w.node) {
			if i++; i <= w.args {
				continue
			}
			q := tail
			if g.many(a) {
				q = b.under(sel{kind: byPos, pos: anywhere}, tail)
			}
			b.at(a, q, it.ctx, t)
		}
		return true
	case w.from == 0:
		b.end(item{it.state, t}, Origin{Kind: Result, Node: w.node, Name: w.op, Key: b.keyOf(p)})
		return true
	case w.op == "s":
		b.at(w.from, 0, it.ctx, t)
		return false
	case w.op != "=" && w.op != "for":
		op := strings.TrimSuffix(w.op, "=")
		t = t.passed(op, op != "||" && op != "//" && op != "&&")
		t.quoted = op == "."
	}
	if w.listed {
		p = b.listed(w, p)
	}
	b.at(w.from, p, it.ctx, t)
	return true
}

// listed gives the path in the list that is assigned.
func (b *backward) listed(w write, p path) path {
	head, tail, ok := b.head(p)
	switch w.aggregate {
	case '@':
		s := sel{kind: byPos, pos: anywhere}
		if !ok {
			return 0
		}
		return b.under(s, tail)
	case '%':
		if !ok {
			return 0
		}
		return b.under(sel{kind: byPos, pos: anywhere, key: head.key}, tail)
	}
	return b.under(sel{kind: byPos, pos: w.pos}, p)
}

// fromTopic goes on to what a $_ goes over.
func (b *backward) fromTopic(it item, by perlsrc.NodeID) {
	g := b.g
	p := b.under(sel{kind: byPos, pos: anywhere}, it.path)
	switch g.kind(by) {
	case perlsrc.TermNode:
		b.at(by, 0, it.ctx, it.trail)
	case perlsrc.CallNode:
		c := g.tree.Call(by)
		args := c.Args
		if c.Block == 0 && len(args) > 0 {
			args = args[1:]
		}
		for _, a := range args {
			q := it.path
			if g.many(a) {
				q = p
			}
			b.at(a, q, it.ctx, it.trail)
		}
	default:
		if word, condition := g.tree.Modifier(by); word != "" {
			b.at(condition, p, it.ctx, it.trail)
			return
		}
		for c := range g.tree.Children(by) {
			if k := g.tree.Keyword(c); g.kind(c) == perlsrc.ListNode && (k == "for" || k == "foreach") {
				b.at(c, p, it.ctx, it.trail)
				return
			}
		}
	}
}

// fromSignature goes on to the arguments behind a variable of a signature.
func (b *backward) fromSignature(it item, decl perlsrc.NodeID) bool {
	if _, p, ok := b.g.paramAt(decl); ok && p.kind == signed {
		b.fromParam(it, decl)
		return true
	}
	return false
}

// fromParam goes on to the arguments of a sub that stand behind a shift, an
// $_[0], an @_ or a variable of its signature.
func (b *backward) fromParam(it item, n perlsrc.NodeID) {
	g := b.g
	number, p, ok := g.paramAt(n)
	if !ok {
		b.unknown(it)
		return
	}
	want, tail := sel{kind: byPos, pos: p.index}, it.path
	if p.kind == rest {
		head, below, ok := b.head(it.path)
		want = sel{kind: byPos, pos: anywhere}
		if ok {
			tail = below
			if head.kind == byPos {
				want.key = head.key
				if head.pos != anywhere {
					want.pos = head.pos + p.index
				}
			}
		}
	} else if s := g.sigil(n); p.kind == signed && s != 0 {
		head, below, _ := b.head(it.path)
		want, tail = sel{kind: byPos, pos: anywhere, key: head.key}, below
	}
	b.fromCallers(item{state{it.node, tail, it.ctx}, it.trail}, n, number, want)
}

// fromCallers goes on to the argument of a sub that want tells and that n gets at,
// of which the path asks for a part.
func (b *backward) fromCallers(it item, n perlsrc.NodeID, number int32, want sel) {
	g := b.g
	if call, outer, ok := b.leave(it.ctx, number); ok {
		b.fromArgument(item{state{it.node, it.path, outer}, it.trail}, call, number, want)
		return
	}
	x := &g.subs[number]
	callers := g.callersOf(number)
	for _, call := range callers {
		if !b.spend() {
			return
		}
		b.fromArgument(item{state{it.node, it.path, 0}, it.trail}, call, number, want)
	}
	if len(callers) > 0 && g.private(number) {
		return
	}
	name := want.key
	o := Origin{Kind: Param, Node: n, Sub: x.node, Index: want.pos, Name: name, Key: b.keyOf(it.path)}
	if name != "" {
		o.Index = -1
	} else {
		o.Name = g.paramName(number, want.pos)
	}
	if o.Key != "" && o.Key != gathered {
		o = Origin{Kind: Field, Node: it.node, Sub: x.node, Index: o.Index, Name: o.Key, Key: o.Name}
	} else {
		o.Key = ""
	}
	b.end(it, o)
}

// paramName gives the name of a variable that takes a parameter.
func (g *Graph) paramName(number int32, index int) string {
	for _, p := range g.params(number) {
		n := p.node
		switch {
		case p.kind == signed && p.index == index:
			return bare(string(g.tree.Text(n)))
		case p.kind == one && p.index != index || p.kind == signed || index == anywhere:
			continue
		}
		up := g.parent(n)
		for g.kind(up) == perlsrc.LogicNode || g.kind(up) == perlsrc.TernaryNode {
			n, up = up, g.parent(up)
		}
		if g.kind(up) != perlsrc.AssignNode || g.next(n) != 0 {
			continue
		}
		at := index - p.index
		targets := g.targets(g.child(up))
		if p.kind == one {
			at = 0
		}
		if at >= 0 && at < len(targets) && g.varAt[targets[at]] != 0 {
			return bare(g.vars[g.varAt[targets[at]]].name)
		}
	}
	return ""
}

// fromArgument goes on to an argument of a call.
func (b *backward) fromArgument(it item, call perlsrc.NodeID, number int32, want sel) {
	g := b.g
	c := g.tree.Call(call)
	t := it.trail.stepped(call, "passed to "+g.nameOf(number))
	args := c.Args
	if c.Method {
		args = append([]perlsrc.NodeID{c.Invocant}, args...)
	}
	if g.passesOn(call) { // &foo; has the arguments of its caller
		outer, ok := g.subOf(call)
		if b.passed++; ok && b.passed <= maxCalls {
			if want.pos != anywhere {
				want.pos = g.later(want.pos, outer, call)
			}
			b.fromCallers(item{state{call, it.path, it.ctx}, t}, call, outer, want)
		}
		b.passed--
		return
	}
	b.fromList(item{state{call, b.under(want, it.path), it.ctx}, t}, args)
}
