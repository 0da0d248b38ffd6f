package indexbuild

import (
	"slices"

	"nacre/advisory"
)

// knownBefore are the CVE records of the index before.
func (p *previous) knownBefore() []advisory.ID {
	if p == nil {
		return nil
	}
	var all []advisory.ID
	for i := range p.kept {
		if id := p.kept[i].ID; id.IsCVE() {
			all = append(all, id)
		}
	}
	return all
}

// remember gives rejected CVE records that no longer say what they were about, and
// that no other source carries, what the index before has of them: so they stay
// where people look for them, withdrawn, with the reason. The batches that it is
// given stay as they are.
func (p *previous) remember(batches []advisory.Batch) []advisory.Batch {
	if p == nil {
		return batches
	}
	kept := map[string]*advisory.Record{}
	for i := range p.kept {
		kept[p.kept[i].ID.Key()] = &p.kept[i]
	}
	carried := map[string]int{} // entries, by their ids
	for i := range batches {
		for j := range batches[i].Items {
			if r := batches[i].Items[j].Record; r != nil {
				carried[r.ID.Key()]++
				for _, alias := range r.Aliases {
					carried[alias.Key()]++
				}
			}
		}
	}
	batches = slices.Clone(batches)
	for i := range batches {
		own := false
		for j, item := range batches[i].Items {
			r := item.Record
			if r == nil || !r.IsWithdrawn() || len(r.Affected) > 0 || !r.ID.IsCVE() || carried[r.ID.Key()] > 1 {
				continue
			}
			was := kept[r.ID.Key()]
			if was == nil {
				continue
			}
			if !own {
				own, batches[i].Items = true, slices.Clone(batches[i].Items)
			}
			batches[i].Items[j].Record = tombstone(r, was, func(id advisory.ID) bool { return carried[id.Key()] > 0 })
		}
	}
	return batches
}

// tombstone is a rejected record with what its source said when it stood, the
// distributions that it was about, and the ids that it had, but those that another
// entry has now.
func tombstone(r, was *advisory.Record, carried func(advisory.ID) bool) *advisory.Record {
	t := *r
	if saidIt(r, was, "title") {
		t.Title = was.Title
	}
	if saidIt(r, was, "description") {
		t.Description = was.Description
	}
	t.Aliases = slices.DeleteFunc(slices.Clone(was.Aliases), carried)
	for i := range was.Affected {
		a := advisory.Affected{Dist: was.Affected[i].Dist, Darkpan: was.Affected[i].Darkpan}
		for _, s := range was.Affected[i].Statements {
			if advisory.ID(s.Entry).Equal(r.ID) {
				s.Source = 0
				a.Statements = append(a.Statements, s)
			}
		}
		t.Affected = append(t.Affected, a)
	}
	return &t
}

// saidIt says whether a field of the record as it was is of the source that rejects
// it.
func saidIt(r, was *advisory.Record, field string) bool {
	return slices.ContainsFunc(was.Provenance[field], func(i int) bool {
		return i < len(was.Sources) && len(r.Sources) > 0 && was.Sources[i].Name == r.Sources[0].Name
	})
}
