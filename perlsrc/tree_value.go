package perlsrc

// Literal gives the value of a node that is a literal: a string, a number as
// perl prints it (1.10 is 1.1), a v-string as "v1.2.3", a word that perl quotes
// or that names a class, __PACKAGE__, one of these in parentheses, with a minus
// before it, or several joined by dots. ok is false where only running tells.
func (t *Tree) Literal(n NodeID) (value string, ok bool) {
	return "", false
}

// List gives the values of a node that is a list of literals: qw, a List or an
// Array of literals and of such lists, or one literal.
func (t *Tree) List(n NodeID) (values []string, ok bool) {
	return nil, false
}

// Key gives the literal before the fat comma (or comma) whose value the node
// is, in a List, Array, Hash or Call: "b" for 2 in (a => 1, "b", 2).
func (t *Tree) Key(n NodeID) (key string, ok bool) {
	return "", false
}
