package purl

import (
	"cmp"
	"io/fs"
	"strings"

	"github.com/package-url/packageurl-go"

	"nacre/cpan"
	"nacre/fault"
)

// defaultExt is the archive extension that the type definition leaves out.
const defaultExt = "tar.gz"

// IsCPAN says whether p is of type cpan.
func (p PURL) IsCPAN() bool { return p.p.Type == packageurl.TypeCpan }

// Author gives the author of a distribution, whichever of the two places it
// stands in, or "".
func (p PURL) Author() cpan.Author {
	if !p.IsCPAN() {
		return ""
	}
	return cpan.Author(cmp.Or(p.Namespace(), p.Qualifier("author")))
}

// IsElsewhere says whether p names another repository than CPAN.
func (p PURL) IsElsewhere() bool {
	url := p.Qualifier("repository_url")
	return url != "" && !isDefaultRepository(url)
}

// Dist gives the distribution that p names. It refuses other types, and names
// that no distribution has although a package URL may: see cpan.ParseDist.
func (p PURL) Dist() (cpan.Dist, error) {
	if !p.IsCPAN() {
		return "", fault.New(fault.Invalid, "package url %s: is not of type cpan", fault.Quote(p.text))
	}
	d, err := cpan.ParseDist(p.Name())
	if err != nil {
		return "", wrap(err, "package url %s", fault.Quote(p.text))
	}
	return d, nil
}

// checkCPAN holds the decoded parts to the type definition where packageurl-go
// does not, or not with a hint.
func checkCPAN(p *packageurl.PackageURL) (found problems) {
	if strings.Contains(p.Name, "::") { // a module's name in place of a distribution's
		_, err := cpan.ParseDist(p.Name)
		found.add("P01", fault.Wrap(fault.Invalid, err, "name"))
	}
	if strings.Contains(p.Name, "/") {
		found.add("P27", fault.New(fault.Invalid, "name %s: has a slash in it", fault.Quote(p.Name)).WithHint("a path belongs into the qualifier distpath"))
	}
	if strings.Contains(p.Version, "/") {
		found.add("P27", fault.New(fault.Invalid, "version %s: has a slash in it", fault.Quote(p.Version)).WithHint("an @ within the name or namespace is written %%40"))
	}
	if strings.Contains(p.Namespace, "/") {
		found.add("P04", fault.New(fault.Invalid, "namespace %s: has several segments", fault.Quote(p.Namespace)).WithHint("it is the author alone; a path belongs into the qualifier distpath"))
	} else if _, err := cpan.ParseAuthor(p.Namespace); p.Namespace != "" && err != nil {
		found.add("P03", fault.Wrap(fault.Invalid, err, "namespace"))
	}
	for _, q := range p.Qualifiers {
		if !strings.EqualFold(q.Key, "author") || q.Value == "" {
			continue
		}
		if _, err := cpan.ParseAuthor(q.Value); err != nil {
			found.add("P05", fault.Wrap(fault.Invalid, err, "qualifier author"))
		}
		if p.Namespace != "" && p.Namespace != q.Value {
			found.add("P06", fault.New(fault.Invalid, "namespace %s and qualifier author %s: name two authors", fault.Quote(p.Namespace), fault.Quote(q.Value)).
				WithHint("both mean the author; keep the qualifier"))
		}
	}
	return found
}

// Identity names one release as a bill of materials does: distribution,
// version as spelled, author, path in the archive, extension where it is not
// tar.gz, and the digests of the archive, each as "sha256:" and lower-case hex.
// What r does not know is left out. An author is left out too where neither
// version nor path is known, because it would not say which release is meant. A
// path with . or .. in it is refused.
func Identity(r cpan.Release, digests ...string) (PURL, error) {
	d, err := cpan.ParseDist(string(r.Dist))
	if err != nil {
		return PURL{}, wrap(err, "package url of a release")
	}
	q := map[string]string{}
	if r.Author != "" && (r.Version != "" || r.Path != "") {
		q["author"] = string(r.Author)
	}
	if r.Path != "" && !fs.ValidPath(r.Path) {
		return PURL{}, fault.New(fault.Invalid, "package url of %s: path %s: has . or .. in it", fault.Quote(r.DistVersion()), fault.Quote(r.Path)).
			WithHint("name the file itself, as in A/AU/AUTHOR/Foo-Bar-1.23.tar.gz")
	}
	if r.Path != "" {
		q["distpath"] = "authors/id/" + r.Path
	}
	if ext := strings.ToLower(r.Ext); ext != defaultExt {
		q["ext"] = ext
	}
	for _, digest := range digests {
		if err := checkDigest(digest); err != nil {
			return PURL{}, wrap(err, "package url of %s", fault.Quote(r.DistVersion()))
		}
	}
	q["checksum"] = joinDigests(digests)
	return New(packageurl.TypeCpan, "", string(d), r.Version, q, "")
}

// Selector names a distribution as an advisory does: no version, no author.
func Selector(d cpan.Dist) (PURL, error) {
	if _, err := cpan.ParseDist(string(d)); err != nil {
		return PURL{}, wrap(err, "package url of a distribution")
	}
	return New(packageurl.TypeCpan, "", string(d), "", nil, "")
}

func sha256Rank(digest string) int {
	if strings.HasPrefix(digest, "sha256:") {
		return 1
	}
	return 0
}

// checkDigest refuses what is no "algorithm:hex" of the algorithm's length.
func checkDigest(s string) error {
	alg, _, _ := strings.Cut(s, ":")
	if digestProblem(s) == "" && isDigestKnown(alg) {
		return nil
	}
	return fault.New(fault.Invalid, "digest %s: is not algorithm:hex", fault.Quote(s)).
		WithHint("as in sha256: and 64 lower-case hex digits")
}
