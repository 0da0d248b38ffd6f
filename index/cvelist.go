package index

import "nacre/advisory/cvelist"

// CVEReview is what a person should look up in the CVE List.
type CVEReview struct {
	// Missing are the records that were asked for, or that other sources name, and
	// that the list has not; empty where no whole list was read.
	Missing []cvelist.Missing
	// Candidates are records that look as if they were about CPAN, and were not
	// taken; More counts those beyond what is listed.
	Candidates []cvelist.Review
	More       int
}
