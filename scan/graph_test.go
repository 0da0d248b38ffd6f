package scan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nacre/cpan"
	"nacre/inventory"
)

// drawGraph draws a small graph of requirements, with cycles and islands.
func drawGraph(t *rapid.T) *inventory.Inventory {
	inv := &inventory.Inventory{}
	n := rapid.IntRange(1, 8).Draw(t, "nodes")
	for i := range n {
		inv.Components = append(inv.Components, inventory.Component{Dist: cpan.Dist(fmt.Sprintf("D%d", i)), Version: "1"})
	}
	for range rapid.IntRange(0, 16).Draw(t, "edges") {
		inv.Edges = append(inv.Edges, inventory.Edge{
			From: rapid.IntRange(-1, n-1).Draw(t, "from"), To: rapid.IntRange(-1, n-1).Draw(t, "to"),
		})
	}
	return inv
}

// simplePaths finds every path without a repeated node, the slow way.
func simplePaths(inv *inventory.Inventory, from, to int, seen []int) [][]int {
	var all [][]int
	if from == to {
		return [][]int{slices.Clone(seen)}
	}
	for _, e := range inv.Edges {
		if e.From == from && e.To >= 0 && !slices.Contains(seen, e.To) {
			all = append(all, simplePaths(inv, e.To, to, append(slices.Clone(seen), e.To))...)
		}
	}
	return all
}

// TestPathsAgainstAllPaths compares the walk with an enumeration: the first
// path is as short as any, every path is real and ends at the component, each
// comes through another requirer, and there is one wherever there can be one.
func TestPathsAgainstAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := drawGraph(t)
		g := newGraph(inv)
		for node := range inv.Components {
			all := simplePaths(inv, root, node, nil)
			var refs []string
			for _, p := range all {
				s := []string{}
				for _, n := range p {
					s = append(s, inv.Components[n].Ref())
				}
				refs = append(refs, fmt.Sprint(s))
			}
			paths := g.paths(node)
			if (len(paths) == 0) != (len(all) == 0) || len(paths) > maxPaths {
				t.Fatalf("node %d: %d paths, %d found slowly", node, len(paths), len(all))
			}
			requirers := map[string]bool{}
			for i, p := range paths {
				if !slices.Contains(refs, fmt.Sprint(p)) {
					t.Fatalf("node %d: no path %v", node, p)
				}
				if i > 0 && len(p) < len(paths[i-1]) {
					t.Fatalf("node %d: %v comes after a longer one", node, p)
				}
				by := ""
				if len(p) > 1 {
					by = p[len(p)-2]
				}
				if requirers[by] {
					t.Fatalf("node %d: two paths through %q", node, by)
				}
				requirers[by] = true
			}
			for _, p := range all {
				if len(p) < len(paths[0]) {
					t.Fatalf("node %d: %v is not the shortest path", node, paths[0])
				}
			}
		}
	})
}

// TestOnlyAgainstAllPaths: a distribution is on every path where an
// enumeration says so.
func TestOnlyAgainstAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := drawGraph(t)
		g := newGraph(inv)
		for node := range inv.Components {
			all := simplePaths(inv, root, node, nil)
			for via := range inv.Components {
				want := len(all) > 0
				for _, p := range all {
					want = want && slices.Contains(p, via)
				}
				if got := g.only(node, inv.Components[via].Dist); got != want {
					t.Fatalf("only(%d, %d) = %v, want %v", node, via, got, want)
				}
			}
		}
	})
}

// TestChain: the order of the names of an ignore's path is that of the
// requirements, nearest to the component first.
func TestChain(t *testing.T) {
	inv := &inventory.Inventory{Components: []inventory.Component{{Dist: "A"}, {Dist: "B"}, {Dist: "C"}, {Dist: "D"}}}
	inv.Edges = []inventory.Edge{{From: root, To: 0}, {From: 0, To: 1}, {From: 1, To: 2}, {From: root, To: 3}, {From: 3, To: 2}}
	g := newGraph(inv)
	for _, c := range []struct {
		node int
		path string
		want bool
	}{
		{1, "A", true},
		{1, "B < A", true},
		{1, "A < B", false},
		{1, "B", true},
		{1, "C", false},
		{2, "B < A", false}, // D brings it in too
		{2, "C", true},
		{2, "X", false},
	} {
		dists, err := parsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.chain(c.node, dists); got != c.want {
			t.Errorf("%s is on every path to %s: %v, want %v", c.path, inv.Components[c.node].Dist, got, c.want)
		}
	}
	if _, err := parsePath("A < B::C"); err == nil {
		t.Error("a module's name is no distribution of a path")
	}
}
