// Openarchive opens an archive as a scan does: every file's contents are kept in
// a temporary file. It is what bench measures the memory of.
//
//	openarchive image.tar.gz
package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"nacre/archive"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(127)
	}
}

func run(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	spool, err := os.CreateTemp("", "openarchive-")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	fsys, err := archive.Open(context.Background(), f, info.Size(), name, archive.Options{Spool: spool})
	if err != nil {
		return err
	}
	files := 0
	err = archive.Walk(context.Background(), fsys, archive.Limits{}, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files++
		}
		return err
	})
	fmt.Println(fsys.Format(), files)
	return err
}
