package license

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
)

// The lists, one id a line below a line that names their source, sorted by
// lower case; behind a tab of a deprecated id stands its successor, or nothing.
// They are searched as they are, so that a program that links this package and
// asks nothing pays nothing.
//
//go:embed ids.txt
var ids string

//go:embed exceptions.txt
var exceptions string

// ListVersion names the lists that ids are looked up in: "spdx-license-ids
// 3.0.24, spdx-exceptions 2.5.0".
func ListVersion() string {
	return source(ids) + ", " + source(exceptions)
}

func source(list string) string {
	line, _, _ := strings.Cut(list, "\n")
	return strings.TrimPrefix(line, "# ")
}

// Listed is an id of the lists.
type Listed struct {
	ID         string // in the list's spelling
	Deprecated bool
	// Successor is the expression that takes the place of a deprecated id; of
	// an exception, the exception. "" where no one expression does.
	Successor string
}

// Lookup finds a licence's id, without regard to case.
func Lookup(id string) (Listed, bool) { return lookup(ids, id) }

// LookupException finds an exception's id, without regard to case.
func LookupException(id string) (Listed, bool) { return lookup(exceptions, id) }

func lookup(list, id string) (Listed, bool) {
	if len(id) > 100 {
		return Listed{}, false // far longer than any
	}
	want := strings.ToLower(id)
	low, high := strings.IndexByte(list, '\n')+1, len(list) // lines that may hold it
	for low < high {
		middle := low + (high-low)/2
		start := strings.LastIndexByte(list[low:middle], '\n') + 1 + low
		end := strings.IndexByte(list[start:], '\n') + start
		found, successor, deprecated := strings.Cut(list[start:end], "\t")
		switch strings.Compare(want, strings.ToLower(found)) {
		case 0:
			return Listed{found, deprecated, successor}, true
		case -1:
			high = start
		default:
			low = end + 1
		}
	}
	return Listed{}, false
}

// leaves gives the licences of an expression from left to right.
func (e Expression) leaves() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		if e.root != nil {
			e.root.each(yield)
		}
	}
}

func (n *node) each(yield func(*node) bool) bool {
	if n.op == leaf {
		return yield(n)
	}
	for _, part := range n.parts {
		if !part.each(yield) {
			return false
		}
	}
	return true
}

// IDs are the ids of licences in the expression that are on the list, sorted,
// each once.
func (e Expression) IDs() []string {
	return e.collect(func(n *node) string {
		if n.listed {
			return n.id
		}
		return ""
	})
}

// Exceptions are what stands behind WITH in the expression, sorted, each once.
func (e Expression) Exceptions() []string {
	return e.collect(func(n *node) string { return n.with })
}

// Refs are the references to licences that are not on the list, sorted, each
// once: a document that holds the expression has to say what they are.
func (e Expression) Refs() []string {
	return e.collect(func(n *node) string {
		if n.isRef() {
			return n.id
		}
		return ""
	})
}

// Unknown are the ids and exceptions that are neither on the lists nor
// references, sorted, each once.
func (e Expression) Unknown() []string {
	unknown := e.collect(func(n *node) string {
		if n.listed || n.alone() || n.isRef() {
			return ""
		}
		return n.id
	})
	return slices.Compact(slices.Sorted(slices.Values(append(unknown, e.collect(func(n *node) string {
		if n.known {
			return ""
		}
		return n.with
	})...))))
}

func (n *node) isRef() bool {
	return !n.listed && (strings.HasPrefix(n.id, licenseRef) || strings.HasPrefix(n.id, documentRef))
}

// Deprecated are the deprecated ids and exceptions of the expression, sorted by
// id, each once.
func (e Expression) Deprecated() []Listed {
	var list []Listed
	for _, id := range e.IDs() {
		if l, _ := Lookup(id); l.Deprecated {
			list = append(list, l)
		}
	}
	for _, id := range e.Exceptions() {
		if l, _ := LookupException(id); l.Deprecated {
			list = append(list, l)
		}
	}
	return list
}

func (e Expression) collect(of func(*node) string) []string {
	var list []string
	for n := range e.leaves() {
		if id := of(n); id != "" {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Current is the expression with the successors of its deprecated ids, and
// with the ids of GNU licences that "+" stands for: GPL-2.0+ becomes
// GPL-2.0-or-later. What has no successor stays.
func (e Expression) Current() Expression {
	if e.root == nil {
		return e
	}
	return Expression{e.root.current()}
}

func (n *node) current() *node {
	if n.op != leaf {
		joined := &node{op: n.op}
		for _, part := range n.parts {
			joined.parts = append(joined.parts, part.current())
		}
		return joined
	}
	now := *n
	l, _ := Lookup(n.id)
	id := n.id
	if n.listed && l.Deprecated && l.Successor != "" {
		id = l.Successor
	}
	if later, ok := strings.CutSuffix(id, "-only"); ok && n.plus {
		if l, ok := Lookup(later + "-or-later"); ok {
			id, now.plus = l.ID, false
		}
	}
	id, with, hasWith := strings.Cut(id, " WITH ")
	if hasWith && n.with != "" {
		return n // two exceptions: no expression says that
	}
	now.id = id
	if hasWith {
		if base, ok := strings.CutSuffix(id, "-only"); ok && now.plus {
			now.id, now.plus = base+"-or-later", false
		}
		now.with, now.known = with, true
	}
	return &now
}
