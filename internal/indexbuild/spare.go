package indexbuild

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"nacre/fault"
	"nacre/index/manifest"
)

// takeSpare makes the spare the stage, if there is one that can be read. From here
// on it has the name of a stage, so that one that is half changed is never a spare.
func (s *stage) takeSpare(ctx context.Context) error {
	spare := s.out + spareMark
	if _, err := os.Lstat(spare); err != nil {
		return nil
	}
	x, err := manifest.Load(ctx, opener(spare), nil)
	if !s.spare || s.old == nil || err != nil || !isWhole(spare, x) {
		if err := os.RemoveAll(spare); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "remove what an earlier build left")
		}
		return nil
	}
	if err := os.Remove(s.dir); err != nil {
		return err
	}
	if err := s.rename(spare, s.dir); err != nil {
		return err
	}
	s.there = map[string]manifest.File{}
	for _, f := range x.Manifest.Files {
		s.there[f.Path] = f
		s.folders[path.Dir(f.Path)] = true
	}
	return nil
}

// isWhole says whether a folder has the files that its index lists, as long as they
// are listed, and no others: somebody may have cleaned it up, or put something
// there.
func isWhole(dir string, x *manifest.Index) bool {
	n := 0
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err = filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		switch name = filepath.ToSlash(name); name {
		case manifest.ListName, manifest.SealName, manifest.HeadName:
			return nil
		}
		info, err := e.Info()
		if f, ok := x.Manifest.File(name); err == nil && (!ok || !info.Mode().IsRegular() || info.Size() != f.Size) {
			return fs.ErrInvalid
		}
		n++
		return err
	})
	return err == nil && n == len(x.Manifest.Files)
}

// clear removes what the spare has and this index has not.
func (s *stage) clear() error {
	for name := range s.there {
		if s.taken[name] {
			continue
		}
		if err := s.remove(name); err != nil {
			return err
		}
		// Folders that are empty now go, too; those that are not stay.
		for dir := path.Dir(name); dir != "." && os.Remove(filepath.Join(s.dir, filepath.FromSlash(dir))) == nil; dir = path.Dir(dir) {
		}
	}
	return nil
}

// remove removes a file of the stage, if it is there.
func (s *stage) remove(name string) error {
	if err := os.Remove(filepath.Join(s.dir, filepath.FromSlash(name))); err != nil && !os.IsNotExist(err) {
		return fault.Wrap(fault.KindOf(err), err, "write the index")
	}
	return nil
}
