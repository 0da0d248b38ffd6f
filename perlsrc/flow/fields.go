package flow

import "nacre/perlsrc"

// field is a field of the objects of a package.
type field struct{ pkg, key string }

// fieldAt gives the field that an Access begins with, sid of $self->{sid}[0] and
// of $_[0]{sid}, and how many of its subscripts lead there.
func (g *Graph) fieldAt(n perlsrc.NodeID) (f field, steps int, ok bool) {
	base := g.child(n)
	at := g.next(base)
	if at == 0 || g.kind(n) != perlsrc.AccessNode {
		return field{}, 0, false
	}
	steps = 1
	if v := g.varAt[base]; v != 0 && g.isArgs(v) && g.literal(g.child(at)) == "0" {
		at, steps = g.next(at), 2
	} else if !g.isObject(base) {
		return field{}, 0, false
	}
	if at == 0 || g.kind(at) != perlsrc.SubscriptNode {
		return field{}, 0, false
	}
	s := g.selector(at)
	if s.kind != byKey || s.loose {
		return field{}, 0, false
	}
	return field{g.tree.EnclosingPackage(n), s.key}, steps, true
}

// fieldUses gives the places where a field stands.
func (g *Graph) fieldUses(f field) []perlsrc.NodeID {
	if g.byField == nil {
		g.byField = map[field][]perlsrc.NodeID{}
		for n := range g.tree.All(0, perlsrc.AccessNode) {
			if f, _, ok := g.fieldAt(n); ok {
				g.byField[f] = append(g.byField[f], n)
			}
		}
		for n := range g.tree.Calls("bless") {
			for _, h := range g.blessed(n) {
				for c := range g.tree.Children(h) {
					if key, ok := g.tree.Key(c); ok && g.tree.Operator(c) == "=>" {
						f := field{g.tree.EnclosingPackage(n), key}
						g.byField[f] = append(g.byField[f], c)
					}
				}
			}
		}
	}
	return g.byField[f]
}

// blessed gives the {...} that becomes an object.
func (g *Graph) blessed(call perlsrc.NodeID) []perlsrc.NodeID {
	a := g.tree.Arg(call, 0)
	if a == 0 {
		return nil
	}
	switch g.kind(a) {
	case perlsrc.HashNode:
		return []perlsrc.NodeID{a}
	case perlsrc.TermNode, perlsrc.DeclareNode:
		if g.kind(a) == perlsrc.DeclareNode {
			a = g.child(a)
		}
		if from := g.onlyWrite(a); from != 0 && g.kind(from) == perlsrc.HashNode {
			return []perlsrc.NodeID{from}
		}
	}
	return nil
}

// isObject says whether a node holds an object of the package that it stands
// in: $self by its name, the invocant in $_[0] and shift, and what was blessed.
func (g *Graph) isObject(n perlsrc.NodeID) bool {
	switch g.kind(n) {
	case perlsrc.TermNode, perlsrc.CastNode:
		if g.kind(n) == perlsrc.CastNode {
			if n = g.child(n); n == 0 || g.kind(n) != perlsrc.TermNode {
				return false
			}
		}
		v := g.varAt[n]
		if v == 0 {
			return false
		}
		x := &g.vars[v]
		if x.name[0] != '$' {
			return false
		}
		if x.object == 0 {
			x.object = -1
			if g.holdsObject(v) {
				x.object = 1
			}
		}
		return x.object > 0
	case perlsrc.CallNode:
		_, p, ok := g.paramAt(n)
		return ok && p.kind == one && p.index == 0
	}
	return false
}

func (g *Graph) holdsObject(v int32) bool {
	x := g.vars[v]
	switch x.name {
	case "$self", "$this", "$class":
		return true
	}
	if x.global || x.topic != 0 {
		return false
	}
	h := g.historyOf(v)
	for _, u := range limited(h.reads) {
		if up := g.parent(u); g.kind(up) == perlsrc.CallNode && g.tree.Callee(up) == "bless" && g.tree.Arg(up, 0) == u {
			return true
		}
	}
	for _, w := range limited(h.writes) {
		if len(w.into) == 0 && w.op == "=" && w.from != 0 && g.kind(w.from) == perlsrc.CallNode {
			switch g.tree.Callee(w.from) {
			case "bless", "SUPER::new", "fields::new":
				return true
			}
		}
	}
	return false
}

// classOf gives the class of the object or class name that a node holds.
func (g *Graph) classOf(n perlsrc.NodeID, depth int) (string, bool) {
	if n == 0 || depth > maxAliases {
		return "", false
	}
	if g.kind(n) == perlsrc.TermNode || g.kind(n) == perlsrc.ExprNode {
		if s, ok := g.tree.Literal(n); ok {
			return s, isClass(s)
		}
	}
	if g.isObject(n) {
		return g.tree.EnclosingPackage(n), true
	}
	switch g.kind(n) {
	case perlsrc.CallNode:
		c := g.tree.Call(n)
		switch {
		case c.Callee == "bless" && len(c.Args) == 1:
			return g.tree.EnclosingPackage(n), true
		case c.Callee == "bless" && len(c.Args) > 1:
			return g.classOf(c.Args[1], depth+1)
		case c.Method && constructs(c.Callee):
			return g.classOf(c.Invocant, depth+1)
		case c.Callee == "ref" && len(c.Args) == 1:
			return g.classOf(c.Args[0], depth+1)
		}
	case perlsrc.LogicNode:
		for c := range g.tree.Children(n) {
			if class, ok := g.classOf(c, depth+1); ok {
				return class, true
			}
		}
	case perlsrc.ListNode:
		if c := g.child(n); c != 0 && g.next(c) == 0 {
			return g.classOf(c, depth+1)
		}
	case perlsrc.AssignNode:
		return g.classOf(g.last(n), depth+1)
	case perlsrc.TermNode:
		if from := g.onlyWrite(n); from != 0 {
			return g.classOf(from, depth+1)
		}
	case perlsrc.DeclareNode:
		if c := g.child(n); c != 0 && g.kind(c) == perlsrc.TermNode {
			return g.classOf(c, depth+1)
		}
	case perlsrc.AccessNode:
		f, steps, ok := g.fieldAt(n)
		if !ok || len(g.selectors(n)) > steps {
			return "", false
		}
		for i, u := range g.fieldUses(f) {
			if i == maxUses {
				break
			}
			from := u
			if g.kind(u) == perlsrc.AccessNode && g.child(g.parent(u)) == u && g.kind(g.parent(u)) == perlsrc.AssignNode {
				from = g.last(g.parent(u))
			} else if g.kind(u) == perlsrc.AccessNode {
				continue
			}
			if class, ok := g.classOf(from, depth+1); ok {
				return class, true
			}
		}
	}
	return "", false
}

// isClass says whether a word may be the name of a class.
func isClass(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c == ':' || c == '\'' || c >= '0' && c <= '9'):
		default:
			return false
		}
	}
	return s != ""
}

// constructs says whether a method of a class gives an object of it.
func constructs(method string) bool {
	switch method {
	case "new", "instance", "create", "construct", "new_from_file", "new_from_string":
		return true
	}
	return false
}
