package curation

import (
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
)

// target finds the record that the overlay is about, or says why there is none.
func (o *Overlay) target(records []advisory.Record) (*advisory.Record, string) {
	r, why := one(records, o.IDs[0], o.Dist)
	if r != nil && o.Kind == FalsePositive && o.Dist == "" && !r.ID.Equal(o.IDs[0]) {
		return nil, fmt.Sprintf("it is known as %s now, which may say more: name that, if it is none either", r.ID)
	}
	if r != nil && o.InsteadOf != "" && !slices.ContainsFunc(r.Sources, func(s advisory.Source) bool { return s.Name == o.InsteadOf }) {
		return nil, fmt.Sprintf("%s says nothing about it; what does is %s", o.InsteadOf, strings.Join(sourceNames(r), ", "))
	}
	return r, why
}

// sourceNames are the sources of a record that are no corrections.
func sourceNames(r *advisory.Record) []string {
	var all []string
	for i := range r.Sources {
		if n := r.Sources[i].Name; !merge.IsCuration(n) {
			all = append(all, n)
		}
	}
	return all
}

// one finds the record that an id stands for: the one whose own id it is, and
// else the only one that has it as an alias; where a distribution is named, among
// those about it.
func one(records []advisory.Record, id advisory.ID, d cpan.Dist) (*advisory.Record, string) {
	var found []*advisory.Record
	about := map[cpan.Dist]bool{}
	known := false
	for i := range records {
		r := &records[i]
		if !r.Has(id) {
			continue
		}
		known = true
		for j := range r.Affected {
			about[r.Affected[j].Dist] = true
		}
		if d != "" && r.For(d) == nil {
			continue
		}
		if r.ID.Equal(id) {
			return r, ""
		}
		found = append(found, r)
	}
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return nil, fmt.Sprintf("%s is an id of %s and of %s: name the one that is meant", id, found[0].ID, found[1].ID)
	case known && len(about) == 0:
		return nil, fmt.Sprintf("%s names no distribution", id)
	case known:
		return nil, fmt.Sprintf("%s says nothing about %s, but about %s", id, d, distsOf(about))
	}
	return nil, fmt.Sprintf("no source has an advisory %s", id)
}

// distsOf names distributions, as many as a sentence bears.
func distsOf(set map[cpan.Dist]bool) string {
	const most = 5
	var all []string
	for d := range set {
		all = append(all, string(d))
	}
	slices.Sort(all)
	if n := len(all) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), n)
	}
	return strings.Join(all, ", ")
}

// allow makes an entry for each CVE record that is let in, which names the
// distribution that the record itself does not name. It says which are not there,
// and which are about something else.
func (g *group) allow(o *Overlay) ([]advisory.Item, string) {
	var items []advisory.Item
	var missing, others []string
	for _, id := range o.IDs {
		switch sources, dists := g.cve(id); {
		case len(sources) == 0:
			missing = append(missing, string(id))
		case len(dists) == 0:
			items = append(items, o.item(id))
		case !dists[o.Dist]:
			others = append(others, fmt.Sprintf("%s (%s)", id, distsOf(dists)))
		}
	}
	switch {
	case len(missing) > 0:
		return items, "no source has a CVE record " + sample(missing)
	case len(others) > 0:
		return items, "the record itself names another distribution: " + sample(others)
	}
	return items, ""
}

// cve finds the CVE records of an id: the sources that have one, and the
// distributions that they name.
func (g *group) cve(id advisory.ID) (sources []string, dists map[cpan.Dist]bool) {
	dists = map[cpan.Dist]bool{}
	for b := range g.batches {
		for i := range g.batches[b].Items {
			r := g.batches[b].Items[i].Record
			name := g.batches[b].Source.Name
			if len(r.Sources) > 0 {
				name = r.Sources[0].Name
			}
			if !r.ID.Equal(id) || name == "CPANSA" || name == "OSV" || name == "GHSA" {
				continue
			}
			sources = append(sources, name)
			for j := range r.Affected {
				dists[r.Affected[j].Dist] = true
			}
		}
	}
	return sortedSet(sources), dists
}
