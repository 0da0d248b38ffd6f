// Package sources reads everything that advisories come from: what a path is,
// its content says.
//
//	r := sources.Reader{Say: func(what string) { fmt.Fprintln(os.Stderr, "reading", what) }}
//	read, err := r.Read(ctx, []string{"cpan-security-advisory", "cvelist", "DSA.zip"})
//	defer read.Close()
//	set, ledger := read.Merge()
//
// A source is a checkout of the CPAN Security Advisory database (or one of its
// folders, or its built JSON), a CVE record or a folder of them, an OSV record,
// a folder or a zip, security data of those who package Perl, a folder of such
// folders, or one database of Nacre. JSON files may be packed with gzip.
//
// Promised: a source is read whole or gives nothing; the reading of one does
// not depend on another; everything is read within limits. [Health] tells how
// the reading of each went, in the order of the names.
//
// Not promised: that a source is right, which is for package merge to find.
package sources
