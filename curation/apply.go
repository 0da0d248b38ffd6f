package curation

import (
	"cmp"
	"slices"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
)

// Applied is what became of overlays beside the entries of the sources.
type Applied struct {
	// Batches are those that Apply was given, and one of the corrections after them
	// where there are any. Merge these.
	Batches []advisory.Batch

	set *Set
	// groups are the overlays that have to do with each other, with the entries
	// that their ids lead to.
	groups []*group
	// missed says of an overlay, by its index, why it is not among the batches.
	missed map[int]string
}

// Apply makes entries of the overlays. Neither the batches nor what they hold is
// changed. An overlay whose target is not there is left out, and Outcomes says
// so.
func (s *Set) Apply(batches []advisory.Batch) *Applied {
	a := &Applied{Batches: slices.Clip(batches), set: s, missed: map[int]string{}}
	if len(s.Overlays) == 0 {
		return a
	}
	a.groups = s.groups(batches)
	made := make([][]advisory.Item, len(s.Overlays))
	for _, g := range a.groups {
		g.make(s, a.missed)
		for i, items := range g.made {
			made[i] = items
		}
	}
	out := advisory.Batch{Source: advisory.Source{Name: merge.Curation}, Items: slices.Concat(made...)}
	a.Batches = append(a.Batches, out)
	return a
}

// group are overlays that have to do with each other, and the entries that their
// ids lead to over any number of steps: what these become in a merge does not
// depend on any other entry.
type group struct {
	overlays []int
	batches  []advisory.Batch
	last     int                     // which batch the last of batches is a part of
	made     map[int][]advisory.Item // what each overlay became
}

// groups finds for each overlay the entries that may have to do with it.
func (s *Set) groups(batches []advisory.Batch) []*group {
	names := joined{}
	for i := range s.Overlays {
		names.join(s.Overlays[i].IDs...)
	}
	for b := range batches {
		for i := range batches[b].Items {
			if r := batches[b].Items[i].Record; r != nil {
				names.join(r.ID)
				for _, id := range r.Aliases {
					names.join(r.ID, id)
				}
			}
		}
	}
	by := map[string]*group{}
	var groups []*group
	for i := range s.Overlays {
		root := names.find(s.Overlays[i].IDs[0].Key())
		g := by[root]
		if g == nil {
			g = &group{made: map[int][]advisory.Item{}}
			by[root] = g
			groups = append(groups, g)
		}
		g.overlays = append(g.overlays, i)
	}
	for b := range batches {
		for i := range batches[b].Items {
			item := &batches[b].Items[i]
			if item.Record == nil {
				continue
			}
			g := by[names.find(item.Record.ID.Key())]
			if g == nil {
				continue
			}
			if len(g.batches) == 0 || g.last != b {
				g.last = b
				g.batches = append(g.batches, advisory.Batch{Source: batches[b].Source})
			}
			last := &g.batches[len(g.batches)-1]
			last.Items = append(last.Items, *item)
		}
	}
	return groups
}

// joined says which ids lead to each other: each id's next, up to one that is its
// own.
type joined map[string]string

func (j joined) find(id string) string {
	for j[id] != id {
		next, ok := j[id]
		if !ok {
			return id
		}
		j[id] = j[next] // halves the way
		id = next
	}
	return id
}

func (j joined) join(ids ...advisory.ID) {
	for i, id := range ids {
		if k := id.Key(); j[k] == "" {
			j[k] = k
		}
		if i > 0 {
			j[j.find(id.Key())] = j.find(ids[0].Key())
		}
	}
}

// records merges the group's entries with what those overlays became that keep
// says.
func (g *group) records(keep func(i int) bool) []advisory.Record {
	out := advisory.Batch{Source: advisory.Source{Name: merge.Curation}}
	for _, i := range g.overlays {
		if keep(i) {
			out.Items = append(out.Items, g.made[i]...)
		}
	}
	set, _ := merge.Merge(append(slices.Clip(g.batches), out))
	return set.Records
}

func all(int) bool { return true }

// make turns the group's overlays into entries: first those that let records in,
// then those that link, since the others may be about what these make of it.
func (g *group) make(s *Set, missed map[int]string) {
	each := func(do func(i int, o *Overlay), kinds ...Kind) {
		for _, i := range g.overlays {
			if o := &s.Overlays[i]; slices.Contains(kinds, o.Kind) {
				do(i, o)
			}
		}
	}
	each(func(i int, o *Overlay) { g.made[i], missed[i] = g.allow(o) }, Allow)
	records := g.records(all)
	each(func(i int, o *Overlay) { g.made[i], missed[i] = o.link(records) }, Link)
	records = g.records(all)
	each(func(i int, o *Overlay) {
		r, why := o.target(records)
		if missed[i] = why; r != nil {
			g.made[i] = []advisory.Item{o.item(r.ID)}
		}
	}, Correct, FalsePositive, Complete, Describe)
}

// item is the overlay as an entry about the record of an id.
func (o *Overlay) item(id advisory.ID) advisory.Item {
	name := merge.Curation
	if o.InsteadOf != "" {
		name = merge.CurationOf(o.InsteadOf)
	}
	entry := "curation/" + o.Where()
	r := &advisory.Record{
		ID: id, Modified: o.Date,
		Sources: []advisory.Source{{Name: name, ID: string(id), File: o.Where()}},
	}
	here := advisory.Affected{Dist: o.Dist}
	switch o.Kind {
	case Correct:
		here.Statements = []advisory.Statement{{Entry: entry, CPANSA: &advisory.CPANSA{Affected: o.Affected, Fixed: o.Fixed}}}
	case FalsePositive:
		if o.Dist == "" {
			r.Withdrawn, r.WithdrawnReason = o.Date, o.Reason
		}
		here.Statements = []advisory.Statement{{Entry: entry, CVE: &advisory.CVE{DefaultStatus: "unaffected"}}}
	case Complete:
		here.Modules, here.Files, here.Routines = o.Modules, o.Files, o.Routines
	case Describe:
		r.Title, r.Severity, r.CWEs = o.Title, o.Severity, o.CWEs
	}
	if o.Dist != "" {
		r.Affected = []advisory.Affected{here}
	}
	return advisory.Item{Where: o.Where(), Native: entry, Record: r}
}

// link is a link as an entry: it has the ids of all, and names the distributions
// of all, without saying anything about them.
func (o *Overlay) link(records []advisory.Record) ([]advisory.Item, string) {
	var ids []advisory.ID
	dists := map[cpan.Dist]bool{}
	for _, id := range o.IDs {
		r, why := one(records, id, "")
		if r == nil {
			return nil, why
		}
		ids = append(ids, r.ID)
		for i := range r.Affected {
			dists[r.Affected[i].Dist] = true
		}
	}
	if len(dists) == 0 {
		return nil, "none of them names a distribution"
	}
	item := o.item(ids[0])
	item.Record.Aliases = ids[1:]
	item.Record.Affected = nil
	for d := range dists {
		item.Record.Affected = append(item.Record.Affected, advisory.Affected{Dist: d})
	}
	slices.SortFunc(item.Record.Affected, func(a, b advisory.Affected) int { return cmp.Compare(a.Dist, b.Dist) })
	return []advisory.Item{item}, ""
}
