// Package purl reads and writes package URLs, and knows the rules of the type
// cpan:
//
//	p, err := purl.Parse("pkg:cpan/libwww-perl@6.76?author=AUTHOR")
//	p.Name()   == "libwww-perl"
//	p.Version()== "6.76"
//	p.Author() == "AUTHOR"
//	p.String() == "pkg:cpan/libwww-perl@6.76?author=AUTHOR"
//
// A distribution is read in three forms: with the author as qualifier, bare,
// and with the author as namespace, which is old. Two are written, and the
// caller chooses: Identity names one release, with its author where that is
// known, for bills of materials; Selector names a distribution, without version
// and author, for advisories, because an author that changes would silently
// stop it from matching.
//
// Promised: String is the canonical form, Parse(p.String()) is p, and
// qualifiers come back as they were given: a default that is spelled out stays.
// What the standard or the type definition forbids is refused, not mended: a
// module's name, an author in lower case or of two kinds, a qualifier that is
// there twice, an encoded slash within a segment. An unencoded second "?" or
// "#" is refused too, because readers disagree where it splits.
//
// Not promised: that what is named exists, or is well named. A name that
// carries a version or ends in .pm is legal, and read.
//
// Sources: package-url/purl-spec, docs/specification and
// types/cpan-definition.json as of August 2026. Types other than cpan follow
// packageurl-go.
package purl

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/package-url/packageurl-go"

	"nacre/fault"
)

// maxLength bounds a package URL, in bytes; the longest in use carry a few
// digests and addresses.
const maxLength = 8192

// PURL is a package URL. All but the zero PURL are valid. Two of them are the
// same where their Strings are.
type PURL struct {
	p    packageurl.PackageURL
	text string
}

// Qualifier is one qualifier, decoded.
type Qualifier struct{ Key, Value string }

const scheme = "pkg:"

// Parse reads a package URL.
func Parse(s string) (PURL, error) {
	p, err := parse(s)
	if err != nil {
		return PURL{}, wrap(err, "package url %s", fault.Quote(s))
	}
	return p, nil
}

// New builds a package URL of its parts, which are not encoded; an empty part
// is left out. A namespace and a subpath may have several segments.
func New(typ, namespace, name, version string, qualifiers map[string]string, subpath string) (PURL, error) {
	q := packageurl.QualifiersFromMap(qualifiers)
	p, err := build(typ, namespace, name, version, q, dropDots(strings.Split(subpath, "/")))
	if err != nil {
		return PURL{}, wrap(err, "package url of %s %s", fault.Quote(typ), fault.Quote(name))
	}
	return p, nil
}

func parse(s string) (PURL, error) {
	if len(s) > maxLength {
		return PURL{}, fault.New(fault.Invalid, "longer than %d bytes (limit: package url length)", maxLength)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return PURL{}, fault.New(fault.Invalid, "has a blank or a control character in it").WithHint("write a blank as %%20")
	}
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return PURL{}, malformed("does not begin with " + scheme)
	}
	main, rawSubpath, _ := strings.Cut(strings.TrimLeft(s[len(scheme):], "/"), "#")
	main, query, _ := strings.Cut(main, "?")
	if strings.Contains(rawSubpath, "#") || strings.Contains(query, "?") {
		return PURL{}, fault.New(fault.Invalid, "has a second # or ?").WithHint("write # as %%23 and ? as %%3F within a part")
	}
	typ, path, _ := strings.Cut(main, "/")
	version := ""
	if i := strings.LastIndexByte(path, '@'); i > 0 { // at 0 it begins an npm scope
		path, version = path[:i], path[i+1:]
	}
	i := strings.LastIndexByte(path, '/')
	namespace, name := path[:max(i, 0)], path[i+1:]
	if name == "" || name[0] == '@' {
		return PURL{}, malformed("has no name")
	}

	name, err := decode("name", name)
	if err != nil {
		return PURL{}, err
	}
	if version, err = decode("version", version); err != nil {
		return PURL{}, err
	}
	nsSegments, err := decodeSegments("namespace", namespace)
	if err != nil {
		return PURL{}, err
	}
	subSegments, err := decodeSegments("subpath", rawSubpath)
	if err != nil {
		return PURL{}, err
	}
	qualifiers, err := decodeQualifiers(query)
	if err != nil {
		return PURL{}, err
	}
	return build(typ, strings.Join(nsSegments, "/"), name, version, qualifiers, dropDots(subSegments))
}

func malformed(why string) error {
	return fault.New(fault.Invalid, "%s", why).WithHint("a package url looks like pkg:cpan/Foo-Bar@1.23")
}

// decode resolves %XX, and leaves a plus alone.
func decode(part, raw string) (string, error) {
	s, err := url.PathUnescape(raw)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "%s", part)
	}
	return s, nil
}

// decodeSegments decodes what slashes separate. A segment that then has a
// slash in it would become two in the canonical form.
func decodeSegments(part, raw string) ([]string, error) {
	segs := strings.Split(raw, "/")
	for i, seg := range segs {
		s, err := decode(part, seg)
		if err != nil {
			return nil, err
		}
		if strings.Contains(s, "/") {
			return nil, fault.New(fault.Invalid, "%s has an encoded slash in a segment", part)
		}
		segs[i] = s
	}
	return segs, nil
}

// decodeQualifiers refuses a key that is there twice even where one of the two
// is empty, which packageurl-go lets pass: the standard wants unique keys.
func decodeQualifiers(query string) (packageurl.Qualifiers, error) {
	var q packageurl.Qualifiers
	seen := map[string]struct{}{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		key, raw, _ := strings.Cut(pair, "=")
		key = strings.ToLower(key)
		if _, ok := seen[key]; ok {
			return nil, fault.New(fault.Invalid, "qualifier %s: is there twice", fault.Quote(key))
		}
		seen[key] = struct{}{}
		value, err := decode("qualifier "+fault.Quote(key), raw)
		if err != nil {
			return nil, err
		}
		q = append(q, packageurl.Qualifier{Key: key, Value: value})
	}
	return q, nil
}

// dropDots leaves out the segments of a subpath that the standard discards.
func dropDots(segs []string) []string {
	return slices.DeleteFunc(segs, func(s string) bool { return s == "" || s == "." || s == ".." })
}

// build checks the decoded parts, brings them into canonical form and writes
// them.
func build(typ, namespace, name, version string, q packageurl.Qualifiers, subpath []string) (PURL, error) {
	ns := slices.DeleteFunc(strings.Split(namespace, "/"), func(s string) bool { return s == "" })
	p := packageurl.PackageURL{
		Type: typ, Namespace: strings.Join(ns, "/"), Name: name, Version: version,
		Qualifiers: slices.Clone(q), Subpath: strings.Join(subpath, "/"),
	}
	parts := []Qualifier{{"namespace", p.Namespace}, {"name", p.Name}, {"version", p.Version}, {"subpath", p.Subpath}}
	for _, x := range q {
		parts = append(parts, Qualifier{"qualifier " + fault.Quote(x.Key), x.Value})
	}
	for _, x := range parts {
		part, s := x.Key, x.Value
		if !utf8.ValidString(s) {
			return PURL{}, fault.New(fault.Invalid, "%s is not UTF-8", part)
		}
		if strings.ContainsFunc(s, unicode.IsControl) {
			return PURL{}, fault.New(fault.Invalid, "%s has a control character in it", part)
		}
	}
	if strings.EqualFold(p.Type, packageurl.TypeCpan) {
		if err := checkCPAN(p); err != nil {
			return PURL{}, err
		}
	}
	if err := p.Normalize(); err != nil {
		return PURL{}, fault.Wrap(fault.Invalid, err, "check")
	}
	text := p.ToString() // sorts the qualifiers, so once and here
	if len(text) > maxLength {
		return PURL{}, fault.New(fault.Invalid, "longer than %d bytes (limit: package url length)", maxLength)
	}
	return PURL{p: p, text: text}, nil
}

// String gives the canonical form; the zero PURL gives "".
func (p PURL) String() string { return p.text }

// Type gives the type, in lower case: "cpan".
func (p PURL) Type() string { return p.p.Type }

// Namespace gives the namespace, its segments joined by slashes.
func (p PURL) Namespace() string { return p.p.Namespace }

// Name gives the name.
func (p PURL) Name() string { return p.p.Name }

// Version gives the version as it is spelled.
func (p PURL) Version() string { return p.p.Version }

// Subpath gives the subpath, its segments joined by slashes.
func (p PURL) Subpath() string { return p.p.Subpath }

// Qualifier gives the value of a qualifier, by its lower-case key, or "".
func (p PURL) Qualifier(key string) string {
	for _, q := range p.p.Qualifiers {
		if q.Key == key {
			return q.Value
		}
	}
	return ""
}

// Qualifiers gives all qualifiers in the order of their keys.
func (p PURL) Qualifiers() []Qualifier {
	qs := make([]Qualifier, len(p.p.Qualifiers))
	for i, q := range p.p.Qualifiers {
		qs[i] = Qualifier{q.Key, q.Value}
	}
	return qs
}

func wrap(err error, format string, args ...any) error {
	return fault.Wrap(fault.Invalid, err, format, args...)
}
