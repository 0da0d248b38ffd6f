package csrc

import (
	"bytes"
	"strings"
)

// scanner cuts source into tokens.
type scanner struct {
	src   []byte
	at    int
	line  int
	fresh bool // only blanks since the line began
	xs    bool // behind MODULE, where pod may stand
}

// next gives the next token.
func (s *scanner) next() (Token, bool) {
	for s.at < len(s.src) {
		c := s.src[s.at]
		switch {
		case c == '\n':
			s.at++
			s.line++
			s.fresh = true
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			s.at++
			continue
		case c == '\\' && s.lineEnd(s.at+1) > 0:
			s.at += 1 + s.lineEnd(s.at+1)
			s.line++
			continue
		case s.starts("/*"):
			s.pastComment()
			continue
		case s.starts("//"):
			s.at = s.endOfLine(s.at)
			continue
		case s.xs && c == '=' && s.at+1 < len(s.src) && s.src[s.at+1]|32 >= 'a' && s.src[s.at+1]|32 <= 'z' && (s.at == 0 || s.src[s.at-1] == '\n'):
			s.pastPod()
			continue
		}
		return s.token(c), true
	}
	return Token{}, false
}

func (s *scanner) starts(text string) bool { return bytes.HasPrefix(s.src[s.at:], []byte(text)) }

// lineEnd gives the length of a line's end at a place; 0 for none.
func (s *scanner) lineEnd(at int) int {
	if at < len(s.src) && s.src[at] == '\n' {
		return 1
	}
	if at+1 < len(s.src) && s.src[at] == '\r' && s.src[at+1] == '\n' {
		return 2
	}
	return 0
}

func (s *scanner) endOfLine(at int) int {
	if i := bytes.IndexByte(s.src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(s.src)
}

func (s *scanner) pastComment() {
	end := bytes.Index(s.src[s.at+2:], []byte("*/"))
	to := len(s.src)
	if end >= 0 {
		to = s.at + 2 + end + 2
	}
	s.line += bytes.Count(s.src[s.at:to], []byte{'\n'})
	s.at = to
}

// pastPod goes behind the line that begins with =cut.
func (s *scanner) pastPod() {
	for s.at < len(s.src) {
		end := s.endOfLine(s.at)
		cut := bytes.HasPrefix(s.src[s.at:end], []byte("=cut"))
		if s.at = end; s.at < len(s.src) {
			s.at++
			s.line++
		}
		if cut {
			break
		}
	}
	s.fresh = true
}

// token reads a token that begins with c.
func (s *scanner) token(c byte) Token {
	t := Token{Start: s.at, Line: s.line, Kind: Punct}
	fresh := s.fresh
	s.fresh = false
	switch {
	case c == '#' && fresh && !(s.xs && !s.directive()):
		t.Kind = Directive
		s.pastDirective()
	case isWord(c):
		t.Kind = Word
		for s.at < len(s.src) && (isWord(s.src[s.at]) || isDigit(s.src[s.at])) {
			s.at++
		}
		if s.at < len(s.src) && s.at-t.Start <= 2 && (s.src[s.at] == '"' || s.src[s.at] == '\'') {
			switch string(s.src[t.Start:s.at]) {
			case "L", "u", "U", "u8":
				return s.quoted(t, s.src[s.at])
			}
		}
	case isDigit(c) || c == '.' && s.at+1 < len(s.src) && isDigit(s.src[s.at+1]):
		t.Kind = Number
		for s.at < len(s.src) {
			d := s.src[s.at]
			if !isWord(d) && !isDigit(d) && d != '.' {
				if d != '+' && d != '-' || s.src[s.at-1]|32 != 'e' && s.src[s.at-1]|32 != 'p' || bytes.HasPrefix(s.src[t.Start:], []byte("0x")) && s.src[s.at-1]|32 == 'e' {
					break
				}
			}
			s.at++
		}
	case c == '"' || c == '\'':
		return s.quoted(t, c)
	default:
		s.at += s.operator()
	}
	t.End = s.at
	return t
}

// quoted reads a string or a character. Neither goes over a line's end, unless a
// backslash stands before it.
func (s *scanner) quoted(t Token, quote byte) Token {
	t.Kind = String
	if quote == '\'' {
		t.Kind = Char
	}
	for s.at++; s.at < len(s.src) && s.src[s.at] != quote && s.src[s.at] != '\n'; s.at++ {
		if s.src[s.at] == '\\' && s.at+1 < len(s.src) {
			if s.at++; s.src[s.at] == '\n' {
				s.line++
			}
		}
	}
	if s.at < len(s.src) && s.src[s.at] == quote {
		s.at++
	}
	t.End = s.at
	return t
}

// directive tells a line of the preprocessor from a comment of XS.
func (s *scanner) directive() bool {
	rest := bytes.TrimLeft(s.src[s.at+1:min(s.at+60, len(s.src))], " \t")
	for _, w := range []string{"if", "ifdef", "ifndef", "else", "elif", "endif", "define", "undef", "include", "error", "pragma", "line", "warning"} {
		if bytes.HasPrefix(rest, []byte(w)) && (len(rest) == len(w) || !isWord(rest[len(w)])) {
			return true
		}
	}
	return false
}

// pastDirective goes to the end of a line that no backslash and no comment
// continues.
func (s *scanner) pastDirective() {
	for s.at < len(s.src) && s.src[s.at] != '\n' {
		switch {
		case s.src[s.at] == '\\' && s.lineEnd(s.at+1) > 0:
			s.at += 1 + s.lineEnd(s.at+1)
			s.line++
		case s.starts("/*"):
			s.pastComment()
		case s.starts("//"):
			s.at = s.endOfLine(s.at)
		default:
			s.at++
		}
	}
}

var operators = []string{"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::", "##"}

func (s *scanner) operator() int {
	for _, op := range operators {
		if s.starts(op) {
			return len(op)
		}
	}
	return 1
}

// isModule reports whether a word begins the line MODULE = Foo PACKAGE = Foo.
func (s *scanner) isModule(t Token) bool {
	if t.End-t.Start != 6 || string(s.src[t.Start:t.End]) != "MODULE" || t.Start > 0 && s.src[t.Start-1] != '\n' {
		return false
	}
	rest := string(s.src[t.End:s.endOfLine(t.End)])
	return strings.HasPrefix(strings.TrimLeft(rest, " \t"), "=")
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c|32 >= 'a' && c|32 <= 'z' || c >= 0x80
}
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
