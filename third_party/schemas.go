// Package thirdparty is what others published and the program carries: the
// schemas that bills of materials are checked by.
//
//	text, err := thirdparty.Schema("cyclonedx/bom-1.6.schema.json")
//
// Each folder has a README.md that says where its files come from, their
// licence and their digests; a test compares those with the files.
package thirdparty

import (
	"bytes"
	"embed"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"

	"nacre/fault"
)

//go:embed cyclonedx/*.gz spdx-2/*.gz spdx-3.0.1/*.json
var files embed.FS

// Schema gives a schema by the name of its folder and file.
func Schema(name string) ([]byte, error) {
	if b, err := files.ReadFile(name); err == nil {
		return b, nil
	}
	packed, err := files.ReadFile(name + ".gz")
	if err != nil {
		return nil, fault.New(fault.NotFound, "there is no schema %s", fault.Quote(name))
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Schemas gives the names of all schemas.
func Schemas() []string {
	var names []string
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	return names
}
