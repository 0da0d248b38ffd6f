package perlsrc

import "bytes"

// brace is what an opening bracket begins.
type brace uint8

const (
	bNone      brace = iota
	bParen           // ( of a list or a condition
	bCall            // ( behind ->, ] or }: a subscript may follow its end
	bArray           // [
	bSubscript       // { of $h{...}
	bHash            // { of an anonymous hash
	bDeref           // { of @{...}
	bBlock           // { behind whose end a statement begins
	bTermBlock       // { of map, print and of functions that take a block: behind it comes a value
	bValue           // { of do, eval and an anonymous sub: behind it comes an operator
)

// bracket is one that is open.
type bracket struct {
	is      brace
	decl    decl // the declaration that goes on behind it
	ternary int32
}

// decl is the declaration that is being read, up to its block or value: it
// tells names, prototypes and attributes from what else they look like.
type decl uint8

const (
	dSub     decl = iota + 1 // behind sub
	dNamed                   // behind sub NAME
	dPackage                 // behind package or class
	dMy                      // behind my, our, state or field
	dMyVar                   // behind its variable
)

// structure reads a bracket or a semicolon.
func (s *Scanner) structure(c byte) Kind {
	at := s.pos
	s.pos++
	switch c {
	case '(':
		if s.decl == dSub || s.decl == dNamed {
			if end := s.prototypeEnd(at); end > 0 {
				if s.decl == dNamed && len(bytes.TrimSpace(s.src[at+1:end-1])) == 0 {
					s.takesNothing(s.named)
				}
				s.pos = end
				s.last, s.attrs, s.exp = Prototype, false, xOp
				return Prototype
			}
			s.push(bParen, s.decl)
		} else if s.decl == dMy {
			s.push(bParen, dMyVar)
		} else if s.last == Operator && s.op == arrow || s.afterSubscript() {
			s.push(bCall, 0)
		} else {
			s.push(bParen, 0)
		}
		s.exp = xTerm
	case '[':
		s.push(bArray, 0)
		s.exp = xTerm
	case '{':
		s.brace()
	case ')', ']', '}':
		s.pop(c)
		return s.structureDone(c)
	case ';':
		s.exp, s.ternary, s.decl, s.constants = xState, 0, 0, false
	}
	s.closed = bNone
	return s.structureDone(c)
}

func (s *Scanner) structureDone(c byte) Kind {
	s.last, s.op, s.attrs = Structure, c, false
	return Structure
}

// afterSubscript says whether the last token closed a subscript, behind which
// another may follow without an arrow.
func (s *Scanner) afterSubscript() bool {
	if s.last != Structure {
		return false
	}
	switch s.closed {
	case bSubscript, bDeref, bArray, bCall:
		return true
	}
	return false
}

// brace decides what the { before pos begins.
func (s *Scanner) brace() {
	is := bHash
	switch {
	case s.decl == dNamed || s.decl == dPackage:
		is = bBlock
	case s.decl == dSub:
		is = bValue
	case s.last == Cast:
		is = bDeref
	case s.last == Operator && s.op == arrow || s.afterSubscript() || s.last == Variable && s.exp == xOp:
		is = bSubscript
	case s.last == Word:
		is = s.word.block()
	case s.exp == xState || s.exp == xOp || s.exp == xMaybe:
		is = bBlock
	}
	s.push(is, 0)
	s.exp = xState
	switch is {
	case bSubscript, bDeref:
		s.plain = s.isKey(s.pos)
		s.exp = xTerm
	case bHash:
		s.exp = xTerm
	}
}

// isKey says whether one word and a closing brace follow: $h{word}, $h{-word}.
func (s *Scanner) isKey(i int) bool {
	i = s.skipSpace(i)
	if s.at(i) == '-' {
		i++
	}
	end := s.identEnd(i)
	return end > i && s.at(s.skipSpace(end)) == '}'
}

func (s *Scanner) skipSpace(i int) int {
	for isSpace(s.at(i)) {
		i++
		s.steps++
	}
	return i
}

func (s *Scanner) push(is brace, d decl) {
	s.stack = append(s.stack, bracket{is: is, decl: d, ternary: int32(s.ternary)})
	s.open[is.shape()]++
	s.ternary, s.decl = 0, 0
}

// shape is 0 for {, 1 for ( and 2 for [.
func (b brace) shape() int {
	switch b {
	case bParen, bCall:
		return 1
	case bArray:
		return 2
	}
	return 0
}

// pop closes the innermost bracket of c's shape, and with it those inside that
// were left open. One that closes nothing is let pass.
func (s *Scanner) pop(c byte) {
	shape := 0
	switch c {
	case ')':
		shape = 1
	case ']':
		shape = 2
	}
	s.closed, s.decl = bNone, 0
	s.exp = xOp
	if s.open[shape] == 0 {
		if c == '}' {
			s.exp = xState
		}
		return
	}
	for {
		top := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		is := top.is.shape()
		s.open[is]--
		if is != shape {
			continue
		}
		s.closed, s.decl, s.ternary = top.is, top.decl, int(top.ternary)
		switch top.is {
		case bBlock:
			s.exp = xState
			s.ternary = 0
		case bTermBlock:
			s.exp = xTerm
		}
		return
	}
}

// prototypeEnd gives the offset behind the prototype that the ( at i begins, or
// 0 where it is a signature.
func (s *Scanner) prototypeEnd(i int) int {
	for i++; i < s.end; i++ {
		s.steps++
		switch s.src[i] {
		case ')':
			return i + 1
		case '$', '@', '%', '*', '&', ';', '\\', '[', ']', '+', '_', ' ', '\t', '\r', '\n':
		default:
			return 0
		}
	}
	return 0
}
