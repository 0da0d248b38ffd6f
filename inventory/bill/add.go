package bill

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/pkgver"
	"nacre/purl"
)

// key is what makes two entries of a bill one component.
type key struct {
	kind          inventory.Kind
	dist          cpan.Dist
	version, text string // text: of a requirement, or of a package
}

func isCPAN(s string) bool {
	return len(s) >= len("pkg:cpan/") && strings.HasPrefix(strings.ToLower(strings.Replace(s, "//", "", 1)), "pkg:cpan/")
}

// add takes a component or a package of whatever ecosystem.
func (b *reader) add(t *bom.Component) {
	other := ""
	for _, s := range purls(t) {
		c, ecosystem := b.componentOf(t, s)
		if c != nil {
			b.keep(t, *c)
			return
		}
		other = cmp.Or(other, ecosystem)
	}
	switch {
	case other == told:
	case other != "":
		b.others[other]++
	case t.Type == "file" || t.Type == "operating-system":
	default:
		b.nameless = append(b.nameless, nameless{t.Ref, t.Line, t.Type == "library"})
	}
}

// told stands for the ecosystem of what is accounted for: a part of perl, which
// is judged with it, and what a notice tells of.
const told = "told"

// componentOf makes a component of a package URL; nil and the ecosystem where it
// is none of Perl's.
func (b *reader) componentOf(t *bom.Component, s string) (*inventory.Component, string) {
	p, err := purl.Parse(s)
	switch {
	case err != nil && isCPAN(s):
		if c := byModule(t, s); c != nil {
			return c, ""
		}
		return nil, b.misread(t, err)
	case err != nil:
		return nil, "unreadable package URLs"
	case p.IsCPAN():
		return b.release(t, p)
	case p.Type() == "generic" && p.Name() == "perl":
		return interpreter(cmp.Or(p.Version(), t.Version)), ""
	}
	if manager := managers[p.Type()]; manager != "" {
		if c := b.packaged(t, p, manager); c != nil {
			return c, ""
		}
	}
	return nil, p.Type()
}

// misread tells of a package URL that may be of CPAN.
func (b *reader) misread(t *bom.Component, err error) string {
	if b.unread++; b.unread <= maxNotices {
		b.notice(true, t.Line, "%s: %v; it is not judged", where(t), err)
	}
	return told
}

// release makes the component of a distribution.
func (b *reader) release(t *bom.Component, p purl.PURL) (*inventory.Component, string) {
	dist, err := p.Dist()
	if err != nil {
		return nil, b.misread(t, err)
	}
	if dist == "perl" {
		version := cmp.Or(p.Version(), t.Version)
		if p.Subpath() != "" || version == "" && b.leastPerl(t) {
			return nil, told
		}
		return interpreter(version), ""
	}
	c := &inventory.Component{Kind: inventory.Exact, Dist: dist, Version: cmp.Or(p.Version(), t.Version), Author: p.Author()}
	note := func(format string, args ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, args...)) }
	if p.Version() != "" && t.Version != "" && p.Version() != t.Version {
		note("the bill says version %s, its package URL %s; the package URL counts", fault.Quote(t.Version), fault.Quote(p.Version()))
	}
	if path := p.Qualifier("distpath"); path != "" {
		switch r := cpan.ParsePath(path); {
		case r.Path == "" || r.Dist != dist || c.Version != "" && r.Version != c.Version:
			note("the path %s of its package URL is not that of the release", fault.Quote(path))
		default:
			c.Path, c.Author = r.Path, cmp.Or(c.Author, r.Author)
			c.Version = cmp.Or(c.Version, r.Version)
		}
	}
	if from := p.Qualifier("repository_url"); from != "" {
		note("its package URL names the repository %s; it may not be what CPAN has", fault.Quote(from))
	}
	if t.Property("cpan:patched") == "true" {
		note("the bill says that it is patched; which flaws that mends is not judged")
	}
	if c.Version == "" {
		b.require(c, t)
	}
	return c, ""
}

// leastPerl takes a perl of which the bill says no more than a range as the
// project's requirement of one.
func (b *reader) leastPerl(t *bom.Component) bool {
	r, err := perlver.ParseVers(t.Range)
	if _, ok := r.Minimum(); err != nil || !ok || r.IsAny() {
		return false
	}
	at := inventory.Evidence{File: b.file, Line: t.Line, How: b.Format.String() + " " + where(t)}
	b.inv.Edges = append(b.inv.Edges, inventory.Edge{From: -1, To: -1, Module: "perl", Range: r.String(), Evidence: at})
	return true
}

// require gives a component without a version what the bill says of its range.
func (b *reader) require(c *inventory.Component, t *bom.Component) {
	c.Kind = inventory.Required
	r, err := perlver.ParseVers(t.Range)
	if err != nil {
		c.Notes = append(c.Notes, fmt.Sprintf("the range %s cannot be read and is taken as any version", fault.Quote(t.Range)))
	}
	c.Requirement = &r
}

// byModule reads what many write in place of a distribution's name: that of a
// module, which the rules of package URLs forbid.
func byModule(t *bom.Component, s string) *inventory.Component {
	main, _, _ := strings.Cut(s, "#")
	main, _, _ = strings.Cut(main, "?")
	name, version := main[strings.LastIndexByte(main, '/')+1:], ""
	if i := strings.LastIndexByte(name, '@'); i > 0 {
		name, version = name[:i], name[i+1:]
	}
	name, err := url.PathUnescape(name)
	if err != nil || !strings.Contains(name, "::") {
		return nil
	}
	m, err := cpan.ParseModule(name)
	if err != nil {
		return nil
	}
	if version, err = url.PathUnescape(version); err != nil {
		return nil
	}
	c := &inventory.Component{
		Kind: inventory.Exact, Dist: cpan.DistFromModule(m), Version: cmp.Or(version, t.Version), ByName: true, Modules: []cpan.Module{m},
		Notes: []string{"its package URL names a module; distribution and version are taken from it"},
	}
	if c.Version == "" {
		c.Kind, c.Requirement = inventory.Required, &perlver.Requirement{}
	}
	return c
}

func interpreter(version string) *inventory.Component {
	c := &inventory.Component{Kind: inventory.Interpreter, Dist: "perl", Version: version}
	if version == "" {
		c.Notes = []string{"the bill does not say which perl it is"}
	}
	return c
}

// managers are the package managers whose packages may be Perl's, by the types
// of package URLs.
var managers = map[string]string{"deb": "dpkg", "apk": "apk", "rpm": "rpm"}

// packaged makes the component of a package of an operating system; nil where it
// is none of Perl's.
func (b *reader) packaged(t *bom.Component, p purl.PURL, manager string) *inventory.Component {
	pkg := packageOf(t, p, manager)
	perl := isPerl(pkg)
	ancestor := ancestorOf(t)
	dist := cmp.Or(ancestor.Dist, distOf(pkg))
	if !perl && dist == "" {
		return nil
	}
	version := pkg.Version
	if perl {
		version = cmp.Or(pkg.SourceVersion, pkg.Version)
	}
	pkg.Upstream = pkgver.Upstream(manager, version)
	if _, err := perlver.ParseExact(pkg.Upstream); err != nil {
		pkg.Upstream = ""
	}
	if perl {
		c := interpreter(pkg.Upstream)
		c.Package = pkg
		return c
	}
	if ancestor.Dist != "" {
		pkg.Dist = ancestor.Dist
		if v := cmp.Or(pkg.Upstream, ancestor.Version); v != "" {
			return &inventory.Component{Kind: inventory.Exact, Dist: dist, Version: v, Package: pkg}
		}
	}
	c := &inventory.Component{
		Kind: inventory.Exact, Dist: dist, Version: pkg.Upstream, ByName: true, Package: pkg,
		Notes: []string{"the distribution is guessed from the package's name"},
	}
	if manager != "rpm" {
		c.Notes[0] += ", in which upper case is lost"
	}
	if c.Version == "" {
		c.Kind, c.Requirement = inventory.Required, &perlver.Requirement{}
		c.Notes = append(c.Notes, fmt.Sprintf("which release the package's version %s is cannot be told", fault.Quote(version)))
	}
	b.packages++
	b.first("packages", t.Line)
	return c
}

// ancestorOf is the release that the bill says a package was made of, where it
// names one, and one alone.
func ancestorOf(t *bom.Component) cpan.Release {
	var found cpan.Release
	if t.Pedigree == nil {
		return found
	}
	for _, a := range t.Pedigree.Ancestors {
		p, err := purl.Parse(a.PURL)
		if err != nil || !p.IsCPAN() {
			continue
		}
		d, err := p.Dist()
		if err != nil || found.Dist != "" && found.Dist != d {
			return cpan.Release{}
		}
		found.Dist, found.Version = d, p.Version()
	}
	return found
}

// keep adds a component, or what is new about one that is there.
func (b *reader) keep(t *bom.Component, c inventory.Component) {
	at := inventory.Evidence{File: b.file, Line: t.Line, How: where(t)}
	if !t.Unnamed {
		at.How += " " + fault.Quote(t.Ref)
		c.InBill = []string{inDocument(t)}
	}
	c.Scope, c.Evidence = scopeOf(t), []inventory.Evidence{at}
	k := key{kind: c.Kind, dist: c.Dist, version: c.Version}
	if c.Requirement != nil {
		k.text = c.Requirement.String()
	}
	if p := c.Package; p != nil {
		k.text += p.Manager + " " + cmp.Or(p.Source, p.Name) + " " + p.Distro
	}
	i, ok := b.kept[k]
	if !ok {
		i = len(b.inv.Components)
		b.kept[k] = i
		b.inv.Components = append(b.inv.Components, c)
	} else {
		b.merge(&b.inv.Components[i], &c)
	}
	b.refs[t.Ref] = i
}

// inDocument is what the document itself calls a component: SPDX's documents may
// carry the reference of another bill beside their own id.
func inDocument(t *bom.Component) string {
	return cmp.Or(t.Raw.Get("SPDXID").Str(), t.Raw.Get("spdxId").Str(), t.Ref)
}

// maxEvidence bounds how many entries of a bill a component names.
const maxEvidence = 20

func (b *reader) merge(old, c *inventory.Component) {
	if len(old.Evidence) < maxEvidence {
		old.Evidence = append(old.Evidence, c.Evidence...)
	}
	old.InBill = append(old.InBill, c.InBill...)
	old.Scope = min(old.Scope, c.Scope)
	if old.Author != "" && c.Author != "" && old.Author != c.Author {
		c.Notes = append(c.Notes, fmt.Sprintf("the bill names two authors, %s and %s", old.Author, c.Author))
	}
	old.Author, old.Path = cmp.Or(old.Author, c.Author), cmp.Or(old.Path, c.Path)
	if old.Package != nil && c.Package != nil && rank(c.Package) < rank(old.Package) {
		old.Package = c.Package
	}
	for _, n := range c.Notes {
		if !slices.Contains(old.Notes, n) && len(old.Notes) < maxNotices {
			old.Notes = append(old.Notes, n)
		}
	}
	old.Modules = slices.Compact(slices.Sorted(slices.Values(append(old.Modules, c.Modules...))))
}
