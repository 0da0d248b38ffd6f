//go:build !windows

package dbupdate

import (
	"errors"
	"os"
	"syscall"

	"nacre/fault"
)

// lock keeps other updates of the same database away until unlock, or until
// the program ends, however it ends. The file stays: removing it would let two
// runs lock two files of one name.
func lock(name string) (unlock func() error, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "lock the database")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked(name)
		}
		return nil, fault.Wrap(fault.Unavailable, err, "lock %s", name)
	}
	return f.Close, nil
}
