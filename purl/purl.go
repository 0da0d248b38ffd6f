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
// Lint says of any text what is wrong with it as a package URL, and how to mend
// it; Normalise and Convert write the forms; Resolve says where the archive lies,
// and Explain what the parts mean.
//
// Promised: String is the canonical form, Parse(p.String()) is p, and
// qualifiers come back as they were given: a default that is spelled out stays.
// What the standard or the type definition forbids is refused, not mended: a
// module's name, an author in lower case or of two kinds, a qualifier that is
// there twice, an encoded slash within a segment. An unencoded second "?" or
// "#" is refused too, because readers disagree where it splits. Lint has an
// error in every text that Parse refuses.
//
// Not promised: that what is named exists, or is well named. A name that
// carries a version or ends in .pm is legal, and read.
//
// Sources: package-url/purl-spec, docs/specification and
// types/cpan-definition.json as of August 2026. Types other than cpan follow
// packageurl-go.
package purl

import (
	"strings"

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

// Parse reads a package URL.
func Parse(s string) (PURL, error) {
	p, problems := read(s)
	if len(problems) > 0 {
		return PURL{}, wrap(problems[0].err, "package url %s", fault.Quote(s))
	}
	return seal(p), nil
}

// New builds a package URL of its parts, which are not encoded; an empty part
// is left out. A namespace and a subpath may have several segments.
func New(typ, namespace, name, version string, qualifiers map[string]string, subpath string) (PURL, error) {
	p := packageurl.PackageURL{
		Type: typ, Namespace: namespace, Name: name, Version: version,
		Qualifiers: packageurl.QualifiersFromMap(qualifiers), Subpath: strings.Join(dropDots(strings.Split(subpath, "/")), "/"),
	}
	if problems := check(&p); len(problems) > 0 {
		return PURL{}, wrap(problems[0].err, "package url of %s %s", fault.Quote(typ), fault.Quote(name))
	}
	return seal(p), nil
}

// seal makes a PURL of parts that are checked.
func seal(p packageurl.PackageURL) PURL { return PURL{p: p, text: p.ToString()} }

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
