package advisory

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanText makes prose of a source fit to show: line ends become \n, blanks
// around it go, bytes that are not UTF-8 become U+FFFD, and characters that
// act on a terminal or turn the direction of writing are dropped. The second
// result counts what was dropped or replaced, line ends and outer blanks
// aside.
func CleanText(s string) (text string, dropped int) {
	if clean(s) {
		return strings.TrimSpace(s), 0
	}
	var b strings.Builder
	b.Grow(len(s))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == utf8.RuneError && n == 1:
			dropped++
			b.WriteRune(r)
		case r == '\r':
			b.WriteByte('\n')
		case acts(r):
			dropped++
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String()), dropped
}

// CleanLine is CleanText for what is one line: every run of blanks becomes one
// space.
func CleanLine(s string) (line string, dropped int) {
	s, dropped = CleanText(s)
	return strings.Join(strings.Fields(s), " "), dropped
}

// clean reports whether CleanText has nothing to change inside s.
func clean(s string) bool {
	for _, r := range s {
		if r == '\r' || r == utf8.RuneError || acts(r) {
			return false
		}
	}
	return true
}

// acts reports whether r does something other than show: control characters,
// and the ones that embed or override the direction of writing, with which a
// text can be made to look like another.
func acts(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
