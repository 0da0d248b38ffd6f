package flow

import "nacre/perlsrc"

// leaveArgument goes on from a part of a call: its invocant, its block, an
// argument.
func (f *forward) leaveArgument(it item, call perlsrc.NodeID) {
	g, n := f.g, it.node
	c := g.tree.Call(call)
	switch {
	case n == c.Invocant:
		f.invoke(it, call, c)
		return
	case n == c.Target:
		if f.plain(it) {
			f.end(it, Sink{Kind: Invoked, Node: call, At: n, Callee: c.Callee})
		}
		return
	case n == c.Handle || n == c.Block:
		f.end(it, Sink{Kind: Passed, Node: call, At: n, Callee: c.Callee, Index: -1})
		return
	}
	if c.Callee == "return" || c.Callee == "goto" && g.passesOn(n) {
		f.returned(it, call, len(c.Args))
		return
	}
	p := f.inList(it)
	if !c.Method && !c.Dynamic {
		if c.Block != 0 && c.Callee != "map" && c.Callee != "grep" && g.topicAt[call] != 0 {
			_, tail, _ := f.head(p)
			f.topic(it, call, tail)
		}
		if f.builtin(it, call, c, p) {
			return
		}
	}
	if number, ok := g.resolve(call); ok {
		if f.enterSub(it, call, number, p, c.Method) {
			return
		}
	} else if c.Method && f.gathered(it, call, c) {
		return
	}
	f.passed(it, call, c, p)
}

func (f *forward) passed(it item, call perlsrc.NodeID, c perlsrc.Call, p path) {
	head, _, _ := f.head(p)
	s := Sink{Kind: Passed, Node: call, At: it.node, Callee: c.Callee, Class: c.Class, Index: f.argumentIndex(it.node, c), Key: head.key}
	if within, _, ok := f.head(it.path); ok && within.kind == byKey && !within.loose {
		s.Key = within.key
	}
	f.end(item{it.state, it.trail.stepped(call, "passed to "+c.Callee)}, s)
}

func (f *forward) argumentIndex(n perlsrc.NodeID, c perlsrc.Call) int {
	for i, a := range limited(c.Args) {
		if a == n {
			return i
		}
	}
	return -1
}

// invoke goes on from what a method is called of.
func (f *forward) invoke(it item, call perlsrc.NodeID, c perlsrc.Call) {
	g := f.g
	if number, ok := g.resolve(call); ok {
		if it.path != 0 || !g.isObject(it.node) {
			f.enterParams(it, call, number, f.under(sel{kind: byPos}, it.path))
		}
		return
	}
	if head, _, ok := f.head(it.path); ok {
		if head.kind == byKey && head.key == gathered && yields[c.Callee] {
			f.at(call, 0, it.ctx, it.trail.passed(c.Callee, true))
		} else if head.kind == byKey && head.key == gathered && gathers[c.Callee] {
			f.at(call, it.path, it.ctx, it.trail)
		}
		return
	}
	if yields[c.Callee] {
		f.at(call, 0, it.ctx, it.trail.passed(c.Callee, true))
		return
	}
	f.end(it, Sink{Kind: Invoked, Node: call, At: it.node, Callee: c.Callee, Class: c.Class})
}

// gathered is the key under which an object holds what was put into it.
const gathered = "\x00gathered"

// gathered goes on with what is added to a digest: it is in the object from then on.
func (f *forward) gathered(it item, call perlsrc.NodeID, c perlsrc.Call) bool {
	g := f.g
	if !gathers[c.Callee] || !f.plain(it) {
		return false
	}
	p := f.under(sel{kind: byKey, key: gathered}, 0)
	t := it.trail.passed(c.Callee, true)
	f.at(call, p, it.ctx, t)
	base := c.Invocant
	if v := g.varAt[base]; v != 0 {
		f.reads(write{place: base, node: call}, v, p, it.ctx, t)
	} else if at, _, ok := g.fieldAt(base); ok && g.kind(base) == perlsrc.AccessNode {
		f.readField(at, p, base, t)
	}
	return true
}

// enterSub goes on in a sub of the file; p lies in the arguments. It is false
// where the sub does not get at the argument.
func (f *forward) enterSub(it item, call perlsrc.NodeID, number int32, p path, method bool) bool {
	if method {
		head, tail, _ := f.head(p)
		if head.pos != anywhere {
			head.pos++
		}
		p = f.under(head, tail)
	}
	return f.enterParams(it, call, number, p)
}

func (f *forward) enterParams(it item, call perlsrc.NodeID, number int32, p path) bool {
	g := f.g
	ctx, ok := f.enter(it.ctx, call, number)
	if !ok {
		return false
	}
	head, tail, _ := f.head(p)
	t := it.trail.stepped(call, "passed to "+g.nameOf(number)).named(head.key)
	found := false
	for _, a := range g.params(number) {
		if !f.spend() {
			break
		}
		switch {
		case a.kind == rest:
			s := head
			if s.pos != anywhere {
				if s.pos -= a.index; s.pos < 0 {
					continue
				}
			}
			found = true
			f.at(a.node, f.under(s, tail), ctx, t)
		case head.pos != anywhere && a.index != anywhere && head.pos != a.index:
			if s := g.sigil(a.node); a.kind != signed || s == 0 || head.pos < a.index {
				continue
			}
			fallthrough
		default:
			found = true
			if a.kind == one {
				f.at(a.node, tail, ctx, t)
				continue
			}
			it := item{state{a.node, tail, ctx}, t}
			switch g.sigil(a.node) {
			case '@':
				f.store(a.node, f.under(sel{kind: byElem}, tail), it, a.node)
			case '%':
				f.store(a.node, f.under(sel{kind: byKey, key: head.key, loose: head.key == ""}, tail), it, a.node)
			default:
				f.store(a.node, tail, it, a.node)
			}
		}
	}
	for _, on := range g.subs[number].passes {
		if !f.spend() {
			break
		}
		s := head
		if taken := g.taken(number, on); s.pos != anywhere && taken > s.pos {
			continue
		} else if s.pos != anywhere && taken != anywhere {
			s.pos -= taken
		} else {
			s.pos = anywhere
		}
		if next, ok := g.resolve(on); ok {
			found = f.enterParams(item{state{it.node, it.path, ctx}, t}, on, next, f.under(s, tail)) || found
		}
	}
	return found
}

// nameOf gives what people would call a sub.
func (g *Graph) nameOf(number int32) string {
	if name := g.subs[number].name; name != "" {
		return name
	}
	return "an anonymous sub"
}

// builtin goes on from an argument of one of perl's own functions and of
// well-known ones; false if it is none that is known.
func (f *forward) builtin(it item, call perlsrc.NodeID, c perlsrc.Call, p path) bool {
	g := f.g
	_, tail, _ := f.head(p)
	index := f.argumentIndex(it.node, c)
	switch c.Callee {
	case "push", "unshift", "splice":
		if index == 0 && len(c.Args) > 0 {
			if c.Callee == "splice" {
				f.at(call, it.path, it.ctx, it.trail)
			}
			return true
		}
		if len(c.Args) > 0 && (c.Callee != "splice" || index > 2) {
			f.store(c.Args[0], f.under(sel{kind: byElem}, tail), item{it.state, it.trail}, call)
		}
		return true
	case "shift", "pop":
		if head, tail, ok := f.head(it.path); ok && head.kind != byKey {
			f.at(call, tail, it.ctx, it.trail)
		}
		return true
	case "map", "grep":
		f.loop(it, call, c, p)
		return true
	case "bless":
		f.bless(it, call)
		return true
	case "eval":
		if f.plain(it) {
			f.end(it, Sink{Kind: Evaluated, Node: call, At: it.node, Callee: "eval"})
		}
		return true
	case "try", "catch", "finally": // try {...} catch {...} is try(sub, catch(sub))
		f.at(call, it.path, it.ctx, it.trail)
		return true
	case "ref", "defined", "exists", "length", "wantarray":
		if !f.plain(it) {
			return true
		}
		return false
	case "scalar":
		if f.plain(it) {
			f.at(call, 0, it.ctx, it.trail)
		}
		return true
	case "delete":
		f.at(call, it.path, it.ctx, it.trail)
		return true
	case "chomp", "chop", "lock", "undef":
		return true
	case "substr":
		if index == 3 {
			f.store(c.Args[0], 0, item{it.state, it.trail.passed("substr", true)}, call)
			return true
		}
	case "each", "keys", "values":
		head, tail, ok := f.head(it.path)
		if ok && c.Callee != "keys" && head.kind != byPos {
			s := sel{kind: byPos, pos: anywhere}
			if c.Callee == "each" {
				s.pos = 1
			}
			f.at(call, f.under(s, tail), it.ctx, it.trail)
		}
		return true
	}
	name, ok := carry(c.Callee)
	if !ok {
		return false
	}
	if number, own := g.resolve(call); own && g.subs[number].node != 0 {
		return false // the file's own of that name
	}
	changed := !keeps[name]
	if changed && tail != 0 {
		return true // of a reference
	}
	out := tail
	if lists[name] {
		out = f.under(sel{kind: byPos, pos: anywhere}, tail)
	}
	f.at(call, out, it.ctx, it.trail.passed(name, changed))
	return true
}

// loop goes on from what map and grep go over, or from map's expression.
func (f *forward) loop(it item, call perlsrc.NodeID, c perlsrc.Call, p path) {
	head, tail, _ := f.head(p)
	any := f.under(sel{kind: byPos, pos: anywhere, key: head.key}, tail)
	if c.Block == 0 && len(c.Args) > 0 && it.node == c.Args[0] {
		if c.Callee == "grep" {
			f.decide(it, call)
		} else {
			f.at(call, any, it.ctx, it.trail)
		}
		return
	}
	f.topic(it, call, tail)
	if c.Callee == "grep" {
		f.at(call, any, it.ctx, it.trail)
	}
}

// bless makes the fields of an object of a structure.
func (f *forward) bless(it item, call perlsrc.NodeID) {
	g := f.g
	head, tail, ok := f.head(it.path)
	if !ok {
		return
	}
	if head.kind == byKey && !head.loose {
		t := it.trail.named(head.key).stepped(call, "put into the object's "+head.key)
		f.end(item{it.state, t}, Sink{Kind: Stored, Node: call, At: it.node, Key: head.key})
		f.readField(field{g.tree.EnclosingPackage(call), head.key}, tail, call, t)
		return
	}
	f.at(call, it.path, it.ctx, it.trail)
}
