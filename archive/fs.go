package archive

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"nacre/fault"
)

// FS is an archive's files: an fs.ReadDirFS, fs.ReadFileFS, fs.StatFS and
// fs.ReadLinkFS. Its methods may be called at the same time. A file
// that it opens is an io.ReaderAt and an io.Seeker, too, and needs no Close.
type FS struct {
	root   *node
	top    string // the folder that is ".", from root
	format Format
	image  *Image
	notes  []string
}

// Format is what the archive turned out to be.
func (f *FS) Format() Format { return f.format }

// Image is what an image's configuration says; nil for what is no image.
func (f *FS) Image() *Image { return f.image }

// Notes are what a reader must know of how the archive was read: "entry ...
// stands there twice", "chose linux/amd64 of 3 images".
func (f *FS) Notes() []string { return slices.Clone(f.notes) }

// IsSystem reports whether this is the root of a system, with folders usr and
// etc at its top.
func (f *FS) IsSystem() bool { return f.top == "" && isSystem(f.root) }

// Root gives the files below the one folder that a release has at its top, and
// that folder's name; where there are several, or files beside it, f itself and
// "".
func (f *FS) Root() (fsys *FS, top string) {
	if f.image != nil || f.top != "" || len(f.root.kids) != 1 {
		return f, ""
	}
	for name, n := range f.root.kids {
		if !n.mode.IsDir() {
			return f, ""
		}
		top = name
	}
	sub := *f
	sub.top = top
	return &sub, top
}

// find gives a path's node; the error is one of fs.PathError.
func (f *FS) find(op, name string, last bool) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n, err := find(f.root, path.Join(".", f.top, name), last)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return n, nil
}

// Open opens a file or a folder, wherever links lead within the archive.
func (f *FS) Open(name string) (fs.File, error) {
	n, err := f.find("open", name, true)
	switch {
	case err != nil:
	case n.mode.IsDir():
		return &folder{info: info{n, path.Base(name)}}, nil
	case !n.mode.IsRegular():
		err = &fs.PathError{Op: "open", Path: name, Err: errIrregular}
	case n.lack != nothing:
		err = &fs.PathError{Op: "open", Path: name, Err: n.lack.err()}
	default:
		return &file{SectionReader: n.section(), info: info{n, path.Base(name)}}, nil
	}
	return nil, err
}

// section reads a plain file's contents.
func (n *node) section() *io.SectionReader {
	if n.at == nil { // empty
		return io.NewSectionReader(strings.NewReader(""), 0, 0)
	}
	return io.NewSectionReader(n.at, n.off, n.size)
}

// ReadFile gives a file's contents.
func (f *FS) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	r, ok := file.(io.Reader).(io.ReaderAt)
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errIsDir}
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	b := make([]byte, info.Size())
	if _, err := r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return b, nil
}

// Stat describes what a path leads to.
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.stat("stat", name, true) }

// Lstat describes a file, and a link itself.
func (f *FS) Lstat(name string) (fs.FileInfo, error) { return f.stat("lstat", name, false) }

func (f *FS) stat(op, name string, last bool) (fs.FileInfo, error) {
	n, err := f.find(op, name, last)
	if err != nil {
		return nil, err
	}
	return info{n, path.Base(name)}, nil
}

// ReadLink gives what a symbolic link says.
func (f *FS) ReadLink(name string) (string, error) {
	n, err := f.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	if !n.isLink() {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return n.link, nil
}

// ReadDir lists a folder by name.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.find("readdir", name, true)
	if err != nil {
		return nil, err
	}
	if !n.mode.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNotFolder}
	}
	return n.list(), nil
}

var errNotFolder = errors.New("is no folder")

func (n *node) list() []fs.DirEntry {
	list := make([]fs.DirEntry, 0, len(n.kids))
	for name, kid := range n.kids {
		list = append(list, info{kid, name})
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// info describes a node by one of its names; it is an fs.FileInfo and an
// fs.DirEntry.
type info struct {
	n    *node
	name string
}

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.n.size }
func (i info) Mode() fs.FileMode          { return i.n.mode }
func (i info) Type() fs.FileMode          { return i.n.mode.Type() }
func (i info) ModTime() time.Time         { return time.Unix(i.n.mtime, 0).UTC() }
func (i info) IsDir() bool                { return i.n.mode.IsDir() }
func (i info) Sys() any                   { return nil }
func (i info) Info() (fs.FileInfo, error) { return i, nil }

// file is an open plain file.
type file struct {
	*io.SectionReader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

// folder is an open folder.
type folder struct {
	info info
	list []fs.DirEntry // what is left of it
	read bool
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *folder) Close() error               { return nil }

func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: errIsDir}
}

// ReadDir gives the next n entries, or all that are left where n is not
// positive.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.read {
		f.list, f.read = f.info.n.list(), true
	}
	if n <= 0 || n > len(f.list) {
		if n > 0 && len(f.list) == 0 {
			return nil, io.EOF
		}
		n = len(f.list)
	}
	list := f.list[:n:n]
	f.list = f.list[n:]
	return list, nil
}

// noteCounts adds what was counted to the notes.
func (u *unpacker) noteCounts() {
	for _, c := range []struct {
		counted
		text string
	}{
		{u.twice, "stands there twice: the last one counts"},
		{u.mended, "has a name that is no UTF-8: it is listed with U+FFFD in it"},
		{u.odd, "is of a kind that is not read: it is left out"},
	} {
		switch {
		case c.n == 1:
			u.notes = append(u.notes, "entry "+fault.Quote(c.first)+" "+c.text)
		case c.n > 1:
			u.notes = append(u.notes, "entry "+fault.Quote(c.first)+" "+c.text+"; so with "+plural(c.n-1, "other"))
		}
	}
}
