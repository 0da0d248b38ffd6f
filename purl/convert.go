package purl

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"nacre/cpan"
	"nacre/fault"
)

// Form is a form in which a distribution is named.
type Form string

// The forms. All but Namespace are those of the type definition of 2026.
const (
	// IdentityForm names one release: name, version, and all that is known of
	// its archive; the author as a qualifier.
	IdentityForm Form = "identity"
	// SelectorForm names a distribution, in all its versions and by whichever
	// author.
	SelectorForm Form = "selector"
	// BareForm is name and version alone.
	BareForm Form = "bare"
	// NamespaceForm is IdentityForm with the author as namespace, for programs
	// that know no other. It is legacy: nothing else should be made of it.
	NamespaceForm Form = "namespace"
)

// Forms gives all forms.
func Forms() []Form { return []Form{IdentityForm, SelectorForm, BareForm, NamespaceForm} }

// IsLegacy says whether a form is only for programs that know no other.
func (f Form) IsLegacy() bool { return f == NamespaceForm }

// Normalise writes a package URL as one should: in canonical form, and one of
// the type cpan with the author as a qualifier, without what is the default
// (ext=tar.gz, CPAN as repository_url), with a scheme in front of
// repository_url, with authors/id/ in front of distpath, and with digests in
// lower case, sha256 first. It means the same. What it cannot mend it leaves.
func Normalise(p PURL) (PURL, error) {
	if !p.IsCPAN() {
		return p, nil
	}
	q := p.values()
	if author := p.Author(); author != "" {
		q["author"] = string(author)
	}
	if q["ext"] == defaultExt {
		delete(q, "ext")
	}
	if raw := q["repository_url"]; raw != "" {
		if !hasHost(raw) && hasHost("https://"+raw) {
			raw = strings.TrimRight("https://"+raw, "/") + "/"
		}
		q["repository_url"] = raw
		if isDefaultRepository(raw) {
			delete(q, "repository_url")
		}
	}
	if path := q["distpath"]; path != "" && cpan.ParsePath(path).Path == path {
		q["distpath"] = "authors/id/" + path
	}
	if sums := q["checksum"]; sums != "" {
		q["checksum"] = joinDigests(strings.Split(strings.ToLower(sums), ","))
	}
	return p.with("", p.Version(), q)
}

func hasHost(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != ""
}

// joinDigests writes digests as the value of checksum: sha256 first, which most
// readers know, each once.
func joinDigests(digests []string) string {
	digests = slices.Clone(digests)
	slices.SortFunc(digests, func(a, b string) int {
		return cmp.Or(-cmp.Compare(sha256Rank(a), sha256Rank(b)), strings.Compare(a, b))
	})
	return strings.Join(slices.Compact(digests), ",")
}

// archiveKeys are the qualifiers that say which archive is meant.
var archiveKeys = [...]string{"author", "distpath", "ext", "checksum", "download_url", "vcs_url", "file_name"}

// Convert writes a package URL of the type cpan in another form, normalised.
// What a form has no place for is dropped; repository_url and the subpath stay
// in all, because without them another thing is named. A version or an author
// that a form needs is taken from distpath where p does not say it; where
// neither does, that is an error.
func Convert(p PURL, to Form) (PURL, error) {
	if !p.IsCPAN() {
		return PURL{}, fault.New(fault.Invalid, "convert %s: is not of type cpan", fault.Quote(p.text)).
			WithHint("only that type has several forms")
	}
	n, err := Normalise(p)
	if err != nil {
		return PURL{}, err
	}
	q, version := n.values(), n.Version()
	if to == SelectorForm || to == BareForm {
		for _, key := range archiveKeys {
			delete(q, key)
		}
		if to == SelectorForm {
			version = ""
		}
		return n.with("", version, q)
	}
	r := release(q["distpath"])
	if r.Dist == cpan.Dist(n.Name()) {
		version = cmp.Or(version, r.Version)
		if r.Ext != "" && !strings.EqualFold(r.Ext, defaultExt) {
			q["ext"] = cmp.Or(q["ext"], strings.ToLower(r.Ext))
		}
	}
	author := cmp.Or(q["author"], string(r.Author))
	switch {
	case to != IdentityForm && to != NamespaceForm:
		return PURL{}, fault.New(fault.Invalid, "convert: no such form: %s", fault.Quote(string(to))).
			WithHint("use one of identity, selector, bare, namespace")
	case version == "":
		return PURL{}, fault.New(fault.Invalid, "convert %s: names no version", fault.Quote(p.text)).
			WithHint("add the version behind @, or use the form selector")
	case to == NamespaceForm && author == "":
		return PURL{}, fault.New(fault.Invalid, "convert %s: names no author", fault.Quote(p.text)).
			WithHint("add the qualifier author")
	case to == NamespaceForm:
		delete(q, "author")
		return n.with(author, version, q)
	case author != "":
		q["author"] = author
	}
	return n.with("", version, q)
}

// values are the qualifiers as a map.
func (p PURL) values() map[string]string { return p.p.Qualifiers.Map() }

// with is p with another namespace, version and qualifiers.
func (p PURL) with(namespace, version string, q map[string]string) (PURL, error) {
	return New(packageurl.TypeCpan, namespace, p.Name(), version, q, p.Subpath())
}
