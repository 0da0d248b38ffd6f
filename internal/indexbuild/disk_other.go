//go:build !linux

package indexbuild

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// exchange is not to be had everywhere.
func exchange(string, string) error { return errors.ErrUnsupported }

// syncTree writes all that is in a folder to the disk.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}

// syncFolder does nothing: not every system lets a folder be opened.
func syncFolder(string) error { return nil }
