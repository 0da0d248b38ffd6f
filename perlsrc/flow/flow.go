// Package flow tells where a value of a Perl file comes from and where it goes,
// as far as the file alone says it: through variables, strings, lists, hash
// fields, the arguments and results of its own subs.
//
//	sub _noise { my ($n) = @_; join '', map { chr rand 256 } 1 .. $n }
//	sub new_session {
//	    my $self = shift;
//	    $self->{sid} = _noise(16);
//	    set_cookie(session => $self->{sid});
//	}
//
// The sinks of the rand are the field sid of $self, and the argument "session"
// of set_cookie, with the names that the value bore on its way: noise, sid,
// session. The origins of the second argument of set_cookie are that rand, and
// the constants beside it.
//
// A value that is assigned through another name is seen by all: through $r of
// my $r = \@l, through $_[0] of a sub, and through the variable of a loop.
//
// Values are followed into hashes, arrays, lists and objects by their literal
// keys and positions, and out of them by the same. The fields of $self, $this,
// $class and what is blessed are those of the package that they stand in. A
// reference and what it refers to are one.
//
// Promised: the same file gives the same answer, in the file's order; a question
// costs no more than MaxSteps, and says so where that cut it short; building a
// Graph is linear in the file. A lexical variable is the one that perl would
// find by its scope.
//
// Not promised: the order of statements, but for lexical variables: a value is not
// told to be read before it is written, unless a loop leads back, nor after a
// statement that replaces it whenever it is reached, nor in another branch of the
// same if, nor behind a block that returns or dies. Behind an if, a variable that
// is assigned in two branches has both values. What a method does is only known where the
// class is, or the name begins with an underscore or is called on a sub's first
// argument. Values that leave the file, by inheritance, import or a global of
// another package, are not followed; what they meet there is told as a sink or an
// origin.
//
// Sources: perlsub, perldata, perlref, perlop.
package flow

import "nacre/perlsrc"

// MaxSteps bounds how far one question is followed.
const MaxSteps = 2000

// SinkKind is what becomes of a value.
type SinkKind uint8

// The kinds of sink.
const (
	Passed    SinkKind = iota // as an argument to the Call Sink.Node, of a sub that is not the file's own, or whose argument could not be followed
	Returned                  // by the Sub Sink.Node; not told of a sub that only the file itself calls, and that it does call
	Stored                    // in a field, an element, or a variable that the file does not keep to itself; Sink.Node is the Assign, or the Call of bless or push. What is stored is followed, too
	Compared                  // by an operator (eq, ==, =~, <, ...) that Sink.Op names; Sink.Node is the Expr
	Decided                   // it is a condition
	Indexed                   // it is a key or an index of the Access Sink.Node; what an index chooses is followed, too, through "[]"
	Matched                   // it is a pattern, or a part of one: the Term Sink.Node
	Iterated                  // foreach goes over it
	Invoked                   // a method of it that is not the file's own, or it itself, is called: the Call Sink.Node
	Evaluated                 // as code by a string eval, s///ee; Sink.Node is the Call or Term
)

// Step is one place on a value's way.
type Step struct {
	Node perlsrc.NodeID
	What string // "assigned to $sid", "returned by _noise", "passed to set_cookie"
}

// Sink is where a value ends.
type Sink struct {
	Kind SinkKind
	Node perlsrc.NodeID
	// At is the node below Node that holds the value: the argument, the
	// operand, the returned expression.
	At     perlsrc.NodeID
	Callee string // of Passed and Invoked, as in perlsrc.Call: "set_cookie", "new", "open"; "import" of a use
	Class  string // of a method: the class where it is a literal
	Index  int    // of Passed and Returned: its position; -1 for the value of a block
	Key    string // the nearest literal key before it: "session" in set_cookie(session => $x)
	Op     string // of Compared
	// Names are those that the value bore on its way, in order, each once:
	// variables without sigil, hash keys, parameters, and the subs that returned it.
	Names []string
	// Through are the functions that made something else of it, in order:
	// "md5_hex", "substr", "join", "int"; "." for strings and other operators' own words.
	Through []string
	Steps   []Step
	// Direct says that the value itself ends here, and not what an operator, a
	// function or a string made of it.
	Direct bool
}

// OriginKind is where a value comes from.
type OriginKind uint8

// The kinds of origin.
const (
	Constant OriginKind = iota // a literal, a constant of the file
	Param                      // an argument of the Sub Origin.Sub, which callers outside of the file may choose
	Result                     // of the Call Origin.Node, of a sub that is not the file's own; of a builtin too: rand, time, shift of a global, <FH>
	Field                      // of an object or structure that the file does not fill: Origin.Name is its key, Origin.Key the parameter that it is a field of
	Global                     // a package variable that the file does not set, and perl's own: @ARGV, %ENV, $_, $$, $0, @_ outside of a sub
	Captured                   // $1, $2, $&, %+: what a pattern has captured; Origin.Name is "m" where it is the value of a match
	Unknown                    // anything else, and where MaxSteps ended the way
)

// Origin is a part of what a value is made of.
type Origin struct {
	Kind OriginKind
	Node perlsrc.NodeID // the Term, Call, Access that it is
	// Name is the literal's value, the parameter's name without sigil, the
	// callee, the key, the variable with sigil ("@ARGV", "%ENV").
	Name  string
	Key   string         // of Global and Result: the literal key behind it: "PATH" of $ENV{PATH}
	Class string         // of the result of a method: the class where it is a literal
	Sub   perlsrc.NodeID // of Param: the Sub
	Index int            // of Param: which, from 0; -1 where it is told by name, or not known
	// Through are the functions that it went through on its way to the asked
	// node, the nearest to the node first.
	Through []string
	Steps   []Step
	Direct  bool
	// Quoted is set where a part of the way is a string that holds more than it.
	Quoted bool
}
