// Package input tells who may choose a value of a Perl file: somebody far away,
// who wrote a file that is read, who starts the program, who calls a sub, or
// nobody but the author; and what the value was held to on its way.
//
//	my $name = $cgi->param('name');            # Remote: the parameter "name" of a request
//	system("finger $name");                    # as it came
//	system("finger " . shell_quote($name));    # Remote, Shell
//	if ($name =~ /\A\w+\z/) { system("finger $name") }   # Remote, Allowed
//
// Of gives each source of a node's value with its checks, and Worst the one that
// a rule must think of, behind the checks that make its sink safe.
//
// Promised: an answer for every node, in the file's order; a file's checks are
// gathered once. Not promised: that a check is enough, or that it stands on
// every way to the place: a pattern that holds the same variable earlier in the
// same sub counts wherever it stands, but in the branch where it fails, and behind
// a return or next for those that it holds. A list that a value is looked up in
// counts behind its statement only where the others leave or are replaced, and
// not where the sub fills it by the same key. What modules do is known by the
// names of their methods, as in the code of CGI, Plack, Mojolicious, Dancer,
// Catalyst, LWP, HTTP::Tiny and Email::MIME.
//
// Sources: perlsec, perlvar, RFC 3875 (the variables of CGI), the PSGI
// specification, and the documentation of the modules named.
package input

import (
	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// Who is who may choose a value. Later ones are to be trusted less.
type Who uint8

// The choosers.
const (
	Constant Who = iota // the author: it stands in the source
	Unknown             // the file does not say
	Held                // a field of an object or structure that this file does not fill
	Operator            // who starts or configures the program: @ARGV, %ENV, <STDIN>, options
	Caller              // who calls a sub or method that others may call
	File                // who wrote a file or an archive that is read
	Remote              // who sends a request, an answer, a mail, or an upload
)

func (w Who) String() string {
	switch w {
	case Constant:
		return "constant"
	case Held:
		return "held"
	case Operator:
		return "operator"
	case Caller:
		return "caller"
	case File:
		return "file"
	case Remote:
		return "remote"
	}
	return "unknown"
}

// Check is what a value was held to, or made of, on its way: a set.
type Check uint16

// The checks. Each helps against some sinks only.
const (
	Number   Check = 1 << iota // it is a number: int, sprintf "%d", + 0
	Allowed                    // it matched a pattern as a whole, or was looked up in a list
	Rejected                   // a pattern looked for characters that it must not have, or took them out
	Shell                      // quoted for a shell
	Pattern                    // quotemeta
	HTML                       // escaped for HTML or XML
	URI                        // escaped for an address
	SQL                        // quoted by a database handle
	Base                       // only the last part of a path
	Plain                      // made of letters and digits: a digest, hex, base 64
	Lines                      // line ends are refused or taken out
	Dots                       // ".." is refused or taken out
	Ref                        // ref was asked whether it is a reference
	Escaped                    // a backslash stands before its backslashes, and before what would end a quote
	Few                        // a number of few digits
)

// Has reports whether one of the checks is among these.
func (c Check) Has(checks Check) bool { return c&checks != 0 }

// Source is a part of what a value is made of.
type Source struct {
	Who   Who
	Check Check
	// What names it for people: `the parameter "id" of a request`, `the
	// environment variable PATH`, `the argument $file of render`.
	What string
	// Part is the piece of the asked node that holds it: a variable in a string,
	// an operand, an argument.
	Part perlsrc.NodeID
	Node perlsrc.NodeID // where it comes from: a Call, a Term, a Sub
	// From is what the file's flow says of it.
	From  flow.Origin
	Steps []audit.Step // from Node to Part
}

// maxParts bounds the pieces of one node that are asked about.
const maxParts = 64

// maxSources bounds how many pieces are asked about, with those that they are
// made of, for one node.
const maxSources = 100

// maxKept bounds how many sources are kept for the next question.
const maxKept = 10000

// Of gives the sources of a node's value: none for a literal. A node that flow
// says nothing of is Unknown. The answer is kept, and must not be changed.
func Of(f *audit.File, n perlsrc.NodeID) []Source {
	r := read(f)
	if out, ok := r.answers[n]; ok {
		return out
	}
	r.left = maxSources
	var out []Source
	for _, p := range r.parts(n) {
		out = append(out, r.sources(p)...)
	}
	if r.kept += len(out) + 1; r.kept > maxKept {
		clear(r.answers)
		r.kept = len(out) + 1
	}
	r.answers[n] = out
	return out
}

// Worst gives the least trusted source of a node's value, not counting those
// that went through one of the checks that make them safe for its use. Of
// several it is the first. A literal's is Constant.
func Worst(f *audit.File, n perlsrc.NodeID, safe Check) Source {
	var worst Source
	for _, s := range Of(f, n) {
		if s.Check.Has(safe) {
			continue
		}
		if s.Who > worst.Who {
			worst = s
		}
	}
	return worst
}

// CheckedBefore gives what the variable, field or element that a node is was held
// to in its sub, up to where another node begins: for who asks about a part of a
// string where that is used, and not where it was built.
func CheckedBefore(f *audit.File, n, at perlsrc.NodeID) Check {
	before, _ := f.Tree.Span(at)
	return read(f).checked(n, before)
}
