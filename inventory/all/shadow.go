package all

import (
	"fmt"

	"nacre/cpan"
	"nacre/inventory"
)

// shadow keeps, of several copies of a distribution that one perl can load, the
// one that it looks at first, and mentions the others there. It gives what
// linker.drop takes.
func shadow(inv *inventory.Inventory) (gone map[int]int) {
	type key struct {
		dist cpan.Dist
		perl string
	}
	best := map[key]int{}
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Kind != inventory.Exact || c.Dist == "" || c.Place == "" && c.Package == nil {
			continue
		}
		in := layerOfComponent(c)
		if in.perl == "" {
			continue
		}
		k := key{c.Dist, in.perl}
		if at, ok := best[k]; !ok || in.order < layerOfComponent(&inv.Components[at]).order {
			best[k] = i
		}
	}
	gone = map[int]int{}
	for i := range inv.Components {
		c := &inv.Components[i]
		in := layerOfComponent(c)
		at, ok := best[key{c.Dist, in.perl}]
		if !ok || at == i || c.Kind != inventory.Exact {
			continue
		}
		if b := &inv.Components[at]; layerOfComponent(b).order < in.order {
			b.Notes = append(b.Notes, fmt.Sprintf("%s in %s is not loaded: perl looks into %s first", c.Ref(), c.Place, b.Place))
			gone[i] = at
		}
	}
	return gone
}
