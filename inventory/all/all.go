// Package all makes the inventory of a project: it asks every source of
// components, links requirements to what meets them, and adds perl with the
// modules that it ships.
//
// What meets a required module is decided in this order: a distribution of the
// lock that provides it; the distribution that the advisory data names as its
// owner, where that is in the lock; perl, where it ships the module; and else
// a component that is known by its requirement only. In a project with a lock
// the last one means that the lock is out of date, and a notice says so.
//
// A copy that CPAN provides wins over the one in perl (perl looks into site and
// vendor folders first), so a locked distribution hides perl's copy of it.
// Modules in perl that belong to no other distribution are part of the
// component perl.
//
// Without a lock, perl's copy counts only if every perl that can run the project
// ships one that is new enough: an installer would fetch another.
//
// The project's perl is the one that the caller names, else the highest
// minimum that the project or anything in its lock declares outside of tests,
// which is said; else it is unknown, and so are the versions of what it ships.
package all

import (
	"context"
	"io"
	"io/fs"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/cpanfile"
	"nacre/inventory/lockfile"
	"nacre/inventory/metafile"
)

// Options are what the project's files do not say.
type Options struct {
	// Perl is the version of the perl that runs the project, as perl -v
	// prints it: "5.36.0". Empty is "what the project declares".
	Perl string
	// Modules is what the advisory data knows of modules; nil is nothing.
	Modules ModuleTable
}

// ModuleTable knows the distributions of modules. An error of it ends the
// inventory: one with fewer components would look like a whole one.
type ModuleTable interface {
	// OwnersOf gives the distribution of each of the modules, in their order,
	// "" where the table does not know it. The modules ascend and are
	// distinct, so that one pass over a sorted table answers them all.
	OwnersOf(ctx context.Context, modules []cpan.Module) ([]cpan.Dist, error)
	// Main gives the main module of a distribution, "" where none is stated.
	Main(ctx context.Context, d cpan.Dist) (cpan.Module, error)
}

// noTable is the table that knows nothing.
type noTable struct{}

func (noTable) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	return make([]cpan.Dist, len(modules)), nil
}

func (noTable) Main(context.Context, cpan.Dist) (cpan.Module, error) { return "", nil }

// sources are asked in this order.
func sources() []inventory.Source {
	return []inventory.Source{lockfile.Carton{}, metafile.Project{}, cpanfile.Project{}}
}

// Read makes the inventory of the project in the root of fsys; folders below it
// are not looked at. A folder that no source knows is an error of kind
// fault.NotFound.
func Read(ctx context.Context, fsys fs.FS, opt Options) (inventory.Inventory, error) {
	var inv inventory.Inventory
	some, locked := false, false
	for _, s := range sources() {
		if err := ctx.Err(); err != nil {
			return inv, err
		}
		found, err := s.Find(ctx, fsys, &inv)
		if err != nil {
			return inv, err
		}
		some = some || found
		locked = locked || found && s.Name() == lockfile.SnapshotFile
	}
	if !some {
		return inv, fault.New(fault.NotFound, "no cpanfile.snapshot, META.json, META.yml, MYMETA or cpanfile here").
			WithHint("name the folder of a project, run carton install there first, or name a .txt file of Dist==Version lines")
	}
	return inv, link(ctx, &inv, opt, locked)
}

// ReadList makes the inventory of a plain list of Dist==Version lines.
func ReadList(ctx context.Context, r io.Reader, file string, opt Options) (inventory.Inventory, error) {
	var inv inventory.Inventory
	if err := lockfile.ReadList(r, file, &inv); err != nil {
		return inv, err
	}
	if len(inv.Components) == 0 {
		return inv, fault.New(fault.NotFound, "%s lists no distribution", file).
			WithHint("write one Dist==Version a line, as in Plack==1.0047")
	}
	return inv, link(ctx, &inv, opt, true)
}
