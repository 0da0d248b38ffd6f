package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"runtime"
	"slices"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/files"
	"nacre/limit"
)

// Built is an index in a folder, as nacred index build wrote it.
type Built struct {
	Index *manifest.Index
	dir   string
	tree  *files.Tree
}

// Open opens a built index and checks that every file of it is as its manifest
// lists it, and that there is nothing else. With keys, one of them has signed it;
// without, nobody looks.
func Open(ctx context.Context, dir string, keys []string) (*Built, error) {
	tree, err := files.OpenTree(dir)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open the index").WithHint("name the folder that nacred index build wrote")
	}
	b := &Built{dir: dir, tree: tree}
	if b.Index, err = manifest.Load(ctx, b.open, keys); err == nil {
		err = b.check(ctx)
	}
	if err != nil {
		tree.Close()
		wrapped := fault.Wrap(fault.KindOf(err), err, "read the index in %s", dir)
		if fault.HintOf(err) == "" {
			wrapped = wrapped.WithHint("name the folder that nacred index build wrote")
		}
		return nil, wrapped
	}
	return b, nil
}

// Close closes the folder.
func (b *Built) Close() error { return b.tree.Close() }

func (b *Built) open(_ context.Context, path string) (io.ReadCloser, error) { return b.tree.Open(path) }

func (b *Built) check(ctx context.Context) error {
	found, err := b.Index.Manifest.Verify(ctx, b.open, runtime.GOMAXPROCS(0), nil)
	if err != nil {
		return err
	}
	var others []string
	err = fs.WalkDir(b.tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			others = append(others, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	found = append(found, b.Index.Manifest.Unlisted(slices.Values(others))...)
	return damaged(found)
}

// damaged is the error of an index in which something was found.
func damaged(found []manifest.Finding) error {
	if len(found) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "%d files are not as its manifest lists them: %s is %s", len(found), found[0].Path, found[0].Problem).
		WithHint("nacre db verify names them all; build the index again")
}

// read gives the bytes of a listed file, which are as they are listed.
func (b *Built) read(f manifest.File) ([]byte, error) {
	in, err := b.tree.Open(f.Path)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index")
	}
	defer in.Close()
	data, err := limit.ReadAll(in, f.Size, "size in the manifest")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", f.Path)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, fault.New(fault.Conflict, "%s has changed while it was published", f.Path)
	}
	return data, nil
}

// extra is a file that no manifest lists.
type extra struct {
	path string
	data []byte
}

// notes are the list and the notes, in the order in which they are written: what
// is named before what names it.
func notes(x *manifest.Index) []extra {
	all := []extra{{manifest.ListName, x.Text}}
	if x.HeadNote != nil {
		all = append(all, extra{manifest.HeadName, x.HeadNote})
	}
	return append(all, extra{manifest.SealName, x.Note})
}

// sameNotes says whether two indexes have the same notes.
func sameNotes(a, b *manifest.Index) bool {
	return bytes.Equal(a.Note, b.Note) && bytes.Equal(a.HeadNote, b.HeadNote)
}
