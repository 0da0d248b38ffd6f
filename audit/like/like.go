// Package like finds code of the same shape: where a flaw is known at one line,
// forks and siblings of that code often have it, too, under other names.
//
//	my $sid = md5_hex(time . $$ . rand);
//	$self->{token} = Digest::MD5::md5_hex(time() . "$$" . rand());
//
// are alike by 82 %. A shape is the tree of a statement, of the head of an if or
// a loop, or of the sub that a line begins, with what people rename left out:
// names of variables, of the file's own subs and packages, texts of strings and
// how they are quoted, my and our. What says what is done stays: functions,
// methods, classes of others, operators, keys of hashes and names of arguments,
// patterns.
//
// Two shapes are compared by the marks of their nodes and by those that stand
// one below the other; a mark weighs what it tells, a variable little and a
// function of a module much. The share of the weight that they have in common is
// the likeness (the Sorensen-Dice coefficient), from 0 to 1. The order of what
// stands side by side does not matter. A statement in which nothing tells much,
// as my $self = shift, has no shape of its own.
//
// Promised: likeness 1 for the same shape; the same files give the same answer;
// the cost of a file is linear in it, for nested candidates times their depth, of
// which maxNested are looked at. Not promised: that like code does the same.
package like

import (
	"cmp"
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
	minWeight = 32     // what must be in a shape in which no single mark tells much
	maxNodes  = 20_000 // of the shape that is looked for
	maxNested = 32     // candidates around one another
)

// Match is a place of a like shape.
type Match struct {
	Node       perlsrc.NodeID // the statement or sub
	Line, Last int            // its lines
	Likeness   float64        // from 0 to 1
}

// Of gives the shape at a line: of the innermost statement there, over however
// many lines it goes, of several the one that tells the most. On the first line
// of a sub it is the sub's; where a statement holds blocks, as if does, it is that
// of its head.
func Of(f *audit.File, line int) (*Shape, error) {
	t := f.Tree
	if t == nil {
		return nil, fault.New(fault.Invalid, "%s is no Perl", f.Path).WithHint("shapes are told of Perl alone")
	}
	size, own := sizes(t), ownOf(t)
	var best *Shape
	for _, n := range innermost(t, line) {
		if size[n] > maxNodes {
			return nil, fault.New(fault.Invalid, "%s:%d: the code there has %d parts (limit: %d parts of a shape)", f.Path, line, size[n], maxNodes)
		}
		of := whole
		switch t.Nodes[n].Form {
		case perlsrc.Named:
			n, of = t.Nodes[n].Child, body
		case perlsrc.Compound:
			of = head
		}
		s := own.take(t, n, of)
		s.First, s.Last = lines(t, n)
		if best == nil || s.total > best.total {
			best = s
		}
	}
	const hint = "name a line that does something of its own, or the first line of its sub"
	switch {
	case best == nil:
		return nil, fault.New(fault.Invalid, "%s:%d: no statement is there", f.Path, line).WithHint(hint)
	case !best.tells && best.total < minWeight:
		return nil, fault.New(fault.Invalid, "%s:%d: %.60q is too common to have a family", f.Path, line, f.Line(best.First)).WithHint(hint)
	}
	return best, nil
}

// innermost gives the statements of a line that hold no other one of it. What
// holds blocks is of the lines of its head alone.
func innermost(t *perlsrc.Tree, line int) []perlsrc.NodeID {
	var found []perlsrc.NodeID
	holds := map[perlsrc.NodeID]bool{}
	for n := range t.All(0, perlsrc.StatementNode) {
		if first, last := lines(t, n); first > line || last < line {
			continue
		}
		found = append(found, n)
		for up := t.Nodes[n].Parent; up != 0 && !holds[up]; up = t.Nodes[up].Parent {
			holds[up] = true
		}
	}
	return slices.DeleteFunc(found, func(n perlsrc.NodeID) bool { return holds[n] || !inHead(t, n, line) })
}

// inHead reports whether a statement says something on a line besides its blocks.
func inHead(t *perlsrc.Tree, n perlsrc.NodeID, line int) bool {
	switch t.Nodes[n].Form {
	case perlsrc.Plain, perlsrc.Include:
		return true
	case perlsrc.Named:
		first, _ := lines(t, n)
		return first == line
	case perlsrc.Compound:
		for c := range t.Children(n) {
			if first, last := lines(t, c); t.Nodes[c].Kind != perlsrc.BlockNode && first <= line && line <= last {
				return true
			}
		}
	}
	return false
}

// Find gives the places of a file that are like a shape by at least so much, in
// the file's order, of several around one another the likest.
func (s *Shape) Find(f *audit.File, least float64) []Match {
	t := f.Tree
	if t == nil {
		return nil
	}
	own, size := ownOf(t), sizes(t)
	kind := perlsrc.StatementNode
	if s.scope == body {
		kind = perlsrc.SubNode
	}
	var all []Match
	nested := map[perlsrc.NodeID]nest{}
	for n := range f.All(kind) {
		if s.scope == head && t.Nodes[n].Form != perlsrc.Compound {
			continue
		}
		// What is far smaller or larger is not like it.
		if here := s.scope.size(t, n, size); 3*here < s.nodes || here > 3*s.nodes {
			continue
		}
		if s.scope != head { // heads do not hold each other
			up := outer(t, n, nested)
			nested[n] = nest{up, nested[up].depth + 1}
		}
		if nested[n].depth > maxNested {
			continue
		}
		if l := s.likeness(own.take(t, n, s.scope)); l >= least {
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

// size is how many nodes of n are in the scope, by the sizes of all.
func (of scope) size(t *perlsrc.Tree, n perlsrc.NodeID, sizes []int) int {
	size := sizes[n]
	if of == head {
		for c := range t.Children(n) {
			if t.Nodes[c].Kind == perlsrc.BlockNode {
				size -= sizes[c]
			}
		}
	}
	return size
}

// sizes counts the nodes from each on downwards.
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
