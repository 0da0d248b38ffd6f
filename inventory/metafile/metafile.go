// Package metafile finds requirements of a project in its own metadata:
// MYMETA.json, MYMETA.yml, META.json and META.yml, of which the first that is
// there is read.
//
// MYMETA is what the project's configuration wrote, so it is preferred; it may
// be left over from another perl, and a notice says so. META states the
// requirements before configuration: where it says dynamic_config, as it does
// where it says nothing, the real ones may differ, and a notice says so.
//
// Requirements of the relation conflicts are no requirements and are left out.
//
// Source: CPAN::Meta::Spec, "Prereqs" and "dynamic_config".
package metafile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"

	"nacre/fault"
	"nacre/inventory"
	"nacre/meta"
)

// files are the names in the order of preference.
var files = [...]struct {
	name string
	read func(io.Reader) (meta.Meta, error)
}{
	{"MYMETA.json", meta.ReadJSON},
	{"MYMETA.yml", meta.ReadYAML},
	{"META.json", meta.ReadJSON},
	{"META.yml", meta.ReadYAML},
}

// Project finds the requirements that a project's metadata states.
type Project struct{}

// Name is "META".
func (Project) Name() string { return "META" }

// Find reads the best metadata file in the root of fsys.
func (Project) Find(_ context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	for _, file := range files {
		f, err := fsys.Open(file.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return false, err
		}
		m, err := file.read(f)
		f.Close()
		if err != nil {
			return true, fault.Wrap(fault.KindOf(err), err, "read %s", file.name)
		}
		add(m, file.name, inv)
		return true, nil
	}
	return false, nil
}

func add(m meta.Meta, file string, inv *inventory.Inventory) {
	whole := inventory.Evidence{File: file, How: file}
	if inv.Name == "" {
		inv.Name = string(m.Name)
	}
	for _, w := range m.Warnings {
		inv.Notices = append(inv.Notices, inventory.Notice{Text: w, At: whole})
	}
	switch mine := strings.HasPrefix(file, "MY"); {
	case mine:
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: file + " is what the last configuration wrote; it may be left over from another perl", At: whole,
		})
	case m.DynamicConfig:
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: file + " says dynamic_config: configuring may change the requirements", At: whole,
		})
	}
	for _, p := range m.Provides {
		inv.Own = append(inv.Own, p.Module)
	}
	for _, p := range m.Prereqs {
		inv.Require(p, file)
	}
}
