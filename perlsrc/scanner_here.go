package perlsrc

import "bytes"

// hereDoc is one whose lines are still to come.
type hereDoc struct {
	tag    Span
	indent bool
	line   int
	number int32
}

// isHereTag says whether a here-document's tag is at i, behind its <<.
func (s *Scanner) isHereTag(i int) bool {
	_, _, ok := s.hereTag(i)
	return ok
}

// hereTag gives the tag at i, behind <<, and the offset behind it.
func (s *Scanner) hereTag(i int) (tag Span, end int, ok bool) {
	if s.at(i) == '~' {
		i++
	}
	j := i
	for s.at(j) == ' ' || s.at(j) == '\t' {
		j++
	}
	switch c := s.at(j); c {
	case '"', '\'', '`':
		if s.exp == xMaybe && j > i && !isSpace(s.before()) {
			return tag, i, false
		}
		n := bytes.IndexByte(s.src[j+1:min(s.end, j+1+longestTag)], c)
		if n < 0 || bytes.IndexByte(s.src[j+1:j+1+n], '\n') >= 0 {
			return tag, i, false
		}
		return Span{j + 1, j + 1 + n}, j + n + 2, true
	}
	if s.at(i) == '\\' {
		i++
	}
	end = s.identEnd(i)
	return Span{i, end}, end, end > i && (s.exp != xMaybe || isSpace(s.before()) || isUpper(s.src[i:end]))
}

// longestTag bounds a here-document's tag, in bytes.
const longestTag = 1000

// hereDoc reads << and its tag, and waits for the line's end.
func (s *Scanner) hereDoc() Kind {
	tag, end, _ := s.hereTag(s.pos + 2)
	s.nHere++
	s.here = append(s.here, hereDoc{tag: tag, indent: s.at(s.pos+2) == '~', line: s.line, number: s.nHere})
	s.pos = end
	return s.term(HereDoc)
}

// bodyEnd gives the offset behind the terminator's line of h, whose lines
// begin at i.
func (s *Scanner) bodyEnd(h hereDoc, i int) (end int, ok bool) {
	tag := h.tag.Text(s.src)
	for i < s.end {
		next := s.nextLine(i)
		s.steps += next - i
		line := s.src[i:next]
		if h.indent {
			line = bytes.TrimLeft(line, " \t")
		}
		if rest, found := bytes.CutPrefix(line, tag); found {
			switch string(rest) {
			case "", "\n", "\r\n", "\r":
				return next, true
			}
		}
		i = next
	}
	return s.end, false
}

// hereBody reads the lines of the first here-document that waits.
func (s *Scanner) hereBody(t *Token) {
	h := s.here[0]
	s.here = s.here[1:]
	if len(s.here) == 0 {
		s.here, s.bodies = s.here[:0], false
	}
	end, ok := s.bodyEnd(h, s.pos)
	if !ok {
		t.Kind = s.fail(h.line, "here-document that begins here never ends")
		return
	}
	s.pos = end
	t.Kind, t.Here = HereBody, h.number
}

// overHere gives the offset behind the lines of all that wait, which begin at
// i, inside another token.
func (s *Scanner) overHere(i int) int {
	for _, h := range s.here {
		end, ok := s.bodyEnd(h, i)
		if !ok {
			s.fail(h.line, "here-document that begins here never ends")
			return s.end
		}
		i = end
	}
	s.here = s.here[:0]
	return i
}

// deepest is how many levels of code in strings are searched for
// here-documents. Each level reads its bytes once more.
const deepest = 3

// innerHere finds the here-documents that the code inside a string begins on
// the string's last line: their lines come behind that of the string.
func (s *Scanner) innerHere(body Span, code bool) {
	text := body.Text(s.src)
	s.steps += len(text)
	if s.depth >= deepest || len(text) < 3 || !bytes.Contains(text, []byte("<<")) {
		return
	}
	if code {
		s.innerCode(body)
		return
	}
	in := interpolation{src: s.src[:body.End]}
	in.parts(body, func(part Part) bool {
		if part.Block.End > part.Block.Start {
			s.innerCode(part.Block)
		}
		return true
	})
	s.steps += in.steps
}

func (s *Scanner) innerCode(code Span) {
	inner := NewScannerAt(s.src, code, s.line)
	inner.depth = s.depth + 1
	inner.nHere = s.nHere
	for {
		if _, ok := inner.Next(); !ok {
			break
		}
	}
	s.steps += inner.steps + len(code.Text(s.src))
	if inner.err == nil {
		s.here = append(s.here, inner.here...)
		s.nHere = inner.nHere
	}
}
