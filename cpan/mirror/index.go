package mirror

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"nacre/cpan"
	"nacre/fault"
)

// Index is what the index of modules and the lists of releases say together.
// It is whole when Mirror.Index gives it, and asked from several goroutines.
type Index struct {
	modules  map[cpan.Module]cpan.PackageEntry
	owners   *cpan.Owners
	releases map[cpan.Dist][]listed
	skipped  []*cpan.LineError

	knowsNow bool // a list of what is on CPAN now was read
	knowsAll bool // a list of BackPAN was read

	once  sync.Once
	lower map[string]cpan.Dist // releases' keys in lower case; made by once
}

// listed is a path that lists have, with the lists that have it.
type listed struct {
	path       string
	version    string
	in         lists
	time, size int64 // as in cpan.ListedFile
}

type lists uint8

const (
	inIndex lists = 1 << iota
	inFindLs
	inBackPAN
)

// Release is an archive that some list names.
type Release struct {
	cpan.Release
	Standing cpan.Standing // never Unknown or Nowhere
	Time     int64         // when it was uploaded, by BackPAN's list: seconds since 1970; 0 is not known
	Size     int64         // in bytes, by that list; -1 is not known
}

func (m *Mirror) readIndex() (*Index, error) {
	x := &Index{modules: map[cpan.Module]cpan.PackageEntry{}, owners: cpan.NewOwners(), releases: map[cpan.Dist][]listed{}}
	packages, err := m.each(packagesFiles, x.readPackages)
	if err != nil {
		return nil, err
	}
	if x.knowsNow, err = m.each(findLsFiles, func(f fs.File, name string) error { return x.readList(f, name, inFindLs) }); err != nil {
		return nil, err
	}
	if x.knowsAll, err = m.each(backpanFiles, func(f fs.File, name string) error { return x.readList(f, name, inBackPAN) }); err != nil {
		return nil, err
	}
	if !packages && !x.knowsNow && !x.knowsAll {
		return nil, fault.New(fault.NotFound, "read the mirror's index: modules/02packages.details.txt.gz is not there").
			WithHint("fetch that file of a CPAN mirror into the folder modules/")
	}
	for d, all := range x.releases {
		x.releases[d] = merged(all)
	}
	return x, nil
}

// merged sorts what lists have by its path, each once.
func merged(all []listed) []listed {
	slices.SortFunc(all, func(a, b listed) int { return strings.Compare(a.path, b.path) })
	kept := all[:0]
	for _, l := range all {
		if n := len(kept); n > 0 && kept[n-1].path == l.path {
			same := &kept[n-1]
			same.in |= l.in
			same.time, same.size = max(same.time, l.time), max(same.size, l.size)
			continue
		}
		kept = append(kept, l)
	}
	return slices.Clip(kept)
}

// Lists gives the files that list releases, each where it is there and at most
// once: the index of modules to packages, what is on CPAN and BackPAN's list to
// listing. It reads them as often as it is asked, and keeps nothing.
func (m *Mirror) Lists(packages, listing func(f fs.File, name string) error) error {
	for _, list := range []struct {
		names []string
		read  func(fs.File, string) error
	}{{packagesFiles, packages}, {findLsFiles, listing}, {backpanFiles, listing}} {
		if _, err := m.each(list.names, list.read); err != nil {
			return err
		}
	}
	return nil
}

// each reads the first of the named files, and says whether one is there.
func (m *Mirror) each(names []string, read func(fs.File, string) error) (found bool, err error) {
	f, name, err := m.open(names)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fault.Wrap(fault.KindOf(err), err, "read the mirror's index")
	}
	defer f.Close()
	return true, read(f, name)
}

func (x *Index) readPackages(f fs.File, _ string) error {
	index, err := cpan.ReadModuleIndex(f)
	if err != nil {
		return err
	}
	seen := map[string]cpan.Dist{} // by path
	for e, err := range index.Entries() {
		if line, ok := errors.AsType[*cpan.LineError](err); ok {
			x.skipped = append(x.skipped, line)
			continue
		}
		if err != nil {
			return err
		}
		dist, ok := seen[e.Path]
		if !ok {
			r := e.Release()
			dist = r.Dist
			seen[e.Path] = dist
			if dist != "" {
				x.releases[dist] = append(x.releases[dist], listed{cmp.Or(r.Path, e.Path), r.Version, inIndex, 0, -1})
			}
		}
		x.modules[e.Module] = e
		if dist != "" {
			x.owners.Add(e.Module, dist)
		}
	}
	return nil
}

func (x *Index) readList(f fs.File, name string, in lists) error {
	for file, err := range cpan.ListedFiles(f, name) {
		if err != nil {
			return err
		}
		if d := file.Release.Dist; d != "" {
			x.releases[d] = append(x.releases[d], listed{file.Release.Path, file.Release.Version, in, file.Time, file.Size})
		}
	}
	return nil
}

// Skipped are the lines of 02packages.details.txt that could not be read.
func (x *Index) Skipped() []*cpan.LineError { return x.skipped }

// OwnerOf gives the distribution that holds a module's latest version, as the
// index has it. Index is a cpan.Owner (cpan.FromIndex).
func (x *Index) OwnerOf(m cpan.Module) (cpan.Dist, bool) { return x.owners.OwnerOf(m) }

// SpelledLike gives a module whose name is that of m but for case.
func (x *Index) SpelledLike(m cpan.Module) (cpan.Module, bool) { return x.owners.SpelledLike(m) }

// Module gives the line of the index about a module.
func (x *Index) Module(m cpan.Module) (cpan.PackageEntry, bool) {
	e, ok := x.modules[m]
	return e, ok
}

// Releases gives the archives of a distribution that some list names, in the
// order of their paths; none means that none is known.
func (x *Index) Releases(d cpan.Dist) []Release {
	var releases []Release
	for _, l := range x.releases[d] {
		releases = append(releases, Release{cpan.ParsePath(l.path), x.standing(l.in), l.time, l.size})
	}
	return releases
}

func (x *Index) standing(in lists) cpan.Standing {
	switch {
	case in&inIndex != 0:
		return cpan.Indexed
	case in&inFindLs != 0:
		return cpan.OnCPAN
	case x.knowsNow:
		return cpan.Withdrawn
	}
	return cpan.OnBackPAN
}

// Standing says what is known of a version of a distribution, as spelled; of
// several archives the best. An empty version asks for any release. It is
// cpan.Nowhere only where a list of BackPAN was read.
func (x *Index) Standing(d cpan.Dist, version string) cpan.Standing {
	best := cpan.Nowhere
	for _, l := range x.releases[d] {
		if version == "" || l.version == version {
			best = min(best, x.standing(l.in))
		}
	}
	if best == cpan.Nowhere && !x.knowsAll {
		return cpan.Unknown
	}
	return best
}

// LikeDist gives a distribution whose name is that of d but for case; of
// several the first in byte order. The first question takes time in proportion
// to the number of distributions.
func (x *Index) LikeDist(d cpan.Dist) (cpan.Dist, bool) {
	x.once.Do(func() {
		x.lower = make(map[string]cpan.Dist, len(x.releases))
		for known := range x.releases {
			low := strings.ToLower(string(known))
			if other, ok := x.lower[low]; !ok || cmp.Less(known, other) {
				x.lower[low] = known
			}
		}
	})
	known, ok := x.lower[strings.ToLower(string(d))]
	return known, ok && known != d
}
