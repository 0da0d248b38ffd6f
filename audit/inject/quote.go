package inject

import (
	"strings"

	"nacre/audit/input"
	"nacre/perlsrc"
)

// quote is the quotes of compiled code that a value stands between: "'", "qq",
// "m" and so on; "" for none.
type quote string

// maxCode bounds the text of code that is read for its quotes.
const maxCode = 4 << 10

// quoteAt tells between which quotes of the code a value stands, where nothing
// but the value's own characters could end them.
func quoteAt(at piece) quote {
	if len(at.before) > maxCode || !strings.ContainsAny(at.before, "'\"/{([<|!#") {
		return ""
	}
	after := at.after[:min(len(at.after), maxCode)]
	src := []byte(strings.ReplaceAll(at.before+"\x00"+after, "\x00", "x"))
	tokens := perlsrc.NewScanner(src)
	for {
		tok, ok := tokens.Next()
		if !ok || tok.Start > len(at.before) {
			return ""
		}
		if tok.End <= len(at.before) {
			continue
		}
		switch tok.Kind {
		case perlsrc.Quote, perlsrc.Words, perlsrc.Match, perlsrc.Pattern, perlsrc.Substitute, perlsrc.Translate:
			q := tok.Quoted(src)
			if q.Code {
				return ""
			}
			return quote(q.Op)
		}
		return ""
	}
}

// holds reports whether a value that was held to these checks stays within its
// quotes, and means nothing there.
func (q quote) holds(c input.Check) bool {
	switch q {
	case "":
		return false
	case "'":
		return c.Has(input.Escaped) && c.Has(input.SQL) || c.Has(input.Pattern)
	case "q", "qw", "tr", "y":
		return c.Has(input.Escaped | input.Pattern)
	}
	return c.Has(input.Pattern)
}
