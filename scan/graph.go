package scan

import (
	"cmp"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
)

// graph is who requires whom. Nodes are components; root is the project.
type graph struct {
	inv *inventory.Inventory
	out [][]int // by node + 1, so that 0 is the root: the nodes it requires
	in  [][]int // by node: indexes of the edges to it
	// depth is how many requirements the shortest path from the root has, 0
	// for none; via is the node before on that path, root for the first.
	depth []int
	via   []int
	// without holds, by distribution, what the root reaches with that
	// distribution taken away; made when an ignore asks.
	without map[cpan.Dist][]bool
}

const root = -1

// maxPaths is how many paths a finding shows.
const maxPaths = 3

// newGraph links the edges and walks them once from the root, breadth first.
func newGraph(inv *inventory.Inventory) *graph {
	n := len(inv.Components)
	g := &graph{
		inv: inv, out: make([][]int, n+1), in: make([][]int, n),
		depth: make([]int, n), via: make([]int, n), without: map[cpan.Dist][]bool{},
	}
	for i, e := range inv.Edges {
		if e.To < 0 || e.To >= n || e.From < root || e.From >= n || e.From == e.To {
			continue
		}
		g.out[e.From+1] = append(g.out[e.From+1], e.To)
		g.in[e.To] = append(g.in[e.To], i)
	}
	// Siblings are visited in the order of their names, so that of two paths
	// of one length the same one is shown whatever the edges' order is.
	for _, to := range g.out {
		slices.SortFunc(to, func(a, b int) int {
			return cmp.Or(inventory.Compare(inv.Components[a], inv.Components[b]), cmp.Compare(a, b))
		})
	}
	queue := []int{root}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		for _, to := range g.out[from+1] {
			if g.depth[to] == 0 {
				g.depth[to], g.via[to] = 1, from
				if from != root {
					g.depth[to] = g.depth[from] + 1
				}
				queue = append(queue, to)
			}
		}
	}
	return g
}

// path is the shortest path from the root to node.
func (g *graph) path(node int) []int {
	p := make([]int, 0, g.depth[node])
	for n := node; n != root; n = g.via[n] {
		p = append(p, n)
	}
	slices.Reverse(p)
	return p
}

// paths gives the shortest path through each of up to three requirers of
// node, shortest first. The cost is that of looking at each requirer once.
func (g *graph) paths(node int) [][]string {
	var froms []int
	for _, i := range g.in[node] {
		if from := g.inv.Edges[i].From; from == root || g.depth[from] > 0 {
			froms = append(froms, from)
		}
	}
	at := func(from int) int {
		if from == root {
			return 0
		}
		return g.depth[from]
	}
	slices.SortFunc(froms, func(a, b int) int {
		if d := at(a) - at(b); d != 0 || a == b || a == root || b == root {
			return d
		}
		return cmp.Or(inventory.Compare(g.inv.Components[a], g.inv.Components[b]), cmp.Compare(a, b))
	})
	var paths [][]string
	for _, from := range slices.Compact(froms) {
		if len(paths) == maxPaths {
			break
		}
		var nodes []int
		if from != root {
			nodes = g.path(from)
		}
		if slices.Contains(nodes, node) {
			continue // a cycle: the requirer itself is there because of node
		}
		refs := make([]string, 0, len(nodes)+1)
		for _, n := range append(nodes, node) {
			refs = append(refs, g.inv.Components[n].Ref())
		}
		paths = append(paths, refs)
	}
	return paths
}

// only says whether every known path from the root to node leads through the
// distribution d, or ends there. Where no path is known it is false: nothing
// can be said about it.
func (g *graph) only(node int, d cpan.Dist) bool {
	if g.depth[node] == 0 {
		return false
	}
	if g.inv.Components[node].Dist == d {
		return true
	}
	reached, ok := g.without[d]
	if !ok {
		reached = make([]bool, len(g.inv.Components))
		for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
			for _, to := range g.out[queue[0]+1] {
				if !reached[to] && g.inv.Components[to].Dist != d {
					reached[to] = true
					queue = append(queue, to)
				}
			}
		}
		g.without[d] = reached
	}
	return !reached[node]
}

// chain says whether node hangs on the given distributions: "Foo-Bar < Baz"
// is Foo-Bar, or what only Foo-Bar needs, where only Baz brings Foo-Bar in.
func (g *graph) chain(node int, dists []cpan.Dist) bool {
	for _, d := range dists {
		if !g.only(node, d) {
			return false
		}
	}
	// All of them are on every path; their order is that of their depth.
	for i := 1; i < len(dists); i++ {
		if g.nearest(dists[i-1]) <= g.nearest(dists[i]) {
			return false
		}
	}
	return len(dists) > 0
}

// nearest is the least depth of a component of d.
func (g *graph) nearest(d cpan.Dist) int {
	least := 0
	for i := range g.inv.Components {
		if depth := g.depth[i]; g.inv.Components[i].Dist == d && depth > 0 && (least == 0 || depth < least) {
			least = depth
		}
	}
	return least
}

// parsePath reads a path of nacre.yaml: names of distributions joined by "<".
func parsePath(s string) ([]cpan.Dist, error) {
	var dists []cpan.Dist
	for part := range strings.SplitSeq(s, "<") {
		d, err := cpan.ParseDist(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		dists = append(dists, d)
	}
	return dists, nil
}
