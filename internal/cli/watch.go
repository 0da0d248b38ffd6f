package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"nacre/terminal"
)

// watch shows on a terminal how far the reading of a place has come, where it
// takes more than a second: on one line of standard error, which is written
// anew and gone before anything else is printed. The nil watch, which pipes
// and files get, does nothing.
type watch struct {
	env   *Env
	path  string
	mu    sync.Mutex // of all below: sources are read by several workers
	start time.Time
	shown time.Time // zero while there is nothing on the terminal
	files int       // and folders, that were opened
	bytes int64
	ended bool
}

// The line comes after this time, and anew after that.
const (
	watchAfter = time.Second
	watchEvery = 200 * time.Millisecond
)

func newWatch(env *Env, path string) *watch {
	if !env.IsTerminal(env.Stderr) {
		return nil
	}
	return &watch{env: env, path: path, start: time.Now()}
}

// add counts, and shows the counts where it is time.
func (w *watch) add(files, bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files += files
	w.bytes += int64(bytes)
	now := time.Now() // not env's, which may stand
	if w.ended || now.Sub(w.start) < watchAfter || now.Sub(w.shown) < watchEvery {
		return
	}
	w.shown = now
	line := fmt.Sprintf("reading %s: %.1f MB", terminal.Visible(w.path), float64(w.bytes)/1e6)
	if w.files > 0 {
		line += fmt.Sprintf(", %d files and folders", w.files)
	}
	fmt.Fprintf(w.env.Stderr, "\r%s\x1b[K", line)
}

// clear takes the line away.
func (w *watch) clear() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.shown.IsZero() {
		fmt.Fprint(w.env.Stderr, "\r\x1b[K")
		w.shown = time.Time{}
	}
}

// end takes the line away for good: what follows shows how far it is by itself.
func (w *watch) end() {
	w.clear()
	if w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = true
	}
}

// archive gives r, whose bytes are counted.
func (w *watch) archive(r io.ReaderAt) io.ReaderAt {
	if w == nil {
		return r
	}
	return watchedArchive{r, w}
}

// tree gives fsys, whose files are counted.
func (w *watch) tree(fsys fs.FS) fs.FS {
	if w == nil {
		return fsys
	}
	return watchedTree{fsys, w}
}

type watchedArchive struct {
	io.ReaderAt
	watch *watch
}

func (a watchedArchive) ReadAt(p []byte, off int64) (int, error) {
	n, err := a.ReaderAt.ReadAt(p, off)
	a.watch.add(0, n)
	return n, err
}

// watchedTree has what the folders and archives behind it have.
type watchedTree struct {
	fs    fs.FS
	watch *watch
}

func (t watchedTree) Open(name string) (fs.File, error) {
	f, err := t.fs.Open(name)
	t.watch.add(1, 0)
	if file, ok := f.(*os.File); ok && err == nil {
		return watchedFile{file, t.watch}, nil
	}
	return f, err
}

func (t watchedTree) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(t.fs, name) }
func (t watchedTree) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(t.fs, name) }
func (t watchedTree) ReadLink(name string) (string, error)       { return fs.ReadLink(t.fs, name) }
func (t watchedTree) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(t.fs, name) }

// watchedFile is a file on disk.
type watchedFile struct {
	*os.File
	watch *watch
}

func (f watchedFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.watch.add(0, n)
	return n, err
}

func (f watchedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	f.watch.add(0, n)
	return n, err
}
