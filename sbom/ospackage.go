package sbom

import (
	"cmp"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/inventory"
	"nacre/license"
)

// carrier is a package of the system that holds modules of Perl.
func (m *maker) carrier(c *inventory.Component) *node {
	p := c.Package
	n := &node{Component: &bom.Component{Type: "library", Name: p.Name, Version: p.Version, Scope: bom.Required, PURL: systemURL(p)}}
	n.deps, n.holds = unknown, incomplete
	m.packaged(n, c)
	return n
}

// packaged tells what the database of packages says.
func (m *maker) packaged(n *node, c *inventory.Component) {
	p := c.Package
	detail := p.Manager + "'s list of packages"
	for _, field := range []string{"name", "version"} {
		n.SetOrigin(field, bom.ThirdParty, detail)
	}
	ways := []bom.Method{{Technique: "manifest-analysis", Confidence: byDatabase, Value: detail}}
	if n.PURL != "" {
		n.SetOrigin("purl", bom.ThirdParty, detail+" and os-release")
		n.told("purl", "", byDatabase, ways...)
	} else {
		n.told("name", "", byDatabase, ways...)
	}
	n.property("cpan:dist:origin", "os")
	m.papers(n, p, detail)
	if p.Source != "" && (p.Source != p.Name || p.SourceVersion != p.Version) {
		n.property("cpan:os:source", p.Source+" "+cmp.Or(p.SourceVersion, p.Version))
	}
}

// carries tells that a package holds a distribution, which it may have changed.
func (n *node) carries(c *inventory.Component) {
	n.seen(c.Evidence)
	if n.Pedigree == nil {
		n.Pedigree = &bom.Pedigree{}
	}
	if !c.Guessed {
		n.Pedigree.Ancestors = append(n.Pedigree.Ancestors, upstreamOf(c))
	}
	n.packageNotes(c)
}

// packageNotes says in the pedigree what is known of changes to what a package
// was built from.
func (n *node) packageNotes(c *inventory.Component) {
	note := "Built by the makers of the system, who may have changed it; the difference is not here."
	if c.Package != nil && len(c.Package.Changelog) > 0 {
		note += fmt.Sprintf(" The package's changelog names %s.", strings.Join(c.Package.Changelog, ", "))
	}
	n.Pedigree.Notes = note
}

// upstreamOf is the release of CPAN that a package was built from.
func upstreamOf(c *inventory.Component) *bom.Component {
	r := releaseOf(c)
	a := &bom.Component{Type: "library", Name: string(c.Dist), Version: c.Version, PURL: identity(r, "")}
	if c.Kind == inventory.Interpreter {
		a.Type = "platform"
	}
	a.Ref = refOf(a)
	return a
}

// papers tells what a package's own description states: who maintains it for the
// system, what it is for, and under which licence it says to be. A licence in the
// system's own words is no SPDX expression, and stands as a property.
func (m *maker) papers(n *node, p *inventory.Package, detail string) {
	if p.Maintainer != "" {
		n.Supplier = &bom.Party{Name: p.Maintainer}
		if a, err := mail.ParseAddress(p.Maintainer); err == nil {
			n.Supplier.Name, n.Supplier.Contacts = a.Name, []bom.Party{{Person: true, Name: a.Name, Email: a.Address}}
		}
		n.SetOrigin("supplier", bom.ThirdParty, "the package's maintainer, "+detail)
	}
	if p.Summary != "" {
		n.Description = p.Summary
		n.SetOrigin("description", bom.ThirdParty, detail)
	}
	if url := httpOnly(p.Homepage); url != "" {
		n.References = append(n.References, bom.Reference{Type: "website", URL: url})
		n.SetOrigin("externalReferences", bom.ThirdParty, detail)
	}
	if p.License == "" {
		return
	}
	e, err := license.Parse(p.License)
	if err != nil || len(e.Unknown()) > 0 || e.IsNone() || e.IsNoAssertion() {
		n.property("cpan:os:license", p.License)
		return
	}
	n.Licenses = []bom.License{licenseOf(e, bom.Declared)}
	n.SetOrigin("licenses", bom.ThirdParty, detail)
}

// linkPackages adds the edges between packages of the system, as far as both are
// in the bill: those without Perl are not.
func (m *maker) linkPackages() {
	type key struct{ manager, name string }
	nodes := map[key]*node{}
	for i := range m.inv.Components {
		c := &m.inv.Components[i]
		n := m.byIndex[i]
		if n == nil || c.Package == nil || c.Kind == inventory.Core {
			continue
		}
		nodes[key{c.Package.Manager, c.Package.Name}] = n
		if c.Kind == inventory.Interpreter {
			nodes[key{c.Package.Manager, "perl"}] = n
		}
		if c.Package.Manager == "rpm" {
			for _, module := range c.Modules {
				nodes[key{"rpm", "perl(" + string(module) + ")"}] = n
			}
		}
	}
	seen := map[*node]bool{}
	for i := range m.inv.Components {
		c, n := &m.inv.Components[i], m.byIndex[i]
		if n == nil || c.Package == nil || c.Kind == inventory.Core || seen[n] || len(c.Package.Depends) == 0 {
			continue
		}
		seen[n] = true
		n.deps = complete
		for _, name := range c.Package.Depends {
			if ofPerl(name) {
				name = "perl"
			}
			to := nodes[key{c.Package.Manager, name}]
			switch {
			case to == nil:
				n.deps = incomplete
			case to.Type == "platform":
				n.need(to, bom.Provided)
			default:
				n.need(to, bom.DependsOn)
			}
		}
	}
}

// ofPerl reports whether a package's name is one of those that perl itself is
// made of, or stands for.
func ofPerl(name string) bool {
	if slices.Contains([]string{"perl", "perl-base", "perl-interpreter", "perl-libs"}, name) {
		return true
	}
	for _, begin := range []string{"perlapi-", "perl-modules-", "libperl5.", "perl(:"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}
