package perlsrc

import (
	"bytes"
	"unicode/utf8"
)

// byteOrderMark gives the length of UTF-8's mark at the start of src.
func byteOrderMark(src []byte) int {
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		return 3
	}
	return 0
}

// wide says whether src begins with a mark of UTF-16.
func wide(src []byte) bool {
	return bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff"))
}

// space reads blanks and line ends, up to the end of a line behind which
// here-documents or a format begin.
func (s *Scanner) space() Kind {
	stop := len(s.here) > 0 || s.format == formatLine
	for s.pos < s.end && class[s.src[s.pos]] == cSpace {
		s.pos++
		if stop && s.src[s.pos-1] == '\n' {
			s.bodies = len(s.here) > 0
			if s.format == formatLine {
				s.format = formatBody
			}
			break
		}
	}
	return Space
}

// comment reads to the end of the line.
func (s *Scanner) comment() Kind {
	s.pos = s.lineEnd(s.pos)
	if s.src[s.pos-1] == '\r' {
		s.pos--
	}
	return Comment
}

// lineEnd is the offset of the line feed at or behind i, or the end.
func (s *Scanner) lineEnd(i int) int {
	if n := bytes.IndexByte(s.src[i:s.end], '\n'); n >= 0 {
		return i + n
	}
	return s.end
}

// nextLine is the offset of the line behind that of i, or the end.
func (s *Scanner) nextLine(i int) int {
	return min(s.lineEnd(i)+1, s.end)
}

// lineStart says whether a line begins at i.
func (s *Scanner) lineStart(i int) bool {
	return i == 0 || s.src[i-1] == '\n' || i == 3 && byteOrderMark(s.src) == 3
}

// isPod says whether the = at pos begins documentation. Perl looks for it where
// a statement may begin; where an operator is expected, "=head1" at the line's
// start is an assignment. Where a value is expected it can be nothing else.
func (s *Scanner) isPod() bool {
	return s.exp != xOp && s.exp != xMaybe && s.lineStart(s.pos) && class[s.at(s.pos+1)] == cLetter && s.at(s.pos+1) != '_'
}

// pod reads documentation up to the line of =cut. A =cut of its own begins
// documentation like any other command: so does perl.
func (s *Scanner) pod() Kind {
	for s.pos = s.nextLine(s.pos); s.pos < s.end; {
		line := s.src[s.pos:s.end]
		s.pos = s.nextLine(s.pos)
		if isCut(line) {
			break
		}
	}
	return Pod
}

// isCut says whether line ends documentation.
func isCut(line []byte) bool {
	if len(line) < 4 || string(line[:4]) != "=cut" {
		return false
	}
	return len(line) == 4 || class[line[4]] != cLetter || line[4] == '_'
}

// data reads what stands behind the end of source, which perl does not look
// at. Documentation there is a token of its own, as its readers find it.
func (s *Scanner) data() Kind {
	podAt := func(i int) bool {
		return s.lineStart(i) && s.at(i) == '=' && class[s.at(i+1)] == cLetter && s.at(i+1) != '_'
	}
	if podAt(s.pos) {
		if isCut(s.src[s.pos:s.end]) { // ends what did not begin
			s.pos = s.nextLine(s.pos)
			return Pod
		}
		return s.pod()
	}
	for s.pos < s.end {
		if s.pos = s.nextLine(s.pos); podAt(s.pos) {
			break
		}
	}
	return Data
}

// formatAt is how far a format has been read.
type formatAt uint8

const (
	noFormat   formatAt = iota
	formatWord          // behind "format", which a = will follow
	formatLine          // behind its =
	formatBody          // where its lines begin
)

// isFormat says whether behind the word "format" at i comes [NAME] = and the
// end of the line.
func (s *Scanner) isFormat(i int) bool {
	blank := func() {
		for s.at(i) == ' ' || s.at(i) == '\t' {
			i++
		}
	}
	blank()
	for isWord(s.at(i)) || s.at(i) == ':' || s.at(i) == '\'' {
		i++
	}
	if blank(); s.at(i) != '=' {
		return false
	}
	i++
	blank()
	if s.at(i) == '\r' {
		i++
	}
	return s.at(i) == '\n'
}

// formatBody reads the lines of a format, up to that of its dot.
func (s *Scanner) formatBody() Kind {
	line := s.line
	for s.pos < s.end {
		text := bytes.TrimRight(s.src[s.pos:s.lineEnd(s.pos)], " \t\r")
		s.pos = s.nextLine(s.pos)
		if len(text) == 1 && text[0] == '.' {
			s.format, s.exp, s.last = noFormat, xState, Format
			return Format
		}
	}
	s.format = noFormat
	return s.fail(line, "format whose lines begin here never ends")
}

// high reads a name that begins with no ASCII letter, or one character that
// perl knows nothing of.
func (s *Scanner) high() Kind {
	if s.identEnd(s.pos) > s.pos {
		return s.wordLike()
	}
	_, n := utf8.DecodeRune(s.src[s.pos:s.end])
	s.pos += n
	s.last = Unknown
	return Unknown
}
