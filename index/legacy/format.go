// Package legacy gives the index out in the forms that programs of the Perl
// world read today: the feed that Test::CVE reads, the built file of the CPAN
// Security Advisory database, for CPAN::Audit, and the answers of MetaCPAN's API
// about vulnerabilities.
//
//	cpansa-feed.json                    {"Foo-Bar": [{"cpansa_id": "CPANSA-Foo-Bar-2099-01",
//	                                      "affected_versions": ["<1.3"], "cves": ["CVE-2099-0001"], ...}]}
//	cpansa-feed/Foo-Bar.json            the same of one distribution
//	cpansa-feed-aliases.json            the same for Test::CVE: distributions under the names of their
//	                                    modules too, and no record has more than one range
//	cpansa-feed.meta.json               what the feed was made of, and what is not in it
//	cpan-security-advisory.json         {"dists": {"Foo-Bar": {"versions": [...], "advisories": [...]}}, ...}
//	metacpan/cve/dist/Foo-Bar.json                   {"cve": [{"cpansa_id": ..., "releases": [...], ...}]}
//	metacpan/cve/release/AUTHOR/Foo-Bar-1.2.json     the same of one release
//
// # Affected versions
//
// Readers do not agree on a grammar, so what all sources state is written anew in
// the little that they read alike: the elements of a list are alternatives,
// clauses joined by commas hold together, and a clause is one of >=, <=, < and >
// before a version of digits, dots and underscores. A single version is
// ">=1.05,<=1.05". The list is true for a version exactly where the index calls
// it affected or contradictory.
//
// Of a list of several elements readers do not even agree that one is enough, so
// the file for Test::CVE has a record for each. MetaCPAN takes the last record of
// an id and forgets those before, so the file for all others has one for all.
//
// An empty list is read as "every version" by Test::CVE. It is written where no
// version is known to be affected and some may be: a range that cannot be read.
// Where no version is affected at all, the distribution does not have the record.
//
// # Promises
//
// No record is lost silently: cpansa-feed.meta.json lists every record that is
// left out (withdrawn ones, distributions that are not on CPAN, ranges without a
// version) or said in part, with the reason. Every field of the feed is there in
// every record; cve is the CVE record as it was published, and null where it was
// not among the sources.
//
// Sources: Test::CVE 0.11, CPAN::Audit 20230309, the built file of
// cpan-security-advisory, MetaCPAN's lib/MetaCPAN/{Query,Script}/CVE.pm, as public
// in 2026.
package legacy

import "nacre/index"

// Formats gives the forms of this package.
func Formats() []index.Format {
	return []index.Format{
		{Name: "cpansa-feed", Dist: feedOfDist, Whole: feed},
		{Name: "metacpan", Dist: answers},
	}
}
