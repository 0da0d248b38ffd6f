// Package draw shows a bill of materials to people: who needs what as a tree in
// a terminal, the path that leads to one component, a table of all, and the whole
// as an SVG picture.
//
//	petshop
//	├─ Dancer2 0.400001
//	│  ├─ Plack 1.0047
//	│  └─ Moo 2.005005
//	└─ Test-Simple >=0.98 (test)
//
// A component is opened where it comes first, nearest to the top; further down
// it is named and marked. So every component and every need is there once, and
// the length grows with the bill, whatever goes in circles.
//
// Promised: the same bill gives the same bytes, and nothing of it reaches a
// terminal or a browser that either would act upon.
package draw

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
)

// net is a bill as nodes and needs.
type net struct {
	nodes []node
	root  int // -1 where the bill names none
	byRef map[string]int
}

type node struct {
	c     *bom.Component
	needs []need // sorted
	by    int    // how many need it
	in    int    // the component that it is a part of, -1 for none
	depth int    // fewest steps from the top; -1 where nothing leads here
	from  need   // the step that leads here first, backwards
}

type need struct {
	to       int
	relation bom.Relation
	part     bool // shipped inside
}

// newNet reads a bill. Needs of what the bill does not have are left out: a check
// tells of them.
func newNet(b *bom.Bill) *net {
	n := &net{root: -1, byRef: map[string]int{}}
	var add func(c *bom.Component, in int)
	add = func(c *bom.Component, in int) {
		i := len(n.nodes)
		n.nodes = append(n.nodes, node{c: c, in: in, depth: -1, from: need{to: -1}})
		if _, ok := n.byRef[c.Ref]; !ok && c.Ref != "" {
			n.byRef[c.Ref] = i
		}
		for _, p := range c.Parts {
			add(p, i)
		}
	}
	if b.Root != nil {
		n.root = 0
		add(b.Root, -1)
	}
	for _, c := range b.Components {
		add(c, -1)
	}
	for _, e := range b.Edges {
		from, ok := n.byRef[e.From]
		to, has := n.byRef[e.To]
		if !ok || !has {
			continue
		}
		n.nodes[from].needs = append(n.nodes[from].needs, need{to: to, relation: e.Relation})
	}
	for i := range n.nodes {
		n.tidy(i)
	}
	for i := range n.nodes {
		if in := n.nodes[i].in; in >= 0 && n.nodes[i].by == 0 {
			n.nodes[in].needs = append(n.nodes[in].needs, need{to: i, part: true})
		}
	}
	for i := range n.nodes {
		n.sort(&n.nodes[i])
	}
	n.measure()
	return n
}

// tidy keeps the strongest of several needs of the same, and counts them by whom
// they are of. That a component needs itself says nothing.
func (n *net) tidy(of int) {
	needs := slices.DeleteFunc(n.nodes[of].needs, func(x need) bool { return x.to == of })
	slices.SortFunc(needs, func(x, y need) int {
		return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.relation, y.relation))
	})
	needs = slices.CompactFunc(needs, func(x, y need) bool { return x.to == y.to })
	for _, x := range needs {
		n.nodes[x.to].by++
	}
	n.nodes[of].needs = needs
}

// sort puts what a component needs in order: by how, with parts last, and then by
// name.
func (n *net) sort(of *node) {
	rank := func(x need) int {
		if x.part {
			return int(bom.Provided) + 1
		}
		return int(x.relation)
	}
	slices.SortStableFunc(of.needs, func(x, y need) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), bom.Compare(n.nodes[x.to].c, n.nodes[y.to].c))
	})
}

// measure finds how far each component is from the top.
func (n *net) measure() {
	tops := n.tops()
	for _, i := range tops {
		n.nodes[i].depth = 0
	}
	n.spread(tops...)
}

// spread goes down from components to what nothing led to before, nearest first.
func (n *net) spread(queue ...int) {
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, x := range n.nodes[i].needs {
			if to := &n.nodes[x.to]; to.depth < 0 {
				to.depth, to.from = n.nodes[i].depth+1, need{to: i, relation: x.relation, part: x.part}
				queue = append(queue, x.to)
			}
		}
	}
}

// tops are where a reader begins: the root, or, in a bill without one, what
// nothing needs.
func (n *net) tops() []int {
	if n.root >= 0 {
		return []int{n.root}
	}
	var tops []int
	for i := range n.nodes {
		if n.nodes[i].by == 0 && n.nodes[i].in < 0 {
			tops = append(tops, i)
		}
	}
	return tops
}

// loose are the components that nothing leads to, in the order in which a reader
// should meet them: what nothing needs, then what goes in circles, and parts of
// others last, which those before mostly lead to.
func (n *net) loose() []int {
	var loose []int
	for i := range n.nodes {
		if n.nodes[i].depth < 0 {
			loose = append(loose, i)
		}
	}
	rank := func(i int) int {
		switch {
		case n.nodes[i].in >= 0:
			return 2
		case n.nodes[i].by > 0:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(loose, func(i, j int) int { return cmp.Compare(rank(i), rank(j)) })
	return loose
}

// title is a component's name and version, or what its version may be.
func title(c *bom.Component) (name, version string) {
	name = c.Name
	if c.Group != "" {
		name = c.Group + "/" + name
	}
	if c.Version == "" {
		return name, allowed(c)
	}
	return name, c.Version
}

// allowed is a range without the words that a machine needs.
func allowed(c *bom.Component) string {
	r := cmp.Or(c.Range, c.Property("cpan:prereq:range"))
	if _, after, ok := strings.Cut(r, "/"); ok && strings.HasPrefix(r, "vers:") {
		r = strings.ReplaceAll(after, "|", ", ")
	}
	if r == "*" || r == "0" {
		return "any version"
	}
	return r
}

// note is what is not usual about a need.
func (x need) note() string {
	switch {
	case x.part:
		return "shipped inside"
	case x.relation != bom.DependsOn:
		return x.relation.String()
	}
	return ""
}

// isPerl reports whether a component is perl, or shipped inside it.
func (n *net) isPerl(i int) bool {
	return n.nodes[i].c.Type == "platform" || n.nodes[i].in >= 0 && n.nodes[n.nodes[i].in].c.Type == "platform"
}
