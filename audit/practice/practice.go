// Package practice holds the rules about habits: a taint mode that is talked out
// of its answer, and what hides mistakes.
//
//	($file) = $file =~ /(.*)/s;     # TNT01
//	$SIG{__DIE__} = \&handler;      # GEN01, a note
//
// Promised: GEN01 is never more than worth a look. Not promised: that a program
// is safe because it runs in taint mode.
//
// Sources: perlsec, strict, perlvar, the SEI CERT Perl Coding Standard.
package practice

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed TNT01.txtar
	tnt01Text string
	//go:embed GEN01.txtar
	gen01Text string
)

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: tnt01Text, Words: []string{"taint", "launder", "(.*", "(.+", `([\s`, `([\S`, `([\w`, `([\W`, "CGI"}, Perl: laundered},
		{Text: gen01Text, Perl: habits, Release: executable},
	}
}
