package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/fault"
)

// records are those of the set and those that are kept, by id, without what says
// which state of a source they are of, and the ids of those that are kept.
func (m *Model) records(in Input) ([]advisory.Record, map[string]bool) {
	records := make([]advisory.Record, 0, len(in.Set.Records))
	known := map[string]bool{}
	for i := range in.Set.Records {
		r := &in.Set.Records[i]
		known[r.ID.Key()] = true
		for _, alias := range r.Aliases {
			known[alias.Key()] = true
		}
		records = append(records, stateless(*r))
	}
	gone := map[string]bool{}
	for i := range in.Kept {
		r := stateless(in.Kept[i])
		if known[r.ID.Key()] {
			continue
		}
		if !r.IsWithdrawn() {
			r.Withdrawn, r.WithdrawnReason = advisory.DateOf(m.Day), goneReason
		}
		gone[r.ID.Key()] = true
		records = append(records, r)
	}
	fit := records[:0]
	for _, r := range records {
		refuse := func(why string) {
			m.Ledger.Entries = append(m.Ledger.Entries, merge.Entry{
				Source: "index", Where: string(r.ID), Native: string(r.ID), Outcome: merge.Refused, Reason: why,
			})
		}
		if !IsFileName(string(r.ID)) {
			refuse("its id cannot be the name of a file")
			continue
		}
		named := len(r.Affected)
		if r = fitDists(r, refuse); named == 0 || len(r.Affected) > 0 {
			fit = append(fit, r)
		}
	}
	slices.SortFunc(fit, func(a, b advisory.Record) int { return cmp.Compare(a.ID.Key(), b.ID.Key()) })
	return fit, gone
}

// stateless is a record without the state of its sources.
func stateless(r advisory.Record) advisory.Record {
	r.Sources = slices.Clone(r.Sources)
	for i := range r.Sources {
		r.Sources[i].Commit, r.Sources[i].Time = "", time.Time{}
	}
	return r
}

// fitDists is a record without the distributions that cannot be in an index of
// files: what it says about the others stays.
func fitDists(r advisory.Record, refuse func(why string)) advisory.Record {
	isUnfit := func(a advisory.Affected) bool { return !IsFileName(string(a.Dist)) }
	if !slices.ContainsFunc(r.Affected, isUnfit) {
		return r
	}
	all := r.Affected
	r.Affected = nil
	for _, a := range all {
		if isUnfit(a) {
			refuse(fmt.Sprintf("the name of the distribution %s cannot be that of a file", fault.Quote(string(a.Dist))))
		} else {
			r.Affected = append(r.Affected, a)
		}
	}
	return r
}

// IsFileName says whether a name can be that of a file and of a folder beside it,
// on every system and at every host of pages: the folder Foo.json would be in the
// place of the file about Foo.
func IsFileName(s string) bool {
	return s != "" && len(s) <= 200 && s[0] != '.' && s[0] != '-' && !strings.HasSuffix(s, ".") &&
		!strings.HasSuffix(strings.ToLower(s), ".json") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\:*?"<>|%#&+'`, r) })
}
