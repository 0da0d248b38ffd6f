package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/files"
)

// fill writes the files of an index into a new folder. What is the same in the
// folder before becomes a link to the same file.
func fill(ctx context.Context, b *Built, dir, before string, seen Seen) (Written, error) {
	folders := map[string]bool{}
	for _, f := range b.Index.Manifest.Files {
		folder := filepath.Dir(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if !folders[folder] {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return Written{}, err
			}
			folders[folder] = true
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Written{}, err
	}
	return each(ctx, b.Index.Manifest.Files, diskWorkers(), seen, func(f manifest.File) (how, error) {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if before != "" {
			old := filepath.Join(before, filepath.FromSlash(f.Path))
			if isListed(old, f) && os.Link(old, name) == nil {
				return shared, nil
			}
		}
		data, err := b.read(f)
		if err != nil {
			return written, err
		}
		return written, os.WriteFile(name, data, 0o644)
	})
}

// mend completes a release that is there: files that are missing or damaged are
// replaced, each in one step, and what is not listed is removed.
func (f *Folder) mend(ctx context.Context, b *Built, name string, seen Seen) (Written, error) {
	dir := f.release(name)
	w, err := each(ctx, b.Index.Manifest.Files, diskWorkers(), seen, func(file manifest.File) (how, error) {
		at := filepath.Join(dir, filepath.FromSlash(file.Path))
		if isListed(at, file) {
			return kept, nil
		}
		data, err := b.read(file)
		if err != nil {
			return written, err
		}
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return written, err
		}
		return written, files.Replace(at, func(out io.Writer) error {
			_, err := out.Write(data)
			return err
		})
	})
	if err != nil {
		return w, err
	}
	return w, filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		_, listed := b.Index.Manifest.File(path)
		if listed || path == manifest.ListName || path == manifest.SealName || path == manifest.HeadName {
			return nil
		}
		return os.Remove(at)
	})
}

// isListed says whether a plain file is as it is listed.
func isListed(name string, f manifest.File) bool {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != f.Size {
		return false
	}
	in, err := os.Open(name)
	if err != nil {
		return false
	}
	defer in.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, in)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == f.SHA256
}

// how is how a file came to be.
type how int

const (
	written how = iota
	shared
	kept
)

// diskWorkers is how many files are written at once in a folder.
func diskWorkers() int { return max(4, runtime.GOMAXPROCS(0)) }

// each calls do for every file, with so many workers, and counts; the first error
// ends it.
func each(ctx context.Context, all []manifest.File, workers int, seen Seen, do func(manifest.File) (how, error)) (Written, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex // of next, done, counts and calls of seen
	var next, done int
	var counts [3]int
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(all) {
					return
				}
				h, err := do(all[i])
				if err != nil {
					stop(err)
					return
				}
				mu.Lock()
				counts[h]++
				if done++; seen != nil {
					seen(done, len(all))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	w := Written{New: counts[written], Shared: counts[shared], Kept: counts[kept]}
	err := context.Cause(ctx)
	if errors.Is(err, context.Canceled) {
		err = fault.Wrap(fault.Canceled, err, "publish")
	}
	return w, err
}
