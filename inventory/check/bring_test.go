package check

import (
	"math/rand/v2"
	"testing"

	"nacre/cpan"
	"nacre/inventory"
)

// pair is the rule for one requirement and one module; guessed is set where the
// names alone tell.
func (c *checker) pair(d *requirement, m cpan.Module) (yes, guessed bool) {
	comp := &c.inv.Components[d.To]
	if d.Module == m {
		return true, false
	}
	if i, ok := c.provides[m]; ok && i == d.To && comp.Kind == inventory.Exact {
		return true, false
	}
	a, b := c.owners[d.Module], c.owners[m]
	switch {
	case a != "" && b != "":
		return a == b && a != "perl", false
	case comp.Kind == inventory.Exact && len(comp.Modules) > 0:
		return false, false
	}
	return b == "" && below(m, d.Module) || a == b && below(d.Module, m), true
}

// TestBring holds that what is answered from the index is what the rule gives
// for each pair.
func TestBring(t *testing.T) {
	names := []cpan.Module{"A", "B", "A::X", "A::X::Y", "A::Z", "B::X", "B::X::Y", "AB", "C::X"}
	dists := []cpan.Dist{"", "", "One", "Two", "perl"}
	kinds := []inventory.Kind{inventory.Exact, inventory.Required, inventory.Core}
	r := rand.New(rand.NewPCG(1, 2))
	pick := func() cpan.Module { return names[r.IntN(len(names))] }
	for range 3000 {
		c := &checker{
			inv: &inventory.Inventory{}, provides: map[cpan.Module]int{}, owners: map[cpan.Module]cpan.Dist{},
			used: &uses{modules: map[cpan.Module]*use{}},
		}
		for range 3 {
			comp := inventory.Component{Kind: kinds[r.IntN(len(kinds))], Dist: dists[r.IntN(len(dists))]}
			if r.IntN(2) == 0 {
				m := pick()
				comp.Modules = []cpan.Module{m}
				c.provides[m] = len(c.inv.Components)
			}
			c.inv.Components = append(c.inv.Components, comp)
		}
		for _, m := range names {
			c.owners[m] = dists[r.IntN(len(dists))]
		}
		for range r.IntN(4) {
			c.declared = append(c.declared, requirement{inventory.Edge{To: r.IntN(3), Module: pick()}})
		}
		for range 3 {
			u := &use{}
			u.hard[r.IntN(int(areas))] = &load{at: inventory.Evidence{File: string('a' + rune(r.IntN(3)))}}
			c.used.modules[pick()] = u
		}
		all := c.bring(func(inventory.Scope) bool { return true })
		groups := c.group()
		for _, m := range names {
			sure, like := -1, cpan.Module("")
			for i := range c.declared {
				yes, guessed := c.pair(&c.declared[i], m)
				switch {
				case yes && !guessed && sure < 0:
					sure = i
				case yes && guessed && len(c.declared[i].Module) > len(like):
					like = c.declared[i].Module
				}
			}
			if got := c.surely(all, m); got != sure {
				t.Fatalf("%s is brought by %d, not %d: %+v", m, sure, got, c)
			}
			if got := c.byName(all, m); sure < 0 && got != like {
				t.Fatalf("%s is taken for one of %q, not %q", m, like, got)
			}
		}
		for i := range c.declared {
			d := &c.declared[i]
			var want usage
			for m := range c.used.modules {
				yes, _ := c.pair(d, m)
				if yes || below(d.Module, m) && (c.owners[m] == "" || c.owners[d.Module] == "") {
					want.add(c.usageOf(m))
				}
			}
			if got := c.usesOf(groups, d); got.in != want.in || got.first != want.first {
				t.Fatalf("%s is used as %+v, not %+v", d.Module, want, got)
			}
		}
	}
}
