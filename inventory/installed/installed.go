// Package installed finds what installers left in a tree: the distributions in
// the folders of @INC, and the perls. The tree is the file system of a machine,
// a folder of libraries, or a project with what was installed for it.
//
//	local/lib/perl5/Foo/Bar.pm
//	local/lib/perl5/x86_64-linux/.meta/Foo-Bar-1.2/install.json
//	local/lib/perl5/x86_64-linux/.meta/Foo-Bar-1.2/MYMETA.json
//
// is Foo-Bar 1.2 in local/lib/perl5, with the author's path, the modules that it
// provides, and what it requires. These records are read, the first that speaks
// of a module:
//
//   - install.json, of cpanm, Menlo and cpm, with the MYMETA.json beside it.
//     Records of older versions stay behind, so the main module's file must have
//     the version that the record says; where no file of a distribution is there
//     any more, it was removed.
//   - .packlist, of ExtUtils::MakeMaker and Module::Build: the installed files.
//     Its folder names the main module, and the distribution is told from that
//     ([inventory.Component.ByName]); the version is that of the module's file.
//   - perllocal.pod, of ExtUtils::MakeMaker, for the version where only running
//     the module would tell it.
//
// Every other module in a folder of @INC is given as an [inventory.Found]. What
// perl itself ships is not: its folders are those that hold strict.pm or
// Config.pm, and the perl is a component, with the version that Config.pm or
// the folder's name states.
//
// Folders of @INC are those of the layouts that perlsrc/inc knows, those that a
// .meta or an auto with a .packlist stands in, and those of a perl. In a project (a folder
// with a cpanfile, a META.json, a Makefile.PL, ...) only local, lib/perl5,
// perl5, extlib and vendor are looked into: its own lib is no installed tree.
// Files that a source asked before has accounted for, as those of the system's
// packages are, are left alone.
//
// Of what is installed, requirements of run time count, and those of configure,
// build, recommends and suggests where what they name is installed too. What
// tests and authors need is left out, as carton leaves it out of its lock.
//
// Limits: below one prefix (usr, a project's local) 256 folders of @INC and as many
// perllocal.pod; and those of each kind of record.
//
// Promised: nothing is run; a file that cannot be read is a notice that says
// the inventory is partial; links are not followed to other folders. Not
// promised: that a program really looks into a folder, which its environment
// and its command line decide.
//
// Sources: App::cpanminus 1.7046 (save_meta), Menlo, App::cpm; ExtUtils::Packlist;
// ExtUtils::Command::MM; configpm of perl.
package installed

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/limit"
	"nacre/meta"
	"nacre/perlsrc/facts"
	"nacre/perlver"
)

// maxModule bounds a module's file; tables of Unicode have some hundred KiB.
const maxModule = 8 << 20

// Trees finds installed distributions and perls.
type Trees struct {
	// At is the path of the folder that is looked at, as far as it is known,
	// with slashes and without a leading one. Its last parts may be what tells
	// that it is a folder of @INC itself: "usr/share/perl5".
	At string
}

// Name is "installed modules".
func (Trees) Name() string { return "installed modules" }

// Find looks through fsys.
func (t Trees) Find(ctx context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	l, err := look(ctx, fsys, t.At, inv)
	if err != nil {
		return false, err
	}
	p, err := newPlaces(l)
	if err != nil {
		return true, err
	}
	f := &finder{places: p, modules: len(inv.Components), logged: map[string][]log{}}
	if err := f.readLogs(); err != nil {
		return true, err
	}
	for _, step := range []func(*finder) error{
		(*finder).installs, (*finder).packlists, (*finder).perls, (*finder).byName,
	} {
		if err := step(f); err != nil {
			return true, err
		}
	}
	if more := f.failed - maxTold; more > 0 {
		f.notice("", "", true, "%d more files cannot be read", more)
	}
	return len(l.files) > 0 || len(inv.Components) > f.modules, nil
}

// finder makes components of what was seen.
type finder struct {
	*places
	modules int              // components that were there before
	logged  map[string][]log // by the prefixes of their trees
	failed  int              // files that cannot be read
	source  bytes.Buffer
}

// log is one perllocal.pod.
type log struct {
	file    string
	in      tree
	entries []Logged
}

func (f *finder) notice(file, how string, partial bool, format string, args ...any) {
	f.inv.Notices = append(f.inv.Notices, inventory.Notice{
		Partial: partial, Text: fmt.Sprintf(format, args...), At: inventory.Evidence{File: file, How: how},
	})
}

// read opens a file and has it read; ok is false, and a notice says so, where
// that fails. A pipe is not opened.
func (f *finder) read(name, how, lost string, read func(io.Reader) error) (ok bool) {
	file, found, err := inventory.Open(f.fsys, name)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "read %s: it is gone", name)
	}
	if err == nil {
		err = read(file)
		file.Close()
		if err != nil {
			err = fault.Wrap(fault.KindOf(err), err, "read %s", name)
		}
	}
	if err != nil {
		if f.failed++; f.failed <= maxTold {
			f.notice(name, how, true, "%v; %s", err, lost)
		}
	}
	return err == nil
}

// maxTold is how many files that cannot be read have a notice each.
const maxTold = 20

// version reads the version that a module's file states.
func (f *finder) version(i int, m cpan.Module) facts.Version {
	var v facts.Version
	f.read(f.files[i].path, "module", "its version is not known", func(r io.Reader) error {
		f.source.Reset() // one buffer for thousands of files
		_, err := f.source.ReadFrom(limit.Reader(r, maxModule, "module size"))
		if err == nil {
			v = facts.ReadVersion(f.source.Bytes(), string(m)).Version
		}
		return err
	})
	return v
}

// claim marks a file as one of a component.
func (f *finder) claim(i, component int) {
	f.files[i].owner = component
	f.inv.Claim(f.files[i].path)
}

func (f *finder) add(c inventory.Component) int {
	f.inv.Components = append(f.inv.Components, c)
	return len(f.inv.Components) - 1
}

func (f *finder) readLogs() error {
	for _, name := range f.logs {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		in := treeOf(path.Dir(name))
		if len(f.logged[in.prefix]) == maxBelow {
			return tooMany(in.prefix, "perllocal.pod", "perllocal.pod")
		}
		f.read(name, "perllocal.pod", "it is not used", func(r io.Reader) error {
			entries, err := ReadPerllocal(r)
			f.logged[in.prefix] = append(f.logged[in.prefix], log{name, in, entries})
			return err
		})
	}
	return nil
}

// logOf gives what a perllocal.pod of the same perl says of a module.
func (f *finder) logOf(place string, m cpan.Module) (version string, at inventory.Evidence) {
	in := treeOf(place)
	for _, l := range f.logged[in.prefix] {
		if !l.in.with(in) {
			continue
		}
		if i, ok := slices.BinarySearchFunc(l.entries, m, func(e Logged, m cpan.Module) int { return cmp.Compare(e.Module, m) }); ok {
			return l.entries[i].Version, inventory.Evidence{File: l.file, Line: l.entries[i].Line, How: "perllocal.pod"}
		}
	}
	return "", inventory.Evidence{}
}

// same compares versions as perl does, and as text what it could not read.
func same(a, b string) bool {
	v, err := perlver.ParseExact(a)
	if err != nil {
		return a == b
	}
	w, err := perlver.ParseExact(b)
	return err == nil && v.Equal(w)
}

// byName gives the modules that no record speaks of.
func (f *finder) byName() error {
	for i := range f.files {
		file := &f.files[i]
		if file.owner >= 0 || f.inv.Claimed(file.path) {
			continue
		}
		if i%64 == 0 {
			if err := f.ctx.Err(); err != nil {
				return err
			}
		}
		m, err := file.module()
		if err != nil {
			continue
		}
		v := f.version(i, m)
		found := inventory.Found{Module: m, Version: v.Text, Dynamic: v.Dynamic, File: file.path, Place: file.place()}
		if v.Dynamic {
			if logged, _ := f.logOf(found.Place, m); logged != "" {
				found.Version, found.Dynamic, found.From = logged, false, "perllocal.pod"
			}
		}
		f.inv.Found = append(f.inv.Found, found)
	}
	return nil
}

// require adds what a distribution's MYMETA.json says that it requires.
func (f *finder) require(component int, dir, name string) {
	if !f.mymetas[name] {
		return // older installers and some distributions leave none
	}
	f.read(name, "MYMETA.json", "what it requires is not known", func(r io.Reader) error {
		m, err := meta.ReadJSON(r)
		for _, p := range m.Prereqs {
			if p.Module == "" || strings.HasSuffix(p.Relation, "conflicts") {
				continue
			}
			scope := inventory.ScopeOf(p)
			if scope >= inventory.Test || scope != inventory.Runtime && f.module(dir, p.Module) < 0 {
				continue
			}
			f.inv.Edges = append(f.inv.Edges, inventory.Edge{
				From: component, To: -1, Module: p.Module, Range: p.Range, Scope: scope,
				Evidence: inventory.Evidence{File: name, Line: p.Line, How: "MYMETA.json"},
			})
		}
		return err
	})
}
