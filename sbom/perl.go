package sbom

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/purl"
)

// addPerls adds the perls, and in them the modules that they ship: all that are
// known of a perl that is here, else those that something requires.
func (m *maker) addPerls() error {
	if m.opt.NoPerl {
		return nil
	}
	type at struct{ place, manager, name string }
	where := func(c *inventory.Component) at {
		k := at{place: c.Place}
		if c.Package != nil {
			k.manager, k.name = c.Package.Manager, c.Package.Name
		}
		return k
	}
	perls := map[at]*node{}
	needed := map[int]bool{}
	for _, e := range m.inv.Edges {
		if e.To >= 0 && (e.From >= 0 && !m.inv.Components[e.From].Itself || m.wanted(phaseOf(e))) {
			needed[e.To] = true
		}
	}
	for i := range m.inv.Components {
		c := &m.inv.Components[i]
		if c.Kind != inventory.Interpreter {
			continue
		}
		n := m.perl(c)
		if perls[where(c)] == nil {
			perls[where(c)] = n
		}
		m.byIndex[i] = m.add(n)
		if m.runs == nil {
			m.runs = n
			m.root.need(n, bom.Provided)
		}
	}
	if m.open() {
		return nil // what a perl ships is for an installer to decide by
	}
	for i := range m.inv.Components {
		c := &m.inv.Components[i]
		if c.Kind != inventory.Core {
			continue
		}
		p := perls[where(c)]
		if p == nil || p.External && !needed[i] {
			continue
		}
		n := m.core(c, p)
		p.parts = append(p.parts, n)
		p.holds = incomplete
		m.byIndex[i] = n
	}
	return nil
}

// perl is a perl: one of the system's packages, one in the tree, or one that has
// to be there.
func (m *maker) perl(c *inventory.Component) *node {
	n := &node{Component: &bom.Component{Type: "platform", Name: "perl", Version: plain(c.Version), Scope: bom.Required}, deps: unknown, holds: unknown}
	origin, detail := from(c.Evidence)
	n.seen(c.Evidence)
	switch {
	case c.Package != nil:
		n.Name, n.Version, n.PURL = c.Package.Name, c.Package.Version, systemURL(c.Package)
		m.packaged(n, c)
		known := *c
		known.Version = plain(c.Version)
		n.Pedigree = &bom.Pedigree{Ancestors: []*bom.Component{upstreamOf(&known)}}
		n.packageNotes(c)
		for _, note := range c.Notes {
			n.property("cpan:note", note)
		}
	case c.Version != "":
		n.PURL = identity(cpan.Release{Dist: "perl", Version: n.Version}, "")
		n.External = c.Place == ""
		if c.Place == "" && len(c.Evidence) == 0 || len(c.Evidence) > 0 && c.Evidence[0].How == "--perl" {
			origin, detail = bom.Operator, "--perl"
		}
		for _, field := range []string{"name", "purl", "version"} {
			n.SetOrigin(field, origin, detail)
		}
		n.told("version", "", byHash, methods(c.Evidence)...)
	default:
		n.External = true
		n.PURL = identity(cpan.Release{Dist: "perl"}, "")
		if len(c.Evidence) == 0 {
			origin, detail = bom.Computed, "what is here is Perl"
		}
		n.SetOrigin("name", origin, detail)
		n.SetOrigin("purl", origin, detail)
		if c.Requirement != nil {
			n.Range = versOf(c.Requirement)
		}
	}
	if c.Package == nil {
		n.property("cpan:dist:origin", "cpan")
		if c.Place != "" {
			n.SetUnknown("patches") // nobody compared it with the release
		}
	}
	m.patched(n, c)
	return n
}

// coreModule is a module that perl ships and CPAN has as well, as a part of perl;
// perl itself for a module that lives nowhere else, and where it is not known
// which perl it is.
func (m *maker) coreModule(perl *node, module cpan.Module) *node {
	v, err := perlver.Parse(perl.Version)
	if p := perl.Pedigree; p != nil && len(p.Ancestors) == 1 {
		v, err = perlver.Parse(p.Ancestors[0].Version)
	}
	h, known := corelist.Lookup(module)
	if err != nil || !known || h.Upstream != "cpan" {
		return perl
	}
	table, ok := corelist.Find(v)
	version, ships := table.Version(module)
	if !ok || !ships {
		return perl
	}
	for _, p := range perl.parts {
		if p.Name == string(module) {
			return p
		}
	}
	c := inventory.Component{
		Kind: inventory.Core, Version: version, Scope: inventory.Shipped, Modules: []cpan.Module{module},
		Evidence: []inventory.Evidence{{How: "Module::CoreList, perl " + strings.TrimPrefix(table.Number.Normal(), "v")}},
	}
	n := m.core(&c, perl)
	n.Name = string(module)
	perl.parts = append(perl.parts, n)
	perl.holds = incomplete
	return n
}

// plain is a perl's version as its releases are called: 5.36.0 for 5.036.
func plain(version string) string {
	v, err := perlver.Parse(version)
	if err != nil {
		return version
	}
	return strings.TrimPrefix(v.Normal(), "v")
}

// core is a copy of a distribution that perl ships: a part of perl, and not the
// release on CPAN.
func (m *maker) core(c *inventory.Component, perl *node) *node {
	n := &node{Component: &bom.Component{Type: "library", Name: string(c.Dist), Version: c.Version, Scope: scopeOf(c.Scope)}, deps: unknown, holds: unknown}
	origin, detail := from(c.Evidence)
	n.SetOrigin("name", origin, detail)
	if c.Version != "" {
		n.SetOrigin("version", origin, detail)
	}
	n.told("version", "", byHash, methods(c.Evidence)...)
	n.property("cpan:dist:origin", "core")
	if len(c.Shipped) > 0 {
		n.property("cpan:core:versions", strings.Join(c.Shipped, " "))
	}
	if len(c.Modules) > 0 {
		n.PURL = inPerl(perl, mainModule(c))
		if n.PURL != "" {
			n.SetOrigin("purl", origin, "a file of perl, "+detail)
		}
	}
	return n
}

// inPerl is the package URL of a file of perl as CPAN has it; a system's
// package has its files elsewhere.
func inPerl(perl *node, module cpan.Module) string {
	p, err := purl.Parse(perl.PURL)
	if err != nil || !p.IsCPAN() {
		return ""
	}
	qualifiers := map[string]string{}
	for _, q := range p.Qualifiers() {
		qualifiers[q.Key] = q.Value
	}
	return text(purl.New("cpan", "", p.Name(), p.Version(), qualifiers, "lib/"+strings.ReplaceAll(string(module), "::", "/")+".pm"))
}

// mainModule is the module that a distribution is named after, or its first.
func mainModule(c *inventory.Component) cpan.Module {
	if main := cpan.ModuleFromDist(c.Dist); c.Dist != "" && slices.Contains(c.Modules, main) {
		return main
	}
	shortest := c.Modules[0]
	for _, own := range c.Modules {
		if len(own) < len(shortest) {
			shortest = own
		}
	}
	return shortest
}
