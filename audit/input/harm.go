package input

import (
	"bytes"

	"nacre/audit"
	"nacre/lazyregexp"
)

// Severity gives how much a flaw matters that a value of a source may bring about,
// by who chooses it: severity is that of a stranger's. What only the author, an
// administrator in the settings, or who starts a program for himself can choose is
// low at most: they may do as much without the flaw. A program that runs for
// others than the one who starts it has strangers for its arguments and its
// environment.
//
// Source: perlsec, "Taint mode".
func Severity(f *audit.File, s Source, severity audit.Severity) audit.Severity {
	if s.Who == Constant || s.Who == Operator && !Serves(f) && !forOthers(f) {
		return min(severity, audit.Low)
	}
	return severity
}

var tainted = lazyregexp.New(`\A#!.*(?:perl.*\s-[acfnpsSuUvwWX]*[tT]|suidperl)`)

// forOthers reports whether a program has the rights of another than the one who
// starts it, by its first line: taint mode, or the perl for setuid programs.
func forOthers(f *audit.File) bool {
	if !bytes.HasPrefix(f.Src, []byte("#!")) {
		return false
	}
	first, _, _ := bytes.Cut(f.Src, []byte("\n"))
	return tainted.Match(first)
}
