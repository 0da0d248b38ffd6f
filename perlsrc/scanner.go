package perlsrc

import (
	"bytes"
	"fmt"

	"nacre/fault"
)

// Scanner gives the tokens of a source one by one, so that who looks for the
// first $VERSION can stop there. It keeps the bytes and changes none.
type Scanner struct {
	src  []byte
	pos  int
	end  int // of what is read; src goes on where a part of a file is read
	line int // of pos
	err  *Broken

	// What perl expects at pos, and what it goes by.
	exp     expect
	last    Kind   // of the last significant token
	op      byte   // of the last token if it is an Operator or Structure: its first byte; arrow for ->
	word    wclass // of the last token if it is a Word
	closed  brace  // of the last token if it is a closing bracket: what it closed
	decl    decl   // the declaration that is being read
	attrs   bool   // behind the colon of a declaration
	plain   bool   // the next word is the key of $h{word} or the name of ${word}
	upper   bool   // the last word has no small letter: a constant or file handle
	stack   []bracket
	open    [3]int // of stack, how many of each: { ( [
	ternary int    // ? without their : in the innermost bracket

	// nullary are the words of this file that take nothing: sub f() and use
	// constant f. named is the sub whose prototype may follow; constants is set
	// behind use constant, up to the semicolon.
	nullary   map[string]bool
	named     Span
	constants bool

	here   []hereDoc // of this line, their bodies not yet read
	bodies bool      // at the line start where the bodies of here begin
	nHere  int32     // here-documents so far
	format formatAt
	mark   bool // behind __END__ or __DATA__
	depth  int  // scanners in scanners: code inside strings
	steps  int  // bytes looked at by searches for an end, for the test of linear time
}

// arrow is the op of ->.
const arrow = 1

// expect is what perl's parser is ready for.
type expect uint8

const (
	xState expect = iota // a statement
	xTerm                // a value
	xOp                  // an operator
	xMaybe               // behind a word that nobody declared: perl would know whether it takes arguments
	xDor                 // a value that may be left away, so that // is an operator: behind shift
)

// Broken is where source stops being Perl.
type Broken struct {
	Line int    // from 1
	What string // "string that begins here never ends"
}

// Error gives "line 12: string that begins here never ends".
func (b *Broken) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.What) }

// Unwrap says that broken source is invalid input.
func (b *Broken) Unwrap() error { return fault.New(fault.Invalid, "%s", b.Error()) }

// Span is a piece of a source: src[Start:End].
type Span struct{ Start, End int }

// Text gives a span's bytes.
func (p Span) Text(src []byte) []byte { return src[p.Start:p.End] }

// NewScanner reads src from its start.
func NewScanner(src []byte) *Scanner { return NewScannerAt(src, Span{0, len(src)}, 1) }

// NewScannerAt reads a part of src as if it were a file: the code in a string
// or in the replacement of s///e, with the line of its first byte. The tokens'
// offsets are those of src.
func NewScannerAt(src []byte, part Span, line int) *Scanner {
	return &Scanner{src: src, pos: part.Start, end: part.End, line: line}
}

// Tokenize gives all tokens of src. Where src is broken, it gives those up to
// the break, the rest as one token of kind Unknown, and an error that is a
// *Broken.
func Tokenize(src []byte) ([]Token, error) {
	s := NewScanner(src)
	tokens := make([]Token, 0, len(src)/8+8)
	for {
		t, ok := s.Next()
		if !ok {
			return tokens, s.Err()
		}
		if len(tokens) == cap(tokens) {
			tokens = withRoom(tokens, t.Start, len(src))
		}
		tokens = append(tokens, t)
	}
}

// withRoom gives a full slice room for what is to come, if the rest of the source
// is like the part that was read. Growing by doubling would hold up to three
// times as much of a long file for a moment.
func withRoom[T any](list []T, read, all int) []T {
	need := len(list)/8 + 8
	if 0 < read && read < all {
		need = max(need, int(float64(len(list))*17/16*float64(all-read)/float64(read)))
	}
	wider := make([]T, len(list), len(list)+min(need, 4*len(list)+8))
	copy(wider, list)
	return wider
}

// Err tells, once Next gave false, what is broken: nil or a *Broken. It is
// known from the token Unknown on that holds the rest.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

// Next gives the next token, and false at the end.
func (s *Scanner) Next() (Token, bool) {
	if s.pos >= s.end {
		return Token{}, false
	}
	t := Token{Start: s.pos, Line: s.line}
	if s.bodies {
		s.hereBody(&t)
	} else {
		t.Kind = s.scan()
	}
	if s.pos <= t.Start || s.pos > s.end { // a scanner must move, whatever comes
		s.pos = t.Start + 1
		t.Kind = Unknown
	}
	t.End = s.pos
	if lines[t.Kind] {
		s.line += bytes.Count(s.src[t.Start:t.End], newline)
	}
	if t.Kind == HereDoc {
		t.Here = s.nHere
	}
	return t, true
}

var newline = []byte{'\n'}

// lines says which kinds of token may reach over a line's end.
var lines = [...]bool{
	Space: true, Pod: true, HereBody: true, Format: true, Data: true,
	Variable: true, Label: true, Quote: true, Words: true, Command: true, Match: true, Pattern: true,
	Substitute: true, Translate: true, Readline: true, Glob: true, HereDoc: true,
	Prototype: true, Attribute: true, Unknown: true,
}

// fail ends the source: the rest is one token.
func (s *Scanner) fail(line int, what string) Kind {
	if s.err == nil {
		s.err = &Broken{Line: line, What: what}
	}
	s.pos = s.end
	s.last = Unknown
	return Unknown
}

// at gives the byte at i, and 0 outside of what is read.
func (s *Scanner) at(i int) byte {
	if i < s.end {
		return s.src[i]
	}
	return 0
}

// scan reads a token at pos, moves pos behind it and gives its kind.
func (s *Scanner) scan() Kind {
	if s.pos == 0 {
		if n := byteOrderMark(s.src); n > 0 {
			s.pos = n
			return Space
		}
		if wide(s.src) {
			return s.fail(1, "source is UTF-16, which is not read: convert it to UTF-8")
		}
	}
	if s.format == formatBody {
		return s.formatBody()
	}
	if s.mark {
		return s.data()
	}
	c := s.src[s.pos]
	switch class[c] {
	case cSpace:
		return s.space()
	case cLetter:
		return s.wordLike()
	case cDigit:
		return s.number()
	case cHigh:
		return s.high()
	}
	switch c {
	case '#':
		return s.comment()
	case '$':
		return s.dollar()
	case '@':
		return s.variable()
	case '%', '&', '*':
		if s.isSigil(c) {
			return s.variable()
		}
	case '\'':
		return s.quote(Quote, s.pos, "string")
	case '"':
		return s.quote(Quote, s.pos, "string")
	case '`':
		return s.quote(Command, s.pos, "command")
	case '/':
		if s.isPattern() {
			return s.match(s.pos)
		}
	case '?':
		if s.isOldMatch() {
			return s.match(s.pos)
		}
	case '<':
		if k := s.angle(); k != 0 {
			return k
		}
	case '.':
		if class[s.at(s.pos+1)] == cDigit && s.exp != xOp && s.exp != xMaybe {
			return s.number()
		}
	case '-':
		if s.isFileTest() {
			s.pos += 2
			return s.operatorDone('-')
		}
	case ':':
		if s.at(s.pos+1) == ':' && isIdent(s.at(s.pos+2)) {
			return s.wordLike()
		}
	case '=':
		if s.isPod() {
			return s.pod()
		}
	case '{', '}', '(', ')', '[', ']', ';':
		return s.structure(c)
	case 0: // which perl passes over
		s.pos++
		return Space
	case 0x04, 0x1a: // ^D and ^Z end a source
		s.mark = true
		return s.data()
	}
	return s.operator(c)
}

// term notes a token behind which an operator is expected.
func (s *Scanner) term(k Kind) Kind {
	s.last, s.exp = k, xOp
	if s.decl != 0 && k != Variable {
		s.decl = 0
	}
	return k
}
