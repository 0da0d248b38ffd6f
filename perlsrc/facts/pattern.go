package facts

import (
	"regexp"
	"strings"
)

// maxPattern bounds the patterns that are computed with, and maxText what they
// are matched against and what any value may grow to, in bytes.
const (
	maxPattern = 300
	maxText    = 2000
)

// compile makes a regular expression of one of Perl's, where it uses nothing
// that only Perl has. \d, \w and \s stand for ASCII, which is right for what
// version control systems write.
func compile(body, modifiers string) (*regexp.Regexp, bool) {
	if len(body) > maxPattern {
		return nil, false
	}
	flags := ""
	for _, m := range modifiers {
		switch m {
		case 'i', 's', 'm':
			flags += string(m)
		case 'x', 'g', 'o', 'a', 'u', 'n', 'e', 'r', 'c', 'd', 'l', 'p':
			if m == 'e' || m == 'n' {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	body, ok := plainPattern(body, strings.Contains(modifiers, "x"))
	if !ok {
		return nil, false
	}
	if flags != "" {
		body = "(?" + flags + ")" + body
	}
	re, err := regexp.Compile(body)
	return re, err == nil
}

// plainPattern takes out what /x skips, and refuses what interpolates.
func plainPattern(body string, extended bool) (string, bool) {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '\\' && i+1 < len(body):
			switch next := body[i+1]; {
			case next == 'Z':
				b.WriteString(`\n?\z`)
			case next >= '1' && next <= '9', strings.IndexByte("GKXRkgNhHvV", next) >= 0:
				return "", false
			case next < '0' || next > '9' && next < 'A' || next > 'Z' && next < 'a' || next > 'z' && next < 0x80:
				b.WriteString(regexp.QuoteMeta(string(next)))
			default:
				b.WriteByte(c)
				b.WriteByte(next)
			}
			i++
		case c == '@' && i+1 < len(body) && isWordByte(body[i+1]):
			return "", false
		case c == '$' && i+1 < len(body) && body[i+1] != ')' && body[i+1] != '|' && !(extended && isBlank(body[i+1])):
			return "", false
		case inClass:
			inClass = c != ']'
			b.WriteByte(c)
		case c == '[':
			inClass = true
			b.WriteByte(c)
			if i+1 < len(body) && body[i+1] == '^' {
				i++
				b.WriteByte('^')
			}
			if i+1 < len(body) && body[i+1] == ']' {
				i++
				b.WriteString(`\]`)
			}
		case extended && isBlank(c):
		case extended && c == '#':
			for i+1 < len(body) && body[i+1] != '\n' {
				i++
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// replacement expands the second half of s///, where it is text and $1, $2.
func replacement(second string, groups []string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(second); i++ {
		switch c := second[i]; {
		case c == '$' && i+1 < len(second) && second[i+1] >= '1' && second[i+1] <= '9':
			i++
			if n := int(second[i] - '0'); n < len(groups) {
				b.WriteString(groups[n])
			}
			if i+1 < len(second) && isWordByte(second[i+1]) {
				return "", false
			}
		case c == '$', c == '@', c == '\\':
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// translate is tr/from/to/d, with lists of characters and ranges.
func translate(s, from, to, modifiers string) (string, bool) {
	if strings.Trim(modifiers, "dr") != "" || len(from) > maxPattern || len(to) > maxPattern || strings.ContainsAny(from+to, `\`) {
		return "", false
	}
	from, to = ranges(from), ranges(to)
	drop := strings.Contains(modifiers, "d")
	if to == "" && !drop {
		return s, true
	}
	var b strings.Builder
	for i := range len(s) {
		switch at := strings.IndexByte(from, s[i]); {
		case at < 0:
			b.WriteByte(s[i])
		case at < len(to):
			b.WriteByte(to[at])
		case !drop:
			b.WriteByte(to[len(to)-1])
		}
	}
	return b.String(), true
}

func ranges(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' && s[i] <= s[i+2] {
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				b.WriteByte(byte(c))
			}
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
