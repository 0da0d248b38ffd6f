package index

import (
	"cmp"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
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
	CVEs      CVEReview
	Security  map[cpan.Dist]Security
	// CVE are the CVE records as they were published, by the keys of their ids.
	CVE map[string][]byte
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
		Sources: in.Sources, Ledger: in.Ledger, Curated: in.Curated, CVEs: in.CVEs,
		byID: map[string]*Advisory{}, byDist: map[cpan.Dist]*Dist{},
	}
	m.Ledger.Entries = slices.Clone(in.Ledger.Entries)
	set := in.Set
	records, gone := m.records(in)
	set.Records = records
	m.Set = &set

	b := &builder{m: m, modules: modulesOf(in.Set.Owners), security: in.Security, cve: in.CVE, before: byID(in.Before), was: renamedByID(in.Before)}
	for i := range set.Records {
		b.advisory(&set.Records[i], gone[set.Records[i].ID.Key()])
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
	b.entries()
	slices.SortFunc(m.Dists, func(a, b *Dist) int { return cmp.Compare(a.Name, b.Name) })
	m.Renamed = m.renamed(in.Before, now)
	state, err := b.state(in, now)
	if err != nil {
		return nil, err
	}
	m.State = state
	return m, nil
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

// byID are the conclusions of a state, by the keys of their ids.
func byID(s *State) map[string]*Conclusion {
	all := map[string]*Conclusion{}
	if s != nil {
		for i := range s.Advisories {
			all[s.Advisories[i].ID.Key()] = &s.Advisories[i]
		}
	}
	return all
}

// renamedByID are the ids that a state has as renamed, by their keys.
func renamedByID(s *State) map[string]*Rename {
	all := map[string]*Rename{}
	if s != nil {
		for i := range s.Renamed {
			all[s.Renamed[i].ID.Key()] = &s.Renamed[i]
		}
	}
	return all
}

// builder makes a model.
type builder struct {
	m        *Model
	modules  map[cpan.Dist][]cpan.Module
	security map[cpan.Dist]Security
	cve      map[string][]byte
	before   map[string]*Conclusion
	was      map[string]*Rename // of the build before
}

// advisory draws the conclusions of one record.
func (b *builder) advisory(r *advisory.Record, gone bool) {
	a := &Advisory{Record: r, Gone: gone, CVE: b.cve[r.ID.Key()]}
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
		d.Releases = append(d.Releases, Release{Known: k, Parsed: v, Developer: k.Developer || advisory.IsDeveloper(name, k.Version, v)})
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
	a.Range, a.FixedRange = a.LeadingWords()
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
	if a.Fixed == "" && a.fixIsStated() {
		a.Promised = a.FixedRange
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
	own := map[string]*Advisory{} // by its own id, not by an alias
	for _, a := range b.m.Advisories {
		own[a.ID.Key()] = a
	}
	for _, e := range b.m.Ledger.Entries {
		for _, id := range e.Records {
			if a := own[id.Key()]; a != nil {
				a.Entries = append(a.Entries, e)
			}
		}
	}
	for _, c := range b.m.Ledger.Contradictions {
		if a := own[c.Record.Key()]; a != nil && c.Record != "" {
			a.Doubts = append(a.Doubts, c)
		}
	}
}
