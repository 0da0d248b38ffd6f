package files

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
	"syscall"
)

// Tree is a folder as fs.FS and fs.ReadLinkFS, for reading through all of it.
// Nothing outside of it is opened, as os.Root promises; but os.Root goes from
// the top for each path, with a call for each element and one for its end,
// which for a hundred thousand files is most of the work. Tree keeps the
// folders open that it was in last. Paths must be free of links, as those are that
// archive.RootFS asks for: one that leads out of its folder is not followed.
//
// It may be used by several goroutines.
type Tree struct {
	mu   sync.Mutex
	open map[string]*held // by path; "." is always there
	tick uint64           // of the clock that used counts by
}

// held is a folder that is open.
type held struct {
	*os.Root
	used uint64
}

// maxOpen bounds the folders that are kept open: a process may mostly have a
// thousand files, on macOS a quarter of that.
const maxOpen = 64

// OpenTree opens a folder.
func OpenTree(name string) (*Tree, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &Tree{open: map[string]*held{".": {Root: root}}}, nil
}

// Close closes the folders. Files that are open stay so.
func (t *Tree) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []error
	for _, f := range t.open {
		all = append(all, f.Close())
	}
	return errors.Join(all...)
}

// folder gives an open folder.
func (t *Tree) folder(name string) (*os.Root, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.enter(name)
}

// enter opens a folder from the one above it. The caller holds mu.
func (t *Tree) enter(name string) (*os.Root, error) {
	t.tick++
	if f := t.open[name]; f != nil {
		f.used = t.tick
		return f.Root, nil
	}
	above, err := t.enter(path.Dir(name))
	if err != nil {
		return nil, err
	}
	root, err := above.OpenRoot(path.Base(name))
	if err != nil {
		return nil, err
	}
	if len(t.open) >= maxOpen {
		t.closeOldest()
	}
	t.open[name] = &held{root, t.tick}
	return root, nil
}

// closeOldest closes the folder that nobody was in for longest, not the top.
func (t *Tree) closeOldest() {
	oldest := ""
	for name, f := range t.open {
		if name != "." && (oldest == "" || f.used < t.open[oldest].used) {
			oldest = name
		}
	}
	t.open[oldest].Close()
	delete(t.open, oldest)
}

// in calls do with the folder that a path's last element is in.
func (t *Tree) in(op, name string, do func(dir *os.Root, base string) error) error {
	if !fs.ValidPath(name) {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	dir, err := t.folder(path.Dir(name))
	if err == nil {
		err = do(dir, path.Base(name))
	}
	if errors.Is(err, fs.ErrClosed) { // another goroutine went through many folders meanwhile
		if dir, err = t.folder("."); err == nil {
			err = do(dir, name)
		}
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: op, Path: name, Err: p.Err}
	}
	return err
}

// readOnly are the flags to read with. Package os asks the system four times
// more for each file that it opens without O_NONBLOCK, which means nothing to
// files and folders, and keeps the opening of a pipe from waiting.
func readOnly() int {
	if runtime.GOOS == "windows" {
		return os.O_RDONLY
	}
	return os.O_RDONLY | syscall.O_NONBLOCK
}

// Open opens a file or a folder for reading.
func (t *Tree) Open(name string) (f fs.File, err error) {
	err = t.in("open", name, func(dir *os.Root, base string) error {
		file, err := dir.OpenFile(base, readOnly(), 0)
		if err == nil {
			f = file
		}
		return err
	})
	return f, err
}

// Stat describes what a path leads to.
func (t *Tree) Stat(name string) (info fs.FileInfo, err error) {
	err = t.in("stat", name, func(dir *os.Root, base string) error {
		info, err = dir.Stat(base)
		return err
	})
	return info, err
}

// Lstat describes what is at a path, a link as such.
func (t *Tree) Lstat(name string) (info fs.FileInfo, err error) {
	err = t.in("lstat", name, func(dir *os.Root, base string) error {
		info, err = dir.Lstat(base)
		return err
	})
	return info, err
}

// ReadLink gives what a link says.
func (t *Tree) ReadLink(name string) (target string, err error) {
	err = t.in("readlink", name, func(dir *os.Root, base string) error {
		target, err = dir.Readlink(base)
		return err
	})
	return target, err
}
