package check

import (
	"iter"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
)

// A requirement brings a module if it names it, or another one of its
// distribution, which components and owners tell. Where they do not know the
// module, a name that continues the other's is taken for the same
// distribution's. Both ways of asking are answered from an index, so that the
// cost does not grow with the product of what is declared and what is loaded.

// brought is what requirements bring, with the first of them in c.declared.
type brought struct {
	named map[cpan.Module]int
	parts map[int]int // by component
	dists map[cpan.Dist]int
	// By the names alone: open are requirements of components that may hold
	// more than is listed, and under has, for each name, the longest one that
	// continues it.
	open  map[cpan.Module]bool
	under map[cpan.Module]cpan.Module
	// listless is set where a requirement may bring modules that nothing lists.
	listless bool
}

// bring indexes the requirements whose scope suits.
func (c *checker) bring(suits func(inventory.Scope) bool) *brought {
	b := &brought{map[cpan.Module]int{}, map[int]int{}, map[cpan.Dist]int{}, map[cpan.Module]bool{}, map[cpan.Module]cpan.Module{}, false}
	for i := range c.declared {
		d := &c.declared[i]
		if !suits(d.Scope) {
			continue
		}
		first(b.named, d.Module, i)
		b.listless = b.listless || c.inv.Components[d.To].Kind == inventory.Required
		if c.inv.Components[d.To].Kind == inventory.Exact {
			first(b.parts, d.To, i)
		}
		owner := c.owners[d.Module]
		if owner != "" && owner != "perl" {
			first(b.dists, owner, i)
		}
		if c.isClosed(d) {
			continue
		}
		b.open[d.Module] = true
		if owner != "" {
			continue
		}
		for above := range ancestors(d.Module) {
			if len(d.Module) > len(b.under[above]) {
				b.under[above] = d.Module
			}
		}
	}
	return b
}

// first keeps the first value of a key.
func first[K comparable](m map[K]int, key K, i int) {
	if _, ok := m[key]; !ok {
		m[key] = i
	}
}

// isClosed reports whether all modules are known that a requirement brings.
func (c *checker) isClosed(d *requirement) bool {
	comp := &c.inv.Components[d.To]
	return comp.Kind == inventory.Exact && len(comp.Modules) > 0
}

// surely gives the first requirement that brings a module, -1 for none.
func (c *checker) surely(b *brought, m cpan.Module) int {
	at := -1
	see := func(i int, ok bool) {
		if ok && (at < 0 || i < at) {
			at = i
		}
	}
	i, ok := b.named[m]
	see(i, ok)
	if part, provided := c.provides[m]; provided {
		i, ok = b.parts[part]
		see(i, ok)
	}
	i, ok = b.dists[c.owners[m]]
	see(i, ok)
	return at
}

// byName gives the required module whose name is most like that of a module
// nothing is known of, "" for none.
func (c *checker) byName(b *brought, m cpan.Module) cpan.Module {
	if c.owners[m] != "" {
		return ""
	}
	if longer := b.under[m]; longer != "" {
		return longer
	}
	for above := range ancestors(m) { // the longest first
		if b.open[above] {
			return above
		}
	}
	return ""
}

// longest is the longest name of a module that the archive takes.
const longest = 255

// ancestors gives the names that a module's name continues, the longest first. A
// name that is too long for a module's has none.
func ancestors(m cpan.Module) iter.Seq[cpan.Module] {
	return func(yield func(cpan.Module) bool) {
		for len(m) <= longest {
			at := strings.LastIndex(string(m), "::")
			if at <= 0 {
				return
			}
			m = m[:at]
			if !yield(m) {
				return
			}
		}
	}
}

// usage is how modules are used, together.
type usage struct {
	in [areas]bool
	// first is the first load by tests, and module what it loads.
	first  *load
	module cpan.Module
}

// add takes the use of other modules in.
func (u *usage) add(v usage) {
	for a := range areas {
		u.in[a] = u.in[a] || v.in[a]
	}
	if v.first == nil {
		return
	}
	if u.first == nil || v.first.at.File < u.first.at.File || v.first.at.File == u.first.at.File && v.module < u.module {
		u.first, u.module = v.first, v.module
	}
}

// usedBy are the uses of modules by what brings them.
type usedBy struct {
	parts map[int]usage
	dists map[cpan.Dist]usage
	under map[cpan.Module]usage // of modules of no known distribution, by each name that theirs continues
}

// usageOf is how one module is used.
func (c *checker) usageOf(m cpan.Module) usage {
	u := c.used.modules[m]
	if u == nil {
		return usage{}
	}
	out := usage{module: m}
	for a := range areas {
		out.in[a] = u.anywhere(a)
		for _, l := range []*load{u.hard[a], u.soft[a]} {
			if a != run && l != nil && (out.first == nil || l.at.File < out.first.at.File) {
				out.first = l
			}
		}
	}
	return out
}

// group indexes what is used.
func (c *checker) group() *usedBy {
	g := &usedBy{map[int]usage{}, map[cpan.Dist]usage{}, map[cpan.Module]usage{}}
	for m := range c.used.modules {
		one := c.usageOf(m)
		if i, ok := c.provides[m]; ok {
			merge(g.parts, i, one)
		}
		if owner := c.owners[m]; owner != "" {
			merge(g.dists, owner, one)
			continue
		}
		for above := range ancestors(m) {
			merge(g.under, above, one)
		}
	}
	return g
}

func merge[K comparable](m map[K]usage, key K, v usage) {
	u := m[key]
	u.add(v)
	m[key] = u
}

// usesOf tells how the modules are used that a requirement may be there for.
func (c *checker) usesOf(g *usedBy, d *requirement) usage {
	out := c.usageOf(d.Module)
	if c.inv.Components[d.To].Kind == inventory.Exact {
		out.add(g.parts[d.To])
	}
	owner := c.owners[d.Module]
	if owner != "" && owner != "perl" {
		out.add(g.dists[owner])
	}
	if !c.isClosed(d) {
		out.add(g.under[d.Module])
	}
	// Foo::Bar is required, and Foo loaded: one distribution, as far as names
	// tell.
	for above := range ancestors(d.Module) {
		if owner == "" || c.owners[above] == "" {
			out.add(c.usageOf(above))
		}
	}
	return out
}

// signs are where something may load a requirement unseen.
type signs struct {
	anyway   map[int]string         // by component: the first other one that requires it
	computed [2]map[cpan.Module]int // by the literal beginning, without its colons: the first in run time, and anywhere; "" for none
	families map[cpan.Module]cpan.Module
}

// findSigns collects them.
func (c *checker) findSigns() *signs {
	s := &signs{map[int]string{}, [2]map[cpan.Module]int{{}, {}}, map[cpan.Module]cpan.Module{}}
	for _, e := range c.inv.Edges {
		if e.From < 0 || e.To < 0 || c.inv.Components[e.To].Kind == inventory.Interpreter {
			continue
		}
		if _, ok := s.anyway[e.To]; !ok {
			s.anyway[e.To] = c.inv.Components[e.From].Ref()
		}
	}
	for i, w := range c.used.computed {
		prefix := cpan.Module(strings.TrimSuffix(w.prefix, "::"))
		if w.area == run {
			first(s.computed[0], prefix, i)
		}
		first(s.computed[1], prefix, i)
	}
	for m, u := range c.used.modules {
		if c.used.own[m] || u.hard[run] == nil {
			continue
		}
		top, _, _ := strings.Cut(string(m), "::")
		if old, ok := s.families[cpan.Module(top)]; !ok || m < old {
			s.families[cpan.Module(top)] = m
		}
	}
	return s
}

// computes gives the first load by a computed name that may be what a
// requirement is for: one whose name begins as the requirement's does, or, where
// begun is not set, one of which no beginning is known. What tests load is no
// reason to require it at run time.
func (c *checker) computes(d *requirement, begun bool) *computed {
	of := c.signs.computed[0]
	if d.Scope == inventory.Test {
		of = c.signs.computed[1]
	}
	if !begun {
		if i, ok := of[""]; ok {
			return &c.used.computed[i]
		}
		return nil
	}
	var at []int
	for above := range ancestors(d.Module) {
		if i, ok := of[above]; ok {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	return &c.used.computed[slices.Min(at)]
}
