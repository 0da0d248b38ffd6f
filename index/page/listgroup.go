package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/index"
)

// allPath is the list of all advisories.
const allPath = "list/all/index.html"

// grouped is all advisories in the order of lists, and what they are grouped by.
type grouped struct {
	all                             []int
	years, severities, cwes, states map[string][]int
}

// group groups the advisories of a model.
func group(m *index.Model) *grouped {
	g := &grouped{all: newest(m), years: map[string][]int{}, severities: map[string][]int{}, cwes: map[string][]int{}, states: map[string][]int{}}
	add := func(to map[string][]int, key string, i int) {
		to[key] = append(to[key], i)
	}
	for _, i := range g.all {
		a := m.Advisories[i]
		add(g.years, cmp.Or(year(a), "undated"), i)
		add(g.severities, a.Severity.String(), i)
		add(g.states, state(a), i)
		named := false
		for _, c := range a.CWEs {
			// Its name is that of a folder.
			if read, ok := advisory.ParseCWE(c); ok && read == c {
				add(g.cwes, c, i)
				named = true
			}
		}
		if !named {
			add(g.cwes, "none", i)
		}
	}
	return g
}

// overview is one way of grouping: a page with a link to the list of each group.
type overview struct {
	Name, Path, Text string
	Short            string // "By year"
	Links            []listLink
}

// overview gives the ways of grouping.
func (g *grouped) overview() []overview {
	years := overview{
		Name: "Advisories by year", Short: "By year", Path: "list/year/index.html",
		Text: "The year is that of the day on which the advisory was published, or else the flaw reported, as the sources state it.",
	}
	byYear := slices.SortedFunc(maps.Keys(g.years), func(a, b string) int {
		undated := func(y string) int { return strings.IndexAny(y, "0123456789") } // 0 is a year, -1 "undated"
		return cmp.Or(cmp.Compare(undated(b), undated(a)), strings.Compare(b, a))
	})
	for _, y := range byYear {
		years.Links = append(years.Links, listLink{Name: y, Path: "list/year/" + y + "/index.html", Count: len(g.years[y])})
	}
	severities := overview{
		Name: "Advisories by severity", Short: "By severity", Path: "list/severity/index.html",
		Text: "Severity is the word of a source, or follows from the highest score. It is unknown where nobody rated the flaw, which does not make it harmless.",
	}
	for _, word := range severityWords() {
		severities.Links = append(severities.Links, listLink{Name: word, Path: "list/severity/" + word + "/index.html", Count: len(g.severities[word])})
	}
	cwes := overview{
		Name: "Advisories by weakness", Short: "By weakness", Path: "list/cwe/index.html",
		Text: "Kinds of weaknesses are those of the Common Weakness Enumeration that the sources name. An advisory may name several.",
	}
	for _, c := range g.weaknesses() {
		cwes.Links = append(cwes.Links, listLink{Name: c, Path: "list/cwe/" + c + "/index.html", Count: len(g.cwes[c]), Text: weaknesses[c]})
	}
	states := overview{
		Name: "Advisories by the latest release", Short: "By latest release", Path: "list/latest/index.html",
		Text: "Whether the latest known release of a distribution that the advisory is about is affected. It is unknown where no release is known, or what a source states about it cannot be read.",
	}
	for _, word := range []string{"affected", "clean", "unknown", "withdrawn"} {
		states.Links = append(states.Links, listLink{Name: word, Path: "list/latest/" + word + "/index.html", Count: len(g.states[word])})
	}
	return []overview{years, severities, states, cwes}
}

// weaknesses are those that an advisory names, the most frequent first, and "none"
// at the end.
func (g *grouped) weaknesses() []string {
	rank := func(c string) int {
		if c == "none" {
			return 1
		}
		return -len(g.cwes[c])
	}
	number := func(c string) int {
		n, _ := strconv.Atoi(strings.TrimPrefix(c, "CWE-"))
		return n
	}
	return slices.SortedFunc(maps.Keys(g.cwes), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(number(a), number(b)))
	})
}

// lists gives the list of all advisories and that of each group.
func (g *grouped) lists() []list {
	all := []list{{
		Folder: "list/all", Title: "All advisories", rows: g.all, Up: listLink{Name: "Start", Path: "index.html"},
		Text: "The newest first, withdrawn ones too.",
	}}
	up := g.overview()
	for _, l := range up[0].Links {
		title := "Advisories of " + l.Name
		if l.Name == "undated" {
			title = "Advisories without a date"
		}
		all = append(all, g.list(l, title, up[0], g.years))
	}
	for _, l := range up[1].Links {
		all = append(all, g.list(l, "Advisories of "+l.Name+" severity", up[1], g.severities))
	}
	for _, l := range up[2].Links {
		titles := map[string]string{
			"affected": "Advisories that affect the latest release", "clean": "Advisories that the latest release is not affected by",
			"unknown": "Advisories of which the latest release cannot be judged", "withdrawn": "Withdrawn advisories",
		}
		all = append(all, g.list(l, titles[l.Name], up[2], g.states))
	}
	for _, l := range up[3].Links {
		title := l.Name
		if l.Name == "none" {
			title = "Advisories that name no weakness"
		} else if l.Text != "" {
			title += ": " + l.Text
		}
		all = append(all, g.list(l, title, up[3], g.cwes))
	}
	return all
}

// list is the list that a link of an overview leads to.
func (g *grouped) list(l listLink, title string, up overview, of map[string][]int) list {
	return list{
		Folder: strings.TrimSuffix(l.Path, "/index.html"), Title: title,
		Up: listLink{Name: up.Name, Path: up.Path}, rows: of[l.Name],
	}
}

// severityWords are those of severities, the worst first.
func severityWords() []string { return []string{"critical", "high", "medium", "low", "unknown"} }
