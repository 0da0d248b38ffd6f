package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nacre/cpan"
	"nacre/cpan/mirror"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/purl"
)

// resolvedPurl is the answer of nacre purl resolve.
type resolvedPurl struct {
	Input     string         `json:"input"`
	Purl      string         `json:"purl"`
	Locations []purlLocation `json:"locations"`
}

// purlLocation is one place where an archive may lie. What is not known is
// null.
type purlLocation struct {
	Path     string     `json:"path"`
	Basis    purl.Basis `json:"basis"`
	Standing string     `json:"standing"`
	Size     *int64     `json:"size"`
	Date     *string    `json:"date"`
	SHA256   *string    `json:"sha256"`
	MD5      *string    `json:"md5"`
	// Checksum compares the package URL's digests with those: equal, different
	// or unspecified.
	Checksum string  `json:"checksum"`
	Note     *string `json:"note"`
}

func newPurlResolve(env *Env) *cobra.Command {
	var dir string
	var r purlResolver
	c := purlVerb{
		arg: "PURL",
		open: func(bool) (done func(), err error) {
			r.mirror, done, err = openMirror(dir)
			if err != nil || r.mirror == nil {
				return done, err
			}
			if r.index, err = r.mirror.Index(); fault.KindOf(err) == fault.NotFound {
				err = nil // CHECKSUMS may do
			}
			if err != nil {
				done()
			}
			return done, err
		},
		solve: ofPurl(func(input string, p purl.PURL) (any, func(printer), error) {
			found, err := r.resolve(p)
			if err != nil {
				return nil, nil, err
			}
			status := statusOfLocations(found)
			if status == nil && p.IsElsewhere() && r.mirror != nil {
				status = command.Status(3)
			}
			return resolvedPurl{input, p.String(), found}, func(out printer) { printLocations(out, p, found) }, status
		}),
	}.attach(env, &cobra.Command{
		Use:   "resolve",
		Short: "Find the archive that a package URL names",
		Long: `Print where in its repository the archive of a release lies, and with --mirror
its size, date and digests. The qualifier distpath says it. Else the index of
the mirror, its list of BackPAN, and the CHECKSUMS of the author's folder are
looked into. Without them, author, name and version make a guess, or several
where the extension is not known either: a guess is marked, and nobody has
looked whether the file is there.

The status is 0 for one archive that is known, 1 where its digest is another
than the package URL's, and 3 for a guess, for several archives that the package
URL does not tell apart, and where it names another repository than CPAN:
whether the mirror is that one is not known.

With --batch a line is a package URL, and its answer an object with input, purl
and locations, or {"input":"...","error":"..."}: see docs/formats/purl.md.`,
		Example: `  nacre purl resolve --mirror cpan pkg:cpan/Foo-Bar@1.20
  echo 'pkg:cpan/Foo-Bar@1.20?author=AUTHOR' | nacre purl resolve --batch`,
	})
	mirrorFlag(c.Flags(), &dir)
	return c
}

func statusOfLocations(found []purlLocation) error {
	switch {
	case len(found) > 1 || found[0].Basis == purl.Guessed:
		return command.Status(3)
	case found[0].Checksum == purl.Different.String():
		return command.Status(1)
	}
	return nil
}

// purlResolver resolves package URLs; both fields may be nil.
type purlResolver struct {
	mirror *mirror.Mirror
	index  *mirror.Index
}

func (r *purlResolver) resolve(p purl.PURL) ([]purlLocation, error) {
	all, err := purl.Resolve(p, r.listed(p))
	if err != nil {
		return nil, err
	}
	var found []purlLocation
	for _, l := range all {
		d := r.describe(p, l)
		if p.IsElsewhere() && r.mirror != nil {
			d.Note = orNull(strings.TrimSuffix(elsewhere+"; "+orEmpty(d.Note), "; "))
		}
		found = append(found, d)
	}
	return found, nil
}

// elsewhere is the note where a mirror is asked about another repository's
// archives: a private distribution may be called as one of CPAN is.
const elsewhere = "the package URL names another repository than CPAN, and whether the mirror is that one is not known"

// listed are the archives that the mirror names of a distribution: in its index
// and lists, and where they have none of the version, in the CHECKSUMS of the
// author's folder.
func (r *purlResolver) listed(p purl.PURL) []purl.Listed {
	if !p.IsCPAN() || r.mirror == nil {
		return nil
	}
	var all []purl.Listed
	there := false
	if r.index != nil {
		for _, x := range r.index.Releases(cpan.Dist(p.Name())) {
			all = append(all, purl.Listed{Path: x.Path, Author: x.Author, Version: x.Version, Standing: x.Standing})
			there = there || x.Version == p.Version() && (p.Author() == "" || p.Author() == x.Author)
		}
	}
	if there || p.Author() == "" {
		return all
	}
	releases, _ := r.mirror.ReleasesOf(p.Author()) // without them it stays a guess
	for _, x := range releases {
		if x.Dist == cpan.Dist(p.Name()) {
			all = append(all, purl.Listed{Path: x.Path, Author: x.Author, Version: x.Version, Standing: cpan.OnCPAN})
		}
	}
	return all
}

// describe adds what CHECKSUMS says.
func (r *purlResolver) describe(p purl.PURL, l purl.Location) purlLocation {
	d := purlLocation{Path: l.Path, Basis: l.Basis, Standing: l.Standing.String(), Checksum: purl.Unspecified.String()}
	path, ok := strings.CutPrefix(l.Path, "authors/id/")
	if !ok || r.mirror == nil {
		return d
	}
	sums, err := r.mirror.Checksums(path)
	if err != nil {
		d.Note = orNull(oneLine(err.Error()))
		if l.Standing == cpan.OnBackPAN && errors.Is(err, mirror.ErrNotNamed) {
			d.Standing = cpan.Withdrawn.String()
		}
		r.fromList(&d, cpan.Dist(p.Name()), path)
		return d
	}
	if l.Standing == cpan.OnBackPAN {
		d.Standing = cpan.OnCPAN.String()
	}
	if sums.Size >= 0 {
		d.Size = &sums.Size
	}
	d.Date, d.SHA256, d.MD5 = orNull(sums.MTime), orNull(sums.SHA256), orNull(sums.MD5)
	var digests []string
	for _, x := range [][2]string{{"sha256:", sums.SHA256}, {"md5:", sums.MD5}} {
		if x[1] != "" {
			digests = append(digests, x[0]+x[1])
		}
	}
	if known, err := purl.Identity(cpan.Release{Dist: cpan.Dist(p.Name()), Version: p.Version()}, digests...); err == nil {
		d.Checksum = purl.Compare(p, known).Checksum.String()
	}
	return d
}

// fromList adds what BackPAN's list says.
func (r *purlResolver) fromList(d *purlLocation, dist cpan.Dist, path string) {
	if r.index == nil {
		return
	}
	for _, x := range r.index.Releases(dist) {
		if x.Path != path {
			continue
		}
		if x.Size >= 0 {
			d.Size = &x.Size
		}
		if x.Time > 0 {
			d.Date = orNull(time.Unix(x.Time, 0).UTC().Format(time.DateOnly))
		}
	}
}

// basisWords say to people what a location rests on.
var basisWords = map[purl.Basis]string{
	purl.FromDistpath: "the package URL says it",
	purl.FromIndex:    "the mirror names it",
	purl.Guessed:      "a guess: nobody has looked whether it is there",
}

// printLocations writes where an archive may lie.
func printLocations(out printer, p purl.PURL, found []purlLocation) {
	out.title(p.String(), "")
	for i, l := range found {
		if i > 0 {
			out.Blank()
		}
		out.field("path", l.Path)
		out.field("basis", basisWords[l.Basis])
		if l.Standing != cpan.Unknown.String() {
			out.field("release", l.Standing)
		}
		if l.Size != nil {
			out.field("size", fmt.Sprintf("%d bytes", *l.Size))
		}
		out.field("date", orEmpty(l.Date))
		out.field("sha256", orEmpty(l.SHA256))
		out.field("md5", orEmpty(l.MD5))
		if l.Checksum == purl.Different.String() {
			out.field("checksum", "DIFFERENT from the package URL's")
		}
		out.field("note", orEmpty(l.Note))
	}
	if len(found) > 1 {
		out.Blank()
		out.text(2, "These are several, and the package URL does not tell which. An author, a distpath or an ext would.")
	}
}
