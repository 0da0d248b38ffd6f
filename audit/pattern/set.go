package pattern

import "math/bits"

// set is a set of characters: those of Latin-1, and bit 256 for all others.
type set [5]uint64

const other = 256

func (s *set) add(c int) {
	if c > other {
		c = other
	}
	s[c/64] |= 1 << (c % 64)
}

func (s *set) addRange(from, to int) {
	for c := from; c <= min(to, other); c++ {
		s.add(c)
	}
}

func (s set) has(c int) bool { return s[min(c, other)/64]&(1<<(min(c, other)%64)) != 0 }

func (s set) union(o set) set {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

func (s set) and(o set) set {
	for i := range s {
		s[i] &= o[i]
	}
	return s
}

func (s set) not() set {
	for i := range s {
		s[i] = ^s[i]
	}
	s[4] &= 1
	return s
}

func (s set) empty() bool { return s == set{} }

// size counts the characters of Latin-1 in it.
func (s set) size() int {
	n := 0
	for _, w := range s[:4] {
		n += bits.OnesCount64(w)
	}
	return n
}

// fold adds the other case of each letter.
func (s set) fold() set {
	for c := 'a'; c <= 'z'; c++ {
		up := int(c) - 32
		if s.has(int(c)) || s.has(up) {
			s.add(int(c))
			s.add(up)
		}
	}
	return s
}

func span(from, to int) (s set) {
	s.addRange(from, to)
	return s
}

func of(chars string) (s set) {
	for i := range len(chars) {
		s.add(int(chars[i]))
	}
	return s
}

// The classes of perlrecharclass, as far as Latin-1 goes.
func digits() set { return span('0', '9') }
func blanks() set { return of(" \t\n\r\f\v\x85\xa0") }
func letters() set {
	return span('a', 'z').union(span('A', 'Z')).union(span(0xc0, 0xff)).union(span(other, other))
}
func words() set    { return letters().union(digits()).union(of("_")) }
func anything() set { return set{}.not() }

// named gives the set of \p{...} and [:...:]; ok is false for those that are
// not known here.
func named(name string) (s set, ok bool) {
	switch name {
	case "alpha", "L", "Letter", "Alpha", "Alphabetic", "IsAlpha", "XPosixAlpha":
		return letters(), true
	case "digit", "Nd", "N", "Digit", "IsDigit", "PosixDigit", "XPosixDigit":
		return digits(), true
	case "alnum", "Alnum", "IsAlnum", "XPosixAlnum":
		return letters().union(digits()), true
	case "word", "Word", "IsWord", "W", "XPosixWord":
		return words(), true
	case "space", "Space", "IsSpace", "White_Space", "XPosixSpace":
		return blanks(), true
	case "blank", "h", "HorizSpace", "Blank":
		return of(" \t"), true
	case "upper", "Lu", "Uppercase", "IsUpper", "Upper":
		return span('A', 'Z').union(span(other, other)), true
	case "lower", "Ll", "Lowercase", "IsLower", "Lower":
		return span('a', 'z').union(span(other, other)), true
	case "xdigit", "XDigit", "Hex", "AHex", "IsXDigit":
		return digits().union(span('a', 'f')).union(span('A', 'F')), true
	case "punct", "P", "Punct", "IsPunct":
		return of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), true
	case "print", "graph", "Print", "Graph":
		return span(0x20, 0x7e).union(span(0xa0, other)), true
	case "cntrl", "Cntrl", "Cc":
		return span(0, 31).union(span(127, 159)), true
	case "ascii", "ASCII":
		return span(0, 127), true
	}
	return set{}, false
}
