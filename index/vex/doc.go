// Package vex gives the advisory index to programs that read CSAF and OpenVEX: of
// each advisory which known releases are affected, which are fixed, and which
// nobody can tell.
//
// # CSAF
//
// A CSAF provider as a folder of files, by the Common Security Advisory Framework
// 2.0, section 7:
//
//	.well-known/csaf/provider-metadata.json   who publishes, and where
//	csaf/provider-metadata.json               the same bytes
//	csaf/white/2026/cve-2099-0001.json        one advisory, with .sha256 and .sha512
//	csaf/white/feed.json                      all of them, as ROLIE; see below
//	csaf/white/index.txt, changes.csv         all of them, by name and by date
//	csaf/white/index.html, 2026/index.html    the same for a browser
//
// A document keeps the profile csaf_security_advisory. Its products are the known
// releases that are affected ("known_affected"), those of which the sources say
// nothing clear or both ("under_investigation"), and the first release that is
// fixed ("fixed"), each as Dist@version with its package URL. What is not listed
// was looked at and is clean: a release that comes later and is clean changes no
// document. Where no known release is concerned, the affected versions are the
// product, as vers, or the distribution as a whole. A withdrawn advisory keeps its
// document, as csaf_base, without products; so does an id that an advisory had in an
// earlier build, and its document says which one follows it.
//
// The year of the folder is that of the first build that had the advisory, as the
// standard has it: the release dates are of the document, release_date of the
// vulnerability is the advisory's. The version is 1.0.0, and after a change
// 1.DATE.TIME of it, so that it grows; the revisions between are not kept.
//
// # OpenVEX
//
//	openvex/CVE-2099-0001.json
//
// Statements are about package URLs of releases, and here each known release has
// one: affected, fixed (stated to be, or clean and later than an affected one where
// no source says otherwise), not_affected with the reason in words, or
// under_investigation. The five justifications of OpenVEX are claims about code that
// nobody examined, so none is made. A document is nothing but statements about
// releases, and of an id that is part of another advisory now there is none to make,
// neither that they are affected nor that they are not: its file goes.
//
// # Promises
//
// A document is valid by its schema and by the mandatory tests of CSAF, and it
// depends on nothing but what [index.Format] allows. No names of people are in it.
// Not promised: signatures (.asc), because the index has no OpenPGP key, so the
// role is csaf_provider and not csaf_trusted_provider, and the metadata names the
// folder alone and not the feed, whose entries gocsaf refuses unsigned; CVSS 4.0 as
// a score, for which CSAF 2.0 has no field; CWE as a field, which asks for names
// word by word. Both are notes.
//
// Public sources: OASIS CSAF 2.0 Errata 01; RFC 8322; OpenVEX Specification
// v0.2.0.
package vex

import "nacre/index"

// Formats are CSAF and OpenVEX.
func Formats() []index.Format {
	return []index.Format{
		{Name: "csaf", Advisory: csafFiles, Whole: provider},
		{Name: "openvex", Advisory: openVEXFile},
	}
}
