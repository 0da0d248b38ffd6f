// Package inject holds the rules about values that become a part of some
// language: Perl, a shell's command, SQL, a header, a protocol of lines, HTML, an
// address.
//
//	my $user = $cgi->param('user');
//	system("htpasswd -b users $user $password");
//
// is a finding of INJ02, since a shell reads what a request chose. Whether a
// value may be chosen by others, and whether something on its way makes it safe
// there, is audit/input's answer; the rules know the places.
//
// Promised: literals, and values that the file itself chooses, are no finding;
// nor is a value behind a check that helps at its place. Not promised: that such
// a check is good enough.
//
// Sources: perlsec, perlop, DBI, RFC 9110, RFC 5322, the advisories that the
// rules' files name.
package inject

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed INJ01.txtar
	inj01Text string
	//go:embed INJ02.txtar
	inj02Text string
	//go:embed INJ03.txtar
	inj03Text string
	//go:embed INJ04.txtar
	inj04Text string
	//go:embed INJ05.txtar
	inj05Text string
	//go:embed INJ06.txtar
	inj06Text string
	//go:embed INJ07.txtar
	inj07Text string
	//go:embed INJ08.txtar
	inj08Text string
	//go:embed INJ09.txtar
	inj09Text string
)

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: inj01Text, Words: []string{"eval"}, Perl: codeOfString},
		{Text: inj02Text, Words: []string{"system", "exec", "qx", "`", "readpipe", "open2", "open3", "capture", "run"}, Perl: commandOfString},
		{Text: inj03Text, Words: []string{"select", "SELECT", "insert", "INSERT", "update", "UPDATE", "delete", "DELETE", "drop", "DROP", "search", "where", "WHERE", "order by", "ORDER BY"}, Perl: statementOfString},
		{Text: inj04Text, Words: []string{"HTTP/1", "Location:", "Cookie:", "Content-", "Host:", "Subject:", "To:", "Refresh:", "User-Agent:", "Referer:", "From:", `\r\n`, `\015`, "CRLF"}, Perl: headerOfString},
		{Text: inj05Text, Words: []string{"send", "sock", "Sock", "print", "write", "command"}, Perl: lineOfString},
		{Text: inj06Text, Words: []string{"ee", "eval"}, Perl: codeOfPattern},
		{Text: inj07Text, Words: []string{"->$", "maketext", "loc", "&$", "&{", "->can", "param", "req"}, Perl: nameOfInput},
		{Text: inj08Text, Words: []string{"<", "render", "raw", "text/html", "header", "param"}, Perl: markupOfString},
		{Text: inj09Text, Words: []string{"redirect", "Location", "location", "endfile", "SENDFILE", "ccel"}, Perl: addressOfInput},
	}
}
