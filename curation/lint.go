package curation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// What is looked for.
const (
	ruleMistake  = "K01"
	ruleTarget   = "K02"
	ruleTwice    = "K03"
	ruleConflict = "K04"
	ruleNone     = "K05"
	ruleFuture   = "K06"
	ruleOverlap  = "K07"
	ruleDoubt    = "K08"
	ruleCaughtUp = "K09"
	ruleUntold   = "K10"
)

// Rules lists what Read and Lint look for.
func Rules() advice.Rules {
	return advice.Rules{
		{ID: ruleMistake, Level: advice.Error, What: "an overlay can be read", Why: "an overlay that is left out leaves the index wrong, and nobody knows"},
		{ID: ruleTarget, Level: advice.Error, What: "what an overlay is about is there", Why: "it has no effect as it stands"},
		{ID: ruleTwice, Level: advice.Error, What: "an overlay stands once", Why: "two that say the same go out of step as soon as one of them is mended"},
		{ID: ruleConflict, Level: advice.Error, What: "overlays do not contradict each other", Why: "only one of them can be right, and the index has to follow one"},
		{ID: ruleNone, Level: advice.Error, What: "a corrected range holds for a known release", Why: "nothing is affected any more, which a range seldom means"},
		{ID: ruleFuture, Level: advice.Error, What: "an overlay is not dated in the future", Why: "readers ask for what has changed since a day, and would miss it"},
		{ID: ruleOverlap, Level: advice.Warning, What: "no release is both affected and fixed", Why: "such a release is shown as contradictory"},
		{ID: ruleDoubt, Level: advice.Warning, What: "a range is read without a doubt", Why: "it may not say what is meant"},
		{ID: ruleCaughtUp, Level: advice.Note, What: "an overlay is needed", Why: "what the sources say themselves is better kept by them"},
		{ID: ruleUntold, Level: advice.Note, What: "the sources have been told", Why: "everybody who reads them has the mistake that was found here"},
	}
}

// Lint says what in the overlays cannot be right, or is not needed, beside the
// entries that they were applied to. Outcomes are those of Outcomes, releases the
// known ones of each distribution, today the day of the build.
func (a *Applied) Lint(outcomes []Outcome, releases map[cpan.Dist][]advisory.Known, today advisory.Date) []advice.Finding {
	l := linter{}
	for i := range outcomes {
		out := &outcomes[i]
		o := out.Overlay
		switch out.State {
		case NoTarget:
			l.add(ruleTarget, o, fmt.Sprintf("%s %s: %s", o.Kind, o.Target(), out.Text), "mend the id or the distribution, or take the overlay out")
		case CaughtUp:
			l.add(ruleCaughtUp, o, fmt.Sprintf("%s %s: %s", o.Kind, o.Target(), out.Text), "take the overlay out")
		}
		if o.Date.Time().After(today.Time()) {
			l.add(ruleFuture, o, fmt.Sprintf("%s is after today", o.Date), "write the day on which the overlay was made")
		}
		if o.Upstream == "" && o.Kind != Allow && out.State == InForce {
			l.add(ruleUntold, o, fmt.Sprintf("%s %s: nothing says where the sources were told", o.Kind, o.Target()), "report it to them, and write the address as upstream:")
		}
		if o.Kind == Correct {
			l.ranges(o, releases[o.Dist])
		}
	}
	l.pairs(outcomes)
	return advice.Sort(l.found)
}

type linter struct{ found []advice.Finding }

func (l *linter) add(rule string, o *Overlay, title, how string) {
	l.found = append(l.found, Rules().Find(rule, o.File, o.Line, title, how))
}

// ranges looks at a corrected range on the known releases.
func (l *linter) ranges(o *Overlay, known []advisory.Known) {
	affected, fixed := perlver.ParseCPANSA(o.Affected), perlver.ParseCPANSAFixed(o.Fixed)
	if doubts := slices.Concat(affected.Warnings(), fixed.Warnings()); len(doubts) > 0 {
		l.add(ruleDoubt, o, sample(doubts), `write clauses of <, <=, ==, >=, > and a version, joined by commas: ">=1.0,<1.3"`)
	}
	n, in := 0, 0
	var both []string
	for _, k := range known {
		v, err := perlver.Parse(k.Version)
		if err != nil {
			continue
		}
		n++
		if t, _ := affected.Contains(v); t != perlver.True {
			continue
		}
		in++
		if t, _ := fixed.Contains(v); t == perlver.True {
			both = append(both, k.Version)
		}
	}
	if n > 0 && in == 0 {
		l.add(ruleNone, o, fmt.Sprintf("none of the %d known releases of %s is in %s", n, o.Dist, strings.Join(o.Affected, " or ")),
			"mend the range, or make it a false-positive of the distribution")
	}
	if len(both) > 0 {
		l.add(ruleOverlap, o, "both affected and fixed: "+sample(both), "take them out of one of the two")
	}
}

// pairs looks for overlays that say the same, or cannot both be meant.
func (l *linter) pairs(outcomes []Outcome) {
	type claim struct {
		about string
		dist  cpan.Dist
		field string
	}
	first := map[claim]*Overlay{}
	claims := func(out *Outcome, fields ...string) {
		o := out.Overlay
		about := cmp.Or(out.Record, o.IDs[0]).Key()
		for _, f := range fields {
			c := claim{about, o.Dist, f}
			old := first[c]
			switch {
			case old == nil:
				first[c] = o
			case same(old, o):
				l.add(ruleTwice, o, fmt.Sprintf("%s %s stands at %s already", o.Kind, o.Target(), old.Where()), "take one of the two out")
				return
			case f != "places":
				l.add(ruleConflict, o, fmt.Sprintf("%s %s is at odds with %s at %s", o.Kind, o.Target(), old.Kind, old.Where()), "decide which is right, and take the other out")
				return
			}
		}
	}
	withdrawn := map[string]*Overlay{}
	for i := range outcomes {
		out := &outcomes[i]
		switch o := out.Overlay; o.Kind {
		case Correct:
			claims(out, "range"+o.InsteadOf)
		case FalsePositive:
			claims(out, "range")
			if o.Dist == "" && out.Record != "" {
				withdrawn[out.Record.Key()] = o
			}
		case Complete:
			claims(out, "places")
		case Describe:
			claims(out, o.describes()...)
		case Link:
			ids := slices.Clone(o.IDs)
			claims(out, "link "+words(advisory.SortIDs(ids)))
		case Allow:
			for _, id := range o.IDs {
				claims(&Outcome{Overlay: o, Record: id}, "allow")
			}
		}
	}
	for i := range outcomes {
		out := &outcomes[i]
		o := out.Overlay
		if w := withdrawn[out.Record.Key()]; w != nil && w != o && (o.Kind == Correct || o.Kind == FalsePositive && o.Dist != "") {
			l.add(ruleConflict, o, fmt.Sprintf("%s %s is about an advisory that is none, by %s", o.Kind, o.Target(), w.Where()), "decide which is right, and take the other out")
		}
	}
}

// same says whether two overlays say the same, whoever says it and why.
func same(a, b *Overlay) bool {
	return a.Kind == b.Kind && a.Dist == b.Dist && a.InsteadOf == b.InsteadOf &&
		slices.Equal(a.Affected, b.Affected) && slices.Equal(a.Fixed, b.Fixed) &&
		slices.Equal(a.Modules, b.Modules) && slices.Equal(a.Files, b.Files) && slices.Equal(a.Routines, b.Routines) &&
		a.Title == b.Title && a.Severity == b.Severity && slices.Equal(a.CWEs, b.CWEs)
}
