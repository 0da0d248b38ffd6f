package bundled

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/perlsrc/facts"
	"nacre/perlsrc/inc"
)

// maxModule bounds a module that is read for its version.
const maxModule = 1 << 20

// foreign are the folders in which others' modules are shipped. A module in
// "inc" may as well be the release's own, for building it.
var foreign = []string{"fatlib", "local/lib/perl5", "third_party", "third-party", "thirdparty", "vendor", "extlib", "bundled", "inc"}

// module is one module of Perl that is shipped, and what tells that it is not
// the release's own.
type module struct {
	name     cpan.Module
	version  string
	file     string
	evidence Evidence
}

// perl finds modules of other distributions.
func (s *search) perl() error {
	var list []module
	for _, name := range s.files {
		var more []module
		var err error
		switch {
		case path.Ext(name) == ".pm":
			more, err = s.modules(name)
		case path.Ext(name) == "" || path.Ext(name) == ".pl" || path.Ext(name) == ".fatpack":
			more, err = s.packed(name)
		}
		if err != nil {
			return err
		}
		if list = append(list, more...); len(list) > maxFiles {
			return tooMany()
		}
	}
	s.found.Libraries = append(s.found.Libraries, s.distributions(list)...)
	return nil
}

// modules gives the module that a file is, where it is another distribution's.
func (s *search) modules(name string) ([]module, error) {
	place, rel := split(name)
	if place == "" {
		if place, rel = "lib", strings.TrimPrefix(name, "lib/"); rel == name && strings.Contains(name, "/") {
			return nil, nil
		}
		if s.opt.Owner == nil || s.opt.Dist == "" {
			if !s.namesake(name, rel) {
				s.found.Untold++
			}
			return nil, nil
		}
	}
	m, ok := inc.Module(rel)
	if !ok {
		return nil, nil
	}
	parsed, err := cpan.ParseModule(m)
	if err != nil {
		return nil, nil
	}
	owner, known := s.owner(parsed)
	if place == "lib" && (!known || owner == s.opt.Dist) {
		return nil, nil
	}
	src, err := s.read(name, maxModule)
	if err != nil {
		return nil, err
	}
	found := facts.ReadVersion(src, m)
	if found.Name != m {
		return nil, nil // inc/My/Builder.pm is inc::My::Builder
	}
	e := Evidence{name, found.Line, "folder", ownFile}
	switch {
	case place == "lib":
		e.How = "index"
	case place != "inc" || ofInstall(m):
	case known && owner == s.opt.Dist, !known && !found.Version.Stated():
		return nil, nil // most likely the release's own, for building it
	case !known:
		e.Confidence = markOnly
	}
	return []module{{parsed, found.Version.Text, name, e}}, nil
}

// namesake reports whether a module in lib or at the top is named after the
// distribution: Foo::Bar and Foo::Bar::Baz are of Foo-Bar, and Bar.pm at the top.
func (s *search) namesake(name, rel string) bool {
	own := strings.ReplaceAll(string(cpan.ModuleFromDist(s.opt.Dist)), "::", "/")
	stem := strings.TrimSuffix(rel, ".pm")
	return own != "" && (stem == own || strings.HasPrefix(stem, own+"/") || name == path.Base(own)+".pm")
}

// split finds the folder of others' modules in a path; place is "" for none.
func split(name string) (place, rel string) {
	for _, f := range foreign {
		if rest, ok := strings.CutPrefix(name, f+"/"); ok {
			return f, strings.TrimPrefix(rest, "lib/")
		}
		if f == "inc" {
			continue // only at the top
		}
		if i := strings.Index(name, "/"+f+"/"); i >= 0 {
			return f, strings.TrimPrefix(name[i+len(f)+2:], "lib/")
		}
	}
	return "", ""
}

// ofInstall reports whether a module is one that Module::Install copies into
// the releases that use it.
func ofInstall(m string) bool {
	return m == "Module::AutoInstall" || m == "Module::Install" || strings.HasPrefix(m, "Module::Install::")
}

func (s *search) owner(m cpan.Module) (cpan.Dist, bool) {
	if ofInstall(string(m)) {
		return "Module-Install", true
	}
	if s.opt.Owner == nil {
		return "", false
	}
	return s.opt.Owner.OwnerOf(m)
}

// packed finds the modules that App::FatPacker put into a program: here
// documents, two blanks in front of each line, that are assigned to
// $fatpacked{"Foo/Bar.pm"}.
func (s *search) packed(name string) ([]module, error) {
	src, err := s.read(name, 256)
	if err != nil || !bytes.HasPrefix(src, []byte("#!")) {
		return nil, err
	}
	src, err = s.read(name, 8<<20)
	if err != nil {
		return nil, err
	}
	var list []module
	line := 0
	for rest := src; len(rest) > 0; {
		row, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		line++
		file, ok := bytes.CutPrefix(row, []byte(`$fatpacked{"`))
		if !ok {
			continue
		}
		file, _, ok = bytes.Cut(file, []byte(`"}`))
		_, end, quoted := bytes.Cut(row, []byte("<<'"))
		end, _, closed := bytes.Cut(end, []byte("'"))
		if !ok || !quoted || !closed || len(end) == 0 {
			continue
		}
		at := line
		stop := append(append([]byte("\n"), end...), '\n')
		i := bytes.Index(rest, stop)
		if i < 0 {
			s.note("%s breaks off in a packed module", fault.Quote(name))
			break
		}
		body := rest[:i]
		rest = rest[i+len(stop):]
		line += bytes.Count(body, []byte("\n")) + 2
		m, ok := inc.Module(string(file))
		if !ok {
			continue
		}
		parsed, err := cpan.ParseModule(m)
		if err != nil {
			continue
		}
		body = bytes.ReplaceAll(append([]byte("\n"), body[:min(len(body), maxModule)]...), []byte("\n  "), []byte("\n"))
		version := facts.ReadVersion(body, m).Version.Text
		list = append(list, module{parsed, version, name, Evidence{name, at, "fatpacked", ownFile}})
	}
	return list, nil
}

// distributions puts modules together that belong to one distribution and lie
// in one folder or program. Without an index each module stays by itself.
func (s *search) distributions(list []module) []Library {
	var libraries []Library
	at := map[[2]string]int{}
	for _, m := range list {
		owner, known := s.owner(m.name)
		name := string(m.name)
		if known {
			name = string(owner)
		}
		where, _ := split(m.file)
		if m.evidence.How == "fatpacked" {
			where = m.file
		}
		key := [2]string{name, where}
		i, ok := at[key]
		if !ok {
			i = len(libraries)
			at[key] = i
			libraries = append(libraries, Library{Name: name, Kind: Perl, Dir: path.Dir(m.file)})
		}
		l := &libraries[i]
		l.Dir = common(l.Dir, path.Dir(m.file))
		l.Files = append(l.Files, m.file)
		l.Modules = append(l.Modules, m.name)
		l.Evidence = append(l.Evidence, m.evidence)
		if !known || m.name == cpan.ModuleFromDist(owner) {
			l.Version = m.version
		}
		if known && l.Version != "" {
			l.PURL = packageURL("pkg:cpan/"+string(owner), l.Version)
		}
	}
	for i := range libraries {
		slices.Sort(libraries[i].Files)
	}
	return libraries
}
