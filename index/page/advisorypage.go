package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/index"
	"nacre/index/vex"
)

// advisoryView is what the template "advisory" is given.
type advisoryView struct {
	at
	*index.Advisory
	Paragraphs []string
	Weak       []weakness
	Affected   []affected
	Links      []reference
	Timeline   []moment
	Entries    []entries
	Forms      []form
}

// weakness is a CWE with its name and the list of those that have it.
type weakness struct{ ID, Name, Path string }

// reference is a link that a source gives. Web is empty for what cannot be followed from a page.
type reference struct{ Kind, Web, Text string }

// moment is a day on which something happened to an advisory.
type moment struct {
	Day  string
	What string
}

// entries are what one source contributed: the first of its entries, and how many
// more there are.
type entries struct {
	Source string
	List   []merge.Entry
	More   int
}

// form is another form of what a page tells.
type form struct{ Name, Path, Note string }

// mostEntries is how many entries of a source a page lists; a library's report is
// turned round into hundreds.
const mostEntries = 6

// mostAliases is how many other ids stand below the title.
const mostAliases = 4

// advisory makes the page of an advisory.
func (s *shell) advisory(m *index.Model, a *index.Advisory) ([]index.File, error) {
	where := at(advisoryPath(a.ID))
	v := &advisoryView{at: where, Advisory: a, Paragraphs: paragraphs(a.Description), Timeline: timeline(a), Forms: advisoryForms(a)}
	if len(v.Paragraphs) == 1 && strings.TrimSuffix(v.Paragraphs[0], ".") == strings.TrimSuffix(a.Title, ".") {
		v.Paragraphs = nil // the title was made of it
	}
	for _, c := range a.CWEs {
		v.Weak = append(v.Weak, weakness{c, weaknesses[c], "list/cwe/" + c + "/index.html"})
	}
	for i, of := range a.Dists {
		v.Affected = append(v.Affected, newAffected(of, where, i+1))
	}
	v.Links = references(a.References)
	v.Entries = entriesBySource(a.Entries)
	title := string(a.ID)
	if names := distNames(a, 2); names != "" {
		title += ": " + names
	}
	p := &page{
		Path: string(where), Title: title, About: a.Title, Here: "advisories", Body: "advisory", Data: v,
		Other: []alternate{{"application/json", "OSV", "osv/" + string(a.ID) + ".json"}},
	}
	f, err := s.file(m.Site, p)
	return []index.File{f}, err
}

// distNames names the first n distributions of an advisory.
func distNames(a *index.Advisory, n int) string {
	var names []string
	for i, of := range a.Dists {
		if i == n {
			names = append(names, fmt.Sprintf("%s more", number(len(a.Dists)-n)))
			break
		}
		names = append(names, string(of.Dist.Name))
	}
	return strings.Join(names, ", ")
}

// Also are the first aliases, and Others those that are left.
func (v *advisoryView) Also() []advisory.ID   { return v.Aliases[:min(len(v.Aliases), mostAliases)] }
func (v *advisoryView) Others() []advisory.ID { return v.Aliases[len(v.Also()):] }

// Dispute says that the assigner marks it as disputed.
func (v *advisoryView) Dispute() bool { return v.Disputed && !v.IsWithdrawn() }

// Page is the path of a distribution's page.
func (a affected) Page() string { return distPath(string(a.Dist.Name)) }

// paragraphs cuts a text where it has empty lines.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// kindNames are the kinds of references as headings, in the order of use to
// whoever has to act.
var kindNames = []struct{ kind, name string }{
	{advisory.KindFix, "Fix"},
	{advisory.KindAdvisory, "Advisory"},
	{advisory.KindReport, "Report"},
	{advisory.KindEvidence, "Evidence"},
	{advisory.KindArticle, "Article"},
	{advisory.KindPackage, "Package"},
	{advisory.KindWeb, "Web"},
}

// references are the links of an advisory, by kind.
func references(refs []advisory.Reference) []reference {
	var all []reference
	for _, k := range kindNames {
		for _, r := range refs {
			if r.Kind == k.kind {
				text := strings.TrimPrefix(strings.TrimPrefix(r.URL, "https://"), "http://")
				all = append(all, reference{k.name, web(r.URL), strings.TrimSuffix(text, "/")})
			}
		}
	}
	return all
}

const changedHere = "Last changed in this index"

// timeline is what happened to an advisory, in order.
func timeline(a *index.Advisory) []moment {
	var all []moment
	for _, m := range []struct {
		day  advisory.Date
		what string
	}{
		{a.Reported, "Reported"},
		{a.Published, "Published"},
		{a.Record.Modified, "Last modified by its source"},
		{a.Withdrawn, "Withdrawn"},
		{advisory.DateOf(a.Modified), changedHere},
	} {
		// The first build takes Modified from the sources.
		if m.day.IsZero() || m.what == changedHere && m.day.String() <= a.FirstSeen.String() {
			continue
		}
		all = append(all, moment{m.day.String(), m.what})
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.Day, b.Day) })
	return all
}

// entriesBySource groups the entries that an advisory was made of.
func entriesBySource(all []merge.Entry) []entries {
	var by []entries
	for _, e := range all {
		i := slices.IndexFunc(by, func(s entries) bool { return s.Source == e.Source })
		if i < 0 {
			by = append(by, entries{Source: e.Source})
			i = len(by) - 1
		}
		if len(by[i].List) < mostEntries {
			by[i].List = append(by[i].List, e)
		} else {
			by[i].More++
		}
	}
	return by
}

// advisoryForms are the other forms of an advisory.
func advisoryForms(a *index.Advisory) []form {
	id := string(a.ID)
	return []form{
		{"Everything, as JSON", "advisory/" + id + ".json", "the record and what was concluded"},
		{"OSV", "osv/" + id + ".json", "with affected versions listed"},
		{"CSAF", vex.CSAFPath(a), ""},
		{"OpenVEX", "openvex/" + id + ".json", ""},
		{"Short text", "text/" + id + ".280.txt", "280 characters"},
		{"Shorter text", "text/" + id + ".180.txt", "180 characters"},
	}
}
