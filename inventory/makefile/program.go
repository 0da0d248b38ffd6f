package makefile

import (
	"errors"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/meta"
	"nacre/perlsrc"
)

// File is what one file says that a distribution requires.
type File struct {
	// Name is the distribution's, as it is stated: "Foo-Bar", or the module
	// "Foo::Bar" that it is named after. "" is not stated.
	Name       string
	Requires   []Requirement    // in the order of the file
	Unresolved []meta.Construct // what only running would tell, or other files say
	// From are files that Module::Install reads the minimum perl from.
	From []From
}

// Requirement is one, with what it depends on; nil for what is required in any
// case.
type Requirement struct {
	meta.Prereq
	If *meta.Construct
}

// From is a file, and the line that names it.
type From struct {
	File string
	Line int
}

// ReadProgram reads a Makefile.PL or Build.PL.
func ReadProgram(src []byte) File {
	r := newReader(src)
	r.read()
	if r.made == 0 { // it may be called in a routine
		inSubs := newReader(src)
		inSubs.subs = true
		if inSubs.read(); inSubs.made > 0 {
			r = inSubs
		}
	}
	if r.made == 0 {
		r.unresolved(meta.Construct{Line: 1, What: "a program without WriteMakefile, Module::Build or Module::Install"})
	}
	slices.SortStableFunc(r.out.Unresolved, func(a, b meta.Construct) int { return a.Line - b.Line })
	return r.out
}

// broken gives the line of what ends the source.
func broken(err error) int {
	if b, ok := errors.AsType[*perlsrc.Broken](err); ok {
		return b.Line
	}
	return 1
}

// require adds a requirement.
func (r *reader) require(p meta.Prereq, module string, v value, cond *meta.Construct) {
	if len(r.out.Requires) >= maxValues {
		r.unresolved(meta.Construct{Line: p.Line, What: "more requirements than can be read (limit: requirements)"})
		return
	}
	q := Requirement{Prereq: meta.NewPrereq(p, module, v.text), If: cond}
	if v.kind != text && v.kind != nothing {
		r.unresolved(meta.Construct{Line: p.Line, What: "the version of " + module + ": " + v.what()})
		if q.Err == nil {
			q.Err = fault.New(fault.Invalid, "requirement of %s: its version is not literal", module)
		}
	}
	r.out.Requires = append(r.out.Requires, q)
}

// what says why a value is not known, or what it is instead.
func (v value) what() string {
	switch v.kind {
	case unknown:
		return v.why.What
	case hash, array:
		return "a reference"
	case maker:
		return "that of an installed module"
	}
	return "no reference"
}

// requireAll adds the requirements of a hash of modules and versions.
func (r *reader) requireAll(p pair, as meta.Prereq) {
	switch p.value.kind {
	case nothing:
	case hash:
		for _, q := range p.value.hash.pairs {
			cond := p.cond
			if cond == nil {
				cond = q.cond
			}
			as.Line = q.line
			r.require(as, q.key, q.value, cond)
		}
		r.opened(p.key, p.value.hash)
	default:
		line := p.value.why.Line
		if line == 0 {
			line = p.line
		}
		r.unresolved(meta.Construct{Line: line, What: p.key + ": " + p.value.what()})
	}
}

// opened reports what may add to a hash.
func (r *reader) opened(of string, t *table) {
	for _, o := range t.open {
		r.unresolved(meta.Construct{Line: o.Line, What: of + ": " + o.What})
	}
}

// given makes what depends on the running statement depend on it.
func (r *reader) given(t *table) {
	for i := range t.pairs {
		if t.pairs[i].cond == nil {
			t.pairs[i].cond = r.cond
		}
	}
}

// makerKeys are the arguments of WriteMakefile that hold requirements.
var makerKeys = map[string]meta.Prereq{
	"PREREQ_PM":          {Phase: "runtime", Relation: "requires"},
	"BUILD_REQUIRES":     {Phase: "build", Relation: "requires"},
	"TEST_REQUIRES":      {Phase: "test", Relation: "requires"},
	"CONFIGURE_REQUIRES": {Phase: "configure", Relation: "requires"},
}

// flatKeys are those of META 1.4, which are also the arguments of
// Module::Build.
var flatKeys = map[string]meta.Prereq{
	"requires":           {Phase: "runtime", Relation: "requires"},
	"recommends":         {Phase: "runtime", Relation: "recommends"},
	"conflicts":          {Phase: "runtime", Relation: "conflicts"},
	"build_requires":     {Phase: "build", Relation: "requires"},
	"test_requires":      {Phase: "test", Relation: "requires"},
	"configure_requires": {Phase: "configure", Relation: "requires"},
}

// makeMaker reads the arguments of WriteMakefile.
func (r *reader) makeMaker(t *table) {
	r.made++
	r.given(t)
	r.opened("arguments of WriteMakefile", t)
	for _, p := range t.pairs {
		as, ok := makerKeys[p.key]
		switch {
		case ok:
			r.requireAll(p, as)
		case p.key == "NAME" && r.out.Name == "", p.key == "DISTNAME":
			r.out.Name = p.value.text
		case p.key == "MIN_PERL_VERSION" && p.value.truth() >= 0:
			r.require(meta.Prereq{Phase: "runtime", Relation: "requires", Line: p.line}, "perl", p.value, p.cond)
		case p.key == "META_MERGE", p.key == "META_ADD":
			r.metadata(p)
		}
	}
}

// metadata reads META_MERGE, META_ADD and their like.
func (r *reader) metadata(p pair) {
	if p.value.kind != hash {
		if p.value.kind != nothing {
			r.requireAll(p, meta.Prereq{}) // says that it is not known
		}
		return
	}
	t := p.value.hash
	for _, q := range t.pairs {
		if q.cond == nil {
			q.cond = p.cond
		}
		as, ok := flatKeys[q.key]
		switch {
		case ok:
			r.requireAll(q, as)
		case q.key == "prereqs":
			r.phases(q, "")
		case q.key == "optional_features":
			r.features(q)
		}
	}
	r.opened(p.key, t)
}

// phases reads prereqs of META 2.
func (r *reader) phases(p pair, feature string) {
	if p.value.kind != hash {
		r.requireAll(p, meta.Prereq{})
		return
	}
	r.opened(p.key, p.value.hash)
	for _, phase := range p.value.hash.pairs {
		if phase.value.kind != hash {
			r.requireAll(phase, meta.Prereq{})
			continue
		}
		r.opened(phase.key, phase.value.hash)
		for _, relation := range phase.value.hash.pairs {
			for _, cond := range []*meta.Construct{phase.cond, p.cond} {
				if relation.cond == nil {
					relation.cond = cond
				}
			}
			r.requireAll(relation, meta.Prereq{Phase: phase.key, Relation: relation.key, Feature: feature})
		}
	}
}

// features reads optional_features of META, and auto_features of Module::Build.
func (r *reader) features(p pair) {
	if p.value.kind != hash {
		r.requireAll(p, meta.Prereq{})
		return
	}
	r.opened(p.key, p.value.hash)
	for _, f := range p.value.hash.pairs {
		if f.value.kind != hash {
			r.requireAll(f, meta.Prereq{})
			continue
		}
		for _, q := range f.value.hash.pairs {
			as, ok := flatKeys[q.key]
			as.Feature = f.key
			switch {
			case ok:
				r.requireAll(q, as)
			case q.key == "prereqs":
				r.phases(q, f.key)
			}
		}
		r.opened(f.key, f.value.hash)
	}
}

// moduleBuild reads Module::Build->new(...), and that of a class derived from
// it.
func (r *reader) moduleBuild(n perlsrc.NodeID, c perlsrc.Call) {
	switch {
	case c.Class == "Module::Build::Compat":
		r.elsewhere(r.t.Line(n), "Module::Build::Compat, which takes requirements from Build.PL")
		return
	case c.Callee != "new", c.Class != "" && (!strings.Contains(c.Class, "Build") || c.Class == "ExtUtils::CBuilder"):
		return
	}
	t := r.hashOf(c.Args)
	if !slices.ContainsFunc(t.pairs, func(p pair) bool {
		return p.key == "module_name" || p.key == "dist_name" || p.key == "dist_version_from" || p.key == "dist_version" || p.key == "requires"
	}) && !(c.Class == "Module::Build" && len(c.Args) > 0) {
		return
	}
	r.made++
	if c.Class != "" && !strings.HasPrefix(c.Class, "Module::Build") && !r.declares(c.Class) {
		r.unresolved(meta.Construct{Line: r.t.Line(n), What: "what " + c.Class + " adds"})
	}
	r.given(t)
	r.opened("arguments of Module::Build", t)
	for _, p := range t.pairs {
		as, ok := flatKeys[p.key]
		switch {
		case ok:
			r.requireAll(p, as)
		case p.key == "module_name" && r.out.Name == "", p.key == "dist_name":
			r.out.Name = p.value.text
		case p.key == "auto_features":
			r.features(p)
		case p.key == "meta_merge", p.key == "meta_add":
			r.metadata(p)
		}
	}
}

// declares reports whether the program has a package of that name.
func (r *reader) declares(name string) bool {
	for n := range r.t.All(0, perlsrc.StatementNode) {
		if r.t.Nodes[n].Form == perlsrc.Package && r.t.Package(n).Name == name {
			return true
		}
	}
	return false
}

// perl is use 5.010, which whoever configures must meet.
func (r *reader) perl(version string, line int) {
	r.require(meta.Prereq{Phase: "configure", Relation: "requires", Line: line}, "perl", value{kind: text, text: version}, r.cond)
}

// elsewhere reports that other files have the requirements.
func (r *reader) elsewhere(line int, what string) {
	r.made++
	r.unresolved(meta.Construct{Line: line, What: what})
}

// include is use and no.
func (r *reader) include(in perlsrc.Included, line int) {
	if in.Word != "use" {
		return
	}
	elsewhere := func(what string) { r.elsewhere(line, what) }
	switch in.Module {
	case "":
		if in.Version != "" {
			r.perl(in.Version, line)
		}
	case "inc::Module::Install", "Module::Install":
		r.install = true
	case "inc::Module::Package":
		elsewhere("Module::Package, which takes requirements from other files")
	case "constant":
		if len(in.Args) == 2 {
			if name, ok := r.t.Literal(in.Args[0]); ok {
				r.vars["&"+name] = r.scalar(in.Args[1])
			}
		}
	case "Module::Build::Tiny":
		elsewhere("Module::Build::Tiny, which takes requirements from META.json")
	case "Module::Build::Compat":
		elsewhere("Module::Build::Compat, which takes requirements from Build.PL")
	case "ExtUtils::MakeMaker::CPANfile", "Module::Build::Prereqs::FromCPANfile", "Module::Build::Pluggable::CPANfile":
		elsewhere(in.Module + ", which takes requirements from cpanfile")
	}
}
