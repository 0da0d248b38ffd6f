package decode

import (
	"iter"

	"nacre/audit"
	"nacre/perlsrc"
)

// pair is a literal key and the value behind it: in a list, a hash, the
// arguments of a call, or an element that is assigned.
type pair struct {
	key   string
	value perlsrc.NodeID
}

// pairs gives the pairs of a file's lists, hashes and calls.
func pairs(f *audit.File) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		for n := range f.All(perlsrc.ListNode, perlsrc.HashNode, perlsrc.ArrayNode, perlsrc.CallNode) {
			if !pairsOf(f.Tree, n, yield) {
				return
			}
		}
	}
}

// pairsOf gives the pairs right below a node.
func pairsOf(t *perlsrc.Tree, n perlsrc.NodeID, yield func(pair) bool) bool {
	before := perlsrc.NodeID(0)
	for c := range t.Children(n) {
		if before != 0 && t.Nodes[before].Kind == perlsrc.TermNode {
			if op := t.Operator(c); op == "=>" || op == "," {
				if key, ok := t.Literal(before); ok && !yield(pair{key, c}) {
					return false
				}
			}
		}
		before = c
	}
	return true
}

// option gives the value of an option among the arguments of a call, written as
// a list, as an anonymous hash, or in a hash variable that the file fills once.
func option(f *audit.File, call perlsrc.NodeID, names ...string) (value perlsrc.NodeID, key string) {
	t := f.Tree
	look := func(p pair) bool {
		for _, name := range names {
			if p.key == name {
				value, key = p.value, name
				return false
			}
		}
		return true
	}
	pairsOf(t, call, look)
	for arg := range t.Args(call) {
		if value != 0 {
			break
		}
		if kind := t.Nodes[arg].Kind; kind == perlsrc.HashNode || kind == perlsrc.ListNode {
			pairsOf(t, arg, look)
		}
	}
	return value, key
}

// opaque reports whether the arguments of a call hold options that only running
// would tell: %opts, @_, a hash reference in a variable.
func opaque(t *perlsrc.Tree, call perlsrc.NodeID) bool {
	for arg := range t.Args(call) {
		switch t.Nodes[arg].Kind {
		case perlsrc.CastNode:
			return true
		case perlsrc.TermNode:
			if text := t.Text(arg); t.Token(arg).Kind == perlsrc.Variable && (text[0] == '%' || text[0] == '@') {
				return true
			}
		case perlsrc.CallNode:
			if t.Operator(arg) != "=>" && !t.Call(arg).Bare {
				return true
			}
		}
	}
	return false
}

// truth is what a node says as a condition.
type truth uint8

const (
	unsure truth = iota
	no
	yes
)

// truthOf tells whether a value is true, where the source says it.
func truthOf(t *perlsrc.Tree, n perlsrc.NodeID) truth {
	if v, ok := t.Literal(n); ok {
		if v == "" || v == "0" {
			return no
		}
		return yes
	}
	switch string(t.Text(n)) {
	case "!!1", "!0", "(1)", "JSON::PP::true", "\\1":
		return yes
	case "undef", "!1", "!!0", "()":
		return no
	}
	return unsure
}
