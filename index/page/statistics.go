package page

import (
	"context"
	"html/template"
	"strconv"

	"nacre/advisory"
	"nacre/index"
	"nacre/index/chart"
)

// statisticsPath is the page of statistics.
const statisticsPath = "statistics/index.html"

// statistic is one drawing of the statistics, and the same numbers as a table.
type statistic struct {
	ID, Title string
	// Text says what is counted, of how many it could be told, and what was left
	// out.
	Text string
	// Result is what comes out of it, in a sentence; may be empty.
	Result string
	SVG    template.HTML
	Key    []key
	Head   []string
	Rows   [][]string
}

// statistics gives the page of statistics. Numbers are of advisories that stand;
// ages are reckoned from the day of the build.
func (s *shell) statistics(_ context.Context, m *index.Model) ([]index.File, error) {
	t := tally(m)
	f, err := s.file(m.Site, &page{
		Path: statisticsPath, Title: "Statistics", Here: "statistics", Body: "statistics.html",
		Data: map[string]any{
			"at": at(statisticsPath), "Day": advisory.DateOf(m.Day).String(), "Whole": t.whole(),
			"Figures": []statistic{t.perYear(), t.timeToFix(), t.unfixedByAge(), t.weaknesses(), t.coverage()},
		},
	})
	return []index.File{f}, err
}

// severityParts are the parts of a group by severity, the worst at the axis.
func severityParts() []chart.Part {
	parts := make([]chart.Part, 0, 5)
	for _, word := range severityWords() {
		parts = append(parts, chart.Part{Class: word, Name: severityName(word)})
	}
	return parts
}

func severityName(word string) string {
	if word == "unknown" {
		return "not rated"
	}
	return word
}

// draw makes a statistic of counts: a table with a column for each part, and a key
// where there are several.
func (f *statistic) draw(c chart.Counts, what string, columns bool) {
	c.ID, c.Title, c.Text = f.ID, f.Title, f.Text+" "+f.Result+" A table with the same numbers follows."
	if columns {
		f.SVG = template.HTML(c.Columns())
	} else {
		f.SVG = template.HTML(c.Rows())
	}
	f.Head = []string{what}
	for _, p := range c.Parts {
		f.Head = append(f.Head, p.Name)
		if len(c.Parts) > 1 {
			f.Key = append(f.Key, key{Class: p.Class, Text: p.Name})
		}
	}
	if len(c.Parts) > 1 {
		f.Head = append(f.Head, "together")
	}
	for _, g := range c.Groups {
		row := []string{g.Label}
		for _, v := range g.Values {
			row = append(row, number(v))
		}
		if len(c.Parts) > 1 {
			row = append(row, number(g.Sum()))
		}
		f.Rows = append(f.Rows, row)
	}
}

// perYear draws how many advisories each year brought.
func (t *tallied) perYear() statistic {
	f := statistic{
		ID: "per-year", Title: "Advisories per year",
		Text: "By the day on which they were published, or else reported, which the sources state for " + count(t.dated, "advisory", "advisories") +
			" of " + number(t.stand) + "." + except(t.undated, "without a date is", "without a date are") + " The last year is not over.",
	}
	c := chart.Counts{Parts: severityParts()}
	for y := t.firstYear; y <= t.lastYear && t.firstYear > 0; y++ {
		values := t.years[y]
		c.Groups = append(c.Groups, chart.Group{Label: strconv.Itoa(y), Values: values[:]})
	}
	f.draw(c, "Year", true)
	return f
}

// except says what was left out.
func except(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " 1 " + one + " left out."
	}
	return " " + number(n) + " " + many + " left out."
}

// timeToFix draws how long it took from a report to a release.
func (t *tallied) timeToFix() statistic {
	f := statistic{
		ID: "time-to-fix", Title: "From the report to the fix",
		Text: "Days from the day of the report to that of the first release that is not affected any more, of each advisory on each distribution. It can be told of " +
			number(t.mended) + " of " + number(t.pairs) + ".",
	}
	for _, left := range []struct {
		n   int
		why string
	}{{t.noFix, "no release with a fix is known"}, {t.noReport, "the sources state no day of the report"}, {t.noRelease, "the day of the release is not known"}} {
		if left.n > 0 {
			f.Text += " For " + number(left.n) + " " + left.why + "."
		}
	}
	if t.mended > 0 {
		f.Result = number(t.fixDays[0]) + " had a release with the fix on the day of the report or before it."
		if n := len(t.days); n > 0 {
			f.Result += " Of the " + number(n) + " others, half had one within " + count(t.median(), "day", "days") + "."
		}
	}
	f.draw(spans(fixSpans(), t.fixDays[:]), "Time", false)
	f.Head[1] = "Fixes"
	return f
}

// spans is counts by spans of time.
func spans(names []string, n []int) chart.Counts {
	c := chart.Counts{Parts: []chart.Part{{Class: "one"}}}
	for i, name := range names {
		c.Groups = append(c.Groups, chart.Group{Label: name, Values: n[i : i+1]})
	}
	return c
}

// unfixedByAge draws how long the latest releases have been affected.
func (t *tallied) unfixedByAge() statistic {
	f := statistic{
		ID: "unfixed", Title: "Latest release still affected, by age",
		Text: "Advisories by which the latest known release of a distribution is affected, by the time since they were published, or else reported: " +
			number(t.unfixed-t.unfixedUndated) + " of " + number(t.unfixed) + "." + except(t.unfixedUndated, "without a date is", "without a date are"),
	}
	c := chart.Counts{Parts: severityParts()}
	for i, name := range ageSpans() {
		c.Groups = append(c.Groups, chart.Group{Label: name, Values: t.ages[i][:]})
	}
	f.draw(c, "Age", false)
	return f
}

// weaknesses draws the most frequent weaknesses.
func (t *tallied) weaknesses() statistic {
	const shown = 15
	f := statistic{
		ID: "weaknesses", Title: "Weaknesses",
		Text: "As the sources name them, in the words of the Common Weakness Enumeration: " + number(t.stand-t.noWeakness) + " of " + number(t.stand) +
			" advisories name one or several.",
	}
	c := chart.Counts{Parts: []chart.Part{{Class: "one"}}}
	for i, w := range t.byWeakness {
		if i == shown {
			f.Text += " The " + strconv.Itoa(shown) + " most frequent of " + number(len(t.byWeakness)) + " are here; the lists have all."
			break
		}
		label := w.Name
		if words := weaknesses[w.Name]; words != "" {
			label += " " + words
		}
		c.Groups = append(c.Groups, chart.Group{Label: label, Values: []int{w.N}})
	}
	f.draw(c, "Weakness", false)
	f.Head[1] = "Advisories"
	return f
}

// coverage draws what the records tell.
func (t *tallied) coverage() statistic {
	f := statistic{
		ID: "coverage", Title: "What the records tell",
		Text: "Of " + count(t.stand, "advisory", "advisories") + " that stand: how many say what a reader needs. A flaw in an embedded library is one in foreign code that a distribution carries a copy of.",
	}
	c := chart.Counts{Parts: []chart.Part{{Class: "one"}}, Whole: t.stand}
	for _, k := range t.told {
		c.Groups = append(c.Groups, chart.Group{Label: k.Name, Values: []int{k.N}})
	}
	f.draw(c, "What", false)
	f.Head = []string{"What", "Advisories", "Share"}
	for i, k := range t.told {
		f.Rows[i] = append(f.Rows[i], strconv.Itoa((100*k.N+t.stand/2)/max(t.stand, 1))+" %")
	}
	return f
}
