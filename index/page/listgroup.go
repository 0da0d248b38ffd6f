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
	Name   string // "Advisories by year"
	Short  string // "By year"
	Folder string // "list/year"
	Text   string
	Links  []listLink
	lists  []list
}

// Path is the page of the overview.
func (o *overview) Path() string { return o.Folder + "/index.html" }

// add adds a group: what its link says, what its list is called, and what else
// there is to say of it.
func (o *overview) add(name, title, text string, rows []int) {
	l := list{Folder: o.Folder + "/" + name, Title: title, Up: listLink{Name: o.Name, Path: o.Path()}, rows: rows}
	o.lists = append(o.lists, l)
	o.Links = append(o.Links, listLink{Name: name, Path: l.Folder + "/index.html", Count: len(rows), Text: text})
}

// overviews gives the ways of grouping.
func (g *grouped) overviews() []*overview {
	years := &overview{
		Name: "Advisories by year", Short: "By year", Folder: "list/year",
		Text: "The year is that of the day on which the advisory was published, or else the flaw reported, as the sources state it.",
	}
	const undated = "undated"
	byYear := slices.SortedFunc(maps.Keys(g.years), func(a, b string) int {
		if a == undated || b == undated {
			return strings.Compare(a, b) // letters come after digits
		}
		return strings.Compare(b, a)
	})
	for _, y := range byYear {
		title := "Advisories of " + y
		if y == undated {
			title = "Advisories without a date"
		}
		years.add(y, title, "", g.years[y])
	}
	severities := &overview{
		Name: "Advisories by severity", Short: "By severity", Folder: "list/severity",
		Text: "Severity is the word of a source, or follows from the highest score. It is unknown where nobody rated the flaw, which does not make it harmless.",
	}
	for _, word := range severityWords() {
		severities.add(word, "Advisories of "+word+" severity", "", g.severities[word])
	}
	states := &overview{
		Name: "Advisories by the latest release", Short: "By latest release", Folder: "list/latest",
		Text: "Whether the latest known release of a distribution that the advisory is about is affected. It is unknown where no release is known, or what a source states about it cannot be read.",
	}
	for _, s := range []struct{ word, title string }{
		{"affected", "Advisories that affect the latest release"},
		{"clean", "Advisories that the latest release is not affected by"},
		{"unknown", "Advisories of which the latest release cannot be judged"},
		{"withdrawn", "Withdrawn advisories"},
	} {
		states.add(s.word, s.title, "", g.states[s.word])
	}
	cwes := &overview{
		Name: "Advisories by weakness", Short: "By weakness", Folder: "list/cwe",
		Text: "Kinds of weaknesses are those of the Common Weakness Enumeration that the sources name. An advisory may name several.",
	}
	for _, c := range g.weaknesses() {
		title, text := c, weaknesses[c]
		if c == "none" {
			title = "Advisories that name no weakness"
		} else if text != "" {
			title += ": " + text
		}
		cwes.add(c, title, text, g.cwes[c])
	}
	return []*overview{years, severities, states, cwes}
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

// severityWords are those of severities, the worst first.
func severityWords() []string { return []string{"critical", "high", "medium", "low", "unknown"} }
