package advisory

import "nacre/cpan"

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
	// Warnings are doubts about the entry that did not stop it from becoming
	// a record: "severity is not stated", "id names another distribution".
	Warnings []string
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
