package output

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// visible makes a text from outside safe to print on a terminal: what is not
// a printable character or a blank is shown as Go would write it in a string,
// a line feed as \n, an escape as \x1b, a right-to-left override as \u202e, and
// a byte that is not UTF-8 as \xff. Blanks of other scripts become spaces.
func visible(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		default:
			b.WriteString(escape(r))
		}
		i += size
	}
	return b.String()
}

// isPlain reports whether s is printable ASCII, as nearly all text is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// escape writes a rune as Go does.
func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// cut shortens a text to at most n columns.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return displaywidth.TruncateString(s, n, "...")
}

// inert is a writer of JSON that escapes what encoding/json lets through and a
// terminal may obey: DEL, the C1 controls, and invisible characters such as the
// direction marks. The value of the JSON stays the same. Each Write is a whole
// number of characters.
type inert struct{ w io.Writer }

func (i inert) Write(p []byte) (int, error) {
	start := 0
	for at := 0; at < len(p); {
		if p[at] != 0x7f && p[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, size := utf8.DecodeRune(p[at:])
		if size > 1 && unicode.IsPrint(r) || r == utf8.RuneError {
			at += size
			continue
		}
		if _, err := i.w.Write(p[start:at]); err != nil {
			return start, err
		}
		code := fmt.Sprintf(`\u%04x`, r)
		if hi, lo := surrogates(r); hi != 0 {
			code = fmt.Sprintf(`\u%04x\u%04x`, hi, lo)
		}
		if _, err := io.WriteString(i.w, code); err != nil {
			return start, err
		}
		at += size
		start = at
	}
	if _, err := i.w.Write(p[start:]); err != nil {
		return start, err
	}
	return len(p), nil
}

// surrogates are the two halves of a rune beyond the basic plane, 0 for others.
func surrogates(r rune) (hi, lo rune) {
	if r < 0x10000 {
		return 0, 0
	}
	r -= 0x10000
	return 0xd800 + r>>10, 0xdc00 + r&0x3ff
}
