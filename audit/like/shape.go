package like

import (
	"hash/maphash"
	"iter"

	"nacre/perlsrc"
)

// scope is what of a node is its shape.
type scope uint8

const (
	whole scope = iota // of a statement
	head               // of if, while and their like: all but the blocks
	body               // of a whole sub
)

// part is a mark, or one below another, and how often it is there.
type part struct{ times, weight int }

// Shape is what is looked for.
type Shape struct {
	parts map[uint64]part
	total int // the weight of all
	nodes int
	scope scope
	tells bool // something of its own is in it
	// First and Last are the lines that it was taken from.
	First, Last int
}

// seed is one for all shapes, so that they can be compared.
var seed = maphash.MakeSeed()

// take takes the shape of a node.
func (own own) take(t *perlsrc.Tree, n perlsrc.NodeID, of scope) *Shape {
	s := &Shape{parts: map[uint64]part{}, scope: of}
	var h maphash.Hash
	h.SetSeed(seed)
	add := func(weight int, texts ...string) {
		h.Reset()
		h.WriteByte(byte(weight)) // a part has one weight
		for _, text := range texts {
			h.WriteString(text)
			h.WriteByte(0)
		}
		p := s.parts[h.Sum64()]
		s.parts[h.Sum64()] = part{p.times + 1, weight}
		s.total += weight
	}
	marks := map[perlsrc.NodeID]mark{}
	for at := range of.nodes(t, n) {
		up := t.Nodes[at].Parent
		s.nodes++
		m, above := own.mark(t, at), marks[up]
		if t.Operator(at) == "=>" {
			if key, ok := t.Key(at); ok {
				above = mark{text: "key " + key, weight: much}
			}
		}
		// What only is a form passes on what it is in, and so does text in text.
		if m.text == "" || (m.text == literal || m.text == made) && above.text == made {
			marks[at] = above
			continue
		}
		marks[at] = m
		add(m.weight, m.text)
		s.tells = s.tells || m.weight >= telling && (len(m.text) < 4 || m.text[:4] != "key ")
		if at != n {
			add(min(m.weight, above.weight), above.text, m.text)
		}
		if m.with != "" {
			add(much, m.with)
			s.tells = true
		}
	}
	return s
}

// nodes gives n and what is below it in the scope.
func (of scope) nodes(t *perlsrc.Tree, n perlsrc.NodeID) iter.Seq[perlsrc.NodeID] {
	if of != head {
		return t.Under(n)
	}
	return func(yield func(perlsrc.NodeID) bool) {
		if !yield(n) {
			return
		}
		for c := range t.Children(n) {
			if t.Nodes[c].Kind == perlsrc.BlockNode {
				continue
			}
			for at := range t.Under(c) {
				if !yield(at) {
					return
				}
			}
		}
	}
}

// likeness is the share of what two shapes have in common, by weight.
func (s *Shape) likeness(o *Shape) float64 {
	common := 0
	for key, p := range o.parts {
		common += p.weight * min(p.times, s.parts[key].times)
	}
	return 2 * float64(common) / float64(s.total+o.total)
}
