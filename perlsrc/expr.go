package perlsrc

// level is how tightly an operator binds, by the table of perlop. What binds
// more tightly than && is only told apart as far as the argument of a named
// unary operator needs: ref $x eq 'A' is ref($x) eq 'A', and -s $x + 1 is
// -s($x + 1).
type level uint8

const (
	levelNone level = iota
	levelOr         // or xor
	levelAnd
	levelComma
	levelAssign
	levelTernary
	levelRange
	levelOrOr // || // ^^
	levelAndAnd
	levelLoose // comparisons, bits, isa
	levelTight // arithmetic, =~, .
)

// levelHere is the level of the current token as an operator between two
// operands; levelNone if it is none.
func (p *parser) levelHere() level {
	switch p.kind() {
	case Word:
		return wordLevel(p.text())
	case Operator:
		return operatorLevel(p.text())
	}
	return levelNone
}

func wordLevel(text []byte) level {
	if len(text) > 3 || len(text) == 0 {
		return levelNone
	}
	switch string(text) {
	case "or", "xor":
		return levelOr
	case "and":
		return levelAnd
	case "lt", "gt", "le", "ge", "eq", "ne", "cmp", "isa":
		return levelLoose
	case "x":
		return levelTight
	}
	return levelNone
}

func operatorLevel(text []byte) level {
	switch string(text) {
	case ",", "=>":
		return levelComma
	case "=":
		return levelAssign
	case "?":
		return levelTernary
	case "..", "...":
		return levelRange
	case "||", "//", "^^":
		return levelOrOr
	case "&&":
		return levelAndAnd
	case "<", ">", "<=", ">=", "==", "!=", "<=>", "~~", "&", "|", "^", "&.", "|.", "^.":
		return levelLoose
	case "*", "/", "%", "+", "-", ".", "<<", ">>", "=~", "!~", "**", "x":
		return levelTight
	case ":", "->", "++", "--", "!", "~", "~.", "\\":
		return levelNone
	}
	if text[len(text)-1] == '=' {
		return levelAssign
	}
	return wordLevel(text)
}

// climb reads an expression of operators that bind at least as tightly as min.
// It gives none where no operand is.
func (p *parser) climb(min level) NodeID {
	if p.depth > maxDepth {
		return p.tooDeep()
	}
	p.depth++
	n := p.operand()
	if n != 0 {
		n = p.climbOn(n, min)
	}
	p.depth--
	return n
}

// climbOn goes on with an expression whose first operand was read.
func (p *parser) climbOn(n NodeID, min level) NodeID {
	for {
		l := p.levelHere()
		if l < min || l == levelNone {
			return n
		}
		if int(p.t.Nodes[n].height)+p.depth > maxDepth {
			id, c := p.wrap(ExprNode, n)
			p.add(&c, p.tooDeep())
			return p.close(id)
		}
		switch l {
		case levelOr, levelAnd, levelOrOr, levelAndAnd:
			n = p.chain(LogicNode, n, l, l+1)
		case levelComma:
			n = p.commas(n)
		case levelAssign:
			n = p.chain(AssignNode, n, l, levelTernary)
		case levelTernary:
			n = p.ternary(n)
		case levelRange:
			n = p.chain(ExprNode, n, l, levelOrOr)
		default:
			n = p.run(n, max(min, levelLoose))
		}
	}
}

// chain reads the operands of operators of one level into one node.
func (p *parser) chain(k NodeKind, first NodeID, l, operand level) NodeID {
	n, c := p.wrap(k, first)
	for p.levelHere() == l {
		p.advance()
		p.add(&c, p.climb(operand))
	}
	return p.close(n)
}

// run reads operands of the operators that bind most tightly.
func (p *parser) run(first NodeID, min level) NodeID {
	n, c := p.wrap(ExprNode, first)
	p.depth++
	for p.levelHere() >= min {
		p.advance()
		p.add(&c, p.operand())
	}
	p.depth--
	return p.close(n)
}

func (p *parser) commas(first NodeID) NodeID {
	n, c := p.wrap(ListNode, first)
	p.depth++
	p.arguments(&c)
	p.depth--
	return p.close(n)
}

// ternary reads a ? b : c ? d : e into one node.
func (p *parser) ternary(first NodeID) NodeID {
	n, c := p.wrap(TernaryNode, first)
	for p.isOperator("?") {
		p.advance()
		p.add(&c, p.climb(levelAssign))
		if !p.isOperator(":") {
			break
		}
		p.advance()
		p.add(&c, p.climb(levelRange))
	}
	return p.close(n)
}

// arguments reads values with commas between them, as far as they go.
func (p *parser) arguments(c *children) {
	for {
		for p.levelHere() == levelComma { // perl takes several for one
			p.advance()
		}
		n := p.climb(levelAssign)
		if n == 0 {
			return
		}
		p.add(c, n)
		if p.levelHere() != levelComma {
			return
		}
	}
}

// contents reads what is in a bracket, up to its end, and gives the number of
// its first token. Operators such as "or" are taken for those of the value
// before them.
func (p *parser) contents(c *children, closing byte) (first int32) {
	first = p.pos
	for p.pos < p.end && !p.is(closing) {
		if p.levelHere() == levelComma {
			p.advance()
			continue
		}
		if p.is(';') || p.is('}') || p.is(')') || p.is(']') {
			return first // the bracket is not closed
		}
		at := p.pos
		n := p.climb(levelAssign)
		if n != 0 && p.levelHere() != levelComma {
			n = p.climbOn(n, levelOr)
		}
		p.add(c, n)
		if p.pos == at { // an operator without an operand
			p.add(c, p.leaf(TermNode))
		}
	}
	return first
}

// bracket reads (...), [...] or {...} of values into a node; the current token
// is the opening one.
func (p *parser) bracket(k NodeKind, closing byte) NodeID {
	n := p.open(k)
	p.t.Nodes[n].flags |= hasParens
	c := children{parent: n}
	p.advance()
	p.depth++
	p.contents(&c, closing)
	p.depth--
	if p.is(closing) {
		p.advance()
	}
	return p.close(n)
}

// operand reads a term with the prefixes before it and the subscripts and calls
// behind it.
func (p *parser) operand() NodeID {
	if p.kind() != Operator || !p.prefix() {
		return p.postfix(p.primary())
	}
	if text := p.text(); len(text) == 2 && text[0] == '-' && text[1] != '-' {
		return p.fileTest()
	}
	n := p.open(ExprNode)
	c := children{parent: n}
	for p.prefix() {
		if text := p.text(); len(text) == 2 && text[0] == '-' && text[1] != '-' {
			p.add(&c, p.fileTest())
			return p.close(n)
		}
		p.advance()
	}
	p.add(&c, p.postfix(p.primary()))
	return p.close(n)
}

// prefix says whether the current token is an operator before its operand.
func (p *parser) prefix() bool {
	if p.kind() != Operator {
		return false
	}
	switch string(p.text()) {
	case "!", "~", "~~", "~.", "\\", "-", "+", "++", "--":
		return true
	}
	text := p.text()
	return len(text) == 2 && text[0] == '-' && isFileTest(text[1])
}

func isFileTest(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// fileTest reads -e FILE, a call of a named unary operator.
func (p *parser) fileTest() NodeID {
	n := p.open(CallNode)
	p.t.Nodes[n].name = p.pos
	c := children{parent: n}
	p.advance()
	p.unaryArgument(n, &c, true)
	return p.close(n)
}

// primary reads a term by itself.
func (p *parser) primary() NodeID {
	switch p.kind() {
	case Variable:
		if p.text()[0] == '&' {
			return p.ampCall()
		}
		return p.leaf(TermNode)
	case Cast:
		return p.cast()
	case Word:
		return p.word()
	case Quote, HereDoc, Match, Pattern, Substitute, Translate, Words, Readline, Glob, Number, VString:
		return p.literal()
	case Command:
		n := p.open(CallNode)
		p.t.Nodes[n].name = p.pos
		c := children{parent: n}
		p.add(&c, p.literal())
		return p.close(n)
	case Structure:
		switch p.text()[0] {
		case '(':
			return p.bracket(ListNode, ')')
		case '[':
			return p.bracket(ArrayNode, ']')
		case '{':
			return p.bracket(HashNode, '}')
		}
		return 0
	case Operator:
		if p.isOperator("...") { // a statement that is to be written
			return p.leaf(TermNode)
		}
		return 0
	case noToken:
		return 0
	}
	return p.leaf(TermNode)
}

// literal reads a token that may interpolate.
func (p *parser) literal() NodeID {
	tok := p.t.Tokens[p.pos]
	n := p.leaf(TermNode)
	if p.mayInterpolate(tok) {
		p.again = append(p.again, pendingTerm{n, p.times})
	}
	return n
}

// cast reads @{...}, $$x and their like without the subscripts; &$code is a
// call.
func (p *parser) cast() NodeID {
	if p.depth > maxDepth {
		return p.tooDeep()
	}
	call := p.text()[0] == '&'
	n := p.open(CastNode)
	c := children{parent: n}
	p.advance()
	p.depth++
	switch {
	case p.is('{') && p.isName():
		p.advance()
		p.add(&c, p.quoted())
		p.advance()
	case p.is('{'):
		p.add(&c, p.block())
	case p.kind() == Cast:
		p.add(&c, p.cast())
	case p.kind() == Variable:
		p.add(&c, p.leaf(TermNode))
	}
	p.depth--
	p.close(n)
	if !call {
		return n
	}
	id, cc := p.wrap(CallNode, n)
	p.t.Nodes[id].flags |= isDynamic | hasTarget | isAmp
	p.parenArguments(id, &cc)
	return p.close(id)
}

// isName says whether the current brace is that of ${name}.
func (p *parser) isName() bool {
	if p.following().Kind != Word {
		return false
	}
	i := p.pos + 1
	for p.t.Tokens[i].Kind != Word {
		i++
	}
	return p.tokenIs(p.after(i), '}')
}

// ampCall reads &foo and &foo(...).
func (p *parser) ampCall() NodeID {
	n := p.open(CallNode)
	p.t.Nodes[n].name = p.pos
	p.t.Nodes[n].flags |= isAmp
	c := children{parent: n}
	p.advance()
	p.parenArguments(n, &c)
	return p.close(n)
}

// parenArguments reads (...) behind a callee, if it is there.
func (p *parser) parenArguments(n NodeID, c *children) bool {
	if !p.is('(') {
		return false
	}
	p.t.Nodes[n].flags |= hasParens
	p.advance()
	p.depth++
	p.contents(c, ')')
	p.depth--
	if p.is(')') {
		p.advance()
	}
	return true
}

// subscribable says whether the node that was just read takes subscripts
// without an arrow.
func (p *parser) subscribable(n NodeID) bool {
	node := p.t.Nodes[n]
	switch node.Kind {
	case TermNode:
		tok := p.t.Tokens[node.First]
		return tok.Kind == Variable || tok.Kind == Words && p.is('[')
	case CastNode, AccessNode:
		return true
	case ListNode:
		return p.is('[')
	}
	return false
}

// postfix reads the subscripts, calls and dereferences behind a term.
func (p *parser) postfix(n NodeID) NodeID {
	if n == 0 {
		return 0
	}
	var access children // of n, while it is an Access
	sub := func(closing byte) {
		if p.t.Nodes[n].Kind != AccessNode || access.parent != n {
			n, access = p.wrap(AccessNode, n)
		}
		p.add(&access, p.subscript(closing))
		p.close(n)
	}
	for {
		switch {
		case p.pos >= p.end:
			return n
		case int(p.t.Nodes[n].height)+p.depth > maxDepth:
			id, c := p.wrap(ExprNode, n)
			p.add(&c, p.tooDeep())
			return p.close(id)
		case p.kind() == Operator:
			switch string(p.text()) {
			case "->":
				if next := p.following(); p.tokenIs(next, '[') || p.tokenIs(next, '{') {
					p.advance()
					if p.is('[') {
						sub(']')
					} else {
						sub('}')
					}
				} else if n2 := p.arrow(n); n2 != n {
					n = n2
				} else if p.t.Nodes[n].Kind != AccessNode || access.parent != n {
					n, access = p.wrap(AccessNode, n)
					p.close(n)
				} else {
					p.close(n)
				}
			case "++", "--":
				id, _ := p.wrap(ExprNode, n)
				p.advance()
				n = p.close(id)
			default:
				return n
			}
		case p.is('[') && p.subscribable(n):
			sub(']')
		case p.is('{') && p.subscribable(n):
			sub('}')
		case p.is('(') && (p.t.Nodes[n].Kind == AccessNode && access.last != 0 ||
			p.t.Nodes[n].Kind == CallNode && p.t.Nodes[n].flags&isDynamic != 0 && p.t.Nodes[n].flags&(hasParens|isMethod) == hasParens):
			id, c := p.wrap(CallNode, n)
			p.t.Nodes[id].flags |= isDynamic | hasTarget
			p.parenArguments(id, &c)
			n = p.close(id)
		default:
			return n
		}
	}
}

// arrow reads what follows "->" and is no subscript: a call, which it gives, or
// a dereference such as ->@*, for which it gives n.
func (p *parser) arrow(n NodeID) NodeID {
	p.advance()
	if p.is('(') {
		id, c := p.wrap(CallNode, n)
		p.t.Nodes[id].flags |= isDynamic | hasTarget
		p.parenArguments(id, &c)
		return p.close(id)
	}
	switch k := p.kind(); {
	case k == Word:
		id, c := p.wrap(CallNode, n)
		p.t.Nodes[id].flags |= isMethod | hasInvocant
		p.t.Nodes[id].name = p.pos
		p.advance()
		p.parenArguments(id, &c)
		return p.close(id)
	case k == Variable && p.text()[0] == '$' && !p.dereference(),
		k == Cast && p.text()[0] == '$' && len(p.text()) == 1 && p.tokenIs(p.following(), '{'):
		id, c := p.wrap(CallNode, n)
		p.t.Nodes[id].flags |= isMethod | hasInvocant | isDynamic | hasTarget
		if k == Variable {
			p.add(&c, p.leaf(TermNode))
		} else {
			p.add(&c, p.cast())
		}
		p.parenArguments(id, &c)
		return p.close(id)
	}
	// ->@*, ->$#*, ->%*, ->&*, ->**, and ->@ or ->% before a slice: up to two
	// tokens.
	if k := p.kind(); k == Operator || k == Cast || k == Variable {
		p.advance()
		if p.isOperator("*") && p.t.Tokens[p.last].End == p.t.Tokens[p.pos].Start {
			p.advance()
		}
	}
	return n
}

// dereference says whether the token behind "->" is that of a dereference.
func (p *parser) dereference() bool {
	text := p.text()
	return string(text) == "$*" || string(text) == "$#*" || string(text) == "$#"
}

// subscript reads the {...} or [...] behind a value. A word by itself in
// braces, also with a minus before it, is quoted.
func (p *parser) subscript(closing byte) NodeID {
	n := p.open(SubscriptNode)
	c := children{parent: n}
	p.advance()
	p.depth++
	if closing == '}' && p.kind() == Word && p.tokenIs(p.following(), '}') {
		w := p.leaf(TermNode)
		p.t.Nodes[w].flags |= isQuoted
		p.add(&c, w)
	} else if closing == '}' && p.isOperator("-") && p.following().Kind == Word {
		e := p.open(ExprNode)
		ec := children{parent: e}
		minus := p.pos
		p.advance()
		if p.tokenIs(p.following(), '}') {
			w := p.leaf(TermNode)
			p.t.Nodes[w].flags |= isQuoted
			p.add(&ec, w)
			p.add(&c, p.close(e))
		} else { // an expression: once more from the minus
			p.t.Nodes = p.t.Nodes[:e]
			p.skipTo(minus)
			p.contents(&c, closing)
		}
	} else {
		p.contents(&c, closing)
	}
	p.depth--
	if p.is(closing) {
		p.advance()
	}
	return p.close(n)
}
