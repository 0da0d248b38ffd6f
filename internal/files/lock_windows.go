package files

import (
	"errors"
	"syscall"

	"nacre/fault"
)

// Lock keeps other programs that lock the same file away until unlock, or until
// the program ends, however it ends: a file that is open without sharing
// cannot be opened a second time.
func Lock(name string) (unlock func() error, err error) {
	const sharingViolation = syscall.Errno(32)
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "lock %s", name)
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, sharingViolation):
		return nil, locked(name)
	case err != nil:
		return nil, fault.Wrap(fault.KindOf(err), err, "lock %s", name)
	}
	return func() error { return syscall.CloseHandle(h) }, nil
}
