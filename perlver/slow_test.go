package perlver_test

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	"nacre/perlver"
)

// slow is a second reading of version.pm by other means: one pattern for each
// form of text, and the order as that of rational numbers. It shares nothing
// with the package but the specification.
type slow struct {
	ok, warns, dotted, alpha bool
	parts                    []*big.Int
}

const (
	slowBlank = `[ \t\n\v\f\r]`
	// What may follow a version: nothing, or text that is ignored, which
	// starts with blanks and a digit, or with one of ; { }.
	slowTail = `(` + slowBlank + `*(?:[;{}](?s:.*)|` + slowBlank + `[0-9](?s:.*))?)$`
)

var (
	slowUndef   = regexp.MustCompile(`^` + slowBlank + `*undef$`)
	slowInteger = regexp.MustCompile(`^` + slowBlank + `*([0-9]+)` + slowTail)
	slowDecimal = regexp.MustCompile(`^` + slowBlank + `*([0-9]*)\.([0-9]*)` + slowTail)
	slowTrial   = regexp.MustCompile(`^` + slowBlank + `*([0-9]*)\.([0-9]+_[0-9]+)` + slowTail)
	// v1, v1., v1.2, v1.2.3 and 1.2.3, .1.2; the last number may have one
	// underscore, inside or behind it.
	slowV      = regexp.MustCompile(`^` + slowBlank + `*v([0-9]+)((?:\.[0-9]+)*)(\.?|_[0-9]*)` + slowTail)
	slowDotted = regexp.MustCompile(`^` + slowBlank + `*([0-9]*)((?:\.[0-9]+)+)(\.?|_[0-9]*)` + slowTail)
)

// slowParse reads s.
func slowParse(s string) slow {
	s, _, _ = strings.Cut(s, "\x00")
	if slowUndef.MatchString(s) {
		return slow{ok: true, parts: []*big.Int{new(big.Int)}}
	}
	if m := slowInteger.FindStringSubmatch(s); m != nil {
		return slow{ok: true}.number(m[1], m[2])
	}
	for _, p := range []*regexp.Regexp{slowTrial, slowDecimal} {
		if m := p.FindStringSubmatch(s); m != nil {
			return slow{ok: true, alpha: p == slowTrial}.decimal(m[1], m[2], m[3])
		}
	}
	for _, p := range []*regexp.Regexp{slowV, slowDotted} {
		m := p.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		x := slow{ok: true, dotted: true, alpha: strings.HasPrefix(m[3], "_")}
		dots := strings.Count(m[2], ".") + strings.Count(m[3], ".")
		switch {
		case p == slowDotted && dots < 2:
			return slow{} // 1.2_
		case x.alpha && m[2] == "":
			return slow{} // v1_2: no underscore after the first number
		case m[3] == "." && dots > 1 && (m[4] == "" || !strings.Contains(" \t\n\v\f\r", m[4][:1])):
			return slow{} // 1.2. is refused, blanks behind the dot hide it
		}
		rest := m[2] + strings.ReplaceAll(m[3], "_", "")
		if x.alpha && strings.Trim(m[2][strings.LastIndexByte(m[2], '.')+1:], "0") == "" {
			// Zeros before the underscore do not count as digits, those
			// behind it do.
			rest = m[2][:strings.LastIndexByte(m[2], '.')+1] + strings.TrimPrefix(m[3], "_")
			return x.numbers(m[1], rest, true, m[4])
		}
		return x.numbers(m[1], rest, false, m[4])
	}
	return slow{}
}

var slowMax = big.NewInt(2147483647)

// add adds a number of at most ten digits and at most 2147483647.
func (x *slow) add(digits string) bool {
	n, _ := new(big.Int).SetString("0"+digits, 10)
	if len(digits) > 10 || n.Cmp(slowMax) > 0 {
		x.parts = append(x.parts, slowMax)
		x.warns = true
		return false
	}
	x.parts = append(x.parts, n)
	return true
}

// tail notes the ignored text; blanks behind a clamped number are no text.
func (x *slow) tail(s string, clamped bool) {
	if clamped {
		s = strings.TrimLeft(s, " \t\n\v\f\r")
	}
	x.warns = x.warns || s != ""
}

func (x slow) number(digits, tail string) slow {
	x.tail(tail, !x.add(digits))
	return x
}

func (x slow) decimal(whole, fraction, tail string) slow {
	if !x.add(whole) {
		x.tail(tail, true)
		return x
	}
	fraction = strings.ReplaceAll(fraction, "_", "")
	for fraction += "000"[:2-(len(fraction)+2)%3]; fraction != ""; fraction = fraction[3:] {
		x.add(fraction[:3])
	}
	if len(x.parts) == 1 {
		x.add("0")
	}
	x.tail(tail, false)
	return x
}

func (x slow) numbers(first, rest string, lastKeepsZeros bool, tail string) slow {
	groups := append([]string{first}, strings.Split(strings.TrimPrefix(rest, "."), ".")...)
	if rest == "" {
		groups = groups[:1]
	}
	clamped := false
	for i, g := range groups {
		if i > 0 && !(lastKeepsZeros && i == len(groups)-1) {
			g = strings.TrimLeft(g, "0")
		}
		if clamped = !x.add(g); clamped {
			break
		}
	}
	for len(x.parts) < 3 {
		x.parts = append(x.parts, new(big.Int))
	}
	x.tail(tail, clamped)
	return x
}

// rational is the version as one number: each part is a digit in base 2^31.
func (x slow) rational() *big.Rat {
	sum := new(big.Rat)
	for _, p := range slices.Backward(x.parts) {
		sum.Quo(sum, new(big.Rat).SetInt64(1<<31))
		sum.Add(sum, new(big.Rat).SetInt(p))
	}
	return sum
}

func (x slow) compare(y slow) int { return x.rational().Cmp(y.rational()) }

func (x slow) normal() string {
	s := "v"
	for i := range max(len(x.parts), 3) {
		if i > 0 {
			s += "."
		}
		if i < len(x.parts) {
			s += x.parts[i].String()
		} else {
			s += "0"
		}
	}
	return s
}

// differs says how the package's reading of s differs from the slow one.
func (x slow) differs(s string) string {
	v, err := perlver.Parse(s)
	switch {
	case (err == nil) != x.ok:
		return "accepted by one only"
	case err != nil:
		return ""
	case v.IsDotted() != x.dotted:
		return "kind"
	case v.IsAlpha() != x.alpha:
		return "underscore"
	case v.Normal() != x.normal():
		return "normal form: " + v.Normal() + " and " + x.normal()
	case (len(v.Warnings()) > 0) != (x.warns || strings.Contains(s, "\x00")):
		return "warning"
	}
	return ""
}
