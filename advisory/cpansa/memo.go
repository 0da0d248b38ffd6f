package cpansa

import (
	"bytes"
	"crypto/sha256"
	"io"
	"io/fs"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/limit"
)

// Sum is the SHA-256 of a document.
type Sum [sha256.Size]byte

// Memo keeps documents in the form that parsing gives them, which is most of
// the work, from one reading to the next. It may forget any: what it gives is
// used if it is as a Reader of this version has put it there, and the document
// is parsed otherwise.
type Memo interface {
	Get(Sum) (packed string, ok bool)
	Put(sum Sum, packed string)
}

// Reader reads the database with a memo. Without one it is ReadDir and ReadJSON.
type Reader struct{ Memo Memo }

// ReadDir is the function ReadDir.
func (r Reader) ReadDir(fsys fs.FS) (advisory.Batch, error) { return readDir(fsys, r.Memo) }

// ReadJSON is the function ReadJSON. With a memo the document is read into
// memory as a whole.
func (r Reader) ReadJSON(in io.Reader) (advisory.Batch, error) {
	if r.Memo == nil {
		return ReadJSON(in)
	}
	data, err := limit.ReadAll(in, maxIndex, "CPANSA index size")
	if err != nil {
		return advisory.Batch{}, fault.Wrap(fault.KindOf(err), err, "read the CPANSA index")
	}
	sum := Sum(sha256.Sum256(data))
	if text, ok := r.Memo.Get(sum); ok {
		if batch, ok := replay(text); ok {
			return batch, nil
		}
	}
	x := newIndex(bytes.NewReader(data))
	x.packed = []byte(packed)
	batch, err := x.batchOf(x.read())
	if err == nil {
		r.Memo.Put(sum, string(x.packed))
	}
	return batch, err
}

// section is a part of the built index.
type section byte

const (
	inMeta   section = 'm'
	inOwners section = 'o'
	inDists  section = 'd'
)

// see takes one entry of the index, and packs it where that is wanted.
func (x *index) see(in section, key string, v value) error {
	if x.packed != nil {
		x.packed = pack(packText(append(x.packed, byte(in)), key), v)
	}
	switch in {
	case inMeta:
		return x.meta(v)
	case inOwners:
		return x.owner(key, v)
	}
	return x.dist(key, v)
}

// replay reads the index out of its packed entries.
func replay(text string) (advisory.Batch, bool) {
	text, ok := strings.CutPrefix(text, packed)
	if !ok {
		return advisory.Batch{}, false
	}
	x := newIndex(nil)
	u := unpacker{text, &x.b}
	for u.rest != "" {
		in := section(u.rest[0])
		u.rest = u.rest[1:]
		key, err := u.text()
		var v value
		if err == nil {
			v, err = u.value(1)
		}
		if err == nil && in != inMeta && in != inOwners && in != inDists {
			err = errPacked
		}
		if err == nil {
			err = x.see(in, key, v)
		}
		if err != nil {
			return advisory.Batch{}, false
		}
	}
	batch, err := x.batchOf(nil)
	return batch, err == nil
}
