// Package perlsrc reads Perl source without running it: as tokens ([Scanner])
// and as a light tree of statements, calls and strings ([Parse]).
//
//	my $dbh = DBI->connect("dbi:SQLite:$file") or die <<"END";
//
// is the tokens
//
//	Word my, Space, Variable $dbh, Space, Operator =, Space, Word DBI,
//	Operator ->, Word connect, Structure (, Quote "dbi:SQLite:$file",
//	Structure ), Space, Word or, Space, Word die, Space, HereDoc <<"END",
//	Structure ;
//
// and, behind the line's end, a HereBody.
//
// Promised: every byte belongs to exactly one token, and the tokens joined give
// the file back; no input panics; the cost is linear in the bytes. A file that
// is broken, as by a string that never ends or a control character, gives tokens
// up to the break, one token Unknown with the rest, and an error that names the
// line. Source may be in any encoding that holds ASCII, and may begin with a
// byte order mark.
//
// Not promised: what perl would find by running a part of the file first. Source
// filters, and a module that brings its own syntax, are read as plain Perl. That
// a word takes nothing, so that the / behind it divides, is known of sub f() and
// use constant f before it; of other subs, blanks and capitals tell.
//
// Sources: perlop, perlsyn, perlfunc, perldata, perlre, perlpod, perlclass.
package perlsrc
