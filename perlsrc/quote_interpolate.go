package perlsrc

import "iter"

// Part is a piece of a string: text, or an expression whose value is put in
// its place.
type Part struct {
	Span
	Expr bool
	// Block is what stands inside the braces of ${...} and @{...}: code. It is
	// empty for others, and where it is a name.
	Block Span
}

// failures bounds how often a search for a bracket's end may come to the end of
// a string in vain; behind it brackets are text.
const failures = 16

// Interpolated gives the parts of a string, command, pattern or
// here-document's lines in their order; joined they are body. An expression is
// what perl takes it to be: $x, @x, $x->{a}[0], $#x, ${ \ f() }, @{[ ... ]},
// with its subscripts, and can be read by [NewScannerAt]; where a ${ or @{ has no
// end, it is all the rest. In a pattern a $ may
// be an anchor, and a bracket behind a variable a class of characters.
func Interpolated(src []byte, body Span, pattern bool) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		in := interpolation{src: src[:body.End], pattern: pattern}
		in.parts(body, yield)
	}
}

// interpolation is a string that is being read up to the end of src.
type interpolation struct {
	src     []byte
	pattern bool
	failed  int // searches that came to the end
	steps   int // bytes that searches looked at
}

func (in *interpolation) parts(body Span, yield func(Part) bool) {
	text := body.Start
	for i := body.Start; i < body.End; {
		c := in.src[i]
		if c == '\\' {
			i += 2
			continue
		}
		if c != '$' && c != '@' {
			i++
			continue
		}
		end, block := in.expression(i)
		if end == i {
			i++
			continue
		}
		if text < i && !yield(Part{Span: Span{text, i}}) {
			return
		}
		if !yield(Part{Span: Span{i, end}, Expr: true, Block: block}) {
			return
		}
		i, text = end, end
	}
	if text < body.End {
		yield(Part{Span: Span{text, body.End}})
	}
}

func (in *interpolation) at(i int) byte {
	if i < len(in.src) {
		return in.src[i]
	}
	return 0
}

// expression gives the offset behind what the sigil at i begins, and i if that
// is text.
func (in *interpolation) expression(i int) (end int, block Span) {
	end, block = in.name(i)
	if end == i {
		return i, block
	}
	for {
		next := in.subscript(i, end)
		if next == end {
			return end, block
		}
		end = next
	}
}

// name reads a sigil with its name or block.
func (in *interpolation) name(i int) (end int, block Span) {
	s := Scanner{src: in.src, end: len(in.src)}
	sigil := in.src[i]
	j := i + 1
	if sigil == '$' && in.at(j) == '#' && (in.at(j+1) == '{' || in.at(j+1) == '$' || isIdent(in.at(j+1))) {
		j++
	}
	for in.at(j) == '$' {
		c := in.at(j + 1)
		if !isWord(c) && c != '$' && c != '{' && (c != ':' || in.at(j+2) != ':') {
			break
		}
		j++
	}
	switch c := in.at(j); {
	case isIdent(c), c == ':' && in.at(j+1) == ':' && isIdent(in.at(j+2)):
		if end := s.nameEnd(j); end > j {
			return end, block
		}
	case class[c] == cDigit:
		for class[in.at(j)] == cDigit {
			j++
		}
		return j, block
	case c == '{':
		if in.at(j+1) == '^' {
			if end := s.caretName(j); end > 0 {
				return end, block
			}
		}
		end := in.bracketEnd(j)
		if end == 0 {
			return len(in.src), block // nobody can tell what perl would put here
		}
		inner := Span{j + 1, end - 1}
		if from := s.skipSpace(inner.Start); s.skipSpace(s.nameEnd(from)) < inner.End || s.nameEnd(from) == from {
			block = inner
		}
		return end, block
	case j > i+1 && in.src[j-1] == '#':
	case sigil == '@':
		if (c == '-' || c == '+') && !in.pattern && j == i+1 {
			return j + 1, block
		}
	case c == '^':
		if d := in.at(j + 1); d >= 'A' && d <= 'Z' {
			return j + 2, block
		}
		if !in.pattern {
			return j + 1, block
		}
	case isSpace(c) && !in.pattern && j == i+1: // "$ x" is $x, even in a string
		if j = s.skipSpace(j); j < len(in.src) {
			return max(s.nameEnd(j), j+1), block
		}
	case c <= ' ' || c >= 0x7f || c == '\\' && in.pattern:
	case in.pattern && (c == '(' || c == ')' || c == '|'):
	default:
		return j + 1, block
	}
	return i, block
}

// subscript gives the offset behind the subscript at i of what begins at
// start, or i.
func (in *interpolation) subscript(start, i int) int {
	j := i
	arrow := in.at(i) == '-' && in.at(i+1) == '>'
	if arrow {
		j += 2
		switch c := in.at(j); {
		case c == '@' && in.at(j+1) == '*':
			return j + 2
		case c == '$' && in.at(j+1) == '#' && in.at(j+2) == '*':
			return j + 3
		case c == '@' && (in.at(j+1) == '[' || in.at(j+1) == '{'):
			j++
		}
	}
	switch in.at(j) {
	case '[':
		if !arrow && in.pattern && !in.isIndex(j) {
			return i
		}
	case '{':
		if !arrow && in.pattern && in.isQuantifier(j) {
			return i
		}
	default:
		return i
	}
	if !arrow && i == start+1 {
		return i
	}
	if end := in.bracketEnd(j); end > 0 {
		return end
	}
	return i
}

// isIndex says whether the [ at i of a pattern begins an index: a number or
// one variable.
func (in *interpolation) isIndex(i int) bool {
	i++
	if in.at(i) == '-' {
		i++
	}
	variable := in.at(i) == '$' && (isIdent(in.at(i+1)) || in.at(i+1) == '#')
	if variable {
		i += 2
	} else if class[in.at(i)] != cDigit {
		return false
	}
	for isWord(in.at(i)) {
		i++
	}
	return in.at(i) == ']' || variable && (in.at(i) == '-' || in.at(i) == '+')
}

// isQuantifier says whether the { at i of a pattern begins {2}, {2,} or {,3}.
func (in *interpolation) isQuantifier(i int) bool {
	start := i + 1
	for i++; class[in.at(i)] == cDigit || in.at(i) == ',' || in.at(i) == ' '; i++ {
	}
	return i > start && in.at(i) == '}'
}

// bracketEnd gives the offset behind the bracket that closes the one at i, as
// Perl's tokens see it, or 0.
func (in *interpolation) bracketEnd(i int) int {
	if in.failed >= failures {
		return 0
	}
	s := NewScannerAt(in.src, Span{i, len(in.src)}, 1)
	s.depth = deepest
	s.last, s.exp = Variable, xOp
	for {
		t, ok := s.Next()
		closed := ok && t.Kind == Structure && len(s.stack) == 0
		if ok && !closed {
			continue
		}
		in.steps += s.steps + s.pos - i
		if closed {
			return t.End
		}
		in.failed++
		return 0
	}
}
