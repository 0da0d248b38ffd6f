package audit

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"nacre/limit"
	"nacre/meta"
	"nacre/release"
)

// Release is what rules know of the whole that a file belongs to.
type Release struct {
	FS    fs.FS
	Files []string // all regular files, as slash paths, sorted
	// Facts are what the release says of itself; Meta is nil in a checkout
	// without META.
	Facts *release.Facts
	// Prereqs are META's prerequisites; empty where there is none. What other
	// files state reads audit/requirement.
	Prereqs []meta.Prereq

	memory sync.Mutex // owns memos
	memos  memos
}

// Memo gives what a package keeps of a release under a key of its own, made once.
// It may be asked by several goroutines; make asks for no other.
func (r *Release) Memo(key any, make func() any) any {
	r.memory.Lock()
	defer r.memory.Unlock()
	return r.memos.get(key, make)
}

// memos is what packages keep under keys of their own.
type memos map[any]any

// get gives what stands under a key, made once.
func (m *memos) get(key any, make func() any) any {
	value, ok := (*m)[key]
	if !ok {
		if *m == nil {
			*m = memos{}
		}
		value = make()
		(*m)[key] = value
	}
	return value
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
