package manifest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

// built is when the index of these tests was made.
var built = time.Date(2099, 3, 1, 12, 0, 0, 0, time.UTC)

// folder is an index in memory, by path.
type folder map[string]string

func (f folder) open(_ context.Context, path string) (io.ReadCloser, error) {
	text, ok := f[path]
	if !ok {
		return nil, fault.Wrap(fault.NotFound, fs.ErrNotExist, "open %s", path)
	}
	return io.NopCloser(bytes.NewReader([]byte(text))), nil
}

// signer is a key of these tests, new in each run.
type signer struct {
	note.Signer
	key string
}

func newSigner(t *testing.T, name string) signer {
	t.Helper()
	secret, _, err := NewKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	s, key, err := ParseKey([]byte(secret + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return signer{s, key}
}

func describe(path, text string) File {
	sum := sha256.Sum256([]byte(text))
	return File{path, int64(len(text)), hex.EncodeToString(sum[:])}
}

// newFolder is an index of two pages and a database, signed by the keys.
func newFolder(t *testing.T, by ...signer) folder {
	t.Helper()
	f := folder{"index.html": "hello", "dist/Foo-Bar.json": "{}", DatabaseName: "database"}
	f.finish(t, 42, nil, nil, by...)
	return f
}

// finish writes the list and the notes, which the functions may change before.
func (f folder) finish(t *testing.T, sequence uint64, list func(*Manifest), notes func(*Seal, *Head), by ...signer) {
	t.Helper()
	var files []File
	for path, text := range f {
		if path != ListName && path != SealName && path != HeadName {
			files = append(files, describe(path, text))
		}
	}
	m, err := Make(Manifest{Generator: "nacred", Day: "2099-03-01", Sequence: sequence}, files)
	if err != nil {
		t.Fatal(err)
	}
	if list != nil {
		list(&m)
	}
	text, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	of := describe(ListName, string(text))
	seal := Seal{sequence, built, built.AddDate(0, 0, 7), of.Size, of.SHA256, ""}
	db := describe(DatabaseName, f[DatabaseName])
	head := Head{sequence, built, built.AddDate(0, 0, 7), db.Size, db.SHA256, DatabaseName, ""}
	if notes != nil {
		notes(&seal, &head)
	}
	f[ListName] = string(text)
	f[SealName] = sign(t, seal.Text(), by...)
	f[HeadName] = sign(t, head.Text(), by...)
}

func sign(t *testing.T, text string, by ...signer) string {
	t.Helper()
	var signers []note.Signer
	for _, s := range by {
		signers = append(signers, s)
	}
	b, err := Sign(text, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
