// Package thirdparty is what others published and the program carries: the
// schemas that bills of materials are checked by.
//
//	text, err := thirdparty.Schema("cyclonedx/bom-1.6.schema.json")
//
// Each folder has a README.md that says where its files come from, their
// licence and their digests; a test compares those with the files. They are
// packed with gzip, and otherwise as they were published.
package thirdparty

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/gzip"

	"nacre/fault"
)

//go:embed cyclonedx/*.gz spdx-2/*.gz spdx-3.0.1/*.gz
var files embed.FS

// Schema gives a schema by the name of its folder and file, as Schemas has it.
func Schema(name string) ([]byte, error) {
	packed, err := files.ReadFile(name + ".gz")
	if err != nil {
		return nil, fault.New(fault.NotFound, "there is no schema %s", fault.Quote(name))
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack schema %s: %w", name, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack schema %s: %w", name, err)
	}
	return text, nil
}

// Schemas gives the names of all schemas, sorted: "cyclonedx/bom-1.6.schema.json".
func Schemas() []string {
	var names []string
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimSuffix(name, ".gz"))
		}
		return err
	})
	return names
}
