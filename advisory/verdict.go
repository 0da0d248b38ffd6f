package advisory

import (
	"fmt"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/perlver"
)

// Status is a verdict's word. A greater status wins over a smaller one where
// several apply.
type Status uint8

// The statuses, in rising order of precedence.
const (
	StatusClean         Status = iota // outside every affected range
	StatusFixed                       // clean, and a source states it as fixed
	StatusUnknown                     // a range or the version could not be read
	StatusContradictory               // one source says both affected and fixed
	StatusAffected
)

var statusNames = [...]string{"clean", "fixed", "unknown", "contradictory", "affected"}

// String gives the status's word.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status %d", uint8(s))
}

// MarshalText writes the status's word.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a status's word.
func (s *Status) UnmarshalText(b []byte) error {
	for i, n := range statusNames {
		if n == string(b) {
			*s = Status(i)
			return nil
		}
	}
	return fault.New(fault.Invalid, "verdict %q", b)
}

// IsClean reports whether the version needs no attention: clean or fixed.
func (s Status) IsClean() bool { return s <= StatusFixed }

// IsAffected reports whether the version counts as affected where there is no
// word for contradictory: it is one or the other.
func (s Status) IsAffected() bool { return s >= StatusContradictory }

// Verdict is the judgement of one record on one version of one distribution.
type Verdict struct {
	Status Status
	// Reason says what the status rests on, quoting the source's own words:
	// "1.29 is in <1.3 (CPANSA-Foo-Bar-2099-01)".
	Reason string
	// Disagreement is set where a less authoritative source says otherwise.
	Disagreement string
	// Warnings are doubts about the data that do not change the status.
	Warnings []string
}

// Judge gives the verdict on version v. To judge many versions, use
// [Affected.Compile] once.
func (a *Affected) Judge(v perlver.Version) Verdict { return a.Compile().Judge(v) }

// Judge is what an Affected says, its ranges parsed.
type Judge struct{ statements []compiled }

type compiled struct {
	*Statement
	affected, fixed perlver.Range
}

// Compile parses the ranges of all statements.
func (a *Affected) Compile() Judge {
	j := Judge{make([]compiled, len(a.Statements))}
	for i := range a.Statements {
		c := &j.statements[i]
		c.Statement = &a.Statements[i]
		c.affected, c.fixed = c.Ranges()
	}
	return j
}

// Judge gives the verdict on version v. Each statement is judged by itself, the
// greatest status of one source is what that source says, and the most
// authoritative source decides; what a later source says otherwise is a
// disagreement. Where the one that decides cannot tell, a later one that says
// affected or contradictory is heard, and one that says clean is not. A version
// that was read with a warning (text after it was dropped) is never clean.
func (j Judge) Judge(v perlver.Version) Verdict {
	if len(j.statements) == 0 {
		return Verdict{Status: StatusUnknown, Reason: "no source states a range"}
	}
	var lead Verdict
	for i := 0; i < len(j.statements); {
		// One source's statements stand together.
		source := j.statements[i].Source
		var said Verdict
		for ; i < len(j.statements) && j.statements[i].Source == source; i++ {
			one := j.statements[i].judge(v)
			warnings := slices.Concat(said.Warnings, one.Warnings)
			if said.Reason == "" || one.Status > said.Status {
				said = one
			}
			said.Warnings = warnings
		}
		lead = lead.then(said)
	}
	if w := v.Warnings(); len(w) > 0 && lead.Status.IsClean() {
		lead.Status = StatusUnknown
		lead.Reason = fmt.Sprintf("version %q is doubtful: %s; as it was read, %s", v.String(), strings.Join(w, ", "), lead.Reason)
	}
	return lead
}

// then joins what a source said (v) with what the next, less authoritative
// source says.
func (v Verdict) then(next Verdict) Verdict {
	if v.Reason == "" {
		return next
	}
	warnings := slices.Concat(v.Warnings, next.Warnings)
	switch {
	case v.Status == StatusUnknown && next.Status > StatusUnknown:
		// The leading source cannot tell; one that can is not overruled.
		next.Disagreement = v.Reason
		v = next
	case v.Status != StatusUnknown && next.Status != StatusUnknown && v.Status.IsClean() != next.Status.IsClean(),
		v.Status == StatusAffected && next.Status == StatusContradictory:
		if v.Disagreement == "" {
			v.Disagreement = next.Reason
		}
	}
	v.Warnings = warnings
	return v
}

// judge applies the table of the affected and the fixed range.
func (c *compiled) judge(v perlver.Version) Verdict {
	in, why := c.affected.Contains(v)
	isFixed, whyFixed := c.fixed.Contains(v)
	out := Verdict{Warnings: slices.Concat(c.affected.Warnings(), c.fixed.Warnings())}
	say := func(st Status, format string, args ...any) Verdict {
		out.Status = st
		out.Reason = fmt.Sprintf(format, args...) + " (" + c.Entry + ")"
		return out
	}
	switch {
	case in == perlver.Unknown:
		return say(StatusUnknown, "%s", why)
	case in == perlver.True && isFixed == perlver.True:
		return say(StatusContradictory, "%s is in affected %s and in fixed %s", v, c.quoteAffected(), c.quoteFixed())
	case in == perlver.True && isFixed == perlver.Unknown:
		out.Warnings = append(out.Warnings, "fixed versions: "+whyFixed)
		return say(StatusAffected, "%s is in %s", v, c.quoteAffected())
	case in == perlver.True:
		return say(StatusAffected, "%s is in %s", v, c.quoteAffected())
	case isFixed == perlver.True:
		return say(StatusFixed, "%s is in fixed %s", v, c.quoteFixed())
	}
	if c.CVE != nil && c.CVE.excludesAll() {
		return say(StatusClean, "no version is affected")
	}
	return say(StatusClean, "%s is outside %s", v, c.quoteAffected())
}
