package purl

import (
	"strings"

	"nacre/fault"
)

// Part is one part of a package URL, with what it means.
type Part struct {
	Name  string // "type", "namespace", "name", "version", a qualifier's key, "subpath"
	Value string // decoded
	Means string // a clause without a full stop
}

// Explain says what each part of a package URL means, in the order in which
// they are written, and what follows from a part that is not there.
func Explain(p PURL) []Part {
	if !p.IsCPAN() {
		return explainOther(p)
	}
	parts := []Part{{"type", p.Type(), "a distribution of CPAN, or of a repository built like it"}}
	add := func(name, value, means string) { parts = append(parts, Part{name, value, means}) }
	if p.Namespace() != "" {
		add("namespace", p.Namespace(), "the author who uploaded it, in the old place; today that is the qualifier author")
	}
	add("name", p.Name(), "the distribution, as its archive is called; case counts, and it is not a module's name")
	if p.Version() == "" {
		add("version", "", "not there, so all versions are meant, or any")
	} else {
		add("version", p.Version(), "the version exactly as the archive's name or META spells it; 1.10 is not 1.1")
	}
	for _, q := range p.Qualifiers() {
		add(q.Key, q.Value, qualifierMeans(q))
	}
	if p.Namespace() == "" && p.Qualifier("author") == "" {
		add("author", "", "not there, so who uploaded it is not said; that contradicts nobody")
	}
	if p.Subpath() != "" {
		add("subpath", p.Subpath(), "a file or folder inside the distribution")
	}
	return parts
}

func qualifierMeans(q Qualifier) string {
	switch q.Key {
	case "author":
		return "the author who uploaded it, by the id that PAUSE gave"
	case "distpath":
		return "where the archive lies in the repository; it tells two uploads of one name and version apart"
	case "repository_url":
		if isDefaultRepository(q.Value) {
			return "the repository it is from: CPAN, which is the default and need not be said"
		}
		return "the repository it is from, which is not CPAN"
	case "download_url":
		return "where the archive can be fetched"
	case "vcs_url":
		return "where its source is kept, and behind an @ at which commit"
	case "ext":
		if q.Value == defaultExt {
			return "the archive's extension: the default, which need not be said"
		}
		return "the archive's extension; without it that is tar.gz"
	case "checksum":
		return "digests of the archive's bytes: " + algorithms(q.Value)
	case "vers":
		return "a range of versions, in place of one version"
	case "file_name":
		return "the archive's file name"
	}
	return "a qualifier that neither the type nor the standard knows"
}

// algorithms names the algorithms of a list of digests.
func algorithms(sums string) string {
	var names []string
	for digest := range strings.SplitSeq(sums, ",") {
		alg, _, ok := strings.Cut(digest, ":")
		if !ok {
			alg = fault.Quote(digest)
		}
		names = append(names, alg)
	}
	return strings.Join(names, ", ")
}

// explainOther explains the types that a bill of materials of Perl meets.
func explainOther(p PURL) []Part {
	means := map[string]string{
		"deb":     "a package of Debian or of a system built from it",
		"rpm":     "a package of Fedora, Red Hat, SUSE or another system with RPM",
		"apk":     "a package of Alpine",
		"github":  "a repository on GitHub",
		"generic": "something that no type fits; download_url or vcs_url say what",
		"npm":     "a package of npm, as embedded JavaScript often is",
	}[p.Type()]
	if means == "" {
		means = "its own definition says what the parts mean"
	}
	parts := []Part{{"type", p.Type(), means}}
	for _, x := range []Part{
		{"namespace", p.Namespace(), "who it is from, in the words of the type"},
		{"name", p.Name(), "its name"},
		{"version", p.Version(), "its version, as that world spells it"},
	} {
		if x.Value != "" {
			parts = append(parts, x)
		}
	}
	for _, q := range p.Qualifiers() {
		means := map[string]string{
			"arch":   "the machine that it is built for",
			"distro": "the release of the system",
		}[q.Key]
		switch q.Key {
		case "checksum", "download_url", "vcs_url", "repository_url", "vers", "file_name":
			means = qualifierMeans(q)
		}
		if means == "" {
			means = "as the type's definition says"
		}
		parts = append(parts, Part{q.Key, q.Value, means})
	}
	if p.Subpath() != "" {
		parts = append(parts, Part{"subpath", p.Subpath(), "a file or folder inside it"})
	}
	return parts
}
