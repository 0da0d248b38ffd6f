package sbom

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// addRequirements adds what the project requires, as ranges: each distribution
// once, each module of which nobody knows the distribution by itself.
func (m *maker) addRequirements() error {
	type group struct {
		inventory.Component
		edges  []inventory.Edge
		ranges perlver.Requirement
		source bom.From
		detail string
	}
	groups := map[string]*group{}
	var order []string
	for _, e := range m.inv.OfPerl {
		if p := m.runs; p != nil && m.wanted(phaseOf(e)) {
			p.property("cpan:prereq", prereq(e))
		}
	}
	stated := map[string]bool{} // by two files in two ways, ">= 1.2" and "1.2"
	for _, e := range m.project {
		c := inventory.Component{Kind: inventory.Required, Guessed: true, Dist: cpan.DistFromModule(e.Module), Elsewhere: e.Elsewhere}
		source, detail := bom.ThirdParty, "the distribution that holds the module"
		if d, ok := m.owner(e.Module); ok {
			c.Dist, c.Guessed = d, false
			source, detail = bom.Index, "02packages.details.txt"
		} else if e.To >= 0 {
			if to := &m.inv.Components[e.To]; !to.Guessed && to.Dist != "" {
				c.Dist, c.Guessed = to.Dist, false
				if to.Kind == inventory.Interpreter {
					c.Dist = "perl"
				}
			}
		}
		if c.Dist == "perl" { // a module that lives nowhere but in perl
			if p := m.runs; p != nil {
				m.root.need(p, bom.Provided)
				p.property("cpan:prereq", prereq(e))
			}
			continue
		}
		key := string(c.Dist)
		if c.Guessed {
			key = "module " + string(e.Module)
		}
		g := groups[key]
		if g == nil {
			g = &group{Component: c, source: source, detail: detail}
			g.Scope = e.Scope
			groups[key] = g
			order = append(order, key)
		}
		r, err := perlver.ParseRequirement(e.Range)
		same := strings.Join([]string{e.Phase, e.Relation, string(e.Module), e.Feature, r.String()}, "/")
		if err == nil && stated[same] {
			g.Evidence = append(g.Evidence, e.Evidence)
			continue
		}
		stated[same] = err == nil
		g.edges = append(g.edges, e)
		g.Scope = min(g.Scope, e.Scope)
		if c.Elsewhere != "" {
			g.Elsewhere = c.Elsewhere
		}
		if !slices.Contains(g.Modules, e.Module) {
			g.Modules = append(g.Modules, e.Module)
		}
		g.Evidence = append(g.Evidence, e.Evidence)
		if err == nil {
			// Of several modules each has a version of its own, which is mostly
			// the distribution's.
			if both, err := g.ranges.And(r); err == nil {
				g.ranges = both
			} else {
				m.notice("the requirements of " + string(e.Module) + " contradict each other")
			}
		}
	}
	for _, key := range order {
		g := groups[key]
		g.Requirement = &g.ranges
		n := m.add(m.required(&g.Component))
		if !g.Guessed {
			n.SetOrigin("name", g.source, g.detail)
			if n.PURL != "" {
				n.SetOrigin("purl", g.source, g.detail)
			}
		}
		n.property("cpan:dependency:kind", "direct")
		for _, e := range g.edges {
			m.root.need(n, relationOf(e.Scope))
			n.property("cpan:prereq", prereq(e))
			n.property("cpan:feature", e.Feature)
			n.property("cpan:dependency:kind", string(phaseOf(e)))
			if e.Scope == inventory.Optional {
				n.property("cpan:dependency:kind", "optional")
			}
		}
	}
	return nil
}

// ownerOfAll is the distribution that the index has for all modules of a
// component; false where they are not of one.
func (m *maker) ownerOfAll(c *inventory.Component) (cpan.Dist, bool) {
	var owner cpan.Dist
	for _, module := range c.Modules {
		d, ok := m.owner(module)
		if !ok || owner != "" && d != owner {
			return "", false
		}
		owner = d
	}
	return owner, owner != ""
}
