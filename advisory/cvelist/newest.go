package cvelist

import (
	"time"

	"nacre/advisory"
	"nacre/fault"
)

// Newest refuses, in all lists, every record but the one of its id that was
// updated last; of several of one time the last stays, lists being in the order
// in which they were made. A record that cannot be read displaces none.
func Newest(lists []List) {
	type place struct{ list, item int }
	best := map[string]place{}
	at := func(p place) (*advisory.Item, time.Time) {
		return &lists[p.list].Batch.Items[p.item], lists[p.list].Updated[p.item]
	}
	for l := range lists {
		for i := range lists[l].Batch.Items {
			here := place{l, i}
			item, updated := at(here)
			if item.Record == nil {
				continue
			}
			key := item.Record.ID.Key()
			before, ok := best[key]
			if !ok {
				best[key] = here
				continue
			}
			old, then := at(before)
			if updated.Before(then) {
				old, item = item, old
			} else {
				best[key] = here
			}
			old.Refused = fault.New(fault.Invalid, "%s has a newer state of the record", item.Where)
			old.Record = nil
		}
	}
}
