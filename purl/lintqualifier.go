package purl

import (
	"io/fs"
	"net/url"
	"strings"

	"nacre/cpan"
	"nacre/fault"
)

// defaultRepository is the host of the repository that the type definition
// leaves out.
const defaultRepository = "www.cpan.org"

// isDefaultRepository says whether an address is that of the default
// repository, in whichever spelling.
func isDefaultRepository(s string) bool {
	s = strings.ToLower(strings.TrimRight(s, "/"))
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	return s == defaultRepository
}

// archiveExt gives the extension of an archive's name, in lower case and
// without the dot, or "".
func archiveExt(name string) string {
	low := strings.ToLower(name)
	for _, ext := range [...]string{"tar.gz", "tar.bz2", "tar.xz", "tar.zst", "tar.z", "tgz", "tbz", "tbz2", "txz", "tar", "zip"} {
		if n := len(low) - len(ext) - 1; n > 0 && len(low) == len(name) && strings.HasSuffix(low, "."+ext) {
			return ext
		}
	}
	return ""
}

// release reads the path of an archive, also of one whose extension
// CPAN::DistnameInfo does not know, as the .tar.xz of perl.
func release(path string) cpan.Release {
	r := cpan.ParsePath(path)
	if ext := archiveExt(path); r.Ext == "" && ext != "" {
		as := cpan.ParsePath(path[:len(path)-len(ext)] + defaultExt)
		r.Dist, r.Version, r.Ext = as.Dist, as.Version, ext
	}
	return r
}

// distpath checks the path in the repository: P11.
func (l *linter) distpath() {
	author := l.p.Namespace
	if author == "" {
		author = l.qualifier("author")
	}
	path := l.qualifier("distpath")
	for _, d := range distpathDoubts(path, author, l.p.Name, l.p.Version, l.isOther()) {
		l.error("P11", "distpath "+fault.Quote(path)+": "+d.why, d.hint)
	}
	if path != "" && archiveExt(path) == "" {
		l.warning("P11", "distpath "+fault.Quote(path)+": has no archive's extension", "name the archive of the release, not another file")
	}
}

// doubt is what is wrong, and how to mend it.
type doubt struct{ why, hint string }

// distpathDoubts says why a path, which may be "", is not that of an archive of
// the release that the other parts name; in another repository than CPAN it may
// go through folders of its own.
func distpathDoubts(path, author, name, version string, isOther bool) []doubt {
	const shape = "write it as in authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz"
	r := release(path)
	switch {
	case path == "":
		return nil
	case strings.Contains(path, "://"):
		return []doubt{{"is a URL", "a URL goes into the qualifier download_url; distpath begins with authors/id/"}}
	case path[0] == '/':
		return []doubt{{"begins with a slash", shape}}
	case strings.Contains("/"+path+"/", "/../"):
		return []doubt{{"has .. in it", shape}}
	}
	var found []doubt
	switch {
	case isOther && r.Path == "" && fs.ValidPath(path):
	case r.Path == "" || r.Path != strings.TrimPrefix(path, "authors/id/") || !fs.ValidPath(path):
		found = append(found, doubt{"does not go through an author's folder", shape})
	}
	if r.Author != "" && author != "" && author != string(r.Author) {
		found = append(found, doubt{"is of the author " + string(r.Author) + ", not of " + fault.Quote(author), "write the author whose folder it is in"})
	}
	if r.Dist != "" && string(r.Dist) != name {
		found = append(found, doubt{"is of the distribution " + fault.Quote(string(r.Dist)) + ", not of " + fault.Quote(name), "name and archive must be of one release"})
	}
	if r.Version != "" && version != "" && !sameVersion(r.Version, version) {
		found = append(found, doubt{"is version " + fault.Quote(r.Version) + ", not " + fault.Quote(version), "write the version as the archive's name spells it"})
	}
	return found
}

// ext checks the extension: P12.
func (l *linter) ext() {
	ext := l.qualifier("ext")
	if ext == "" {
		return
	}
	if ext == defaultExt {
		l.warning("P12", "ext tar.gz is the default", "leave it out")
	}
	for _, key := range [...]string{"distpath", "download_url"} {
		path := l.qualifier(key)
		if u, err := url.Parse(path); err == nil && key == "download_url" {
			path = u.Path
		}
		if is := archiveExt(path); is != "" && is != strings.ToLower(ext) {
			l.error("P12", "ext "+fault.Quote(ext)+": the archive of "+key+" ends in ."+is, "write ext="+is+", or nothing where that is tar.gz")
		}
	}
}

// digestLengths are the hex digits of the digests that are in use.
var digestLengths = [...]struct {
	alg string
	n   int
}{
	{"md5", 32},
	{"sha1", 40},
	{"sha224", 56},
	{"sha256", 64},
	{"sha384", 96},
	{"sha512", 128},
	{"sha3-256", 64},
	{"sha3-384", 96},
	{"sha3-512", 128},
	{"blake2b-256", 64},
	{"blake2b-384", 96},
	{"blake2b-512", 128},
	{"blake3", 64},
}

// digestProblem says what is wrong with "algorithm:hex", or "".
func digestProblem(digest string) string {
	alg, hex, ok := strings.Cut(digest, ":")
	if !ok || alg == "" || hex == "" {
		return "is not algorithm:hex"
	}
	if digest != strings.ToLower(digest) {
		return "has upper-case letters"
	}
	if strings.Trim(hex, "0123456789abcdef") != "" {
		return "has other characters than hex digits"
	}
	for _, l := range digestLengths {
		if l.alg == alg && len(hex) != l.n {
			return "has another length than " + alg + " has"
		}
	}
	return ""
}

// checksum checks the digests: P13.
func (l *linter) checksum() {
	sums := l.qualifier("checksum")
	if sums == "" {
		return
	}
	weak := true
	for digest := range strings.SplitSeq(sums, ",") {
		if why := digestProblem(digest); why != "" {
			l.error("P13", "checksum "+fault.Quote(digest)+": "+why, "write sha256: and 64 lower-case hex digits; a comma stands between several")
			weak = false
			continue
		}
		alg, _, _ := strings.Cut(digest, ":")
		weak = weak && (alg == "md5" || alg == "sha1")
		if !isDigestKnown(alg) {
			l.warning("P13", "checksum "+fault.Quote(digest)+": the algorithm is not known here", "add sha256, which everybody knows")
		}
	}
	if weak {
		l.warning("P13", "checksum is md5 or sha1 alone, which can be forged", "add sha256")
	}
}

func isDigestKnown(alg string) bool {
	for _, l := range digestLengths {
		if l.alg == alg {
			return true
		}
	}
	return false
}
