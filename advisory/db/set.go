package db

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
)

// Set reads everything into memory: what Write was given, in the order that Write
// gives it, so that writing it again gives the same bytes.
func (d *DB) Set(ctx context.Context) (advisory.Set, error) {
	set := advisory.Set{
		Releases: map[cpan.Dist][]advisory.Known{}, Owners: map[cpan.Module]cpan.Dist{}, Main: map[cpan.Dist]cpan.Module{},
		Sources: d.head.info.Sources, Notes: d.head.info.Notes, Feeds: d.head.info.Feeds,
	}
	places := map[place]bool{}
	index, err := d.dists()
	if err != nil {
		return set, err
	}
	for i := range index.len() {
		e, err := d.entry(uint64(i))
		if err != nil {
			return set, err
		}
		for _, p := range e.records {
			places[p] = true
		}
		if e.main != "" {
			set.Main[e.name] = e.main
		}
		if e.hasReleases {
			if set.Releases[e.name], err = d.releases(e.releases); err != nil {
				return set, err
			}
		}
	}
	// A record about no distribution has nothing but its ids.
	err = d.rows(ctx, sectionIDs, func(_ string, value decoder) error {
		for _, p := range value.places() {
			places[p] = true
		}
		return value.err
	})
	if err != nil {
		return set, err
	}
	inFile := slices.SortedFunc(maps.Keys(places), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.chunk, b.chunk), cmp.Compare(a.index, b.index))
	})
	if set.Records, err = d.records(ctx, inFile); err != nil {
		return set, err
	}
	slices.SortStableFunc(set.Records, func(a, b advisory.Record) int {
		return cmp.Or(cmp.Compare(a.ID.Key(), b.ID.Key()), cmp.Compare(a.ID, b.ID))
	})
	err = d.rows(ctx, sectionModules, func(module string, value decoder) error {
		n := value.uvarint()
		if value.err != nil {
			return value.err
		}
		name, err := d.name(n)
		set.Owners[cpan.Module(module)] = name
		return err
	})
	if err != nil || d.head.minor < vendorMinor {
		return set, err
	}
	sources, err := d.blocks[sectionVendor]()
	if err != nil {
		return set, err
	}
	for i := range sources.len() {
		said, err := d.vendorAt(i)
		if err != nil {
			return set, err
		}
		set.Vendor = append(set.Vendor, said...)
	}
	return set, ctx.Err()
}
