package purl

import (
	"cmp"
	"maps"
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
		if isBareHost(raw) {
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

// isBareHost says whether an address is a host's name without a scheme, with a
// port or a path perhaps, as in darkpan.example:8080/cpan. What has no dot and no
// port may be a folder, and what has a name or a password in it is left alone.
func isBareHost(s string) bool {
	if strings.Contains(s, "://") {
		return false
	}
	u, err := url.Parse("https://" + s)
	if err != nil || u.User != nil || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return false
	}
	host := strings.Trim(u.Hostname(), ".")
	return strings.Contains(host, ".") || host != "" && u.Port() != ""
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

// Convert writes a package URL of the type cpan in another form, normalised.
// What a form has no place for is dropped: of the qualifiers SelectorForm and
// BareForm keep repository_url alone, and the subpath stays in all, because
// without these two another thing is named. A version or an author that a form
// needs is taken from a distpath of the same distribution where p does not say
// it; where neither does, that is an error.
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
		maps.DeleteFunc(q, func(key, _ string) bool { return key != "repository_url" })
		if to == SelectorForm {
			version = ""
		}
		return n.with("", version, q)
	}
	author := q["author"]
	if r := release(q["distpath"]); r.Dist == cpan.Dist(n.Name()) {
		author = cmp.Or(author, string(r.Author))
		version = cmp.Or(version, r.Version)
		if r.Ext != "" && !strings.EqualFold(r.Ext, defaultExt) {
			q["ext"] = cmp.Or(q["ext"], strings.ToLower(r.Ext))
		}
	}
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
