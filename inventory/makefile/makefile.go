// Package makefile finds the requirements that a project states in the program
// or the settings that its releases are made with: Makefile.PL (of
// ExtUtils::MakeMaker and Module::Install), Build.PL (of Module::Build),
// dist.ini (of Dist::Zilla) and minil.toml (of Minilla).
//
//	my %prereqs = ('Moo' => '2.0');
//	$prereqs{'Win32::File'} = 0 if $^O eq 'MSWin32';
//	WriteMakefile(
//	    NAME      => 'Foo::Bar',
//	    PREREQ_PM => { %prereqs, 'Foo' => foo_version() },
//	);
//
// requires Moo 2.0 at run time, Win32::File under the condition of line 2, and
// Foo at a version that only running would tell, on line 5.
//
// A program is followed, and not run: variables that are assigned literals,
// hashes and references to them, keys that are set, added and deleted, ?:, map
// and for over literal lists, and conditions. ExtUtils::MakeMaker and
// Module::Build are taken to be newer than any version that a condition compares
// them with, and perl to be 5.8.1 or later, so what is there for older ones is
// left out; every other condition makes a requirement conditional. What is
// computed, read from a file, passed to a routine that may change it, or changed
// in a way that is not followed (s///, ++, pop, a routine of the program), is
// listed with its line ([File.Unresolved]), and the inventory is partial where
// no lock says what was installed.
//
// Read are
//   - the arguments NAME, DISTNAME, PREREQ_PM, BUILD_REQUIRES, TEST_REQUIRES,
//     CONFIGURE_REQUIRES, MIN_PERL_VERSION, META_MERGE and META_ADD of
//     WriteMakefile, and of routines whose names begin with that;
//   - those of Module::Build->new, and of classes derived from it: module_name,
//     dist_name, requires, build_requires, test_requires, configure_requires,
//     recommends, conflicts, auto_features, meta_merge and meta_add;
//   - the words of Module::Install: name, requires, recommends, build_requires,
//     test_requires, configure_requires, author_requires, perl_version, feature,
//     features, and all_from, whose file says the least perl;
//   - use 5.010 of the program itself;
//   - of dist.ini the name, Prereqs, OptionalFeature, RemovePrereqs, MinimumPerl,
//     authordep, and the plugins as requirements of the author;
//   - of minil.toml the name: its requirements are those of the cpanfile.
//
// Of Makefile.PL and Build.PL the one with less that is unresolved is read;
// dist.ini and minil.toml where neither is there. Metadata and cpanfiles hold
// what these programs make of themselves, so this source should be asked only
// where no MYMETA, META or cpanfile told any requirement.
//
// Sources: ExtUtils::MakeMaker 7.64, Module::Build 0.4231, Module::Install 1.19,
// Dist::Zilla 6, Config::INI, Minilla.
package makefile

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/inventory"
	"nacre/limit"
	"nacre/meta"
	"nacre/perlsrc"
)

// Project finds requirements in the files that releases are made with.
type Project struct{}

// Name is "Makefile.PL".
func (Project) Name() string { return "Makefile.PL" }

// Find reads the best of the files in the root of fsys.
func (Project) Find(_ context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	var best File
	name := ""
	for _, f := range [...]struct {
		name string
		read func([]byte) File
	}{{"Makefile.PL", ReadProgram}, {"Build.PL", ReadProgram}, {"dist.ini", ReadDistINI}, {"minil.toml", ReadMinil}} {
		if name != "" && f.name != "Build.PL" {
			break
		}
		src, found, err := read(fsys, f.name)
		if err != nil {
			return true, err
		}
		if !found {
			continue
		}
		if file := f.read(src); name == "" || len(file.Unresolved) < len(best.Unresolved) {
			best, name = file, f.name
		}
	}
	if name == "" {
		return false, nil
	}
	best.follow(fsys)
	best.add(inv, name)
	return true, nil
}

func read(fsys fs.FS, name string) (src []byte, found bool, err error) {
	f, found, err := inventory.Open(fsys, name)
	if err != nil || !found {
		return nil, found, err
	}
	defer f.Close()
	if src, err = limit.ReadAll(f, limit.Metadata, "project file size"); err != nil {
		err = fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return src, true, err
}

// maxFrom bounds the files that a program may have read; one is usual.
const maxFrom = 10

// follow reads the least perl from the files that Module::Install reads it
// from: the first "use" of a version.
func (f *File) follow(fsys fs.FS) {
	for i, from := range f.From {
		if i == maxFrom {
			f.Unresolved = append(f.Unresolved, meta.Construct{Line: from.Line, What: "more files than are read for the least perl (limit: files named)"})
			break
		}
		src, found, err := []byte(nil), false, error(nil)
		if fs.ValidPath(from.File) {
			src, found, err = read(fsys, from.File)
		}
		if !found || err != nil {
			f.Unresolved = append(f.Unresolved, meta.Construct{Line: from.Line, What: "the least perl, which " + fault.Quote(from.File) + " would say"})
			continue
		}
		t := perlsrc.Parse(src)
		for n := range t.All(0, perlsrc.StatementNode) {
			if t.Nodes[n].Form != perlsrc.Include {
				continue
			}
			if in := t.Include(n); in.Word == "use" && in.Module == "" && in.Version != "" {
				p := meta.Prereq{Phase: "runtime", Relation: "requires", Line: from.Line}
				f.Requires = append(f.Requires, Requirement{Prereq: meta.NewPrereq(p, "perl", in.Version)})
				break
			}
		}
	}
}

// add appends what the file says to an inventory.
func (f *File) add(inv *inventory.Inventory, name string) {
	if inv.Name == "" {
		inv.Name = strings.ReplaceAll(f.Name, "::", "-")
	}
	at := func(line int) inventory.Evidence { return inventory.Evidence{File: name, Line: line, How: name} }
	depends := map[meta.Construct][]string{}
	var order []meta.Construct
	for _, r := range f.Requires {
		before := len(inv.Edges)
		inv.Require(r.Prereq, name)
		if r.If == nil || len(inv.Edges) == before {
			continue
		}
		if e := &inv.Edges[before]; e.Scope == inventory.Runtime {
			e.Scope = inventory.Optional
		}
		if _, twice := depends[*r.If]; !twice {
			order = append(order, *r.If)
		}
		if modules := depends[*r.If]; !slices.Contains(modules, string(r.Module)) {
			depends[*r.If] = append(modules, string(r.Module))
		}
	}
	for _, c := range order {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: fmt.Sprintf("whether %s is required depends on %q of line %d", list(depends[c]), c.What, c.Line), At: at(c.Line),
		})
	}
	for _, u := range f.Unresolved {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: fmt.Sprintf("only running %s would tell: %s", name, u.What), At: at(u.Line), Partial: true,
		})
	}
}

// list names some modules, and counts the others.
func list(modules []string) string {
	const told = 5
	if more := len(modules) - told; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(modules[:told], ", "), more)
	}
	return strings.Join(modules, ", ")
}
