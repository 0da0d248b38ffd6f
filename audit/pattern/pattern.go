// Package pattern holds the rules about regular expressions: those that let more
// through than they seem to, those that never end, and those that take a text
// for a pattern.
//
//	die "bad address" unless $ip =~ /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;
//
// is a finding of RGX01: 010.0.0.1 passes, and is 8.0.0.1 for other programs, as
// do a newline behind the address, and digits of other scripts.
//
// A pattern is read as perlre describes it and made into an automaton whose
// states are the places of its characters (Glushkov's). It answers what a
// pattern accepts, and how the time of a failing match grows: exponentially, where
// a part that repeats can match the same text in two ways, or as a power, where
// several parts that repeat can share out the same run.
//
// That alone would tell of many a pattern that perl is done with in one go. So a
// text is made that should be the worst, in two lengths, and the steps are counted
// that perl would take: what it keeps of repetitions that failed, fixed parts that
// must be there, atomic groups and assertions count. A pattern is slow where the
// steps of that text grow faster than its length.
//
// Not promised: a text that is worse yet may not be found, so a slow pattern may be
// passed over. Patterns that are put together while the program runs are read only
// where the file assigns their parts once. Recursion, conditions and code in
// patterns are not looked into.
//
// Sources: perlre, perlrecharclass, perlretut; V. Glushkov, The Abstract Theory
// of Automata (1961); A. Weber and H. Seidl, On the degree of ambiguity of finite
// automata (1991).
package pattern

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed RGX01.txtar
	rgx01 string
	//go:embed RGX02.txtar
	rgx02 string
	//go:embed RGX03.txtar
	rgx03 string
)

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: rgx01, Words: []string{"^", `\A`, "255", "256"}, Perl: lax},
		{Text: rgx02, Perl: slow},
		{Text: rgx03, Perl: unquoted},
	}
}
