package publish

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/files"
	"nacre/limit"
)

// Folder is a folder of releases; a web server shows what the link current in it
// leads to.
type Folder struct {
	Dir string // which must exist
}

// The names in a folder of releases, and their marks.
const (
	releasesName = "releases"
	currentName  = "current"
	lockName     = ".publish.lock"
	rolledMark   = ".rolled-back"
	newMark      = ".new-"
	oldMark      = ".old-"
)

func (f *Folder) releases() string           { return filepath.Join(f.Dir, releasesName) }
func (f *Folder) release(name string) string { return filepath.Join(f.Dir, releasesName, name) }

func (f *Folder) apart(b *Built) error {
	to, err := files.Resolve(f.Dir)
	if err != nil {
		return nil // it is not there, which lock tells
	}
	of, err := files.Resolve(b.dir)
	if err == nil && files.Within(to, of) {
		err = fault.New(fault.Invalid, "%s is inside of the index in %s, which is replaced as a whole by the next build", f.Dir, b.dir).
			WithHint("name a folder beside the index, not in it")
	}
	return err
}

func (f *Folder) lock() (func() error, error) {
	if info, err := os.Stat(f.Dir); err != nil || !info.IsDir() {
		return nil, fault.New(fault.NotFound, "%s is no folder", f.Dir).
			WithHint("make the folder that the releases are to be in")
	}
	return files.Lock(filepath.Join(f.Dir, lockName))
}

// Releases lists the releases that are whole, newest first.
func (f *Folder) Releases(context.Context) ([]Release, error) {
	entries, err := os.ReadDir(f.releases())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(fault.KindOf(err), err, "list the releases")
	}
	now, err := f.current()
	if err != nil {
		return nil, err
	}
	var all []Release
	for _, e := range entries {
		r, ok := parseName(e.Name())
		if !ok || !e.IsDir() {
			continue
		}
		r.Current = r.Name == now
		_, err := os.Lstat(f.release(r.Name) + rolledMark)
		r.RolledBack = err == nil
		if b, err := readNote(filepath.Join(f.release(r.Name), manifest.SealName)); err == nil {
			if s, _, err := manifest.OpenUnsigned(b, nil); err == nil {
				r.Built, r.Expires = s.Built, s.Expires
			}
		}
		all = append(all, r)
	}
	newestFirst(all)
	return all, nil
}

func readNote(name string) ([]byte, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return limit.ReadAll(in, manifest.MaxNote, "note size")
}

// current is the name of the current release, "" where there is none.
func (f *Folder) current() (string, error) {
	to, err := os.Readlink(filepath.Join(f.Dir, currentName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fault.New(fault.Conflict, "%s is there, and is no link", filepath.Join(f.Dir, currentName)).
			WithHint("name another folder, or move it away")
	}
	name, ok := strings.CutPrefix(filepath.ToSlash(to), releasesName+"/")
	if _, good := parseName(name); !ok || !good {
		return "", fault.New(fault.Conflict, "%s leads to %s, which is no release", filepath.Join(f.Dir, currentName), to).
			WithHint("name another folder, or remove the link")
	}
	return name, nil
}

func (f *Folder) open(name string) manifest.Open {
	return func(_ context.Context, path string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(f.release(name), filepath.FromSlash(path)))
	}
}

// put fills a folder of another name, which gets its own when it is whole.
func (f *Folder) put(ctx context.Context, b *Built, name, before string, seen Seen) (Written, error) {
	if err := os.MkdirAll(f.releases(), 0o755); err != nil {
		return Written{}, err
	}
	if err := f.clean(ctx); err != nil {
		return Written{}, err
	}
	if _, err := os.Lstat(f.release(name)); err == nil {
		return f.mend(ctx, b, name, seen)
	}
	stage := filepath.Join(f.releases(), newMark+name)
	if before != "" {
		before = f.release(before)
	}
	w, err := fill(ctx, b, stage, before, seen)
	if err == nil {
		for _, e := range notes(b.Index) {
			if err = os.WriteFile(filepath.Join(stage, e.path), e.data, 0o644); err != nil {
				break
			}
		}
	}
	if err == nil {
		err = files.SyncTree(stage)
	}
	if err == nil {
		err = os.Rename(stage, f.release(name))
	}
	if err != nil {
		os.RemoveAll(stage) //nolint:errcheck // the first error counts, and the next run cleans too
		return w, err
	}
	files.SyncFolder(f.releases())
	return w, nil
}

// clean removes what runs have left that were stopped.
func (f *Folder) clean(context.Context) error {
	entries, err := os.ReadDir(f.releases())
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), newMark) || strings.HasPrefix(e.Name(), oldMark) {
			if err := os.RemoveAll(filepath.Join(f.releases(), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// renew replaces the notes that are others.
func (f *Folder) renew(_ context.Context, name string, x *manifest.Index) error {
	for _, e := range notes(x) {
		file := filepath.Join(f.release(name), e.path)
		if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, e.data) {
			continue
		}
		err := files.Replace(file, func(w io.Writer) error {
			_, err := w.Write(e.data)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// use switches the link.
func (f *Folder) use(_ context.Context, name string, _ *manifest.Index, _ Seen) error {
	if now, err := f.current(); err != nil || now == name {
		return err
	}
	link := filepath.Join(f.Dir, "."+currentName+".tmp")
	if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(releasesName+"/"+name, link); err != nil {
		return fault.Wrap(fault.Unavailable, err, "make a link").
			WithHint("the folder must be on a file system with symbolic links")
	}
	if err := os.Rename(link, filepath.Join(f.Dir, currentName)); err != nil {
		return err
	}
	files.SyncFolder(f.Dir)
	return nil
}

func (f *Folder) mark(_ context.Context, name string, rolledBack bool) error {
	file := f.release(name) + rolledMark
	if rolledBack {
		return files.Replace(file, func(io.Writer) error { return nil })
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// remove takes the name away first: no part of a release has one.
func (f *Folder) remove(_ context.Context, name string) error {
	old := filepath.Join(f.releases(), oldMark+name)
	if err := os.RemoveAll(old); err != nil {
		return err
	}
	if err := os.Rename(f.release(name), old); err != nil {
		return err
	}
	if err := os.Remove(f.release(name) + rolledMark); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(old)
}
