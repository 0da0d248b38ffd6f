// Package sources reads everything that advisories come from: what a path or an
// address holds, its content says.
//
//	r := sources.Reader{Work: "work", Program: digest, Now: time.Now()}
//	read, err := r.Read(ctx, []string{"cpan-security-advisory", "cvelistV5", "https://www.cpan.org/modules/02packages.details.txt.gz"})
//	defer read.Close()
//	set, ledger := read.Merge()
//
// A source is a checkout of the CPAN Security Advisory database (or one of its
// folders, or its built JSON), the CVE List or the zips of its releases, CVE or
// OSV records in a folder or a zip, a list of releases (02packages.details.txt,
// find-ls, BackPAN's list, releases of MetaCPAN, a mirror), security data of
// those who package Perl, a folder of such folders, or one database of Nacre.
// Files may be packed with gzip.
//
// Three kinds depend on the others, and are read when those are: of the CVE List
// what the others name is taken, of lists of releases what is about
// distributions that an advisory is about, of vendors' data what is about known
// flaws.
//
// # Promises
//
// A source is read whole or gives nothing, and what is wrong with one does not
// keep the others from being read: [Health] tells how the reading of each went.
// Everything is read within limits.
//
// Of an address the last good copy is kept in [Reader.Work], and read instead,
// with a word about it, where the address cannot be asked, where it serves a web
// page, half a file, too much, something that cannot be read, or data that is
// older than before. A new copy takes its place when it was read.
//
// What parsing gave of a document, and which files of a CVE List are about
// something else, is remembered in Work for the same program ([Reader.Program]).
// What is read is the same without.
//
// Not promised: that a source is right, which is for package merge to find; that
// half of a list of lines is noticed where the server does not state its length;
// that a path's files do not change while they are read.
package sources
