// Package osv reads OSV records, schema 1, about distributions of CPAN.
//
//	{"schema_version": "1.7.3", "id": "CVE-2099-0001",
//	 "modified": "2099-01-02T00:00:00Z", "aliases": ["CPANSA-Foo-Bar-2099-01"],
//	 "summary": "Foo::Bar follows links while unpacking",
//	 "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
//	 "affected": [{"package": {"ecosystem": "CPAN", "name": "Foo-Bar", "purl": "pkg:cpan/Foo-Bar"},
//	   "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}],
//	   "versions": ["1.0", "1.2"]}],
//	 "database_specific": {"severity": "HIGH"}}
//
// CPAN is not on the schema's list of ecosystems, so a package counts as a
// distribution where its purl begins pkg:cpan/ or, without a purl, where its
// ecosystem is CPAN. A record that has packages but none of CPAN is refused;
// one that has no packages at all is kept, as its aliases and scores may
// complete what other sources say.
//
// Ranges and versions are kept as written, for perlver.ParseOSV to judge in
// version.pm's order. A range of type SEMVER or GIT has another order: it is
// passed over with a warning where a list or a range of another type stands
// beside it, and every version is unknown where none does. A record with a
// CVE id among its aliases is named by the first of them, and its own id becomes
// an alias.
//
// Promised: prose is cleaned of what acts on a terminal, vectors are checked
// and their scores computed. Credits are not read.
//
// Not promised: that a record conforms to the published JSON schema. Keys that
// are unknown here are passed over.
//
// Source: github.com/ossf/osv-schema, schema 1.7.
package osv
