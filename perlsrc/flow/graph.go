package flow

import "nacre/perlsrc"

// Graph is the flow of the values of one file. Only one goroutine uses it.
type Graph struct {
	tree *perlsrc.Tree

	vars  []variable // vars[0] is none
	varAt []int32    // of each node that is a variable: its number
	uses  []perlsrc.NodeID
	subs  []sub
	subAt map[perlsrc.NodeID]int32

	topicAt     map[perlsrc.NodeID]int32   // of each node that fills a $_: the variable
	constantsOf map[perlsrc.NodeID][]int32 // of each use constant: its subs

	named   map[string]int32 // subs by package and name
	lasts   map[string]bool  // their names without package
	called  bool             // callers are found
	byField map[field][]perlsrc.NodeID
	leaving map[perlsrc.NodeID]bool // the blocks that were asked for by ends

	origins map[perlsrc.NodeID]answer[Origin]
	sinks   map[perlsrc.NodeID]answer[Sink]
	kept    int // how many origins and sinks these hold

	parentOf, lastOf perlsrc.NodeID // what last was asked, and its answer
}

// New makes the graph of a file, in time linear in it.
func New(t *perlsrc.Tree) *Graph {
	g := &Graph{
		tree: t, vars: make([]variable, 1, len(t.Nodes)/16+8), varAt: make([]int32, len(t.Nodes)),
		subAt: map[perlsrc.NodeID]int32{}, named: map[string]int32{}, lasts: map[string]bool{}, constantsOf: map[perlsrc.NodeID][]int32{}, topicAt: map[perlsrc.NodeID]int32{}, origins: map[perlsrc.NodeID]answer[Origin]{}, sinks: map[perlsrc.NodeID]answer[Sink]{}, leaving: map[perlsrc.NodeID]bool{},
	}
	s := scoper{g: g, t: t, bound: map[string]int32{}, globals: map[string]int32{}, sub: -1, found: make([]use, 0, len(t.Nodes)/4)}
	s.children(0)
	g.sortUses(s.found)
	for i := range g.subs {
		if x := &g.subs[i]; x.name != "" {
			full := x.pkg + "::" + x.name
			if _, ok := g.named[full]; !ok {
				g.named[full] = int32(i)
			}
			g.lasts[x.name] = true
		}
	}
	for _, n := range s.globs {
		g.alias(n)
	}
	return g
}

// sortUses puts the places of each variable together, in the file's order.
func (g *Graph) sortUses(found []use) {
	for _, u := range found {
		g.vars[u.v].end++
	}
	at := int32(0)
	for i := range g.vars {
		v := &g.vars[i]
		v.first, v.end, at = at, at, at+v.end
	}
	g.uses = make([]perlsrc.NodeID, len(found))
	for _, u := range found {
		v := &g.vars[u.v]
		g.uses[v.end] = u.node
		v.end++
	}
}

// usesOf gives the places where a variable stands.
func (g *Graph) usesOf(v int32) []perlsrc.NodeID {
	return g.uses[g.vars[v].first:g.vars[v].end]
}

func (g *Graph) kind(n perlsrc.NodeID) perlsrc.NodeKind { return g.tree.Nodes[n].Kind }

func (g *Graph) parent(n perlsrc.NodeID) perlsrc.NodeID { return g.tree.Nodes[n].Parent }

func (g *Graph) next(n perlsrc.NodeID) perlsrc.NodeID { return g.tree.Nodes[n].Next }

func (g *Graph) child(n perlsrc.NodeID) perlsrc.NodeID { return g.tree.Nodes[n].Child }

// last gives the last child of a node, kept for the next question, since it is
// asked of each element of a long list.
func (g *Graph) last(n perlsrc.NodeID) perlsrc.NodeID {
	if g.parentOf != n || n == 0 {
		g.parentOf, g.lastOf = n, g.tree.LastChild(n)
	}
	return g.lastOf
}

// bare gives a variable's name without sigil and package.
func bare(name string) string {
	name = name[1:]
	for i := len(name) - 1; i > 0; i-- {
		if name[i] == ':' {
			return name[i+1:]
		}
	}
	return name
}

// answer is what a question was answered with.
type answer[T any] struct {
	list  []T
	whole bool
}

// maxKept bounds how many origins and sinks are kept for the next question.
const maxKept = 20000

// ask answers a question about a node, or gives the answer that is kept.
func ask[T any](g *Graph, kept map[perlsrc.NodeID]answer[T], n perlsrc.NodeID, question func(perlsrc.NodeID) ([]T, bool)) ([]T, bool) {
	if n <= 0 || int(n) >= len(g.tree.Nodes) {
		return nil, true
	}
	a, ok := kept[n]
	if ok {
		return a.list, a.whole
	}
	a.list, a.whole = question(n)
	if g.kept += len(a.list) + 1; g.kept > maxKept {
		clear(g.origins)
		clear(g.sinks)
		g.kept = len(a.list) + 1
	}
	kept[n] = a
	return a.list, a.whole
}

// limited cuts a list to as many as a lookup beside the questions goes over.
func limited[T any](s []T) []T { return s[:min(len(s), maxUses)] }
