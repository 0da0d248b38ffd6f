package flow

import (
	"cmp"
	"slices"
	"strings"

	"nacre/perlsrc"
)

// backward finds what a value is made of. A state asks for the part of a node's
// value that the path tells, or for all that is in it where it is 0.
type backward struct {
	walk
	origins []Origin
	ended   map[originKey]bool
	passed  int // how many calls &name; are in calls &name;
}

type originKey struct {
	kind OriginKind
	node perlsrc.NodeID
	name string
	key  string
}

// Origins tells what the value of a node is made of. whole is false where
// a limit ended the way. The answer is kept, and must not be changed.
func (g *Graph) Origins(n perlsrc.NodeID) (origins []Origin, whole bool) {
	return ask(g, g.origins, n, g.askOrigins)
}

func (g *Graph) askOrigins(n perlsrc.NodeID) (origins []Origin, whole bool) {
	b := backward{walk: newWalk(g), ended: map[originKey]bool{}}
	b.at(n, 0, 0, nil)
	for len(b.queue) > 0 && b.spend() {
		it := b.queue[0]
		b.queue = b.queue[1:]
		b.comeFrom(it)
	}
	if !b.whole() {
		b.end(item{state: state{node: n}}, Origin{Kind: Unknown, Node: n})
	}
	slices.SortStableFunc(b.origins, func(x, y Origin) int {
		return cmp.Or(cmp.Compare(g.start(x.Node), g.start(y.Node)), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name))
	})
	return b.origins, b.whole()
}

func (b *backward) end(it item, o Origin) {
	key := originKey{o.Kind, o.Node, o.Name, o.Key}
	if b.ended[key] {
		return
	}
	b.ended[key] = true
	_, o.Through, o.Steps, o.Direct, o.Quoted = it.trail.told()
	slices.Reverse(o.Steps)
	b.origins = append(b.origins, o)
}

func (b *backward) unknown(it item) { b.end(it, Origin{Kind: Unknown, Node: it.node}) }

func (b *backward) comeFrom(it item) {
	g, n := b.g, it.node
	switch g.kind(n) {
	case perlsrc.TermNode:
		b.fromTerm(it)
	case perlsrc.CallNode:
		b.fromCall(it)
	case perlsrc.AssignNode:
		b.at(g.last(n), it.path, it.ctx, it.trail)
		if op := g.tree.Operator(g.last(n)); op != "=" {
			b.at(g.child(n), it.path, it.ctx, it.trail.passed(strings.TrimSuffix(op, "="), op != "||=" && op != "//="))
		}
	case perlsrc.TernaryNode:
		for c := range g.tree.Children(n) {
			if next := g.next(c); next == 0 || g.tree.Operator(next) != "?" {
				b.at(c, it.path, it.ctx, it.trail)
			}
		}
	case perlsrc.LogicNode:
		for c := range g.tree.Children(n) {
			if next := g.next(c); next == 0 || g.tree.Operator(next) != "and" && g.tree.Operator(next) != "&&" {
				b.at(c, it.path, it.ctx, it.trail)
			}
		}
	case perlsrc.ExprNode:
		b.fromOperator(it)
	case perlsrc.DeclareNode, perlsrc.InterpolationNode:
		for c := range g.tree.Children(n) {
			b.at(c, it.path, it.ctx, it.trail)
		}
	case perlsrc.CastNode:
		if g.varAt[n] != 0 {
			b.fromVariable(it)
		} else if c := g.within(n); c != 0 {
			b.at(c, b.elements(it), it.ctx, it.trail)
		} else {
			b.fromBlock(it, g.child(n))
		}
	case perlsrc.AccessNode:
		b.fromAccess(it)
	case perlsrc.ListNode, perlsrc.ArrayNode, perlsrc.HashNode:
		b.fromList(it, slices.Collect(g.tree.Children(n)))
	case perlsrc.BlockNode:
		b.fromBlock(it, n)
	case perlsrc.StatementNode:
		b.fromStatement(it, n)
	case perlsrc.SubNode:
		b.end(it, Origin{Kind: Constant, Node: n})
	default:
		b.unknown(it)
	}
}

// elements gives the path in an array or hash whose flattened values are asked
// for by position.
func (b *backward) elements(it item) path {
	head, tail, ok := b.head(it.path)
	if !ok || head.kind != byPos {
		return it.path
	}
	switch b.g.sigil(it.node) {
	case '@':
		return b.under(sel{kind: byElem}, tail)
	case '%':
		return b.under(sel{kind: byKey, key: head.key, loose: head.key == ""}, tail)
	}
	return tail
}

func (b *backward) fromTerm(it item) {
	g, n := b.g, it.node
	tok := g.tree.Token(n)
	switch tok.Kind {
	case perlsrc.Variable:
		b.fromVariable(it)
	case perlsrc.Quote, perlsrc.HereDoc, perlsrc.Command:
		b.fromString(it)
	case perlsrc.Pattern, perlsrc.Match:
		if tok.Kind == perlsrc.Pattern {
			b.fromString(it)
		} else {
			b.end(it, Origin{Kind: Captured, Node: n, Name: "m"})
		}
	case perlsrc.Substitute:
		b.replacement(it)
	case perlsrc.Readline, perlsrc.Glob:
		name := "readline"
		if tok.Kind == perlsrc.Glob {
			name = "glob"
		}
		b.end(it, Origin{Kind: Result, Node: n, Name: name})
	case perlsrc.Words:
		b.end(it, Origin{Kind: Constant, Node: n, Name: strings.Join(perlsrc.SplitWords(g.tree.Src, tok), " ")})
	case perlsrc.Translate:
	default:
		b.end(it, Origin{Kind: Constant, Node: n, Name: cmp.Or(g.literal(n), string(g.tree.Text(n)))})
	}
}

func (b *backward) fromAccess(it item) {
	g, n := b.g, it.node
	base := g.child(n)
	if _, p, ok := g.paramAt(n); ok && p.kind == one {
		b.fromParam(it, n)
		return
	}
	p := it.path
	head, tail, ok := b.head(p)
	slice := g.sigil(n) != 0
	sels := g.selectors(n)
	for i, c := len(sels)-1, g.last(n); i >= 0; i-- {
		if slice && i == len(sels)-1 && ok && head.kind == byPos {
			p = tail
			if words, known := g.tree.List(g.child(c)); known && head.pos >= 0 && head.pos < len(words) && sels[i].kind == byKey {
				sels[i] = sel{kind: byKey, key: words[head.pos]}
			}
		}
		p = b.under(sels[i], p)
	}
	for c := g.next(base); c != 0; c = g.next(c) {
		if g.kind(c) == perlsrc.SubscriptNode && g.tree.Src[g.start(c)] == '[' {
			for i := range g.tree.Children(c) {
				if _, literal := g.tree.Literal(i); !literal {
					b.at(i, 0, it.ctx, it.trail.passed("[]", true))
				}
			}
		}
	}
	if f, steps, ok := g.fieldAt(n); ok {
		for ; steps > 0; steps-- {
			_, p, _ = b.head(p)
		}
		b.fromField(it, f, p)
		return
	}
	b.at(base, p, it.ctx, it.trail)
}

// fromField goes on to what the package puts at the path into a field of its
// objects.
func (b *backward) fromField(it item, f field, p path) {
	g := b.g
	found := false
	for _, u := range g.fieldUses(f) {
		if !b.spend() {
			return
		}
		read, steps, access := g.fieldAt(u)
		if !access || read != f {
			b.at(u, p, it.ctx, it.trail.stepped(u, "put into the object's "+f.key))
			found = true
			continue
		}
		w, ok := g.writeAt(g.baseOf(u))
		if !ok || len(w.into) < steps {
			continue
		}
		w.into = w.into[steps:]
		if b.fromWrite(item{state{u, p, 0}, it.trail}, w, "the object's "+f.key) {
			found = true
		}
	}
	if !found {
		o := Origin{Kind: Field, Node: it.node, Name: f.key, Index: -1}
		b.end(it, o)
	}
}

// baseOf gives the variable that an Access begins with.
func (g *Graph) baseOf(n perlsrc.NodeID) perlsrc.NodeID {
	for c := g.child(n); c != 0 && (g.kind(n) == perlsrc.AccessNode || g.kind(n) == perlsrc.CastNode); c = g.child(n) {
		n = c
	}
	return n
}

// fromList goes on to the parts of a list, an array or a hash.
func (b *backward) fromList(it item, items []perlsrc.NodeID) {
	g := b.g
	head, tail, ok := b.head(it.path)
	if !ok {
		for _, c := range items {
			if b.spend() {
				b.at(c, 0, it.ctx, it.trail)
			}
		}
		return
	}
	keyed := head.kind == byKey || head.kind == byPos && head.key != ""
	pos := 0 // anywhere once it is not known
	for _, c := range items {
		if !b.spend() {
			return
		}
		many := g.many(c)
		at := pos
		if pos != anywhere {
			pos++
			if many || pos > maxUses {
				pos = anywhere
			}
		}
		switch {
		case keyed && many:
			b.at(c, it.path, it.ctx, it.trail)
		case keyed:
			if g.tree.Operator(g.next(c)) == "=>" {
				continue // it is a key
			}
			if key := g.keyBefore(c); (key == "" || head.loose || key == head.key) && (key != "" || at == anywhere || at%2 == 1) {
				b.at(c, tail, it.ctx, it.trail)
			}
		case many && (head.kind != byPos || head.pos == anywhere || at == anywhere || at <= head.pos):
			s := head
			if s.kind == byPos && s.pos != anywhere && at != anywhere {
				s.pos -= at
			} else {
				s = sel{kind: byPos, pos: anywhere}
			}
			b.at(c, b.under(s, tail), it.ctx, it.trail)
		case many:
		case head.kind != byPos || head.pos == anywhere || at == anywhere || at == head.pos:
			b.at(c, tail, it.ctx, it.trail)
		}
	}
}

// fromBlock goes on to the value of a block.
func (b *backward) fromBlock(it item, block perlsrc.NodeID) {
	if s := b.g.last(block); s != 0 {
		b.fromStatement(it, s)
	}
}

func (b *backward) fromStatement(it item, s perlsrc.NodeID) {
	g := b.g
	node := g.tree.Nodes[s]
	switch {
	case g.kind(s) != perlsrc.StatementNode:
	case node.Form == perlsrc.Plain && node.Child != 0:
		if word, _ := g.tree.Modifier(s); word == "for" || word == "foreach" || word == "while" || word == "until" {
			return
		}
		b.at(node.Child, it.path, it.ctx, it.trail)
	case node.Form == perlsrc.Compound:
		for c := range g.tree.Children(s) {
			switch word := g.tree.Keyword(c); {
			case g.kind(c) != perlsrc.BlockNode:
			case word == "if" || word == "unless" || word == "else" || word == "elsif" || word == "try" || word == "catch":
				b.at(c, it.path, it.ctx, it.trail)
			}
		}
	case node.Form == perlsrc.Bare && node.Child != 0:
		b.at(node.Child, it.path, it.ctx, it.trail)
	}
}
