package manifest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"nacre/fault"
)

// Problem is what is wrong with a file.
type Problem string

// The problems.
const (
	Missing  Problem = "missing"  // it is listed, and not there
	Changed  Problem = "changed"  // it has not the size or the digest that is listed
	Unlisted Problem = "unlisted" // it is there, and not listed
	Unread   Problem = "unread"   // it could not be read, so nobody knows
)

// Finding is one file with which something is wrong.
type Finding struct {
	Path    string  `json:"path"`
	Problem Problem `json:"problem"`
	Detail  string  `json:"detail,omitempty"`
}

// Compare orders findings by path, and those of one path by problem.
func (f Finding) Compare(other Finding) int {
	return cmp.Or(cmp.Compare(f.Path, other.Path), cmp.Compare(f.Problem, other.Problem))
}

// Verify reads every file of the list and holds it to its size and digest, with
// so many workers (at least one), and gives what is wrong, by path. After each
// file, seen is told how many bytes were read of it; it is not called twice at
// once, and may be nil. The error is that of the context alone; the findings up
// to then come with it.
func (m *Manifest) Verify(ctx context.Context, open Open, workers int, seen func(n int64)) ([]Finding, error) {
	var mu sync.Mutex // of next, found and calls of seen
	var next int
	var found []Finding
	var wg sync.WaitGroup
	for range max(1, workers) {
		wg.Go(func() {
			r := reader{sum: sha256.New(), buf: make([]byte, 64<<10)}
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(m.Files) || ctx.Err() != nil {
					return
				}
				f := m.Files[i]
				n, problem, detail := r.check(ctx, open, f)
				if ctx.Err() != nil {
					return // what was cut short says nothing of the file
				}
				mu.Lock()
				if problem != "" {
					found = append(found, Finding{f.Path, problem, detail})
				}
				if seen != nil {
					seen(n)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.SortFunc(found, Finding.Compare)
	if err := ctx.Err(); err != nil {
		return found, fault.Wrap(fault.Canceled, err, "verify")
	}
	return found, nil
}

// reader is what one worker needs again for each file.
type reader struct {
	sum hash.Hash
	buf []byte
}

// check holds one file to the list. It reads no more than one byte over the
// size that is listed.
func (r reader) check(ctx context.Context, open Open, f File) (n int64, problem Problem, detail string) {
	in, err := open(ctx, f.Path)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return 0, Missing, ""
		}
		return 0, Unread, err.Error()
	}
	defer in.Close()
	if of, ok := in.(fs.File); ok {
		if info, err := of.Stat(); err == nil && info.IsDir() {
			return 0, Changed, "it is a folder"
		}
	}
	r.sum.Reset()
	n, err = io.CopyBuffer(struct{ io.Writer }{r.sum}, struct{ io.Reader }{io.LimitReader(in, f.Size+1)}, r.buf)
	switch {
	case err != nil:
		return n, Unread, err.Error()
	case n > f.Size:
		return n, Changed, fmt.Sprintf("it has more than the %d bytes that are listed", f.Size)
	case n < f.Size:
		return n, Changed, fmt.Sprintf("it has %d bytes, and %d are listed", n, f.Size)
	case hex.EncodeToString(r.sum.Sum(nil)) != f.SHA256:
		return n, Changed, "it has another digest than the one that is listed"
	}
	return n, "", ""
}

// Unlisted gives those of the files that are in a folder which are neither
// listed nor the list and the notes themselves.
func (m *Manifest) Unlisted(paths iter.Seq[string]) []Finding {
	var found []Finding
	for p := range paths {
		if _, ok := m.File(p); !ok && p != ListName && p != SealName && p != HeadName {
			found = append(found, Finding{Path: p, Problem: Unlisted})
		}
	}
	return found
}
