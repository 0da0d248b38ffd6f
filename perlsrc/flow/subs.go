package flow

import (
	"strconv"
	"strings"

	"nacre/perlsrc"
)

// param is a place where a sub gets at its arguments.
type param struct {
	node  perlsrc.NodeID
	kind  paramKind
	index int // of one: which; of rest: the first; anywhere where it is not known
}

type paramKind uint8

const (
	one    paramKind = iota // shift, $_[0]
	rest                    // @_
	signed                  // a variable of the signature
)

// params gives the places where a sub gets at its arguments, in order.
func (g *Graph) params(number int32) []param {
	x := &g.subs[number]
	if x.asked || x.node == 0 {
		return x.params
	}
	x.asked = true
	first := 0
	if x.method {
		first = 1
	}
	if x.signature != 0 {
		i := first
		for c := range g.tree.Children(x.signature) {
			if g.kind(c) != perlsrc.TermNode {
				c = g.child(c)
			}
			x.params = append(x.params, param{c, signed, i})
			i++
		}
	}
	shifted := 0
	shifts := x.shifts
	before := func(n perlsrc.NodeID) {
		for len(shifts) > 0 && g.start(shifts[0]) < g.start(n) {
			p := param{shifts[0], one, first + shifted}
			if g.tree.Callee(p.node) == "pop" {
				p.index = anywhere
			} else {
				shifted++
			}
			x.params = append(x.params, p)
			shifts = shifts[1:]
		}
	}
	for _, u := range g.usesOf(x.args) {
		before(u)
		up := g.parent(u)
		switch {
		case g.kind(up) == perlsrc.CallNode && (g.tree.Callee(up) == "shift" || g.tree.Callee(up) == "pop"):
		case g.counts(u):
		case g.kind(up) == perlsrc.AccessNode && g.child(up) == u && g.tree.Text(u)[0] == '$':
			p := param{up, one, anywhere}
			if i, err := strconv.Atoi(g.literal(g.child(g.next(u)))); err == nil && i >= 0 {
				p.index = first + shifted + i
			}
			x.params = append(x.params, p)
		default:
			x.params = append(x.params, param{u, rest, first + shifted})
		}
	}
	before(0)
	for _, n := range shifts {
		x.params = append(x.params, param{n, one, first + shifted})
		shifted++
	}
	return x.params
}

// paramAt gives the sub and the place of a shift, $_[0] or signature's variable.
func (g *Graph) paramAt(n perlsrc.NodeID) (number int32, p param, ok bool) {
	number, ok = g.subOf(n)
	if !ok {
		return 0, param{}, false
	}
	x := &g.subs[number]
	ps := g.params(number)
	if x.paramAt == nil {
		x.paramAt = make(map[perlsrc.NodeID]int, len(ps))
		for i, p := range ps {
			x.paramAt[p.node] = i
		}
	}
	i, ok := x.paramAt[n]
	if !ok {
		return 0, param{}, false
	}
	return number, ps[i], true
}

// subOf gives the sub around a node.
func (g *Graph) subOf(n perlsrc.NodeID) (number int32, ok bool) {
	number, ok = g.subAt[g.tree.EnclosingSub(n)]
	return number, ok
}

// start is where a node begins in the source; the end of it for 0.
func (g *Graph) start(n perlsrc.NodeID) int {
	if n == 0 {
		return len(g.tree.Src)
	}
	return g.tree.Token(n).Start
}

func (g *Graph) literal(n perlsrc.NodeID) string {
	if n == 0 {
		return ""
	}
	s, _ := g.tree.Literal(n)
	return s
}

// resolve gives the sub of the file that a call calls.
func (g *Graph) resolve(n perlsrc.NodeID) (number int32, ok bool) { return g.resolveTo(n, 0) }

func (g *Graph) resolveTo(n perlsrc.NodeID, depth int) (number int32, ok bool) {
	callee := g.tree.Callee(n)
	if callee == "" {
		return g.codeOf(g.tree.Call(n).Target, depth)
	}
	last := callee
	if i := strings.LastIndex(callee, "::"); i >= 0 {
		last = callee[i+2:]
	}
	if !g.lasts[last] {
		return 0, false
	}
	c := g.tree.Call(n)
	pkg := ""
	switch {
	case !c.Method && last != callee:
		number, ok = g.named[strings.TrimPrefix(callee, "::")]
		return number, ok
	case !c.Method:
		if !c.Amp && perlsrc.IsFunction(callee) {
			return 0, false
		}
		pkg = g.tree.EnclosingPackage(n)
	case last != callee:
		return 0, false
	default:
		pkg, ok = g.classOf(c.Invocant, 0)
		if !ok && callee[0] != '_' && !g.isFirst(c.Invocant) {
			return 0, false
		} else if !ok {
			pkg = g.tree.EnclosingPackage(n)
		}
	}
	number, ok = g.named[pkg+"::"+callee]
	return number, ok
}

// isFirst says whether a variable is the first argument of the sub it stands in:
// what is called on it is a method of the package, if that has one of the name.
func (g *Graph) isFirst(n perlsrc.NodeID) bool {
	v := g.varAt[n]
	if v == 0 || g.vars[v].global || g.vars[v].topic != 0 {
		return false
	}
	h := g.historyOf(v)
	if len(h.writes) != 1 {
		return false
	}
	w := h.writes[0]
	if w.from == 0 || len(w.into) > 0 || w.op != "=" || w.aggregate != 0 || w.pos != 0 {
		return false
	}
	_, p, ok := g.paramAt(w.from)
	return ok && p.index == 0 && (p.kind == one || w.listed)
}

// onlyFill gives what a field is filled with, if that is done in one place.
func (g *Graph) onlyFill(f field) perlsrc.NodeID {
	only := perlsrc.NodeID(0)
	for _, u := range limited(g.fieldUses(f)) {
		if at, _, access := g.fieldAt(u); access && at == f {
			up := g.parent(u)
			if g.kind(up) != perlsrc.AssignNode || g.child(up) != u {
				continue
			}
			u = g.last(up)
		}
		if only != 0 {
			return 0
		}
		only = u
	}
	return only
}

// alias gives a sub the name that *name = \&sub, or = sub {...}, gives it.
func (g *Graph) alias(assign perlsrc.NodeID) {
	target := g.child(assign)
	name := string(g.tree.Text(target)[1:])
	pkg := g.tree.EnclosingPackage(assign)
	if i := strings.LastIndex(name, "::"); i >= 0 {
		pkg, name = name[:i], name[i+2:]
	}
	number, ok := g.codeOf(g.last(assign), 0)
	if !ok || name == "" {
		return
	}
	full := pkg + "::" + name
	if _, taken := g.named[full]; !taken {
		g.named[full] = number
		g.lasts[name] = true
	}
	x := &g.subs[number]
	if x.name == "" {
		x.pkg, x.name = pkg, name
	}
	x.public = x.public || name[0] != '_'
}

// maxAliases bounds how many names of one thing are followed.
const maxAliases = 4

// codeOf gives the sub that a node refers to: sub {...}, \&name, a variable that
// holds one, or a call of a sub that gives one and nothing else.
func (g *Graph) codeOf(n perlsrc.NodeID, depth int) (number int32, ok bool) {
	if n == 0 || depth > maxAliases {
		return 0, false
	}
	switch g.kind(n) {
	case perlsrc.SubNode:
		number, ok = g.subAt[n]
		return number, ok
	case perlsrc.ExprNode:
		if c := g.child(n); c != 0 && g.next(c) == 0 && g.tree.Operator(c) == "\\" && g.kind(c) == perlsrc.CallNode {
			if call := g.tree.Call(c); call.Amp && !call.Parens {
				return g.resolve(c)
			}
		}
	case perlsrc.CallNode:
		if number, ok := g.resolveTo(n, depth+1); ok {
			return g.codeOf(g.onlyValue(number), depth+1)
		}
	case perlsrc.CastNode:
		return g.codeOf(g.child(n), depth+1)
	case perlsrc.TermNode:
		if from := g.onlyWrite(n); from != 0 {
			return g.codeOf(from, depth+1)
		}
	case perlsrc.AccessNode:
		if from := g.entry(n); from != 0 {
			return g.codeOf(from, depth+1)
		}
	}
	return 0, false
}

// onlyValue gives the value of a sub that is said in one place: by its one return,
// or its last statement.
func (g *Graph) onlyValue(number int32) perlsrc.NodeID {
	x := &g.subs[number]
	if x.block == 0 || len(x.returns) > 1 {
		return 0
	}
	s := g.last(x.block)
	if s == 0 || g.tree.Nodes[s].Form != perlsrc.Plain || g.tree.Nodes[s].Kind != perlsrc.StatementNode {
		return 0
	}
	if word, _ := g.tree.Modifier(s); word != "" {
		return 0
	}
	n := g.child(s)
	if len(x.returns) == 0 {
		return n
	}
	if n == x.returns[0] && g.tree.Callee(n) == "return" {
		return g.tree.Arg(n, 0)
	}
	return 0
}

// entry gives the value of $h{key} or $h->{key} where the hash is filled once,
// by a list or an anonymous hash that stands in the file.
func (g *Graph) entry(n perlsrc.NodeID) perlsrc.NodeID {
	sels := g.selectors(n)
	if len(sels) != 1 || sels[0].kind != byKey || sels[0].loose {
		return 0
	}
	if f, _, ok := g.fieldAt(n); ok {
		return g.onlyFill(f)
	}
	v := g.varAt[g.child(n)]
	if v == 0 {
		return 0
	}
	var list perlsrc.NodeID
	for _, w := range limited(g.historyOf(v).writes) {
		switch {
		case len(w.into) == 1 && w.into[0] == sels[0] && w.op == "=":
			return w.from
		case len(w.into) > 0:
		case list != 0 || w.op != "=":
			return 0
		default:
			list = w.from
		}
	}
	if k := g.kind(list); list == 0 || k != perlsrc.ListNode && k != perlsrc.HashNode {
		return 0
	}
	for c := range g.tree.Children(list) {
		if g.tree.Operator(c) == "=>" && g.keyBefore(c) == sels[0].key {
			return c
		}
	}
	return 0
}

// onlyWrite gives the value that a variable is assigned, if it is assigned once
// in the file.
func (g *Graph) onlyWrite(n perlsrc.NodeID) perlsrc.NodeID {
	v := g.varAt[n]
	if v == 0 || g.vars[v].topic != 0 {
		return 0
	}
	return g.historyOf(v).only
}

// maxUses bounds how many places of a variable a lookup beside the questions
// goes over.
const maxUses = 200

// callersOf gives the calls of a sub, in the file's order.
func (g *Graph) callersOf(number int32) []perlsrc.NodeID {
	if !g.called {
		g.called = true
		for n := range g.tree.All(0, perlsrc.CallNode) {
			if x, ok := g.resolve(n); ok && !g.refers(n) {
				g.subs[x].callers = append(g.subs[x].callers, n)
			}
		}
	}
	return g.subs[number].callers
}

// refers says whether a &name stands for the sub itself, as in \&name.
func (g *Graph) refers(n perlsrc.NodeID) bool {
	if g.tree.Src[g.start(n)] != '&' || g.child(n) != 0 {
		return false
	}
	switch up := g.parent(n); g.kind(up) {
	case perlsrc.ExprNode:
		return g.tree.Operator(n) == "\\" && g.next(n) == 0
	case perlsrc.CallNode:
		switch g.tree.Callee(up) {
		case "defined", "exists", "undef":
			return true
		}
	}
	return false
}

// passesOn says whether a node is a call &name; or goto &name, which is given the
// arguments of the sub that it stands in.
func (g *Graph) passesOn(n perlsrc.NodeID) bool {
	if n == 0 || g.kind(n) != perlsrc.CallNode || g.child(n) != 0 || g.tree.Src[g.start(n)] != '&' {
		return false
	}
	c := g.tree.Call(n)
	return c.Amp && !c.Parens && !c.Dynamic && !g.refers(n)
}

// private says whether only the file itself may be expected to call a sub.
func (g *Graph) private(number int32) bool {
	x := &g.subs[number]
	return !x.public && (x.name == "" || x.lexical || x.name[0] == '_')
}
