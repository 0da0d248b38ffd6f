package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/index/chart"
)

// affected is what an advisory says about a distribution, for a page to show.
type affected struct {
	*index.Affected
	at
	// Todo is what to do now, and Mood how bad it is: bad, warn, good or "".
	Todo, Mood string
	// Axis is the drawing; empty where no release is known or the advisory is
	// withdrawn.
	Axis  template.HTML
	Key   []key
	Says  []statement
	Runs  []run // of releases that are affected or that sources contradict each other on
	Doubt []run // of releases that cannot be judged
	// MoreRuns is how many of Runs are left out.
	MoreRuns int
	// Branches are the first mended releases of older branches.
	Branches []string
	// FixedDay is when Fixed was released, and Named says that a source names it as
	// fixed: else it is no more than the first above what is affected.
	FixedDay advisory.Date
	Named    bool
}

// statement is what one source says about versions.
type statement struct{ Source, Entry, Affected, Fixed string }

// run is a run of neighbouring releases in one state.
type run struct {
	From, To string
	N        int
	Kind     chart.Kind
}

// String says a run in words: "1.0", "1.0 and 1.1", "1.0 to 1.9 (12 releases)".
func (r run) String() string {
	switch r.N {
	case 1:
		return r.From
	case 2:
		return r.From + " and " + r.To
	}
	return fmt.Sprintf("%s to %s (%s releases)", r.From, r.To, number(r.N))
}

// mostAxes is how many drawings a page has; the words below each say the same.
const mostAxes = 40

// newAffected makes the view of what an advisory says about a distribution. The page
// is that of the advisory; n numbers the views on it.
func newAffected(of *index.Affected, where at, n int) affected {
	v := affected{Affected: of, at: where}
	for _, s := range of.Statements {
		from := ""
		if s.Source < len(of.Advisory.Sources) {
			from = of.Advisory.Sources[s.Source].Name
		}
		a, f := s.WholeWords()
		v.Says = append(v.Says, statement{Source: from, Entry: s.Entry, Affected: a, Fixed: f})
	}
	row := axisRow(of)
	v.Runs, v.Doubt = runs(of.Dist, row.Spans)
	for _, i := range row.Fixes {
		if r := &of.Dist.Releases[i]; r.Version != of.Fixed {
			v.Branches = append(v.Branches, r.Version)
		} else if !r.Date.IsZero() {
			v.FixedDay = advisory.DateOf(r.Date)
		}
	}
	v.Named = fixNamed(of)
	v.Todo, v.Mood = todo(of, v.Branches)
	if n <= mostAxes && len(of.Dist.Releases) > 0 && !of.Advisory.IsWithdrawn() {
		axis := newAxis(of.Dist, fmt.Sprintf("axis-%d", n), []chart.Row{row})
		axis.Title = fmt.Sprintf("Releases of %s that %s affects", of.Dist.Name, of.Advisory.ID)
		axis.Text = "The releases stand in order from left to right. " + spoken(&v)
		v.Axis, v.Key = template.HTML(axis.SVG()), keys(axis)
	}
	return v
}

// spoken says a row in a sentence, for whoever does not see it.
func spoken(v *affected) string {
	doubt := ""
	if len(v.Doubt) > 0 {
		doubt = " It cannot be told for " + first(v.Doubt, 12) + "."
	}
	if len(v.Known) == 0 {
		return "No known release is affected for certain." + doubt
	}
	said := count(len(v.Known), "release is affected: ", "releases are affected: ") + first(v.Runs, 12)
	if v.Fixed != "" {
		said += "; the first after them that is not is " + v.Fixed
	}
	return said + "." + doubt
}

// first says the first n runs, and how many more there are.
func first(all []run, n int) string {
	said := make([]string, 0, n+1)
	for i, r := range all {
		if i == n {
			said = append(said, fmt.Sprintf("and %s more spans", number(len(all)-n)))
			break
		}
		said = append(said, r.String())
	}
	return strings.Join(said, ", ")
}

// newAxis is the axis of a distribution's releases with rows on it.
func newAxis(d *index.Dist, id string, rows []chart.Row) *chart.Axis {
	a := &chart.Axis{ID: id, Points: make([]chart.Point, len(d.Releases)), Latest: d.Latest, Rows: rows}
	for i, r := range d.Releases {
		a.Points[i].Version = r.Version
		if !r.Date.IsZero() {
			a.Points[i].Year = r.Date.Year()
		}
	}
	return a
}

// axisRow is an advisory's row on the axis of a distribution.
func axisRow(of *index.Affected) chart.Row {
	r := chart.Row{Name: string(of.Advisory.ID)}
	if of.Advisory.IsWithdrawn() {
		r.Note = "withdrawn"
		return r
	}
	r.Spans = chart.Spans(len(of.Status), func(i int) chart.Kind {
		switch of.Status[i] {
		case advisory.StatusAffected:
			return chart.Affected
		case advisory.StatusContradictory:
			return chart.Contradictory
		case advisory.StatusUnknown:
			return chart.Unknown
		}
		return ""
	})
	r.Note = of.Advisory.Severity.String()
	if of.Advisory.Severity == advisory.SeverityUnknown {
		r.Note = "not rated"
	}
	if len(of.Known) == 0 && len(of.Unknown) == 0 {
		r.Note += ", no known release"
	}
	switch {
	case of.Fixed == "":
	case fixNamed(of):
		r.Note += ", fixed in " + of.Fixed
	default:
		r.Note += ", not in " + of.Fixed
	}
	r.Fixes = fixes(of, r.Spans)
	return r
}

// fixes are the releases that mend it: of each run of releases that are hit the
// first one behind it that is clean and no developer's, the last of them being
// that of Fixed, if there is one. Branches of a distribution are mended one by one.
// Where releases are stated to be fixed, one that is merely not affected does not
// count.
func fixes(of *index.Affected, spans []chart.Span) []int {
	mended := advisory.Status.IsClean
	if slices.Contains(of.Status, advisory.StatusFixed) {
		mended = func(s advisory.Status) bool { return s == advisory.StatusFixed }
	}
	var all []int
	last, next := true, len(of.Status)
	for _, s := range slices.Backward(spans) {
		if s.Kind == chart.Unknown {
			if !last {
				next = s.From
			}
			continue
		}
		for i := s.To + 1; i < next; i++ {
			r := &of.Dist.Releases[i]
			if mended(of.Status[i]) && !r.Developer && (!last || r.Version == of.Fixed) {
				all = append(all, i)
				break
			}
		}
		last, next = false, s.From
	}
	slices.Reverse(all)
	return all
}

// runs gives the spans of a row as versions: those that are affected or
// contradictory, and those that cannot be judged.
func runs(d *index.Dist, spans []chart.Span) (hit, doubt []run) {
	for _, s := range spans {
		r := run{From: d.Releases[s.From].Version, To: d.Releases[s.To].Version, N: s.To - s.From + 1, Kind: s.Kind}
		if s.Kind == chart.Unknown {
			doubt = append(doubt, r)
		} else {
			hit = append(hit, r)
		}
	}
	return hit, doubt
}

// key is one line of a drawing's key.
type key struct{ Class, Text string }

// keys are what occurs in a drawing.
func keys(a *chart.Axis) []key {
	seen := map[chart.Kind]bool{}
	fix := false
	for i := range a.Rows {
		fix = fix || len(a.Rows[i].Fixes) > 0
		for _, s := range a.Rows[i].Spans {
			seen[s.Kind] = true
		}
	}
	var all []key
	for _, k := range []struct {
		kind chart.Kind
		text string
	}{{chart.Affected, "affected"}, {chart.Contradictory, "a source says both affected and fixed"}, {chart.Unknown, "cannot be judged"}} {
		if seen[k.kind] {
			all = append(all, key{string(k.kind), k.text})
		}
	}
	if fix {
		all = append(all, key{"fix", "first release without it"})
	}
	if a.Latest >= 0 {
		all = append(all, key{"latest", "latest release"})
	}
	return all
}
