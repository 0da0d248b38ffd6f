package installed

import (
	"path"
	"slices"
	"strings"

	"nacre/cpan"
)

// tree is the set of folders that one perl, or one local::lib, looks for modules
// in: those below one prefix, for one version of perl where their names have it.
type tree struct {
	prefix  string
	version string // "5.36.0"; "" where the folder's name has none
}

// treeOf tells the tree of a folder of @INC by its name: usr/local and 5.36.0
// of usr/local/lib/x86_64-linux-gnu/perl/5.36.0.
func treeOf(place string) tree {
	t := tree{prefix: place}
	parts := strings.Split(place, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		switch p := parts[i]; {
		case strings.HasPrefix(p, "5.") && t.version == "":
			t.version = p
		case p == "lib", p == "lib64", p == "lib32", p == "share", p == "etc", p == "Library":
			t.prefix = strings.Join(parts[:i], "/")
			return t
		}
	}
	return t
}

// with reports whether a perl that looks into the one looks into the other.
func (t tree) with(u tree) bool {
	return t.prefix == u.prefix && (t.version == "" || u.version == "" ||
		strings.HasPrefix(t.version+".", u.version+".") || strings.HasPrefix(u.version+".", t.version+"."))
}

// places answers where a module is that a folder's record names.
type places struct {
	*looker
	all   []string            // every folder of @INC that has a file, sorted
	order map[string][]string // of a folder, those to look into for what is installed there
}

func newPlaces(l *looker) *places {
	p := &places{looker: l, order: map[string][]string{}}
	last := ""
	for i := range l.files {
		if place := l.files[i].place(); place != last {
			p.all = append(p.all, place)
			last = place
		}
	}
	slices.Sort(p.all)
	p.all = slices.Compact(p.all)
	return p
}

// near gives the folders that modules may be in whose record is in dir: dir
// itself, the one above it where dir is the part for one platform, and the
// others of the same tree.
func (p *places) near(dir string) []string {
	if dirs, ok := p.order[dir]; ok {
		return dirs
	}
	dirs := []string{dir}
	if up, ok := above(dir); ok {
		dirs = append(dirs, up)
	}
	t := treeOf(dir)
	for _, place := range p.all {
		if !slices.Contains(dirs, place) && t.with(treeOf(place)) {
			dirs = append(dirs, place)
		}
	}
	p.order[dir] = dirs
	return dirs
}

// module gives the file of a module whose record is in dir, or -1.
func (p *places) module(dir string, m cpan.Module) int {
	return p.relative(dir, strings.ReplaceAll(string(m), "::", "/")+".pm")
}

// relative gives the file with that path below a folder near dir, or -1.
func (p *places) relative(dir, rel string) int {
	for _, place := range p.near(dir) {
		if i := p.find(path.Join(place, rel)); i >= 0 {
			return i
		}
	}
	return -1
}
