package manifest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"nacre/fault"
	"nacre/limit"
)

// Open opens a file of an index by its path from the root. An error of kind
// NotFound says that it is not there. It is called by several goroutines.
type Open func(ctx context.Context, path string) (io.ReadCloser, error)

// Index is an index as its list and its notes describe it.
type Index struct {
	Manifest Manifest
	Text     []byte // manifest.json
	Note     []byte // manifest.note
	Seal     Seal
	// Head and HeadNote are what nacre-index says and is; nil where the index has
	// no database.
	Head     *Head
	HeadNote []byte
	// Signers are the verifier keys that have signed manifest.note; none where
	// nobody looked.
	Signers []string
}

// Expires is when a newer index should have taken the place of this one: the
// earlier time of its two notes.
func (x *Index) Expires() time.Time {
	if x.Head != nil && x.Head.Expires.Before(x.Seal.Expires) {
		return x.Head.Expires
	}
	return x.Seal.Expires
}

// Expired is how long ago that was; 0 where it is not due yet.
func (x *Index) Expired(now time.Time) time.Duration { return max(0, now.Sub(x.Expires())) }

// Load reads the list and the notes, and checks that they belong together: the
// first thing to do with an index. At least one of the verifier keys has signed
// both notes; without keys nobody looks at who did, and Signers is empty.
//
// An error of kind Denied says that something was changed, or signed by somebody
// else; one of kind Invalid that it is no index that this program reads.
func Load(ctx context.Context, open Open, keys []string) (*Index, error) {
	x := &Index{}
	var err error
	if x.Note, err = small(ctx, open, SealName, MaxNote, "manifest note size"); err != nil {
		return nil, err
	}
	x.HeadNote, err = small(ctx, open, HeadName, MaxNote, "index note size")
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	if err := x.openNotes(keys); err != nil {
		return nil, err
	}
	if x.Text, err = text(ctx, open, x.Seal.Size); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(x.Text)
	if int64(len(x.Text)) != x.Seal.Size || hex.EncodeToString(sum[:]) != x.Seal.SHA256 {
		return nil, denied("%s is not the one that %s names", ListName, SealName)
	}
	if x.Manifest, err = Parse(x.Text); err != nil {
		return nil, err
	}
	if err := x.agree(); err != nil {
		return nil, err
	}
	return x, nil
}

// text reads the list, and no more than one byte over its size.
func text(ctx context.Context, open Open, size int64) ([]byte, error) {
	in, err := open(ctx, ListName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, size+1))
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", ListName)
	}
	return b, nil
}

func small(ctx context.Context, open Open, name string, size int64, bound string) ([]byte, error) {
	in, err := open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := limit.ReadAll(in, size, bound)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return b, nil
}

func (x *Index) openNotes(keys []string) (err error) {
	var head Head
	var headSigners []string
	if len(keys) == 0 {
		x.Seal, head, err = OpenUnsigned(x.Note, x.HeadNote)
	} else {
		x.Seal, x.Signers, err = OpenSeal(x.Note, keys)
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read %s", SealName)
		}
		if x.HeadNote != nil {
			if head, headSigners, err = OpenHead(x.HeadNote, keys); err == nil && !sameKeys(headSigners, x.Signers) {
				err = denied("it is signed by other keys than %s", SealName)
			}
			if err != nil {
				return fault.Wrap(fault.KindOf(err), err, "read %s", HeadName)
			}
		}
	}
	if x.HeadNote != nil {
		x.Head = &head
	}
	return err
}

func sameKeys(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// agree checks that the list and the notes speak of one index.
func (x *Index) agree() error {
	if x.Manifest.Sequence != x.Seal.Sequence {
		return denied("%s has sequence %d, and %s %d", ListName, x.Manifest.Sequence, SealName, x.Seal.Sequence)
	}
	_, listed := x.Manifest.File(DatabaseName)
	switch {
	case x.Head == nil && listed:
		return denied("%s is listed, and %s, which names it, is not there", DatabaseName, HeadName)
	case x.Head == nil:
		return nil
	case x.Head.Sequence != x.Seal.Sequence:
		return denied("%s has sequence %d, and %s %d", HeadName, x.Head.Sequence, SealName, x.Seal.Sequence)
	case x.Head.NextKey != x.Seal.NextKey:
		return denied("%s and %s name different keys as the next", HeadName, SealName)
	}
	f, ok := x.Manifest.File(x.Head.File)
	if !ok || f.Size != x.Head.Size || f.SHA256 != x.Head.SHA256 {
		return denied("%s names a file %s that %s does not list like this", HeadName, x.Head.File, ListName)
	}
	return nil
}

func denied(format string, args ...any) error {
	return fault.New(fault.Denied, format, args...).
		WithHint("it may just be changing: try again in some minutes, and then tell the publisher")
}
