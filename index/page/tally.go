package page

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// named is a number of something.
type named struct {
	Name string
	N    int
}

// tallied is what the statistics are drawn from, counted in one pass.
type tallied struct {
	stand, withdrawn, dists int
	dated, undated          int
	firstYear, lastYear     int
	years                   map[int][5]int // by severity, as severityWords

	pairs, mended, noFix, noReport, noRelease int
	fixDays                                   [7]int // by fixSpans
	days                                      []int  // of those mended after the report, sorted

	unfixed, unfixedUndated int
	ages                    [6][5]int // by ageSpans, by severity

	noWeakness int
	byWeakness []named // the most frequent first
	told       []named
}

// fixSpans are the spans of time that fixes take.
func fixSpans() []string {
	return []string{"By the day of the report", "Within a week", "Within 30 days", "Within 90 days", "Within a year", "Within two years", "Later"}
}

// ageSpans are the ages of what is not mended.
func ageSpans() []string {
	return []string{"Under 90 days", "90 days to a year", "One to two years", "Two to five years", "Five to ten years", "Over ten years"}
}

// span finds where a number of days belongs, by the last day of each but the last
// span.
func span(days int, ends ...int) int {
	i, _ := slices.BinarySearch(ends, days)
	return i
}

// daysBetween counts days.
func daysBetween(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

// tally counts.
func tally(m *index.Model) *tallied {
	t := &tallied{years: map[int][5]int{}, dists: len(m.Dists)}
	cwes := map[string]int{}
	told := make([]int, len(tellings()))
	for _, a := range m.Advisories {
		if a.IsWithdrawn() {
			t.withdrawn++
			continue
		}
		t.stand++
		rank := int(advisory.SeverityCritical - a.Severity) // as severityWords, whose last is unknown
		t.when(m, a, rank)
		for _, of := range a.Dists {
			t.fix(a, of)
		}
		for _, c := range a.CWEs {
			cwes[c]++
		}
		if len(a.CWEs) == 0 {
			t.noWeakness++
		}
		for i, tells := range tellings() {
			if tells.of(a) {
				told[i]++
			}
		}
	}
	if years := slices.Sorted(maps.Keys(t.years)); len(years) > 0 {
		t.firstYear, t.lastYear = years[0], years[len(years)-1]
	}
	slices.Sort(t.days)
	for _, c := range advisory.SortCWEs(slices.Collect(maps.Keys(cwes))) {
		t.byWeakness = append(t.byWeakness, named{c, cwes[c]})
	}
	slices.SortStableFunc(t.byWeakness, func(a, b named) int { return cmp.Compare(b.N, a.N) })
	for i, tells := range tellings() {
		t.told = append(t.told, named{tells.name, told[i]})
	}
	return t
}

// when counts the year of an advisory, and its age where it is unfixed.
func (t *tallied) when(m *index.Model, a *index.Advisory, rank int) {
	day := dated(a)
	unfixed := slices.ContainsFunc(a.Dists, func(of *index.Affected) bool { return of.Unfixed })
	if unfixed {
		t.unfixed++
	}
	// A year before the first perl, or after this one, is a slip of somebody's pen.
	if y := day.Time().Year(); day.IsZero() || y < 1987 || y > m.Day.Year() {
		t.undated++
		if unfixed {
			t.unfixedUndated++
		}
		return
	}
	t.dated++
	y := day.Time().Year()
	ofYear := t.years[y]
	ofYear[rank]++
	t.years[y] = ofYear
	if unfixed {
		t.ages[span(daysBetween(day.Time(), m.Day), 89, 365, 730, 1826, 3652)][rank]++
	}
}

// fix counts how long a fix took.
func (t *tallied) fix(a *index.Advisory, of *index.Affected) {
	t.pairs++
	if of.Fixed == "" {
		t.noFix++
		return
	}
	if a.Reported.IsZero() {
		t.noReport++
		return
	}
	for i := range of.Dist.Releases {
		r := &of.Dist.Releases[i]
		if r.Version != of.Fixed || r.Date.IsZero() {
			continue
		}
		days := daysBetween(a.Reported.Time(), advisory.DateOf(r.Date).Time())
		t.mended++
		t.fixDays[span(days, 0, 7, 30, 90, 365, 730)]++
		if days > 0 {
			t.days = append(t.days, days)
		}
		return
	}
	t.noRelease++
}

// median is that of days: the middle one, and of two the greater.
func (t *tallied) median() int { return t.days[len(t.days)/2] }

// whole are the numbers at the top.
func (t *tallied) whole() []figure {
	return []figure{
		{t.stand, "advisories that stand"},
		{t.dists, "distributions"},
		{t.unfixed, "advisories that affect a latest release"},
		{t.withdrawn, "withdrawn advisories"},
	}
}

// telling is something that a record may tell.
type telling struct {
	name string
	of   func(a *index.Advisory) bool
}

// tellings are what a reader of a record needs.
func tellings() []telling {
	dist := func(is func(of *index.Affected) bool) func(*index.Advisory) bool {
		return func(a *index.Advisory) bool { return slices.ContainsFunc(a.Dists, is) }
	}
	return []telling{
		{"A CVE id", func(a *index.Advisory) bool {
			return a.ID.IsCVE() || slices.ContainsFunc(a.Aliases, advisory.ID.IsCVE)
		}},
		{"A severity or a score", func(a *index.Advisory) bool { return a.Severity != advisory.SeverityUnknown }},
		{"A weakness", func(a *index.Advisory) bool { return len(a.CWEs) > 0 }},
		{"The day of the report", func(a *index.Advisory) bool { return !a.Reported.IsZero() }},
		{"A fixed release that is known", dist(func(of *index.Affected) bool { return of.Fixed != "" })},
		{"Modules, files or routines", dist(func(of *index.Affected) bool {
			return len(of.Modules) > 0 || len(of.Files) > 0 || len(of.Routines) > 0
		})},
		{"A flaw in an embedded library", dist(func(of *index.Affected) bool { return of.Library != nil })},
	}
}
