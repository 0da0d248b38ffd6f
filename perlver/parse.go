package perlver

import "strings"

// ParseError is the error of a text that is no version.
type ParseError struct {
	Text   string // what was to be read
	Reason string // version.pm's words, as in "non-numeric data"
}

// Error gives text and reason: version "1.2a": non-numeric data.
func (e *ParseError) Error() string { return "version " + quote(e.Text) + ": " + e.Reason }

// Parse reads a version as version.pm 0.9929 does with a string. The error is
// a *ParseError. What version.pm warns about is in the version's Warnings.
func Parse(s string) (Version, error) {
	v, _, reason := scan(s)
	if reason != "" {
		return Version{}, &ParseError{Text: s, Reason: reason}
	}
	return v, nil
}

// ParseExact reads a version as Parse does, and makes an error of a warning.
func ParseExact(s string) (Version, error) {
	v, err := Parse(s)
	if err == nil && v.flags&warned != 0 {
		return Version{}, &ParseError{Text: s, Reason: join(v.Warnings())}
	}
	return v, err
}

// scan reads a version, and gives the text behind it that is ignored; reason
// is set where s is no version.
func scan(s string) (v Version, rest, reason string) {
	v.text = s
	// version.pm reads C strings, so for it the text ends at a NUL byte.
	c, _, cut := strings.Cut(s, "\x00")
	if cut {
		v.flags |= nul
	}
	c = strings.TrimLeft(c, spaces)
	if c == "undef" {
		v.push(0)
		return v, "", ""
	}
	last, reason := v.shape(c)
	if reason != "" {
		return Version{}, "", reason
	}
	end := v.components(c)
	if v.flags&overflow != 0 {
		end = last
	}
	if rest = c[end:]; rest != "" {
		v.flags |= trailing
	}
	return v, rest, ""
}

// spaces are the characters of C's isspace in the C locale.
const spaces = " \t\n\v\f\r"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// byteAt is c[i], and 0 at the end: no version contains a NUL byte.
func byteAt(c string, i int) byte {
	if i < len(c) {
		return c[i]
	}
	return 0
}

func skipDigits(c string, i int) int {
	for isDigit(byteAt(c, i)) {
		i++
	}
	return i
}

// endsVersion says that c may stand behind a version, ending it.
func endsVersion(c byte) bool { return c == 0 || c == ';' || c == '{' || c == '}' }

func isSpace(c byte) bool { return strings.IndexByte(spaces, c) >= 0 }

// Reasons, in the words of version.pm.
const (
	noVersion       = "version required"
	notNumeric      = "non-numeric data"
	tooFewParts     = "dotted-decimal versions require at least three parts"
	manyUnderscores = "multiple underscores"
	earlyUnderscore = "underscores before decimal"
	wrongUnderscore = "misplaced underscore"
	alphaNoDecimal  = "alpha without decimal"
	noFraction      = "fractional part required"
	negative        = "negative version number"
	trailingDecimal = "trailing decimal"
)

// shape checks the form of the version at the start of c, sets its flags, and
// gives the place behind it and the blanks that follow it (prescan_version of
// vutil.c).
func (v *Version) shape(c string) (last int, reason string) {
	var i, dots int
	switch {
	case byteAt(c, 0) == 'v' && !isDigit(byteAt(c, 1)):
		return 0, tooFewParts
	case byteAt(c, 0) == 'v':
		i, dots, reason = v.dottedShape(c, 1)
	default:
		i, dots, reason = v.decimalShape(c)
	}
	if reason != "" {
		return 0, reason
	}
	for i < len(c) && isSpace(c[i]) {
		i++
	}
	if b := byteAt(c, i); !isDigit(b) && !endsVersion(b) {
		return 0, notNumeric
	}
	// The blanks are skipped first, so "1.2." is refused and "1.2. " is not.
	if dots > 1 && c[i-1] == '.' {
		return 0, trailingDecimal
	}
	return i, ""
}

// dottedShape checks a dotted version whose first number starts at i.
func (v *Version) dottedShape(c string, i int) (end, dots int, reason string) {
	v.flags |= dotted
	i = skipDigits(c, i)
	if byteAt(c, i) != '.' {
		return i, 0, ""
	}
	i, dots = i+1, 1
	for isDigit(byteAt(c, i)) {
		i = skipDigits(c, i)
		switch byteAt(c, i) {
		case '_':
			if v.flags&alpha != 0 {
				return 0, 0, manyUnderscores
			}
			v.flags |= alpha
			i++
		case '.':
			if v.flags&alpha != 0 {
				return 0, 0, earlyUnderscore
			}
			dots++
			i++
		}
	}
	return i, dots, ""
}

// decimalShape checks a version that starts with a digit or a dot; one with
// two dots turns out to be dotted.
func (v *Version) decimalShape(c string) (end, dots int, reason string) {
	if byteAt(c, 0) == '-' {
		return 0, 0, negative
	}
	i := skipDigits(c, 0)
	switch b := byteAt(c, i); {
	case b == '.':
		i++
	case endsVersion(b) || isSpace(b):
		if i == 0 {
			return 0, 0, noVersion
		}
		return i, 0, ""
	case i == 0 || b != '_':
		return 0, 0, notNumeric
	case isDigit(byteAt(c, i+1)):
		return 0, 0, alphaNoDecimal
	default:
		return 0, 0, wrongUnderscore
	}
	if b := byteAt(c, i); !isDigit(b) && !endsVersion(b) && !isSpace(b) {
		return 0, 0, noFraction
	}
	for isDigit(byteAt(c, i)) {
		i = skipDigits(c, i)
		switch byteAt(c, i) {
		case '.':
			if v.flags&alpha != 0 {
				return 0, 0, earlyUnderscore
			}
			// vutil.c starts all over and goes on counting dots, so that a
			// dotted version without v always counts as having two or more.
			end, dots, reason = v.dottedShape(c, 0)
			return end, dots + 1, reason
		case '_':
			if v.flags&alpha != 0 {
				return 0, 0, manyUnderscores
			}
			if !isDigit(byteAt(c, i+1)) {
				return 0, 0, wrongUnderscore
			}
			v.flags |= alpha
			i++
		}
	}
	return i, 1, ""
}

// components reads the numbers of a version whose shape is right, and gives
// the place behind the last (scan_version of vutil.c).
func (v *Version) components(c string) int {
	isDotted := v.flags&dotted != 0
	from := 0
	if c[0] == 'v' {
		from = 1
	}
	to := skipDigits(c, from)
	for fraction := false; ; fraction = !isDotted {
		n, ok := number(c[from:to], fraction)
		v.push(n)
		if !ok {
			v.flags |= overflow
			break
		}
		switch b := byteAt(c, to); {
		case b == '.':
			to++
			// Leading zeros count as digits in the first number only.
			for isDotted && byteAt(c, to) == '0' {
				to++
			}
			from = to
		case b == '_' && isDigit(byteAt(c, to+1)):
			to++
			from = to
		case isDigit(b):
			from = to
		default:
			v.finish()
			return to
		}
		for digits := 0; isDotted || digits < 3; to++ {
			b := byteAt(c, to)
			if !isDigit(b) && b != '_' {
				break
			}
			if b != '_' {
				digits++
			}
		}
	}
	v.finish()
	return to
}

// number reads digits and leaves underscores out. In a fraction, up to three
// digits are the left ones of three. A number that is too large is clamped and
// not ok, and so is one of more than ten digits: vutil.c gives up there,
// whatever they are.
func number(digits string, fraction bool) (n uint32, ok bool) {
	if fraction {
		for place, i := uint32(100), 0; i < len(digits); i++ {
			if digits[i] != '_' {
				n += uint32(digits[i]-'0') * place
				place /= 10
			}
		}
		return n, true
	}
	sum, count := uint64(0), 0
	for i := range len(digits) {
		if digits[i] == '_' {
			continue
		}
		if count++; count > 10 {
			return maxComponent, false
		}
		sum = sum*10 + uint64(digits[i]-'0')
	}
	if sum > maxComponent {
		return maxComponent, false
	}
	return uint32(sum), true
}
