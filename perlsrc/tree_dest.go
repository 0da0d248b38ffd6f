package perlsrc

// Use says what becomes of a value.
type Use uint8

// The uses.
const (
	Void      Use = iota // nothing
	Assigned             // it is assigned: Dest.Targets
	Target               // it is assigned to
	Returned             // by return, or as the last statement of a sub
	Passed               // as an argument, or as the value of a block, to the Call Dest.Node
	Invoked              // a method or it itself is called: the Call Dest.Node
	Condition            // it decides: of an if, a while, ?:, and, or, ...
	Iterated             // foreach goes over it
	Indexed              // it is a key or an index of the Access Dest.Node
	Matched              // it is the pattern, or a part of one, of the Term Dest.Node
)

// Dest is where a value goes.
type Dest struct {
	Use  Use
	Node NodeID // the Assign, the Call (of return, too), the Sub, the Statement, the Logic, ...

	// Targets are what is assigned to, left to right; several of a list are
	// one List or Declare. Declared is how: my, our, local, state, or "".
	Targets  []NodeID
	Declared string

	// Index is the position among the arguments that it is passed as, from 0,
	// or in a list that is assigned or returned; -1 for the value of a block.
	Index int
	// Key is the nearest literal key that it is the value of, on its way:
	// token in { token => rand } and in new(token => rand).
	Key string
	// Direct says that the value itself goes there, and not what an operator
	// or a string makes of it.
	Direct bool
}

// Dest says where the value of a node goes, up to the next call, assignment or
// decision. It looks through operators, lists, references, strings, and the
// values of do and eval blocks.
func (t *Tree) Dest(n NodeID) Dest {
	return Dest{}
}

// Conditional says whether a node is only evaluated under a condition, and
// which node makes it so, with the reason: the word of a Compound statement or
// of a modifier (if, unless, else, for, while, catch, ...), the operator of a
// Logic (and, or, &&, ...), "?:", or the function whose block it is in (eval,
// map, grep, ...). It answers with the innermost; asked for that node again, it
// gives the next. Whether an enclosing sub is ever called is no condition.
func (t *Tree) Conditional(n NodeID) (by NodeID, why string) {
	return 0, ""
}
