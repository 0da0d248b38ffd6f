package single

import (
	"bytes"
	"io"
	"io/fs"
	"time"
)

// FS is a folder that holds one file, which came from somewhere else.
type FS struct {
	name string
	text []byte
}

// Folder gives the folder that holds one file.
func Folder(name string, text []byte) FS { return FS{name, text} }

// Open opens the file, or the folder, which cannot be listed further than
// fs.Stat goes.
func (o FS) Open(name string) (fs.File, error) {
	switch name {
	case ".":
		return &folder{of: o}, nil
	case o.name:
		return &file{Reader: bytes.NewReader(o.text), info: info(o)}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type file struct {
	*bytes.Reader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

type folder struct {
	of   FS
	done bool
}

func (d *folder) Stat() (fs.FileInfo, error) { return folderInfo{}, nil }
func (d *folder) Close() error               { return nil }

func (d *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.done {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	d.done = true
	return []fs.DirEntry{fs.FileInfoToDirEntry(info(d.of))}, nil
}

type info FS

func (i info) Name() string     { return i.name }
func (i info) Size() int64      { return int64(len(i.text)) }
func (info) Mode() fs.FileMode  { return 0o444 }
func (info) ModTime() time.Time { return time.Time{} }
func (info) IsDir() bool        { return false }
func (info) Sys() any           { return nil }

type folderInfo struct{}

func (folderInfo) Name() string       { return "." }
func (folderInfo) Size() int64        { return 0 }
func (folderInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (folderInfo) ModTime() time.Time { return time.Time{} }
func (folderInfo) IsDir() bool        { return true }
func (folderInfo) Sys() any           { return nil }
