package sbom

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/inventory"
)

// addExact adds what a lock pins, or what is installed, and what is required and
// is not there.
func (m *maker) addExact() error {
	type carried struct{ manager, name, version string }
	packages := map[carried]*node{}
	for i := range m.inv.Components {
		if err := m.ctx.Err(); err != nil {
			return err
		}
		c := &m.inv.Components[i]
		if c.Itself || m.byIndex[i] != nil || !m.wanted(phaseOfScope(c.Scope)) {
			continue
		}
		switch {
		case c.Kind == inventory.Exact && c.Package != nil:
			k := carried{c.Package.Manager, c.Package.Name, c.Package.Version}
			n := packages[k]
			if n == nil {
				n = m.add(m.carrier(c))
				packages[k] = n
			}
			n.carries(c)
			m.byIndex[i] = n
		case c.Kind == inventory.Exact:
			n, err := m.exact(c)
			if err != nil {
				return err
			}
			m.byIndex[i] = m.add(n)
		case c.Kind == inventory.Required:
			m.byIndex[i] = m.add(m.required(c))
		}
	}
	return nil
}

// exact is a release at one version.
func (m *maker) exact(c *inventory.Component) (*node, error) {
	known, err := m.lookUp(c)
	if err != nil {
		return nil, err
	}
	n := &node{Component: &bom.Component{Type: "library", Name: string(c.Dist), Version: c.Version, Scope: m.scope(c)}}
	origin, detail := from(c.Evidence)
	n.seen(c.Evidence)
	if c.Guessed {
		m.guess(n, c)
	} else {
		n.SetOrigin("name", origin, detail)
	}
	switch {
	case c.Version != "" && len(c.Evidence) > 1 && c.Evidence[0].How == ".packlist": // which lists files alone
		n.SetOrigin("version", bom.Archive, c.Evidence[1].String())
	case c.Version != "" && len(c.Evidence) == 1 && c.Evidence[0].How == ".packlist":
		n.SetOrigin("version", bom.Computed, "what the module states that it is named after")
	case c.Version != "":
		n.SetOrigin("version", origin, detail)
	}
	sha256 := ""
	if known.Archive != nil && c.Place == "" {
		sha256 = known.Archive.SHA256
	}
	n.PURL = m.purlOf(c, sha256)
	most := byHash
	if c.ByName {
		most = byPacklist
		if c.Version == "" {
			most = byFile
		}
	}
	if n.PURL != "" {
		n.SetOrigin("purl", origin, detail)
		n.told("purl", "", most, methods(c.Evidence)...)
	}
	where := originOf(c)
	n.property("cpan:dist:origin", where)
	if c.Elsewhere != "" {
		n.elsewhere(c.Elsewhere)
	}
	for _, note := range c.Notes {
		n.property("cpan:note", note)
	}
	if where == "cpan" {
		m.published(n, c, origin, detail)
	}
	if c.Place != "" {
		if err := m.asInstalled(c, &known); err != nil {
			return nil, err
		}
	}
	m.describe(n, known)
	if c.Place != "" {
		n.unpacked()
	}
	if pinned(c) {
		n.property("cpan:dependency:kind", "pinned")
	}
	n.deps = m.dependenciesOf(c, known)
	if m.opt.Files && c.Place != "" {
		if err := m.addFiles(n, c); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// guess marks a component whose distribution is only the name of its module: it
// is called by the module, and the guess is told as evidence.
func (m *maker) guess(n *node, c *inventory.Component) {
	main := strings.ReplaceAll(string(c.Dist), "-", "::")
	for _, own := range c.Modules {
		if string(own) == main {
			n.Name = main
		}
	}
	if n.Name != main && len(c.Modules) > 0 {
		n.Name = string(c.Modules[0])
	}
	if c.Elsewhere == "" {
		n.told("purl", identity(releaseOf(c), ""), byGuess, bom.Method{Technique: "other", Confidence: byGuess, Value: "the module's name with hyphens"})
	}
	origin, detail := from(c.Evidence)
	n.SetOrigin("name", origin, detail)
}

// elsewhere tells an address that is not CPAN's.
func (n *node) elsewhere(address string) {
	typ := "distribution"
	if strings.HasPrefix(address, "git") || strings.HasSuffix(address, ".git") {
		typ = "vcs"
	}
	n.References = append(n.References, bom.Reference{Type: typ, URL: address})
	n.SetOrigin("externalReferences", bom.Stated, "the requirement names the address")
}

// published tells what the path of a release on CPAN says: who uploaded it, and
// where it is.
func (m *maker) published(n *node, c *inventory.Component, origin bom.From, detail string) {
	n.Supplier = &bom.Party{Person: true, Name: string(c.Author)}
	n.SetOrigin("supplier", origin, "the uploader's PAUSE id in the path of the release, "+detail)
	if c.Path == "" {
		return
	}
	url := archiveBase + escapePath(c.Path)
	if folder, _, ok := strings.Cut(c.Path, "/"+string(c.Author)+"/"); ok {
		n.Supplier.URLs = []string{archiveBase + escapePath(folder) + "/" + string(c.Author) + "/"}
	}
	n.References = append(n.References,
		bom.Reference{Type: "distribution", URL: url},
		bom.Reference{Type: "source-distribution", URL: url})
	n.SetOrigin("externalReferences", origin, "the path of the release on CPAN, "+detail)
	n.File.Name = path.Base(c.Path)
	n.File.Archive, n.File.Structured = "archive", "structured"
}

// required is a component that is known by what is asked of it.
func (m *maker) required(c *inventory.Component) *node {
	n := &node{Component: &bom.Component{Type: "library", Name: string(c.Dist), Scope: scopeOf(c.Scope)}}
	if d, ok := m.ownerOfAll(c); ok && c.Guessed && d != "perl" { // whose versions are not its modules'
		known := *c
		known.Dist, known.Guessed = d, false
		c = &known
		n.Name = string(d)
		n.SetOrigin("name", bom.Index, "02packages.details.txt")
		n.SetOrigin("purl", bom.Index, "02packages.details.txt")
	}
	n.seen(c.Evidence)
	if c.Guessed {
		m.guess(n, c)
	} else {
		origin, detail := from(c.Evidence)
		if n.Origin("name").From == "" {
			n.SetOrigin("name", origin, detail)
		}
		if n.PURL = m.purlOf(c, ""); n.PURL != "" {
			if n.Origin("purl").From == "" {
				n.SetOrigin("purl", bom.ThirdParty, "the distribution that holds the module")
			}
			n.told("purl", "", byMeta, methods(c.Evidence)...)
		}
	}
	n.ask(c)
	n.property("cpan:dependency:kind", "requirement")
	if c.Elsewhere != "" {
		n.elsewhere(c.Elsewhere)
	}
	n.property("cpan:dist:origin", originOf(c))
	return n
}

// ask tells which versions are allowed. Only what has to be there at run time
// may be called external.
func (n *node) ask(c *inventory.Component) {
	n.Range = versOf(c.Requirement)
	n.External = n.Scope != bom.Excluded
}

// linkExact adds the edges between what is there.
func (m *maker) linkExact() error {
	for i := range m.inv.Components {
		n := m.byIndex[i]
		if n == nil {
			continue
		}
		for _, e := range m.from[i] {
			m.linkTo(n, e)
		}
	}
	m.linkPackages()
	m.addAsked()
	for _, e := range m.project {
		if to := m.linkTo(m.root, e); to != nil {
			to.property("cpan:prereq", prereq(e))
			to.property("cpan:feature", e.Feature)
			to.property("cpan:dependency:kind", "direct")
			to.property("cpan:dependency:kind", string(phaseOf(e)))
		}
	}
	if len(m.project) == 0 {
		m.linkUnrequired()
		return nil
	}
	for _, n := range m.nodes {
		if n.Type != "platform" && !slices.Contains(n.Properties, bom.Property{Name: "cpan:dependency:kind", Value: "direct"}) {
			n.property("cpan:dependency:kind", "transitive")
		}
	}
	return nil
}

// addAsked adds perl's copies of modules that a source bill requires, where
// nothing else here provides them.
func (m *maker) addAsked() {
	perl := m.runs
	if perl == nil || len(m.asked) == 0 {
		return
	}
	provided := map[cpan.Module]bool{}
	for i := range m.inv.Components {
		if c := &m.inv.Components[i]; c.Kind == inventory.Exact {
			for _, module := range c.Modules {
				provided[module] = true
			}
		}
	}
	for _, module := range m.asked {
		if !provided[module] {
			m.coreModule(perl, module)
		}
	}
}

// linkTo adds one edge. Where it leads to what only a part of the phases wants,
// there is none.
func (m *maker) linkTo(n *node, e inventory.Edge) *node {
	if e.To < 0 {
		return nil
	}
	to := m.byIndex[e.To]
	if to == nil {
		if n != m.root && n.deps == complete && m.inv.Components[e.To].Kind != inventory.Core && m.inv.Components[e.To].Kind != inventory.Interpreter {
			n.deps = incomplete
		}
		return nil
	}
	relation := relationOf(e.Scope)
	if k := m.inv.Components[e.To].Kind; relation == bom.DependsOn && (k == inventory.Core || k == inventory.Interpreter) {
		relation = bom.Provided
	}
	if m.inv.Components[e.To].Kind == inventory.Interpreter {
		to = m.coreModule(to, e.Module)
	}
	n.need(to, relation)
	if n != m.root && m.inv.Components[e.To].Kind == inventory.Required && n.deps == complete {
		n.deps = incomplete
	}
	return to
}

// linkUnrequired makes the project need what nothing else does, where nothing
// says what it requires: all of this is there for it. Of those that only need
// each other the first in order stands for the rest.
func (m *maker) linkUnrequired() {
	needed := map[*node]bool{}
	for _, n := range m.nodes {
		for _, l := range n.to {
			needed[l.to] = true
		}
	}
	reached := map[*node]bool{}
	reach := func(n *node) {
		for stack := []*node{n}; len(stack) > 0; {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if reached[n] {
				continue
			}
			reached[n] = true
			for _, l := range n.to {
				stack = append(stack, l.to)
			}
		}
	}
	for _, l := range m.root.to {
		reach(l.to)
	}
	for _, all := range []bool{false, true} {
		for _, n := range m.nodes {
			if !reached[n] && (all || !needed[n]) {
				relation := bom.DependsOn
				if n.Type == "platform" {
					relation = bom.Provided
				}
				m.root.need(n, relation)
				reach(n)
			}
		}
	}
}

// dependenciesOf says how completely the dependencies of a release are known.
func (m *maker) dependenciesOf(c *inventory.Component, known Release) string {
	for _, e := range c.Evidence {
		switch e.How {
		case howIndex:
			if f := known.Facts; f != nil && f.MetaFile != "" && !f.Dynamic {
				return complete
			}
			return unknown
		case "cpanfile.snapshot":
			return complete
		case ".meta install.json":
			if m.in.FS == nil {
				return unknown
			}
			if _, err := fs.Stat(m.in.FS, path.Join(path.Dir(e.File), "MYMETA.json")); err == nil {
				return complete
			}
			return unknown
		}
	}
	return unknown
}
