package bundled

import (
	"path"
	"slices"
	"strings"
)

// place says which files are whose: a folder in which nothing is made for perl
// is a library's, with all folders below it.
func (s *search) place(sources []source, libraries []Library, glue map[string]bool) {
	closed := map[string]bool{".": true} // folders with glue in them or below
	for dir := range glue {
		for ; dir != "."; dir = path.Dir(dir) {
			closed[dir] = true
		}
	}
	// root is the highest folder around a file that is not closed; "" for none.
	root := func(name string) string {
		at := ""
		for dir := path.Dir(name); !closed[dir]; dir = path.Dir(dir) {
			at = dir
		}
		return at
	}
	libraries = join(libraries, root)
	owners := ownersOf(libraries, closed)
	strangers := map[string][]source{}
	for _, c := range sources {
		if owners.claimed[c.name] {
			continue
		}
		r := root(c.name)
		switch i, known := owners.of(c, glue, closed); {
		case known:
			libraries[i].Files = append(libraries[i].Files, c.name)
		case r == "":
			s.found.OwnC++
		default:
			strangers[r] = append(strangers[r], c)
		}
	}
	licenses := map[string]string{}
	for _, c := range sources {
		licenses[c.name] = c.license
	}
	for i := range libraries {
		l := &libraries[i]
		l.License = oneOf(l.Files, licenses)
		l.Dir = path.Dir(l.Files[0])
		for _, f := range l.Files {
			l.Dir = common(l.Dir, path.Dir(f))
		}
	}
	s.found.Libraries = append(s.found.Libraries, libraries...)
	s.strangers(strangers, licenses)
}

// owners tell which library a file is of, by its place in a list.
type owners struct {
	claimed map[string]bool  // files that have a library's marks
	stems   map[string]int   // miniz.c is the library's that miniz.h is of
	inDir   map[string]int   // what has its marks in a folder
	named   map[string][]int // libraries with their marks below a folder that is named after them
}

func ownersOf(libraries []Library, closed map[string]bool) owners {
	o := owners{map[string]bool{}, map[string]int{}, map[string]int{}, map[string][]int{}}
	for i, l := range libraries {
		for _, f := range l.Files {
			o.claimed[f] = true
			o.stems[strings.TrimSuffix(f, path.Ext(f))] = i
			if _, twice := o.inDir[path.Dir(f)]; !twice {
				o.inDir[path.Dir(f)] = i
			}
			for dir := path.Dir(f); !closed[dir]; dir = path.Dir(dir) {
				if namedAfter(path.Base(dir), l.Name) && !slices.Contains(o.named[dir], i) {
					o.named[dir] = append(o.named[dir], i)
				}
			}
		}
	}
	return o
}

// of gives the library that a source without marks belongs to: that of the file
// of its name, or of the nearest folder around it that has a library's marks or
// its name. Folders with what is made for perl do not count.
func (o owners) of(c source, glue, closed map[string]bool) (int, bool) {
	if i, ok := o.stems[strings.TrimSuffix(c.name, path.Ext(c.name))]; ok && !c.perl {
		return i, true
	}
	dir := path.Dir(c.name)
	if i, ok := o.inDir[dir]; ok && !glue[dir] {
		return i, true
	}
	for ; !closed[dir]; dir = path.Dir(dir) {
		if i, ok := o.inDir[dir]; ok {
			return i, true
		}
		if named := o.named[dir]; len(named) > 0 {
			return named[0], true
		}
	}
	return 0, false
}

// namedAfter reports whether a folder's name has a library's name in it, whole
// where that is short: "libgit2", "zlib-src", "uv".
func namedAfter(dir, library string) bool {
	dir, library = strings.ToLower(dir), strings.TrimPrefix(library, "lib")
	if len(library) < 3 {
		return dir == library || dir == "lib"+library
	}
	return strings.Contains(dir, library)
}

// aside are folders at the top of a release that its author fills.
var aside = []string{"t", "xt", "eg", "ex", "example", "examples", "demo", "demos", "bench", "benchmark", "benchmarks"}

// strangers are folders of sources that no mark identifies. Where no file says
// whose it is, they are taken for the release's own.
func (s *search) strangers(groups map[string][]source, licenses map[string]string) {
	for dir, list := range groups {
		if slices.Contains(aside, dir) {
			s.found.OwnC += len(list)
			continue
		}
		l := Library{Kind: C, Dir: dir}
		for _, c := range list {
			l.Files = append(l.Files, c.name)
			if c.claimed && !c.header && len(l.Evidence) == 0 {
				l.Evidence = []Evidence{{File: c.name, How: "folder", Confidence: markOnly}}
			}
		}
		if len(l.Evidence) == 0 {
			s.found.OwnC += len(list)
			continue
		}
		l.License = oneOf(l.Files, licenses)
		s.found.Libraries = append(s.found.Libraries, l)
	}
}

// join makes one library of those of the same name and version in one root.
func join(all []Library, root func(string) string) []Library {
	var list []Library
	known := map[[2]string][]int{} // by name and root
	for _, l := range all {
		where := root(l.Files[0])
		if where == "" {
			where = path.Dir(l.Files[0])
		}
		key := [2]string{l.Name, where}
		i := slices.IndexFunc(known[key], func(i int) bool {
			return list[i].Version == l.Version || list[i].Version == "" || l.Version == ""
		})
		if i < 0 {
			known[key] = append(known[key], len(list))
			list = append(list, l)
			continue
		}
		o := &list[known[key][i]]
		if o.Version == "" {
			o.Version, o.PURL = l.Version, l.PURL
		}
		o.Files = append(o.Files, l.Files...)
		o.Evidence = append(o.Evidence, l.Evidence...)
	}
	return list
}

// oneOf gives the one licence that files tell, "" where they tell none, or
// several.
func oneOf(files []string, licenses map[string]string) string {
	told := ""
	for _, f := range files {
		switch l := licenses[f]; {
		case l == "" || l == told:
		case told == "":
			told = l
		default:
			return ""
		}
	}
	return told
}
