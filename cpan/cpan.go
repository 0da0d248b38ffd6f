// Package cpan names what the Comprehensive Perl Archive Network holds:
// authors, modules, distributions and releases, and reads the archive's own
// files about them.
//
// A release is an archive at a path below authors/id:
//
//	r := cpan.ParsePath("authors/id/A/AU/AUTHOR/Foo-Bar-1.23_01.tar.gz")
//	r.Author    == "AUTHOR"
//	r.Dist      == "Foo-Bar"
//	r.Version   == "1.23_01"
//	r.Developer == true
//	r.Path      == "A/AU/AUTHOR/Foo-Bar-1.23_01.tar.gz"
//
// Promised: ParsePath gives for every path what CPAN::DistnameInfo 0.12 gives,
// developer verdict included, so that Nacre and the archive's own programs
// call a release by the same name. The readers of 02packages.details.txt,
// 06perms.txt, 01mailrc.txt, 00whois.xml, CHECKSUMS and the lists of releases
// take them plain or gzipped, within limits, and as data: CHECKSUMS is Perl
// source, and none of it is run.
//
// Not promised: that a distribution, module or author of that name exists, or
// that a version string is one that version.pm accepts (see package perlver).
// No signature is checked here.
//
// Sources: CPAN::DistnameInfo 0.12 (names of archives), PAUSE's modules/
// and authors/ folders (the index files), CPAN::Checksums (CHECKSUMS),
// BackPAN::Index::Create (a list of releases).
package cpan
