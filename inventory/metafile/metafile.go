// Package metafile finds requirements of a project in its own metadata:
// MYMETA.json, MYMETA.yml, META.json and META.yml, of which one is read.
//
// MYMETA is what the project's configuration wrote, so it is preferred; it may
// be left over from another perl, and a notice says so. One that names another
// distribution or version than META does is left over from that one: META is
// read, and a notice says so. META states the requirements before
// configuration: where it says dynamic_config, as it does where it says
// nothing, the real ones may differ, and a notice says so.
//
// What the relation conflicts names is no requirement, and is kept apart.
//
// Source: CPAN::Meta::Spec, "Prereqs" and "dynamic_config".
package metafile

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"nacre/fault"
	"nacre/inventory"
	"nacre/meta"
)

// file is a name and what reads it.
type file struct {
	name string
	read func(io.Reader) (meta.Meta, error)
}

// The names, each list in the order of preference.
var (
	configured = []file{{"MYMETA.json", meta.ReadJSON}, {"MYMETA.yml", meta.ReadYAML}}
	stated     = []file{{"META.json", meta.ReadJSON}, {"META.yml", meta.ReadYAML}}
)

// Project finds the requirements that a project's metadata states.
type Project struct{}

// Name is "META".
func (Project) Name() string { return "META" }

// Find reads the best metadata file in the root of fsys.
func (Project) Find(_ context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	mine, myName, err := first(fsys, configured)
	if err != nil {
		return true, err
	}
	m, name, err := first(fsys, stated)
	if err != nil {
		return true, err
	}
	notice := func(name, format string, args ...any) {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: fmt.Sprintf(format, args...), At: inventory.Evidence{File: name, How: name},
		})
	}
	switch {
	case myName == "" && name == "":
		return false, nil
	case myName != "" && name != "" && (mine.Name != m.Name || mine.Version != m.Version):
		notice(myName, "%s is left over from %s and not used: %s is of %s", myName, release(mine), name, release(m))
	case myName != "":
		m, name = mine, myName
		notice(name, "%s is what the last configuration wrote; it may be left over from another perl", name)
	}
	if name != myName && m.DynamicConfig {
		notice(name, "%s says dynamic_config: configuring may change the requirements", name)
	}
	for _, w := range m.Warnings {
		notice(name, "%s", w)
	}
	if inv.Name == "" {
		inv.Name, inv.Version = string(m.Name), m.Version
	}
	for _, p := range m.Provides {
		inv.Own = append(inv.Own, p.Module)
	}
	for _, p := range m.Prereqs {
		inv.Require(p, name)
	}
	return true, nil
}

// first reads the first of the files that is there; name is empty where there
// is none.
func first(fsys fs.FS, files []file) (m meta.Meta, name string, err error) {
	for _, file := range files {
		f, found, err := inventory.Open(fsys, file.name)
		if err != nil {
			return meta.Meta{}, "", err
		}
		if !found {
			continue
		}
		m, err := file.read(f)
		f.Close()
		if err != nil {
			return meta.Meta{}, "", fault.Wrap(fault.KindOf(err), err, "read %s", file.name)
		}
		return m, file.name, nil
	}
	return meta.Meta{}, "", nil
}

// release is what a file describes, for people.
func release(m meta.Meta) string {
	if m.Name == "" {
		return "a distribution without a name"
	}
	return fmt.Sprintf("%s %s", m.Name, m.Version)
}
