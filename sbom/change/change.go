// Package change compares, joins, censors and completes bills of materials.
//
//	changes := change.Diff(old, new)
//	changes[0].Kind == change.Upgraded // Foo-Bar 1.2 -> 1.3
//
//	joined, report, err := change.Merge(inputs, change.MergeOptions{Root: root})
//	report, err := change.Redact(b, change.Rules{Personal: true})
//	report := change.Enrich(b, sources)
//
// A component is known again by its package URL without version and qualifiers,
// and where it has none by its name; an author in a package URL is evidence, and
// no part of the name.
//
// Promised: what the model does not know survives every change. Nothing that a
// bill states is overwritten: where two statements differ, both are kept and
// named. What is taken out leaves a mark. Each change raises the revision, or
// gives a new serial number, and makes a signature inside void, which the writers
// drop and tell.
//
// Not promised: that bills of two makers describe one thing in one way. Diff
// compares what is said.
//
// Sources: CycloneDX 1.6 and 1.7, BOM-Link among them; CISA's words for the
// types of bills; the Traffic Light Protocol 2.0 of FIRST.
package change

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/perlver"
	"nacre/pkgver"
	"nacre/purl"
)

// identity is what a component is known again by, whatever its version.
func identity(c *bom.Component) string {
	p, err := purl.Parse(c.PURL)
	if err != nil {
		return plainIdentity(c)
	}
	namespace := p.Namespace()
	if p.IsCPAN() {
		namespace = "" // the author's old place
	}
	return p.Type() + "/" + namespace + "/" + p.Name() + "#" + p.Subpath()
}

// plainIdentity is identity of what has no package URL.
func plainIdentity(c *bom.Component) string { return "name:" + c.Group + "/" + c.Name }

// name is how people call a component.
func name(c *bom.Component) string {
	if c.Group != "" {
		return c.Group + "/" + c.Name
	}
	return c.Name
}

// nameAndVersion is name with the version, or the range.
func nameAndVersion(c *bom.Component) string {
	return strings.TrimSuffix(name(c)+" "+versionText(c), " ")
}

func versionText(c *bom.Component) string {
	if c.Version == "" {
		return c.Range
	}
	return c.Version
}

// order compares the versions of one component in two bills; ok is false where
// nobody can say which is higher.
func order(a, b *bom.Component) (sign int, ok bool) {
	kind := packageType(a)
	if kind != packageType(b) {
		return 0, false
	}
	if kind != "cpan" && kind != "" {
		manager, ok := map[string]string{"deb": "dpkg", "apk": "apk", "rpm": "rpm"}[kind]
		if !ok {
			return 0, false
		}
		sign, err := pkgver.Compare(manager, a.Version, b.Version)
		return sign, err == nil
	}
	v, err := perlver.ParseExact(a.Version)
	if err != nil {
		return 0, false
	}
	w, err := perlver.ParseExact(b.Version)
	if err != nil {
		return 0, false
	}
	return v.Compare(w), true
}

// packageType is the type of a component's package URL, "" where it has none.
func packageType(c *bom.Component) string {
	p, err := purl.Parse(c.PURL)
	if err != nil {
		return ""
	}
	return p.Type()
}

// hashText is the digests of a component for people: the first.
func hashText(hashes []bom.Hash) string {
	if len(hashes) == 0 {
		return ""
	}
	h := slices.MinFunc(hashes, bom.CompareHashes)
	return h.Algorithm + " " + h.Value
}

// licenseText is the licences of a component as one text, in no order.
func licenseText(list []bom.License) string {
	var all []string
	for _, l := range list {
		all = append(all, l.String())
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

func partyText(p *bom.Party) string {
	if p == nil {
		return ""
	}
	s := p.Name
	if p.Email != "" {
		s = strings.TrimPrefix(s+" <"+p.Email+">", " ")
	}
	if s == "" && len(p.URLs) > 0 {
		s = p.URLs[0]
	}
	return s
}
