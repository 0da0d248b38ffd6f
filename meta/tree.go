package meta

import (
	"nacre/fault"
)

// Bounds on one metadata file, besides limit.Metadata on its size. The
// largest known files list 10,000 modules in provides.
const (
	maxDepth   = 64
	maxNodes   = 300_000
	maxPrereqs = 20_000
)

// kind is what a node of a document is.
type kind uint8

const (
	nullKind kind = iota
	textKind      // strings, numbers and booleans, as text
	listKind
	mapKind
)

func (k kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a map"}[k]
}

// node is a value of a JSON or YAML document.
type node struct {
	kind  kind
	line  int
	text  string
	items []*node
	pairs []pair
}

// pair is one key of a map, in the document's order.
type pair struct {
	key   string
	line  int
	value *node
}

// get gives the value of a key, or a null node. Of a key that stands twice the
// last one counts, as in Perl.
func (n *node) get(key string) *node {
	for i := len(n.pairs) - 1; i >= 0; i-- {
		if n.pairs[i].key == key {
			return n.pairs[i].value
		}
	}
	return &node{line: n.line}
}

// budget counts nodes.
type budget int

func (b *budget) take() error {
	if *b++; *b > maxNodes {
		return fault.New(fault.Invalid, "more than %d values (limit: metadata values)", maxNodes).
			WithHint("the file is far larger than its kind ever is; check that it is the right one")
	}
	return nil
}

// errDeep is the error of a document that nests too far.
func errDeep(line int) error {
	return fault.New(fault.Invalid, "line %d: nested deeper than %d (limit: metadata depth)", line, maxDepth).
		WithHint("metadata has a handful of levels; check that it is the right file")
}
