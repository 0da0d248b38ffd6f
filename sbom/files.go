package sbom

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/inventory"
	"nacre/limit"
)

// maxFile bounds a file whose digest is taken.
const maxFile = 512 << 20

// addFiles adds the files of an installed distribution that its modules name,
// with what is compiled for them, each with the digests of its bytes, as parts.
func (m *maker) addFiles(n *node, c *inventory.Component) error {
	folders := foldersOf(c)
	for _, module := range c.Modules {
		file := strings.ReplaceAll(string(module), "::", "/")
		for _, name := range []string{file + ".pm", "auto/" + file + "/" + path.Base(file) + ".so"} {
			for _, folder := range folders {
				part, err := m.file(path.Join(folder, name))
				if errors.Is(err, fs.ErrNotExist) {
					continue // a package without a file of its own, or in another folder
				}
				if err != nil {
					return err
				}
				n.parts = append(n.parts, part)
				break
			}
		}
	}
	n.holds = incomplete // programs are not among them
	return nil
}

// foldersOf are the folders of @INC that files of an installed distribution lie
// in: its own, and the one for the machine that its record stands in.
func foldersOf(c *inventory.Component) []string {
	folders := []string{c.Place}
	for _, e := range c.Evidence {
		for _, mark := range []string{"/.meta/", "/auto/"} {
			if folder, _, ok := strings.Cut(e.File, mark); ok && !slices.Contains(folders, folder) {
				folders = append(folders, folder)
			}
		}
	}
	return folders
}

// file is a file as a component of the bill.
func (m *maker) file(name string) (*node, error) {
	f, found, err := inventory.Open(m.in.FS, name)
	if err == nil && !found {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, b := sha256.New(), sha512.New()
	if _, err := io.Copy(io.MultiWriter(a, b), limit.Reader(f, maxFile, "file size")); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "take the digest of %s", name)
	}
	p := &node{Component: &bom.Component{Type: "file", Name: name, Scope: bom.Required}, deps: notSpecified, holds: complete}
	p.Hashes = []bom.Hash{
		{Algorithm: "SHA-256", Value: hex.EncodeToString(a.Sum(nil))},
		{Algorithm: "SHA-512", Value: hex.EncodeToString(b.Sum(nil))},
	}
	p.SetOrigin("hashes", bom.Computed, "of the file")
	p.SetOrigin("name", bom.Computed, "the file's path")
	p.File = bom.File{Name: path.Base(name), Executable: "executable", Archive: "no archive", Structured: "structured"}
	p.told("hash", "", byHash, bom.Method{Technique: "hash-comparison", Confidence: byHash, Value: "computed of the file"})
	p.seen([]inventory.Evidence{{File: name}})
	return p, nil
}
