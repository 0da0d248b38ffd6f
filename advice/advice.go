// Package advice is what a check tells an author: what was found, why it
// matters, and how to mend it.
//
//	Finding{
//		ID: "S04", Level: Error, File: "SECURITY.md", Line: 12,
//		Title: "the contact is a forwarding address of CPAN",
//		Why:   "mail to it bounces since the service ended in April 2026",
//		How:   "name an address that somebody reads",
//	}
//
// It is written for somebody who gives their work away: it names the thing and
// never the person, and every finding has a way out.
//
// Promised: Sort gives the same order for the same findings, whatever order
// they were found in. Not promised: that a note asks for a change at all.
package advice

import (
	"cmp"
	"slices"

	"nacre/fault"
)

// Level says how much a finding matters.
type Level string

// The levels, the gravest first.
const (
	Error   Level = "error"   // wrong: what relies on it fails
	Warning Level = "warning" // weak: it works today, or for some
	Note    Level = "note"    // worth knowing
)

// ParseLevel reads the level of --fail-on; "never" is no level at all.
func ParseLevel(word string) (Level, error) {
	switch l := Level(word); l {
	case Error, Warning, Note:
		return l, nil
	case "never":
		return "", nil
	}
	return "", fault.New(fault.Invalid, "no such level: %s", fault.Quote(word)).
		WithHint("use error, warning, note or never")
}

// rank is 0 for an error, and more for what matters less.
func (l Level) rank() int {
	switch l {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}

// Reaches reports whether l is least or graver; no level is reached by none.
func (l Level) Reaches(least Level) bool { return least != "" && l.rank() <= least.rank() }

// Finding is one piece of advice. Title, Why and How are clauses without a full
// stop.
type Finding struct {
	ID    string `json:"id"`             // "S04"
	Area  string `json:"area,omitempty"` // what part of a release it is about; a single check leaves it empty
	Level Level  `json:"level"`
	Title string `json:"title"`
	Why   string `json:"why"`
	How   string `json:"how"`
	File  string `json:"file,omitempty"` // slash path from the root that was looked at
	Line  int    `json:"line,omitempty"` // from 1; 0 is the whole file
	// Patch is a proposal as a unified diff that patch -p1 takes; "" where
	// only the author can say what to write.
	Patch string `json:"patch,omitempty"`
}

// Sort orders findings by level, id, file, line and title, and leaves out what
// stands there twice.
func Sort(all []Finding) []Finding {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Level.rank(), b.Level.rank()),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Title, b.Title),
		)
	})
	return slices.Compact(all)
}

// Counts are how many findings there are of each level.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
}

// Count counts findings.
func Count(all []Finding) Counts {
	var n Counts
	for i := range all {
		switch all[i].Level.rank() {
		case 0:
			n.Errors++
		case 1:
			n.Warnings++
		default:
			n.Notes++
		}
	}
	return n
}
