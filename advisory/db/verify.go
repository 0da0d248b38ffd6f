package db

import (
	"context"

	"nacre/advisory"
	"nacre/fault"
)

// verifyTables reads every table and all that they point to.
func (d *DB) verifyTables(ctx context.Context) error {
	chunks, err := d.chunks()
	if err != nil {
		return err
	}
	records := map[place]bool{} // withdrawn?
	dists, releases := 0, 0
	index, err := d.dists()
	if err != nil {
		return err
	}
	last := ""
	for i := range index.len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := d.entry(uint64(i))
		if err != nil {
			return err
		}
		if i > 0 && string(e.name) <= last {
			return damaged("distribution %s is out of order", e.name)
		}
		last = string(e.name)
		if len(e.records) > 0 {
			dists++
		}
		if e.hasReleases {
			known, err := d.releases(e.releases)
			if err != nil {
				return err
			}
			releases += len(known)
		}
		id := ""
		for _, p := range e.records {
			r, err := d.recordAt(p, records)
			if err != nil {
				return err
			}
			if r.For(e.name) == nil {
				return damaged("%s is listed for %s and does not speak of it", r.ID, e.name)
			}
			if r.ID.Key() < id {
				return damaged("%s of %s is out of order", r.ID, e.name)
			}
			id = r.ID.Key()
		}
	}
	modules := 0
	err = d.rows(ctx, sectionModules, func(key string, value decoder) error {
		modules++
		_, err := d.entry(value.uvarint())
		return err
	})
	if err != nil {
		return err
	}
	err = d.rows(ctx, sectionIDs, func(key string, value decoder) error {
		places := value.places()
		if value.err != nil {
			return value.err
		}
		for _, p := range places {
			r, err := d.recordAt(p, records)
			if err != nil {
				return err
			}
			found := r.ID.Key() == key
			for _, a := range r.Aliases {
				found = found || a.Key() == key
			}
			if !found {
				return damaged("%s is listed as %s", r.ID, key)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := d.verifyVendor(ctx); err != nil {
		return err
	}
	for n := range chunks { // those that nothing points to, too
		if _, err := d.chunk(uint64(n)); err != nil {
			return err
		}
	}
	withdrawn := 0
	for _, w := range records {
		if w {
			withdrawn++
		}
	}
	for _, c := range []struct {
		what         string
		stated, have int
	}{
		{"records", d.head.info.Records, len(records)},
		{"withdrawn records", d.head.info.Withdrawn, withdrawn},
		{"distributions", d.head.info.Dists, dists},
		{"releases", d.head.info.Releases, releases},
		{"modules", d.head.info.Modules, modules},
	} {
		if c.stated != c.have {
			return damaged("%d %s are stated, %d are there", c.stated, c.what, c.have)
		}
	}
	return nil
}

// recordAt reads and checks a record, and notes it.
func (d *DB) recordAt(p place, seen map[place]bool) (*advisory.Record, error) {
	c, err := d.chunk(p.chunk)
	if err != nil {
		return nil, err
	}
	r, err := c.record(p.index, &d.shared)
	if err != nil {
		return nil, err
	}
	if _, ok := seen[p]; !ok {
		if err := r.Check(); err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "read database")
		}
		seen[p] = r.IsWithdrawn()
	}
	return r, nil
}

// rows gives all rows of a table in order, and checks that they are in order.
func (d *DB) rows(ctx context.Context, kind sectionKind, row func(key string, value decoder) error) error {
	blocks, err := d.blocks[kind]()
	if err != nil {
		return err
	}
	last, first := "", true
	for i := range blocks.len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		start, n := blocks.first(i), 0
		var failed error
		err := d.block(kind, i, func(key []byte, value string) bool {
			k := string(key)
			switch {
			case n == 0 && k != start:
				failed = damaged("block %d of the %s does not begin with %q", i, sectionNames[kind], start)
			case !first && k <= last:
				failed = damaged("%q of the %s is out of order", k, sectionNames[kind])
			default:
				failed = row(k, decoder{s: value})
			}
			last, first = k, false
			n++
			return failed == nil
		})
		if err != nil || failed != nil {
			return firstError(err, failed)
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
