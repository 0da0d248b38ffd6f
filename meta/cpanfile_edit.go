package meta

import (
	"fmt"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// Edit gives the file with the version of a required module replaced, or
// inserted where there is none; every other byte stays. newRange is written as
// a single-quoted string.
//
// It edits statements of the relation requires. Where several of them name the
// module with one and the same range, all are edited; where the ranges differ,
// the version is not literal, the statement is in a loop, or it takes the module
// from somewhere else than the index (dist, url, git), Edit refuses.
func (c Cpanfile) Edit(module cpan.Module, newRange string) ([]byte, error) {
	if _, err := perlver.ParseRequirement(newRange); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "edit requirement of %s", module)
	}
	// version.pm stops at a NUL, so that what follows one was not looked at;
	// it shall not get into a Perl program.
	if strings.Trim(newRange, "0123456789._v,<>=! ") != "" {
		return nil, fault.New(fault.Invalid, "edit requirement of %s: %q holds more than versions and operators", module, newRange)
	}
	var edits []Statement
	for _, s := range c.Requires {
		// A statement whose module cannot be read has the empty one.
		if module != "" && s.Module == module && s.Relation == "requires" {
			edits = append(edits, s)
		}
	}
	if len(edits) == 0 {
		return nil, fault.New(fault.NotFound, "edit requirement of %s: no statement requires it", module).
			WithHint("add: requires '%s', '%s';", module, newRange)
	}
	for _, s := range edits {
		if why := s.fixed(edits[0]); why != "" {
			return nil, fault.New(fault.Conflict, "edit requirement of %s: line %d: %s", module, s.Line, why).
				WithHint("edit the file by hand")
		}
	}
	out := slices.Clone(c.src)
	quoted := "'" + newRange + "'"
	// From the end, so that offsets before it stay right.
	slices.SortFunc(edits, func(a, b Statement) int { return b.Version.Start - a.Version.Start })
	for _, s := range edits {
		text := quoted
		if s.Version.Start == s.Version.End {
			text = ", " + quoted
			if isWord(c.src[s.Version.Start-1]) {
				text = " => " + quoted // the arrow behind a bare word is its quote
			}
		}
		out = slices.Replace(out, s.Version.Start, s.Version.End, []byte(text)...)
	}
	if !c.saysTheSame(out, module, newRange) {
		return nil, fault.New(fault.Conflict, "edit requirement of %s: the edited file would say something else", module).
			WithHint("edit the file by hand")
	}
	return out, nil
}

// saysTheSame says whether an edited file differs in the ranges of module only.
// Where the file is no Perl before the place of an edit, what is inserted may
// turn what is behind it into something else.
func (c Cpanfile) saysTheSame(edited []byte, module cpan.Module, newRange string) bool {
	d, err := parseCpanfile(edited)
	if err != nil || len(d.Requires) != len(c.Requires) || !slices.Equal(d.Mirrors, c.Mirrors) || len(d.Unresolved) != len(c.Unresolved) {
		return false
	}
	for i, a := range c.Requires {
		b := d.Requires[i]
		want := a.Range
		if a.Module == module && a.Relation == "requires" {
			want = newRange
		}
		if b.Range != want || b.Module != a.Module || b.Phase != a.Phase || b.Relation != a.Relation || b.Feature != a.Feature || b.Conditional != a.Conditional {
			return false
		}
	}
	return true
}

// fixed says why s cannot be edited like first; empty where it can.
func (s Statement) fixed(first Statement) string {
	switch {
	case s.Dist != "" || s.URL != "" || s.Git != "":
		return "names the exact source to take it from"
	case s.Repeated:
		return "stands for other requirements, too"
	case s.Version.Start < 0:
		return "its version is not literal"
	case s.Range != first.Range:
		return fmt.Sprintf("requires %q and line %d requires %q", s.Range, first.Line, first.Range)
	}
	return ""
}

// isWord says whether a byte may end a bare word.
func isWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c >= 0x80
}
