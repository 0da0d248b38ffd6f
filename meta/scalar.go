package meta

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"nacre/jsondoc"
)

// What Perl makes of a value. CPAN::Meta reads JSON into Perl's scalars, and
// its verdicts are about those: the number 2.0 is the text 2 there, true is 1,
// and a list where a text belongs is a text like ARRAY(0x55d5).

// aReference stands for the text that Perl makes of a list or a map. It is a
// text, is true, and is none of the forms that a check asks for.
const aReference = "REFERENCE(0x1)"

// asPerl is the text that perl makes of a value; a null is "" here, so ask
// isNull first where that matters.
func asPerl(n *jsondoc.Node) string {
	switch {
	case isNested(n):
		return aReference
	case n.Is(jsondoc.KindBool):
		return bit(n.Text == "true")
	case n.Is(jsondoc.KindNumber):
		return perlNumber(n.Text)
	}
	return single(n)
}

// asWritten is asPerl with numbers as the file has them: 1.10 is not 1.1.
func asWritten(n *jsondoc.Node) string {
	if n.Is(jsondoc.KindNumber) {
		return n.Text
	}
	return asPerl(n)
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// perlNumber gives a JSON number as perl prints it: what fits into an integer
// as one, a whole number of more than 20 characters as it is, and any other as
// a float of 15 digits.
func perlNumber(literal string) string {
	isWhole := !strings.ContainsAny(literal, ".eE")
	if isWhole {
		_, errSigned := strconv.ParseInt(literal, 10, 64)
		_, errUnsigned := strconv.ParseUint(literal, 10, 64)
		switch {
		case literal == "-0":
			return "0"
		case errSigned == nil, errUnsigned == nil, len(literal) > 20:
			return literal
		}
	}
	f, _ := strconv.ParseFloat(literal, 64) // out of range is infinite, as in Perl
	switch {
	case f == 0:
		return "0"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', 0, 64), "+")
	case !isWhole && f == math.Trunc(f) && -(1<<63) <= f && f < 1<<64:
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', 14, 64), "e")
	if e, _ := strconv.Atoi(exponent); -4 <= e && e < 15 {
		return trimZeros(strconv.FormatFloat(f, 'f', 14-e, 64))
	}
	return trimZeros(mantissa) + "e" + exponent
}

// trimZeros takes the zeros at the end of a fraction away.
func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

func isNull(n *jsondoc.Node) bool { return n.Is(jsondoc.KindNull) }

// isTrue is the truth of a value in Perl.
func isTrue(n *jsondoc.Node) bool {
	s := asPerl(n)
	return s != "" && s != "0"
}

// isSpace is \s of Perl.
func isSpace(r rune) bool { return unicode.IsSpace(r) }

// line is s without the one line feed that $ of a Perl pattern passes over.
func line(s string) string { return strings.TrimSuffix(s, "\n") }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// isNameByte is a character of Perl's identifiers.
func isNameByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// all says that s is not empty and of characters that satisfy is alone.
func all(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return s != ""
}

// isModuleKey is a module's name as the Validator checks it: parts of word
// characters between double colons. "0" is false in Perl, and so is no name.
func isModuleKey(s string) bool {
	if s == "0" {
		return false
	}
	for part := range strings.SplitSeq(line(s), "::") {
		if !all(part, isNameByte) {
			return false
		}
	}
	return true
}

// isModuleName is a module's name as the Converter checks it: the first part
// begins with a letter.
func isModuleName(s string) bool {
	return s != "" && isLetter(s[0]) && isModuleKey(s)
}

// isCustom is a key of the author's own: x_ in any case.
func isCustom(s string) bool {
	return len(s) > 1 && s[0]|0x20 == 'x' && s[1] == '_'
}

// isURLLike is what the Converter takes for a URL: a scheme, a colon, and
// something behind it on the same line.
func isURLLike(n *jsondoc.Node) bool {
	if isNull(n) {
		return false
	}
	scheme, rest, ok := strings.Cut(asWritten(n), ":")
	return ok && rest != "" && rest[0] != '\n' && all(scheme, func(c byte) bool {
		return isLetter(c) || isDigit(c) || c == '-' || c == '+' || c == '.'
	})
}

// members gives the keys of a map, each once: of a key that stands twice the
// last value counts, as in Perl, at the place of the first.
func members(n *jsondoc.Node) []jsondoc.Member {
	if n == nil {
		return nil
	}
	at := make(map[string]int, len(n.Members))
	once := make([]jsondoc.Member, 0, len(n.Members))
	for _, m := range n.Members {
		if i, ok := at[m.Key]; ok {
			once[i] = m
			continue
		}
		at[m.Key] = len(once)
		once = append(once, m)
	}
	return once
}

// has says that a map has a key, whatever its value is.
func has(n *jsondoc.Node, key string) bool {
	if n == nil {
		return false
	}
	for _, m := range n.Members {
		if m.Key == key {
			return true
		}
	}
	return false
}
