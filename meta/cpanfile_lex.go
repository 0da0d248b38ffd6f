package meta

import (
	"strconv"
	"strings"

	"nacre/fault"
)

type tokenKind uint8

const (
	tokEnd      tokenKind = iota
	tokWord               // an identifier, with "::"
	tokString             // a quoted string without anything to interpolate
	tokNumber             // a number or a v-string
	tokOperator           // punctuation, one or two characters
	tokOpaque             // what has no literal value: variables, patterns, here-documents
	tokBlock              // made by the parser: sub {...}
)

// token is a piece of src: src[start:end].
type token struct {
	kind       tokenKind
	text       string // the value of a string or number; of others as written, or what it is
	start, end int
	line       int
}

func (t token) is(op string) bool { return t.kind == tokOperator && t.text == op }

// describe says what a token is, for people.
func (t token) describe() string {
	switch t.kind {
	case tokEnd:
		return "the end"
	case tokString:
		return "string"
	case tokNumber:
		return "number"
	case tokOperator:
		return "operator " + strconv.Quote(t.text)
	}
	return t.text
}

// lexer cuts Perl into tokens, as far as that can be done without running it.
type lexer struct {
	src  string
	pos  int
	line int // of pos
	err  error

	prev    token    // what came before, to tell a division from a pattern
	heredoc []string // terminators of here-documents that begin with the next line
}

// lineAt gives the line of the end of t.
func (l *lexer) lineAt(t token) int {
	return t.line + strings.Count(l.src[t.start:t.end], "\n")
}

func (l *lexer) fail(line int, format string, args ...any) {
	if l.err == nil {
		l.err = fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "line %d", line).
			WithHint("perl -c says more about what is wrong with the file")
	}
	l.pos = len(l.src)
}

// next gives the next token; at the end and after an error it is tokEnd.
func (l *lexer) next() token {
	l.blanks()
	t := token{start: l.pos, line: l.line}
	if l.pos < len(l.src) {
		l.scan(&t)
	}
	if l.err != nil {
		t.kind, t.text = tokEnd, ""
	}
	t.end = l.pos
	l.prev = t
	return t
}

// byteAt gives the byte at i, 0 behind the end.
func (l *lexer) byteAt(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// statementStart says that a statement can begin here.
func (l *lexer) statementStart() bool {
	return l.prev.end == 0 || l.prev.is(";") || l.prev.is("{") || l.prev.is("}")
}

// blanks skips blanks, comments, POD and here-documents.
func (l *lexer) blanks() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '\n':
			l.pos++
			l.line++
			l.skipHeredocs()
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			l.pos++
		case c == '#':
			l.toLineFeed()
		case c == '=' && (l.pos == 0 || l.src[l.pos-1] == '\n') && isLetter(l.byteAt(l.pos+1)) && l.statementStart():
			l.pod()
		case c == 0xef && l.pos == 0 && strings.HasPrefix(l.src, "\ufeff"):
			l.pos += 3
		default:
			return
		}
	}
}

// toLineFeed goes to the next line feed, or to the end.
func (l *lexer) toLineFeed() {
	if i := strings.IndexByte(l.src[l.pos:], '\n'); i >= 0 {
		l.pos += i
	} else {
		l.pos = len(l.src)
	}
}

// cutLine takes one line off, without its ending.
func (l *lexer) cutLine() string {
	start := l.pos
	l.toLineFeed()
	text := strings.TrimSuffix(l.src[start:l.pos], "\r")
	if l.pos < len(l.src) {
		l.pos++
		l.line++
	}
	return text
}

// pod skips to behind the line that begins with =cut; without one POD takes
// the rest, as in Perl.
func (l *lexer) pod() {
	for l.pos < len(l.src) {
		if word := l.cutLine(); word == "=cut" || strings.HasPrefix(word, "=cut") && !isWord(word[4]) {
			return
		}
	}
}

func (l *lexer) skipHeredocs() {
	waiting := l.heredoc
	l.heredoc = nil
	for _, end := range waiting {
		line, indented := l.line-1, strings.HasPrefix(end, "~")
		end = strings.TrimPrefix(end, "~")
		for {
			if l.pos >= len(l.src) {
				l.fail(line, "the here-document is not closed")
				return
			}
			text := l.cutLine()
			if indented {
				text = strings.TrimLeft(text, " \t")
			}
			if text == end {
				break
			}
		}
	}
}

// scan reads one token, which begins at l.pos with something else than a
// blank.
func (l *lexer) scan(t *token) {
	c := l.src[l.pos]
	t.kind = tokOpaque
	switch {
	case isLetter(c):
		l.word(t)
	case isDigit(c) || c == '.' && isDigit(l.byteAt(l.pos+1)):
		l.number(t)
	case c == '\'' || c == '"' || c == '`':
		l.pos++
		l.quoted(t, c, c)
		if c == '`' {
			t.kind, t.text = tokOpaque, "backticks"
		}
	case c == '$' || (c == '@' || c == '%' || c == '&') && l.term() && l.sigil():
		l.variable(t)
	case c == '/' && l.term():
		l.pos++
		l.delimited(t.line, '/', '/')
		t.text = "pattern"
	case c == '<' && l.term() && l.here(t):
	case c == 4 || c == 26: // ^D and ^Z end a program
		t.kind, l.pos = tokEnd, len(l.src)
	default:
		l.operator(t)
	}
}

// term says that a term is to come, and not an operator.
func (l *lexer) term() bool {
	switch l.prev.kind {
	case tokOperator:
		return !l.prev.is(")") && !l.prev.is("]") && !l.prev.is("}")
	case tokString, tokNumber, tokOpaque:
		return false
	case tokWord: // "x / 2" is rare, "split /,/" is not
		return true
	}
	return true
}

func (l *lexer) sigil() bool {
	c := l.byteAt(l.pos + 1)
	return isWord(c) || c == ':' || c == '{' || c == '$'
}

func (l *lexer) word(t *token) {
	l.name()
	t.kind, t.text = tokWord, l.src[t.start:l.pos]
	if strings.HasPrefix(strings.TrimLeft(l.src[l.pos:min(len(l.src), l.pos+80)], " \t"), "=>") {
		return
	}
	switch t.text {
	case "__END__", "__DATA__":
		t.kind, t.text, l.pos = tokEnd, "", len(l.src)
	case "q", "qq", "qw", "qx", "m", "qr", "s", "tr", "y":
		if !l.prev.is("->") && !l.prev.is("-") { // a method; a file test
			l.quoteLike(t)
		}
	default:
		if digits := t.text[1:]; t.text[0] == 'v' && digits != "" && strings.Trim(digits, "0123456789") == "" {
			l.pos = t.start
			l.number(t)
		}
	}
}

// name takes an identifier with "::" off.
func (l *lexer) name() {
	for isWord(l.byteAt(l.pos)) || l.byteAt(l.pos) == ':' && l.byteAt(l.pos+1) == ':' {
		if l.src[l.pos] == ':' {
			l.pos++
		}
		l.pos++
	}
}

func (l *lexer) variable(t *token) {
	t.text = "variable"
	l.pos++
	switch c := l.byteAt(l.pos); {
	case c == '#' && (l.byteAt(l.pos+1) == '{' || l.byteAt(l.pos+1) == '$'):
		l.pos++
	case c == '{' || c == '$' && (isWord(l.byteAt(l.pos+1)) || strings.IndexByte(":{$", l.byteAt(l.pos+1)) >= 0):
		// ${...} and $$name: what follows is the rest.
	case isWord(c) || c == ':' && l.byteAt(l.pos+1) == ':':
		l.name()
	case c == '^':
		l.pos++
		if c := l.byteAt(l.pos); c >= '?' && c <= '_' { // $^W, $^[: the control characters
			l.pos++
		}
	case c != 0 && c != '\n':
		l.pos++
	}
}

// operator takes one of the operators that the parser asks for, or one byte.
func (l *lexer) operator(t *token) {
	n := 1
	if two := l.src[l.pos:min(len(l.src), l.pos+2)]; two == "=>" || two == "->" || two == "==" || two == "=~" {
		n = 2
	}
	l.pos += n
	t.kind, t.text = tokOperator, l.src[t.start:l.pos]
}

// maxHeredocs bounds the here-documents that begin in one line.
const maxHeredocs = 20

// here reads the beginning of a here-document: <<EOT, <<"EOT", <<'EOT', <<~EOT.
func (l *lexer) here(t *token) bool {
	rest, ok := strings.CutPrefix(l.src[l.pos:], "<<")
	if !ok {
		return false
	}
	end := ""
	if r, ok := strings.CutPrefix(rest, "~"); ok {
		rest, end = r, "~"
	}
	switch {
	case rest == "":
		return false
	case rest[0] == '"' || rest[0] == '\'':
		i := strings.IndexByte(rest[1:], rest[0])
		if i < 0 || strings.Contains(rest[1:i+1], "\n") {
			return false
		}
		end, rest = end+rest[1:i+1], rest[i+2:]
	case isLetter(rest[0]):
		i := 0
		for i < len(rest) && isWord(rest[i]) {
			i++
		}
		end, rest = end+rest[:i], rest[i:]
	default:
		return false
	}
	if len(l.heredoc) == maxHeredocs {
		l.fail(l.line, "more than %d here-documents (limit: cpanfile here-documents of a line)", maxHeredocs)
		return true
	}
	l.pos = len(l.src) - len(rest)
	// A copy: the parser looks ahead with copies of the lexer.
	l.heredoc = append(l.heredoc[:len(l.heredoc):len(l.heredoc)], end)
	t.text = "here-document"
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isLetter takes every byte above ASCII for one of a letter.
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) }
