// Package meta reads, checks, converts and compares what a Perl distribution or
// project says about itself: META.json, META.yml, MYMETA.json, MYMETA.yml and
// cpanfile.
//
// # What a file requires
//
//	{
//	 "name": "Foo-Bar", "version": "1.10", "dynamic_config": 1,
//	 "prereqs": {"runtime": {"requires": {"Moo": ">= 2.0, < 3"}}}
//	}
//
// gives
//
//	Meta{Name: "Foo-Bar", Version: "1.10", DynamicConfig: true, Prereqs: []Prereq{
//		{Phase: "runtime", Relation: "requires", Module: "Moo", Range: ">= 2.0, < 3", Line: 3},
//	}}
//
// Promised: nothing is run; version numbers stay the text that the file holds
// (1.10 is not 1.1, in JSON and in YAML); a requirement that cannot be read is
// kept with the reason, never dropped; what the file cannot say without being
// run is listed (Meta.DynamicConfig, Cpanfile.Unresolved). Spec 1.x and 2 are
// read alike: the flat keys of 1.x and the prereqs of 2, whichever are there.
// That the file is valid is not asked.
//
// # What a file is
//
// A Document is one file as it is. Check says what CPAN::Meta::Validator
// 2.150010 finds wrong in it, Strict what the text of the spec demands beyond
// that, Convert makes it one of spec 2 or 1.4 by the rules of
// CPAN::Meta::Converter, Fields reads it in the terms of spec 2, and Diff
// compares two by what they mean:
//
//	d, err := meta.ReadDocument("META.yml", r)
//	d.Check()                           // author -> 0: is empty where a text belongs
//	d.Convert(meta.ConvertOptions{})    // requires: {Moo: 2.0} is prereqs: {runtime: {requires: {Moo: 2.0}}}
//	d.Fields().Licenses                 // ["perl_5"]
//
// Promised: the verdicts of Check, and the places that it names, are those of
// the Validator; what Convert makes, and whether it can, is what the Converter
// makes, but for what follows. Tests compare both with perl, on generated
// documents and on each rule. Keys keep the order of the file.
//
// Different from the Converter: numbers and truth values stay as they are
// written, where perl makes 1.1 of the number 1.10 and 1 of true; where two
// keys become one (foo and x_foo), or a list's element has several keys where
// one belongs, the one to count is chance in perl, and here the first or the one
// that had the name already; on the way down to 1.4 an optional feature without
// prereqs makes perl fail, and here asks for nothing; generated_by names the
// tool that the caller says.
//
// # YAML
//
// CPAN's tools read a part of YAML (CPAN::Meta::YAML). ReadDocument reads as
// they do, so that a verdict is about what they see; a file that they refuse is
// read as YAML, and Document.Refused says so. ReadYAML always reads YAML: what
// it looks for means the same in both.
//
// Sources: CPAN::Meta::Spec 2 and its history (1.0 to 1.4), CPAN::Meta 2.150010,
// CPAN::Meta::YAML 0.018, Module::CPANfile and its document cpanfile.
package meta

import (
	"nacre/cpan"
	"nacre/fault"
	"nacre/jsondoc"
	"nacre/perlver"
)

// Meta is one META or MYMETA file. A text that the file does not state is
// empty.
type Meta struct {
	Name          cpan.Dist // empty also where the stated one is none: see Warnings
	Version       string    // as written: "1.10", "v1.2.3", "undef"
	ReleaseStatus string    // "stable", "testing", "unstable" in spec 2
	DynamicConfig bool      // prerequisites may change when the distribution is configured; true where not stated, as the spec has it
	Prereqs       []Prereq  // in the file's order
	Provides      []Provide // in the file's order
	Warnings      []string  // what was read with a doubt

	tooMany bool // there are more Prereqs than maxPrereqs
}

// Prereq is one requirement.
type Prereq struct {
	Phase       string              // "configure", "build", "test", "runtime", "develop", "x_..."; empty where only running the file would tell
	Relation    string              // "requires", "recommends", "suggests", "conflicts", "x_..."
	Module      cpan.Module         // "perl" is the interpreter; empty where Err says that the name cannot be read
	Range       string              // as written, empty where nothing is
	Requirement perlver.Requirement // what Range means; any version where Err is set
	Err         error               // why the requirement cannot be read: its meaning is unknown
	Feature     string              // the optional feature that it belongs to, empty for none
	Line        int                 // in the file, from 1
}

// Provide is a module that the distribution holds.
type Provide struct {
	Module  cpan.Module
	File    string // as written
	Version string // as written, empty for none
	Line    int    // in the file, from 1
}

// maxRange bounds the text of one requirement, in bytes; people write up to
// fifty.
const maxRange = 4 << 10

// NewPrereq reads module and range of p, whose other fields are set: as what
// cannot be read, where that is so.
func NewPrereq(p Prereq, module, text string) Prereq {
	p.Range = text
	m, err := cpan.ParseModule(module)
	if err != nil {
		p.Err = err
		return p
	}
	p.Module = m
	var r perlver.Requirement
	if len(text) > maxRange {
		err = fault.New(fault.Invalid, "longer than %d bytes (limit: requirement length)", maxRange)
	} else {
		r, err = perlver.ParseRequirement(text)
	}
	if err != nil {
		p.Err = fault.Wrap(fault.Invalid, err, "requirement of %s", m).
			WithHint("a requirement is a version or clauses like '>= 1.2, < 2', joined by commas")
		return p
	}
	p.Requirement = r
	return p
}

// readTree reads a Meta out of a document.
func readTree(doc *jsondoc.Node) (Meta, error) {
	if !doc.Is(jsondoc.KindObject) {
		return Meta{}, fault.New(fault.Invalid, "line %d: is %s, not a map of keys and values", doc.Line, shape(doc)).
			WithHint("check that the file is distribution metadata")
	}
	m := Meta{DynamicConfig: true}
	flat := readPrereqs{meta: &m}
	for _, p := range doc.Members {
		switch p.Key {
		case "name":
			m.Name = m.distName(p.Value)
		case "version":
			m.Version = versionText(p.Value)
		case "release_status":
			m.ReleaseStatus = single(p.Value)
		case "dynamic_config":
			m.DynamicConfig = truth(p.Value, true)
		case "prereqs":
			flat.phases(p.Value)
		case "optional_features":
			flat.features(p.Value)
		case "provides":
			m.provides(p.Value)
		default:
			flat.flat(p.Key, p.Value)
		}
	}
	if m.tooMany {
		return Meta{}, fault.New(fault.Invalid, "more than %d requirements (limit: metadata requirements)", maxPrereqs).
			WithHint("the file is far larger than its kind ever is; check that it is the right one")
	}
	return m, nil
}

func (m *Meta) warn(err error, n *jsondoc.Node) {
	m.Warnings = append(m.Warnings, fault.Wrap(fault.Invalid, err, "line %d", lineOf(n)).Error())
}

// distName reads the name. Files written by hand have been seen to hold the
// main module's name there; no distribution is made of it by a guess.
func (m *Meta) distName(n *jsondoc.Node) cpan.Dist {
	d, err := cpan.ParseDist(single(n))
	if err != nil {
		m.warn(err, n)
	}
	return d
}

// provides reads module => {file, version}.
func (m *Meta) provides(n *jsondoc.Node) {
	for _, p := range keysOf(n) {
		module, err := cpan.ParseModule(p.Key)
		if err != nil {
			m.warn(err, p.Value)
			continue
		}
		m.Provides = append(m.Provides, Provide{
			Module:  module,
			File:    single(p.Value.Get("file")),
			Version: versionText(p.Value.Get("version")),
			Line:    p.Line,
		})
	}
}

// readPrereqs adds prerequisites to meta.
type readPrereqs struct {
	meta    *Meta
	feature string
}

// flatKeys are the keys of spec 1.x and what they are in spec 2. test_requires
// is in no version of the spec, and occurs.
var flatKeys = map[string][2]string{
	"requires":           {"runtime", "requires"},
	"recommends":         {"runtime", "recommends"},
	"conflicts":          {"runtime", "conflicts"},
	"configure_requires": {"configure", "requires"},
	"build_requires":     {"build", "requires"},
	"test_requires":      {"test", "requires"},
}

// flat reads a key of spec 1.x; other keys are none of ours.
func (r readPrereqs) flat(key string, n *jsondoc.Node) {
	if k, ok := flatKeys[key]; ok {
		r.requirements(k[0], k[1], n)
	}
}

// phases reads the prereqs of spec 2: phase => relation => module => range.
func (r readPrereqs) phases(n *jsondoc.Node) {
	if !r.isMap(n, "", "", "prereqs") {
		return
	}
	for _, phase := range keysOf(n) {
		if !r.isMap(phase.Value, phase.Key, "", "phase "+phase.Key) {
			continue
		}
		for _, relation := range keysOf(phase.Value) {
			r.requirements(phase.Key, relation.Key, relation.Value)
		}
	}
}

func (r readPrereqs) requirements(phase, relation string, n *jsondoc.Node) {
	if !r.isMap(n, phase, relation, phase+" "+relation) {
		return
	}
	for _, p := range keysOf(n) {
		if r.meta.tooMany {
			return
		}
		q := NewPrereq(Prereq{Phase: phase, Relation: relation, Feature: r.feature, Line: p.Line}, p.Key, versionText(p.Value))
		if q.Err == nil && isNested(p.Value) && q.Range == "" {
			q.Err = fault.New(fault.Invalid, "requirement of %s: is %s, not a version range", p.Key, shape(p.Value))
		}
		r.add(q)
	}
}

func (r readPrereqs) add(p Prereq) {
	if len(r.meta.Prereqs) == maxPrereqs {
		r.meta.tooMany = true
		return
	}
	r.meta.Prereqs = append(r.meta.Prereqs, p)
}

// isMap says whether n can be walked. Nothing at all is nothing required; what
// is neither becomes a requirement that nobody can read.
func (r readPrereqs) isMap(n *jsondoc.Node, phase, relation, what string) bool {
	if n.Is(jsondoc.KindObject) || n.Is(jsondoc.KindNull) {
		return true
	}
	r.add(Prereq{
		Phase: phase, Relation: relation, Feature: r.feature, Line: lineOf(n),
		Err: fault.New(fault.Invalid, "%s: is %s, not a map of modules", what, shape(n)),
	})
	return false
}

// features reads optional features: a map, or in spec 1.x also a list of maps.
func (r readPrereqs) features(n *jsondoc.Node) {
	for _, item := range n.List() {
		r.features(item)
	}
	for _, p := range keysOf(n) {
		r.feature = p.Key
		if !p.Value.Is(jsondoc.KindObject) {
			r.isMap(p.Value, "", "", "feature "+p.Key)
			continue
		}
		for _, q := range keysOf(p.Value) {
			if q.Key == "prereqs" {
				r.phases(q.Value)
			} else {
				r.flat(q.Key, q.Value)
			}
		}
	}
}
