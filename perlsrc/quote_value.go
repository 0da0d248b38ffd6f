package perlsrc

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Unquote gives the value of a literal: a Quote into which nothing is put, a
// Number or a VString as [NumberValue] gives it. It is false where only
// running would tell, and for other kinds. Bytes stand as they do in the
// source; a character that an escape names, as in "\x{e9}", is written as
// UTF-8.
func Unquote(src []byte, t Token) (value string, ok bool) {
	switch t.Kind {
	case Number, VString:
		return NumberValue(string(t.Text(src)))
	case Quote:
	default:
		return "", false
	}
	q := t.Quoted(src)
	text := q.Body.Text(src)
	if bytes.Contains(text, []byte("\r\n")) {
		text = bytes.ReplaceAll(text, []byte("\r\n"), newline)
	}
	if !q.Interpolates {
		return unescape(text, q.Delim), true
	}
	if isWord(q.Delim) || expressions(src, q.Body) {
		return "", false
	}
	return interpret(text)
}

// UnquoteHere gives the text of the here-document doc whose lines are body,
// and false where only running would tell.
func UnquoteHere(src []byte, doc, body Token) (value string, ok bool) {
	q := doc.Quoted(src)
	lines := HereLines(src, body)
	if q.Interpolates && expressions(src, lines) {
		return "", false
	}
	text := bytes.ReplaceAll(lines.Text(src), []byte("\r\n"), newline)
	if q.Indented {
		last := src[lines.End:body.End]
		indent := last[:len(last)-len(bytes.TrimLeft(last, " \t"))]
		if text, ok = dedent(text, indent); !ok {
			return "", false
		}
	}
	if !q.Interpolates {
		return string(text), true
	}
	return interpret(text)
}

// dedent takes indent off each line; perl refuses a line without it.
func dedent(text, indent []byte) ([]byte, bool) {
	var out []byte
	for line := range bytes.Lines(text) {
		rest, ok := bytes.CutPrefix(line, indent)
		if !ok {
			if line[0] != '\n' {
				return nil, false
			}
			rest = line
		}
		out = append(out, rest...)
	}
	return out, true
}

// expressions says whether anything is put into body.
func expressions(src []byte, body Span) bool {
	if !bytes.ContainsAny(body.Text(src), "$@") {
		return false
	}
	for part := range Interpolated(src, body, false) {
		if part.Expr {
			return true
		}
	}
	return false
}

// unescape reads text that stood between single quotes, or others that leave
// it alone: a backslash hides itself and the delimiters.
func unescape(text []byte, open byte) string {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text)
	}
	closed := closing(open)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == open || text[i+1] == closed) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// interpret reads the escapes of text that stood between double quotes.
func interpret(text []byte) (string, bool) {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text), true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		n, ok := escape(&b, text[i:])
		if !ok {
			return "", false
		}
		i += n - 1
	}
	return b.String(), true
}

// escape writes what the escape stands for that begins at text, behind its
// backslash, and gives its length. It is false for one that depends on what
// else is there (\U, \N{NAME}).
func escape(b *strings.Builder, text []byte) (n int, ok bool) {
	switch c := text[0]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'f':
		b.WriteByte('\f')
	case 'b':
		b.WriteByte('\b')
	case 'a':
		b.WriteByte('\a')
	case 'e':
		b.WriteByte(0x1b)
	case 'x':
		return character(b, text, 16, 2)
	case 'o':
		return character(b, text, 8, 0)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n, ok := character(b, append([]byte{'0'}, text[:min(3, len(text))]...), 8, 3)
		return n - 1, ok
	case 'N':
		if !bytes.HasPrefix(text, []byte("N{U+")) {
			return 0, false
		}
		n, ok := character(b, append([]byte("x{"), text[4:min(len(text), 20)]...), 16, 0)
		return n + 2, ok
	case 'c':
		if len(text) < 2 || text[1] < '?' || text[1] == '\\' || text[1] >= 0x7f {
			return 0, false
		}
		b.WriteByte(strings.ToUpper(string(text[1:2]))[0] ^ 64)
		return 2, true
	case 'l', 'u', 'L', 'U', 'Q', 'F', 'E':
		return 0, false
	default:
		b.WriteByte(c)
	}
	return 1, true
}

// character writes the character whose number follows text's first byte, in
// braces or in up to most digits.
func character(b *strings.Builder, text []byte, base, most int) (n int, ok bool) {
	digits := text[1:]
	if len(digits) > 0 && digits[0] == '{' {
		end := bytes.IndexByte(digits[:min(len(digits), 16)], '}')
		if end < 0 {
			return 0, false
		}
		n, digits = end+2, bytes.TrimSpace(digits[1:end])
	} else {
		i := 0
		for i < len(digits) && i < most && isHex(digits[i]) && digits[i] != '_' && (base == 16 || digits[i] < '8') {
			i++
		}
		n, digits = i+1, digits[:i]
	}
	if len(digits) == 0 {
		if most == 0 {
			return 0, false
		}
		digits = []byte{'0'}
	}
	number, err := strconv.ParseUint(strings.ReplaceAll(string(digits), "_", ""), base, 32)
	if err != nil || !utf8.ValidRune(rune(number)) {
		return 0, false
	}
	b.WriteRune(rune(number))
	return n, true
}

// NumberValue gives what perl makes of a bare number, as text: 1.10 is "1.1",
// 1_000 "1000", 0x1f "31", 010 "8", 1e3 "1000"; perl prints 15 digits. Of a
// version it gives the normal form: 1.2.3 and v1.02.3 are "v1.2.3". It is false
// for what is no number.
func NumberValue(text string) (value string, ok bool) {
	if text == "" {
		return "", false
	}
	plain := strings.ReplaceAll(text, "_", "")
	if text[0] == 'v' || strings.Count(text, ".") > 1 {
		return versionValue(strings.TrimPrefix(plain, "v"))
	}
	if class[text[0]] != cDigit && text[0] != '.' {
		return "", false
	}
	if len(plain) > 1 && plain[0] == '0' && isWord(plain[1]) && plain[1] != 'e' && plain[1] != 'E' {
		return based(plain[1:])
	}
	if strings.Trim(plain, "0123456789.eE+-") != "" {
		return "", false
	}
	if strings.Trim(plain, "0123456789") == "" {
		if n, err := strconv.ParseUint(plain, 10, 64); err == nil {
			return strconv.FormatUint(n, 10), true
		}
	}
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return "", false
	}
	return general(f), true
}

// versionValue reads the parts of a version of dots.
func versionValue(text string) (value string, ok bool) {
	parts := strings.Split(text, ".")
	for i, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return "", false
		}
		if parts[i] = strings.TrimLeft(part, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	return "v" + strings.Join(parts, "."), true
}

// based reads a number behind the 0 that gives its base.
func based(text string) (value string, ok bool) {
	base := 8
	switch text[0] {
	case 'x', 'X':
		base, text = 16, text[1:]
	case 'b', 'B':
		base, text = 2, text[1:]
	case 'o', 'O':
		text = text[1:]
	}
	if base == 16 && strings.ContainsAny(text, "pP") {
		f, err := strconv.ParseFloat("0x"+text, 64)
		return general(f), err == nil
	}
	if text == "" {
		return "0", true
	}
	n, err := strconv.ParseUint(text, base, 64)
	return strconv.FormatUint(n, 10), err == nil
}

// general writes a number as C's %.15g does.
func general(f float64) string {
	text := strconv.FormatFloat(f, 'g', 15, 64)
	mantissa, exponent, found := strings.Cut(text, "e")
	if !found {
		return trimZeros(text)
	}
	// Go's 'g' turns to exponents where C does: below 1e-4, from 1e15 on.
	return trimZeros(mantissa) + "e" + exponent
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
