package jsonschema

import (
	"hash/maphash"
	"iter"
	"slices"

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
	var byKey map[string]*jsondoc.Node
	for i, m := range a.Members {
		other := b.Members[i].Value // most often in the same order
		if b.Members[i].Key != m.Key {
			if byKey == nil {
				byKey = make(map[string]*jsondoc.Node, len(b.Members))
				for _, o := range b.Members {
					byKey[o.Key] = o.Value
				}
			}
			var ok bool
			if other, ok = byKey[m.Key]; !ok {
				return false
			}
		}
		if !c.equal(m.Value, other) {
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

// repeats gives each item that is equal to one before it, and the first such one.
func (c *checker) repeats(items []*jsondoc.Node) iter.Seq2[int, int] {
	return func(yield func(before, again int) bool) {
		if len(items) < 2 {
			return
		}
		seen := make(map[uint64][]int, len(items))
		for i, item := range items {
			h := c.hash(item)
			at := slices.IndexFunc(seen[h], func(j int) bool { return c.equal(items[j], item) })
			if at < 0 {
				seen[h] = append(seen[h], i)
			} else if !yield(seen[h][at], i) {
				return
			}
		}
	}
}
