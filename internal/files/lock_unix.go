//go:build !windows

package files

import (
	"errors"
	"os"
	"syscall"

	"nacre/fault"
)

// Lock keeps other programs that lock the same file away until unlock, or until
// the program ends, however it ends. The file stays: removing it would let two
// runs lock two files of one name.
func Lock(name string) (unlock func() error, err error) {
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
	return f.Close, nil
}
