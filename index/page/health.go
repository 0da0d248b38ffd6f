package page

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/index"
	"nacre/terminal"
)

// healthPath is the page of feed health.
const healthPath = "health/index.html"

// stale is how many days a source's data may be old.
const stale = 7

// Bounds of what the page lists; skipped.json has all that was refused.
const (
	healthReasons  = 60
	healthExamples = 5
	healthCurated  = 300
	healthCVEs     = 20
)

// Report is what the page of feed health tells.
type Report struct {
	Site index.Site
	// Day is what ages are reckoned from.
	Day     time.Time
	Sources []index.Health
	Ledger  merge.Ledger
	Curated []index.Curated
	CVEs    index.CVEReview
	// Kept says why the index stayed as it was although there was a build, in a
	// sentence; "" where the index is that of this build. KeptOf is the day of the
	// build that it is of.
	Kept   string
	KeptOf time.Time
}

// ReportOf is what there is to tell of a model.
func ReportOf(m *index.Model) Report {
	return Report{Site: m.Site, Day: m.Day, Sources: m.Sources, Ledger: m.Ledger, Curated: m.Curated, CVEs: m.CVEs}
}

// Health gives the page of feed health by itself, for an index that stays as it
// was: the other pages say nothing of what went wrong, and keep their bytes.
func Health(r Report) (index.File, error) { return newShell().healthPage(r) }

// health gives the page of feed health.
func (s *shell) health(_ context.Context, m *index.Model) ([]index.File, error) {
	f, err := s.healthPage(ReportOf(m))
	return []index.File{f}, err
}

// sourceHealth is a source as the page shows it.
type sourceHealth struct {
	index.Health
	Newest string // "2026-11-20"
	Age    string // "3 days"
	State  string // fresh, stale, failed or undated
	Short  string // the beginning of the commit
}

// reason is why entries were refused, and how many.
type reason struct {
	Text     string
	Count    int
	Examples []merge.Entry
}

// doubt is a kind of contradiction, and some of it.
type doubt struct {
	Text     string
	Count    int
	Examples []doubtExample
}

type doubtExample struct {
	Path string // of the advisory; "" where it has no page
	Name string
	Text string
}

func (s *shell) healthPage(r Report) (index.File, error) {
	data := map[string]any{
		"at": at(healthPath), "Report": r, "Day": advisory.DateOf(r.Day).String(), "KeptOf": advisory.DateOf(r.KeptOf).String(),
		"Stale": stale, "Sources": r.sources(), "Verdict": r.verdict(),
		"Outcomes": r.outcomes(), "Curated": r.Curated[:min(len(r.Curated), healthCurated)], "MoreCurated": max(len(r.Curated)-healthCurated, 0),
		"Became": r.Ledger.Count(merge.Became), "Merged": r.Ledger.Count(merge.Merged), "Refused": r.Ledger.Count(merge.Refused),
		"Doubts":  r.doubts(),
		"Missing": r.CVEs.Missing[:min(len(r.CVEs.Missing), healthCVEs)], "AllMissing": len(r.CVEs.Missing),
		"Candidates": r.CVEs.Candidates[:min(len(r.CVEs.Candidates), healthCVEs)], "AllCandidates": len(r.CVEs.Candidates) + r.CVEs.More,
	}
	data["AllCVEs"] = len(r.CVEs.Missing) + len(r.CVEs.Candidates) + r.CVEs.More
	reasons := r.reasons()
	data["Reasons"], data["MoreReasons"] = reasons[:min(len(reasons), healthReasons)], max(len(reasons)-healthReasons, 0)
	return s.file(r.Site, &page{Path: healthPath, Title: "Feed health", Here: "health", Body: "health.html", Data: data})
}

// state says how a source is: failed, where it could not be used; undated, where
// its data says no time; stale or fresh.
func (r *Report) state(h *index.Health) string {
	switch {
	case h.Problem != "":
		return "failed"
	case h.Time.IsZero():
		return "undated"
	case ageOf(h, r.Day) > stale:
		return "stale"
	}
	return "fresh"
}

// ageOf counts the days between that of a source's newest data and today.
func ageOf(h *index.Health, today time.Time) int {
	return max(daysBetween(advisory.DateOf(h.Time).Time(), today), 0)
}

func (r *Report) sources() []sourceHealth {
	all := make([]sourceHealth, len(r.Sources))
	for i := range r.Sources {
		h := &r.Sources[i]
		all[i] = sourceHealth{Health: *h, State: r.state(h), Short: h.Commit[:min(len(h.Commit), 12)]}
		if !h.Time.IsZero() {
			all[i].Newest = advisory.DateOf(h.Time).String()
			all[i].Age = count(ageOf(h, r.Day), "day", "days")
		}
	}
	return all
}

// verdict says in a sentence how all is, and in a word how bad that is.
func (r *Report) verdict() struct{ Text, Mood string } {
	names := map[string][]string{} // of the names of sources, which may have several parts, by state
	for i := range r.Sources {
		state, name := r.state(&r.Sources[i]), r.Sources[i].Name
		if !slices.Contains(names[state], name) {
			names[state] = append(names[state], name)
		}
	}
	var parts []string
	if failed := names["failed"]; len(failed) > 0 {
		parts = append(parts, strings.Join(failed, ", ")+" could not be read, so what is only there is as it was known before")
	}
	if old := names["stale"]; len(old) > 0 {
		parts = append(parts, strings.Join(old, ", ")+" said nothing new for over a week")
	}
	switch {
	case len(r.Sources) == 0:
		return struct{ Text, Mood string }{"No source is named.", "warn"}
	case len(names["failed"]) > 0:
		return struct{ Text, Mood string }{strings.Join(parts, "; ") + ".", "bad"}
	case len(parts) > 0:
		return struct{ Text, Mood string }{parts[0] + ".", "warn"}
	case len(names["undated"]) > 0:
		return struct{ Text, Mood string }{"Every source was read. How old the data of " + strings.Join(names["undated"], ", ") + " is, it does not say.", "warn"}
	}
	return struct{ Text, Mood string }{"Every source was read, and each has data of the last week.", "good"}
}

// reasons groups what was refused by why, the most frequent first.
func (r *Report) reasons() []reason {
	by := map[string]*reason{}
	for _, e := range r.Ledger.Entries {
		if e.Outcome != merge.Refused {
			continue
		}
		text, _ := advisory.CleanText(e.Reason)
		text = terminal.Cut(cmp.Or(text, "no reason is given"), 300)
		if by[text] == nil {
			by[text] = &reason{Text: text}
		}
		by[text].Count++
		if len(by[text].Examples) < healthExamples {
			by[text].Examples = append(by[text].Examples, e)
		}
	}
	all := make([]reason, 0, len(by))
	for _, text := range slices.Sorted(maps.Keys(by)) {
		all = append(all, *by[text])
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.Count, a.Count) })
	return all
}

// doubts groups what cannot be right as it stands.
func (r *Report) doubts() []doubt {
	var all []doubt
	for _, kind := range merge.Kinds() {
		d := doubt{Text: doubtWords[kind]}
		for _, c := range r.Ledger.Contradictions {
			if c.Kind != kind {
				continue
			}
			d.Count++
			if len(d.Examples) < healthExamples {
				e := doubtExample{Name: string(cmp.Or(c.Record, advisory.ID(c.Entry))), Text: terminal.Cut(c.Text, 300)}
				if c.Record != "" && r.Kept == "" { // else the page may not be there
					e.Path = advisoryPath(c.Record)
				} else if e.Name == "" {
					e.Name = string(c.Dist)
				}
				d.Examples = append(d.Examples, e)
			}
		}
		if d.Count > 0 {
			all = append(all, d)
		}
	}
	return all
}

// outcomes counts what became of the corrections of those who run the index.
func (r *Report) outcomes() []named {
	words := map[string]string{"applied": "applied", "caught-up": "not needed any more, since a source says the same", "no-target": "without anything to correct"}
	n := map[string]int{}
	for _, c := range r.Curated {
		n[cmp.Or(words[c.Outcome], c.Outcome)]++
	}
	var all []named
	for _, name := range slices.Sorted(maps.Keys(n)) {
		all = append(all, named{Name: name, N: n[name]})
	}
	return all
}
