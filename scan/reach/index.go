package reach

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"nacre/archive"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlsrc/inc"
)

// index finds the files of modules and the components of files.
type index struct {
	fsys fs.FS
	// dirs are the folders of @INC, in its order as far as it is known: the
	// project's own, then where components are installed.
	dirs []string
	// listed caches folders: nil for one that is not there.
	listed map[string]map[string]bool
	found  map[cpan.Module]string
	inv    *inventory.Inventory
	byName map[cpan.Module][]int // components by module
	names  []cpan.Module         // the keys of byName, sorted
	perls  []int                 // the components that are a perl
	lacks  string                // what could not be looked at, "" nothing
}

// own are the folders of a project that it loads its own modules from.
var own = []string{"lib", "blib/lib", "t/lib", "inc", "."}

func newIndex(fsys fs.FS, inv *inventory.Inventory, programs []string) *index {
	x := &index{fsys: fsys, listed: map[string]map[string]bool{}, found: map[cpan.Module]string{}, byName: map[cpan.Module][]int{}, inv: inv}
	places := map[string]bool{}
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Place != "" && !places[c.Place] {
			places[c.Place] = true
		}
		if c.Kind == inventory.Interpreter {
			x.perls = append(x.perls, i)
		}
		for _, m := range c.Modules {
			x.byName[m] = append(x.byName[m], i)
		}
	}
	x.names = slices.Sorted(maps.Keys(x.byName))
	for _, d := range slices.Concat(own, x.inc(places, programs)) {
		if !slices.Contains(x.dirs, d) && x.list(d) != nil {
			x.dirs = append(x.dirs, d)
		}
	}
	return x
}

// layouts are the folders of @INC that systems have, in its order: what was
// installed by hand, what packages brought, and perl's own.
var layouts = []string{
	"etc/perl",
	"usr/local/lib/*/perl/*", "usr/local/share/perl/*", "usr/local/lib64/perl5", "usr/local/lib64/perl5/*", "usr/local/share/perl5", "usr/local/share/perl5/*",
	"usr/local/lib/perl5/site_perl/*/*", "usr/local/lib/perl5/site_perl/*", "usr/local/lib/perl5/site_perl",
	"usr/local/lib/perl5/vendor_perl/*/*", "usr/local/lib/perl5/vendor_perl/*", "usr/local/lib/perl5/5.*/*", "usr/local/lib/perl5/5.*",
	"usr/lib/*/perl5/*", "usr/lib/*/perl5", "usr/share/perl5", "usr/lib64/perl5/vendor_perl", "usr/share/perl5/vendor_perl", "usr/lib/perl5/vendor_perl",
	"usr/lib/*/perl-base", "usr/lib/*/perl/*", "usr/share/perl/*", "usr/lib64/perl5", "usr/lib/perl5/core_perl", "usr/share/perl5/core_perl",
}

// inc gives the folders of @INC: those that belong to the programs' own project,
// then those of the system, then others. What is below a folder of @INC for an
// architecture follows it.
func (x *index) inc(places map[string]bool, programs []string) []string {
	var known []string
	for _, pattern := range layouts {
		matches, err := fs.Glob(x.fsys, pattern)
		if err != nil {
			continue // of the file system: there is nothing to be found
		}
		for _, m := range matches {
			if place, _, ok := inc.Split(m + "/X.pm"); ok && place == m {
				known = append(known, m)
			}
		}
	}
	tops := map[string]bool{}
	for _, p := range programs {
		top, _, _ := strings.Cut(p, "/")
		tops[top] = true
	}
	project := !archive.IsSystem(x.fsys)
	var near, far []string
	for p := range places {
		switch top, _, _ := strings.Cut(p, "/"); {
		case slices.Contains(known, p):
		case project, tops[top] && top != "usr":
			near = append(near, x.withArchs(p)...)
		default:
			far = append(far, x.withArchs(p)...)
		}
	}
	slices.Sort(near)
	slices.Sort(far)
	return slices.Concat(near, known, far)
}

// withArchs gives a folder of @INC and those for an architecture in it.
func (x *index) withArchs(place string) []string {
	out := []string{place}
	for _, name := range slices.Sorted(maps.Keys(x.list(place))) {
		name, folder := strings.CutSuffix(name, "/")
		if below := path.Join(place, name); folder {
			if p, _, ok := inc.Split(below + "/X.pm"); ok && p == below {
				out = append(out, below)
			}
		}
	}
	return out
}

// list gives the names in a folder, with a slash behind those of folders.
func (x *index) list(dir string) map[string]bool {
	if l, ok := x.listed[dir]; ok {
		return l
	}
	var names map[string]bool
	if entries, err := fs.ReadDir(x.fsys, dir); err == nil {
		names = make(map[string]bool, len(entries))
		for _, e := range entries {
			name := e.Name()
			if e.IsDir() || e.Type()&fs.ModeSymlink != 0 {
				names[name+"/"] = true
			}
			if !e.IsDir() {
				names[name] = true
			}
		}
	} else if errors.Is(err, fs.ErrPermission) {
		x.lacks = cmp.Or(x.lacks, "the folder "+dir+" cannot be listed")
	}
	x.listed[dir] = names
	return names
}

// folder is list of a folder that may not be there: one that its parent does not
// list is not asked for.
func (x *index) folder(dir string) map[string]bool {
	if _, known := x.listed[dir]; !known && dir != "." && !x.folder(path.Dir(dir))[path.Base(dir)+"/"] {
		return nil
	}
	return x.list(dir)
}

// has reports whether a file is there.
func (x *index) has(file string) bool { return x.folder(path.Dir(file))[path.Base(file)] }

// module gives the file of a module, "" where there is none.
func (x *index) module(m cpan.Module) string {
	if p, ok := x.found[m]; ok {
		return p
	}
	p := x.lookup(strings.ReplaceAll(string(m), "::", "/") + ".pm")
	x.found[m] = p
	return p
}

func (x *index) lookup(rel string) string {
	if !fs.ValidPath(rel) {
		return ""
	}
	for _, d := range x.dirs {
		if p := path.Join(d, rel); x.has(p) {
			return p
		}
	}
	return ""
}

// in gives the file of a module in a folder of @INC, "" where it is not there.
func (x *index) in(place string, m cpan.Module) string {
	p := path.Join(place, strings.ReplaceAll(string(m), "::", "/")+".pm")
	if place == "" || !fs.ValidPath(p) || !x.has(p) {
		return ""
	}
	return p
}

// beside gives the modules one word below a package, of all folders of @INC, by
// that word.
func (x *index) beside(pkg string) []string {
	rel := strings.ReplaceAll(pkg, "::", "/")
	var words []string
	for _, d := range x.dirs {
		dir := path.Join(d, rel)
		if !fs.ValidPath(dir) {
			return nil
		}
		for name := range x.folder(dir) {
			if word, ok := strings.CutSuffix(name, ".pm"); ok {
				words = append(words, word)
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// parts gives the files that AutoSplit made of a package's routines.
func (x *index) parts(pkg string) []string {
	rel := "auto/" + strings.ReplaceAll(pkg, "::", "/")
	var out []string
	for _, d := range x.dirs {
		dir := path.Join(d, rel)
		if !fs.ValidPath(dir) {
			return nil
		}
		for name := range x.folder(dir) {
			if path.Ext(name) == ".al" {
				out = append(out, path.Join(dir, name))
			}
		}
	}
	slices.Sort(out)
	return out
}

// file gives the file that a file's require or do names, "" where there is none.
func (x *index) file(from *file, name string) string {
	if p := path.Join(path.Dir(from.path), name); fs.ValidPath(p) && x.has(p) {
		return p
	}
	return x.lookup(path.Clean(name))
}

// use notes where a file that was reached looks for modules: where it says use
// lib, and a program of bin/ beside lib/ does so there, as FindBin has it.
func (x *index) use(f *file) {
	for _, d := range f.facts.libs {
		// From where the program is started, the root as a rule; or from its own
		// folder, as FindBin has it.
		x.first(strings.TrimPrefix(path.Clean(d), "/"))
		x.first(path.Join(path.Dir(f.path), d))
	}
	if f.from != nil || f.module != "" {
		return
	}
	for _, d := range []string{path.Join(path.Dir(f.path), "lib"), path.Join(path.Dir(f.path), "../lib")} {
		if !system(d) {
			x.first(d)
		}
	}
}

// maxDirs bounds the folders of @INC: each is looked into for each module.
const maxDirs = 500

// first puts a folder at the beginning of @INC.
func (x *index) first(d string) {
	if fs.ValidPath(d) && x.list(d) != nil && !slices.Contains(x.dirs, d) {
		if len(x.dirs) >= maxDirs {
			x.lacks = cmp.Or(x.lacks, fmt.Sprintf("sources add more than %d folders to @INC (limit: folders of @INC)", maxDirs))
			return
		}
		x.dirs = append([]string{d}, x.dirs...)
		clear(x.found) // it may have what others were found for
	}
}

// system recognises folders beside bin that are no project's own lib.
func system(dir string) bool { return dir == "lib" || dir == "usr/lib" || dir == "usr/local/lib" }

// below gives the modules, of files and of components, whose names begin with a
// prefix, with one word more where it is to be shallow.
func (x *index) below(prefix string, shallow bool) []cpan.Module {
	rel := strings.ReplaceAll(strings.TrimSuffix(prefix, "::"), "::", "/")
	if !fs.ValidPath(rel) {
		return nil
	}
	seen := map[cpan.Module]bool{}
	var out []cpan.Module
	n := 0
	for _, d := range x.dirs {
		root := path.Join(d, rel)
		if d == "." || x.folder(root) == nil {
			continue
		}
		_ = fs.WalkDir(x.fsys, root, func(p string, e fs.DirEntry, err error) error {
			if n++; n > maxFiles {
				x.lacks = cmp.Or(x.lacks, fmt.Sprintf("there are more than %d files below %s (limit: files)", maxFiles, root))
				return fs.SkipAll
			}
			if err != nil {
				x.lacks = cmp.Or(x.lacks, "the folder "+p+" cannot be listed")
				return fs.SkipDir
			}
			name, ok := strings.CutSuffix(p, ".pm")
			if !ok || e.IsDir() {
				if e.IsDir() && p != root && shallow {
					return fs.SkipDir
				}
				return nil
			}
			if m := cpan.Module(strings.ReplaceAll(strings.TrimPrefix(name, d+"/"), "/", "::")); !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
			return nil
		})
	}
	prefix = strings.TrimSuffix(prefix, "::") + "::"
	at, _ := slices.BinarySearch(x.names, cpan.Module(prefix))
	for _, m := range x.names[at:] {
		word, ok := strings.CutPrefix(string(m), prefix)
		if !ok {
			break
		}
		if !seen[m] && !(shallow && strings.Contains(word, "::")) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}

// components gives the components that a file, or a module that is not there,
// belongs to: those installed where the file is, or all that hold the module.
func (x *index) components(file string, m cpan.Module) []int {
	place := ""
	if m == "" {
		p, mod, ok := inc.Split(file)
		if !ok {
			return nil
		}
		place, m = p, cpan.Module(mod)
	} else if file != "" {
		place = strings.TrimSuffix(file, "/"+strings.ReplaceAll(string(m), "::", "/")+".pm")
	}
	return x.at(place, m)
}

// at gives the components with a module: those in the place, if it is known,
// else those of perl and its packages, else all; and with them those of a lock,
// which are there after the next deployment. What perl ships and no distribution
// has is perl's.
func (x *index) at(place string, m cpan.Module) []int {
	all := x.byName[m]
	if len(all) == 0 {
		if _, core := corelist.Lookup(m); core {
			all = x.perls
		}
	}
	if place == "" || len(all) < 2 {
		return all
	}
	var here, locked, system []int
	for _, i := range all {
		switch c := &x.inv.Components[i]; {
		case c.Place == place:
			here = append(here, i)
		case c.Place == "" && c.Package == nil && c.Kind == inventory.Exact:
			locked = append(locked, i)
		case c.Package != nil, c.Kind == inventory.Core, c.Kind == inventory.Interpreter, c.Place == "":
			system = append(system, i)
		}
	}
	switch {
	case len(here) > 0:
		return append(here, locked...)
	case len(locked)+len(system) > 0:
		return append(locked, system...)
	}
	return all
}
