package flow

// selKind says how a value lies in what holds it.
type selKind uint8

const (
	byKey  selKind = iota // under a key of a hash
	byElem                // somewhere in an array
	byPos                 // in a list, as the arguments of a call and what a sub returns
)

// anywhere is the position, or with loose set the key, that is not known.
const anywhere = -1

// sel is one step into a structure.
type sel struct {
	kind  selKind
	key   string // of byKey, and of byPos where a literal stands before it
	pos   int    // of byPos
	loose bool   // the key is not known
}

// path says where in the structure that a node holds the value lies: 0 is the
// structure itself. A reference and what it refers to are not told apart.
type path int32

// maxPath is how deep a value is followed into structures; what lies deeper
// counts as lying there.
const maxPath = 4

type pathNode struct {
	head  sel
	tail  path
	depth int
}

// paths are the paths of one question, each once.
type paths struct {
	nodes []pathNode
	known map[pathNode]path
}

func newPaths() paths {
	return paths{nodes: make([]pathNode, 1), known: map[pathNode]path{}}
}

// under gives the path of what lies at tail in what lies at head.
func (p *paths) under(head sel, tail path) path {
	n := pathNode{head, tail, p.nodes[tail].depth + 1}
	if n.depth > maxPath {
		return p.cut(n)
	}
	if at, ok := p.known[n]; ok {
		return at
	}
	p.nodes = append(p.nodes, n)
	at := path(len(p.nodes) - 1)
	p.known[n] = at
	return at
}

// cut leaves the deepest step of a path out.
func (p *paths) cut(n pathNode) path {
	heads := []sel{n.head}
	for at := n.tail; at != 0; at = p.nodes[at].tail {
		heads = append(heads, p.nodes[at].head)
	}
	at := path(0)
	for i := maxPath - 1; i >= 0; i-- {
		at = p.under(heads[i], at)
	}
	return at
}

// head gives a path's first step; ok is false for 0.
func (p *paths) head(at path) (s sel, tail path, ok bool) {
	n := p.nodes[at]
	return n.head, n.tail, at != 0
}

// into gives the path within what the step s leads to; ok is false where the
// value lies elsewhere. An opaque value is in each of its parts.
func (p *paths) into(at path, s sel) (path, bool) {
	head, tail, ok := p.head(at)
	if !ok {
		return 0, true
	}
	return tail, head.matches(s)
}

func (s sel) matches(o sel) bool {
	if s.kind == byKey && o.kind == byKey {
		return s.loose || o.loose || s.key == o.key
	}
	if s.kind == byKey || o.kind == byKey {
		return s.loose || o.loose || s.kind == byPos || o.kind == byPos
	}
	return s.kind != byPos || o.kind != byPos || s.pos == anywhere || o.pos == anywhere || s.pos == o.pos
}
