package flow

import (
	"cmp"
	"slices"
	"strings"

	"nacre/perlsrc"
)

// forward follows a value to where it ends. A state says that the value leaves
// a node, in which it lies at the path.
type forward struct {
	walk
	sinks   []Sink
	ended   map[sinkKey]bool
	aliases int // how many loops are in loops, whose lists are assigned to
}

type sinkKey struct {
	kind SinkKind
	node perlsrc.NodeID
	at   perlsrc.NodeID
	key  string
}

// Sinks tells where the value of a node ends. whole is false where a
// limit ended the way. The answer is kept, and must not be changed.
func (g *Graph) Sinks(n perlsrc.NodeID) (sinks []Sink, whole bool) {
	return ask(g, g.sinks, n, g.askSinks)
}

func (g *Graph) askSinks(n perlsrc.NodeID) (sinks []Sink, whole bool) {
	f := forward{walk: newWalk(g), ended: map[sinkKey]bool{}}
	f.begin(n)
	for len(f.queue) > 0 && f.spend() {
		it := f.queue[0]
		f.queue = f.queue[1:]
		f.leaveNode(it)
	}
	slices.SortStableFunc(f.sinks, func(a, b Sink) int {
		return cmp.Or(cmp.Compare(g.start(a.At), g.start(b.At)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Node, b.Node))
	})
	return f.sinks, f.whole()
}

// begin asks for the value of a node: of a variable that is assigned or
// declared there, for what it holds afterwards.
func (f *forward) begin(n perlsrc.NodeID) {
	g := f.g
	if g.kind(n) == perlsrc.DeclareNode {
		for c := range g.tree.All(n, perlsrc.TermNode) {
			f.begin(c)
		}
	}
	if v := g.varAt[n]; v != 0 {
		if w, ok := g.writeAt(n); ok || g.vars[v].decl == n {
			if !ok {
				w = write{place: n, node: n}
			}
			f.reads(w, v, 0, 0, (*trail)(nil).named(bare(g.vars[v].name)))
			return
		}
	}
	f.at(n, 0, 0, nil)
}

func (f *forward) end(it item, s Sink) {
	key := sinkKey{s.Kind, s.Node, s.At, s.Key}
	if f.ended[key] {
		return
	}
	f.ended[key] = true
	s.Names, s.Through, s.Steps, s.Direct, _ = it.trail.told()
	if s.Key != "" && !slices.Contains(s.Names, s.Key) {
		s.Names = append(s.Names, s.Key)
	}
	f.sinks = append(f.sinks, s)
}

// plain says whether the state is the value itself, and not of something that
// holds it: a decision about a list is none about its elements.
func (f *forward) plain(it item) bool { return it.path == 0 }

// leaveNode goes on from a node to what stands around it.
func (f *forward) leaveNode(it item) {
	g, n := f.g, it.node
	up := g.parent(n)
	if up == 0 {
		return
	}
	switch g.kind(up) {
	case perlsrc.StatementNode:
		f.leaveStatement(it, up)
	case perlsrc.CallNode:
		f.leaveArgument(it, up)
	case perlsrc.AssignNode:
		if g.next(n) == 0 {
			f.assign(it, up)
		}
		if g.next(n) == 0 || g.tree.Operator(g.next(n)) == ".=" {
			f.at(up, it.path, it.ctx, it.trail)
		}
	case perlsrc.TernaryNode:
		if next := g.next(n); next != 0 && g.tree.Operator(next) == "?" {
			f.decide(it, up)
			return
		}
		f.at(up, it.path, it.ctx, it.trail)
	case perlsrc.LogicNode:
		f.leaveLogic(it, up)
	case perlsrc.ExprNode:
		f.leaveOperator(it, up)
	case perlsrc.DeclareNode, perlsrc.CastNode:
		f.at(up, it.path, it.ctx, it.trail)
	case perlsrc.AccessNode:
		f.leaveAccess(it, up)
	case perlsrc.SubscriptNode:
		f.index(it, g.parent(up))
	case perlsrc.InterpolationNode:
		f.leaveString(it, g.parent(up))
	case perlsrc.ListNode:
		f.leaveList(it, up)
	case perlsrc.ArrayNode:
		f.at(up, f.inArray(it), it.ctx, it.trail)
	case perlsrc.HashNode:
		p, key := f.inHash(it)
		f.at(up, p, it.ctx, it.trail.named(key))
	}
}

func (f *forward) decide(it item, node perlsrc.NodeID) {
	if f.plain(it) {
		f.end(it, Sink{Kind: Decided, Node: node, At: it.node})
	}
}

// inArray gives the path in [...] or an array that holds the node's values.
func (f *forward) inArray(it item) path {
	if head, tail, ok := f.head(it.path); ok && (f.g.sigil(it.node) != 0 || head.kind == byPos) {
		return f.under(sel{kind: byElem}, tail)
	}
	return f.under(sel{kind: byElem}, it.path)
}

// inHash gives the path in {...} that holds the node's value.
func (f *forward) inHash(it item) (p path, key string) {
	head, tail, ok := f.head(it.path)
	switch {
	case ok && f.g.sigil(it.node) == '%' && head.kind == byKey:
		return it.path, ""
	case ok && (head.kind == byPos || f.g.sigil(it.node) == '@'):
		if head.kind == byPos && head.key != "" {
			return f.under(sel{kind: byKey, key: head.key}, tail), head.key
		}
		return f.under(sel{kind: byKey, loose: true}, tail), ""
	}
	if key = f.g.keyBefore(it.node); key != "" {
		return f.under(sel{kind: byKey, key: key}, it.path), key
	}
	return f.under(sel{kind: byKey, loose: true}, it.path), ""
}

// keyBefore gives the literal before the "=>" before a node.
func (g *Graph) keyBefore(n perlsrc.NodeID) string {
	op := g.tree.Operator(n)
	if op == "=>" {
		key, _ := g.tree.Key(n)
		return key
	}
	// { 'a', 1, 'b', 2 }: every second is a value.
	if up := g.parent(n); op == "," && g.kind(up) == perlsrc.HashNode && g.position(n)%2 == 1 {
		key, _ := g.tree.Key(n)
		return key
	}
	return ""
}

// inList gives the path in a list that holds the node's values.
func (f *forward) inList(it item) path {
	g := f.g
	head, tail, ok := f.head(it.path)
	if ok && (head.kind == byPos || g.sigil(it.node) != 0) {
		s := sel{kind: byPos, pos: anywhere, key: head.key}
		if head.kind == byPos && head.pos != anywhere {
			if before := g.position(it.node); before != anywhere {
				s.pos = before + head.pos
			}
		}
		return f.under(s, tail)
	}
	key := ""
	if g.tree.Operator(it.node) == "=>" {
		key = g.keyBefore(it.node)
	}
	return f.under(sel{kind: byPos, pos: g.position(it.node), key: key}, it.path)
}

func (f *forward) leaveList(it item, up perlsrc.NodeID) {
	g := f.g
	if word := g.tree.Keyword(up); word != "" && g.kind(g.parent(up)) == perlsrc.StatementNode {
		s := g.parent(up)
		if word != "for" && word != "foreach" {
			f.decide(it, s)
			return
		}
		f.iterate(it, s, f.inList(it))
		return
	}
	p := f.inList(it)
	if single := g.child(up); single != 0 && g.next(single) == 0 && g.tree.Nodes[up].First < g.tree.Nodes[single].First {
		// ($x) is $x but where a list is wanted.
		if !g.wantsList(up) {
			p = it.path
		}
	}
	head, _, _ := f.head(p)
	f.at(up, p, it.ctx, it.trail.named(head.key))
}

// wantsList says whether a list in brackets is used as one.
func (g *Graph) wantsList(n perlsrc.NodeID) bool {
	up := g.parent(n)
	switch g.kind(up) {
	case perlsrc.CallNode, perlsrc.ListNode, perlsrc.ArrayNode, perlsrc.HashNode, perlsrc.AccessNode, perlsrc.DeclareNode:
		return true
	case perlsrc.AssignNode:
		first := g.child(up)
		k := g.kind(first)
		if k == perlsrc.DeclareNode {
			k = g.kind(g.child(first))
		}
		return k == perlsrc.ListNode || g.sigil(first) != 0
	}
	return false
}

// iterate goes on with what foreach goes over: p lies in the list.
func (f *forward) iterate(it item, s perlsrc.NodeID, p path) {
	g := f.g
	f.end(it, Sink{Kind: Iterated, Node: s, At: it.node})
	_, tail, _ := f.head(p)
	first := g.child(s)
	if g.tree.Nodes[s].Form == perlsrc.Compound && g.kind(first) != perlsrc.ListNode {
		for _, t := range g.targets(first) {
			f.store(t, tail, it, s)
		}
		return
	}
	f.topic(it, s, tail)
}

// targets gives the variables of a Declare or List, or the node itself.
func (g *Graph) targets(n perlsrc.NodeID) []perlsrc.NodeID {
	if k := g.kind(n); k == perlsrc.DeclareNode || k == perlsrc.ListNode {
		var out []perlsrc.NodeID
		for c := range g.tree.Children(n) {
			out = append(out, g.targets(c)...)
		}
		return out
	}
	return []perlsrc.NodeID{n}
}

// topic goes on with a value that becomes the $_ of a node.
func (f *forward) topic(it item, node perlsrc.NodeID, p path) {
	g := f.g
	for _, n := range g.usesOf(g.topicAt[node]) {
		if !f.spend() {
			return
		}
		f.at(n, p, it.ctx, it.trail)
	}
}

func (f *forward) leaveLogic(it item, up perlsrc.NodeID) {
	g := f.g
	next := g.next(it.node)
	if next == 0 && g.child(up) == it.node {
		f.decide(it, up) // not
		return
	}
	if next != 0 {
		if op := g.tree.Operator(next); op == "and" || op == "&&" || g.unused(up) {
			f.decide(it, up)
			return
		}
	}
	f.at(up, it.path, it.ctx, it.trail)
}

// unused says whether the value of a node is dropped.
func (g *Graph) unused(n perlsrc.NodeID) bool {
	s := g.parent(n)
	if g.kind(s) != perlsrc.StatementNode {
		return false
	}
	return g.next(s) != 0
}

func (f *forward) index(it item, access perlsrc.NodeID) {
	g := f.g
	if !f.plain(it) {
		if head, _, _ := f.head(it.path); head.kind == byKey {
			return
		}
	}
	f.end(it, Sink{Kind: Indexed, Node: access, At: it.node})
	for c := g.next(g.child(access)); c != 0; c = g.next(c) {
		start, end := g.tree.Span(c)
		if g.tree.Src[start] == '[' && start <= g.start(it.node) && g.start(it.node) < end {
			f.at(access, 0, it.ctx, it.trail.passed("[]", true))
		}
	}
}

// leaveString goes on from what a string or pattern interpolates.
func (f *forward) leaveString(it item, term perlsrc.NodeID) {
	g := f.g
	if it.path != 0 && g.sigil(it.node) == 0 {
		return
	}
	tok := g.tree.Token(term)
	switch tok.Kind {
	case perlsrc.Match, perlsrc.Pattern:
		f.end(it, Sink{Kind: Matched, Node: term, At: it.node})
		if tok.Kind == perlsrc.Pattern {
			f.at(term, 0, it.ctx, it.trail.passed("qr", true))
		}
	case perlsrc.Substitute:
		q := tok.Quoted(g.tree.Src)
		if g.start(it.node) < q.Second.Start {
			f.end(it, Sink{Kind: Matched, Node: term, At: it.node})
			return
		}
		if strings.Count(q.Modifiers, "e") > 1 {
			f.end(it, Sink{Kind: Evaluated, Node: term, At: it.node})
		}
		f.replaced(it, term)
	case perlsrc.Readline, perlsrc.Glob:
		f.end(it, Sink{Kind: Passed, Node: term, At: it.node, Callee: map[bool]string{true: "readline", false: "glob"}[tok.Kind == perlsrc.Readline]})
	default:
		f.at(term, 0, it.ctx, it.trail.passed(".", true))
	}
}

// replaced goes on with what a substitution puts into the variable that it is
// bound to.
func (f *forward) replaced(it item, term perlsrc.NodeID) {
	g := f.g
	t := it.trail.passed("s", true)
	up := g.parent(term)
	if g.kind(up) != perlsrc.ExprNode || g.child(up) == term {
		return
	}
	if returns(g.tree, term) {
		f.at(up, 0, it.ctx, t)
		return
	}
	for c := g.child(up); c != 0; c = g.next(c) {
		if g.next(c) == term {
			f.store(g.lvalue(c), 0, item{it.state, t}, up)
		}
	}
}

// lvalue gives what (my $x = $y) assigns to.
func (g *Graph) lvalue(n perlsrc.NodeID) perlsrc.NodeID {
	for {
		switch c := g.child(n); g.kind(n) {
		case perlsrc.ListNode, perlsrc.AssignNode, perlsrc.DeclareNode:
			if c == 0 {
				return n
			}
			n = c
		default:
			return n
		}
	}
}
