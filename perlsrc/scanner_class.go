package perlsrc

// The classes of a byte.
const (
	cOther  = iota
	cSpace  // blank, tab, line feed, form feed, carriage return, vertical tab
	cLetter // and the underscore
	cDigit
	cHigh // no ASCII: a letter where it is UTF-8 for one
)

var class = func() (t [256]uint8) {
	for _, c := range " \t\n\f\r\v" {
		t[c] = cSpace
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = cLetter, cLetter
	}
	t['_'] = cLetter
	for c := '0'; c <= '9'; c++ {
		t[c] = cDigit
	}
	for c := 0x80; c <= 0xff; c++ {
		t[c] = cHigh
	}
	return t
}()

// isIdent says whether a name can begin with c.
func isIdent(c byte) bool { return class[c] == cLetter || class[c] == cHigh }

// isWord says whether a name can hold c.
func isWord(c byte) bool { return class[c] >= cLetter }

func isSpace(c byte) bool { return class[c] == cSpace }
