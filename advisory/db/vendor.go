package db

import (
	"cmp"
	"context"
	"slices"

	"nacre/advisory"
	"nacre/fault"
)

// vendor writes what vendors say, an item for each source package, and gives
// the section.
func (b *builder) vendor() ([]byte, error) {
	info := &b.head.info
	info.Feeds = b.set.Feeds
	all := slices.Clone(b.set.Vendor)
	slices.SortStableFunc(all, func(a, b advisory.VendorStatement) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Distro, b.Distro), cmp.Compare(a.Flaw.Key(), b.Flaw.Key()))
	})
	var entries [][]byte
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Source == all[0].Source {
			n++
		}
		var item encoder
		item.count(n)
		for i := range all[:n] {
			if err := item.vendor(&all[i], info.Feeds); err != nil {
				return nil, err
			}
		}
		if err := b.chunks.room(len(item.b), recordChunk); err != nil {
			return nil, err
		}
		var entry encoder
		entry.str(all[0].Source)
		entry.places([]place{b.chunks.add(item.b)})
		entries = append(entries, entry.b)
		all = all[n:]
	}
	if err := b.chunks.flush(); err != nil {
		return nil, err
	}
	var section encoder
	section.offsets(entries)
	return section.b, nil
}

// vendor writes a statement without its source package.
func (e *encoder) vendor(s *advisory.VendorStatement, feeds []advisory.VendorFeed) error {
	feed := slices.IndexFunc(feeds, func(f advisory.VendorFeed) bool { return f.Name == s.Feed })
	switch {
	case feed < 0:
		return fault.New(fault.Invalid, "write database: a statement about %s is of a feed %.40q that is not listed", s.Source, s.Feed)
	case s.Status > advisory.VendorNotAffected:
		return fault.New(fault.Invalid, "write database: a statement about %s has status %d", s.Source, uint8(s.Status))
	}
	e.count(feed)
	e.str(s.Distro)
	e.str(string(s.Flaw))
	e.count(int(s.Status))
	e.str(s.Fixed)
	e.str(s.Note)
	e.str(s.URL)
	return nil
}

// vendor reads the statements about a source package.
func (d *decoder) vendor(source string, feeds []advisory.VendorFeed) []advisory.VendorStatement {
	return list(d, 7, func(s *advisory.VendorStatement) {
		s.Source = source
		if feed := d.uvarint(); feed < uint64(len(feeds)) {
			s.Feed = feeds[feed].Name
		} else {
			d.fail("feed %d of %d", feed, len(feeds))
		}
		s.Distro, s.Flaw = d.str(), advisory.ID(d.str())
		s.Status = advisory.VendorStatus(d.small(uint64(advisory.VendorNotAffected), "a status"))
		s.Fixed, s.Note, s.URL = d.str(), d.str(), d.str()
	})
}

// Vendor gives what vendors say about flaws in a source package, sorted by
// release and flaw; none is no error. The name is compared exactly.
func (d *DB) Vendor(ctx context.Context, source string) ([]advisory.VendorStatement, error) {
	if err := ctx.Err(); err != nil || d.head.minor < vendorMinor {
		return nil, err
	}
	sources, err := d.blocks[sectionVendor]()
	if err != nil {
		return nil, err
	}
	i := sources.before(source)
	if i < 0 || sources.first(i) != source {
		return nil, nil
	}
	return d.vendorAt(i)
}

// vendorAt reads the statements about the ith source package.
func (d *DB) vendorAt(i int) ([]advisory.VendorStatement, error) {
	sources, err := d.blocks[sectionVendor]()
	if err != nil {
		return nil, err
	}
	in := decoder{s: sources.at(i)}
	source, at := in.str(), in.places()
	switch {
	case in.err != nil:
		return nil, in.err
	case len(at) != 1:
		return nil, damaged("source package %s has %d places", source, len(at))
	}
	c, err := d.chunk(at[0].chunk)
	if err != nil {
		return nil, err
	}
	text, err := c.item(at[0].index)
	if err != nil {
		return nil, err
	}
	in = decoder{s: text}
	all := in.vendor(source, d.head.info.Feeds)
	return all, in.err
}

// Feeds are the vendors' data that the database was built with, sorted by name.
func (d *DB) Feeds() []advisory.VendorFeed { return d.head.info.Feeds }

// verifyVendor reads all that vendors say.
func (d *DB) verifyVendor(ctx context.Context) error {
	if d.head.minor < vendorMinor {
		return nil
	}
	sources, err := d.blocks[sectionVendor]()
	if err != nil {
		return err
	}
	have := map[string]int{}
	for i := range sources.len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i > 0 && sources.first(i) <= sources.first(i-1) {
			return damaged("source package %s is out of order", sources.first(i))
		}
		all, err := d.vendorAt(i)
		if err != nil {
			return err
		}
		for _, s := range all {
			have[s.Feed]++
		}
	}
	for _, f := range d.head.info.Feeds {
		if f.Statements != have[f.Name] {
			return damaged("%d statements of %s are stated, %d are there", f.Statements, f.Name, have[f.Name])
		}
	}
	return nil
}
