package installed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/archive"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlsrc/inc"
)

// limits of the walk: a whole machine has a million files.
var limits = archive.Limits{Entries: 10_000_000}

// file is a *.pm that no other source has accounted for.
type file struct {
	path string
	// cut is the length of its folder of @INC; -1 where none is known.
	cut int
	// owner is the component that has it, as an index; -1 for none.
	owner int
}

// place is the folder of @INC.
func (f *file) place() string {
	if f.cut == 0 {
		return "."
	}
	return f.path[:f.cut]
}

// rel is the path below the folder of @INC.
func (f *file) rel() string {
	if f.cut == 0 {
		return f.path
	}
	return f.path[f.cut+1:]
}

// module is the one that the path names.
func (f *file) module() (cpan.Module, error) {
	return cpan.ParseModule(strings.ReplaceAll(strings.TrimSuffix(f.rel(), ".pm"), "/", "::"))
}

// looker walks through a tree and keeps what matters.
type looker struct {
	ctx      context.Context
	fsys     fs.FS
	at       string // as in Trees
	inv      *inventory.Inventory
	only     []string        // folders to look into; nil for all
	files    []file          // sorted by path
	installs []string        // .meta/*/install.json, sorted; so are the others
	packed   []string        // .packlist
	logs     []string        // perllocal.pod
	mymetas  map[string]bool // MYMETA.json beside an install.json
	closed   int             // folders that cannot be read
}

// look finds the files of all folders.
func look(ctx context.Context, fsys fs.FS, at string, inv *inventory.Inventory) (*looker, error) {
	l := &looker{ctx: ctx, fsys: fsys, at: strings.Trim(at, "/"), inv: inv}
	if isProject(fsys) {
		l.only = projectTrees
	}
	if err := archive.Walk(ctx, fsys, limits, l.visit); err != nil {
		return nil, err
	}
	if l.closed > 1 {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: fmt.Sprintf("%d folders cannot be read; what is installed there is not known", l.closed), Partial: true,
		})
	}
	slices.Sort(l.installs)
	slices.Sort(l.packed)
	slices.Sort(l.logs)
	l.settle()
	return l, nil
}

// isProject reports whether a tree is a project's folder, and not a machine's
// whose maker left a cpanfile at its root.
func isProject(fsys fs.FS) bool {
	return !archive.IsSystem(fsys) && slices.ContainsFunc(projectFiles, func(name string) bool {
		_, err := fs.Stat(fsys, name)
		return err == nil
	})
}

var (
	projectFiles = []string{
		"cpanfile", "cpanfile.snapshot", "META.json", "META.yml", "MYMETA.json", "MYMETA.yml",
		"Makefile.PL", "Build.PL", "dist.ini", "minil.toml", ".git",
	}
	// projectTrees are the folders that installers are told to use in one.
	projectTrees = []string{"extlib", "lib/perl5", "local", "perl5", "vendor"}
)

// skips reports whether a folder holds no installed tree: it is none of those
// to look into, holds images of containers, which are looked at by themselves,
// or what is about to be installed, or the history of files.
func (l *looker) skips(dir string) bool {
	switch path.Base(dir) {
	case ".git", ".svn", ".hg", "blib", "node_modules":
		return true
	}
	if dir == "var/lib/docker" || dir == "var/lib/containers" {
		return true
	}
	return l.only != nil && !slices.ContainsFunc(l.only, func(tree string) bool {
		return strings.HasPrefix(tree+"/", dir+"/") || strings.HasPrefix(dir, tree+"/")
	})
}

func (l *looker) visit(name string, d fs.DirEntry, err error) error {
	switch {
	case err != nil && name == ".":
		return err
	case err != nil:
		l.unread(name, err)
	case name == ".":
	case d.IsDir() && l.skips(name):
		return fs.SkipDir
	case d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0:
		l.keep(name, d.Name())
	}
	return nil
}

// unread notes a folder that cannot be read, the first one by its name.
func (l *looker) unread(dir string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		return // gone meanwhile
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	if l.closed++; l.closed == 1 {
		text := fmt.Sprintf("%s cannot be read: %v", dir, err)
		if fault.KindOf(err) == fault.Invalid { // a limit, whose error names the folder
			text = err.Error()
		}
		l.inv.Notices = append(l.inv.Notices, inventory.Notice{
			Text: text + "; what is installed there is not known", Partial: true,
			At: inventory.Evidence{File: dir, How: "folder"},
		})
	}
}

func (l *looker) keep(file, base string) {
	switch {
	case strings.HasSuffix(base, ".pm"):
		l.keepModule(file)
	case base == "install.json" && path.Base(path.Dir(path.Dir(file))) == ".meta":
		l.installs = append(l.installs, file)
	case base == "MYMETA.json" && path.Base(path.Dir(path.Dir(file))) == ".meta":
		if l.mymetas == nil {
			l.mymetas = map[string]bool{}
		}
		l.mymetas[file] = true
	case base == ".packlist":
		l.packed = append(l.packed, file)
	case base == "perllocal.pod":
		l.logs = append(l.logs, file)
	}
}

func (l *looker) keepModule(name string) {
	if l.inv.Claimed(name) {
		return
	}
	f := file{path: name, cut: -1, owner: -1}
	if place, _, ok := inc.Split(name); ok {
		f.cut = len(place)
	} else if l.at != "" {
		if place, _, ok = inc.Split(l.at + "/" + name); ok && len(place) >= len(l.at) {
			f.cut = max(0, len(place)-len(l.at)-1)
		}
	}
	l.files = append(l.files, f)
}

// settle gives files below the folders that have records their place, drops
// those of no folder of @INC, and sorts.
func (l *looker) settle() {
	bases := map[string]bool{}
	for _, f := range l.installs {
		addPlace(bases, path.Dir(path.Dir(path.Dir(f))))
	}
	for _, f := range l.packed {
		if arch, _, ok := cutAuto(f); ok {
			addPlace(bases, arch)
		}
	}
	slices.SortFunc(l.files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	for _, f := range l.files { // a perl's own folder, of whatever layout
		if dir, base := path.Split(f.path); base == "strict.pm" && f.cut < 0 && l.find(dir+"Config.pm") >= 0 {
			bases[path.Clean(dir)] = true
		}
	}
	kept := l.files[:0]
	for _, f := range l.files {
		if f.cut < 0 {
			f.cut = below(f.path, bases)
		}
		if f.cut >= 0 {
			kept = append(kept, f)
		}
	}
	l.files = kept
}

// below gives the length of the innermost of the folders that a module's file is
// below, or -1.
func below(file string, bases map[string]bool) int {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		switch {
		case bases[dir] && dir == ".":
			if _, ok := inc.Module(file); ok {
				return 0
			}
			return -1
		case bases[dir]:
			if _, ok := inc.Module(file[len(dir)+1:]); ok {
				return len(dir)
			}
			return -1
		case dir == ".":
			return -1
		}
	}
}

// addPlace adds a folder of @INC, and the one that it is the part for one
// platform of.
func addPlace(to map[string]bool, dir string) {
	to[dir] = true
	if up, ok := above(dir); ok {
		to[up] = true
	}
}

// above gives the folder that dir is the part for one platform of: archnames
// always have a minus. What whole systems share is no such folder.
func above(dir string) (string, bool) {
	up := path.Dir(dir)
	switch up {
	case "lib", "usr/lib", "usr/share", "usr/local/lib", "usr/local/share":
		return "", false
	}
	return up, strings.Contains(path.Base(dir), "-")
}

// cutAuto cuts the path of a .packlist into the folder of @INC and the module
// that its folder names; ok is false for perl's own, which no auto stands above.
func cutAuto(packlist string) (place, module string, ok bool) {
	dir := path.Dir(packlist)
	at := strings.LastIndex("/"+dir+"/", "/auto/")
	if at < 0 || len(dir) <= at+len("auto/") {
		return "", "", false
	}
	place = "."
	if at > 0 {
		place = dir[:at-1]
	}
	return place, strings.ReplaceAll(dir[at+len("auto/"):], "/", "::"), true
}

// find gives the file of that path as an index, or -1.
func (l *looker) find(name string) int {
	i, ok := slices.BinarySearchFunc(l.files, name, func(f file, name string) int { return strings.Compare(f.path, name) })
	if !ok {
		return -1
	}
	return i
}
