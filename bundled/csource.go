package bundled

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"nacre/license"
)

// source is a file in C or C++.
type source struct {
	name    string
	header  bool
	perl    bool   // it includes perl's headers, or is made for perl's compiler of extensions
	claimed bool   // its head says whose it is or what its licence is
	license string // the expression that its head tells, "" none
}

// ofC reports whether a file's name is that of a source in C or C++.
func ofC(name string) (yes, header bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".c", ".cc", ".cpp", ".cxx", ".c++":
		return true, false
	case ".h", ".hh", ".hpp", ".hxx":
		return true, true
	case ".in", ".generic":
		base := strings.TrimSuffix(name, path.Ext(name))
		return strings.HasSuffix(base, ".h") || path.Base(name) == "db.in", true
	}
	return false, false
}

// sourcesOfC finds libraries in C.
func (s *search) sourcesOfC() error {
	marks := cMarks()
	var sources []source
	var libraries []Library
	glue := map[string]bool{} // folders with what is compiled for perl
	for _, name := range s.files {
		if path.Ext(name) == ".xs" {
			glue[path.Dir(name)] = true
			if s.found.XS == "" {
				s.found.XS = name
			}
			continue
		}
		yes, header := ofC(name)
		if !yes {
			continue
		}
		mine := marks[path.Base(name)]
		size := int64(head)
		if len(mine) > 0 {
			size = maxFile
		}
		src, err := s.read(name, size)
		if err != nil {
			return err
		}
		if path.Base(name) == "ppport.h" {
			s.ppport(name, src)
			continue
		}
		c := about(name, header, src)
		if c.perl {
			glue[path.Dir(name)] = true
		}
		sources = append(sources, c)
		libraries = append(libraries, identify(name, src, mine)...)
		if len(libraries) > maxLibraries {
			return tooMany()
		}
	}
	s.place(sources, libraries, glue)
	return nil
}

// identify gives the libraries that a file's marks tell: one, as a rule.
func identify(name string, src []byte, marks []cMark) []Library {
	if len(marks) == 0 {
		return nil
	}
	macros := defines(src)
	var list []Library
	for _, m := range marks {
		at, ok := m.find(src, macros)
		if !ok {
			continue
		}
		i := slices.IndexFunc(list, func(l Library) bool { return l.Name == m.name })
		if i < 0 {
			list = append(list, Library{Name: m.name, Kind: C, Files: []string{name}})
			i = len(list) - 1
		}
		l := &list[i]
		if at.version != "" && l.Version == "" {
			l.Version, l.PURL = at.version, packageURL(m.purl, at.version)
		}
		l.Evidence = append(l.Evidence, Evidence{name, at.line, at.how, ownFile})
	}
	return list
}

// How sure a mark is. The numbers are those that the project uses for all
// evidence of identity: a manifest 0.9, a name 0.5, a mark alone 0.3.
const (
	manifest = 0.9
	ownFile  = 0.5 // a mark, in a file of the name that the library gives it
	markOnly = 0.3
)

// about says what the head of a source tells.
func about(name string, header bool, src []byte) source {
	c := source{name: name, header: header}
	src = src[:min(len(src), head)]
	for _, include := range []string{`"perl.h"`, `<perl.h>`, `"XSUB.h"`, `<XSUB.h>`, `"EXTERN.h"`, `<EXTERN.h>`, "generated automatically by ExtUtils::ParseXS", "pTHX", "dTHX"} {
		c.perl = c.perl || bytes.Contains(src, []byte(include))
	}
	top := src[:min(len(src), 8<<10)]
	if told := license.Recognise(top); len(told) == 1 {
		c.license = told[0].Expression.String()
	}
	lower := bytes.ToLower(top)
	c.claimed = c.license != "" || bytes.Contains(lower, []byte("copyright")) || bytes.Contains(lower, []byte("public domain"))
	return c
}

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
	inRoot, inDir := map[string][]int{}, map[string]int{} // libraries by their root, and one by its folder
	claimed := map[string]bool{}                          // files that are some library's by its marks
	stems := map[string]int{}                             // miniz.c is the library's that miniz.h is of
	for i, l := range libraries {
		if r := root(l.Files[0]); r != "" {
			inRoot[r] = append(inRoot[r], i)
		}
		inDir[path.Dir(l.Files[0])] = i
		for _, f := range l.Files {
			claimed[f] = true
			stems[strings.TrimSuffix(f, path.Ext(f))] = i
		}
	}
	strangers := map[string][]source{}
	for _, c := range sources {
		if claimed[c.name] {
			continue
		}
		dir, r := path.Dir(c.name), root(c.name)
		i, beside := inDir[dir]
		twin, paired := stems[strings.TrimSuffix(c.name, path.Ext(c.name))]
		switch {
		case paired && !c.perl:
			libraries[twin].Files = append(libraries[twin].Files, c.name)
		case beside && !glue[dir]:
			libraries[i].Files = append(libraries[i].Files, c.name)
		case r == "":
			s.found.OwnC++
		case len(inRoot[r]) == 1:
			i = inRoot[r][0]
			libraries[i].Files = append(libraries[i].Files, c.name)
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

// ppport is the header of Devel::PPPort, which most compiled extensions carry.
func (s *search) ppport(name string, src []byte) {
	l := Library{Name: "Devel-PPPort", Kind: C, Dir: path.Dir(name), Files: []string{name}}
	at, version := banner(src, "Perl/Pollution/Portability Version")
	if at < 0 {
		at = 0
	}
	l.Version, l.PURL = version, packageURL("pkg:cpan/Devel-PPPort", version)
	l.Evidence = []Evidence{{name, lineOf(src, at), "banner", ownFile}}
	s.found.Libraries = append(s.found.Libraries, l)
}
