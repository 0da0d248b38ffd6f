package sources

import (
	"bufio"
	"io"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/gzip"

	"nacre/fault"
)

// plainFS opens folders and plain files only: a pipe among the files would be
// waited for without end.
type plainFS struct{ fs.FS }

// Open looks before it opens.
func (p plainFS) Open(name string) (fs.File, error) {
	info, err := fs.Stat(p.FS, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "%s is no plain file", name).WithHint("move it away, or name another folder")
	}
	return p.FS.Open(name)
}

// open opens a file, unpacked where it is a gzip.
func open(fsys fs.FS, name string) (io.ReadCloser, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	if start, err := in.Peek(2); err != nil || string(start) != "\x1f\x8b" {
		return reader{in, f}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		f.Close()
		return nil, fault.Wrap(fault.Invalid, err, "open %s", name)
	}
	return reader{z, f}, nil
}

type reader struct {
	io.Reader
	io.Closer
}

// oneFile is a folder of which only one file is seen, under a name that
// readers of folders take for a record.
type oneFile struct {
	fsys fs.FS
	name string
}

// Open opens the file by its name, and the folder by ".".
func (o oneFile) Open(name string) (fs.File, error) {
	if name != "." && name != o.shown() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if name == "." {
		return o.fsys.Open(".")
	}
	in, err := open(o.fsys, o.name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(o.fsys, o.name)
	if err != nil {
		in.Close()
		return nil, err
	}
	return file{in, info}, nil
}

// ReadDir lists the one file.
func (o oneFile) ReadDir(string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(o.fsys, o.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(renamed{info, o.shown()})}, nil
}

// shown is the file's name with the ending of a record: whoever names one file
// need not have called it .json.
func (o oneFile) shown() string {
	if strings.HasSuffix(o.name, ".json") {
		return o.name
	}
	return o.name + ".json"
}

type renamed struct {
	fs.FileInfo
	name string
}

func (r renamed) Name() string { return r.name }

type file struct {
	io.ReadCloser
	info fs.FileInfo
}

func (f file) Stat() (fs.FileInfo, error) { return f.info, nil }
