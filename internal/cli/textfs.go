package cli

import (
	"bytes"
	"io"
	"io/fs"
	"time"
)

// textFS is a folder that holds one file, which came from somewhere else.
type textFS struct {
	name string
	text []byte
}

// Open opens the file, or the folder, which cannot be listed further than
// fs.Stat goes.
func (o textFS) Open(name string) (fs.File, error) {
	switch name {
	case ".":
		return &textFolder{of: o}, nil
	case o.name:
		return &textFile{Reader: bytes.NewReader(o.text), info: textInfo(o)}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type textFile struct {
	*bytes.Reader
	info textInfo
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *textFile) Close() error               { return nil }

type textFolder struct {
	of   textFS
	done bool
}

func (d *textFolder) Stat() (fs.FileInfo, error) { return textFolderInfo{}, nil }
func (d *textFolder) Close() error               { return nil }

func (d *textFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

func (d *textFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.done {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	d.done = true
	return []fs.DirEntry{fs.FileInfoToDirEntry(textInfo(d.of))}, nil
}

type textInfo textFS

func (i textInfo) Name() string     { return i.name }
func (i textInfo) Size() int64      { return int64(len(i.text)) }
func (textInfo) Mode() fs.FileMode  { return 0o444 }
func (textInfo) ModTime() time.Time { return time.Time{} }
func (textInfo) IsDir() bool        { return false }
func (textInfo) Sys() any           { return nil }

type textFolderInfo struct{}

func (textFolderInfo) Name() string       { return "." }
func (textFolderInfo) Size() int64        { return 0 }
func (textFolderInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (textFolderInfo) ModTime() time.Time { return time.Time{} }
func (textFolderInfo) IsDir() bool        { return true }
func (textFolderInfo) Sys() any           { return nil }
