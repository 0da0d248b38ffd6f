package terminal

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// Inert gives a writer of JSON that escapes what encoding/json lets through and
// a terminal may obey: DEL, the C1 controls, and invisible characters such as
// the direction marks. The value of the JSON stays the same. Each Write must be
// a whole number of characters.
func Inert(w io.Writer) io.Writer { return inert{w} }

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
