// Package requirement reads what a release states that it requires to run, from
// the best file that says it: META.json or META.yml, else cpanfile, else
// Makefile.PL or Build.PL.
//
//	stated := requirement.Of(release)
//	stated.File == "cpanfile"
//	stated.Admits("HTTP::Tiny", v0083) == requirement.Yes // requires 'HTTP::Tiny', '0.070';
//
// Promised: nothing is run, and what cannot be read is unknown.
//
// Not promised: that an installation has no newer version than the least that is
// asked for.
//
// Sources: those of the packages meta and inventory/makefile.
package requirement

import (
	"bytes"
	"slices"

	"nacre/audit"
	"nacre/inventory/makefile"
	"nacre/limit"
	"nacre/meta"
	"nacre/perlver"
)

// Stated is what one file requires at run time, of features of choice nothing.
type Stated struct {
	File    string // "" where no file says anything
	Prereqs []meta.Prereq
	// Open is set where more may be required than can be read.
	Open bool
}

// Answer says whether something holds.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// stated is where a release keeps its requirements.
type stated struct{}

// Of gives the requirements of a release, which are read once.
func Of(rel *audit.Release) Stated {
	if rel == nil {
		return Stated{}
	}
	return rel.Memo(stated{}, func() any { return of(rel) }).(Stated)
}

func of(rel *audit.Release) Stated {
	if rel.Facts != nil && rel.Facts.Meta != nil {
		return Stated{File: rel.Facts.MetaFile, Prereqs: atRunTime(rel.Prereqs)}
	}
	if src, ok := read(rel, "cpanfile"); ok {
		if c, err := meta.ReadCpanfile(bytes.NewReader(src)); err == nil {
			s := Stated{File: "cpanfile", Open: len(c.Unresolved) > 0}
			for _, r := range c.Requires {
				if !r.Conditional {
					s.Prereqs = append(s.Prereqs, r.Prereq)
				}
			}
			s.Prereqs = atRunTime(s.Prereqs)
			return s
		}
	}
	for _, name := range []string{"Makefile.PL", "Build.PL"} {
		src, ok := read(rel, name)
		if !ok {
			continue
		}
		f := makefile.ReadProgram(src)
		s := Stated{File: name, Open: len(f.Unresolved) > 0}
		for _, r := range f.Requires {
			if r.If == nil {
				s.Prereqs = append(s.Prereqs, r.Prereq)
			}
		}
		if s.Prereqs = atRunTime(s.Prereqs); len(s.Prereqs) > 0 {
			return s
		}
	}
	return Stated{}
}

// Least gives the requirements of a module, and the greatest of their minimums;
// false where none says one.
func (s Stated) Least(module string) (least perlver.Version, at meta.Prereq, ok bool) {
	for _, p := range s.Prereqs {
		if string(p.Module) != module || p.Err != nil {
			continue
		}
		if v, has := p.Requirement.Minimum(); has && (!ok || v.Compare(least) > 0) {
			least, at, ok = v, p, true
		}
	}
	return least, at, ok
}

// Names reports whether a module is required, in whatever version.
func (s Stated) Names(module string) bool {
	return slices.ContainsFunc(s.Prereqs, func(p meta.Prereq) bool { return string(p.Module) == module })
}

// Admits answers whether a version of a module below min is let in. A module that
// is not required comes in any version.
func (s Stated) Admits(module string, min perlver.Version) Answer {
	if s.File == "" {
		return Unknown
	}
	if least, _, ok := s.Least(module); ok && least.Compare(min) >= 0 {
		return No
	}
	for _, p := range s.Prereqs {
		if string(p.Module) == module && p.Err != nil {
			return Unknown
		}
	}
	if s.Open {
		return Unknown
	}
	return Yes
}

func atRunTime(all []meta.Prereq) []meta.Prereq {
	var out []meta.Prereq
	for _, p := range all {
		if p.Phase == "runtime" && p.Relation == "requires" && p.Feature == "" {
			out = append(out, p)
		}
	}
	return out
}

// read gives a file of the release's root.
func read(rel *audit.Release, name string) ([]byte, bool) {
	src, err := rel.ReadFile(name, limit.Metadata)
	return src, err == nil
}
