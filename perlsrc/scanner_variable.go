package perlsrc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// identEnd gives the offset behind the name without :: at i, or i.
func (s *Scanner) identEnd(i int) int {
	start := i
	for i < s.end {
		switch class[s.src[i]] {
		case cLetter:
			i++
		case cDigit:
			if i == start {
				return i
			}
			i++
		case cHigh:
			r, n := utf8.DecodeRune(s.src[i:s.end])
			if n < 2 || !unicode.IsLetter(r) && (i == start || !unicode.IsMark(r) && !unicode.IsDigit(r)) {
				return i
			}
			i += n
		default:
			return i
		}
	}
	return i
}

// continues says whether a name goes on at i with what is no digit of ASCII.
func (s *Scanner) continues(i int) bool {
	switch class[s.at(i)] {
	case cLetter:
		return true
	case cHigh:
		r, n := utf8.DecodeRune(s.src[i:s.end])
		return n > 1 && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
	}
	return false
}

// nameEnd gives the offset behind the name at i that may hold :: and ', or i.
func (s *Scanner) nameEnd(i int) int {
	for {
		switch c := s.at(i); {
		case isIdent(c):
			end := s.identEnd(i)
			if end == i {
				return i
			}
			i = end
		case class[c] == cDigit && i > 0 && (s.src[i-1] == ':' || s.src[i-1] == '\''):
			for isWord(s.at(i)) && class[s.at(i)] != cHigh {
				i++
			}
		}
		switch c := s.at(i); {
		case c == ':' && s.at(i+1) == ':' && s.at(i+2) != '$':
			i += 2
		case c == '\'' && isIdent(s.at(i+1)) && s.identEnd(i+1) > i+1:
			i++
		default:
			return i
		}
		if !isWord(s.at(i)) {
			return i
		}
	}
}

// dollar reads what begins with $: a variable, a cast, or $# of either.
func (s *Scanner) dollar() Kind {
	if s.at(s.pos+1) == '#' {
		switch c := s.at(s.pos + 2); {
		case s.last == Operator && s.op == arrow && c == '*': // ->$#*
			s.pos += 3
			return s.castAll()
		case c == '{' || c == '$':
			s.pos += 2
			if c == '{' && s.at(s.pos+1) == '^' {
				if end := s.caretName(s.pos); end > 0 {
					s.pos = end
					return s.term(Variable)
				}
			}
			return s.cast()
		case isIdent(c), c == ':' && s.at(s.pos+3) == ':', c == '+', c == '-':
			start := s.pos
			s.pos += 2
			if end := s.nameEnd(s.pos); end > s.pos {
				s.pos = end
			} else if c == '+' || c == '-' {
				s.pos++
			} else {
				s.pos = start + 1
				return s.cast()
			}
			return s.variableDone()
		}
	}
	return s.variable()
}

// cast notes a sigil before a block or another variable.
func (s *Scanner) cast() Kind {
	s.last, s.exp, s.attrs = Cast, xTerm, false
	return Cast
}

// castAll notes a ->@* and its like, which is a whole value.
func (s *Scanner) castAll() Kind {
	s.last, s.exp, s.attrs = Cast, xOp, false
	s.closed = bNone
	return Cast
}

// variable reads a sigil and what it is put before.
func (s *Scanner) variable() Kind {
	sigil := s.src[s.pos]
	i := s.pos + 1
	c := s.at(i)
	if s.last == Operator && s.op == arrow {
		switch {
		case c == '*':
			s.pos += 2
			return s.castAll()
		case (c == '[' || c == '{') && sigil != '$':
			s.pos++
			s.cast()
			s.op = arrow
			return Cast
		}
	}
	switch {
	case isIdent(c), c == ':' && s.at(i+1) == ':' && s.at(i+2) != '$':
		if end := s.nameEnd(i); end > i {
			s.pos = end
			return s.variableDone()
		}
	case class[c] == cDigit:
		for class[s.at(i)] == cDigit {
			i++
		}
		s.pos = i
		return s.variableDone()
	case c == '{':
		if s.at(i+1) == '^' {
			if end := s.caretName(i); end > 0 {
				s.pos = end
				return s.variableDone()
			}
		}
		s.pos = i
		return s.cast()
	case c == '$':
		// $$ is the process, unless something follows that it can be cast to.
		if d := s.at(i + 1); isWord(d) || d == '$' || d == '{' || d == ':' && s.at(i+2) == ':' {
			s.pos = i
			return s.cast()
		}
		s.pos = i + 1
		return s.variableDone()
	case c == '^':
		if d := s.at(i + 1); class[d] == cLetter && d >= 'A' && d <= '_' || d == '[' || d == ']' || d == '\\' || d == '?' {
			s.pos = i + 2
			return s.variableDone()
		}
		if sigil == '$' || sigil == '*' {
			s.pos = i + 1
			return s.variableDone()
		}
	case isSpace(c):
		return s.apart(sigil)
	case c > ' ' && c < 0x7f && s.isSpecial(sigil, c):
		s.pos = i + 1
		return s.variableDone()
	}
	s.pos++
	if sigil == '$' || sigil == '@' || s.inSignature() {
		return s.term(Variable) // of a signature, or of nothing
	}
	return s.operatorBack(sigil)
}

// operatorBack reads %, & or * as an operator after all.
func (s *Scanner) operatorBack(c byte) Kind {
	s.pos--
	return s.operator(c)
}

// inSignature says whether the innermost bracket is that of a signature.
func (s *Scanner) inSignature() bool {
	return len(s.stack) > 0 && s.stack[len(s.stack)-1].is == bParen && s.stack[len(s.stack)-1].decl != 0
}

// isSpecial says whether sigil and c are one of perlvar's names.
func (s *Scanner) isSpecial(sigil, c byte) bool {
	if s.inSignature() && (c == ',' || c == ')' || c == '=') {
		return false
	}
	switch sigil {
	case '$':
		return c != '{' && c != '}' || c == '}' && s.open[0] == 0
	case '*': // of each of them, as English.pm does
		return c != '*'
	case '@':
		return strings.IndexByte(`-+!/&".,\`, c) >= 0
	case '%':
		return c == '-' || c == '+' || c == '!'
	}
	return false
}

// caretName gives the offset behind the ${^NAME} whose brace is at i, or 0.
func (s *Scanner) caretName(i int) int {
	end := i + 2
	for isWord(s.at(end)) || end == i+2 && (s.at(end) == '[' || s.at(end) == ']' || s.at(end) == '?' || s.at(end) == '\\') {
		end++
	}
	for s.at(end) == ' ' {
		end++
	}
	if end == i+2 || s.at(end) != '}' {
		return 0
	}
	return end + 1
}

// apart reads a sigil with blanks behind it: "$ x" is $x, "@ {" a cast.
func (s *Scanner) apart(sigil byte) Kind {
	i := s.skipSpace(s.pos + 1)
	switch c := s.at(i); {
	case c == '$' || c == '{':
		if sigil != '*' && (sigil != '%' || s.exp != xMaybe) {
			s.pos++
			return s.cast()
		}
	case isIdent(c) && sigil != '*' && !s.inSignature() && len(s.here) == 0:
		if end := s.nameEnd(i); end > i {
			s.pos = end
			return s.variableDone()
		}
	}
	s.pos++
	if sigil == '$' || sigil == '@' || s.inSignature() {
		return s.term(Variable)
	}
	return s.operatorBack(sigil)
}

// variableDone notes a variable that ends at pos.
func (s *Scanner) variableDone() Kind {
	lop := s.last == Word && s.word.takesHandle()
	my := s.decl == dMy || s.decl == dMyVar && s.last == Word
	s.last, s.exp, s.attrs = Variable, xOp, false
	s.decl = 0
	if my {
		s.decl = dMyVar
	}
	if lop && isSpace(s.at(s.pos)) {
		s.afterHandle()
	}
	return Variable
}

// afterHandle decides whether what follows "print $x" is what is printed to
// the handle $x; the rules are those of perl's own lexer.
func (s *Scanner) afterHandle() {
	i := s.skipSpace(s.pos)
	c, d := s.at(i), s.at(i+1)
	value := false
	switch c {
	case '$', '@', '"', '\'', '`':
		value = true
	case '&', '*', '<', '%':
		value = isIdent(d) || c == '<' && d == '<' && !isSpace(s.at(i+2)) && s.at(i+2) != '='
	case '-', '+', '?':
		value = !isSpace(d) && d != '=' && c != '?' && d != '>' && d != c
	case '/':
		value = !isSpace(d) && d != '=' && d != '/'
	case '.':
		value = class[d] == cDigit
	default:
		switch {
		case class[c] == cDigit:
			value = true
		case isIdent(c):
			end := s.identEnd(i)
			value = !wordClass(s.src[i:end]).binary()
		}
	}
	if value {
		s.exp, s.last = xTerm, Operator
		s.op = ','
	}
}
