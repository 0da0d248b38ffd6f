// Package manifest is what makes a folder of files an index that can be
// checked: a list of them all, and two short signed texts.
//
//	manifest.json    nacre.manifest/1: counts, sources, and every file with size and SHA-256
//	manifest.note    nacre-manifest/1: signed; names manifest.json by its digest
//	nacre-index      nacre-index/1: signed; names nacre.db, and is what nacre db update reads
//
// The list has every file of the folder but these three. They name each other:
// manifest.note the list, the list nacre.db, nacre-index nacre.db too, and all
// have one sequence. So the two notes can be signed anew, with a later expiry
// or by another key, and nothing else changes.
//
// The text of manifest.note, before its signatures:
//
//	nacre-manifest/1
//	sequence 42
//	built 2099-01-02T03:04:05Z
//	expires 2099-01-09T03:04:05Z
//	size 123456
//	sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
//	next-key advisories.example+1a2b3c4d+AZ...
//
// and that of nacre-index, whose size and digest are those of the database:
//
//	nacre-index/1
//	sequence 42
//	built 2099-01-02T03:04:05Z
//	expires 2099-01-09T03:04:05Z
//	size 1048576
//	sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
//	file nacre.db
//
// The lines stand in this order, and next-key alone may be left out. Numbers are
// decimal without a sign or a leading zero, times RFC 3339 in UTC to the second.
// A text with anything else is refused: what is new gets a new number in its
// first line. In manifest.json, fields that are not known are passed over.
// docs/formats/manifest.md and docs/formats/index-note.md are the documents of
// the formats; a signed text is a note of golang.org/x/mod/sumdb/note with
// Ed25519 keys.
//
// # Promises
//
// What [Parse], [ParseSeal] and [ParseHead] accept, Bytes and Text write again
// with the same meaning, and the notes byte for byte. Reading has limits, and
// hitting one is an error that names it. [Index.Verify] finds every file that is
// missing, changed or not listed.
//
// Not promised: that an index is right or complete. A signature says who spoke,
// and a note without one ([Sign] without a key) says nothing of that at all.
package manifest

// The files that the list does not have, at the root of an index.
const (
	ListName = "manifest.json"
	SealName = "manifest.note"
	HeadName = "nacre-index"
)

// DatabaseName is the file that the head names.
const DatabaseName = "nacre.db"

// The limits of reading.
const (
	// MaxNote is the most that a note may have, in bytes; a real one has some 500.
	MaxNote = 16 << 10
	// MaxSequence is the greatest whole number that every reader of JSON keeps.
	MaxSequence = 1<<53 - 1
	// MaxDatabase is the most that a database may have, in bytes.
	MaxDatabase = 256 << 20
	// MaxList is the most that a manifest may have, in bytes.
	MaxList = 128 << 20
	// MaxFiles is how many files an index may have; one of all advisories on CPAN
	// has some ten thousand.
	MaxFiles = 500_000
	// MaxFile is the most that one file may have, in bytes.
	MaxFile = 1 << 30
	// maxGroups bounds the sources, and the reasons that are counted.
	maxGroups = 1000
)
