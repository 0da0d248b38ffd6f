package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// Input is what an index is made of.
type Input struct {
	Site      Site
	Generator string
	Now       time.Time // of the build
	Set       advisory.Set
	Ledger    merge.Ledger
	Sources   []Health
	Curated   []Curated
	Security  map[cpan.Dist]Security
	// Before is what the build before concluded, and Kept the records that it had;
	// nothing for the first build. Of Kept only those are taken that Set has not.
	Before *State
	Kept   []advisory.Record
}

// goneReason is the reason of a record that no source carries any longer.
const goneReason = "no source carries it any longer"

// New draws the conclusions. Neither the set nor the records are changed. A
// record or a distribution whose name cannot be that of a file is left out, and
// stands in the ledger as refused.
func New(in Input) (*Model, error) {
	if err := in.Site.Check(); err != nil {
		return nil, err
	}
	now := in.Now.UTC().Truncate(time.Second)
	m := &Model{
		Site: in.Site, Generator: in.Generator, Day: now.Truncate(24 * time.Hour),
		Sources: in.Sources, Ledger: in.Ledger, Curated: in.Curated,
		byID: map[string]*Advisory{}, byDist: map[cpan.Dist]*Dist{},
	}
	m.Ledger.Entries = slices.Clone(in.Ledger.Entries)
	set := in.Set
	set.Records = m.records(in)
	m.Set = &set

	b := &builder{m: m, modules: modulesOf(in.Set.Owners), security: in.Security, before: conclusions(in.Before)}
	for i := range set.Records {
		b.advisory(&set.Records[i])
	}
	b.entries()
	slices.SortFunc(m.Dists, func(a, b *Dist) int { return cmp.Compare(a.Name, b.Name) })
	if err := b.digests(in, now); err != nil {
		return nil, err
	}
	for _, a := range m.Advisories {
		m.byID[a.ID.Key()] = a
	}
	for _, a := range m.Advisories {
		for _, alias := range a.Aliases {
			if m.byID[alias.Key()] == nil {
				m.byID[alias.Key()] = a
			}
		}
	}
	return m, b.state(in, now)
}

// records are those of the set and those that are kept, by id, without what says
// which state of a source they are of.
func (m *Model) records(in Input) []advisory.Record {
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
	for i := range in.Kept {
		r := &in.Kept[i]
		if known[r.ID.Key()] {
			continue
		}
		gone := stateless(*r)
		if gone.Withdrawn.IsZero() {
			gone.Withdrawn, gone.WithdrawnReason = advisory.DateOf(m.Day), goneReason
		}
		records = append(records, gone)
	}
	fit := records[:0]
	for _, r := range records {
		if why := unfit(&r); why != "" {
			m.Ledger.Entries = append(m.Ledger.Entries, merge.Entry{
				Source: "index", Where: string(r.ID), Native: string(r.ID), Outcome: merge.Refused, Reason: why,
			})
			continue
		}
		fit = append(fit, r)
	}
	slices.SortFunc(fit, func(a, b advisory.Record) int { return cmp.Compare(a.ID.Key(), b.ID.Key()) })
	return fit
}

// stateless is a record without the state of its sources.
func stateless(r advisory.Record) advisory.Record {
	r.Sources = slices.Clone(r.Sources)
	for i := range r.Sources {
		r.Sources[i].Commit, r.Sources[i].Time = "", time.Time{}
	}
	return r
}

// unfit says why a record cannot be in an index of files.
func unfit(r *advisory.Record) string {
	if !IsFileName(string(r.ID)) {
		return "its id cannot be the name of a file"
	}
	for i := range r.Affected {
		if !IsFileName(string(r.Affected[i].Dist)) {
			return "the name of a distribution cannot be that of a file"
		}
	}
	return ""
}

// IsFileName says whether a name can be that of a file on every system and at
// every host of pages.
func IsFileName(s string) bool {
	return s != "" && len(s) <= 200 && s[0] != '.' && s[0] != '-' && !strings.HasSuffix(s, ".") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\:*?"<>|%#&+'`, r) })
}

// modulesOf turns the table of owners round.
func modulesOf(owners map[cpan.Module]cpan.Dist) map[cpan.Dist][]cpan.Module {
	all := map[cpan.Dist][]cpan.Module{}
	for m, d := range owners {
		all[d] = append(all[d], m)
	}
	for _, modules := range all {
		slices.Sort(modules)
	}
	return all
}

func conclusions(s *State) map[string]*Conclusion {
	all := map[string]*Conclusion{}
	if s != nil {
		for i := range s.Advisories {
			all[s.Advisories[i].ID.Key()] = &s.Advisories[i]
		}
	}
	return all
}

// builder makes a model.
type builder struct {
	m        *Model
	modules  map[cpan.Dist][]cpan.Module
	security map[cpan.Dist]Security
	before   map[string]*Conclusion
}

// advisory draws the conclusions of one record.
func (b *builder) advisory(r *advisory.Record) {
	a := &Advisory{Record: r, Gone: r.WithdrawnReason == goneReason}
	for i := range r.Affected {
		d := b.dist(r.Affected[i].Dist)
		d.Darkpan = d.Darkpan || r.Affected[i].Darkpan
		of := &Affected{Affected: &r.Affected[i], Advisory: a, Dist: d, Judge: r.Affected[i].Compile()}
		of.conclude()
		a.Dists = append(a.Dists, of)
		d.Advisories = append(d.Advisories, of)
	}
	b.m.Advisories = append(b.m.Advisories, a)
}

// dist gives a distribution, making it when it is first asked for.
func (b *builder) dist(name cpan.Dist) *Dist {
	if d := b.m.byDist[name]; d != nil {
		return d
	}
	d := &Dist{Name: name, Main: b.m.Set.Main[name], Modules: b.modules[name], Latest: -1}
	if s, ok := b.security[name]; ok {
		d.Security = &s
	}
	for _, k := range b.m.Set.Releases[name] {
		v, err := perlver.Parse(k.Version)
		if err != nil {
			v = perlver.Version{}
		}
		d.Releases = append(d.Releases, Release{Known: k, Parsed: v, Developer: v.IsAlpha()})
	}
	d.Latest = d.latest(func(r *Release) bool { return r.Perl == "" })
	if d.Latest < 0 {
		d.Latest = d.latest(func(*Release) bool { return true })
	}
	b.m.byDist[name] = d
	b.m.Dists = append(b.m.Dists, d)
	return d
}

// latest is the last release that is no developer's and that may be.
func (d *Dist) latest(may func(*Release) bool) int {
	for i, r := range slices.Backward(d.Releases) {
		if !r.Parsed.IsZero() && !r.Developer && may(&r) {
			return i
		}
	}
	return -1
}

// conclude judges all known releases.
func (a *Affected) conclude() {
	for i := range a.Statements {
		if a.Range, a.FixedRange = a.Statements[i].Words(); a.Range != "" {
			break
		}
	}
	a.Status = make([]advisory.Status, len(a.Dist.Releases))
	if a.Advisory.IsWithdrawn() {
		return
	}
	last := -1
	for i, r := range a.Dist.Releases {
		s := advisory.StatusUnknown
		if !r.Parsed.IsZero() {
			s = a.Judge.Status(r.Parsed)
		}
		a.Status[i] = s
		switch s {
		case advisory.StatusAffected, advisory.StatusContradictory:
			a.Known = append(a.Known, r.Version)
			last = i
		case advisory.StatusUnknown:
			a.Unknown = append(a.Unknown, r.Version)
		}
	}
	// Where fixed versions are stated, what lies between is not called fixed.
	mended := advisory.Status.IsClean
	if a.statesFixed() {
		mended = func(s advisory.Status) bool { return s == advisory.StatusFixed }
	}
	for i := last + 1; last >= 0 && i < len(a.Status); i++ {
		r := &a.Dist.Releases[i]
		if mended(a.Status[i]) && !r.Developer && (r.Perl == "" || a.Dist.Releases[max(a.Dist.Latest, 0)].Perl != "") {
			a.Fixed = r.Version
			break
		}
	}
	if l := a.Dist.Latest; l >= 0 {
		a.Unfixed = a.Status[l] == advisory.StatusAffected || a.Status[l] == advisory.StatusContradictory
	}
}

// statesFixed says whether the source that decides states fixed versions.
func (a *Affected) statesFixed() bool {
	return slices.ContainsFunc(a.Statements, func(s advisory.Statement) bool {
		return s.Source == a.Statements[0].Source && s.CPANSA != nil && len(s.CPANSA.Fixed) > 0
	})
}

// entries gives each advisory what the ledger says of it.
func (b *builder) entries() {
	byID := map[string]*Advisory{}
	for _, a := range b.m.Advisories {
		byID[a.ID.Key()] = a
	}
	for _, e := range b.m.Ledger.Entries {
		for _, id := range e.Records {
			if a := byID[id.Key()]; a != nil {
				a.Entries = append(a.Entries, e)
			}
		}
	}
	for _, c := range b.m.Ledger.Contradictions {
		if a := byID[c.Record.Key()]; a != nil && c.Record != "" {
			a.Doubts = append(a.Doubts, c)
		}
	}
}

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

// digests sets the digests of all advisories and distributions, and when each
// advisory was first seen and last changed.
func (b *builder) digests(in Input, now time.Time) error {
	releases := map[cpan.Dist]Digest{}
	for _, d := range b.m.Dists {
		digest, err := digestOf(d.Name, d.Main, d.Modules, d.Releases, d.Latest, d.Darkpan, d.Security)
		if err != nil {
			return err
		}
		releases[d.Name] = digest
	}
	for _, a := range b.m.Advisories {
		c, err := conclusionOf(a)
		if err != nil {
			return err
		}
		a.FirstSeen, a.Modified = advisory.DateOf(b.m.Day), now
		if old := b.before[a.ID.Key()]; old != nil {
			a.FirstSeen = old.FirstSeen
			if old.Digest == c.Digest {
				a.Modified = old.Modified
			}
		} else if in.Before == nil {
			a.Modified = b.stated(a, now)
		}
		all := []any{in.Site, c.Digest, a.Entries, a.Doubts, a.FirstSeen, a.Modified}
		for _, of := range a.Dists {
			all = append(all, releases[of.Dist.Name])
		}
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
// first build, which has nothing to compare with.
func (b *builder) stated(a *Advisory, now time.Time) time.Time {
	if !a.Record.Modified.IsZero() {
		return a.Record.Modified.Time()
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
	all := []any{a.Record}
	for _, of := range a.Dists {
		s := Short{Dist: of.Dist.Name, Known: len(of.Known), Fixed: of.Fixed, Range: of.Range}
		c.Dists = append(c.Dists, s)
		all = append(all, s, of.Known, of.Unknown)
	}
	var err error
	c.Digest, err = digestOf(all...)
	return c, err
}

// state makes what the next build is compared with.
func (b *builder) state(in Input, now time.Time) error {
	s := &State{Schema: StateSchema, Sequence: 1, Sources: b.m.Sources}
	for _, a := range b.m.Advisories {
		c, err := conclusionOf(a)
		if err != nil {
			return err
		}
		c.FirstSeen, c.Modified = a.FirstSeen, a.Modified
		s.Advisories = append(s.Advisories, c)
	}
	all := []any{in.Site, in.Generator, b.m.Day, in.Set.Sources, in.Set.Notes, in.Set.Feeds, b.m.Sources, in.Curated}
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
	var err error
	if s.Input, err = digestOf(all...); err != nil {
		return err
	}
	if in.Before != nil {
		s.History = in.Before.History
		s.Sequence = in.Before.Sequence
		if s.Input != in.Before.Input {
			s.Sequence++
		}
		s.History = append(changes(in.Before, b.m, s), s.History...)
		s.History = s.History[:min(len(s.History), MaxHistory)]
	}
	b.m.State = s
	return nil
}
