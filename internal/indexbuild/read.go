package indexbuild

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"nacre/advice"
	"nacre/advisory"
	"nacre/cpan"
	"nacre/curation"
	"nacre/fault"
	"nacre/index"
	"nacre/internal/fetch"
	"nacre/internal/sources"
)

// concluded is what the sources and the corrections come to.
type concluded struct {
	*index.Model
	set      advisory.Set     // what was merged
	findings []advice.Finding // about the corrections
}

// conclude reads the sources and the corrections.
func (b *Builder) conclude(ctx context.Context, old *previous) (*concluded, error) {
	in := index.Input{Site: b.Site, Generator: b.Generator, Now: b.Now()}
	if old != nil {
		in.Before, in.Kept = old.state, old.kept
	}
	corrections := &curation.Set{}
	if b.Curation != nil {
		var err error
		if corrections, err = curation.Read(b.Curation); err != nil {
			return nil, err
		}
	}
	r := sources.Reader{
		Say: b.Say, Work: b.Work, Now: b.Now(), Fetch: fetch.Options{Say: b.Say, Transport: b.Transport}, Allow: allowed(corrections),
	}
	for id, reason := range corrections.Allowed() {
		r.Allow = append(r.Allow, sources.Allowed{ID: id, Reason: reason})
	}
	read, err := r.Read(ctx, b.Sources)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	if read.Base != nil {
		return nil, fault.New(fault.Invalid, "build the index: a database of Nacre is no source of an index").
			WithHint("name what it was built from: it keeps no account of its entries")
	}
	applied := corrections.Apply(read.Batches)
	read.Batches = applied.Batches
	in.Set, in.Ledger = read.Merge()
	in.Sources = b.health(read.Health, in)
	if b.Metadata != nil {
		about := map[cpan.Dist]bool{}
		for i := range in.Set.Records {
			for j := range in.Set.Records[i].Affected {
				about[in.Set.Records[i].Affected[j].Dist] = true
			}
		}
		if in.Security, err = contacts(ctx, b.Metadata, func(d cpan.Dist) bool { return about[d] }); err != nil {
			return nil, err
		}
	}
	outcomes := applied.Outcomes(in.Set.Releases)
	in.Curated = curated(outcomes)
	m, err := index.New(in)
	if err != nil {
		return nil, err
	}
	return &concluded{m, in.Set, applied.Lint(outcomes, in.Set.Releases, advisory.DateOf(b.Now()))}, nil
}

// health is how the reading of each part of each source went. A path of this
// machine is told by its last part: the rest is nobody's business.
func (b *Builder) health(all []sources.Health, in index.Input) []index.Health {
	before := map[string]index.Health{}
	if in.Before != nil {
		for _, h := range in.Before.Sources {
			before[h.Name+"\x00"+h.From] = h
		}
	}
	var health []index.Health
	for _, h := range all {
		shown := shownName(h.Name)
		if h.Problem != "" {
			health = append(health, b.since(index.Health{Name: shown, From: shown, Problem: h.Problem}, before))
			continue
		}
		for _, p := range h.Parts {
			of := index.Health{
				Name: p.Kind, From: shownName(p.Path), Commit: p.Commit, Time: p.Time, Licence: p.Licence, Attribution: p.Attribution,
				Entries: p.Entries, Refused: p.Refused,
			}
			if was, ok := before[of.Name+"\x00"+of.From]; ok && !b.AcceptOlder && of.Time.Before(was.Time) && !of.Time.IsZero() {
				of.Problem = fmt.Sprintf("its newest data is of %s, that of the build before was of %s",
					of.Time.Format(time.DateOnly), was.Time.Format(time.DateOnly))
				of.Time = was.Time // what the next build is compared with
			}
			health = append(health, b.since(of, before))
		}
	}
	return health
}

// since sets the day of the first build with a problem.
func (b *Builder) since(h index.Health, before map[string]index.Health) index.Health {
	if h.Problem == "" {
		return h
	}
	was := before[h.Name+"\x00"+h.From]
	if h.Since = was.Since; h.Since.IsZero() {
		h.Since = advisory.DateOf(b.Now())
	}
	return h
}

// shownName is a source's name for everybody: an address without a question, or
// the last part of a path.
func shownName(name string) string {
	if u, err := url.Parse(name); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String()
	}
	return filepath.Base(name)
}

// curated is what became of the corrections.
func curated(all []curation.Outcome) []index.Curated {
	var told []index.Curated
	for _, o := range all {
		told = append(told, index.Curated{
			Where: o.Overlay.Where(), Kind: string(o.Overlay.Kind), Target: o.Overlay.Target(), Reason: o.Overlay.Reason,
			Role: o.Overlay.Role, Date: o.Overlay.Date, Outcome: string(o.State), Text: o.Text,
		})
	}
	return told
}

// withGone is a set with the records that no source carries any longer.
func withGone(set advisory.Set, m *index.Model) advisory.Set {
	set.Records = slices.Clone(set.Records)
	for _, a := range m.Advisories {
		if a.Gone {
			set.Records = append(set.Records, *a.Record)
		}
	}
	slices.SortFunc(set.Records, func(a, b advisory.Record) int { return cmp.Compare(a.ID.Key(), b.ID.Key()) })
	return set
}

// allowed are the records of the CVE List that corrections ask for.
func allowed(corrections *curation.Set) []sources.Allowed {
	var all []sources.Allowed
	for i := range corrections.Overlays {
		if o := &corrections.Overlays[i]; o.Kind == curation.Allow {
			for _, id := range o.IDs {
				all = append(all, sources.Allowed{ID: id, Reason: o.Reason})
			}
		}
	}
	return all
}
