package jsonschema

import (
	"hash/maphash"

	"nacre/jsondoc"
)

// equal reports whether two values are the same to a schema: the order of keys
// does not count, and numbers are compared by value.
func (c *checker) equal(a, b *jsondoc.Node) bool {
	c.step()
	if a.Kind != b.Kind || len(a.Items) != len(b.Items) || len(a.Members) != len(b.Members) {
		return false
	}
	if a.Kind == jsondoc.KindNumber {
		return parseDecimal(a.Text) == parseDecimal(b.Text)
	}
	if a.Text != b.Text {
		return false
	}
	for i, item := range a.Items {
		if !c.equal(item, b.Items[i]) {
			return false
		}
	}
	for i, m := range a.Members {
		other := b.Members[i] // most often in the same order
		if other.Key != m.Key {
			v := b.Get(m.Key)
			if v == nil {
				return false
			}
			other.Value = v
		}
		if !c.equal(m.Value, other.Value) {
			return false
		}
	}
	return true
}

// hash gives values that are equal the same number.
func (c *checker) hash(n *jsondoc.Node) uint64 {
	c.step()
	const prime = 1099511628211 // of FNV-1a, to tell orders apart
	h := uint64(n.Kind) + 1
	switch n.Kind {
	case jsondoc.KindNumber:
		d := parseDecimal(n.Text)
		h += maphash.String(c.seed, d.digits)*prime + uint64(d.exponent) + uint64(d.sign)
	case jsondoc.KindArray:
		for _, item := range n.Items {
			h = h*prime + c.hash(item)
		}
	case jsondoc.KindObject:
		for _, m := range n.Members {
			h += (maphash.String(c.seed, m.Key)*prime ^ c.hash(m.Value)) * prime
		}
	default:
		h += maphash.String(c.seed, n.Text) * prime
	}
	return h
}

// twice gives the first item that is equal to one before it, and that one.
func (c *checker) twice(items []*jsondoc.Node) (before, again int) {
	if len(items) < 2 {
		return 0, 0
	}
	seen := make(map[uint64][]int, len(items))
	for i, item := range items {
		h := c.hash(item)
		for _, j := range seen[h] {
			if c.equal(items[j], item) {
				return j, i
			}
		}
		seen[h] = append(seen[h], i)
	}
	return 0, 0
}
