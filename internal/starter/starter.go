// Package starter is the advisory database inside the binary, so that the first
// scan works without a network: every advisory on some hundred and thirty widely
// used distributions, with their known releases and modules.
//
// It holds facts: ids, ranges as the sources write them, dates, weaknesses,
// scores and links, each with its source and that source's licence. Titles are
// in Nacre's own words, and there are no descriptions. A distribution is in it
// with all its advisories or not at all, so that silence about one means the
// same as with a full database; how old the set is, Info().Built says.
//
// What a person edits is dists.txt and titles.tsv; go generate makes the rest of
// them and of real data:
//
//	starter.jsonl   one advisory.Record a line (nacre.advisory/1), sorted by id
//	releases.jsonl  one distribution a line:
//	                {"dist":"Foo-Bar","main":"Foo::Bar","modules":["Foo::Bar"],
//	                 "releases":["1.2 2099-01-02","1.3 2099-02-03 5.99"]}
//	starter.db      both, in the format of package advisory/db: what is embedded
//
// A release is its version as the source writes it, the day it came out, and
// the perl that it came with where it was never on CPAN by itself; "-" is a day
// that is not known.
//
// Promised: starter.jsonl and releases.jsonl give the bytes of starter.db, and
// every fact in them is what the full data says. Not promised: completeness. A
// scan that finds nothing with this set alone has not looked at most of CPAN.
//
// Sources: the CPAN Security Advisory database (Artistic-2.0) and the records
// of the CPAN Security Group's CNA (CVE terms of use).
package starter

import (
	_ "embed"
	"strings"

	"nacre/advisory/db"
)

//go:generate go run ./internal/make -o . ../../../shared/data

//go:embed starter.db
var file string

// Open opens the set. It needs no closing.
func Open() (*db.DB, error) {
	return db.Open(strings.NewReader(file), int64(len(file)))
}
