package flow

import (
	"slices"
	"strings"

	"nacre/perlsrc"
)

// kin is another variable of the same thing: what lies at a path in it lies at
// head and then that path in the variable that it is kin of, or, where bare is
// set, at the same path.
type kin struct {
	v    int32
	head sel
	bare bool
}

// kinship are the variables of the same thing as one.
type kinship struct {
	alike, elements []kin // see the methods of Graph
}

// kinship finds the kin of a variable.
func (g *Graph) kinship(v int32) *kinship {
	x := &g.vars[v]
	if x.kinship == nil {
		x.kinship = &kinship{}
		x.kinship.alike = g.alike(v)
		x.kinship.elements = g.elements(v)
	}
	return x.kinship
}

// refersTo gives the variable that a scalar refers to wherever it is read: @l of
// my $r = \@l, if nothing else is assigned to $r itself.
func (g *Graph) refersTo(v int32) int32 {
	if x := &g.vars[v]; x.name[0] != '$' || x.global || x.topic != 0 {
		return 0
	}
	from := perlsrc.NodeID(0)
	for _, w := range limited(g.historyOf(v).writes) {
		if w.through {
			continue
		}
		if from != 0 || w.op != "=" || w.listed || w.from == 0 {
			return 0
		}
		from = w.from
	}
	if from == 0 || g.kind(from) != perlsrc.ExprNode {
		return 0
	}
	c := g.child(from)
	if c == 0 || g.next(c) != 0 || g.tree.Operator(c) != `\` {
		return 0
	}
	if g.kind(c) == perlsrc.DeclareNode {
		c = g.child(c)
	}
	if c == 0 || g.kind(c) != perlsrc.TermNode || g.varAt[c] == v {
		return 0
	}
	return g.varAt[c]
}

// alike gives the other names of a variable: of my $r = \@l, $r of @l and @l of $r.
func (g *Graph) alike(v int32) (out []kin) {
	root := v
	if to := g.refersTo(v); to != 0 {
		root = to
		out = append(out, kin{v: root, bare: true})
	}
	for _, u := range limited(g.usesOf(root)) {
		up := g.parent(u)
		if g.kind(up) == perlsrc.DeclareNode {
			u, up = up, g.parent(up)
		}
		if g.kind(up) != perlsrc.ExprNode || g.tree.Operator(u) != `\` || g.kind(g.parent(up)) != perlsrc.AssignNode {
			continue
		}
		target := g.child(g.parent(up))
		if g.kind(target) == perlsrc.DeclareNode {
			target = g.child(target)
		}
		if r := g.varAt[target]; r != 0 && r != v && r != root && g.refersTo(r) == root {
			out = append(out, kin{v: r, bare: true})
		}
	}
	return out
}

// elements gives the variables of loops over a variable, which perl does not
// copy: $v of for my $v (@l), and $_ of map {...} @l.
func (g *Graph) elements(v int32) (out []kin) {
	for _, u := range limited(g.usesOf(v)) {
		n, into := g.place(u)
		if len(into) > 0 {
			continue
		}
		item, s := n, g.parent(n)
		if g.kind(s) == perlsrc.CallNode && g.tree.Callee(s) == "values" {
			item, s = s, g.parent(s)
		}
		for g.kind(s) == perlsrc.ListNode {
			item, s = s, g.parent(s)
		}
		if e := g.loopVariable(s, item); e != 0 && e != v {
			k := kin{v: e}
			k.head, k.bare = g.headOf(n)
			out = append(out, k)
		}
	}
	return out
}

// headOf gives the step from an item of a loop's list to what the loop's variable
// is: bare for a scalar, which is it itself.
func (g *Graph) headOf(n perlsrc.NodeID) (head sel, bare bool) {
	switch g.sigil(n) {
	case '@':
		return sel{kind: byElem}, false
	case '%':
		return sel{kind: byKey, loose: true}, false
	}
	return sel{}, true
}

// loopVariable gives the variable that stands for each of the items in a node of
// s: of a foreach, a map or a grep.
func (g *Graph) loopVariable(s, item perlsrc.NodeID) int32 {
	switch g.kind(s) {
	case perlsrc.CallNode:
		if c := g.tree.Callee(s); (c == "map" || c == "grep") && item != g.child(s) {
			return g.topicAt[s]
		}
	case perlsrc.StatementNode:
		if _, condition := g.tree.Modifier(s); condition == item && g.topicAt[s] != 0 {
			return g.topicAt[s]
		}
		if word := g.tree.Keyword(item); word != "for" && word != "foreach" {
			return 0
		}
		if g.topicAt[s] != 0 {
			return g.topicAt[s]
		}
		if t := g.targets(g.child(s)); len(t) == 1 && g.vars[g.varAt[t[0]]].decl == t[0] {
			return g.varAt[t[0]]
		}
	}
	return 0
}

// loopItems gives what a loop's variable goes over, as far as that can be
// assigned to: variables, and the values of hashes.
func (g *Graph) loopItems(v int32) []perlsrc.NodeID {
	var out []perlsrc.NodeID
	var add func(n perlsrc.NodeID)
	add = func(n perlsrc.NodeID) {
		switch g.kind(n) {
		case perlsrc.ListNode:
			for c := range g.tree.Children(n) {
				if len(out) < maxUses {
					add(c)
				}
			}
		case perlsrc.TermNode, perlsrc.CastNode, perlsrc.AccessNode:
			if g.varAt[g.baseOf(n)] != 0 || g.varAt[n] != 0 {
				out = append(out, n)
			}
		case perlsrc.CallNode:
			if a := g.tree.Arg(n, 0); a != 0 && g.tree.Callee(n) == "values" && g.sigil(a) == '%' {
				out = append(out, a)
			}
		}
	}
	by := g.vars[v].topic
	if decl := g.vars[v].decl; by == 0 && decl != 0 && g.kind(g.parent(decl)) == perlsrc.DeclareNode {
		by = g.parent(g.parent(decl)) // for my $v
	}
	switch g.kind(by) {
	case perlsrc.CallNode:
		if g.topicAt[by] == v {
			for a := g.next(g.child(by)); a != 0; a = g.next(a) {
				add(a)
			}
		}
	case perlsrc.StatementNode:
		if word, condition := g.tree.Modifier(by); word == "for" || word == "foreach" {
			if g.topicAt[by] == v {
				add(condition)
			}
			break
		}
		for c := range g.tree.Children(by) {
			if k := g.tree.Keyword(c); g.kind(c) == perlsrc.ListNode && (k == "for" || k == "foreach") {
				add(c)
			}
		}
	}
	return out
}

// fill is what a sub assigns to one of its arguments, by $_[0] = ...
type fill struct {
	index  int
	assign perlsrc.NodeID
	into   []sel // the part of the argument
}

// fillsOf gives what a sub assigns to its arguments.
func (g *Graph) fillsOf(number int32) []fill {
	x := &g.subs[number]
	if x.filled || x.node == 0 {
		return x.fills
	}
	x.filled = true
	for _, u := range limited(g.usesOf(x.args)) {
		up := g.parent(u)
		assign := g.parent(up)
		if g.kind(up) != perlsrc.AccessNode || g.kind(assign) != perlsrc.AssignNode || g.next(up) == 0 {
			continue
		}
		if _, p, ok := g.paramAt(up); ok && p.kind == one && p.index != anywhere {
			x.fills = append(x.fills, fill{p.index, assign, g.selectors(up)[1:]})
		}
	}
	return x.fills
}

// filledBy gives the sub of the file that a call of a function, and of no method,
// fills an argument of, and which argument that is.
func (g *Graph) filledBy(call, n perlsrc.NodeID) (number int32, index int, ok bool) {
	callee := g.tree.Callee(call)
	if callee == "" || !g.lasts[callee[strings.LastIndex(callee, ":")+1:]] {
		return 0, 0, false
	}
	if index = g.position(n); index == anywhere { // before all arguments are asked for
		return 0, 0, false
	}
	if number, ok = g.resolve(call); !ok || len(g.fillsOf(number)) == 0 || g.tree.Call(call).Method {
		return 0, 0, false
	}
	return number, index, slices.ContainsFunc(g.fillsOf(number), func(f fill) bool { return f.index == index })
}

// taken gives how many of its arguments a sub has taken from @_ before a place;
// anywhere where they are too many.
func (g *Graph) taken(number int32, n perlsrc.NodeID) int {
	x := &g.subs[number]
	if len(x.shifts) > maxUses {
		return anywhere
	}
	taken := 0
	if x.method {
		taken = 1
	}
	for _, s := range x.shifts {
		if g.start(s) < g.start(n) && g.tree.Callee(s) == "shift" {
			taken++
		}
	}
	return taken
}

// later gives which argument of a sub is number pos of what is left in @_ at a place.
func (g *Graph) later(pos int, number int32, n perlsrc.NodeID) int {
	if taken := g.taken(number, n); taken != anywhere {
		return pos + taken
	}
	return anywhere
}
