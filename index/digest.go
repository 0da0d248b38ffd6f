package index

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// digestOf is the digest of values as JSON.
func digestOf(values ...any) (Digest, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, v := range values {
		if err := e.Encode(v); err != nil {
			return Digest{}, fault.Wrap(fault.Invalid, err, "digest of a conclusion")
		}
	}
	return Digest(h.Sum(nil)), nil
}

// conclusions are those of all advisories, in their order. It sets when each was
// first seen and last changed.
func (b *builder) conclusions(in Input, now time.Time) ([]Conclusion, error) {
	all := make([]Conclusion, len(b.m.Advisories))
	for i, a := range b.m.Advisories {
		c, err := conclusionOf(a)
		if err != nil {
			return nil, err
		}
		a.FirstSeen, a.Modified = advisory.DateOf(b.m.Day), now
		switch old := b.before[a.ID.Key()]; {
		case old == nil && in.Before == nil:
			a.Modified = b.stated(a, now)
		case old == nil:
			if r := b.was[a.ID.Key()]; r != nil { // its id is its own again
				a.FirstSeen, a.Modified = r.FirstSeen, later(now, r.Modified)
			}
		case old.Digest == c.Digest:
			a.FirstSeen, a.Modified = old.FirstSeen, old.Modified
		default:
			a.FirstSeen = old.FirstSeen
			a.Modified = later(now, old.Modified)
		}
		c.FirstSeen, c.Modified = a.FirstSeen, a.Modified
		all[i] = c
	}
	return all, nil
}

// digests sets the digests of all advisories and distributions.
func (b *builder) digests(in Input, s *State) error {
	releases := map[cpan.Dist]Digest{}
	for _, d := range b.m.Dists {
		digest, err := digestOf(d.Name, d.Main, d.Modules, d.Releases, d.Latest, d.Darkpan, d.Security)
		if err != nil {
			return err
		}
		releases[d.Name] = digest
	}
	history := map[string][]Change{}
	for _, c := range s.History {
		history[c.ID.Key()] = append(history[c.ID.Key()], c)
	}
	for i, a := range b.m.Advisories {
		all := []any{in.Site, s.Advisories[i].Digest, a.Entries, a.Doubts, a.FirstSeen, a.Modified, a.CVE, history[a.ID.Key()]}
		for _, of := range a.Dists {
			all = append(all, releases[of.Dist.Name])
		}
		var err error
		if a.Digest, err = digestOf(all...); err != nil {
			return err
		}
	}
	for _, d := range b.m.Dists {
		all := []any{in.Site, releases[d.Name]}
		for _, of := range d.Advisories {
			all = append(all, of.Advisory.Digest)
		}
		var err error
		if d.Digest, err = digestOf(all...); err != nil {
			return err
		}
	}
	return nil
}

// stated is when a record was last modified as far as its sources say, for the
// first build, which has nothing to compare with. A day of the future is none: who
// has seen it would ask for nothing older.
func (b *builder) stated(a *Advisory, now time.Time) time.Time {
	if t := a.Record.Modified.Time(); !a.Record.Modified.IsZero() && !t.After(now) {
		return t
	}
	var newest time.Time
	for _, d := range []advisory.Date{a.Reported, a.Published, a.Withdrawn} {
		if !d.IsZero() && d.Time().After(newest) {
			newest = d.Time()
		}
	}
	for i := range b.m.Set.Sources {
		s := &b.m.Set.Sources[i]
		if s.Time.After(newest) && slices.ContainsFunc(a.Sources, func(o advisory.Source) bool { return o.Name == s.Name }) {
			newest = s.Time
		}
	}
	if newest.IsZero() || newest.After(now) {
		return now
	}
	return newest.UTC().Truncate(time.Second)
}

// conclusionOf is an advisory in short.
func conclusionOf(a *Advisory) (Conclusion, error) {
	c := Conclusion{ID: a.ID, Withdrawn: a.IsWithdrawn(), Gone: a.Gone, Title: a.Title, Severity: a.Severity.String()}
	all := []any{a.Record, a.Gone}
	for _, of := range a.Dists {
		s := Short{Dist: of.Dist.Name, Known: len(of.Known), Fixed: of.Fixed, Range: of.Range}
		c.Dists = append(c.Dists, s)
		all = append(all, s, of.Known, of.Unknown)
	}
	var err error
	c.Digest, err = digestOf(all...)
	return c, err
}

// state makes what the next build is compared with, and the digests.
func (b *builder) state(in Input, now time.Time) (*State, error) {
	s := &State{Schema: StateSchema, Sequence: 1, Renamed: b.m.Renamed, Sources: b.m.Sources}
	var err error
	if s.Advisories, err = b.conclusions(in, now); err != nil {
		return nil, err
	}
	if in.Before != nil {
		s.History = append(changes(in, b.m, s), in.Before.History...)
		s.History = s.History[:min(len(s.History), MaxHistory)]
	}
	if err := b.digests(in, s); err != nil {
		return nil, err
	}
	all := []any{in.Site, in.Generator, b.m.Day, in.Set.Sources, in.Set.Notes, in.Set.Feeds, b.m.Sources, in.Curated, in.CVEs}
	for _, d := range slices.Sorted(maps.Keys(in.Set.Releases)) {
		all = append(all, d, in.Set.Releases[d])
	}
	for _, m := range slices.Sorted(maps.Keys(in.Set.Owners)) {
		all = append(all, m, in.Set.Owners[m])
	}
	for _, a := range b.m.Advisories {
		all = append(all, a.Digest)
	}
	for _, e := range b.m.Ledger.Entries {
		all = append(all, e)
	}
	for _, r := range b.m.Renamed {
		all = append(all, r)
	}
	if s.Input, err = digestOf(all...); err != nil {
		return nil, err
	}
	if in.Before != nil {
		s.Sequence = in.Before.Sequence
		if s.Input != in.Before.Input {
			s.Sequence++
		}
	}
	return s, nil
}
