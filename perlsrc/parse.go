package perlsrc

import "nacre/fault"

// noToken is the kind of what is behind the last token.
const noToken Kind = 255

// parser builds a tree in one pass over the tokens, without going back. It
// reads Perl as its writers use it, and what it cannot make sense of becomes a
// Term or a Stray statement, one token at a time; so it always comes to the end.
type parser struct {
	t     *Tree
	pos   int32 // the current significant token, or end
	end   int32
	last  int32 // the significant token before it
	depth int   // of the tree, where the parser stands
	pkg   NodeID
	times int // how often the text was cut into tokens before

	// blockEnd is the brace that closed the last block of a word we do not
	// know, where nothing followed it.
	blockEnd int32

	// again are the Terms whose interpolations are still to be read, with how
	// often their text was cut before.
	again []pendingTerm
}

type pendingTerm struct {
	node  NodeID
	times int
}

func (p *parser) kind() Kind {
	if p.pos >= p.end {
		return noToken
	}
	return p.t.Tokens[p.pos].Kind
}

func (p *parser) text() []byte {
	if p.pos >= p.end {
		return nil
	}
	return p.t.Tokens[p.pos].Text(p.t.Src)
}

// skipTo makes the first significant token from i on the current one. What
// follows an EndMark is no Perl.
func (p *parser) skipTo(i int32) {
	for i < p.end && !p.t.Tokens[i].Kind.Significant() {
		if tok := &p.t.Tokens[i]; tok.Kind == HereBody && p.times == 0 {
			for len(p.t.bodies) <= int(tok.Here) {
				p.t.bodies = append(p.t.bodies, 0)
			}
			p.t.bodies[tok.Here] = i
		}
		i++
	}
	if i < p.end && p.t.Tokens[i].Kind == EndMark {
		i = p.end
	}
	p.pos = i
}

func (p *parser) advance() {
	p.last = p.pos
	p.skipTo(p.pos + 1)
}

// following gives the significant token after the current one.
func (p *parser) following() Token { return p.after(p.pos) }

// after gives the significant token behind number i, or one of kind noToken.
func (p *parser) after(i int32) Token {
	for i++; i < p.end; i++ {
		if p.t.Tokens[i].Kind.Significant() {
			return p.t.Tokens[i]
		}
	}
	return Token{Kind: noToken}
}

// is says whether the current token is that bracket or semicolon.
func (p *parser) is(c byte) bool {
	return p.pos < p.end && p.t.Tokens[p.pos].Kind == Structure && p.t.Src[p.t.Tokens[p.pos].Start] == c
}

func (p *parser) isOperator(op string) bool {
	return p.kind() == Operator && string(p.text()) == op
}

func (p *parser) tokenIs(t Token, c byte) bool { return t.Kind == Structure && p.t.Src[t.Start] == c }

func (p *parser) tokenIsOperator(t Token, op string) bool {
	return t.Kind == Operator && string(t.Text(p.t.Src)) == op
}

// open begins a node at the current token.
func (p *parser) open(k NodeKind) NodeID {
	if len(p.t.Nodes) == cap(p.t.Nodes) {
		p.t.Nodes = withRoom(p.t.Nodes, int(p.pos), len(p.t.Tokens))
	}
	p.t.Nodes = append(p.t.Nodes, Node{Kind: k, First: p.pos, End: p.pos})
	return NodeID(len(p.t.Nodes) - 1)
}

// close ends a node behind the last token that was taken.
func (p *parser) close(n NodeID) NodeID {
	if node := &p.t.Nodes[n]; p.last >= node.First {
		node.End = p.last + 1
	}
	return n
}

// leaf makes a node of the current token.
func (p *parser) leaf(k NodeKind) NodeID {
	n := p.open(k)
	p.advance()
	return p.close(n)
}

// children adds to a node, in order.
type children struct{ parent, last NodeID }

func (p *parser) add(c *children, n NodeID) {
	if n == 0 {
		return
	}
	nodes := p.t.Nodes
	nodes[n].Parent = c.parent
	if c.last == 0 {
		nodes[c.parent].Child = n
	} else {
		nodes[c.last].Next = n
	}
	c.last = n
	if h := nodes[n].height + 1; h > nodes[c.parent].height {
		nodes[c.parent].height = h
	}
}

// wrap begins a node around one that was read.
func (p *parser) wrap(k NodeKind, n NodeID) (NodeID, children) {
	id := p.open(k)
	p.t.Nodes[id].First = p.t.Nodes[n].First
	c := children{parent: id}
	p.add(&c, n)
	return id, c
}

// tooDeep marks the tree, and skips to the end of the bracket or statement that
// the parser is in. It gives none if that is here.
func (p *parser) tooDeep() NodeID {
	if p.t.Err == nil {
		line := 1
		if p.pos < p.end {
			line = p.t.Tokens[p.pos].Line
		}
		p.t.Err = fault.New(fault.Invalid, "line %d: nested deeper than %d (limit: source nesting)", line, maxDepth)
	}
	n := p.open(DeepNode)
	for open := 0; p.pos < p.end; p.advance() {
		switch {
		case p.is('('), p.is('['), p.is('{'):
			open++
			continue
		case p.is(')'), p.is(']'), p.is('}'):
			open--
		case !p.is(';'):
			continue
		}
		if open < 0 || open == 0 && p.is(';') {
			return p.closeDeep(n)
		}
	}
	return p.closeDeep(n)
}

func (p *parser) closeDeep(n NodeID) NodeID {
	if p.pos == p.t.Nodes[n].First {
		p.t.Nodes = p.t.Nodes[:n]
		return 0
	}
	return p.close(n)
}

// statements reads up to a closing brace, or, with toEnd, over all to the end.
func (p *parser) statements(c *children, toEnd bool) {
	p.depth++
	pkg := p.pkg
	for p.pos < p.end && (toEnd || !p.is('}')) {
		p.add(c, p.statement())
	}
	p.pkg = pkg
	p.depth--
}

// block reads {...}; the current token is the brace.
func (p *parser) block() NodeID {
	n := p.open(BlockNode)
	c := children{parent: n}
	p.advance()
	if p.depth > maxDepth {
		p.add(&c, p.tooDeep())
		for p.is(';') || p.is(')') || p.is(']') {
			p.add(&c, p.tooDeepOn())
		}
	} else {
		p.statements(&c, false)
	}
	if p.is('}') {
		p.advance()
	}
	return p.close(n)
}

// tooDeepOn goes on with what is too deep behind a token that ended it.
func (p *parser) tooDeepOn() NodeID {
	n := p.leaf(DeepNode)
	if p.tooDeep() != 0 {
		p.close(n)
	}
	return n
}

// lowercase says whether a word begins with a lower-case letter.
func lowercase(word []byte) bool { return len(word) > 0 && word[0] >= 'a' && word[0] <= 'z' }

// beginsHash is perl's own guess at whether the brace before token i opens an
// anonymous hash and not a block (toke.c, perlref "Making References", perldoc
// -f map): it does if it is empty, or if a word or string is first and then
// "=>", or a comma, unless the word is in lower case and may be a function.
// With list, what begins with a whole hash is one, too.
func (p *parser) beginsHash(i int32, empty, list bool) bool {
	first := p.after(i)
	switch {
	case p.tokenIs(first, '}'):
		return empty
	case first.Kind == Word || first.Kind == Quote:
	case list && (first.Kind == Variable || first.Kind == Cast) && p.t.Src[first.Start] == '%':
		return true
	default:
		return false
	}
	for i++; p.t.Tokens[i].Start != first.Start; {
		i++
	}
	second := p.after(i)
	if p.tokenIsOperator(second, "=>") {
		return true
	}
	return p.tokenIsOperator(second, ",") && (first.Kind == Quote || !lowercase(first.Text(p.t.Src)))
}
