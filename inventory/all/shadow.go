package all

import (
	"fmt"
	"slices"

	"nacre/cpan"
	"nacre/inventory"
)

// shadow keeps, of several copies of a distribution that one perl can load, the
// one that it looks at first, and mentions the others there. A copy whose
// modules are only known one by one hides no more than those. It gives what
// linker.drop takes.
func shadow(inv *inventory.Inventory) (gone map[int]int) {
	type key struct {
		dist cpan.Dist
		perl string
	}
	copies := map[key][]int{}
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Kind != inventory.Exact || c.Dist == "" || c.Place == "" && c.Package == nil {
			continue
		}
		if in := layerOfComponent(c); in.perl != "" {
			k := key{c.Dist, in.perl}
			copies[k] = append(copies[k], i)
		}
	}
	perls := versions(inv)
	gone = map[int]int{}
	for k, of := range copies {
		if len(of) < 2 {
			continue
		}
		// The first one is hidden by none, so that what stands for a copy stays.
		slices.SortStableFunc(of, func(a, b int) int {
			return layerOfComponent(&inv.Components[a]).order - layerOfComponent(&inv.Components[b]).order
		})
		for n, i := range of {
			c := &inv.Components[i]
			for _, at := range of[:min(n, maxHiding)] {
				b := &inv.Components[at]
				if _, hidden := gone[at]; hidden || !layerOfComponent(b).before(layerOfComponent(c), perls[k.perl]) || !covers(b, c) {
					continue
				}
				b.Notes = append(b.Notes, fmt.Sprintf("%s in %s is not loaded: perl looks into %s first", c.Ref(), c.Place, b.Place))
				gone[i] = at
				break
			}
		}
	}
	return gone
}

// covers reports whether a copy has all that another one has: what was installed
// as a whole does, mostly.
func covers(b, c *inventory.Component) bool {
	if !b.ByName || b.Package != nil {
		return true
	}
	has := make(map[cpan.Module]bool, len(b.Modules))
	for _, m := range b.Modules {
		has[m] = true
	}
	return !slices.ContainsFunc(c.Modules, func(m cpan.Module) bool { return !has[m] })
}

// maxHiding bounds the copies of a distribution that are asked whether they hide
// another one: perl has a few folders for each.
const maxHiding = 16
