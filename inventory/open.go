package inventory

import (
	"errors"
	"io/fs"

	"nacre/fault"
)

// Open opens a source's file; found is false where there is none. What is there
// and is no plain file is an error: opening a pipe would wait for its writer.
func Open(fsys fs.FS, name string) (f fs.File, found bool, err error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, true, fault.New(fault.Invalid, "read %s: is not a plain file", name).
			WithHint("move it away, or name another folder")
	}
	if err == nil {
		f, err = fsys.Open(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, lerr := fs.Lstat(fsys, name); lerr != nil {
			return nil, false, nil
		} // else it is a link that leads nowhere
	}
	if err != nil {
		return nil, true, unopened(name, err)
	}
	return f, true, nil
}

func unopened(name string, err error) error {
	kind := fault.KindOf(err)
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // the file is named below
	}
	e := fault.Wrap(kind, err, "read %s", name)
	if errors.Is(err, fs.ErrPermission) {
		return e.WithHint("make the file readable for you")
	}
	return e.WithHint("if it is a symbolic link, put a copy in its place: links out of the folder are not followed")
}
