package vex

import (
	"cmp"
	"net/url"
	"slices"

	"nacre/advisory"
	"nacre/index"
	"nacre/report/openvex"
)

// openVEXFile is the document of an advisory; of one that names no distribution
// there is nothing to say.
func openVEXFile(m *index.Model, a *index.Advisory) ([]index.File, error) {
	if len(a.Dists) == 0 {
		return nil, nil
	}
	path := "openvex/" + string(a.ID) + ".json"
	flaw := openvex.Vulnerability{ID: home(m, a), Name: string(a.ID), Description: a.Title}
	further := furtherCVEs(a)
	for _, alias := range a.Aliases {
		if !slices.Contains(further, string(alias)) {
			flaw.Aliases = append(flaw.Aliases, string(alias))
		}
	}
	doc := openvex.Document{
		Context: openvex.Context, ID: m.Site.URL + path, Author: m.Site.Publisher, Role: m.Site.Category,
		Timestamp: stamp(initial(a)), Version: 1 + int(current(a).Sub(initial(a)).Seconds()),
	}
	if last := current(a); last.After(initial(a)) {
		doc.Updated = stamp(last)
	}
	for _, of := range a.Dists {
		doc.Version += len(of.Dist.Releases)
		for _, s := range statements(m, of) {
			s.Vulnerability = flaw
			doc.Statements = append(doc.Statements, s)
		}
	}
	b, err := line(doc)
	if err != nil {
		return nil, err
	}
	return []index.File{{Path: path, Data: b}}, nil
}

// statements says of each known release what is known of it, by status.
func statements(m *index.Model, of *index.Affected) []openvex.Statement {
	if of.Advisory.IsWithdrawn() || len(of.Dist.Releases) == 0 {
		return []openvex.Statement{overall(m, of)}
	}
	said := ranges(of)
	action, _ := remedy(of)
	all := []openvex.Statement{
		{Status: openvex.Affected, StatusNotes: said, ActionStatement: action},
		{Status: openvex.UnderInvestigation, StatusNotes: "The sources contradict each other, or they or the version cannot be read. " + said},
		{Status: openvex.Fixed, StatusNotes: said},
		{Status: openvex.NotAffected, ImpactStatement: "No source counts the version among the affected ones. " + said},
		{Status: openvex.NotAffected, ImpactStatement: "The source with most authority does not count the version among the affected ones, and another one does. " + said},
	}
	seen := map[string]bool{}
	last := -1 // of the affected releases
	for i, s := range of.Status {
		if s == advisory.StatusAffected || s == advisory.StatusContradictory {
			last = i
		}
	}
	for i, r := range of.Dist.Releases {
		id := cmp.Or(purlOf(of.Dist, r.Version), page(m, of.Dist)+"#"+url.PathEscape(r.Version))
		if r.Version == "" || seen[id] {
			continue
		}
		seen[id] = true
		at := 3
		switch s := of.Status[i]; {
		case s == advisory.StatusAffected:
			at = 0
		case !s.IsClean():
			at = 1
		case s == advisory.StatusFixed:
			at = 2
		case isDenied(of, i):
			at = 4
		case last >= 0 && i > last:
			at = 2
		}
		all[at].Products = append(all[at].Products, openvex.Product{Component: openvex.Component{ID: id}})
	}
	full := all[:0]
	for _, s := range all {
		if s.Products != nil {
			full = append(full, s)
		}
	}
	return full
}

// overall speaks about a distribution as a whole.
func overall(m *index.Model, of *index.Affected) openvex.Statement {
	id := cmp.Or(purlOf(of.Dist, ""), page(m, of.Dist))
	s := openvex.Statement{
		Products: []openvex.Product{{Component: openvex.Component{ID: id}}},
		Status:   openvex.UnderInvestigation, StatusNotes: "No release is known. " + ranges(of),
	}
	switch a := of.Advisory; {
	case a.StoodToEnd():
		s.StatusNotes = withdrawn(a)
	case a.IsWithdrawn():
		s.Status, s.StatusNotes, s.ImpactStatement = openvex.NotAffected, "", withdrawn(a)
	}
	return s
}

// page is the address of a distribution's page, which stands for what no package
// URL names.
func page(m *index.Model, d *index.Dist) string {
	return m.Site.URL + "dist/" + url.PathEscape(string(d.Name)) + "/"
}
