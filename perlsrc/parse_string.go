package perlsrc

import (
	"bytes"

	"nacre/fault"
)

// mayInterpolate says whether a literal may hold more than text.
func (p *parser) mayInterpolate(tok Token) bool {
	switch tok.Kind {
	case Quote, Readline, Glob, Command, Match, Pattern, Substitute:
		text := tok.Text(p.t.Src)
		if text[0] == '\'' {
			return false
		}
		return tok.Kind == Substitute || bytes.IndexByte(text, '$') >= 0 || bytes.IndexByte(text, '@') >= 0
	case HereDoc:
		return true
	}
	return false
}

// interpolations reads what strings interpolate, and the code of s///e, when
// all else is read; what is found in it comes to the end of the list.
func (p *parser) interpolations() {
	for i := 0; i < len(p.again); i++ {
		term := p.again[i]
		tok := p.t.Token(term.node)
		if term.times > 0 {
			tok.Here = 0 // numbers are those of the file
		}
		p.times = term.times + 1
		p.pkg = p.t.Nodes[p.t.EnclosingStatement(term.node)].pkg
		c := children{parent: term.node}
		q := tok.Quoted(p.t.Src)
		switch {
		case tok.Kind == HereDoc:
			if body := p.t.hereBody(tok); q.Interpolates && body.Kind == HereBody {
				p.parts(&c, body, HereLines(p.t.Src, body), false)
			}
			continue
		case q.Interpolates:
			p.parts(&c, tok, q.Body, tok.Kind == Match || tok.Kind == Pattern || tok.Kind == Substitute)
		}
		switch {
		case tok.Kind != Substitute:
		case q.Code:
			p.inner(&c, q.Second, p.lineAt(tok, q.Second.Start), true)
		case q.Interpolates:
			p.parts(&c, tok, q.Second, false)
		}
	}
}

// lineAt gives the line of an offset within a token.
func (p *parser) lineAt(tok Token, at int) int {
	return tok.Line + bytes.Count(p.t.Src[tok.Start:at], newline)
}

// parts reads what a body interpolates.
func (p *parser) parts(c *children, tok Token, body Span, pattern bool) {
	line := -1
	at := body.Start
	for part := range Interpolated(p.t.Src, body, pattern) {
		if !part.Expr {
			continue
		}
		if line < 0 {
			line = p.lineAt(tok, at)
		}
		line += bytes.Count(p.t.Src[at:part.Start], newline)
		at = part.Start
		p.inner(c, part.Span, line, false)
	}
}

// inner reads a piece of a string as Perl: statements, or an expression.
func (p *parser) inner(c *children, piece Span, line int, code bool) {
	t := p.t
	start := int32(len(t.Tokens))
	switch {
	case piece.Start >= piece.End:
		return
	case p.times > maxAgain:
		if t.Err == nil {
			t.Err = fault.New(fault.Invalid, "line %d: strings within strings deeper than %d (limit: source strings)", line, maxAgain)
		}
		n := p.open(DeepNode)
		t.Nodes[n].First, t.Nodes[n].End = t.Nodes[c.parent].First, t.Nodes[c.parent].End
		p.add(c, n)
		return
	case !code && plainVariable(piece.Text(t.Src)):
		t.Tokens = append(t.Tokens, Token{Kind: Variable, Start: piece.Start, End: piece.End, Line: line})
	default:
		s := NewScannerAt(t.Src, piece, line)
		s.depth = deepest // here-documents in it have their lines outside
		for {
			tok, ok := s.Next()
			if !ok {
				break
			}
			t.Tokens = append(t.Tokens, tok)
		}
	}
	p.end, p.last, p.depth, p.blockEnd = int32(len(t.Tokens)), start-1, 0, -1
	p.skipTo(start)
	n := p.open(InterpolationNode)
	t.Nodes[n].First, t.Nodes[n].End = start, p.end
	inner := children{parent: n}
	if code {
		p.statements(&inner, true)
	} else {
		p.add(&inner, p.climb(levelOr))
	}
	p.add(c, n)
}

// plainVariable says whether a piece of a string is a sigil and a name.
func plainVariable(text []byte) bool {
	for _, c := range text[1:] {
		if !isWord(c) {
			return false
		}
	}
	return len(text) > 1 && isIdent(text[1])
}
