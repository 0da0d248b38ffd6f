package sources

import (
	"context"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/advisory/merge"
	"nacre/advisory/vendor"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/fetch"
)

// acceptedSources is the hint of a source that is none of these.
const acceptedSources = "a source is a checkout of cpan-security-advisory, its built JSON (also .gz), a CVE record or a folder of them, a CVE List or its zips, an OSV record, folder or zip, a vendor's security data (Debian's tracker, Alpine's secdb, OSV of Debian, Alpine or Red Hat), a list of releases (02packages.details.txt, MetaCPAN's, a mirror), a folder of such folders, or a database of Nacre"

// Reader reads sources of advisories.
type Reader struct {
	// Say is told each path before it is read; nil says nothing.
	Say func(what string)
	// Work is a folder for files of the reader's own, for one reader at a time:
	// what it fetched, and what it remembers of files. Without one, addresses
	// are not read.
	Work string
	// Program is a digest of the program that reads: what another one remembered
	// of files is not used. Without one, nothing is remembered.
	Program []byte
	// Now is the time at which addresses are asked.
	Now time.Time
	// Fetch is how. The most bytes of one address, and the longest time of all,
	// are those of MaxFetch and FetchTime; 0 is 256 MB, and 15 min.
	Fetch     fetch.Options
	MaxFetch  int64
	FetchTime time.Duration
	// Last is of what time the data of a part, which Kind and Path name, was at its
	// last reading, zero where that is not known; nil knows of none. A source that
	// went back in time since then is not used, unless Older is set. Of addresses
	// Work remembers it, too.
	Last  func(Part) time.Time
	Older bool
	// Allow are CVE records that are taken out of a CVE List whatever they say
	// of themselves.
	Allow []Allowed
	// Known are CVE records that were taken before. They are taken out of a CVE
	// List as well: a rejected one says no longer what it was about. Where they are
	// not there, nobody asked for them.
	Known []advisory.ID
	// About are distributions whose releases are taken out of lists of releases,
	// besides those that the sources' advisories are about.
	About []cpan.Dist
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
	// Missing are the CVE records that were asked for, or that other sources
	// name, and that the CVE List has not; empty where no whole list was read.
	Missing []cvelist.Missing
	// Review are the records of CVE lists that look as if they were about CPAN
	// and were taken of none, each once; MoreReview counts those beyond what is
	// listed of each list.
	Review     []cvelist.Review
	MoreReview int
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
	var all []*reading
	base := false
	var m *memo
	if r.Work != "" {
		if err := os.MkdirAll(r.Work, 0o755); err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "make the folder for what is remembered")
		}
		if len(r.Program) > 0 {
			m = openMemo(r.Work, r.Program)
		}
	}
	for _, name := range names {
		one := &reading{r: r, memo: m, name: name, at: name, source: len(all), hasBase: base}
		all = append(all, one)
		one.begin(ctx)
		base = base || one.base != nil
		if one.err != nil && r.Stop {
			break
		}
	}
	if err := stopped(ctx, r.Stop, all); err != nil {
		return nil, err
	}
	want := r.wanted(all)
	taken := maps.Clone(want)
	for _, id := range r.Known {
		taken.Add(id, "it was taken before")
	}
	for _, whole := range []bool{true, false} {
		for _, one := range all {
			one.step(func() error { return one.readLists(ctx, whole, taken) })
		}
	}
	named := r.namedBy(all)
	for _, one := range all {
		one.step(func() error { return one.readReleases(ctx, named) })
		one.step(one.check)
	}
	if err := stopped(ctx, r.Stop, all); err != nil {
		return nil, err
	}
	newest(all)
	if m != nil {
		m.save()
	}
	for _, one := range all {
		one.install()
		res.take(one)
	}
	res.Review = forReview(res.Review, found(all))
	if slices.ContainsFunc(all, (*reading).hasWholeList) {
		res.Missing = want.Absent(found(all))
	}
	if res.Base != nil && len(res.Batches) > 0 {
		res.Close()
		return nil, fault.New(fault.Invalid, "a database and sources of advisories are named, which are not merged").
			WithHint("name the sources that the database was built from, or only security data of vendors beside it")
	}
	return res, nil
}

// stopped says whether the reading ends with an error, and closes what is open
// if so.
func stopped(ctx context.Context, stop bool, all []*reading) error {
	err := ctx.Err()
	if err != nil {
		err = fault.Wrap(fault.Canceled, err, "read the sources")
	}
	for _, one := range all {
		if err == nil && stop {
			err = one.err
		}
	}
	if err != nil {
		for _, one := range all {
			one.close()
		}
	}
	return err
}

// take adds what one source gave.
func (r *Result) take(one *reading) {
	r.Batches = append(r.Batches, one.batches...)
	r.Skipped = append(r.Skipped, one.skipped...)
	r.later = append(r.later, one.later...)
	r.files = append(r.files, one.files...)
	r.Health = append(r.Health, one.health())
	r.Review = append(r.Review, one.review...)
	r.MoreReview += one.more
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

func unknownSource() error {
	return fault.New(fault.Invalid, "not a source of advisories").WithHint("%s", acceptedSources)
}
