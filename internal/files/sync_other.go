//go:build !linux

package files

import (
	"io/fs"
	"os"
	"path/filepath"
)

// SyncTree brings all that was written below a folder to the disk.
func SyncTree(dir string) error {
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir():
			SyncFolder(name)
			return nil
		case !e.Type().IsRegular():
			return nil
		}
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}
