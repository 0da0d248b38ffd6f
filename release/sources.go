package release

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/license"
	"nacre/perlsrc/entry"
	"nacre/perlsrc/facts"
)

// sources reads the modules and programs.
func (r *reader) sources() error {
	f := r.facts
	points, err := entry.Find(r.ctx, r.fsys)
	if err != nil {
		return err
	}
	if points.Cut {
		r.note("programs and modules beyond the first %d are not listed (limit: entry points)", entry.Max)
	}
	f.Programs = slices.Clone(points.Programs)
	for _, name := range r.files {
		base := path.Base(name)
		if path.Ext(name) == ".xs" || base == "typemap" || base == "perlobject.map" {
			f.XS = append(f.XS, name)
		}
	}
	stated := len(f.Modules) > 0
	hidden := r.hidden()
	versions := map[string]Text{} // of the modules that files are called after
	namesake := r.namesake()
	for _, name := range points.Libraries {
		if path.Ext(name) != ".pm" {
			continue
		}
		src, err := r.read(name, maxText)
		if err != nil {
			return err
		}
		if src == nil || hidden.file(name) {
			if path.Dir(name) == "." {
				delete(points.Modules, name)
			}
			continue
		}
		read := facts.Read(src)
		if path.Dir(name) == "." {
			points.Modules[name] = atTop(name, read.Packages, namesake)
		}
		rows := bytes.Split(src, []byte("\n"))
		for _, p := range read.Packages {
			version := Text{}
			if p.Version.Text != "" && !p.Version.Invalid {
				version = Text{p.Version.Text, Computed, name, p.Version.Line}
			}
			if p.Name == string(points.Modules[name]) {
				versions[p.Name] = version
			}
			private := p.Line > 0 && p.Line <= len(rows) && isPrivate(rows[p.Line-1])
			if !stated && p.Name != "main" && !private && !hidden.module(p.Name) {
				r.provide(name, p, version)
			}
		}
		for _, l := range read.Loads {
			if l.Module == "Inline::C" || l.Module == "Inline::CPP" {
				f.XS = append(f.XS, name)
				break
			}
		}
		if ids := bytes.Contains(src, []byte("SPDX-License-Identifier:")); ids {
			r.identifiers(name, src)
		}
	}
	slices.Sort(f.XS)
	f.XS = slices.Compact(f.XS)
	slices.SortFunc(f.Modules, func(a, b Module) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File))
	})
	switch {
	case len(f.Modules) > 0 || len(points.Libraries) > 0:
		f.Type = "library"
	case len(f.Programs) > 0:
		f.Type = "application"
	}
	r.mainModule(points.Libraries, points.Modules, versions)
	return nil
}

// atTop gives the module that a file at the top of a release is: Bar.pm of
// Foo-Bar is Foo::Bar, for ExtUtils::MakeMaker installs it below the folder of
// the name that it is given. Only the file's packages tell; "" for none that it
// may be called after.
func atTop(name string, packages []facts.Package, namesake cpan.Module) cpan.Module {
	stem := strings.TrimSuffix(name, ".pm")
	found := cpan.Module("")
	for _, p := range packages {
		if p.Name != stem && !strings.HasSuffix(p.Name, "::"+stem) {
			continue
		}
		if found == "" || p.Name == string(namesake) {
			found = cpan.Module(p.Name)
		}
	}
	return found
}

// provide adds a package that a file declares, where META lists none.
func (r *reader) provide(name string, p facts.Package, version Text) {
	m, err := cpan.ParseModule(p.Name)
	if err != nil {
		return
	}
	r.facts.Modules = append(r.facts.Modules, Module{Name: m, Version: version, Dynamic: p.Version.Dynamic, File: name})
}

// isPrivate reports whether a package stands on a line of its own behind the
// word, which keeps PAUSE from indexing it: "package # hide from PAUSE".
func isPrivate(row []byte) bool {
	word, rest, ok := bytes.Cut(bytes.TrimSpace(row), []byte("package"))
	rest = bytes.TrimSpace(rest)
	return ok && len(word) == 0 && (len(rest) == 0 || rest[0] == '#')
}

// hidden is what META keeps out of the index, as sets: its lists may be long.
type hidden struct{ files, directories, packages, namespaces map[string]bool }

func (r *reader) hidden() hidden {
	m := r.facts.Meta
	if m == nil {
		return hidden{}
	}
	set := func(list []string) map[string]bool {
		s := map[string]bool{}
		for _, name := range list {
			s[strings.TrimSuffix(name, "/")] = true
		}
		return s
	}
	return hidden{set(m.NoIndex.Files), set(m.NoIndex.Directories), set(m.NoIndex.Packages), set(m.NoIndex.Namespaces)}
}

// file reports whether a file is kept out.
func (h hidden) file(name string) bool {
	return h.files[name] || above(name, "/", h.directories)
}

// module reports whether a package is kept out.
func (h hidden) module(name string) bool {
	return h.packages[name] || above(name, "::", h.namespaces)
}

// above reports whether a set has what a name begins with, up to a separator.
func above(name, separator string, set map[string]bool) bool {
	for at := 0; len(set) > 0; {
		i := strings.Index(name[at:], separator)
		if i < 0 {
			break
		}
		at += i
		if set[name[:at]] {
			return true
		}
		at += len(separator)
	}
	return false
}

// namesake is the module that the distribution is named after, if there is one.
func (r *reader) namesake() cpan.Module {
	dist := cpan.Dist(r.facts.Name.Value)
	if dist == "" {
		dist = cmp.Or(r.archive().Dist, cpan.Dist(r.opt.Dist))
	}
	return cpan.ModuleFromDist(dist)
}

// mainModule finds the module that the distribution is named after, or the only
// one, and takes the distribution's version from it where nothing else states
// one.
func (r *reader) mainModule(files []string, modules map[string]cpan.Module, versions map[string]Text) {
	f := r.facts
	want := r.namesake()
	for _, name := range files {
		if m := modules[name]; m != "" && (m == want || len(modules) == 1) {
			f.MainModule, r.main = m, name
		}
	}
	if f.Version.Value == "" && r.main != "" && r.archive().Version == "" {
		f.Version = versions[string(f.MainModule)]
	}
}

// identifiers adds the lines of a source that name its licence for machines.
func (r *reader) identifiers(name string, src []byte) {
	const top = 8 << 10 // where the licence of a file is stated
	for _, e := range license.Recognise(src[:min(len(src), top)]) {
		if e.How == "SPDX-License-Identifier" {
			r.evidence(name, e)
		}
	}
}

const maxEvidence = 200

// evidence adds what a file tells, once: a manual is part of its module.
func (r *reader) evidence(name string, e license.Evidence) {
	f := r.facts
	if len(f.Evidence) == maxEvidence || slices.ContainsFunc(f.Evidence, func(o LicenseEvidence) bool {
		return o.File == name && o.Line == e.Line && o.Expression.Equal(e.Expression)
	}) {
		return
	}
	f.Evidence = append(f.Evidence, LicenseEvidence{e, name})
}
