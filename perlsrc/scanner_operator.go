package perlsrc

import "bytes"

// operator reads an operator that begins with c, or one byte that is none.
func (s *Scanner) operator(c byte) Kind {
	n := 1
	b, d := s.at(s.pos+1), s.at(s.pos+2)
	switch c {
	case '-':
		if b == '>' {
			s.pos += 2
			return s.operatorDone(arrow)
		}
		if b == '-' || b == '=' {
			n = 2
		}
		if b == '-' && (s.exp == xOp || s.exp == xMaybe && !isSpace(s.before())) {
			return s.postfix()
		}
	case '+':
		if b == '+' || b == '=' {
			n = 2
		}
		if b == '+' && (s.exp == xOp || s.exp == xMaybe && !isSpace(s.before())) {
			return s.postfix()
		}
	case '=':
		switch {
		case b == '~' && d != '~', b == '=', b == '>':
			n = 2
		}
	case '!':
		if b == '~' || b == '=' {
			n = 2
		}
	case '~':
		if b == '~' {
			n = 2
		} else if b == '.' && class[d] != cDigit {
			n = 2
		}
	case '<':
		switch {
		case b == '=' && d == '>':
			n = 3
		case b == '<' && d == '=':
			n = 3
		case b == '<' || b == '=':
			n = 2
		}
	case '>':
		switch {
		case b == '>' && d == '=':
			n = 3
		case b == '>' || b == '=':
			n = 2
		}
	case '.':
		switch {
		case b == '.' && d == '.':
			n = 3
		case b == '.' || b == '=':
			n = 2
		}
	case '*', '/', '&', '|', '^':
		switch {
		case b == c && d == '=':
			n = 3
		case b == '.' && d == '=' && (c == '&' || c == '|' || c == '^'):
			n = 3
		case b == c, b == '=':
			n = 2
		case b == '.' && class[d] != cDigit && d != '.' && (c == '&' || c == '|' || c == '^'):
			n = 2
		}
		if c == '/' && b == '/' && s.exp == xMaybe {
			n = 2
		}
	case '%':
		if b == '=' {
			n = 2
		}
	case '?':
		s.ternary++
	case ':':
		return s.colon()
	case ',', '\\':
	default:
		if c < ' ' || c == 0x7f {
			return s.fail(s.line, "control character, which is no Perl")
		}
		s.pos++
		s.last = Unknown
		return Unknown
	}
	s.pos += n
	if s.format == formatWord && c == '=' {
		s.format = formatLine
	}
	return s.operatorDone(c)
}

// before is the byte before pos, or a blank.
func (s *Scanner) before() byte {
	if s.pos > 0 {
		return s.src[s.pos-1]
	}
	return ' '
}

// operatorDone notes an operator; op is its first byte, and arrow for ->.
func (s *Scanner) operatorDone(op byte) Kind {
	s.last, s.op, s.exp = Operator, op, xTerm
	s.attrs, s.decl = false, 0
	return Operator
}

// postfix reads ++ or -- behind a value.
func (s *Scanner) postfix() Kind {
	s.pos += 2
	s.operatorDone('+')
	s.exp = xOp
	return Operator
}

// colon reads the : of a condition or of a declaration's attributes.
func (s *Scanner) colon() Kind {
	d := s.decl
	attrs := d == dSub || d == dNamed || d == dPackage || d == dMyVar && s.ternary == 0
	s.pos++
	s.operatorDone(':')
	if attrs {
		s.attrs, s.decl = true, d
	} else if s.ternary > 0 {
		s.ternary--
	}
	return Operator
}

// isFileTest says whether the - at pos is that of -e and its like.
func (s *Scanner) isFileTest() bool {
	switch s.at(s.pos + 1) {
	case 'r', 'w', 'x', 'o', 'R', 'W', 'X', 'O', 'e', 'z', 's', 'f', 'd', 'l', 'p', 'S', 'u', 'g', 'k', 'b', 'c', 't', 'T', 'B', 'A', 'M', 'C':
	default:
		return false
	}
	if isWord(s.at(s.pos+2)) || s.plain {
		return false
	}
	if s.exp == xOp || s.exp == xMaybe && (!isSpace(s.before()) || s.upper && s.word == wPlain && s.at(s.pos+2) != ' ') {
		return false
	}
	i := s.pos + 2
	for s.at(i) == ' ' || s.at(i) == '\t' {
		i++
	}
	return s.at(i) != '=' || s.at(i+1) != '>'
}

// isSigil says whether %, & or * at pos begins a variable's name.
func (s *Scanner) isSigil(c byte) bool {
	next := s.at(s.pos + 1)
	if s.last == Operator && s.op == arrow { // ->%*, ->&*, ->**, ->%[...]
		return next == '*' || c == '%' && (next == '[' || next == '{')
	}
	switch s.exp {
	case xOp:
		return false
	case xMaybe:
		if !isSpace(s.before()) || s.upper && c != '%' {
			return false
		}
		if c == '%' && next == '^' && class[s.at(s.pos+2)] == cLetter {
			return true
		}
		return isIdent(next) || next == '$' || next == '{' || next == ':' && s.at(s.pos+2) == ':'
	}
	return c != '&' || next != '&'
}

// isPattern says whether the / at pos begins a pattern.
func (s *Scanner) isPattern() bool {
	next := s.at(s.pos + 1)
	switch s.exp {
	case xOp:
		return false
	case xDor:
		return next != '/'
	case xMaybe:
		if !isSpace(s.before()) || isSpace(next) || next == '=' || next == '/' || s.upper {
			return false
		}
		// A word that nobody declared: a pattern if one ends on this line, and
		// what stands behind it could not go on a division.
		end, ok := s.shortEnd(s.pos, '/')
		if !ok || class[next] == cDigit {
			return false
		}
		for class[s.at(end)] == cLetter {
			end++
		}
		switch c := s.at(end); c {
		case ',', ';', ')', '}', '\n', '\r', ' ', 0:
			return true
		}
		return false
	}
	return true
}

// isOldMatch says whether the ? at pos begins a ?pattern?, which perls before
// 5.22 knew. It ends on its line.
func (s *Scanner) isOldMatch() bool {
	if s.exp != xTerm && s.exp != xState || s.last == Cast {
		return false
	}
	_, ok := s.shortEnd(s.pos, '?')
	return ok
}

// longest is how far a guess looks for its end, in bytes: what is guessed at
// must not cost the rest of a line each time.
const longest = 256

// shortEnd looks for the delimiter that ends on the same line what begins at i.
func (s *Scanner) shortEnd(i int, closing byte) (end int, ok bool) {
	if bytes.IndexByte(s.src[i+1:min(s.end, i+longest)], closing) < 0 {
		return 0, false
	}
	for limit := i + longest; i < limit; {
		i++
		switch s.at(i) {
		case closing:
			return i + 1, true
		case '\\':
			i++
		case '\n', 0:
			return 0, false
		}
		s.steps++
	}
	return 0, false
}

// angle reads what a < at pos begins if it is no operator: <FH>, <$fh>, <*.c>,
// <<"END". It gives 0 for an operator.
func (s *Scanner) angle() Kind {
	if s.exp == xOp {
		return 0
	}
	if s.exp == xMaybe && !isSpace(s.before()) && s.at(s.pos+1) != '<' {
		return 0
	}
	i := s.pos
	if s.at(i+1) == '<' {
		if s.at(i+2) == '>' && s.at(i+3) == '>' && s.exp != xMaybe {
			s.pos += 4
			return s.term(Readline)
		}
		if s.isHereTag(i + 2) {
			return s.hereDoc()
		}
		if s.exp == xMaybe {
			return 0
		}
	}
	i++
	if s.at(i) == '$' {
		i++
	}
	for isWord(s.at(i)) || s.at(i) == ':' && s.at(i+1) == ':' || s.at(i) == ':' && s.at(i-1) == ':' || s.at(i) == '\'' {
		i++
	}
	if s.at(i) == '>' {
		s.pos = i + 1
		return s.term(Readline)
	}
	if s.exp == xMaybe {
		return 0
	}
	if bytes.IndexByte(s.src[s.pos+1:min(s.end, s.pos+longest)], '>') < 0 {
		return 0
	}
	depth := 1
	for i = s.pos + 1; i < s.pos+longest; i++ {
		s.steps++
		switch s.at(i) {
		case '\\':
			i++
		case '<':
			depth++
		case '\n', 0:
			return 0
		case '>':
			if depth--; depth == 0 {
				s.pos = i + 1
				return s.term(Glob)
			}
		}
	}
	return 0
}
