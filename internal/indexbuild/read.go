package indexbuild

import (
	"cmp"
	"context"
	"maps"
	"slices"

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
	before := beforeOf(old)
	r := sources.Reader{
		Say: b.Say, Work: b.Work, Program: b.Program, Now: b.Now(), Fetch: fetch.Options{Say: b.Ask, Transport: b.Transport}, Allow: allowed(corrections),
		Known: old.knownBefore(), About: corrected(corrections), Last: before.last, Older: b.AcceptOlder, MaxFetch: b.MaxFetch,
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
	if read.HasVendors() { // what is passed over in silence would be missed
		return nil, fault.New(fault.Invalid, "build the index: security data of vendors is no source of an index").
			WithHint("leave it out; who scans systems adds it to a database (docs/vendors.md)")
	}
	applied := corrections.Apply(old.remember(read.Batches))
	read.Batches = applied.Batches
	in.Set, in.Ledger = read.Merge()
	in.CVE = cveRecords(read.Batches)
	in.CVEs = index.CVEReview{Missing: read.Missing, Candidates: read.Review, More: read.MoreReview}
	in.Sources = before.health(read.Health, advisory.DateOf(b.Now()))
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

// corrected are the distributions that corrections name: an advisory may be about one
// by that alone.
func corrected(corrections *curation.Set) []cpan.Dist {
	var all []cpan.Dist
	for i := range corrections.Overlays {
		if d := corrections.Overlays[i].Dist; d != "" {
			all = append(all, d)
		}
	}
	return all
}

// allowed are the records of the CVE List that corrections ask for, by id.
func allowed(corrections *curation.Set) []sources.Allowed {
	var all []sources.Allowed
	reasons := corrections.Allowed()
	for _, id := range slices.Sorted(maps.Keys(reasons)) {
		all = append(all, sources.Allowed{ID: id, Reason: reasons[id]})
	}
	return all
}

// cveRecords are the CVE records of CNAs as they were published, by the keys of
// their ids. Of two of one id the first is taken: sources give the newest alone.
func cveRecords(batches []advisory.Batch) map[string][]byte {
	all := map[string][]byte{}
	for i := range batches {
		for j := range batches[i].Items {
			if item := &batches[i].Items[j]; item.Document != nil && item.Record != nil {
				if key := item.Record.ID.Key(); all[key] == nil {
					all[key] = item.Document
				}
			}
		}
	}
	return all
}
