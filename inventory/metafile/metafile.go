// Package metafile finds requirements of a project in its own metadata:
// MYMETA.json, MYMETA.yml, META.json and META.yml, of which the first that is
// there is read.
//
// MYMETA is what the project's configuration wrote, so it is preferred; it may
// be left over from another perl, and a notice says so. META states the
// requirements before configuration: where it says dynamic_config, as it does
// where it says nothing, the real ones may differ, and the inventory is partial.
//
// Requirements of the relation conflicts are no requirements and are left out.
//
// Source: CPAN::Meta::Spec, "Prereqs" and "dynamic_config".
package metafile

import (
	"context"
	"errors"
	"fmt"
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
			Text: file + " says dynamic_config: configuring may change the requirements", At: whole, Partial: true,
		})
	}
	for _, p := range m.Provides {
		inv.Own = append(inv.Own, p.Module)
	}
	AddPrereqs(m.Prereqs, file, inv)
}

// AddPrereqs adds requirements of the project itself, read from file: each
// becomes an edge from the project; one that cannot be read becomes one that
// allows everything, with a notice.
func AddPrereqs(prereqs []meta.Prereq, file string, inv *inventory.Inventory) {
	for _, p := range prereqs {
		at := inventory.Evidence{File: file, Line: p.Line, How: file}
		if p.Err != nil {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("requirement of %q cannot be read: %v", string(p.Module)+" "+p.Range, p.Err), At: at, Partial: true,
			})
		}
		if p.Module == "" || p.Relation == "conflicts" || p.Relation == "x_conflicts" {
			continue
		}
		inv.Edges = append(inv.Edges, inventory.Edge{
			From: -1, To: -1, Module: p.Module, Range: p.Range, Scope: scope(p), Evidence: at,
		})
	}
}

// scope maps a phase and a relation.
func scope(p meta.Prereq) inventory.Scope {
	switch p.Phase {
	case "configure":
		return inventory.Configure
	case "build":
		return inventory.Build
	case "test":
		return inventory.Test
	case "runtime":
		if p.Relation == "requires" && p.Feature == "" {
			return inventory.Runtime
		}
		return inventory.Optional
	case "develop":
		return inventory.Develop
	}
	// A phase that only running the file would tell, or one of the x_ kind,
	// may be run time.
	return inventory.Optional
}
