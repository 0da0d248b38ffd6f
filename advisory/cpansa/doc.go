// Package cpansa reads the CPAN Security Advisory database: the folders of
// YAML reports that people write, and the JSON index that is built of them.
//
// A report speaks about one distribution and holds a list of advisories:
//
//	distribution: Foo-Bar
//	darkpan: ~
//	advisories:
//	- id: CPANSA-Foo-Bar-2099-01
//	  previous_id: [CPANSA-Foo-Bar-2099-001]
//	  cves: [CVE-2099-0001]
//	  github_security_advisory: [GHSA-cccc-ffff-hhhh]
//	  affected_versions: ['>=1.0,<1.3', ==1.4_01]
//	  fixed_versions: ['>=1.3']
//	  description: Foo::Bar before 1.3 follows links while unpacking.
//	  references: [https://foo.example/advisory]
//	  reported: 2099-01-02
//	  severity: high
//
// Three folders hold reports. cpansa/ has those written by hand.
// external_reports/ has one for each foreign library: the library's own
// advisories, and under perl_distributions which releases of which
// distribution carry which version of it. generated_reports/ has those turned
// round into distributions, and generated.from names the library's report.
// The kind is read off a report's keys, not its folder.
//
// # What becomes of an entry
//
// Every entry of every report is an advisory.Item. One of a distribution
// becomes a record named by its first CVE, or by its own id where it has none;
// all other ids are aliases, also those of the form X-CVE-..., which are
// nobody's CVE. Lists of versions are kept as written. One of a library is
// always refused: only generated_reports say which distributions a library's
// flaw affects, and who turns external_reports round anew accuses distributions
// that no published advisory names. What the libraries' reports say completes
// the records that were generated from them (the versions carried, the
// library's own range), and one warning counts the ranges that those lack.
//
// # Promises
//
// A scalar is taken as its text: 1.10 stays 1.10, and a date, a number, null
// and nothing at all are told apart. An entry that cannot be read is refused by
// itself, with the file and its number in the error. The folders and the index
// give the same records of the same distributions, with the same ids, ranges
// and verdicts. What the index lacks (GHSA ids, darkpan, generated.from, the
// library's versions) is missing from its records; of a library it keeps only
// the name at the end of an id. Names and addresses of reviewers are not read,
// and neither are comments.
//
// Not promised: that an entry is right. Doubts are in Item.Warnings; what
// contradicts itself is found by advisory/merge, which sees all sources.
//
// Source: github.com/briandfoy/cpan-security-advisory, its README.md, spec.md,
// util/invert-third-party.pl and the files themselves.
package cpansa
