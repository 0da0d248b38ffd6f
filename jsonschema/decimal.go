package jsonschema

import (
	"cmp"
	"strconv"
	"strings"
)

// decimal is a number as JSON writes it: 0.digits times ten to the exponent.
// Two of one value are equal.
type decimal struct {
	sign     int // -1, 0, 1
	digits   string
	exponent int
}

// maxExponent is where exponents end: two numbers beyond it are the same.
const maxExponent = 1 << 40

func parseDecimal(s string) decimal {
	d := decimal{sign: 1}
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		s, d.sign = rest, -1
	}
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	d.exponent = len(whole) - (len(whole) + len(fraction) - len(digits))
	if exponent != "" {
		e, _ := strconv.ParseInt(strings.TrimPrefix(exponent, "+"), 10, 64) // beyond its range it is the end of it
		d.exponent += int(max(-maxExponent, min(e, maxExponent)))
	}
	d.digits = strings.TrimRight(digits, "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

// whole reports whether the number has no fraction.
func (d decimal) whole() bool { return len(d.digits) <= max(d.exponent, 0) }

func (d decimal) compare(o decimal) int {
	if d.sign != o.sign || d.sign == 0 {
		return cmp.Compare(d.sign, o.sign)
	}
	return d.sign * cmp.Or(cmp.Compare(d.exponent, o.exponent), cmp.Compare(d.digits, o.digits))
}
