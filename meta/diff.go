package meta

import (
	"slices"
	"strings"

	"nacre/jsondoc"
	"nacre/perlver"
)

// Difference is a place where two documents do not say the same.
type Difference struct {
	// Path are the keys in spec 2.
	Path []string
	// A and B are what they say; nil where one says nothing.
	A, B *jsondoc.Node
	// IsSpelling says that both mean the same in another spelling: 1.10 and
	// 1.1, or a list in another order.
	IsSpelling bool
}

// At writes the path as people read it.
func (d Difference) At() string { return strings.Join(d.Path, " -> ") }

// Comparison is what Diff finds.
type Comparison struct {
	Differences []Difference
	// As is the spec version in whose terms the two were compared: 1.4 where
	// one of them is older than spec 2 and so cannot say all that the other
	// can.
	As Spec
	// Unread is what one of them has, and could not be read as spec 2, so that
	// nobody knows whether the other says the same. What spec 1.x has a key for
	// and spec 2 has none (distribution_type) is not among it.
	Unread []Unread
}

// Unread is a place in a document that was not compared.
type Unread struct {
	Loss
	InB bool // in the second of both
}

// Equal says that both mean the same, as far as they could be read.
func (c Comparison) Equal() bool {
	return !slices.ContainsFunc(c.Differences, func(d Difference) bool { return !d.IsSpelling })
}

// Diff compares what two documents mean: both are brought to spec 2, and where
// only one of them is of that version, it is first brought to what 1.4 can
// say. Which program wrote them (meta-spec, generated_by,
// x_serialization_backend) is not compared. A document that cannot be
// converted is compared by what can be read of it, and Unread is the rest.
func Diff(a, b *Document) Comparison {
	c := Comparison{As: Spec2}
	unreadA, unreadB := unreadOf(a.Tree), unreadOf(b.Tree)
	c.unread(unreadA, unreadB, false)
	c.unread(unreadB, unreadA, true)
	treeA, treeB := a.Tree, b.Tree
	switch is2A, is2B := a.Spec() == Spec2, b.Spec() == Spec2; {
	case is2A && !is2B:
		c.As, treeA = Spec14, as14(treeA)
	case is2B && !is2A:
		c.As, treeB = Spec14, as14(treeB)
	}
	_, treeA = convert(treeA, ConvertOptions{})
	_, treeB = convert(treeB, ConvertOptions{})
	for _, key := range []string{"meta-spec", "generated_by", "x_serialization_backend"} {
		treeA.Remove(key)
		treeB.Remove(key)
	}
	c.compare(nil, treeA, treeB)
	return c
}

// unread adds the places of one document that the other does not have.
func (c *Comparison) unread(of, other []Loss, inB bool) {
	key := func(l Loss) string { return l.At() + ": " + l.Message }
	known := map[string]bool{}
	for _, l := range other {
		known[key(l)] = true
	}
	for _, l := range of {
		if !known[key(l)] {
			c.Unread = append(c.Unread, Unread{l, inB})
		}
	}
}

// unreadOf is what is not in spec 2 of a tree.
func unreadOf(tree *jsondoc.Node) []Loss {
	c, _ := convert(tree, ConvertOptions{})
	return slices.DeleteFunc(slices.Concat(c.losses, c.failed), func(l Loss) bool {
		return len(l.Path) == 1 && l.Path[0] == "distribution_type"
	})
}

// as14 is a tree in the terms of 1.4.
func as14(tree *jsondoc.Node) *jsondoc.Node {
	_, tree = convert(tree, ConvertOptions{To: Spec14})
	return tree
}

func (c *Comparison) add(path []string, a, b *jsondoc.Node, isSpelling bool) {
	c.Differences = append(c.Differences, Difference{Path: slices.Clone(path), A: a, B: b, IsSpelling: isSpelling})
}

func (c *Comparison) compare(path []string, a, b *jsondoc.Node) {
	switch {
	case isNull(a) && isNull(b), isEmpty(a) && isEmpty(b):
	case a.Is(jsondoc.KindObject) && b.Is(jsondoc.KindObject):
		c.maps(path, a, b)
	case a.Is(jsondoc.KindArray) && b.Is(jsondoc.KindArray):
		c.lists(path, a, b)
	case isNull(a), isNull(b), isNested(a), isNested(b):
		c.add(path, a, b, false)
	case asWritten(a) != asWritten(b):
		c.add(path, a, b, sameVersions(path, asWritten(a), asWritten(b)))
	}
}

// isEmpty says that n says nothing: no value, or a list or map without any,
// also within it, as the prereqs of a phase that asks for nothing.
func isEmpty(n *jsondoc.Node) bool {
	switch {
	case isNull(n):
		return true
	case n.Is(jsondoc.KindArray):
		return len(n.Items) == 0
	case n.Is(jsondoc.KindObject):
		return !slices.ContainsFunc(n.Members, func(m jsondoc.Member) bool { return !isEmpty(m.Value) })
	}
	return false
}

func (c *Comparison) maps(path []string, a, b *jsondoc.Node) {
	inB := index(b)
	for _, m := range members(a) {
		c.compare(append(path, m.Key), m.Value, inB[m.Key])
		delete(inB, m.Key)
	}
	for _, m := range members(b) {
		if v, ok := inB[m.Key]; ok {
			c.compare(append(path, m.Key), nil, v)
		}
	}
}

func index(n *jsondoc.Node) map[string]*jsondoc.Node {
	byKey := make(map[string]*jsondoc.Node, len(n.Members))
	for _, m := range n.Members {
		byKey[m.Key] = m.Value
	}
	return byKey
}

// lists compares lists; of single values the order is a matter of spelling.
func (c *Comparison) lists(path []string, a, b *jsondoc.Node) {
	same := len(a.Items) == len(b.Items)
	for i := 0; same && i < len(a.Items); i++ {
		inner := Comparison{}
		inner.compare(nil, a.Items[i], b.Items[i])
		same = len(inner.Differences) == 0
	}
	if !same {
		ta, tb := sortedTexts(a), sortedTexts(b)
		c.add(path, a, b, ta != nil && slices.Equal(ta, tb))
	}
}

// sortedTexts gives the texts of a list; nil where it holds more than those.
func sortedTexts(n *jsondoc.Node) []string {
	texts := []string{}
	for _, item := range n.Items {
		if isNested(item) {
			return nil
		}
		texts = append(texts, asWritten(item))
	}
	slices.Sort(texts)
	return texts
}

// sameVersions says that two texts mean the same where a version or a range
// stands.
func sameVersions(path []string, a, b string) bool {
	switch {
	case len(path) == 1 && path[0] == "version", len(path) == 3 && path[0] == "provides" && path[2] == "version":
		v, errA := perlver.Parse(a)
		w, errB := perlver.Parse(b)
		return errA == nil && errB == nil && v.Equal(w)
	case len(path) == 4 && path[0] == "prereqs", len(path) == 6 && path[0] == "optional_features" && path[2] == "prereqs":
		return sameRange(a, b)
	}
	return false
}

func sameRange(a, b string) bool {
	ra, errA := perlver.ParseRequirement(a)
	rb, errB := perlver.ParseRequirement(b)
	return errA == nil && errB == nil && slices.Equal(clauseKeys(ra), clauseKeys(rb))
}

// clauseKeys gives the clauses of a requirement with each version as its place
// in the order of versions.
func clauseKeys(r perlver.Requirement) []string {
	var keys []string
	for clause := range strings.SplitSeq(r.String(), ", ") {
		op, text, ok := strings.Cut(clause, " ")
		if !ok {
			op, text = ">=", clause
		}
		v, _ := perlver.Parse(text) // String gives what can be read
		if op == ">=" && v.Equal(perlver.Version{}) {
			continue // any version
		}
		keys = append(keys, op+" "+v.Key())
	}
	slices.Sort(keys)
	return keys
}
