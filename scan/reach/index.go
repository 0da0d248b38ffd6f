package reach

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

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
	perls  []int                 // the components that are a perl
}

// own are the folders of a project that it loads its own modules from.
var own = []string{"lib", "blib/lib", "t/lib", "inc", "."}

func newIndex(fsys fs.FS, inv *inventory.Inventory) *index {
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
	sorted := make([]string, 0, len(places))
	for p := range places {
		sorted = append(sorted, p)
	}
	slices.SortFunc(sorted, func(a, b string) int { return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a, b)) })
	for _, d := range append(slices.Clone(own), withArchs(fsys, sorted)...) {
		if !slices.Contains(x.dirs, d) && x.list(d) != nil {
			x.dirs = append(x.dirs, d)
		}
	}
	return x
}

// order puts what was installed for a project or by hand before what came with
// the system, as @INC does.
func order(place string) int {
	switch {
	case strings.Contains(place, "perl-base"):
		return 5
	case strings.HasPrefix(place, "usr/share/perl/"), strings.HasPrefix(place, "usr/lib/") && strings.Contains(place, "/perl/"):
		return 4
	case strings.HasPrefix(place, "usr/local/"):
		return 2
	case strings.HasPrefix(place, "usr/"):
		return 3
	case strings.Contains(place, "local/"):
		return 0
	}
	return 1
}

// withArchs adds, behind a folder of @INC, the others that the same perl looks
// into: for its architecture, and the core's other half.
func withArchs(fsys fs.FS, places []string) []string {
	out := slices.Clone(places)
	for _, p := range places {
		entries, err := fs.ReadDir(fsys, p)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.IsDir() {
				// A folder that holds compiled modules beside plain ones.
				if place, _, ok := inc.Split(path.Join(p, e.Name(), "X.pm")); ok && place == path.Join(p, e.Name()) {
					out = append(out, place)
				}
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
	}
	x.listed[dir] = names
	return names
}

// has reports whether a file is there.
func (x *index) has(file string) bool {
	dir := path.Dir(file)
	// Parents first: a folder that its parent does not list is not asked for.
	if dir != "." {
		if up := path.Dir(dir); x.listed[dir] == nil && x.listed[up] != nil && !x.listed[up][path.Base(dir)+"/"] {
			return false
		}
	}
	return x.list(dir)[path.Base(file)]
}

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

// file gives the file that a file's require or do names, "" where there is none.
func (x *index) file(from *file, name string) string {
	if p := path.Join(path.Dir(from.path), name); fs.ValidPath(p) && x.has(p) {
		return p
	}
	return x.lookup(path.Clean(name))
}

// use notes where a file that was reached looks for modules: a program of
// bin/ beside lib/ does so there, as FindBin has it.
func (x *index) use(f *file) {
	if f.from != nil || f.module != "" {
		return
	}
	for _, d := range []string{path.Join(path.Dir(f.path), "lib"), path.Join(path.Dir(f.path), "../lib")} {
		if fs.ValidPath(d) && !slices.Contains(x.dirs, d) && x.list(d) != nil && !system(d) {
			x.dirs = append([]string{d}, x.dirs...)
		}
	}
}

// system recognises folders beside bin that are no project's own lib.
func system(dir string) bool { return dir == "lib" || dir == "usr/lib" || dir == "usr/local/lib" }

// below gives the modules whose names begin with a prefix.
func (x *index) below(prefix string) []cpan.Module {
	rel := strings.ReplaceAll(strings.TrimSuffix(prefix, "::"), "::", "/")
	if !fs.ValidPath(rel) {
		return nil
	}
	seen := map[cpan.Module]bool{}
	var out []cpan.Module
	for _, d := range x.dirs {
		root := path.Join(d, rel)
		if d == "." || x.list(root) == nil {
			continue
		}
		_ = fs.WalkDir(x.fsys, root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || len(out) >= maxFiles {
				return fs.SkipDir // what cannot be listed has nothing that could be read
			}
			name, ok := strings.CutSuffix(p, ".pm")
			if !ok || e.IsDir() {
				return nil
			}
			if m := cpan.Module(strings.ReplaceAll(strings.TrimPrefix(name, d+"/"), "/", "::")); !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
			return nil
		})
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
// else those of perl and its packages, else all. What perl ships and no
// distribution has is perl's.
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
	var here, system []int
	for _, i := range all {
		switch c := &x.inv.Components[i]; {
		case c.Place == place:
			here = append(here, i)
		case c.Package != nil, c.Kind == inventory.Core, c.Kind == inventory.Interpreter, c.Place == "":
			system = append(system, i)
		}
	}
	switch {
	case len(here) > 0:
		return here
	case len(system) > 0:
		return system
	}
	return all
}
