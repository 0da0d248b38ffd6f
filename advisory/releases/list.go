package releases

import (
	"io"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// Keep says whether releases of a distribution are wanted; nil wants all.
type Keep func(cpan.Dist) bool

// List is what one list of releases gave.
type List struct {
	// Batch has the releases that are wanted, no items.
	Batch advisory.Batch
	// Read counts the releases of the list, wanted or not, and Skipped the
	// entries that are none.
	Read    int
	Skipped int

	keep   Keep
	named  map[cpan.Dist]time.Time // when the release was made that Main is from
	wanted map[cpan.Dist]bool      // what keep said
}

func newList(name, attribution string, keep Keep) *List {
	return &List{
		Batch: advisory.Batch{
			Source:   advisory.Source{Name: name, Attribution: attribution},
			Releases: map[cpan.Dist][]advisory.Known{},
			Owners:   map[cpan.Module]cpan.Dist{},
			Main:     map[cpan.Dist]cpan.Module{},
		},
		keep: keep, named: map[cpan.Dist]time.Time{}, wanted: map[cpan.Dist]bool{},
	}
}

// skip counts an entry that is no release, and says why.
func (l *List) skip(format string, args ...any) {
	l.Skipped++
	l.Batch.Warn(format, args...)
}

// wants says whether a distribution is wanted, asking once about each.
func (l *List) wants(d cpan.Dist) bool {
	is, asked := l.wanted[d]
	if !asked {
		_, err := cpan.ParseDist(string(d))
		is = err == nil && (l.keep == nil || l.keep(d))
		l.wanted[d] = is
	}
	return is
}

// add takes a release and says whether it is wanted.
func (l *List) add(d cpan.Dist, k advisory.Known) bool {
	l.Read++
	if k.Date.After(l.Batch.Source.Time) {
		l.Batch.Source.Time = k.Date
	}
	if !l.wants(d) {
		return false
	}
	l.Batch.Releases[d] = append(l.Batch.Releases[d], k)
	return true
}

// archive takes the release that an archive is.
func (l *List) archive(r cpan.Release, when time.Time) {
	switch {
	case r.Dist == "" || r.Ext == "":
		l.Skipped++ // a patch, a signature, a picture: no list says which are releases
	case r.Version == "":
		l.skip("%s: its name states no version", r.Path)
	default:
		l.add(r.Dist, advisory.Known{Version: r.Version, Date: when, Author: r.Author, Developer: r.Developer})
	}
}

// seconds is a time that a list states in seconds since 1970, the zero time for
// one that no date can be of.
func seconds(s int64) time.Time {
	const endOf9999 = 253402300799
	if s <= 0 || s > endOf9999 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// ReadListing reads a list of files, BackPAN's or CPAN's indices/find-ls, plain
// or gzipped. name is what errors call it.
func ReadListing(r io.Reader, name string, keep Keep) (List, error) {
	l := newList("CPAN", "", keep)
	if err := l.listing(r, name); err != nil {
		return List{}, err
	}
	if l.Read == 0 {
		return List{}, fault.New(fault.Invalid, "read %s: it names no release", name)
	}
	return *l, nil
}

func (l *List) listing(r io.Reader, name string) error {
	for file, err := range cpan.ListedFiles(r, name) {
		if err != nil {
			return err
		}
		l.archive(file.Release, seconds(file.Time))
	}
	return nil
}
