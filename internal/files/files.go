// Package files is how Nacre writes files, and where it keeps its own.
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
// Promised: the mode of a file that was there is kept, a link is followed and
// not replaced, and no temporary file stays behind after an error. Not
// promised: owner, access lists and extended attributes; that two writers at
// once end in any order.
package files

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"nacre/fault"
)

// newMode is the mode of a file that was not there before, less the umask that
// os.CreateTemp knows nothing of: advisories are no secret, and 0644 is what
// every other tool writes.
const newMode fs.FileMode = 0o644

// Replace writes a file through write, so that name holds either what it held
// before or everything that write wrote. An error of write is given back as it
// is.
func Replace(name string, write func(io.Writer) error) (err error) {
	target, mode, err := resolve(name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*.tmp")
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "write %s", name).
			WithHint("the folder must exist and be writable")
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
		func() error { return f.Chmod(mode) },
		f.Sync,
		f.Close,
		func() error { return os.Rename(f.Name(), target) },
	} {
		if err := step(); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "write %s", name)
		}
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// resolve gives the file that name stands for, links followed, and the mode
// that it is to have.
func resolve(name string) (target string, mode fs.FileMode, err error) {
	target, err = filepath.EvalSymlinks(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return name, newMode, nil
	case err != nil:
		return "", 0, fault.Wrap(fault.KindOf(err), err, "write %s", name)
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return "", 0, fault.Wrap(fault.KindOf(err), err, "write %s", name)
	case !info.Mode().IsRegular():
		return "", 0, fault.New(fault.Invalid, "write %s: is not a plain file", name).
			WithHint("name a file; a folder, a device or a pipe cannot be replaced")
	}
	return target, info.Mode().Perm(), nil
}

// syncFolder brings the new name to the disk. Windows has no such call, and
// where a file system refuses it the file itself is safe already.
func syncFolder(dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
