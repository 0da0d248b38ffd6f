package indexbuild

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"nacre/fault"
	"nacre/index"
	"nacre/index/manifest"
	"nacre/internal/files"
)

// stage is a folder beside the index, in which the next one comes to be. Where
// builds follow each other it is the folder of the build before the last one, the
// spare: what differs is replaced in it, so that a build costs by what changed.
// Files of the two folders are often one file with two names; none is ever written
// to, but removed and made anew.
type stage struct {
	out, dir string
	old      *previous
	spare    bool                     // keep the index before for the next build
	there    map[string]manifest.File // what the spare has

	mu      sync.Mutex // of what follows: formats write side by side
	files   []manifest.File
	taken   map[string]bool
	folders map[string]bool
	reused  int
}

// What stands in the folder of an index, by the ends of names.
const (
	stageMark = ".next-"
	oldMark   = ".old-"
	spareMark = ".spare"
)

// newStage makes the stage of an index. With spare the folder that is replaced
// stays for the next build.
func newStage(ctx context.Context, out string, old *previous, spare bool) (*stage, error) {
	dir, err := os.MkdirTemp(filepath.Dir(out), filepath.Base(out)+stageMark)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("the folder that %s is in must exist and be writable", out)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	s := &stage{out: out, dir: dir, old: old, spare: spare, taken: map[string]bool{}, folders: map[string]bool{".": true}}
	if err := s.takeSpare(ctx); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// discard removes what is not wanted any longer.
func (s *stage) discard() {
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
}

// recoverFolder brings back the index that a build took away and did not
// replace, and removes what builds that were killed have left.
func recoverFolder(out string) error {
	_, err := os.Lstat(out)
	missing := os.IsNotExist(err)
	left, err := siblings(out)
	if err != nil {
		return err
	}
	for _, name := range left {
		if missing && strings.HasPrefix(filepath.Base(name), filepath.Base(out)+oldMark) {
			if err := os.Rename(name, out); err != nil {
				return fault.Wrap(fault.KindOf(err), err, "bring back the index")
			}
			missing = false
			continue
		}
		if err := os.RemoveAll(name); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "remove what an earlier build left")
		}
	}
	return nil
}

// siblings are the folders that builds of this one leave when they are killed.
func siblings(out string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(out))
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("the folder that %s is in must exist", out)
	}
	var all []string
	for _, e := range entries {
		for _, mark := range []string{stageMark, oldMark} {
			if rest, ok := strings.CutPrefix(e.Name(), filepath.Base(out)+mark); ok && e.IsDir() && rest != "" {
				all = append(all, filepath.Join(filepath.Dir(out), e.Name()))
			}
		}
	}
	return all, nil
}

// commit puts the stage into the index's place.
func (s *stage) commit() error {
	if err := s.clear(); err != nil {
		return err
	}
	if err := s.replace(); err != nil || !s.spare || s.old == nil {
		return err
	}
	// The index is in place, and without a spare the next build is only slower.
	if os.Rename(s.dir, s.out+spareMark) == nil {
		s.dir = ""
	}
	return nil
}

// replace lets the stage and the index change places.
func (s *stage) replace() error {
	if err := files.SyncTree(s.dir); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "write the index to the disk")
	}
	if s.old == nil {
		os.Remove(s.out) // an empty folder
		return s.rename(s.dir, s.out)
	}
	if exchange(s.dir, s.out) == nil {
		files.SyncFolder(filepath.Dir(s.out))
		return nil
	}
	// Where a file system cannot exchange two folders there is a moment without
	// an index; recoverFolder ends it where the program does not.
	aside := strings.Replace(s.dir, stageMark, oldMark, 1)
	if err := s.rename(s.out, aside); err != nil {
		return err
	}
	if err := s.rename(s.dir, s.out); err != nil {
		if back := os.Rename(aside, s.out); back != nil {
			return fault.Wrap(fault.Unavailable, err, "replace the index, which is in %s now", aside)
		}
		return err
	}
	s.dir = aside
	files.SyncFolder(filepath.Dir(s.out))
	return nil
}

func (s *stage) rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "replace the index")
	}
	return nil
}

// claim lets no other file have a path.
func (s *stage) claim(path string) error {
	if err := manifest.CheckPath(path); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[path] {
		return fault.New(fault.Conflict, "two forms write %s", path)
	}
	s.taken[path] = true
	return nil
}

// take claims a path and makes room for its file.
func (s *stage) take(path string) (string, error) {
	if err := s.claim(path); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := filepath.Join(s.dir, filepath.FromSlash(path))
	if dir := filepath.Dir(path); !s.folders[dir] {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return "", fault.Wrap(fault.KindOf(err), err, "write the index")
		}
		s.folders[dir] = true
	}
	if s.there != nil {
		return name, s.remove(path)
	}
	return name, nil
}

// listed adds a file to the list.
func (s *stage) listed(f manifest.File, reused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = append(s.files, f)
	if reused {
		s.reused++
	}
}

// add writes a file and lists it, and its packed form where it asks for one.
func (s *stage) add(f index.File) error {
	if err := s.put(f.Path, f.Data); err != nil || !f.Pack {
		return err
	}
	packed, err := pack(f.Data)
	if err != nil {
		return err
	}
	return s.put(f.Path+".gz", packed)
}

// put writes a file, or takes it over where it is as it was.
func (s *stage) put(path string, data []byte) error {
	f := manifest.File{Path: path, Size: int64(len(data)), SHA256: digestOf(data)}
	if s.old != nil {
		if was, ok := s.old.index.Manifest.File(path); ok && was == f {
			return s.reuse(f)
		}
	}
	if err := s.write(path, data); err != nil {
		return err
	}
	s.listed(f, false)
	return nil
}

// reuse takes over a file of the index before, which it must still be.
func (s *stage) reuse(f manifest.File) error {
	if s.there[f.Path] == f {
		err := s.claim(f.Path)
		if err == nil {
			s.listed(f, true)
		}
		return err
	}
	name, err := s.take(f.Path)
	if err != nil {
		return err
	}
	was := filepath.Join(s.out, filepath.FromSlash(f.Path))
	info, err := os.Lstat(was)
	if err != nil {
		return damaged(fault.Wrap(fault.KindOf(err), err, "take over %s", f.Path))
	}
	if !info.Mode().IsRegular() || info.Size() != f.Size {
		return damaged(fault.New(fault.Conflict, "take over %s: it is not what the index lists", f.Path))
	}
	if os.Link(was, name) != nil {
		data, err := os.ReadFile(was)
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "take over %s", f.Path)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "write %s", f.Path)
		}
	}
	s.listed(f, true)
	return nil
}

// write writes a file and does not list it.
func (s *stage) write(path string, data []byte) error {
	name, err := s.take(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "write %s", path)
	}
	return nil
}

// stream writes and lists a file that is not in memory.
func (s *stage) stream(path string, write func(io.Writer) error) (manifest.File, error) {
	name, err := s.take(path)
	if err != nil {
		return manifest.File{}, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return manifest.File{}, fault.Wrap(fault.KindOf(err), err, "write %s", path)
	}
	c := &counter{w: f, h: sha256.New()}
	if err := write(c); err != nil {
		f.Close()
		return manifest.File{}, fault.Wrap(fault.KindOf(err), err, "write %s", path)
	}
	if err := f.Close(); err != nil {
		return manifest.File{}, fault.Wrap(fault.KindOf(err), err, "write %s", path)
	}
	of := manifest.File{Path: path, Size: c.n, SHA256: hex.EncodeToString(c.h.Sum(nil))}
	was, ok := manifest.File{}, false
	if s.old != nil {
		was, ok = s.old.index.Manifest.File(path)
	}
	s.listed(of, ok && was == of)
	return of, nil
}

type counter struct {
	w io.Writer
	h hash.Hash
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.h.Write(p[:n])
	c.n += int64(n)
	return n, err
}

// packers are reused: one holds more than a megabyte.
var packers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic(fmt.Sprint("gzip: ", err)) // the level is a constant
	}
	return z
}}

// pack packs data, always to the same bytes.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&b)
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}
