// Package all makes the inventory of a project, of an installation, or of a whole
// system: it asks every source of components, links requirements to what meets
// them, and adds perl with the modules that it ships.
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
// The distribution that is guessed from a package's name, in a bill of materials,
// is the one that has a module of this name, or that the advisory data spells
// otherwise: Text-CSV_XS for libtext-csv-xs-perl. Names that people wrote are left
// as they are; where the advisory data has one that is alike, and not this one, a
// notice says so.
//
// Installed modules that no record names a distribution for are named after the
// module table, the package that carries them, or themselves, and marked so.
// Of several copies that one perl finds, the one that it looks at first counts,
// and names the others. What a lock and an installation both have is one
// component; where they differ, both are, and a notice says so.
//
// The project's perl is the one that the caller names, else one that is
// installed in what is looked at, else the highest minimum that the project or anything in its lock declares outside of tests,
// which is said; else it is unknown, and so are the versions of what it ships.
package all

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/bill"
	"nacre/inventory/cpanfile"
	"nacre/inventory/installed"
	"nacre/inventory/lockfile"
	"nacre/inventory/makefile"
	"nacre/inventory/metafile"
	"nacre/inventory/ospkg"
	"nacre/limit"
)

// Options are what the project's files do not say.
type Options struct {
	// Perl is the version of the perl that runs the project, as perl -v
	// prints it: "5.36.0". Empty is "what the project declares".
	Perl string
	// Modules is what the advisory data knows of modules; nil is nothing.
	Modules ModuleTable
	// Release is the file name of an archive whose files the folder holds,
	// "Foo-Bar-1.20.tar.gz". Where they are those of a release, that is a
	// component itself. "" for none.
	Release string
	// At is the path of the folder, as far as it is known, with slashes and
	// without a leading one: its last parts may tell that it is a folder of
	// @INC.
	At string
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
	// Spelled gives, for each of the names, the distributions that have this
	// name but for the case of letters and "_" where it has "-": those of which
	// something is known. nil is none.
	Spelled(ctx context.Context, names []string) ([][]cpan.Dist, error)
}

// noTable is the table that knows nothing.
type noTable struct{}

func (noTable) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	return make([]cpan.Dist, len(modules)), nil
}

func (noTable) Main(context.Context, cpan.Dist) (cpan.Module, error) { return "", nil }

func (noTable) Spelled(_ context.Context, names []string) ([][]cpan.Dist, error) {
	return make([][]cpan.Dist, len(names)), nil
}

// sources are asked in this order: what the packages of the system account for
// is no installation by hand, and a program that makes a Makefile is asked only
// where nothing plainer requires anything.
func sources(opt Options) (tree, project, programs []inventory.Source) {
	tree = []inventory.Source{ospkg.System{}, installed.Trees{At: opt.At}}
	project = []inventory.Source{metafile.Project{}, cpanfile.Project{}}
	programs = []inventory.Source{makefile.Project{}}
	return tree, project, programs
}

// Read makes the inventory of what is in fsys: of the project in its root, and
// of all that is installed in it. Files that no source knows are an error of
// kind fault.NotFound.
func Read(ctx context.Context, fsys fs.FS, opt Options) (inventory.Inventory, error) {
	var inv inventory.Inventory
	ask := func(sources ...inventory.Source) (some bool, err error) {
		for _, s := range sources {
			if err := ctx.Err(); err != nil {
				return some, err
			}
			found, err := s.Find(ctx, fsys, &inv)
			if err != nil {
				return some, err
			}
			some = some || found
		}
		return some, nil
	}
	tree, project, programs := sources(opt)
	by := nothing
	some, err := ask(tree...)
	if err != nil {
		return inv, err
	}
	if some {
		by = installation
	}
	locked, err := ask(lockfile.Carton{})
	if err != nil {
		return inv, err
	}
	if locked {
		by = lock
	}
	told := len(inv.Notices)
	edges := len(inv.Edges)
	declared, err := ask(project...)
	if err == nil && len(inv.Edges) == edges {
		var made bool
		made, err = ask(programs...)
		declared = declared || made
	}
	if err != nil {
		return inv, err
	}
	if locked {
		for i := range inv.Notices[told:] {
			inv.Notices[told+i].Partial = false // the lock says what was installed
		}
	}
	if opt.Release != "" {
		declared = addRelease(fsys, &inv, opt.Release, some) || declared
	}
	if !some && !locked && !declared {
		return inv, fault.New(fault.NotFound, "no cpanfile.snapshot, META.json, META.yml, MYMETA, cpanfile, Makefile.PL or installed modules here").
			WithHint("name the folder of a project, a release, a folder of installed modules or an image; or run carton install there first")
	}
	return inv, link(ctx, fsys, &inv, opt, by)
}

// addRelease adds the release whose files are looked at. Its metadata says what
// it is; else its file's name does, if it has a version and there is what a
// release is built with: most archives in the world are none. What was found
// installed in it is not built.
func addRelease(fsys fs.FS, inv *inventory.Inventory, file string, installed bool) bool {
	r := cpan.ParsePath(file)
	at := inventory.Evidence{File: file, How: "release"}
	if d, err := cpan.ParseDist(inv.Name); err == nil && inv.Version != "" {
		if r.Version != "" && (r.Dist != d || !sameVersion(r.Version, inv.Version)) {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("the file's name says %s %s, and the metadata in it %s %s, which counts", r.Dist, r.Version, d, inv.Version), At: at,
			})
		}
		r = cpan.Release{Dist: d, Version: inv.Version}
	} else if r.Dist == "" || r.Version == "" || installed || !isBuilt(fsys) {
		return false
	}
	inv.Components = append(inv.Components, inventory.Component{
		Kind: inventory.Exact, Dist: r.Dist, Version: r.Version, Modules: slices.Clone(inv.Own), Itself: true, Evidence: []inventory.Evidence{at},
	})
	return true
}

// isBuilt reports whether a folder has what makes a distribution of it.
func isBuilt(fsys fs.FS) bool {
	return slices.ContainsFunc([]string{"Makefile.PL", "Build.PL", "META.yml", "META.json", "MANIFEST", "dist.ini", "minil.toml"}, func(name string) bool {
		_, err := fs.Stat(fsys, name)
		return err == nil
	})
}

// ReadBill makes the inventory of what a bill of materials lists, in any of the
// formats of bom/formats.
func ReadBill(ctx context.Context, r io.Reader, file string, opt Options) (inventory.Inventory, error) {
	var inv inventory.Inventory
	text, err := limit.ReadAll(r, bom.MaxSize, "bill size")
	if err != nil {
		return inv, fault.Wrap(fault.KindOf(err), err, "read %s", file)
	}
	b, err := formats.Read(text)
	if err != nil {
		return inv, fault.Wrap(fault.KindOf(err), err, "read %s", file)
	}
	if err := bill.Read(ctx, b, file, &inv); err != nil {
		return inv, err
	}
	if len(inv.Components) == 0 {
		text := "lists nothing of Perl"
		for _, n := range inv.Notices {
			text += "; " + n.Text
		}
		return inv, fault.New(fault.NotFound, "%s %s", file, text).
			WithHint("name a bill whose components have package URLs, as pkg:cpan/Plack@1.0047")
	}
	return inv, link(ctx, nil, &inv, opt, lock)
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
	return inv, link(ctx, nil, &inv, opt, lock)
}
