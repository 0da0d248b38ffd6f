package purl

import (
	"cmp"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
)

// Basis says what a Location rests on.
type Basis string

// The bases, the best first.
const (
	FromDistpath Basis = "distpath" // the package URL says it
	FromIndex    Basis = "index"    // an index names an archive of that name and version
	Guessed      Basis = "guess"    // made of author, name, version and a usual extension
)

// Location is where a release's archive may lie.
type Location struct {
	Path  string // in the repository: "authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz"
	Basis Basis
	// Standing is what the index says of the release; cpan.Unknown without one.
	Standing cpan.Standing
}

// Listed is an archive that an index names.
type Listed struct {
	Path     string // below authors/id
	Author   cpan.Author
	Version  string // as its name spells it
	Standing cpan.Standing
}

// guessedExts are the extensions that a guess tries, the commonest first.
var guessedExts = [...]string{"tar.gz", "tgz", "zip", "tar.bz2"}

// Resolve says where the archive of a release lies in its repository. listed
// are the archives of its distribution that an index names, or none.
//
// A distpath decides alone; one that is no path in a repository, or of another
// release than p says, is an error. Else it is every listed archive of that version,
// and of that author where one is named: several are several uploads, and only
// an author or a digest tells them apart. Else, with an author and a version,
// the archive's name is guessed: with ext there is one guess, without it one
// for each usual extension. An author's own subfolders cannot be guessed.
// Where nothing of all that is known, the error says what is missing.
func Resolve(p PURL, listed []Listed) ([]Location, error) {
	if !p.IsCPAN() {
		return nil, fault.New(fault.Invalid, "resolve %s: is not of type cpan", fault.Quote(p.text)).
			WithHint("only archives of CPAN and its like are looked for")
	}
	standing := map[string]cpan.Standing{}
	for _, l := range listed {
		standing[l.Path] = l.Standing
	}
	if path := p.Qualifier("distpath"); path != "" {
		// A path of another shape than CPAN's may be that of its like.
		if doubts := distpathDoubts(path, string(p.Author()), p.Name(), p.Version(), true); len(doubts) > 0 {
			return nil, fault.New(fault.Invalid, "resolve %s: distpath %s %s", fault.Quote(p.text), fault.Quote(path), doubts[0].why).
				WithHint("%s", doubts[0].hint)
		}
		r := cpan.ParsePath(path)
		if r.Path != "" {
			path = "authors/id/" + r.Path
		}
		return []Location{{path, FromDistpath, standing[r.Path]}}, nil
	}
	if p.Version() == "" {
		return nil, fault.New(fault.Invalid, "resolve %s: names no version", fault.Quote(p.text)).
			WithHint("a distribution has many archives; add the version behind @")
	}
	var found []Location
	for _, l := range listed {
		ext := p.Qualifier("ext")
		if l.Version == p.Version() && (p.Author() == "" || p.Author() == l.Author) && (ext == "" || ext == archiveExt(l.Path)) {
			found = append(found, Location{"authors/id/" + l.Path, FromIndex, l.Standing})
		}
	}
	if len(found) > 0 {
		slices.SortFunc(found, func(a, b Location) int {
			return cmp.Or(cmp.Compare(a.Standing, b.Standing), strings.Compare(a.Path, b.Path))
		})
		return found, nil
	}
	a := string(p.Author())
	if a == "" {
		return nil, fault.New(fault.NotFound, "resolve %s: no index at hand names the release, and no author is named", fault.Quote(p.text)).
			WithHint("add the qualifier author, or distpath, or use a mirror whose index has it")
	}
	exts := guessedExts[:]
	if ext := p.Qualifier("ext"); ext != "" {
		exts = []string{ext}
	}
	for _, ext := range exts {
		path := "authors/id/" + a[:1] + "/" + a[:2] + "/" + a + "/" + p.Name() + "-" + p.Version() + "." + ext
		found = append(found, Location{Path: path, Basis: Guessed})
	}
	return found, nil
}
