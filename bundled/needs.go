package bundled

import (
	"path"
	"slices"
	"strings"

	"nacre/meta"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
)

// maxBuild bounds a file that a release is built with.
const maxBuild = 1 << 20

// needs finds what a release is linked with, as far as literals in the files
// that build it say so, and in its META files.
func (s *search) needs() error {
	embedded := map[string]bool{} // what others wrote says nothing of this release
	for _, l := range s.found.Libraries {
		for _, f := range l.Files {
			embedded[f] = true
		}
	}
	for _, name := range s.files {
		base := path.Base(name)
		var err error
		switch {
		case name == "META.json" || name == "META.yml":
			err = s.prereqs(name)
		case embedded[name]:
		case base == "Makefile.PL" || base == "Build.PL", strings.HasPrefix(name, "inc/") && path.Ext(name) == ".pm":
			err = s.build(name)
		case path.Ext(name) == ".pm" && strings.HasPrefix(name, "lib/"):
			err = s.inline(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// need adds one need, or its evidence to one that is known.
func (s *search) need(name string, kind NeedKind, e Evidence) {
	key := [2]string{string(kind), name}
	i, known := s.needed[key]
	switch {
	case known:
	case len(s.found.Needs) == maxNeeds:
		if !s.full {
			s.full = true
			s.note("needs beyond the first %d are not listed (limit: needs)", maxNeeds)
		}
		return
	default:
		i = len(s.found.Needs)
		s.needed[key] = i
		s.found.Needs = append(s.found.Needs, Need{Name: name, Kind: kind})
	}
	if n := &s.found.Needs[i]; len(n.Evidence) < 20 && !slices.Contains(n.Evidence, e) {
		n.Evidence = append(n.Evidence, e)
	}
}

// maxNeeds is far above what releases link with.
const maxNeeds = 500

// prereqs takes the modules named Alien:: from a META file.
func (s *search) prereqs(name string) error {
	f, err := s.fsys.Open(name)
	if err != nil {
		s.note("%s cannot be read: %v", name, err)
		return nil
	}
	defer f.Close()
	read := meta.ReadJSON
	if path.Ext(name) == ".yml" {
		read = meta.ReadYAML
	}
	m, err := read(f)
	if err != nil {
		s.note("%s cannot be read: %v", name, err)
		return nil
	}
	for _, p := range m.Prereqs {
		if strings.HasPrefix(string(p.Module), "Alien::") && p.Phase != "develop" && p.Relation != "conflicts" {
			s.need(string(p.Module), Alien, Evidence{name, p.Line, "Alien", manifest})
		}
	}
	return nil
}

// link is a library in the words of a linker.
var link = lazy(`(?:^|[\s"'=])-l([A-Za-z][A-Za-z0-9_.+-]*)`)

// build reads what a Makefile.PL or Build.PL says in literals.
func (s *search) build(name string) error {
	src, err := s.read(name, maxBuild)
	if err == nil {
		s.literals(name, src)
	}
	return err
}

// literals reads the strings of a source that a linker or pkg-config is given.
func (s *search) literals(name string, src []byte) {
	tokens, err := perlsrc.Tokenize(src)
	if err != nil {
		s.note("%s is read up to where it breaks off", name)
	}
	tokens = slices.DeleteFunc(tokens, func(t perlsrc.Token) bool { return !t.Kind.Significant() })
	checks := "" // the module that takes lib => 'name'
	for i, t := range tokens {
		word := string(t.Text(src))
		switch {
		case word == "Devel::CheckLib":
			checks = "check-lib"
		case word == "FFI::CheckLib" || word == "FFI::Platypus":
			checks = "FFI"
		case strings.HasPrefix(word, "Alien::") && i > 0 && loads(string(tokens[i-1].Text(src))):
			s.need(word, Alien, Evidence{name, t.Line, "Alien", ownFile})
		case word == "lib" && checks != "" && i+1 < len(tokens) && string(tokens[i+1].Text(src)) == "=>":
			for _, lib := range listAt(src, tokens[i+2:]) {
				if isName().MatchString(lib) {
					s.need(lib, Linked, Evidence{name, t.Line, checks, ownFile})
				}
			}
		}
		if strings.HasPrefix(word, "`") || strings.HasPrefix(word, "qx") {
			for _, pkg := range pkgConfig(strings.TrimRight(word, "`)}]")) {
				s.need(pkg, PkgConfig, Evidence{name, t.Line, "pkg-config", ownFile})
			}
			continue
		}
		text, ok := perlsrc.Unquote(src, t)
		if !ok || len(text) > 4096 {
			continue
		}
		for _, m := range link().FindAllStringSubmatch(text, -1) {
			s.need(m[1], Linked, Evidence{name, t.Line, "LIBS", ownFile})
		}
		for _, pkg := range pkgConfig(text) {
			s.need(pkg, PkgConfig, Evidence{name, t.Line, "pkg-config", ownFile})
		}
		if i > 1 && string(tokens[i-1].Text(src)) == "(" && string(tokens[i-2].Text(src)) == "find" && i > 3 &&
			strings.Contains(string(tokens[i-4].Text(src)), "PkgConfig") {
			s.need(text, PkgConfig, Evidence{name, t.Line, "pkg-config", ownFile})
		}
	}
}

func loads(word string) bool { return word == "use" || word == "require" }

// listAt gives the literal that tokens begin with, or those of the list in
// brackets that they begin with.
func listAt(src []byte, tokens []perlsrc.Token) []string {
	var list []string
	for i, t := range tokens[:min(len(tokens), 50)] {
		word := string(t.Text(src))
		if text, ok := perlsrc.Unquote(src, t); ok {
			list = append(list, strings.Fields(text)...)
			if i == 0 {
				return list
			}
			continue
		}
		if words := perlsrc.SplitWords(src, t); len(words) > 0 {
			list = append(list, words...)
			continue
		}
		if i == 0 && word != "[" && word != "(" || i > 0 && word != "," {
			break
		}
	}
	return list
}

// pkgConfig gives the names that a command line asks pkg-config for, also where
// that is in a variable: "$pkg_config --libs foo".
func pkgConfig(command string) []string {
	_, rest, ok := strings.Cut(command, "pkg-config ")
	if !ok {
		at := asVariable().FindStringIndex(command)
		if at == nil {
			return nil
		}
		rest = command[at[1]:]
	}
	var names []string
	value := false // the word belongs to the one before it
	for word := range strings.FieldsSeq(rest) {
		switch {
		case value:
			value = false
		case slices.Contains([]string{"--variable", "--define-variable", "--atleast-version", "--exact-version", "--max-version", "--atleast-pkgconfig-version", "=", "<", ">", "<=", ">=", "!="}, word):
			value = true
		case strings.HasPrefix(word, "-"):
		case !isName().MatchString(word):
			return names
		default:
			names = append(names, word)
		}
	}
	return names
}

var asVariable = lazy(`(?i)\$\{?(?:ENV\{)?pkg_?config\}? `)

var isName = lazy(`^[A-Za-z][A-Za-z0-9_.+-]*$`)

// inline notes modules that are compiled when they are loaded, and those that
// call libraries without being compiled.
func (s *search) inline(name string) error {
	src, err := s.read(name, maxModule)
	if err != nil {
		return err
	}
	if !strings.Contains(string(src), "Inline") && !strings.Contains(string(src), "Alien::") && !strings.Contains(string(src), "FFI::") {
		return nil
	}
	foreign := false
	for _, l := range facts.Read(src).Loads {
		foreign = foreign || strings.HasPrefix(l.Module, "FFI::")
		switch {
		case strings.HasPrefix(l.Module, "Inline::C") || l.Module == "Inline::CPP":
			if s.found.XS == "" {
				s.found.XS = name
			}
		case strings.HasPrefix(l.Module, "Alien::"):
			s.need(l.Module, Alien, Evidence{name, l.Line, "Alien", ownFile})
		}
	}
	if foreign {
		s.literals(name, src)
	}
	return nil
}
