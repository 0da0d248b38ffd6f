// Package cvelist finds what concerns CPAN among all records of the CVE List,
// as the CVE Program publishes it: a checkout, or the zips of its releases.
//
//	cves/2099/0xxx/CVE-2099-0001.json     a checkout, or the zip of all records
//	deltaCves/CVE-2099-0001.json          the zip of what changed within an hour or a day
//
// # What is taken
//
//  1. A record with an affected product of CPAN: its collectionURL is
//     https://cpan.org/modules, or its packageURL begins pkg:cpan/ (package
//     advisory/cve has the spellings).
//  2. A record that was asked for by its id ([Want]): those of a reviewed list
//     (perl itself, records from before CPAN had a CNA), and those that other
//     sources name.
//
// Vendor and author are never looked at: they change with the maintainer. A
// record that only looks as if it were about CPAN, because a product has the
// name of a module (Foo::Bar) or a link leads to metacpan.org, is in
// [List.Review] for a person to look at, and never taken. What was asked for
// and is not there, [Missing] lists.
//
// Of several records of one id, [Newest] keeps the one that was updated last.
//
// # Promises
//
// Every file of the list is either taken, for review, or counted. A record is
// decoded only if its bytes have the letters "cpan" in any case, "::" or an
// escaped letter, so that the cost is that of reading the files; one that was
// passed over need not be read again while [Memory] says that it is unchanged.
//
// Not promised: that the list is whole. A zip of changes has nothing else.
//
// Sources: github.com/CVEProject/cvelistV5, its README.md and releases;
// github.com/CVEProject/cve-schema.
package cvelist
