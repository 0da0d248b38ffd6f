package meta

import (
	"cmp"
	"strconv"
	"strings"
)

// quoteLike reads q(), qq(), qw(), m//, s///, tr/// and their like behind
// their word; where what follows can be no delimiter, the word is a word.
func (l *lexer) quoteLike(t *token) {
	pos, line := l.pos, l.line
	for l.pos < len(l.src) && strings.IndexByte(" \t\r\n", l.src[l.pos]) >= 0 {
		if l.src[l.pos] == '\n' {
			l.line++
		}
		l.pos++
	}
	open := l.byteAt(l.pos)
	if open == 0 || open == ',' || open == ';' || open == ')' || open == '}' || open == '=' && l.byteAt(l.pos+1) == '>' ||
		l.pos > pos && (open == '#' || isWord(open)) || isWord(open) {
		l.pos, l.line = pos, line
		return
	}
	word := t.text
	closing := closer(open)
	l.pos++
	switch word {
	case "q":
		l.quoted(t, '\'', closing)
	case "qq":
		l.quoted(t, '"', closing) // qq'$x' interpolates like any other
	default:
		l.delimited(t.line, open, closing)
		if word == "s" || word == "tr" || word == "y" {
			if open != closing {
				l.blanks()
				open = l.byteAt(l.pos)
				closing = closer(open)
				l.pos = min(l.pos+1, len(l.src))
			}
			l.delimited(t.line, open, closing)
		}
		t.kind, t.text = tokOpaque, map[bool]string{true: "qw list", false: "pattern"}[word == "qw"]
	}
}

func closer(open byte) byte {
	if i := strings.IndexByte("([{<", open); i >= 0 {
		return ")]}>"[i]
	}
	return open
}

// delimited skips to behind the closing delimiter and gives what is between.
// Delimiters that differ nest.
func (l *lexer) delimited(line int, open, closing byte) string {
	start, depth := l.pos, 1
	for ; l.pos < len(l.src); l.pos++ {
		switch c := l.src[l.pos]; {
		case c == '\n':
			l.line++
		case c == '\\' && l.pos+1 < len(l.src):
			l.pos++
			if l.src[l.pos] == '\n' {
				l.line++
			}
		case c == closing:
			if depth--; depth == 0 {
				l.pos++
				return l.src[start : l.pos-1]
			}
		case c == open:
			depth++
		}
	}
	l.fail(line, "the text that begins here is not closed with %q", closing)
	return ""
}

// quoted reads a string behind its opening delimiter. quote is ' for a string
// that does not interpolate.
func (l *lexer) quoted(t *token, quote, closing byte) {
	open := l.src[l.pos-1]
	raw := l.delimited(t.line, open, closing)
	t.kind, t.text = tokString, raw
	if quote != '\'' && strings.ContainsAny(raw, "$@") {
		t.kind, t.text = tokOpaque, "interpolated string"
		return
	}
	if strings.IndexByte(raw, '\\') < 0 {
		return
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' || i+1 == len(raw) {
			b.WriteByte(c)
			continue
		}
		i++
		switch c := raw[i]; {
		case c == '\\' || c == open || c == closing:
			b.WriteByte(c)
		case quote == '\'':
			b.WriteByte('\\')
			b.WriteByte(c)
		case isWord(c): // \x{41}, \n, \U: no version or name needs one
			t.kind, t.text = tokOpaque, "string with escapes"
			return
		default:
			b.WriteByte(c)
		}
	}
	t.text = b.String()
}

// number reads a number or v-string of Perl source. Its text is what perl
// makes of it: 1.10 is 1.1, 1_000 is 1000, 010 is 8, 1e3 is 1000, 1.2.3 and
// v1.2 are v-strings.
func (l *lexer) number(t *token) {
	t.kind = tokNumber
	vstring := l.src[l.pos] == 'v'
	if vstring {
		l.pos++
	}
	hex := l.src[l.pos] == '0' && strings.IndexByte("xXbBoO", l.byteAt(l.pos+1)) >= 0 && l.byteAt(l.pos+1) != 0
	if hex {
		l.pos += 2
		for isWord(l.byteAt(l.pos)) {
			l.pos++
		}
	} else {
		l.decimal(vstring)
	}
	text := l.src[t.start:l.pos]
	if strings.HasPrefix(text, ".") && strings.Count(text, ".") > 1 {
		t.kind, t.text = tokOpaque, "number"
		return
	}
	value, ok := sourceNumber(text, vstring)
	if !ok {
		value, t.kind = "number", tokOpaque
	}
	t.text = value
}

// decimal takes digits, dots between digits and an exponent off.
func (l *lexer) decimal(vstring bool) {
	dots := 0
	for {
		c := l.byteAt(l.pos)
		next := l.byteAt(l.pos + 1)
		switch {
		case isDigit(c) || c == '_':
		case c == '.' && isDigit(next):
			dots++
		case c == '.' && dots == 0 && !vstring && next != '.' && !isLetter(next):
			dots++
		default:
			if (c == 'e' || c == 'E') && dots < 2 && !vstring {
				i := l.pos + 1
				if s := l.byteAt(i); s == '+' || s == '-' {
					i++
				}
				if isDigit(l.byteAt(i)) {
					for isDigit(l.byteAt(i)) {
						i++
					}
					l.pos = i
				}
			}
			return
		}
		l.pos++
	}
}

// sourceNumber gives the text of a number as perl prints it; ok is false where
// that depends on the machine.
func sourceNumber(text string, vstring bool) (value string, ok bool) {
	if vstring || strings.Count(text, ".") > 1 {
		parts := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "v"), "_", ""), ".")
		for i, part := range parts {
			parts[i] = cmp.Or(strings.TrimLeft(part, "0"), "0")
		}
		return "v" + strings.Join(parts, "."), true
	}
	text = strings.ReplaceAll(text, "_", "")
	if len(text) > 1 && text[0] == '0' && isWord(text[1]) {
		n, err := strconv.ParseUint(text, 0, 63)
		return strconv.FormatUint(n, 10), err == nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || len(text) > 40 {
		return "", false
	}
	value = strconv.FormatFloat(f, 'g', 15, 64) // perl prints numbers with %.15g
	if strings.Contains(value, "e") {
		return "", false
	}
	return value, true
}
