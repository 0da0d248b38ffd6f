package perlsrc

// number reads a number, or a version of bare digits and dots.
func (s *Scanner) number() Kind {
	i := s.pos
	if s.src[i] == '0' && i+1 < s.end {
		switch s.src[i+1] {
		case 'x', 'X':
			return s.numberDone(s.hexFloat(i+2, isHex))
		case 'b', 'B', 'o', 'O':
			return s.numberDone(s.hexFloat(i+2, isDigit))
		}
	}
	digits := func() {
		for class[s.at(i)] == cDigit || s.at(i) == '_' {
			i++
		}
	}
	digits()
	if s.at(i) == '.' && s.at(i+1) != '.' {
		if whole := i > s.pos; whole && class[s.at(i+1)] == cDigit {
			// 1.2.3 is a version, 1.2..3 a range.
			j := i + 1
			for class[s.at(j)] == cDigit || s.at(j) == '_' {
				j++
			}
			if s.at(j) == '.' && class[s.at(j+1)] == cDigit {
				return s.version(i)
			}
		}
		i++
		digits()
	}
	if s.isExponent(i) {
		if i++; s.at(i) == '+' || s.at(i) == '-' {
			i++
		}
		digits()
	}
	return s.numberDone(i)
}

// isExponent says whether e, a sign and a digit are at i.
func (s *Scanner) isExponent(i int) bool {
	if c := s.at(i); c != 'e' && c != 'E' {
		return false
	}
	c := s.at(i + 1)
	if c == '+' || c == '-' {
		c = s.at(i + 2)
	}
	return class[c] == cDigit
}

func isDigit(c byte) bool { return class[c] == cDigit || c == '_' }

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// hexFloat gives the offset behind the digits at i, with a fraction if an
// exponent of two follows: 0x1.8p3.
func (s *Scanner) hexFloat(i int, digit func(byte) bool) int {
	for digit(s.at(i)) {
		i++
	}
	j := i
	if s.at(j) == '.' {
		for j++; digit(s.at(j)); j++ {
		}
	}
	if c := s.at(j); c != 'p' && c != 'P' {
		return i
	}
	if j++; s.at(j) == '+' || s.at(j) == '-' {
		j++
	}
	if class[s.at(j)] != cDigit {
		return i
	}
	for isDigit(s.at(j)) {
		j++
	}
	return j
}

func (s *Scanner) numberDone(end int) Kind {
	s.pos = end
	s.valueDone(Number)
	return Number
}

// version reads the rest of 1.2.3 from its first dot on.
func (s *Scanner) version(i int) Kind {
	for s.at(i) == '.' && class[s.at(i+1)] == cDigit {
		for i++; class[s.at(i)] == cDigit || s.at(i) == '_'; i++ {
		}
	}
	s.pos = i
	s.valueDone(VString)
	return VString
}

// valueDone notes a number: in "package Foo 1.2 {" the declaration goes on.
func (s *Scanner) valueDone(k Kind) {
	d := s.decl
	s.term(k)
	if d == dPackage {
		s.decl = d
	}
}

// vstring gives the offset behind the v-string at i, whose v is followed by a
// digit, or 0 where it is a word: v1 needs a value's place, and no => behind.
func (s *Scanner) vstring(i int) int {
	dots := false
	for i++; isDigit(s.at(i)); i++ {
	}
	for s.at(i) == '.' && class[s.at(i+1)] == cDigit {
		dots = true
		for i++; isDigit(s.at(i)); i++ {
		}
	}
	if dots {
		return i
	}
	if isWord(s.at(i)) || s.at(i) == ':' && s.at(i+1) == ':' || s.exp == xState && s.at(s.skipSpace(i)) == ':' {
		return 0
	}
	return i
}
