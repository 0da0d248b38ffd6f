package index

import (
	"cmp"
	"slices"
	"time"

	"nacre/advisory"
)

// Rename is an id that an advisory of an earlier build had, and that no advisory
// has as its own any longer: the advisory got a CVE id, or became part of another
// one. Whoever holds a copy under that id is to be told so.
type Rename struct {
	ID advisory.ID `json:"id"`
	// To is the id of the advisory that it is part of.
	To advisory.ID `json:"to"`
	// Modified is the time of the build that found it so, UTC, and later than
	// Advisory.Modified ever was.
	Modified time.Time `json:"modified"`
	// FirstSeen is the day of the first build that had an advisory of that id, and
	// Title what it was called.
	FirstSeen advisory.Date `json:"first_seen"`
	Title     string        `json:"title,omitempty"`
}

// renamed are those of the builds before and of this one, by id. An id that is an
// advisory's own again is none, and one whose advisory is itself renamed leads to
// where that went.
func (m *Model) renamed(before *State, now time.Time) []Rename {
	if before == nil {
		return nil
	}
	all := slices.Clone(before.Renamed)
	for _, c := range before.Advisories {
		all = append(all, Rename{ID: c.ID, Modified: c.Modified, FirstSeen: c.FirstSeen, Title: c.Title})
	}
	left := all[:0]
	for _, r := range all {
		a := m.ByID(r.ID)
		if a == nil { // that its id is an alias is said no longer, and it was one
			a = m.ByID(r.To)
		}
		if a == nil || a.ID.Equal(r.ID) {
			continue
		}
		if !a.ID.Equal(r.To) {
			r.To, r.Modified = a.ID, later(now, r.Modified)
		}
		left = append(left, r)
	}
	slices.SortFunc(left, func(a, b Rename) int { return cmp.Compare(a.ID.Key(), b.ID.Key()) })
	return left
}

// later is now, or just after the time of the change before where a clock was put
// back: who asks for what is newer than that one must get this one.
func later(now, before time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(time.Second)
}
