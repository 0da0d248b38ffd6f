package all

import (
	"slices"

	"nacre/inventory"
)

// scopes gives every component the strongest scope in which the project needs
// it, along all paths. A distribution of the lock that no path reaches keeps
// the scope that its source gave it, and what it alone requires has the same.
func (l *linker) scopes() {
	inv := l.inv
	out := make([][]int, len(inv.Components)) // edges by their origin
	var roots []int
	for i, e := range inv.Edges {
		if e.From < 0 {
			roots = append(roots, i)
		} else {
			out[e.From] = append(out[e.From], i)
		}
	}
	reached := make([]bool, len(inv.Components))
	for s := inventory.Runtime; s <= inventory.Develop; s++ {
		var queue []int
		reach := func(i int) {
			if !reached[i] {
				reached[i] = true
				if c := &inv.Components[i]; c.Kind != inventory.Interpreter { // it runs all of it
					c.Scope = s
				}
				queue = append(queue, i)
			}
		}
		for _, i := range roots {
			if inv.Edges[i].Scope == s {
				reach(inv.Edges[i].To)
			}
		}
		for len(queue) > 0 {
			from := queue[0]
			queue = queue[1:]
			for _, i := range out[from] {
				reach(inv.Edges[i].To)
			}
		}
	}
	for _, e := range inv.Edges {
		if e.From >= 0 && !reached[e.From] && !reached[e.To] && inv.Components[e.To].Kind != inventory.Interpreter {
			inv.Components[e.To].Scope = inv.Components[e.From].Scope
		}
	}
	if l.by != lock {
		return
	}
	if len(roots) == 0 {
		if len(inv.Edges) > 0 {
			l.notice(nil, "nothing beside the lock says which distributions the project itself requires")
		}
		return
	}
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Kind == inventory.Exact && !reached[i] && !c.Direct {
			c.Notes = append(c.Notes, "path unknown, probably test or removed")
		}
	}
}

// sort puts everything in its order, which does not depend on the order in
// which sources were asked.
func (l *linker) sort() {
	inv := l.inv
	order := make([]int, len(inv.Components))
	for i := range order {
		order[i] = i
		slices.Sort(inv.Components[i].Modules)
	}
	slices.SortStableFunc(order, func(a, b int) int { return inventory.Compare(inv.Components[a], inv.Components[b]) })
	sorted := make([]inventory.Component, len(order))
	place := make([]int, len(order))
	for to, from := range order {
		sorted[to], place[from] = inv.Components[from], to
	}
	inv.Components = sorted
	for i := range inv.Edges {
		e := &inv.Edges[i]
		e.To = place[e.To]
		if e.From >= 0 {
			e.From = place[e.From]
		}
	}
}
