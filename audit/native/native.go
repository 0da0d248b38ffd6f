// Package native holds the rule about C and XS: strings and lengths of Perl's that
// meet a buffer of C.
//
//	char buf[64];
//	strcpy(buf, SvPV_nolen(name));
//
// is a finding of XS01: Perl's string may be of any length.
//
// It is a heuristic over the tokens of package csrc, one function at a time: what
// a variable is (a buffer of a fixed size, a string of Perl's, a length that a
// caller states) is told by its declaration and by what is assigned to it, and
// that a length is looked at anywhere in the function counts as a check. Of the rest
// of the file it knows arrays, members of structures and memory of a constant size,
// macros that are numbers or copy a string, which functions are handed a cursor
// whose end their callers know, and nothing else. A finding is likely only where
// both the buffer and the source can be seen.
//
// What is read of a text is looked at by the path to it: a pointer that is certainly
// set to the beginning and not certainly moved since may stand there, and a length
// that nothing asks for may be 0 or more than is left.
//
// Not promised: what other macros do, what other functions check, and what values
// come through a structure.
//
// Sources: perlapi, perlguts, perlxs; SEI CERT C, rules STR31-C, STR32-C, INT30-C
// and ARR38-C.
package native

import (
	_ "embed"

	"nacre/audit"
)

//go:embed XS01.txtar
var xs01 string

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{{Text: xs01, Native: buffers}}
}
