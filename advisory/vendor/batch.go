package vendor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/fault"
	"nacre/pkgver"
)

// Bounds of one source. Debian's tracker has some 50,000 flaws, a few hundred of
// which are of Perl.
const (
	maxStatements = 500_000
	maxSkipped    = 500 // that are listed; the rest is counted
	maxReleases   = 1_000
)

// Keep says whether statements about a flaw in a source package are wanted.
// Trackers speak of all packages there are.
type Keep func(source string, flaw advisory.ID) bool

// OfPerl says whether a source package is perl or, by its name, of CPAN:
// libfoo-bar-perl, perl-foo-bar.
func OfPerl(source string) bool {
	return source == "perl" || strings.HasPrefix(source, "perl-") ||
		strings.HasPrefix(source, "lib") && strings.HasSuffix(source, "-perl")
}

// Batch is what one source gave.
type Batch struct {
	Feeds      []advisory.VendorFeed      // sorted by name
	Statements []advisory.VendorStatement // sorted as Compare does, each once
	// Other counts the statements about other packages than Keep wants, and
	// about products that are not read.
	Other int
	// Skipped lists what could not be read, at most 500; More counts the rest.
	Skipped []Skip
	More    int
}

// Skip is an entry that is no statement, and why.
type Skip struct {
	Where string `json:"where"` // "perl CVE-2099-0001 bookworm", "DSA-9999-1.json"
	Why   string `json:"why"`
}

// Compare orders statements by source package, release, flaw and the rest.
func Compare(a, b advisory.VendorStatement) int {
	return cmp.Or(
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Distro, b.Distro),
		cmp.Compare(a.Flaw.Key(), b.Flaw.Key()),
		cmp.Compare(a.Feed, b.Feed),
		cmp.Compare(a.Status, b.Status),
		cmp.Compare(a.Fixed, b.Fixed),
		cmp.Compare(a.Note, b.Note),
	)
}

// collector makes a Batch.
type collector struct {
	keep  Keep
	batch Batch
	feeds map[string]*feed
}

// feed is a VendorFeed in the making.
type feed struct {
	distros map[string]bool
	newest  time.Time
}

// feed gives the feed of a name.
func (c *collector) feed(name string) *feed {
	f := c.feeds[name]
	if f == nil {
		f = &feed{distros: map[string]bool{}}
		if c.feeds == nil {
			c.feeds = map[string]*feed{}
		}
		c.feeds[name] = f
	}
	return f
}

// skip lists an entry that is not read.
func (c *collector) skip(where, format string, args ...any) {
	if len(c.batch.Skipped) >= maxSkipped {
		c.batch.More++
		return
	}
	line, _ := advisory.CleanLine(where)
	why, _ := advisory.CleanLine(fmt.Sprintf(format, args...))
	c.batch.Skipped = append(c.batch.Skipped, Skip{cut(line), cut(why)})
}

// cut is at most the first maxName bytes of a text.
func cut(s string) string {
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "") + "..."
	}
	return s
}

// add takes a statement, whose Flaw and Source are checked already; where
// names it where it is refused.
func (c *collector) add(where string, s advisory.VendorStatement) error {
	if s.Status == advisory.VendorFixed {
		if _, err := pkgver.Compare(manager(s.Distro), s.Fixed, s.Fixed); err != nil {
			c.skip(where, "%v", err)
			return nil
		}
	}
	if !isName(Of(s.Distro)) || !isName(strings.TrimPrefix(s.Distro, Of(s.Distro)+":")) {
		c.skip(where, "%.40q is no name of a release", s.Distro)
		return nil
	}
	if len(c.batch.Statements) >= maxStatements {
		return fault.New(fault.Invalid, "more than %d statements (limit: statements)", maxStatements)
	}
	s.Note, _ = advisory.CleanLine(s.Note)
	s.Note = cut(s.Note)
	s.URL = Page(s.Distro, s.Flaw)
	f := c.feed(s.Feed)
	if f.distros[s.Distro] = true; len(f.distros) > maxReleases {
		return fault.New(fault.Invalid, "more than %d releases (limit: releases)", maxReleases)
	}
	c.batch.Statements = append(c.batch.Statements, s)
	return nil
}

// done gives the batch.
func (c *collector) done() Batch {
	b := c.batch
	slices.SortFunc(b.Statements, Compare)
	b.Statements = slices.Compact(b.Statements)
	for _, name := range slices.Sorted(maps.Keys(c.feeds)) {
		f := advisory.VendorFeed{Name: name, Distros: slices.Sorted(maps.Keys(c.feeds[name].distros)), Time: c.feeds[name].newest}
		for i := range b.Statements {
			if b.Statements[i].Feed == name {
				f.Statements++
			}
		}
		b.Feeds = append(b.Feeds, f)
	}
	return b
}

// Join makes one batch of several, in which every feed stands once.
func Join(batches []Batch) Batch {
	var c collector
	for _, b := range batches {
		c.batch.Statements = append(c.batch.Statements, b.Statements...)
		c.batch.Other += b.Other
		c.batch.More += b.More
		c.batch.Skipped = append(c.batch.Skipped, b.Skipped...)
		for _, from := range b.Feeds {
			f := c.feed(from.Name)
			for _, d := range from.Distros {
				f.distros[d] = true
			}
			if from.Time.After(f.newest) {
				f.newest = from.Time
			}
		}
	}
	return c.done()
}
