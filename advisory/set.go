package advisory

import (
	"time"

	"nacre/cpan"
)

// Set is what is known as a whole: every advisory once, with the releases and
// modules of the distributions. advisory/merge makes one out of many sources,
// advisory/db writes it to a file.
type Set struct {
	// Records are sorted by id, case apart; withdrawn ones are among them.
	Records []Record
	// Releases are each distribution's known releases in version.pm's order,
	// without duplicates; those that version.pm refuses stand last.
	Releases map[cpan.Dist][]Known
	// Owners says which distribution holds a module.
	Owners map[cpan.Module]cpan.Dist
	// Main is each distribution's main module, where a source states one.
	Main map[cpan.Dist]cpan.Module
	// Sources are what the set was made of, each with its state and licence.
	Sources []Source
	// Vendor is what the makers of operating systems say about flaws in their
	// packages, and Feeds which data of theirs that is, sorted by name.
	Vendor []VendorStatement
	Feeds  []VendorFeed
	// Notes are what whoever uses the set must be told about it as a whole,
	// "built from data without a signature".
	Notes []string
}

// Time is what the set's age counts from: the newest state that a source says
// it is of, and the zero time where none says so.
func (s *Set) Time() time.Time {
	var newest time.Time
	for _, src := range s.Sources {
		if src.Time.After(newest) {
			newest = src.Time
		}
	}
	return newest
}
