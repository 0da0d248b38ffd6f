// Package limit reads outside bytes within bounds. Every reader of Nacre that
// takes input from others goes through it, so that a hostile file costs at
// most what the bound says, and hitting a bound is an error that names it:
//
//	read META.json: larger than 5242880 bytes (limit: metadata file size)
//
// A bound is never a silent cut: what fits exactly is read whole, one byte
// more is an error of kind fault.Invalid.
package limit

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"nacre/fault"
)

// Sizes in bytes that several rooms share. A room with a bound of its own
// keeps it beside its reader.
const (
	Metadata = 5 << 20   // META.json, META.yml, cpanfile of one project
	Index    = 256 << 20 // 02packages.details.txt and its like, unpacked
	Feed     = 512 << 20 // one advisory source, unpacked
)

// exceeded is the error of a bound that was hit.
func exceeded(name string, n int64) error {
	return fault.New(fault.Invalid, "larger than %d bytes (limit: %s)", n, name).
		WithHint("the file is far larger than its kind ever is; check that it is the right one")
}

// Reader gives the first n bytes of r, and an error that names the bound
// instead of the byte that follows them.
func Reader(r io.Reader, n int64, name string) io.Reader {
	return &reader{r: r, left: n, max: n, name: name}
}

type reader struct {
	r    io.Reader
	left int64 // bytes that may still be read; -1 when the bound was hit
	max  int64
	name string
}

func (l *reader) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, exceeded(l.name, l.max)
	}
	if int64(len(p))-1 > l.left {
		p = p[:l.left+1] // one more shows whether there is more
	}
	n, err := l.r.Read(p)
	if int64(n) <= l.left {
		l.left -= int64(n)
		return n, err
	}
	n = int(l.left)
	l.left = -1
	return n, exceeded(l.name, l.max)
}

// ReadAll reads r whole, at most n bytes.
func ReadAll(r io.Reader, n int64, name string) ([]byte, error) {
	return io.ReadAll(Reader(r, n, name))
}

// ReadFile reads the named file of fsys whole, at most n bytes. The error
// carries the file's name once.
func ReadFile(fsys fs.FS, file string, n int64, name string) ([]byte, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := readSized(f, n, name)
	if err != nil {
		kind := fault.KindOf(err)
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the file is named below
		}
		return nil, fault.Wrap(kind, err, "read %s", file)
	}
	return b, nil
}

// readSized is ReadAll of a file that says how large it is: most are read at
// once. One that grows meanwhile, or does not know, is read to its end too.
func readSized(f fs.File, n int64, name string) ([]byte, error) {
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		b.Grow(int(min(max(info.Size(), 0), n, maxAhead)) + bytes.MinRead)
	}
	_, err := b.ReadFrom(Reader(f, n, name))
	return b.Bytes(), err
}

// maxAhead bounds the memory that is taken because a file says that it is large.
const maxAhead = 1 << 20
