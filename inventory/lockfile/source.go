package lockfile

import (
	"context"
	"fmt"
	"io/fs"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
)

// SnapshotFile is the name that carton and cpm give the lock.
const SnapshotFile = "cpanfile.snapshot"

// Carton finds components in a cpanfile.snapshot.
type Carton struct{}

// Name is "cpanfile.snapshot".
func (Carton) Name() string { return SnapshotFile }

// Find reads the snapshot in the root of fsys.
func (Carton) Find(_ context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	f, found, err := inventory.Open(fsys, SnapshotFile)
	if err != nil || !found {
		return false, err
	}
	defer f.Close()
	snap, err := ParseSnapshot(f)
	if err != nil {
		return true, fault.Wrap(fault.KindOf(err), err, "read %s", SnapshotFile)
	}
	snap.add(inv)
	return true, nil
}

// add appends what the snapshot says.
func (s Snapshot) add(inv *inventory.Inventory) {
	seen := make(map[cpan.Dist]int, len(s.Dists)) // distribution to its first line
	for _, d := range s.Dists {
		inv.Components = append(inv.Components, d.component(seen))
		from := len(inv.Components) - 1
		for _, r := range d.Requires {
			at := inventory.Evidence{File: SnapshotFile, Line: r.Line, How: SnapshotFile}
			if r.Cut {
				inv.Notices = append(inv.Notices, inventory.Notice{
					Text: fmt.Sprintf("%s requires %s %q, which carton reads only in part", d.Heading, r.Module, r.Range), At: at,
				})
			}
			inv.Edges = append(inv.Edges, inventory.Edge{
				From: from, To: -1, Module: r.Module, Range: r.Range, Scope: inventory.Merged, Evidence: at,
			})
		}
	}
}

// component is one entry as a component; seen holds the entries before it.
func (d *Dist) component(seen map[cpan.Dist]int) inventory.Component {
	r := d.Release
	c := inventory.Component{
		Kind: inventory.Exact, Dist: r.Dist, Version: r.Version, Author: r.Author, Path: r.Path,
		Scope:    inventory.Merged,
		Evidence: []inventory.Evidence{{File: SnapshotFile, Line: d.Line, How: SnapshotFile}},
	}
	note := func(format string, args ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, args...)) }
	switch heading := cpan.ParsePath(d.Heading + ".tar.gz"); {
	case r.Dist == "":
		c.Dist, c.Version = heading.Dist, heading.Version
		note("pathname %q names no archive that CPAN has; name and version are those of the heading", d.Pathname)
	case r.Version == "" && heading.Dist == r.Dist && heading.Version != "":
		c.Version = heading.Version
		note("pathname %q names no version; it is that of the heading", d.Pathname)
	case heading.Dist != r.Dist || heading.Version != r.Version:
		note("the heading says %s, the pathname %s; the pathname counts", d.Heading, r.DistVersion())
	}
	if r.Dist != "" && r.Author == "" {
		note("pathname %q is in no author's folder; the release may not be from CPAN", d.Pathname)
	}
	if first, twice := seen[c.Dist]; twice {
		note("%s stands twice in the lock, first on line %d", c.Dist, first)
	} else {
		seen[c.Dist] = d.Line
	}
	for _, p := range d.Provides {
		c.Modules = append(c.Modules, p.Module)
		if p.Cut {
			note("provides %s %q on line %d, which carton reads only in part", p.Module, p.Version, p.Line)
		}
	}
	return c
}
