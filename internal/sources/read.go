package sources

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/advisory/vendor"
	"nacre/fault"
)

// acceptedSources is the hint of a source that is none of these.
const acceptedSources = "a source is a checkout of cpan-security-advisory, its built JSON (also .gz), a CVE record or a folder of them, an OSV record, folder or zip, a vendor's security data (Debian's tracker, Alpine's secdb, OSV of Debian, Alpine or Red Hat), a folder of such folders, or a database of Nacre"

// Reader reads sources of advisories.
type Reader struct {
	// Say is told each path before it is read; nil says nothing.
	Say func(what string)
	// Stop ends the reading at the first source that cannot be read, and
	// Read returns its error. Else the others are read, and Health tells.
	Stop bool
}

// Result is what sources gave.
type Result struct {
	// Batches are what readers made of the sources, in their order.
	Batches []advisory.Batch
	// Base is a database that was named: its advisories are taken as they
	// are, and no others are merged into them. BaseTime is its age.
	Base     *advisory.Set
	BaseTime time.Time
	// Skipped are folders and files among the sources that are none.
	Skipped []string
	// Health is how the reading of each source went, in the order of the names.
	Health []Health

	// later are what vendors say. It is read when it is known which flaws are
	// of interest; until then the files stay open.
	later []later
	files []io.Closer
	stop  bool
}

// later is what a vendor says, not read yet.
type later struct {
	source int // in Result.Health
	read   func(vendor.Keep) (vendor.Batch, error)
}

// Read reads every named source. An error is one of wrong usage, or that of the
// first source that cannot be read where Stop is set. The caller closes the
// result.
func (r *Reader) Read(ctx context.Context, names []string) (*Result, error) {
	res := &Result{stop: r.Stop}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			res.Close()
			return nil, fault.Wrap(fault.Canceled, err, "read %s", name)
		}
		one := &reading{r: r, source: len(res.Health), hasBase: res.Base != nil}
		err := one.path(name)
		if err != nil {
			one.close()
			err = unread(name, err)
			if r.Stop {
				res.Close()
				return nil, err
			}
			res.Health = append(res.Health, Health{Name: name, Problem: err.Error(), Err: err})
			continue
		}
		res.take(one)
		res.Health = append(res.Health, one.health(name))
	}
	if res.Base != nil && len(res.Batches) > 0 {
		res.Close()
		return nil, fault.New(fault.Invalid, "a database and sources of advisories are named, which are not merged").
			WithHint("name the sources that the database was built from, or only security data of vendors beside it")
	}
	return res, nil
}

// take adds what one source gave.
func (r *Result) take(one *reading) {
	r.Batches = append(r.Batches, one.batches...)
	r.Skipped = append(r.Skipped, one.skipped...)
	r.later = append(r.later, one.later...)
	r.files = append(r.files, one.files...)
	if one.base != nil {
		r.Base, r.BaseTime = one.base, one.age
	}
}

// Close closes the files that are still open.
func (r *Result) Close() {
	for _, f := range r.files {
		f.Close()
	}
	r.files = nil
}

// Merge joins what was read into a set.
func (r *Result) Merge() (advisory.Set, merge.Ledger) {
	if r.Base != nil {
		return *r.Base, merge.Ledger{}
	}
	return merge.Merge(r.Batches)
}

// HasVendors says whether security data of vendors is among the sources.
func (r *Result) HasVendors() bool { return len(r.later) > 0 }

// Vendors reads what vendors say about packages of Perl, and about flaws that
// the set has, into the set. Of a feed that the set has already, what is read
// now stands instead. A source that cannot be read is told in Health, and is an
// error where the reader was to stop.
func (r *Result) Vendors(set *advisory.Set) (vendor.Batch, error) {
	known := map[string]bool{}
	for i := range set.Records {
		known[set.Records[i].ID.Key()] = true
		for _, alias := range set.Records[i].Aliases {
			known[alias.Key()] = true
		}
	}
	var batches []vendor.Batch
	for _, l := range r.later {
		b, err := l.read(func(source string, flaw advisory.ID) bool { return vendor.OfPerl(source) || known[flaw.Key()] })
		if err != nil {
			if r.stop {
				return vendor.Batch{}, err
			}
			r.Health[l.source].fail(err)
			continue
		}
		batches = append(batches, b)
	}
	all := vendor.Join(batches)
	kept := vendor.Batch{}
	renewed := func(feed string) bool {
		return slices.ContainsFunc(all.Feeds, func(f advisory.VendorFeed) bool { return f.Name == feed })
	}
	for _, f := range set.Feeds {
		if !renewed(f.Name) {
			kept.Feeds = append(kept.Feeds, f)
		}
	}
	for _, said := range set.Vendor {
		if !renewed(said.Feed) {
			kept.Statements = append(kept.Statements, said)
		}
	}
	all = vendor.Join([]vendor.Batch{kept, all})
	set.Vendor, set.Feeds = all.Statements, all.Feeds
	return all, nil
}

// reading is the reading of one source.
type reading struct {
	r       *Reader
	source  int  // in Result.Health
	hasBase bool // a database was named before

	batches []advisory.Batch
	parts   []Part
	skipped []string
	base    *advisory.Set
	age     time.Time
	later   []later
	files   []io.Closer
	folders int // that were looked into
}

func (s *reading) close() {
	for _, f := range s.files {
		f.Close()
	}
}

// unread is the error of a path that cannot be read.
func unread(name string, err error) error {
	kind, hint := fault.KindOf(err), fault.HintOf(err)
	if p, ok := errors.AsType[*fs.PathError](err); ok && err == error(p) && (p.Path == name || p.Path == ".") {
		err, hint = p.Err, "name a file or folder that is there and that you can read"
	}
	return fault.Wrap(kind, err, "read %s", name).WithHint("%s", hint)
}

// add takes what a reader gave.
func (s *reading) add(kind, where string, b advisory.Batch, err error) error {
	if err != nil {
		return err
	}
	s.batches = append(s.batches, b)
	s.parts = append(s.parts, partOf(kind, where, &b))
	return nil
}

// progress says what is being read, to somebody who is watching.
func (s *reading) progress(what string) {
	if s.r.Say != nil {
		s.r.Say(what)
	}
}

func unknownSource() error {
	return fault.New(fault.Invalid, "not a source of advisories").WithHint("%s", acceptedSources)
}
