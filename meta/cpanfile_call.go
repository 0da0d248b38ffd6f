package meta

import "nacre/fault"

// arg is one argument of a call.
type arg struct {
	token
	literal bool // its text is its value
}

// requirement reads requires 'Foo', '1.0', key => 'value' and its like; the
// current token is the word.
func (p *cpanfileParser) requirement(s scope) {
	word := p.tok
	args := p.args(s)
	st := Statement{Conditional: s.conditional, EndLine: p.lex.lineAt(p.prev), Span: Span{word.start, p.prev.end}}
	st.Phase, st.Relation, st.Feature, st.Line = s.phase, shortcuts[word.text][1], s.feature, word.line
	if phase := shortcuts[word.text][0]; phase != "" {
		st.Phase = phase
	}
	if len(args) == 0 || !args[0].literal {
		p.unresolved(word.line, word.text+" of what is not literal")
		return
	}
	module, version := args[0], arg{token: token{start: args[0].end, end: args[0].end}, literal: true}
	args = args[1:]
	if len(args)%2 == 1 { // then the first is the version, as in Module::CPANfile
		version, args = args[0], args[1:]
	}
	for i := 0; i < len(args); i += 2 {
		key, value := args[i], args[i+1]
		if !key.literal || !value.literal {
			p.unresolved(key.line, "option that is not literal")
			continue
		}
		switch key.text {
		case "version":
			version = value
		case "dist":
			st.Dist = value.text
		case "url":
			st.URL = value.text
		case "git":
			st.Git = value.text
		case "ref":
			st.Ref = value.text
		case "mirror":
			st.Mirror = value.text
		}
	}
	st.Version = Span{version.start, version.end}
	st.Prereq = NewPrereq(st.Prereq, module.text, version.text)
	if !version.literal {
		p.unresolved(version.line, "version that is not literal")
		st.Version, st.Range = Span{-1, -1}, ""
		st.Err = fault.New(fault.Invalid, "requirement of %s: its version is not literal", module.text)
	}
	p.out.Requires = append(p.out.Requires, st)
	p.count()
}

// scoped reads on 'phase' => sub {...}, feature 'id', 'text' => sub {...} and
// mirror 'url'; the current token is the word.
func (p *cpanfileParser) scoped(s scope) {
	word := p.tok
	inner := s
	known := true
	begin := func(args []arg) scope {
		known = len(args) > 0 && args[0].literal
		switch {
		case !known:
			// What the block requires stays, but for what is not known.
			inner.conditional = true
			if word.text == "on" {
				inner.phase = ""
			}
		case word.text == "on":
			inner.phase = args[0].text
		case word.text == "feature":
			inner.feature = args[0].text
		}
		return inner
	}
	args := p.argsWithBlock(s, begin)
	switch {
	case !known || len(args) == 0 || !args[0].literal:
		p.unresolved(word.line, word.text+" of what is not literal")
	case word.text == "mirror":
		p.out.Mirrors = append(p.out.Mirrors, args[0].text)
	case args[len(args)-1].kind != tokBlock:
		p.unresolved(word.line, word.text+" without a block")
	}
}

// args reads the arguments of a call.
func (p *cpanfileParser) args(s scope) []arg {
	s.conditional = true
	return p.argsWithBlock(s, func([]arg) scope { return s })
}

// argsWithBlock reads the arguments of a call. begin is asked, with the
// arguments so far, for the scope of a sub {...}, which becomes an argument of
// kind tokBlock.
func (p *cpanfileParser) argsWithBlock(s scope, begin func([]arg) scope) []arg {
	p.enter()
	defer p.leave()
	p.advance()
	paren := p.tok
	if paren.is("(") {
		p.advance()
	}
	var args []arg
	for !p.endOfArgs(paren.is("(")) {
		if len(args) > maxNesting {
			p.fail("more than %d arguments (limit: cpanfile arguments)", maxNesting)
		}
		if t := p.tok; t.kind == tokWord && t.text == "sub" && p.following().is("{") {
			p.advance()
			p.braces(begin(args))
			t.kind = tokBlock
			args = append(args, arg{token: t})
		} else {
			args = append(args, p.arg(s, paren.is("(")))
		}
		if p.tok.is(",") || p.tok.is("=>") {
			for p.tok.is(",") || p.tok.is("=>") { // Perl takes several for one
				p.advance()
			}
		} else if !p.endOfArgs(paren.is("(")) {
			p.unresolved(p.tok.line, p.tok.describe())
			p.term(s)
		}
	}
	if paren.is("(") {
		if !p.tok.is(")") {
			p.fail("the \"(\" of line %d is not closed", paren.line)
		}
		p.advance()
	}
	return args
}

func (p *cpanfileParser) endOfArgs(paren bool) bool {
	t := p.tok
	return t.kind == tokEnd || t.is(";") || t.is(")") || t.is("}") || t.is("]") ||
		!paren && t.kind == tokWord && modifiers[t.text]
}

// arg reads up to the next comma. It is literal where that is one token with a
// value, or a word before "=>".
func (p *cpanfileParser) arg(s scope, paren bool) arg {
	a := arg{token: p.tok}
	a.literal = p.tok.kind == tokString || p.tok.kind == tokNumber ||
		p.tok.kind == tokWord && p.following().is("=>")
	for first := true; !p.tok.is(",") && !p.tok.is("=>") && (first || !p.endOfArgs(paren)); first = false {
		if !first {
			a.literal = false
		}
		p.term(s)
	}
	a.end = p.prev.end
	return a
}
