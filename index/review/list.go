package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"nacre/advice"
	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
)

// Kind is why something is on the list.
type Kind string

// The kinds, in order of urgency.
const (
	Source        Kind = "source"
	Curation      Kind = "curation"
	New           Kind = "new"
	Changed       Kind = "changed"
	Contradictory Kind = "contradictory"
	Unfixed       Kind = "unfixed"
	Refused       Kind = "refused"
	Missing       Kind = "missing"
	Candidate     Kind = "candidate"
	CaughtUp      Kind = "caught-up"
	Stale         Kind = "stale"
)

// Kinds lists all kinds, the most urgent first.
func Kinds() []Kind {
	return []Kind{Source, Curation, New, Changed, Contradictory, Unfixed, Refused, Missing, Candidate, CaughtUp, Stale}
}

// Item is one thing to look at.
type Item struct {
	Kind Kind `json:"kind"`
	// Rule says more exactly what it is: a kind of advisory/merge or of index.Change,
	// or the id of a finding about corrections.
	Rule string      `json:"rule,omitempty"`
	ID   advisory.ID `json:"id,omitempty"` // of the advisory
	Dist cpan.Dist   `json:"dist,omitempty"`
	// Where are the entries, files and lines that it comes from.
	Where []string `json:"where,omitempty"`
	Text  string   `json:"text"`
	Hint  string   `json:"hint,omitempty"` // what to do
	// Since is the day from which on it is so, as far as it is known.
	Since advisory.Date `json:"since,omitzero"`
}

// Input is what the list is made of.
type Input struct {
	Model *index.Model
	// Findings are those about the corrections, of curation's Lint.
	Findings []advice.Finding
	// Since is the day of the last review: what is new or changed on it or later is
	// listed. Zero is the model's day.
	Since advisory.Date
	// SourceAge is how old the newest data of a source may be, a week where it is
	// zero; StaleAge how long nobody may have touched an unfixed advisory, two years.
	SourceAge, StaleAge time.Duration
}

const day = 24 * time.Hour

// List makes the work list.
func List(in Input) []Item {
	in.SourceAge = cmp.Or(in.SourceAge, 7*day)
	in.StaleAge = cmp.Or(in.StaleAge, 2*365*day)
	if in.Since.IsZero() {
		in.Since = advisory.DateOf(in.Model.Day)
	}
	l := list{in: in}
	l.sources()
	l.findings()
	l.changes()
	l.doubts()
	l.refused()
	l.cves()
	l.stale()
	slices.SortStableFunc(l.items, compare)
	return fold(l.items)
}

// fold makes one item of several entries of which the same is to be said.
func fold(items []Item) []Item {
	var out []Item
	for _, it := range items {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if last.Kind == it.Kind && last.Rule == it.Rule && last.ID == it.ID && last.Dist == it.Dist && last.Text == it.Text {
				last.Where = slices.Concat(last.Where, it.Where)
				continue
			}
		}
		out = append(out, it)
	}
	return out
}

type list struct {
	in    Input
	items []Item
}

func (l *list) add(it Item) { l.items = append(l.items, it) }

// compare is the order of the list. Changes stay in the order of the history, the
// newest first.
func compare(a, b Item) int {
	kinds := Kinds()
	if c := cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)); c != 0 {
		return c
	}
	switch a.Kind {
	case New, Changed:
		return 0
	case Stale:
		if c := a.Since.Time().Compare(b.Since.Time()); c != 0 {
			return c
		}
	case Contradictory:
		if c := cmp.Compare(harm(a.Rule), harm(b.Rule)); c != 0 {
			return c
		}
	case Candidate:
		if c := cmp.Compare(a.Rule, b.Rule); c != 0 { // the count comes last
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.Dist, b.Dist), cmp.Compare(a.ID.Key(), b.ID.Key()),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text), slices.Compare(a.Where, b.Where))
}

// sources lists those that could not be used, and those whose data is old.
func (l *list) sources() {
	for _, h := range l.in.Model.Sources {
		name := h.Name
		if h.From != "" && h.From != h.Name {
			name += " from " + h.From
		}
		it := Item{Kind: Source, Where: []string{name}, Since: h.Since}
		age := l.in.Model.Day.Sub(h.Time)
		switch {
		case h.Problem != "":
			it.Rule, it.Text = "unusable", h.Problem
			it.Hint = "Mend it, or the index goes on with what it knew."
			if h.Kept {
				it.Text += fmt.Sprintf("; its copy of %s is used", h.KeptOf)
			}
		case !h.Time.IsZero() && age > l.in.SourceAge:
			it.Rule, it.Since = "old", advisory.DateOf(h.Time)
			it.Text = fmt.Sprintf("its newest data is of %s, %d days ago", it.Since, int(age/day))
			it.Hint = "Fetch it anew; if it still is of that day, ask its makers."
		default:
			continue
		}
		l.add(it)
	}
}

// findings lists what is wrong with corrections, and which are not needed.
func (l *list) findings() {
	for _, f := range l.in.Findings {
		kind := Curation
		if f.Level == advice.Note {
			kind = CaughtUp
		}
		l.add(Item{
			Kind: kind, Rule: f.ID, Where: []string{fmt.Sprintf("%s:%d", f.File, f.Line)},
			Text: f.Title, Hint: sentence(f.How),
		})
	}
}

// changes lists what builds since the last review concluded otherwise.
func (l *list) changes() {
	for _, c := range l.in.Model.State.History {
		if c.Day.Time().Before(l.in.Since.Time()) {
			continue
		}
		it := Item{Kind: Changed, Rule: string(c.Kind), ID: c.ID, Text: c.Text, Since: c.Day}
		if c.Kind == index.Appeared {
			it.Kind = New
		}
		if len(c.Dists) > 0 {
			it.Dist = c.Dists[0]
		}
		if n := len(c.Dists) - 1; n > 0 {
			it.Text += fmt.Sprintf(" (and %d more distributions)", n)
		}
		l.add(it)
	}
}

// refused lists the entries that are in no advisory.
func (l *list) refused() {
	for _, e := range l.in.Model.Ledger.Entries {
		if e.Outcome != merge.Refused || merge.IsCuration(e.Source) {
			continue
		}
		where := e.Source
		if e.Where != "" {
			where += " " + e.Where
		}
		l.add(Item{
			Kind: Refused, ID: advisory.ID(e.Native), Where: []string{where}, Text: e.Reason,
			Hint: "Tell the source; what is about no distribution of CPAN can stay.",
		})
	}
}

// cves lists what to look up in the CVE List.
func (l *list) cves() {
	cves := &l.in.Model.CVEs
	for _, m := range cves.Missing {
		l.add(Item{
			Kind: Missing, ID: m.ID, Text: "the CVE List has no such record: " + m.Reason,
			Hint: "Look whether the id is right. If so, its CNA has to publish it; else tell who names it.",
		})
	}
	const hint = "If it is about CPAN, allow it (docs/curation.md), and tell its CNA."
	for _, c := range cves.Candidates {
		l.add(Item{Kind: Candidate, ID: c.ID, Where: []string{c.Where}, Text: c.Why, Hint: hint})
	}
	if cves.More > 0 {
		l.add(Item{Kind: Candidate, Rule: "more", Where: []string{"CVE List"}, Text: fmt.Sprintf("%d more records look like it", cves.More), Hint: hint})
	}
}

// stale lists advisories whose latest release is affected, and that nobody has
// touched for long.
func (l *list) stale() {
	for _, a := range l.in.Model.Advisories {
		if a.IsWithdrawn() {
			continue
		}
		var touched advisory.Date
		for _, d := range []advisory.Date{a.Reported, a.Published, a.Record.Modified} {
			if d.Time().After(touched.Time()) {
				touched = d
			}
		}
		if touched.IsZero() {
			touched = a.FirstSeen
		}
		if l.in.Model.Day.Sub(touched.Time()) <= l.in.StaleAge {
			continue
		}
		for _, of := range a.Dists {
			if !of.Unfixed || of.Darkpan {
				continue
			}
			l.add(Item{
				Kind: Stale, ID: a.ID, Dist: of.Dist.Name, Since: touched,
				Text: fmt.Sprintf("last touched %s, and %s, the latest release, is affected", touched, of.Dist.LatestRelease().Version),
				Hint: "Look whether it still is; if so, its author may be glad of a patch.",
			})
		}
	}
}

// sentence makes a sentence of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
