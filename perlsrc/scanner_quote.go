package perlsrc

import (
	"bytes"
	"unicode/utf8"
)

// closing gives the delimiter that ends what open begins.
func closing(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	case '<':
		return '>'
	}
	return open
}

// delimiter gives the length of the delimiter at i: one byte, or one character
// of UTF-8.
func (s *Scanner) delimiter(i int) int {
	if s.at(i) < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRune(s.src[i:s.end])
	return n
}

// delimited gives the offset behind the delimiter that ends what the one at i,
// of n bytes, begins. Brackets nest; a backslash hides what is behind it. The
// lines of here-documents that fall between belong to them.
func (s *Scanner) delimited(i, n int) (end int, ok bool) {
	switch {
	case i >= s.end:
		return s.end, false
	case n > 1:
		end, ok = s.wideDelimited(i, n)
	default:
		end, ok = s.byteDelimited(i)
	}
	s.steps += end - i
	return end, ok
}

// byteDelimited is delimited for a delimiter of one byte.
func (s *Scanner) byteDelimited(i int) (end int, ok bool) {
	open := s.src[i]
	closed := closing(open)
	src := s.src[:s.end]
	here := len(s.here) > 0
	depth := 1
	for i++; i < len(src); i++ {
		switch c := src[i]; {
		case c == '\\' && open != '\\':
			i++
			if here && i < len(src) && src[i] == '\n' {
				i = s.overHere(i+1) - 1
				here = false
			}
		case c == closed:
			if depth--; depth == 0 {
				return i + 1, true
			}
		case c == open:
			depth++
		case c == '\n' && here:
			i = s.overHere(i+1) - 1
			here = false
		}
	}
	return s.end, false
}

// wideDelimited is delimited for a delimiter of several bytes, which is the
// same at both ends.
func (s *Scanner) wideDelimited(i, n int) (end int, ok bool) {
	mark := s.src[i : i+n]
	for i += n; i < s.end; {
		if s.src[i] == '\\' {
			i += 2
			continue
		}
		if bytes.HasPrefix(s.src[i:s.end], mark) {
			return i + n, true
		}
		i++
	}
	return s.end, false
}

// quote reads a string or command whose delimiter is at i, which pos is at.
func (s *Scanner) quote(k Kind, i int, what string) Kind {
	line := s.line
	end, ok := s.delimited(i, s.delimiter(i))
	if !ok {
		return s.fail(line, what+" that begins here never ends")
	}
	s.pos = end
	if s.src[i] != '\'' {
		s.innerHere(Span{i + 1, end - 1}, false)
	}
	return s.term(k)
}

// match reads a pattern whose delimiter is at i, with its modifiers.
func (s *Scanner) match(i int) Kind {
	end, ok := s.delimited(i, s.delimiter(i))
	if !ok {
		return s.fail(s.line, "pattern that begins here never ends")
	}
	s.pos = end
	s.innerHere(Span{i + 1, end - 1}, false)
	s.modifiers()
	return s.term(Match)
}

// modifiers reads the letters behind a pattern. Perl takes whatever could be
// part of a word, and complains of what it does not know.
func (s *Scanner) modifiers() {
	for class[s.at(s.pos)] == cLetter && s.src[s.pos] != '_' {
		s.pos++
	}
}

// delimiterAt gives the offset of the delimiter that follows a quote-like
// word, which ends at i: right behind it, or behind blanks and comments. A
// letter is one only behind blanks.
func (s *Scanner) delimiterAt(i int) int {
	if !isSpace(s.at(i)) {
		return i
	}
	return s.overSpace(i)
}

// overSpace passes over blanks, line ends, comments and the here-documents
// that begin on this line.
func (s *Scanner) overSpace(i int) int {
	for ; i < s.end; s.steps++ {
		switch c := s.src[i]; {
		case c == '\n' && len(s.here) > 0:
			i = s.overHere(i + 1)
		case isSpace(c):
			i++
		case c == '#':
			i = s.lineEnd(i)
		default:
			return i
		}
	}
	return i
}

// quoteLike reads q, qq, qw, qx, m, qr, s, tr or y, whose word is src[start:end].
func (s *Scanner) quoteLike(start, end int, w wclass) Kind {
	word := string(s.src[start:end])
	line, here := s.line, s.here
	i := s.delimiterAt(end)
	if i >= s.end {
		if s.err == nil && (s.exp == xOp || s.exp == xMaybe) {
			s.here = here
			return s.wordDone(wKey)
		}
		return s.fail(line, word+" that begins here never ends")
	}
	n := s.delimiter(i)
	open := s.src[i]
	to, ok := s.delimited(i, n)
	kind := Quote
	switch word {
	case "qw":
		kind = Words
	case "qx":
		kind = Command
	case "m":
		kind = Match
	case "qr":
		kind = Pattern
	case "s":
		kind = Substitute
	case "tr", "y":
		kind = Translate
	}
	second := Span{}
	if ok && (kind == Substitute || kind == Translate) {
		if closing(open) != open {
			at := s.overSpace(to)
			second.Start = at + s.delimiter(at)
			to, ok = s.delimited(at, s.delimiter(at))
		} else {
			second.Start = to
			to, ok = s.delimited(to-n, n)
		}
		second.End = to - 1
	}
	if !ok {
		return s.fail(line, word+" that begins here never ends")
	}
	s.pos = to
	switch kind {
	case Translate:
		for c := s.at(s.pos); c == 'c' || c == 'd' || c == 's' || c == 'r'; c = s.at(s.pos) {
			s.pos++
		}
	case Substitute:
		s.modifiers()
		if second.End >= second.Start {
			s.innerHere(second, bytes.IndexByte(s.src[to:s.pos], 'e') >= 0)
		}
	case Match, Pattern:
		s.modifiers()
	}
	if (kind == Match || kind == Pattern || kind == Command && open != '\'' || word == "qq") && i+n <= to-1 {
		s.innerHere(Span{i + n, to - 1}, false)
	}
	return s.term(kind)
}
