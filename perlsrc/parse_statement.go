package perlsrc

// statement reads one statement with its semicolon.
func (p *parser) statement() NodeID {
	n := p.open(StatementNode)
	p.t.Nodes[n].pkg = p.pkg
	c := children{parent: n}
	for p.kind() == Label {
		p.advance()
	}
	form := p.begin(n, &c)
	p.t.Nodes[n].Form = form
	if p.pos == p.t.Nodes[n].First { // nothing could be made of the token
		p.t.Nodes[n].Form = Stray
		p.advance()
	}
	return p.close(n)
}

// begin reads a statement by what it begins with.
func (p *parser) begin(n NodeID, c *children) Form {
	switch p.kind() {
	case noToken:
		return Null
	case Structure:
		switch p.text()[0] {
		case ';':
			p.advance()
			return Null
		case '{':
			if !p.beginsHash(p.pos, false, false) {
				p.add(c, p.block())
				return Bare
			}
		case '}': // of a block that only has a label
			return Null
		case ')', ']':
			p.advance()
			return Stray
		}
	case Word:
		if next := p.following(); !p.tokenIsOperator(next, "=>") {
			if form, ok := p.keyword(n, c, next); ok {
				return form
			}
		}
	}
	p.plain(n, c)
	return Plain
}

// keyword reads the statements that have a word of their own.
func (p *parser) keyword(n NodeID, c *children, next Token) (Form, bool) {
	brace, paren := p.tokenIs(next, '{'), p.tokenIs(next, '(')
	switch string(p.text()) {
	case "package":
		return Package, next.Kind == Word && p.pack(n, c)
	case "class", "role":
		return Package, next.Kind == Word && p.declares() && p.pack(n, c)
	case "use", "no":
		return Include, (next.Kind == Word || next.Kind == Number || next.Kind == VString) && p.include(n, c)
	case "sub":
		return Named, next.Kind == Word && p.named(c)
	case "method", "fun", "func":
		return Named, next.Kind == Word && p.declares() && p.named(c)
	case "AUTOLOAD", "DESTROY":
		return Named, brace && p.scheduled(c)
	case "BEGIN", "END", "INIT", "CHECK", "UNITCHECK", "ADJUST":
		return Scheduled, brace && p.scheduled(c)
	case "if", "unless", "while", "until", "given", "when":
		return Compound, paren && p.compound(c)
	case "elsif", "else", "continue", "catch", "finally": // lost their beginning
		return Compound, (paren || brace) && p.compound(c)
	case "for", "foreach":
		return Compound, p.compound(c)
	case "default", "try", "defer":
		return Compound, brace && p.compound(c)
	case "format":
		if p.tokenIsOperator(next, "=") || next.Kind == Word && p.formatted() {
			for !p.isOperator("=") {
				p.advance()
			}
			p.advance()
			return Formatted, true
		}
	}
	return 0, false
}

// declares says whether the words "class Foo", "method foo" begin a
// declaration, and are not a call with an argument.
func (p *parser) declares() bool {
	i := p.pos + 1
	for p.t.Tokens[i].Kind != Word {
		i++
	}
	switch t := p.after(i); t.Kind {
	case Structure:
		c := p.t.Src[t.Start]
		return c == '{' || c == ';' || c == '('
	case Number, VString, Prototype:
		return true
	case Operator:
		return p.t.Src[t.Start] == ':'
	}
	return false
}

// formatted says whether "format NAME" goes on as a format.
func (p *parser) formatted() bool {
	i := p.pos + 1
	for p.t.Tokens[i].Kind != Word {
		i++
	}
	return p.tokenIsOperator(p.after(i), "=")
}

// pack reads package NAME VERSION BLOCK.
func (p *parser) pack(n NodeID, c *children) bool {
	p.advance()
	p.t.Nodes[n].name = p.pos
	p.advance()
	if k := p.kind(); k == Number || k == VString {
		p.advance()
	}
	for p.pos < p.end && !p.is(';') && !p.is('{') && !p.is('}') { // attributes of a class
		p.advance()
	}
	if p.is('{') {
		outer := p.pkg
		p.pkg = n
		p.add(c, p.block())
		p.pkg = outer
		return true
	}
	if p.is(';') {
		p.advance()
	}
	p.pkg = n
	return true
}

// include reads use MODULE VERSION LIST.
func (p *parser) include(n NodeID, c *children) bool {
	p.advance()
	if p.kind() == Word {
		p.t.Nodes[n].name = p.pos
		p.advance()
	}
	if k := p.kind(); k == Number || k == VString {
		if next := p.following(); !p.tokenIsOperator(next, ",") && !p.tokenIsOperator(next, "=>") {
			p.advance()
		}
	}
	if p.is('(') && p.tokenIs(p.following(), ')') {
		p.t.Nodes[n].flags |= isEmpty
	}
	p.arguments(c)
	p.finish(c)
	return true
}

// named reads a named sub.
func (p *parser) named(c *children) bool {
	p.add(c, p.sub())
	if p.is(';') { // a declaration; or one too many
		p.advance()
	}
	return true
}

// scheduled reads BEGIN {...} and its like.
func (p *parser) scheduled(c *children) bool {
	s := p.open(SubNode)
	body := children{parent: s}
	p.advance()
	p.add(&body, p.block())
	p.add(c, p.close(s))
	return true
}

// sub reads sub NAME PROTOTYPE ATTRIBUTES SIGNATURE BLOCK, all but the word of
// which may be missing.
func (p *parser) sub() NodeID {
	n := p.open(SubNode)
	c := children{parent: n}
	p.advance()
	if p.kind() == Word {
		p.t.Nodes[n].name = p.pos
		p.advance()
	}
	for p.pos < p.end {
		switch {
		case p.is('('):
			p.add(&c, p.bracket(ListNode, ')'))
			continue
		case p.is('{'):
			p.add(&c, p.block())
			return p.close(n)
		case p.kind() == Prototype || p.kind() == Attribute || p.isOperator(":"):
			p.advance()
			continue
		}
		break
	}
	return p.close(n)
}

// compound reads the clauses of if, while, foreach, try and their like.
func (p *parser) compound(c *children) bool {
	try := string(p.text()) == "try"
	for {
		word := p.pos
		loop := string(p.text()) == "for" || string(p.text()) == "foreach"
		p.advance()
		if loop {
			p.iterator(c)
		}
		if p.is('(') {
			var list NodeID
			if loop {
				list = p.forList()
			} else {
				list = p.bracket(ListNode, ')')
			}
			p.t.Nodes[list].name = word
			p.t.Nodes[list].flags |= hasKeyword
			p.add(c, list)
		}
		if !p.is('{') {
			p.finish(c)
			return true
		}
		block := p.block()
		p.t.Nodes[block].name = word
		p.t.Nodes[block].flags |= hasKeyword
		p.add(c, block)
		if p.kind() != Word {
			break
		}
		next := p.following()
		switch string(p.text()) {
		case "elsif", "else", "continue", "catch", "finally":
		default:
			next = Token{Kind: noToken}
		}
		if !p.tokenIs(next, '{') && !p.tokenIs(next, '(') {
			break
		}
	}
	if try && p.is(';') { // Try::Tiny's
		p.advance()
	}
	return true
}

// iterator reads the variable of a foreach.
func (p *parser) iterator(c *children) {
	switch k := p.kind(); {
	case p.is('('):
	case k == Word || k == Variable || k == Cast || p.isOperator("\\"):
		p.depth++
		p.add(c, p.variable())
		p.depth--
	}
}

// variable reads a variable, or a declaration of some, without what follows.
func (p *parser) variable() NodeID {
	switch {
	case p.depth > maxDepth:
		return p.tooDeep()
	case p.isOperator("\\"):
		n := p.open(ExprNode)
		c := children{parent: n}
		p.advance()
		p.depth++
		p.add(&c, p.variable())
		p.depth--
		return p.close(n)
	case p.kind() == Word:
		n := p.open(DeclareNode)
		c := children{parent: n}
		p.advance()
		for p.kind() == Word || p.isOperator("\\") { // my Class $x, my \%h
			p.advance()
		}
		if p.is('(') {
			p.add(&c, p.bracket(ListNode, ')'))
		} else if p.kind() == Variable {
			p.add(&c, p.leaf(TermNode))
		}
		return p.close(n)
	case p.kind() == Cast:
		return p.cast()
	case p.kind() == Variable:
		return p.leaf(TermNode)
	}
	return 0
}

// forList reads the parentheses of a for: the values, or three statements.
func (p *parser) forList() NodeID {
	n := p.open(ListNode)
	c := children{parent: n}
	p.advance()
	first := p.contents(&c, ')')
	if p.is(';') {
		// The first expression becomes a statement, as the others do.
		s := p.open(StatementNode)
		p.t.Nodes[s].First = first
		p.t.Nodes[s].pkg = p.pkg
		inner := children{parent: s}
		for v := p.t.Nodes[n].Child; v != 0; {
			next := p.t.Nodes[v].Next
			p.t.Nodes[v].Next = 0
			p.add(&inner, v)
			v = next
		}
		c = children{parent: n}
		p.t.Nodes[n].Child = 0
		p.advance()
		if inner.last == 0 {
			p.t.Nodes[s].Form = Null
		}
		p.add(&c, p.close(s))
		p.depth++
		for p.pos < p.end && !p.is(')') && !p.is('}') && !p.is(']') {
			p.add(&c, p.forStatement())
		}
		p.depth--
	}
	if p.is(')') {
		p.advance()
	}
	return p.close(n)
}

// forStatement reads the second or third part of for (;;).
func (p *parser) forStatement() NodeID {
	s := p.open(StatementNode)
	p.t.Nodes[s].pkg = p.pkg
	c := children{parent: s}
	at := p.pos
	if p.is(';') {
		p.t.Nodes[s].Form = Null
	}
	p.add(&c, p.climb(levelOr))
	if p.is(';') || p.pos == at {
		p.advance()
	}
	return p.close(s)
}

// plain reads an expression with its modifier.
func (p *parser) plain(n NodeID, c *children) {
	e := p.climb(levelOr)
	p.add(c, e)
	if e != 0 && p.t.Nodes[e].Kind == DeclareNode && p.t.Nodes[p.t.Nodes[e].Child].Kind == SubNode {
		return // my sub foo {...}
	}
	if p.ended() {
		return
	}
	if p.modifier() {
		p.t.Nodes[n].flags |= hasModifier
		p.t.Nodes[n].name = p.pos
		p.advance()
		p.add(c, p.climb(levelOr))
	}
	p.finish(c)
}

// modifier says whether the current token is the word of a modifier.
func (p *parser) modifier() bool {
	if p.kind() != Word {
		return false
	}
	switch string(p.text()) {
	case "if", "unless", "while", "until", "for", "foreach":
		return true
	}
	return false
}

// ended says that a statement which ends with the block of a word we do not
// know, as those of modules with a syntax of their own do, ends with it though
// there is no semicolon: the next line begins with a word.
func (p *parser) ended() bool {
	return p.blockEnd == p.last && p.last >= 0 && p.kind() == Word && p.levelHere() == levelNone &&
		p.t.Tokens[p.pos].Line > p.t.Tokens[p.last].Line
}

// finish reads to the end of a statement, with its semicolon.
func (p *parser) finish(c *children) {
	for p.pos < p.end && !p.is('}') {
		if p.is(';') {
			p.advance()
			return
		}
		if p.ended() {
			return
		}
		at := p.pos
		if !p.is(')') && !p.is(']') {
			p.add(c, p.climb(levelOr))
		}
		if p.pos == at {
			p.add(c, p.leaf(TermNode))
		}
	}
}
