// Package releases reads lists of what was released on CPAN: advisories name
// versions by ranges, and a list says which versions there are.
//
//	02packages.details.txt   Foo::Bar  1.23  A/AU/AUTHOR/Foo-Bar-1.23.tar.gz     the latest of each module
//	MetaCPAN's releases      {"author": "AUTHOR", "name": "Foo-Bar-1.23", "distribution": "Foo-Bar", "version": "1.23",
//	                          "date": "2099-01-02T03:04:05", "status": "cpan", "maturity": "released", "main_module": "Foo::Bar"}
//	find-ls, BackPAN's list  authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz 1395991561 11231
//	a mirror                 these lists, or else the archives below authors/id
//
// Releases of MetaCPAN are JSON Lines, one release a line, or an answer of its
// search: {"hits": {"hits": [{"_source": {...}}]}}, also with "fields". A key
// that is not above is passed over.
//
// A list says nothing about advisories: the batch that each reader gives has no
// items, only Releases, Owners and Main, and of these only what is about the
// distributions that the caller wants, so that memory does not grow with CPAN.
//
// Promised: a version is kept as it is spelled; a release without a distribution
// or a version is skipped and counted; a list that breaks off is an error where
// its format can tell.
//
// Not promised: that a release is still on CPAN, or that a date is better than
// the list's own: that of a mirror's file is when the file was written.
//
// Sources: PAUSE's modules/02packages.details.txt and indices/find-ls;
// BackPAN::Index::Create; MetaCPAN's API, fields of the type release.
package releases
