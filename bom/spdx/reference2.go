package spdx

import (
	"slices"
	"strings"
	"sync"

	"nacre/bom"
	"nacre/jsondoc"
)

// referenceTypes are CycloneDX's words for references, which SPDX 2 takes as
// types of the category OTHER.
var referenceTypes = sync.OnceValue(func() []string {
	return strings.Fields(`vcs issue-tracker website advisories bom mailing-list social chat documentation support
	source-distribution distribution distribution-intake license build-meta build-system release-notes security-contact
	model-card log configuration evidence formulation attestation threat-model adversary-model risk-assessment
	vulnerability-assertion exploitability-statement pentest-report static-analysis-report dynamic-analysis-report
	runtime-analysis-report component-analysis-report maturity-report certification-report codified-infrastructure
	quality-metrics poam electronic-signature digital-signature rfc-9116 patent patent-family patent-assertion citation other`)
})

// pointed is what one external reference of a package says: a package URL, a
// CPE, another identifier, or a link.
type pointed struct {
	kind   byte // 'p', 'c', 'i', 'r'
	id     bom.ID
	ref    bom.Reference
	origin *jsondoc.Node
}

// readPointed reads externalRefs. The first package URL and the first CPE are
// the package's own; others are further identifiers.
func readPointed(pkg *jsondoc.Node) []pointed {
	var out []pointed
	var purl, cpe bool
	for _, n := range pkg.Get("externalRefs").List() {
		category := strings.ReplaceAll(n.Get("referenceCategory").Str(), "_", "-")
		typ, locator, comment := n.Get("referenceType").Str(), n.Get("referenceLocator").Str(), n.Get("comment").Str()
		if i := strings.LastIndexAny(typ, "/#"); i >= 0 {
			typ = typ[i+1:] // the address of a type, as in http://spdx.org/rdf/references/cpe23Type
		}
		p := pointed{kind: 'i', id: bom.ID{Type: typ, Value: locator}, origin: n}
		switch {
		case typ == "purl" && !purl:
			purl, p.kind, p.id.Type = true, 'p', ""
		case (typ == "cpe23Type" || typ == "cpe22Type") && !cpe:
			cpe, p.kind, p.id.Type = true, 'c', ""
		case typ == "swh":
			p.id.Type = "swhid"
		case category == "PACKAGE-MANAGER", category == "PERSISTENT-ID", typ == "purl", typ == "swid", strings.HasPrefix(typ, "cpe2"):
		default:
			p.kind, p.id, p.ref = 'r', bom.ID{}, bom.Reference{Type: "other", URL: locator, Comment: comment, Raw: n}
			switch {
			case category == "SECURITY" && typ == "advisory":
				p.ref.Type = "advisories"
			case category == "SECURITY" && typ == "url" && (comment == "security-contact" || comment == "rfc-9116"):
				p.ref.Type, p.ref.Comment = comment, ""
			case category == "OTHER" && slices.Contains(referenceTypes(), typ):
				p.ref.Type = typ
			}
		}
		out = append(out, p)
	}
	return out
}

// writePointed is the external reference that reads as p, nil where SPDX has
// none: a locator is one word.
func writePointed(p pointed, version string) *jsondoc.Node {
	category, typ, locator, comment := "PACKAGE-MANAGER", p.id.Type, p.id.Value, ""
	switch p.kind {
	case 'p':
		typ = "purl"
	case 'c':
		category, typ = "SECURITY", "cpe23Type"
		if strings.HasPrefix(locator, "cpe:/") {
			typ = "cpe22Type"
		}
	case 'i':
		switch typ {
		case "purl", "npm", "maven-central", "nuget", "bower":
		case "swid", "cpe22Type", "cpe23Type":
			category = "SECURITY"
		case "gitoid":
			category = "PERSISTENT-ID"
		case "swhid":
			category, typ = "PERSISTENT-ID", "swh"
		default:
			return nil
		}
	case 'r':
		category, typ, locator, comment = "OTHER", p.ref.Type, p.ref.URL, p.ref.Comment
		switch typ {
		case "security-contact", "rfc-9116":
			if comment == "" {
				category, typ, comment = "SECURITY", "url", typ
			}
		case "advisories":
			category, typ = "SECURITY", "advisory"
		}
		if !slices.Contains(referenceTypes(), p.ref.Type) {
			return nil
		}
	}
	if locator == "" || strings.ContainsAny(locator, " \t\r\n") {
		return nil
	}
	if version == "2.2" {
		category = strings.ReplaceAll(category, "-", "_")
	}
	n := jsondoc.Object()
	n.SetString("referenceCategory", category)
	n.SetString("referenceType", typ)
	n.SetString("referenceLocator", locator)
	n.SetString("comment", comment)
	return n
}

// readLinks are the references of a package, its two own addresses first.
func readLinks(pkg *jsondoc.Node, list []pointed) []bom.Reference {
	var out []bom.Reference
	if n := pkg.Get("downloadLocation"); stated(n.Str()) != "" && n.Str() != none {
		out = append(out, bom.Reference{Type: downloadType(n.Str()), URL: n.Str(), Raw: n})
	}
	if n := pkg.Get("homepage"); stated(n.Str()) != "" && n.Str() != none {
		out = append(out, bom.Reference{Type: "website", URL: n.Str(), Raw: n})
	}
	for _, p := range list {
		if p.kind == 'r' {
			out = append(out, p.ref)
		}
	}
	return out
}

// downloadType tells an archive from a repository, whose address SPDX writes
// with the name of the tool in front.
func downloadType(s string) string {
	for _, tool := range []string{"git+", "git:", "hg+", "svn+", "svn:", "bzr+"} {
		if strings.HasPrefix(s, tool) {
			return "vcs"
		}
	}
	return "distribution"
}

// writeLinks sets the addresses, identifiers and links of a package. What is
// there already and still true stays as it is.
func writeLinks(pkg *jsondoc.Node, c *bom.Component, version string) {
	links := slices.Clone(c.References)
	take := func(key string, ok func(r bom.Reference) bool) {
		current := pkg.Get(key).Str()
		at := slices.IndexFunc(links, func(r bom.Reference) bool { return r.URL == current && r.Comment == "" && ok(r) })
		if at < 0 {
			at = slices.IndexFunc(links, func(r bom.Reference) bool { return r.URL != "" && oneWord(r.URL) && r.Comment == "" && ok(r) })
		}
		switch {
		case at >= 0:
			setText(pkg, key, links[at].URL)
			links = slices.Delete(links, at, at+1)
		case key == "downloadLocation" && current != none:
			setText(pkg, key, noAssertion)
		case key == "homepage" && stated(current) != "" && current != none:
			pkg.Remove(key)
		}
	}
	take("downloadLocation", func(r bom.Reference) bool {
		return (r.Type == "distribution" || r.Type == "vcs") && downloadType(r.URL) == r.Type
	})
	take("homepage", func(r bom.Reference) bool { return r.Type == "website" })

	var want []pointed
	if c.PURL != "" {
		want = append(want, pointed{kind: 'p', id: bom.ID{Value: c.PURL}})
	}
	if c.CPE != "" {
		want = append(want, pointed{kind: 'c', id: bom.ID{Value: c.CPE}})
	}
	for _, id := range c.IDs {
		want = append(want, pointed{kind: 'i', id: id})
	}
	for _, r := range links {
		want = append(want, pointed{kind: 'r', ref: r})
	}
	have := map[string][]*jsondoc.Node{}
	for _, p := range readPointed(pkg) {
		have[p.key()] = append(have[p.key()], p.origin)
	}
	list := jsondoc.Array()
	for _, p := range want {
		key := p.key()
		if nodes := have[key]; len(nodes) > 0 {
			list.Items = append(list.Items, nodes[0])
			have[key] = nodes[1:]
		} else if n := writePointed(p, version); n != nil {
			list.Items = append(list.Items, n)
		}
	}
	if len(list.Items) > 0 {
		pkg.Set("externalRefs", list)
	} else {
		pkg.Remove("externalRefs")
	}
}

func oneWord(s string) bool { return !strings.ContainsAny(s, " \t\r\n") }

// key is what a reference says, digests of links left out.
func (p pointed) key() string {
	return strings.Join([]string{string(p.kind), p.id.Type, p.id.Value, p.ref.Type, p.ref.URL, p.ref.Comment}, "\x00")
}

// setText sets a key to a text where it is another.
func setText(n *jsondoc.Node, key, s string) {
	if have := n.Get(key); have.Str() != s || !have.Is(jsondoc.KindString) {
		n.SetString(key, s)
	}
}
