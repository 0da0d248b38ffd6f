package audit

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"nacre/limit"
	"nacre/meta"
	"nacre/perlver"
	"nacre/release"
)

// Release is what rules know of the whole that a file belongs to.
type Release struct {
	FS    fs.FS
	Files []string // all regular files, as slash paths, sorted
	// Facts are what the release says of itself; Meta is nil in a checkout
	// without META.
	Facts *release.Facts
	// Prereqs are META's prerequisites; empty where there is none.
	Prereqs []meta.Prereq
}

// ReadRelease reads what is stated of a release.
func ReadRelease(ctx context.Context, fsys fs.FS, files []string, opt release.Options) (*Release, error) {
	opt.Brief = true
	facts, err := release.Read(ctx, fsys, opt)
	if err != nil {
		return nil, err
	}
	r := &Release{FS: fsys, Files: files, Facts: facts}
	if facts.Meta != nil {
		r.Prereqs = facts.Meta.Prereqs
	}
	return r, nil
}

// unread tells where the release's META could not be read. Rules that ask what it
// requires have no answer then, unless its other META says the same.
func (r *Release) unread() []Note {
	if r.Facts == nil {
		return nil
	}
	var notes []Note
	for _, what := range r.Facts.Notes {
		if strings.Contains(what, "META.json") || strings.Contains(what, "META.yml") {
			notes = append(notes, Note{What: what, Partial: r.Facts.Meta == nil})
		}
	}
	return notes
}

// Has reports whether a file of that path is there.
func (r *Release) Has(name string) bool {
	_, ok := slices.BinarySearch(r.Files, name)
	return ok
}

// ReadFile reads a file of the release of at most so many bytes; a longer one is
// an error, and so is one that is not there.
func (r *Release) ReadFile(name string, most int64) ([]byte, error) {
	if r.FS == nil || !r.Has(name) {
		return nil, fs.ErrNotExist
	}
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return limit.ReadAll(f, most, "file size")
}

// line gives a line of a file for people; "" where it cannot be read.
func (r *Release) line(name string, n int) string {
	src, err := r.ReadFile(name, MaxFile)
	if err != nil {
		return ""
	}
	return (&File{Src: src}).Line(n)
}

// patch gives a change of a file as a diff; nil where it cannot be read.
func (r *Release) patch(name string, fix *Fix) *Patch {
	src, err := r.ReadFile(name, MaxFile)
	if err != nil {
		return nil
	}
	return (&File{Path: name, Src: src}).patch(fix)
}

// Requires gives the requirements of a module at run time; nil where META states
// none, and where there is no META.
func (r *Release) Requires(module string) []meta.Prereq {
	var all []meta.Prereq
	for _, p := range r.Prereqs {
		if string(p.Module) == module && p.Phase == "runtime" && p.Relation == "requires" && p.Feature == "" {
			all = append(all, p)
		}
	}
	return all
}

// Admits reports whether the requirements of a module at run time let in a
// version below min, as far as META tells: known is false without META, and
// where a requirement cannot be read. A module that META does not require
// comes in any version.
func (r *Release) Admits(module string, min perlver.Version) (below, known bool) {
	if r.Facts == nil || r.Facts.Meta == nil {
		return false, false
	}
	for _, p := range r.Requires(module) {
		if p.Err != nil {
			return false, false
		}
		if least, ok := p.Requirement.Minimum(); ok && least.Compare(min) >= 0 {
			return false, true
		}
	}
	return true, true
}
