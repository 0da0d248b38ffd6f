package advisory

import (
	"fmt"

	"nacre/cpan"
)

// mostWarnings bounds what hostile input can make an item or a batch say.
const mostWarnings = 500

// Item is one raw entry of a source and what its reader made of it. A reader
// gives every raw entry exactly once, so that whatever is not in the result is
// a defect of the reader and not a property of the data.
type Item struct {
	// Where is the file below what was read, with "#N" for the Nth entry in
	// it, from 1: "cpansa/CPANSA-Foo-Bar.yml#2".
	Where string
	// Native is the entry's own id as it is spelled there, "" if it has none.
	Native string
	// Record is nil where the entry was refused.
	Record *Record
	// Refused says why, where Record is nil.
	Refused error
	// Document is the whole record as its publisher wrote it, as JSON without
	// blanks, for formats that have a place for it; nil where its reader keeps none.
	Document []byte
	// Warnings are doubts about the entry that did not stop it from becoming
	// a record: "severity is not stated", "id names another distribution".
	Warnings []string
}

// Warn adds a doubt about the entry.
func (it *Item) Warn(format string, args ...any) { warn(&it.Warnings, format, args) }

// Warn adds a doubt about the source as a whole.
func (b *Batch) Warn(format string, args ...any) { warn(&b.Warnings, format, args) }

func warn(to *[]string, format string, args []any) {
	switch n := len(*to); {
	case n < mostWarnings:
		*to = append(*to, fmt.Sprintf(format, args...))
	case n == mostWarnings:
		*to = append(*to, "further warnings are left out")
	}
}

// Batch is what one reader made of one source.
type Batch struct {
	// Source describes the whole: Name, Commit, Time, Licence, Attribution.
	// Each record's own Source is a copy with ID and File set.
	Source Source
	// Items are in the order of the source.
	Items []Item
	// Releases are the releases that the source knows, as listed: unsorted,
	// duplicates and unreadable versions kept.
	Releases map[cpan.Dist][]Known
	// Owners is the source's module table: which distribution holds a module.
	Owners map[cpan.Module]cpan.Dist
	// Main is each distribution's main module.
	Main map[cpan.Dist]cpan.Module
	// Warnings are doubts about the source as a whole.
	Warnings []string
}
