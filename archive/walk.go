package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/fault"
)

// Walk calls fn for every file and folder of a tree, from "." on, each folder
// by name, as fs.WalkDir does: links are not followed, fs.SkipDir and
// fs.SkipAll work, and a folder that cannot be read, or whose files are deeper
// than the limits allow, is told to fn a second time, with the error: who may
// write to /tmp must not keep a system from being read. It ends with an error
// where the tree has more entries than the limits allow, and with ctx.
//
// At the root of a system, one with folders usr and etc, the folders dev, proc
// and sys are left out: they are the kernel's.
func Walk(ctx context.Context, fsys fs.FS, limits Limits, fn fs.WalkDirFunc) error {
	w := walker{ctx: ctx, fsys: fsys, limits: limits.orDefault(), fn: fn, system: IsSystem(fsys)}
	info, err := fs.Stat(fsys, ".")
	if err != nil {
		err = fn(".", nil, err)
	} else {
		err = w.visit(".", fs.FileInfoToDirEntry(info), 0)
	}
	if err == fs.SkipDir || err == fs.SkipAll {
		return nil
	}
	return err
}

// IsSystem reports whether a tree is the root of a system: it has folders usr
// and etc at its top.
func IsSystem(fsys fs.FS) bool {
	for _, name := range [...]string{"etc", "usr"} {
		if info, err := fs.Stat(fsys, name); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

type walker struct {
	ctx     context.Context
	fsys    fs.FS
	limits  Limits
	fn      fs.WalkDirFunc
	system  bool
	entries int
}

func (w *walker) visit(name string, d fs.DirEntry, depth int) error {
	if err := w.fn(name, d, nil); err != nil || !d.IsDir() {
		if err == fs.SkipDir && d.IsDir() {
			return nil
		}
		return err
	}
	list, err := w.list(name)
	if errors.Is(err, errWalk) {
		return err
	}
	if len(list) > 0 && depth == w.limits.Depth {
		list, err = nil, exceededIn("depth", "folder %s: has files more than %d elements deep", fault.Quote(name), w.limits.Depth)
	}
	if err != nil {
		if err := w.fn(name, d, err); err != nil {
			if err == fs.SkipDir {
				return nil
			}
			return err
		}
	}
	for _, kid := range list {
		if w.system && name == "." && isKernel(kid.Name()) {
			continue
		}
		if err := w.visit(path.Join(name, kid.Name()), kid, depth+1); err != nil {
			if err == fs.SkipDir {
				return nil // of a file: the rest of its folder
			}
			return err
		}
	}
	return nil
}

func isKernel(name string) bool { return name == "dev" || name == "proc" || name == "sys" }

// errWalk marks what ends a walk, in contrast to a folder that cannot be read.
var errWalk = errors.New("walk")

type endOfWalk struct{ error }

func (endOfWalk) Is(target error) bool { return target == errWalk }
func (e endOfWalk) Unwrap() error      { return e.error }

// exceededIn is the error of a folder that is beyond a limit.
func exceededIn(limit, format string, args ...any) error {
	return fault.New(fault.Invalid, "%s (limit: %s)", fmt.Sprintf(format, args...), limit).
		WithHint("name a folder below it, or move away what is no part of it")
}

// list reads a folder in pieces, so that one of a million files is given up
// early.
func (w *walker) list(name string) ([]fs.DirEntry, error) {
	f, err := w.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNotFolder}
	}
	var list []fs.DirEntry
	for {
		if err := w.ctx.Err(); err != nil {
			return nil, endOfWalk{err}
		}
		part, err := dir.ReadDir(1024)
		list = append(list, part...)
		if w.entries += len(part); w.entries > w.limits.Entries {
			return nil, endOfWalk{exceededIn("entries", "has more than %d files and folders", w.limits.Entries)}
		}
		if err == io.EOF || err == nil && len(part) == 0 {
			err = nil
		} else if err == nil {
			continue
		}
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		return list, err
	}
}
