package sbom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/bundled"
	"nacre/fault"
	"nacre/inventory"
	"nacre/license"
)

// addBundled tells the libraries that a release ships, as parts, and those that
// it is linked with, as components that have to be there.
func (m *maker) addBundled(n *node, found *bundled.Found) {
	n.holds = complete
	if found.Untold > 0 || found.XS != "" || found.OwnC > 0 || len(found.Unidentified) > 0 {
		n.holds = unknown // what is not told from the release's own may be another's
	}
	if found.Untold > 0 {
		n.property("cpan:note", fmt.Sprintf("modules that nothing tells from another distribution's: %d", found.Untold))
	}
	if found.OwnC > 0 {
		n.property("cpan:note", fmt.Sprintf("sources in C that nothing tells from the release's own: %d", found.OwnC))
	}
	if k := len(found.Unidentified); k > 0 {
		n.property("cpan:note", fmt.Sprintf("files of code that nothing identifies: %d, %s the first", k, fault.Quote(found.Unidentified[0])))
	}
	for _, l := range found.Libraries {
		if l.Name == "" {
			n.holds = unknown
		}
		n.parts = append(n.parts, embedded(l))
	}
	for _, need := range found.Needs {
		if need.Kind == bundled.Alien {
			continue // a distribution of CPAN, and required as one
		}
		n.need(m.external(need), bom.Provided)
	}
	if found.XS != "" && len(found.Needs) == 0 {
		n.deps = unknown
		n.property("cpan:note", found.XS+" is compiled, and nothing says which libraries with")
	}
	for _, note := range found.Notes {
		n.property("cpan:note", note)
		if n.holds == complete {
			n.holds = incomplete
		}
	}
}

// embedded is a library that a release ships.
func embedded(l bundled.Library) *node {
	n := &node{Component: &bom.Component{Type: "library", Name: l.Name, Version: l.Version, Scope: bom.Required, PURL: l.PURL}, deps: unknown, holds: unknown}
	if l.Kind == bundled.Font {
		n.Type = "data"
	}
	switch folder, _, _ := strings.Cut(l.Dir, "/"); folder {
	case "inc", "t", "xt", "examples", "example", "eg", "ex", "demo", "bench":
		n.Scope = bom.Excluded // for configuring, testing or showing only: nothing of it is installed
	}
	detail := "its own files"
	var ways []bom.Method
	for i, e := range l.Evidence {
		w := bom.Method{Technique: "source-code-analysis", Confidence: e.Confidence, Value: e.How}
		switch e.How {
		case "package.json", "bower.json", "index":
			w.Technique = "manifest-analysis"
		case "file name", "folder":
			w.Technique = "filename"
		}
		if i == 0 {
			detail = inventory.Evidence{File: e.File, Line: e.Line, How: e.How}.String()
		}
		if !slices.Contains(ways, w) {
			ways = append(ways, w)
		}
		n.seen([]inventory.Evidence{{File: e.File, Line: e.Line}})
	}
	if l.Name == "" {
		n.Name = "sources in C in " + cmp.Or(l.Dir, ".")
		n.SetUnknown("name")
	} else {
		n.SetOrigin("name", bom.Computed, detail)
	}
	if l.Version != "" {
		n.SetOrigin("version", bom.Computed, detail)
	}
	field := "name"
	if l.PURL != "" {
		field = "purl"
		n.SetOrigin("purl", bom.Computed, detail)
	}
	n.told(field, "", byHash, ways...)
	if l.License != "" {
		n.Evidence.Licenses = []bom.License{licenseText(l.License)}
	}
	n.property("cpan:dist:origin", "vendored")
	n.property("cpan:dependency:kind", "vendored")
	for _, own := range l.Modules {
		n.property("cpan:module", string(own))
	}
	if len(l.Evidence) == 0 && l.Dir != "" {
		n.seen([]inventory.Evidence{{File: l.Dir}})
	}
	n.Pedigree = &bom.Pedigree{Notes: "Shipped inside another release; nobody compared it with its original."}
	return n
}

func licenseText(s string) bom.License {
	e, err := license.Parse(s)
	if err != nil {
		return bom.License{Name: s}
	}
	return licenseOf(e, "")
}

// external is a library of the system that something is linked with: one
// component for all who are.
func (m *maker) external(need bundled.Need) *node {
	detail := "named in what builds the release"
	if len(need.Evidence) > 0 {
		e := need.Evidence[0]
		detail = inventory.Evidence{File: e.File, Line: e.Line, How: e.How}.String()
	}
	for _, n := range m.linked {
		if n.Name == need.Name {
			return n
		}
	}
	n := m.add(&node{Component: &bom.Component{Type: "library", Name: need.Name, External: true}, deps: notSpecified, holds: notSpecified})
	m.linked = append(m.linked, n)
	n.SetOrigin("name", bom.Stated, detail)
	for _, e := range need.Evidence {
		n.seen([]inventory.Evidence{{File: e.File, Line: e.Line}})
	}
	n.property("cpan:dependency:kind", "out-of-ecosystem")
	n.SetUnknown("scope") // some are for other systems, or instead of each other
	return n
}
