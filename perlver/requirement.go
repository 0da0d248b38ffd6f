package perlver

import (
	"fmt"
	"slices"
	"strings"
)

// Requirement is what CPAN metadata asks of one module's version:
//
//	>= 1.3, != 1.5, <= 2.0
//
// Clauses are joined by commas and must all hold; a bare version is a minimum,
// 0 is any version. It behaves as CPAN::Meta::Requirements 2.140 does. The
// zero Requirement is any version.
type Requirement struct {
	exact      bool    // min is the only version accepted
	min, max   Version // both inclusive; the zero Version where there is none
	exclusions []Version
	warnings   []string
}

// ParseRequirement reads the requirement of one module. Clauses that
// contradict each other are an error, and so is whatever version.pm refuses or
// warns about.
func ParseRequirement(s string) (Requirement, error) {
	return RepairRequirement(s, nil)
}

// RepairRequirement reads as ParseRequirement does, and where a version cannot
// be read takes the one that repair gives for its text, as the
// bad_version_hook of CPAN::Meta::Requirements does. A nil repair repairs
// nothing.
func RepairRequirement(s string, repair func(text string) string) (Requirement, error) {
	var r Requirement
	if s == "" {
		s = "0"
		r.warn("an empty requirement is read as 0")
	}
	// The pattern \s*,\s* splits, and empty parts at the end vanish.
	parts := strings.Split(s, ",")
	for i := range parts {
		if i > 0 {
			parts[i] = strings.TrimLeft(parts[i], spaces)
		}
		if i < len(parts)-1 {
			parts[i] = strings.TrimRight(parts[i], spaces)
		}
	}
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		r.warn("a requirement without a version is read as 0")
	}
	for _, part := range parts {
		if err := r.add(part, repair); err != nil {
			return Requirement{}, fmt.Errorf("requirement %s: %w", quote(s), err)
		}
	}
	r.tidy()
	return r, nil
}

// requirementOperators are those of requirements, the longer before the
// shorter.
var requirementOperators = [...]struct {
	text string
	op   op
}{
	{"==", equal},
	{">=", greaterOrEqual},
	{">", greater},
	{"<=", lessOrEqual},
	{"<", less},
	{"!=", notEqual},
}

// add adds one clause.
func (r *Requirement) add(part string, repair func(string) string) error {
	o, text := greaterOrEqual, part
	trimmed := strings.TrimLeft(part, spaces)
	for _, x := range requirementOperators {
		if rest, ok := strings.CutPrefix(trimmed, x.text); ok {
			o, text = x.op, strings.TrimLeft(rest, spaces)
			break
		}
	}
	v, err := r.version(text)
	if err != nil && repair != nil {
		v, err = r.version(repair(text))
	}
	if err != nil {
		return fmt.Errorf("cannot convert %s: %s", quote(text), reasonOf(err))
	}
	switch o {
	case equal:
		return r.addExact(v)
	case notEqual:
		return r.addExclusion(v)
	case greaterOrEqual, greater:
		err = r.addMinimum(v, text == "0")
	default:
		err = r.addMaximum(v)
	}
	if err == nil && (o == greater || o == less) {
		err = r.addExclusion(v)
	}
	return err
}

// version reads a version and gives the one that is stored: its text is
// without blanks, a dotted one is in normal form, and a dot at the start gets
// a zero.
func (r *Requirement) version(text string) (Version, error) {
	v, err := Parse(text)
	if err != nil {
		return Version{}, err
	}
	if v.flags&(overflow|trailing) != 0 {
		return Version{}, &ParseError{Text: text, Reason: join(v.Warnings())}
	}
	r.warn(v.Warnings()...)
	text, _, _ = strings.Cut(strings.TrimLeft(text, spaces), "\x00")
	switch {
	case v.IsDotted():
		text = v.Normal()
	case text == "undef":
		text = "0"
	case text[0] == '.':
		text = "0" + text
	}
	return Parse(text)
}

// warn keeps the messages that are not there yet. There are three in all,
// however many clauses give rise to them.
func (r *Requirement) warn(messages ...string) {
	for _, m := range messages {
		if !slices.Contains(r.warnings, m) {
			r.warnings = append(r.warnings, m)
		}
	}
}

// empty says that nothing was added yet.
func (r *Requirement) empty() bool {
	return r.min.IsZero() && r.max.IsZero() && r.exclusions == nil
}

// addMinimum adds a minimum; a plain 0 says nothing where something was said.
func (r *Requirement) addMinimum(v Version, plain bool) error {
	switch {
	case plain && !r.empty():
		return nil
	case r.exact && r.min.Compare(v) < 0:
		return fmt.Errorf("minimum %s exceeds exact specification %s", brief(v.text), brief(r.min.text))
	case r.exact:
		return nil
	case r.min.IsZero() || v.Compare(r.min) >= 0:
		r.min = v
	}
	return r.checkBounds()
}

func (r *Requirement) addMaximum(v Version) error {
	switch {
	case r.exact && r.min.Compare(v) > 0:
		return fmt.Errorf("maximum %s below exact specification %s", brief(v.text), brief(r.min.text))
	case r.exact:
		return nil
	case r.max.IsZero() || v.Compare(r.max) <= 0:
		r.max = v
	}
	return r.checkBounds()
}

func (r *Requirement) addExclusion(v Version) error {
	switch {
	case r.exact && r.min.Equal(v):
		return fmt.Errorf("tried to exclude %s, which is already exactly specified", brief(v.text))
	case r.exact:
		return nil
	}
	r.exclusions = append(r.exclusions, v)
	return r.checkBounds()
}

func (r *Requirement) addExact(v Version) error {
	switch {
	case r.exact && !r.min.Equal(v):
		return fmt.Errorf("can't be exactly %s when exact requirement is already %s", brief(v.text), brief(r.min.text))
	case r.exact:
		return nil
	case !r.Accepts(v):
		r.tidy()
		return fmt.Errorf("exact specification %s outside of range %s", brief(v.text), brief(r.String()))
	}
	*r = Requirement{exact: true, min: v, warnings: r.warnings}
	return nil
}

// checkBounds checks the bounds against each other, and makes equal ones an
// exact version.
func (r *Requirement) checkBounds() error {
	if r.min.IsZero() || r.max.IsZero() {
		return nil
	}
	switch order := r.min.Compare(r.max); {
	case order > 0:
		return fmt.Errorf("minimum %s exceeds maximum %s", brief(r.min.text), brief(r.max.text))
	case order == 0 && slices.ContainsFunc(r.exclusions, r.min.Equal):
		return fmt.Errorf("minimum and maximum are both %s, which is excluded", brief(r.min.text))
	case order == 0:
		*r = Requirement{exact: true, min: r.min, warnings: r.warnings}
	}
	return nil
}

// tidy drops exclusions that the bounds exclude, and those that are there
// already, by text. Bounds only ever narrow, so once at the end is enough.
func (r *Requirement) tidy() {
	if len(r.exclusions) == 0 {
		return
	}
	seen := make(map[string]bool, len(r.exclusions))
	kept := make([]Version, 0, len(r.exclusions))
	for _, x := range r.exclusions {
		if !seen[x.text] && r.bounds(&x) {
			seen[x.text] = true
			kept = append(kept, x)
		}
	}
	r.exclusions = kept
}

// bounds says whether v is between minimum and maximum.
func (r *Requirement) bounds(v *Version) bool {
	return (r.min.IsZero() || compare(v, &r.min) >= 0) && (r.max.IsZero() || compare(v, &r.max) <= 0)
}

// Accepts says whether v meets r; the zero Version counts as version 0, as
// CPAN::Meta::Requirements has it.
func (r Requirement) Accepts(v Version) bool {
	if r.exact {
		return r.min.Equal(v)
	}
	return r.bounds(&v) && !slices.ContainsFunc(r.exclusions, v.Equal)
}

// And gives the requirement that accepts what both accept, and an error where
// they contradict each other.
func (r Requirement) And(o Requirement) (Requirement, error) {
	both := r
	both.exclusions = slices.Clone(r.exclusions)
	both.warnings = slices.Clip(r.warnings)
	both.warn(o.warnings...)
	var err error
	if o.exact {
		err = both.addExact(o.min)
	} else {
		if !o.min.IsZero() {
			err = both.addMinimum(o.min, o.min.text == "0")
		}
		if err == nil && !o.max.IsZero() {
			err = both.addMaximum(o.max)
		}
		for i := 0; err == nil && i < len(o.exclusions); i++ {
			err = both.addExclusion(o.exclusions[i])
		}
	}
	if err != nil {
		return Requirement{}, fmt.Errorf("requirements %s and %s: %w", quote(r.String()), quote(o.String()), err)
	}
	both.tidy()
	return both, nil
}

// clauses gives the clauses of the stored form: minimum, maximum, exclusions.
func (r *Requirement) clauses() []clause {
	if r.exact {
		return []clause{{op: equal, v: r.min}}
	}
	var cs []clause
	rest := r.exclusions
	bound := func(v Version, inclusive, exclusive op) {
		if v.IsZero() {
			return
		}
		others := make([]Version, 0, len(rest))
		for _, x := range rest {
			if !x.Equal(v) {
				others = append(others, x)
			}
		}
		o := inclusive
		if len(others) < len(rest) {
			o = exclusive
		}
		cs, rest = append(cs, clause{op: o, v: v}), others
	}
	bound(r.min, greaterOrEqual, greater)
	bound(r.max, lessOrEqual, less)
	for _, x := range rest {
		cs = append(cs, clause{op: notEqual, v: x})
	}
	return cs
}

// String is the form that CPAN::Meta::Requirements stores: "1.3" for a
// minimum alone, else operators in the order minimum, maximum, exclusions.
func (r Requirement) String() string {
	cs := r.clauses()
	switch {
	case len(cs) == 0:
		return "0"
	case len(cs) == 1 && cs[0].op == greaterOrEqual:
		return cs[0].v.text
	}
	parts := make([]string, len(cs))
	for i, c := range cs {
		for _, x := range requirementOperators {
			if x.op == c.op {
				parts[i] = x.text + " " + c.v.text
			}
		}
	}
	return strings.Join(parts, ", ")
}

// IsAny says that r accepts every version.
func (r Requirement) IsAny() bool {
	return !r.exact && r.min.Equal(Version{}) && r.max.IsZero() && len(r.exclusions) == 0
}

// Range is r as a Range.
func (r Requirement) Range() Range {
	x := Range{warnings: r.warnings}
	x.rule(True, r.clauses()...)
	return x
}

// Minimum is the version that none below meets r; it meets r itself unless it
// is excluded ("> 1.3"). It is false where r names none.
func (r Requirement) Minimum() (Version, bool) { return r.min, !r.min.IsZero() }

// Warnings says what was read with a doubt: a requirement without a version,
// and a version that ends at a NUL byte. Each stands there once.
func (r Requirement) Warnings() []string { return r.warnings }
