package installed

import (
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
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
	below map[string][]branch // the same by the prefixes of their trees
	order map[string][]string // of a folder, those to look into for what is installed there
}

// branch is a folder of @INC and its tree.
type branch struct {
	tree
	place string
}

// maxBelow bounds the folders of @INC below one prefix, which are looked into
// for each other's modules. A system with every version of perl has some dozens.
const maxBelow = 256

func newPlaces(l *looker) (*places, error) {
	p := &places{looker: l, below: map[string][]branch{}, order: map[string][]string{}}
	last := ""
	for i := range l.files {
		if place := l.files[i].place(); place != last {
			p.all = append(p.all, place)
			last = place
		}
	}
	slices.Sort(p.all)
	p.all = slices.Compact(p.all)
	for _, place := range p.all {
		t := treeOf(place)
		if len(p.below[t.prefix]) == maxBelow {
			return nil, tooMany(t.prefix, "folders of modules", "folders of @INC")
		}
		p.below[t.prefix] = append(p.below[t.prefix], branch{t, place})
	}
	return p, nil
}

// tooMany is the error of a prefix below which there is more than maxBelow of
// something.
func tooMany(prefix, what, limit string) error {
	return fault.New(fault.Invalid, "folder %s: has more than %d %s (limit: %s)", fault.Quote(prefix), maxBelow, what, limit).
		WithHint("no system has so many; name a folder below it")
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
	own := dirs
	for _, b := range p.below[t.prefix] {
		if !slices.Contains(own, b.place) && t.with(b.tree) {
			dirs = append(dirs, b.place)
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
