// Package scan compares what a project is made of with what is known to be
// vulnerable: components times advisories, as a stream of findings, with the
// smallest change that mends each.
package scan

import (
	"context"

	"nacre/advisory"
	"nacre/cpan"
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
	// OwnerOf gives the distribution that a module belongs to.
	OwnerOf(m cpan.Module) (cpan.Dist, bool)
}
