// Package like finds code of the same shape: where a flaw is known at one line,
// forks and siblings of that code often have it, too, under other names.
//
//	my $sid = md5_hex(time . $$ . rand);
//	$self->{token} = Digest::MD5::md5_hex(time() . $$ . rand());
//
// are alike by 8 parts of 10. A shape is the tree of a statement, or of the sub
// that a line begins, with what people rename left out: names of variables and
// of the file's own subs, texts of strings, my and our. What says what is done
// stays: functions, methods, operators, keys of hashes, modifiers of patterns.
//
// Two shapes are compared by the labels of their nodes and by those that stand
// one below the other; the share of what they have in common is the likeness
// (the Sorensen-Dice coefficient), from 0 to 1. Promised: likeness 1 for the
// same shape; the same files give the same answer; the cost of a file is linear
// in it, for nested candidates times their depth, of which maxNested are looked
// at. Not promised: that like code does the same.
package like

import (
	"cmp"
	"hash/maphash"
	"slices"

	"nacre/audit"
	"nacre/fault"
	"nacre/perlsrc"
)

// Least is the likeness from which on code is told, unless somebody asks for
// another.
const Least = 0.75

// The limits of shapes.
const (
	minNodes  = 5      // a statement with fewer says nothing by itself: its sub is the shape
	minParts  = 7      // what a shape must have to be one
	maxNodes  = 20_000 // of the shape that is looked for
	maxNested = 32     // candidates around one another
)

// Shape is what is looked for.
type Shape struct {
	parts map[uint64]int
	total int
	nodes int
	sub   bool // of a whole sub
	// First and Last are the lines that it was taken from.
	First, Last int
}

// Match is a place of a like shape.
type Match struct {
	Node       perlsrc.NodeID // the statement or sub
	Line, Last int            // its lines
	Likeness   float64        // from 0 to 1
}

// seed is one for all shapes, so that they can be compared.
var seed = maphash.MakeSeed()

// Of gives the shape at a line: of the innermost statement there, or, where that
// is too small to mean anything, or where the line begins a sub, of the sub.
func Of(f *audit.File, line int) (*Shape, error) {
	t := f.Tree
	if t == nil {
		return nil, fault.New(fault.Invalid, "%s is no Perl", f.Path).WithHint("shapes are told of Perl alone")
	}
	size := sizes(t)
	best, named := perlsrc.NodeID(0), perlsrc.NodeID(0)
	for n := range t.All(0, perlsrc.StatementNode, perlsrc.SubNode) {
		first, last := lines(t, n)
		switch {
		case first > line || last < line:
		case t.Nodes[n].Kind == perlsrc.SubNode:
			if t.Sub(n).Block != 0 {
				named = n
			}
		case best == 0 || size[n] <= size[best]:
			best = n
		}
	}
	n := best
	if n != 0 {
		if f, _ := lines(t, n); t.Nodes[n].Form == perlsrc.Named && f == line || size[n] < minNodes {
			n = named
		}
	}
	switch {
	case n == 0 || size[n] < minNodes:
		return nil, noShape(f, line)
	case size[n] > maxNodes:
		return nil, fault.New(fault.Invalid, "%s:%d: the code there has %d parts (limit: %d parts of a shape)", f.Path, line, size[n], maxNodes)
	}
	s := shape(t, n, ownSubs(t))
	if s.total < minParts {
		return nil, noShape(f, line)
	}
	s.First, s.Last = lines(t, n)
	return s, nil
}

func noShape(f *audit.File, line int) error {
	return fault.New(fault.Invalid, "%s:%d: there is no code with a shape of its own", f.Path, line).
		WithHint("name the line of a statement that does something")
}

// Find gives the places of a file that are like a shape by at least so much, in
// the file's order, of several around one another the likest.
func (s *Shape) Find(f *audit.File, least float64) []Match {
	t := f.Tree
	if t == nil {
		return nil
	}
	own := ownSubs(t)
	size := sizes(t)
	kind := perlsrc.StatementNode
	if s.sub {
		kind = perlsrc.SubNode
	}
	var all []Match
	nested := map[perlsrc.NodeID]nest{}
	for n := range f.All(kind) {
		// Half or twice as large can be alike by two thirds at most.
		if size[n] < minNodes || 2*size[n] < s.nodes || size[n] > 2*s.nodes {
			continue
		}
		up := outer(t, n, nested)
		nested[n] = nest{up, nested[up].depth + 1}
		if nested[n].depth > maxNested {
			continue
		}
		other := shape(t, n, own)
		if l := s.likeness(other); l >= least {
			first, last := lines(t, n)
			all = append(all, Match{n, first, last, l})
		}
	}
	slices.SortStableFunc(all, func(a, b Match) int { return cmp.Compare(b.Likeness, a.Likeness) })
	var out []Match
	kept, holds := map[perlsrc.NodeID]bool{}, map[perlsrc.NodeID]bool{}
	for _, m := range all {
		within := false
		for up := m.Node; up != 0; up = nested[up].outer {
			within = within || kept[up]
		}
		if within || holds[m.Node] {
			continue
		}
		kept[m.Node] = true
		for up := m.Node; up != 0; up = nested[up].outer {
			holds[up] = true
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Node, b.Node))
	})
	return out
}

// nest is where a candidate stands among others.
type nest struct {
	outer perlsrc.NodeID // the nearest one around it; 0 for none
	depth int
}

// outer is the nearest node around n that was a candidate.
func outer(t *perlsrc.Tree, n perlsrc.NodeID, nested map[perlsrc.NodeID]nest) perlsrc.NodeID {
	for up := t.Nodes[n].Parent; up != 0; up = t.Nodes[up].Parent {
		if nested[up].depth > 0 {
			return up
		}
	}
	return 0
}

// lines gives the first and last line of a node.
func lines(t *perlsrc.Tree, n perlsrc.NodeID) (first, last int) {
	node := t.Nodes[n]
	first = t.Line(n)
	if node.End > node.First {
		last = t.Tokens[node.End-1].Line
	}
	return first, max(first, last)
}

// sizes counts the nodes below each.
func sizes(t *perlsrc.Tree) []int {
	size := make([]int, len(t.Nodes))
	var order []perlsrc.NodeID
	for n := range t.All(0) {
		order = append(order, n)
	}
	for _, n := range slices.Backward(order) {
		size[n]++
		size[t.Nodes[n].Parent] += size[n]
	}
	return size
}

// likeness is the share of what two shapes have in common.
func (s *Shape) likeness(o *Shape) float64 {
	common := 0
	for part, n := range o.parts {
		common += min(n, s.parts[part])
	}
	return 2 * float64(common) / float64(s.total+o.total)
}
