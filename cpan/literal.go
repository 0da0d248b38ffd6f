package cpan

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"nacre/fault"
)

// literal reads the few words of Perl that a CHECKSUMS file is made of: hashes
// of strings, numbers and undef, in the forms that Data::Dumper has written
// over the years. It runs nothing, and what it does not know is an error.
type literal struct {
	s    string // what is left
	line int
}

// atLine is the error of one line.
func atLine(line int, format string, args ...any) error {
	return fault.New(fault.Invalid, "line %d: %s", line, fmt.Sprintf(format, args...))
}

// unexpected is the error of what stands next.
func (p *literal) unexpected(wanted string) error {
	if p.s == "" {
		return atLine(p.line, "ends where %s should be", wanted)
	}
	return atLine(p.line, "%s where %s should be", fault.Quote(firstLine(p.s)), wanted)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// space passes over blanks and comments, which it gives to comment.
func (p *literal) space(comment func(string)) {
	for p.s != "" {
		switch p.s[0] {
		case '\n':
			p.line++
			p.s = p.s[1:]
		case ' ', '\t':
			p.s = p.s[1:]
		case '#':
			line := firstLine(p.s)
			p.s = p.s[len(line):]
			if comment != nil {
				comment(strings.TrimSpace(strings.TrimLeft(line, "#")))
			}
		default:
			return
		}
	}
}

// take takes word if it is next.
func (p *literal) take(word string) bool {
	p.space(nil)
	rest, ok := strings.CutPrefix(p.s, word)
	if ok {
		p.s = rest
	}
	return ok
}

// expect takes word, which must be next.
func (p *literal) expect(word string) error {
	if !p.take(word) {
		return p.unexpected(word)
	}
	return nil
}

// hash reads "{ key => value, ... }", calling value where each value begins. A
// key may stand once: which of two counts is what a hostile file would play on.
func (p *literal) hash(most int, bound string, value func(key string, line int) error) error {
	if err := p.expect("{"); err != nil {
		return err
	}
	seen := make(map[string]struct{})
	for !p.take("}") {
		line := p.line
		key, err := p.key()
		if err != nil {
			return err
		}
		if _, ok := seen[key]; ok {
			return atLine(line, "key %s: is there twice", fault.Quote(key))
		}
		if len(seen) == most {
			return atLine(line, "more than %d keys (limit: %s)", most, bound)
		}
		seen[key] = struct{}{}
		if err := p.expect("=>"); err != nil {
			return err
		}
		if err := value(key, line); err != nil {
			return err
		}
		if !p.take(",") {
			return p.expect("}")
		}
	}
	return nil
}

// key reads a string, a number or a plain word.
func (p *literal) key() (string, error) {
	p.space(nil)
	i := 0
	for i < len(p.s) && isWord(p.s[i]) {
		i++
	}
	if i == 0 {
		return p.str()
	}
	word := p.s[:i]
	if isDigit(word[0]) && (!isNumber(word) || len(word) > 1 && word[0] == '0') {
		return "", p.unexpected("a key") // 0x10 and 010 are other numbers than they look
	}
	p.s = p.s[i:]
	return word, nil
}

// scalar reads a value: a string, a number, or undef, which is not defined.
func (p *literal) scalar() (value string, defined bool, err error) {
	p.space(nil)
	i := 0
	for i < len(p.s) && (isWord(p.s[i]) || p.s[i] == '.') {
		i++
	}
	switch word := p.s[:i]; {
	case i == 0:
		value, err = p.str()
		return value, true, err
	case word == "undef":
		p.s = p.s[i:]
		return "", false, nil
	case isNumber(word) && (len(word) == 1 || word[0] != '0'):
		p.s = p.s[i:]
		return word, true, nil
	}
	return "", false, p.unexpected("a string or a number")
}

// str reads a string in single quotes, or one in double quotes in which Perl
// would put nothing in place.
func (p *literal) str() (string, error) {
	if p.s == "" || p.s[0] != '\'' && p.s[0] != '"' {
		return "", p.unexpected("a string")
	}
	start, quoted := p.line, p.s[0] == '"'
	var b strings.Builder
	for i := 1; i < len(p.s); {
		c := p.s[i]
		switch {
		case c == p.s[0]:
			p.s = p.s[i+1:]
			return b.String(), nil
		case c == '\n' || c == '\t':
			return "", atLine(p.line, "a string has a control character in it")
		case quoted && (c == '$' || c == '@'):
			return "", atLine(p.line, "a string would have a variable put into it")
		case c == '\\':
			n, err := p.escape(&b, i+1, quoted)
			if err != nil {
				return "", err
			}
			i += 1 + n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return "", atLine(start, "a string does not end")
}

// escape writes what the escape at i, behind the backslash, stands for, and
// gives its length. In single quotes a backslash before any other character
// stands for itself.
func (p *literal) escape(b *strings.Builder, i int, quoted bool) (int, error) {
	if i == len(p.s) {
		return 0, atLine(p.line, "a string does not end")
	}
	c := p.s[i]
	if c == '\\' || c == '\'' && !quoted || quoted && strings.IndexByte(`"$@`, c) >= 0 {
		b.WriteByte(c)
		return 1, nil
	}
	if !quoted {
		b.WriteByte('\\')
		return 0, nil
	}
	if hex, ok := strings.CutPrefix(p.s[i:], "x{"); ok {
		digits, _, closed := strings.Cut(hex[:min(len(hex), 7)], "}")
		n, err := strconv.ParseUint(digits, 16, 32)
		if r := rune(n); closed && err == nil && r >= ' ' && r != 0x7f && utf8.ValidRune(r) {
			b.WriteRune(r)
			return len("x{") + len(digits) + len("}"), nil
		}
	}
	return 0, atLine(p.line, "a string has an escape that is not read: %s", fault.Quote(`\`+firstLine(p.s[i:])))
}
