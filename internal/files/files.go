// Package files is how Nacre writes files, where it keeps its own, and how it
// reads through folders ([Tree]).
//
// A file is replaced whole or not at all: the new bytes go to a temporary file
// in the same folder, reach the disk, and then take the name. Whoever reads the
// name meanwhile gets the old file or the new one, never a part, and a program
// that is stopped half-way leaves the old one.
//
//	err := files.Replace("nacre.db", func(w io.Writer) error {
//		return db.Write(w, set, built)
//	})
//
// Promised: the mode of a file that was there is kept and a new one's follows
// the umask, a link is followed and not replaced, and no temporary file stays
// behind after an error. Not promised: owner, access lists and extended
// attributes; that two writers at once end in any order.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"nacre/fault"
)

// Replace writes a file through write, so that name holds either what it held
// before or everything that write wrote. An error of write is given back as it
// is.
func Replace(name string, write func(io.Writer) error) (err error) {
	target, old, err := resolve(name)
	if err != nil {
		return err
	}
	f, err := createBeside(target, old == nil)
	if err != nil {
		kind := fault.KindOf(err)
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // a name that nobody gave says nothing
		}
		return fault.Wrap(kind, err, "write %s", name).WithHint("the folder must exist and be writable")
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 64<<10)
	if err := write(w); err != nil {
		return err
	}
	for _, step := range []func() error{
		w.Flush,
		func() error {
			if old == nil {
				return nil
			}
			return f.Chmod(old.Mode().Perm())
		},
		f.Sync,
		f.Close,
		func() error { return os.Rename(f.Name(), target) },
	} {
		if err := step(); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "write %s", name)
		}
	}
	SyncFolder(filepath.Dir(target))
	return nil
}

// createBeside makes the temporary file of a target. A new file has the mode
// that any program's would have, 0666 less the umask, which os.CreateTemp does
// not look at; one that takes the place of another is private until it gets
// that one's mode.
func createBeside(target string, isNew bool) (*os.File, error) {
	mode := fs.FileMode(0o600)
	if isNew {
		mode = 0o666
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf(".%s.%d-%d.tmp", filepath.Base(target), os.Getpid(), n)
		f, err := os.OpenFile(filepath.Join(filepath.Dir(target), name), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) || n == maxTries {
			return f, err
		}
	}
}

// maxTries bounds the names that are tried for a temporary file.
const maxTries = 1000

// resolve gives the file that name stands for, links followed, and what is
// there; old is nil where nothing is.
func resolve(name string) (target string, old fs.FileInfo, err error) {
	target, err = filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(name); err == nil {
			return "", nil, fault.New(fault.NotFound, "write %s: is a link to a file that is not there", name).
				WithHint("remove the link, or name the file itself")
		}
		return name, nil, nil
	}
	if err == nil {
		old, err = os.Stat(target)
	}
	if err != nil {
		kind := fault.KindOf(err)
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the name is said already
		}
		return "", nil, fault.Wrap(kind, err, "write %s", name).WithHint("name a file in a folder that you can open and write to")
	}
	if !old.Mode().IsRegular() {
		return "", nil, fault.New(fault.Invalid, "write %s: is not a plain file", name).
			WithHint("name a file; a folder, a device or a pipe cannot be replaced")
	}
	return target, old, nil
}

// SyncFolder brings a folder's new names to the disk. Windows has no such call, and
// where a file system refuses it the files themselves are safe already.
func SyncFolder(dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
