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
			if top, _, _ := strings.Cut(name, "/"); s.found.XS == "" && !slices.Contains(aside, top) {
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
		if isPPPort(name, src) {
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
		if !ok || m.isAlias(marks, macros) {
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

// isAlias reports whether the value of a macro is the macro of another library: a
// fork that keeps the old name, as LibreSSL does OpenSSL's.
func (m cMark) isAlias(marks []cMark, macros map[string]defined) bool {
	return m.verb == "macro" && slices.ContainsFunc(marks, func(o cMark) bool {
		return o.name != m.name && o.verb == "macro" && macros[m.words[0]].value == o.words[0]
	})
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

// pollution is the title of Devel::PPPort's header.
const pollution = "Perl/Pollution/Portability Version"

// isPPPort reports whether a file is that header, be it under another name, as
// its maker lets one choose it.
func isPPPort(name string, src []byte) bool {
	if path.Base(name) == "ppport.h" {
		return true
	}
	const top = 1 << 10 // its title stands in the first lines
	_, version := banner(src[:min(len(src), top)], pollution)
	return path.Ext(name) == ".h" && version != ""
}

// ppport is the header of Devel::PPPort, a distribution of CPAN that most compiled
// extensions carry a piece of.
func (s *search) ppport(name string, src []byte) {
	l := Library{Name: "Devel-PPPort", Kind: Perl, Dir: path.Dir(name), Files: []string{name}}
	at, version := banner(src, pollution)
	if at < 0 {
		at = 0
	}
	l.Version, l.PURL = version, packageURL("pkg:cpan/Devel-PPPort", version)
	l.Evidence = []Evidence{{name, lineOf(src, at), "banner", ownFile}}
	s.found.Libraries = append(s.found.Libraries, l)
}
