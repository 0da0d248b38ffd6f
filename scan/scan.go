// Package scan compares what a project is made of with what is known to be
// vulnerable: components times advisories, as a stream of findings, with the
// smallest change that mends each.
//
// The stream is a sequence of [Message]s, as JSON Lines the format
// nacre.scan/1 (docs/formats/scan.md):
//
//	{"config":{"schema":"nacre.scan/1","tool":"nacre v0.1.0",...}}
//	{"finding":{"component":{"ref":"Foo-Bar@1.2",...},"verdict":"affected","reason":"1.2 is in <1.3 (CVE-2099-0001)",...}}
//	{"fix":{"component":"Foo-Bar@1.2","dist":"Foo-Bar","from":"1.2","to":"1.3",...}}
//	{"summary":{"components":95,"on_record":12,"affected":1,...,"status":1}}
//
// What is judged by what:
//
//	exact version            the ranges of every advisory on the distribution
//	requirement only         every known release that it accepts: all of them affected
//	                         is affected, none is clean, anything between "admits
//	                         vulnerable versions" and is outside the exit status
//	copy inside perl         its version; where perl is only a minimum, every version
//	                         that a perl from there on ships
//	perl itself              its version, or every known perl from the minimum on
//	in a package             of an operating system: not affected where its upstream version is
//	                         not; else as the package's vendor says, and unknown where the
//	                         vendor's data was not given or says nothing
//
// Promised: silence is "looked, and found nothing". A version that cannot be
// read, or only by a guess, is never clean; a range that cannot be read is an
// unknown verdict; a withdrawn advisory matches nothing and is counted. The
// stream does not depend on the number of workers, and its cost is linear in
// components and requirements.
//
// Not promised: that the flaw can be reached from the project, or that the
// prerequisites of a release that a fix names are met.
//
// Sources: CPAN::Meta::Requirements for what a requirement accepts,
// cpan-security-advisory for what affected and fixed mean.
package scan

import (
	"context"
	"io/fs"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
)

// Advisories is what a scan asks the advisory database. Implementations answer
// from one state of the data for as long as they are open, may be called by
// several goroutines, and give records in order of id; the records are not
// changed by the caller.
type Advisories interface {
	// ForDist gives all records about a distribution, withdrawn ones too;
	// none is no error.
	ForDist(ctx context.Context, d cpan.Dist) ([]advisory.Record, error)
	// Releases gives the known releases of a distribution in version.pm's
	// order, and nil for one that the database does not know.
	Releases(ctx context.Context, d cpan.Dist) ([]advisory.Known, error)
	// OwnerOf gives the distribution that a module belongs to, "" where the
	// database does not know the module.
	OwnerOf(ctx context.Context, m cpan.Module) (cpan.Dist, error)
}

// RunOptions are what a scan needs beside components and advisories.
type RunOptions struct {
	Tool string    // "nacre v0.1.0"
	Path string    // what is scanned, as given
	Now  time.Time // for expiry dates and the database's age
	// Database says which advisories are used; Run fills AgeDays and Stale.
	Database Database
	Options  Options
	// Vendors is asked about packages of operating systems; nil for none.
	Vendors  Vendors
	Ignores  []Ignore
	Baseline *Baseline // nil for none
	// Project is the folder whose cpanfile the fixes are patches to; nil
	// where there is none.
	Project fs.FS
	// Reach says whether the project loads what findings are about; nil where
	// nobody asked.
	Reach Reacher
	// Jobs bounds the workers; below 1 is one.
	Jobs int
}

// Reacher says whether a project loads what an advisory is about. It is asked
// by one goroutine, in the order of the stream, and only about what is found.
type Reacher interface {
	// Reach answers for a component of the inventory, by its index.
	Reach(component int, a *advisory.Affected) *Reach
	// Blind says why what is not seen to be loaded may be loaded all the same:
	// there is no program to begin with, or not everything could be read. It is
	// asked behind the last question; "" is that all was looked at.
	Blind() string
}

// staleDays is the age above which a database is too old to be trusted
// without a word: new advisories appear every week.
const staleDays = 7

// Run judges the components of inv and gives what it finds to h. An ended
// context is no error: what was judged until then is handed over, and the
// Summary is partial with status 3. An error of adv ends the scan before h has
// seen anything.
func Run(ctx context.Context, inv inventory.Inventory, adv Advisories, opt RunOptions, h Handler) (Summary, error) {
	r := &run{inv: inv, adv: adv, opt: opt, h: h, graph: newGraph(&inv)}
	if err := r.judge(ctx); err != nil {
		return Summary{}, err
	}
	r.joinPerl()
	r.find()
	r.plan(ctx)
	if r.failed != nil && ctx.Err() == nil {
		return Summary{}, r.failed
	}
	r.notices(ctx)
	return r.emit(ctx)
}

// run is the state of one scan.
type run struct {
	inv   inventory.Inventory
	adv   Advisories
	opt   RunOptions
	h     Handler
	graph *graph
	// newerPerls is set where the database knows perls beyond the table of
	// core modules, and the project may run on one of them.
	newerPerls bool
	vendors    vendors

	order   []int     // components in the order of the stream
	results []*result // by component; nil where the scan ended before it

	found    []found
	hidden   map[string]int // findings that OnlyLoaded leaves out, by the state of their reach
	fixes    []Fix
	noticed  []Notice
	failed   error // of adv, while fixes were planned
	patcher  patcher
	used     []ignoreUse // by ignore
	excluded []bool      // by --exclude, whether it matched
	// commented are the comments that matched.
	commented map[comment]bool
}

// found is a finding and what it came from.
type found struct {
	Finding
	component int
	hit       *hit
}

// emit hands the stream to the handler.
func (r *run) emit(ctx context.Context) (Summary, error) {
	s := r.summary(ctx)
	config := r.config()
	if err := r.h.Handle(Message{Config: &config}); err != nil {
		return s, err
	}
	for i := range r.found {
		if err := r.h.Handle(Message{Finding: &r.found[i].Finding}); err != nil {
			return s, err
		}
	}
	for i := range r.fixes {
		if err := r.h.Handle(Message{Fix: &r.fixes[i]}); err != nil {
			return s, err
		}
	}
	for i := range r.noticed {
		if err := r.h.Handle(Message{Notice: &r.noticed[i]}); err != nil {
			return s, err
		}
	}
	return s, r.h.Handle(Message{Summary: &s})
}

// config is the first message.
func (r *run) config() Config {
	c := Config{
		Schema: Schema, Tool: r.opt.Tool, Time: r.opt.Now.UTC().Format(time.RFC3339),
		Path: r.opt.Path, Name: r.inv.Name, Bill: r.inv.Bill, Database: r.opt.Database.aged(r.opt.Now), Options: r.opt.Options,
		Perl: Perl{
			Version: r.inv.Perl.Version.String(), AtLeast: r.inv.Perl.AtLeast,
			From: r.inv.Perl.From, InTable: r.inv.Perl.InTable,
		},
	}
	c.Database.Vendors = r.vendors.feeds
	for i := range r.inv.Components {
		switch r.inv.Components[i].Kind {
		case inventory.Exact:
			c.Components.Exact++
		case inventory.Required:
			c.Components.Required++
		case inventory.Core:
			c.Components.Core++
		case inventory.Interpreter:
			c.Components.Interpreter++
		}
	}
	return c
}

// Age is how long ago the database was built, and 0 where that cannot be
// told or lies in the future.
func (d Database) Age(now time.Time) time.Duration {
	built, err := time.Parse(time.RFC3339, d.Built)
	if err != nil {
		return 0
	}
	return max(0, now.Sub(built))
}

// aged is d with its age.
func (d Database) aged(now time.Time) Database {
	age := d.Age(now)
	d.AgeDays = int(age / (24 * time.Hour))
	d.Stale = d.Stale || age > staleDays*24*time.Hour
	return d
}

// summary counts.
func (r *run) summary(ctx context.Context) Summary {
	s := Summary{Partial: ctx.Err() != nil, VendorFixed: r.mendedByVendors()}
	for _, n := range r.hidden {
		s.Hidden += n
	}
	counts := false
	for i, res := range r.results {
		if res == nil {
			continue
		}
		s.Components++
		if res.onRecord {
			s.OnRecord++
		}
		s.Withdrawn += len(res.withdrawn)
		if res.unjudged && r.inv.Components[i].Kind == inventory.Interpreter {
			// The notice about it stands for the many findings that it would be.
			s.Unknown++
			counts = counts || r.opt.Options.FailOnUnknown
		}
	}
	for i := range r.found {
		f := &r.found[i]
		counts = counts || f.Counts
		switch {
		case f.Ignored != nil:
			s.Ignored++
		case f.Known:
			s.Known++
		case f.Admits:
			s.Admits++
		case f.Verdict == advisory.StatusAffected:
			s.Affected++
		case f.Verdict == advisory.StatusContradictory:
			s.Contradictory++
		default:
			s.Unknown++
		}
	}
	for i := range r.noticed {
		s.Partial = s.Partial || r.noticed[i].Partial
	}
	switch {
	case ctx.Err() != nil:
		s.Status = 3
	case counts:
		s.Status = 1
	case s.Partial, r.opt.Database.Starter:
		// The starter set knows a fraction of the advisories, so finding
		// nothing in it says little.
		s.Status = 3
	}
	return s
}
