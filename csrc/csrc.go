// Package csrc reads C and XS source as tokens, functions and calls, without
// compiling it: enough to see which buffer a string is copied to.
//
//	SV *
//	hex(SV *in)
//	  PREINIT:
//	    char buf[64];
//	    STRLEN len;
//	    char *s;
//	  CODE:
//	    s = SvPV(in, len);
//	    strcpy(buf, s);
//
// is the XSUB hex with the parameter "SV *in", and in its body the calls
// SvPV(in, len) and strcpy(buf, s), each with the tokens of its arguments.
//
// Promised: every token is a piece of the source, in order; no input panics; the
// cost is linear in the bytes. Limits are errors that name them, and what was
// read until then is there.
//
// Not promised: what the preprocessor would make of it. Directives are tokens of
// their own, both branches of an #if are read, and macros are words like others.
// Functions with the old style of parameters, and what macros that hold braces
// make, are not seen.
//
// Sources: ISO C17, 6.4 (lexical elements); perlxs; perlxstypemap.
package csrc

import "fmt"

// The limits of a file.
const (
	MaxTokens = 2_000_000
	MaxDepth  = 2_000 // brackets in brackets
)

// Kind is the class of a token.
type Kind uint8

// The kinds. Blanks and comments are no tokens.
const (
	Word      Kind = iota // identifiers and keywords
	Number                // 1, 0x1f, 1.5e3, 10UL
	String                // "...", with its prefix
	Char                  // 'x'
	Punct                 // operators and brackets: "->", "(", "=="
	Directive             // a line of the preprocessor, with the lines that continue it
)

// Token is a piece of source: Src[Start:End].
type Token struct {
	Kind       Kind
	Start, End int
	Line       int // from 1
	// Match is the number of the bracket that belongs to this one; 0 where there
	// is none, and for others.
	Match int32
}

// Param is a parameter of a function.
type Param struct {
	Type string // "char *", with one blank between words; "" where it is not stated
	Name string
}

// Function is a function of C, or an XSUB.
type Function struct {
	Name   string
	XSUB   bool
	Line   int
	Params []Param
	// First and End are the tokens of the body: of a function what stands between
	// its braces, of an XSUB everything behind its parameters.
	First, End int
}

// File is a file that has been read.
type File struct {
	Src       []byte
	Tokens    []Token
	Functions []Function

	text string // of Src, so that giving out a piece copies nothing
}

// Text gives a token's bytes as text.
func (f *File) Text(i int) string {
	if i < 0 || i >= len(f.Tokens) {
		return ""
	}
	return f.text[f.Tokens[i].Start:f.Tokens[i].End]
}

// Is reports whether there is such a token, and of this kind.
func (f *File) Is(i int, kind Kind) bool {
	return i >= 0 && i < len(f.Tokens) && f.Tokens[i].Kind == kind
}

// Match gives the bracket that belongs to a token; 0 where there is none.
func (f *File) Match(i int) int {
	if i < 0 || i >= len(f.Tokens) {
		return 0
	}
	return int(f.Tokens[i].Match)
}

// Span gives the source of tokens from first to end, without the last.
func (f *File) Span(first, end int) string {
	if first < 0 || end > len(f.Tokens) || first >= end {
		return ""
	}
	return f.text[f.Tokens[first].Start:f.Tokens[end-1].End]
}

// Parse reads a file. With an error, the file holds what was read before a limit.
func Parse(src []byte) (*File, error) {
	f := &File{Src: src, text: string(src), Tokens: make([]Token, 0, min(len(src)/8+8, MaxTokens))}
	s := scanner{src: src, line: 1, fresh: true}
	module := -1 // the first token behind the line with MODULE
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		if len(f.Tokens) == MaxTokens {
			f.finish(module)
			return f, fmt.Errorf("line %d: more than %d tokens", t.Line, MaxTokens)
		}
		f.Tokens = append(f.Tokens, t)
		if module < 0 && t.Kind == Word && s.isModule(t) {
			module = len(f.Tokens) - 1
			s.xs = true
		}
	}
	return f, f.finish(module)
}

// finish matches brackets and finds functions.
func (f *File) finish(module int) error {
	err := f.match()
	c := len(f.Tokens)
	if module >= 0 {
		c = module
	}
	f.functions(c)
	if module >= 0 {
		f.xsubs(module)
	}
	return err
}

// match pairs brackets. A closing brace at the beginning of a line ends whatever
// is open, so that what the preprocessor would take away breaks one function only;
// but for a block that began there, too, where indented lines come next.
func (f *File) match() error {
	var open []int
	braces := 0 // of open
	for i := range f.Tokens {
		t := &f.Tokens[i]
		if t.Kind != Punct || t.End != t.Start+1 {
			continue
		}
		switch c := f.Src[t.Start]; c {
		case '(', '[', '{':
			if c == '{' && i > 0 && f.Tokens[i-1].Kind == String {
				continue // extern "C" {
			}
			if len(open) == MaxDepth {
				return fmt.Errorf("line %d: brackets are nested deeper than %d", t.Line, MaxDepth)
			}
			if open = append(open, i); c == '{' {
				braces++
			}
		case ')', ']', '}':
			want := byte('(')
			if c != ')' {
				want = c - 2
			}
			if c == '}' && f.column(i) == 0 {
				if braces > 1 && f.goesOn(i) {
					if o := f.lastBrace(open); f.column(open[o]) == 0 {
						t.Match, f.Tokens[open[o]].Match = int32(open[o]), int32(i)
						open, braces = open[:o], braces-1
						continue
					}
				}
				// It belongs to the first brace that is open.
				for _, o := range open {
					if f.Src[f.Tokens[o].Start] == '{' {
						t.Match, f.Tokens[o].Match = int32(o), int32(i)
						break
					}
				}
				open, braces = open[:0], 0
				continue
			}
			if c == '}' && braces > 0 {
				braces--
				for f.Src[f.Tokens[open[len(open)-1]].Start] != '{' {
					open = open[:len(open)-1] // it never ends
				}
			}
			if len(open) == 0 || f.Src[f.Tokens[open[len(open)-1]].Start] != want {
				continue
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			t.Match, f.Tokens[o].Match = int32(o), int32(i)
		}
	}
	return nil
}

// lastBrace gives the place of the last brace among open brackets, one of which is
// a brace.
func (f *File) lastBrace(open []int) int {
	o := len(open) - 1
	for o > 0 && f.Src[f.Tokens[open[o]].Start] != '{' {
		o--
	}
	return o
}

// goesOn reports whether the next line that is no directive is indented: then a
// brace at the left edge before it has ended a block, and not a function.
func (f *File) goesOn(i int) bool {
	for i++; i < len(f.Tokens) && f.Tokens[i].Kind == Directive; i++ {
	}
	return i < len(f.Tokens) && f.column(i) != 0 && f.Tokens[i].Line > f.Tokens[i-1].Line
}

// column gives how many bytes of its line stand before a token, up to 1.
func (f *File) column(i int) int {
	at := f.Tokens[i].Start
	if at == 0 || f.Src[at-1] == '\n' {
		return 0
	}
	return 1
}
