//go:build !windows

package files

import (
	"errors"
	"os"
	"syscall"

	"nacre/fault"
)

// Lock keeps other programs that lock the same file away until unlock, or until
// the program ends, however it ends. Unlock removes the file. Who had it open by then
// would lock one that nobody else finds, and so whoever has locked one looks whether
// it still is the one of its name.
func Lock(name string) (unlock func() error, err error) {
	for range 100 { // each time another run has ended just then
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "lock %s", name)
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, locked(name)
			}
			return nil, fault.Wrap(fault.Unavailable, err, "lock %s", name)
		}
		if isNamed(f, name) {
			return func() error { return errors.Join(os.Remove(name), f.Close()) }, nil
		}
		f.Close()
	}
	return nil, locked(name)
}

// isNamed says whether an open file is the one that has the name.
func isNamed(f *os.File, name string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(name)
	return err == nil && os.SameFile(open, found)
}
