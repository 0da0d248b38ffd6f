package cpan

import "strconv"

// quoteMax bounds what an error repeats of its input, in bytes.
const quoteMax = 80

// quote writes s for an error: quoted, so that nothing in it reaches a
// terminal raw, and cut where it is long.
func quote(s string) string {
	if len(s) > quoteMax {
		return strconv.Quote(s[:quoteMax]) + "..."
	}
	return strconv.Quote(s)
}
