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

// distView is what the template "dist" is given.
type distView struct {
	at
	*index.Dist
	Site          index.Site
	Verdict, Mood string
	By            []*index.Affected // what the verdict rests on
	Axis          template.HTML
	Key           []key
	Rows          []affected // advisories that stand, the newest first
	Withdrawn     []*index.Affected
	Listed        []listed // releases, the newest first
	Forms         []form
}

// listed is a release and what is known of it.
type listed struct {
	Version, Day, Perl string
	Developer, Latest  bool
	// By are the first advisories that affect it, and More how many more do;
	// Unknown is how many cannot be judged.
	By      []advisory.ID
	More    int
	Unknown int
	// Bad is set where version.pm refuses the version.
	Bad bool
}

// mostRuns is how many runs of releases the table of advisories shows; the page of
// the advisory shows all.
const mostRuns = 6

// mostBy is how many advisories a release is listed with.
const mostBy = 4

// dist makes the page of a distribution.
func (s *shell) dist(m *index.Model, d *index.Dist) ([]index.File, error) {
	where := at(distPath(string(d.Name)))
	v := &distView{at: where, Dist: d, Site: m.Site}
	v.Verdict, v.Mood, v.By = verdict(d)
	var rows []chart.Row
	for _, of := range newestFirst(d.Advisories) {
		if of.Advisory.IsWithdrawn() {
			v.Withdrawn = append(v.Withdrawn, of)
			continue
		}
		row := axisRow(of)
		view := affected{Affected: of, at: where, Named: fixNamed(of)}
		view.Runs, view.Doubt = runs(d, row.Spans)
		if n := len(view.Runs) - mostRuns; n > 1 {
			view.Runs, view.MoreRuns = view.Runs[:mostRuns], n
		}
		v.Rows = append(v.Rows, view)
		rows = append(rows, row)
	}
	if len(d.Releases) > 0 && len(rows) > 0 {
		axis := newAxis(d, "axis", rows)
		axis.Title = fmt.Sprintf("Which releases of %s are affected by which advisory", d.Name)
		axis.Text = fmt.Sprintf("%s in order from left to right, and below each other %s. The table says the same.",
			count(len(d.Releases), "release", "releases"), count(len(rows), "advisory", "advisories"))
		v.Axis, v.Key = template.HTML(axis.SVG()), keys(axis)
	}
	v.Listed = releases(d)
	name := string(d.Name)
	v.Forms = []form{
		{"Everything, as JSON", "dist/" + name + ".json", "releases, ranges and verdicts"},
		{"Feed of its advisories", "dist/" + name + "/feed.atom", "Atom"},
		{"Badge", "dist/" + name + "/badge.svg", "SVG"},
	}
	f, err := s.file(m.Site, &page{
		Path: string(where), Title: name, About: v.Verdict, Here: "distributions", Body: "dist", Data: v,
		Feed:  "dist/" + name + "/feed.atom",
		Other: []alternate{{"application/json", name, "dist/" + name + ".json"}},
	})
	return []index.File{f}, err
}

// Badge is the Markdown that shows the badge of a distribution.
func (v *distView) Badge() string {
	url := strings.TrimSuffix(v.Site.URL, "/") + "/"
	return fmt.Sprintf("[![Known advisories](%sdist/%s/badge.svg)](%sdist/%[2]s/index.html)", url, v.Name, url)
}

// BadgePath is the path of the badge.
func (v *distView) BadgePath() string { return "dist/" + string(v.Name) + "/badge.svg" }

// newestFirst orders what is said of a distribution as lists are ordered.
func newestFirst(all []*index.Affected) []*index.Affected {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *index.Affected) int {
		return strings.Compare(dated(b.Advisory).String(), dated(a.Advisory).String())
	})
	return sorted
}

// releases lists the releases, the greatest first.
func releases(d *index.Dist) []listed {
	all := make([]listed, 0, len(d.Releases))
	for i, r := range slices.Backward(d.Releases) {
		l := listed{Version: r.Version, Perl: r.Perl, Developer: r.Developer, Latest: i == d.Latest, Bad: r.Parsed.IsZero()}
		if !r.Date.IsZero() {
			l.Day = advisory.DateOf(r.Date).String()
		}
		for _, of := range d.Advisories {
			switch of.Status[i] {
			case advisory.StatusAffected, advisory.StatusContradictory:
				if len(l.By) < mostBy {
					l.By = append(l.By, of.Advisory.ID)
				} else {
					l.More++
				}
			case advisory.StatusUnknown:
				l.Unknown++
			}
		}
		all = append(all, l)
	}
	return all
}
