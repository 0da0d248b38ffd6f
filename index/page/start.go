package page

import (
	"fmt"

	"nacre/advisory"
	"nacre/index"
)

// startView is what the template "start" is given.
type startView struct {
	at
	Site    index.Site
	Figures []figure
	Newest  []rowData
	Unfixed []rowData
	Sources []index.Health
	Health  string // how the reading of the sources went, in a sentence
	Sick    bool   // a source could not be used
}

// figure is a number and what it counts.
type figure struct {
	N    int
	What string
}

// How many advisories the start page shows.
const (
	startNewest  = 10
	startUnfixed = 6
)

// start makes the start page.
func (s *shell) start(m *index.Model) (index.File, error) {
	const path = "index.html"
	v := &startView{at: path, Site: m.Site, Sources: m.Sources}
	stand, withdrawn, unfixed, releases := 0, 0, 0, 0
	for _, a := range m.Advisories {
		if a.IsWithdrawn() {
			withdrawn++
		} else {
			stand++
		}
	}
	for _, d := range m.Dists {
		releases += len(d.Releases)
		if worst, _ := latestStatus(d); worst == advisory.StatusAffected {
			unfixed++
		}
	}
	v.Figures = []figure{
		{stand, "advisories"},
		{len(m.Dists), "distributions"},
		{releases, "releases judged"},
		{unfixed, "distributions whose latest release is affected"},
		{withdrawn, "withdrawn advisories, kept to look up"},
	}
	for _, i := range newest(m) {
		a := m.Advisories[i]
		if a.IsWithdrawn() {
			continue
		}
		row := rowOf(a)
		row.at = path
		switch {
		case len(v.Newest) < startNewest:
			v.Newest = append(v.Newest, row)
		case len(v.Unfixed) < startUnfixed && row.Status == "affected":
			v.Unfixed = append(v.Unfixed, row)
		}
	}
	v.Health, v.Sick = wellbeing(m.Sources)
	return s.file(m.Site, &page{
		Path: path, About: "Known vulnerabilities of the distributions on CPAN, and of perl itself", Here: "start", Body: "start", Data: v,
	})
}

// wellbeing says how the reading of the sources went.
func wellbeing(all []index.Health) (said string, sick bool) {
	bad := 0
	for i := range all {
		if all[i].Problem != "" {
			bad++
		}
	}
	switch {
	case len(all) == 0:
		return "The sources of this index are not stated.", false
	case bad == 0 && len(all) == 1:
		return "Its source could be read.", false
	case bad == 0:
		return fmt.Sprintf("All %s could be read.", count(len(all), "source", "sources")), false
	}
	return fmt.Sprintf("%d of %s could not be used in this build; what was known from them before still stands.", bad, count(len(all), "source", "sources")), true
}
