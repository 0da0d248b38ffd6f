package perlsrc

import "bytes"

// Quoted is a quote-like token taken apart.
type Quoted struct {
	// Op is what the token begins with: q, qq, qw, qx, m, qr, s, tr, y, or one
	// of ' " ` / ? < <<.
	Op           string
	Delim        byte   // the first byte of the opening delimiter
	Body         Span   // between the delimiters; of <<"END" the tag
	Second       Span   // of s, tr and y: the replacement
	Modifiers    string // "gi"
	Interpolates bool   // variables in it are put in place
	Code         bool   // the replacement of s///e, which is code
	Indented     bool   // <<~END
}

// Quoted takes a token of kind Quote, Words, Command, Match, Pattern,
// Substitute, Translate, Readline, Glob or HereDoc apart. For other kinds it is
// the zero Quoted.
func (t Token) Quoted(src []byte) Quoted {
	switch t.Kind {
	case HereDoc:
		return t.hereQuoted(src)
	case Readline, Glob:
		inner := Span{t.Start + 1, t.End - 1}
		if t.End-t.Start == 4 && src[t.Start+1] == '<' { // <<>>
			inner = Span{t.Start + 2, t.End - 2}
		}
		return Quoted{Op: "<", Delim: '<', Body: inner, Interpolates: true}
	case Quote, Words, Command, Match, Pattern, Substitute, Translate:
	default:
		return Quoted{}
	}
	s := NewScannerAt(src, Span{t.Start, t.End}, t.Line)
	i := t.Start
	for i < t.End && class[src[i]] == cLetter {
		i++
	}
	if w := wordClass(src[t.Start:i]); w != wQuote && w != wPattern {
		i = t.Start // a letter is no delimiter right behind the word
	}
	q := Quoted{Op: string(src[t.Start:i])}
	if i == t.Start {
		q.Op = string(src[i : i+1])
	} else if i = s.delimiterAt(i); i >= t.End {
		return q
	}
	n := s.delimiter(i)
	q.Delim = src[i]
	to, ok := s.delimited(i, n)
	if !ok {
		return q
	}
	q.Body = Span{i + n, to - n}
	if t.Kind == Substitute || t.Kind == Translate {
		at := to - n
		if closing(q.Delim) != q.Delim {
			if at = s.overSpace(to); at >= t.End {
				return q
			}
			n = s.delimiter(at)
		}
		if to, ok = s.delimited(at, n); !ok {
			return q
		}
		q.Second = Span{at + n, to - n}
	}
	q.Modifiers = string(src[to:t.End])
	q.Code = t.Kind == Substitute && bytes.IndexByte(src[to:t.End], 'e') >= 0
	switch t.Kind {
	case Quote:
		q.Interpolates = q.Op == "qq" || q.Op == `"`
	case Command, Match, Pattern, Substitute:
		q.Interpolates = q.Delim != '\''
	}
	return q
}

func (t Token) hereQuoted(src []byte) Quoted {
	s := NewScannerAt(src, Span{t.Start, t.End}, t.Line)
	tag, _, _ := s.hereTag(t.Start + 2)
	if tag.Start == 0 {
		return Quoted{Op: "<<"}
	}
	before := src[tag.Start-1]
	return Quoted{
		Op: "<<", Delim: before, Body: tag,
		Interpolates: before != '\'' && before != '\\',
		Indented:     bytes.IndexByte(src[t.Start:tag.Start], '~') >= 0,
	}
}

// HereLines gives the lines of a HereBody without its terminator's.
func HereLines(src []byte, body Token) Span {
	end := body.End
	if end > body.Start && src[end-1] == '\n' {
		end--
	}
	return Span{body.Start, body.Start + bytes.LastIndexByte(src[body.Start:end], '\n') + 1}
}

// SplitWords gives the words of a qw.
func SplitWords(src []byte, t Token) []string {
	q := t.Quoted(src)
	var words []string
	for _, word := range bytes.FieldsFunc(q.Body.Text(src), func(r rune) bool { return r < 0x80 && isSpace(byte(r)) }) {
		words = append(words, unescape(word, q.Delim))
	}
	return words
}
