package perlver

import "strings"

// Approximate reads the version of a distribution, which need not be one for
// version.pm: 2.00-TRIAL, 1_11, 0.16_rc1. What Parse accepts is taken as it is
// and note is empty; else a version to compare with is derived and note says
// how ("compared as 2.00: -TRIAL dropped"). The error is Parse's, where nothing
// can be derived.
//
// Dropped are -TRIAL and -RC with a number, -withoutworldwriteables, a
// packager's revision (-3), one word of letters at the end (a, -beta, _rc1)
// and an underscore at the end; a leading V is lowered; 1_11 is taken for 1.11
// as a guess.
func Approximate(s string) (v Version, note string, err error) {
	if v, err = Parse(s); err == nil {
		return v, "", nil
	}
	text := s
	var steps []string
	if strings.HasPrefix(text, "V") {
		text = "v" + text[1:]
		steps = append(steps, "V lowered")
	}
	for range 8 { // more suffixes than that no version has
		if v, perr := ParseExact(text); perr == nil && len(steps) > 0 {
			return v, "compared as " + text + ": " + strings.Join(steps, ", "), nil
		}
		var step string
		if text, step = dropSuffix(text); step == "" {
			break
		}
		steps = append(steps, step)
	}
	return Version{}, "", err
}

// dropSuffix takes one suffix off a version, and says which; step is empty
// where there is none.
func dropSuffix(s string) (rest, step string) {
	if rest, ok := strings.CutSuffix(s, "-withoutworldwriteables"); ok {
		return rest, "-withoutworldwriteables dropped"
	}
	number := strings.TrimRight(s, "0123456789")
	if rest, ok := strings.CutSuffix(number, "-"); ok && number != s {
		return rest, "revision " + s[len(rest):] + " dropped"
	}
	word := strings.TrimRightFunc(number, func(c rune) bool { return 'a' <= c|' ' && c|' ' <= 'z' && c < 128 })
	switch suffix := s[len(word):]; {
	case strings.HasSuffix(s, "_"):
		return s[:len(s)-1], "_ at the end dropped"
	case number == word: // digits only, or nothing at all
		if before, after, ok := strings.Cut(s, "_"); ok && allDigits(before) && allDigits(after) {
			return before + "." + after, "a guess, _ taken for a dot"
		}
		return s, ""
	case word == "" || isExponent(suffix) && isDigit(word[len(word)-1]):
		return s, "" // 1e5 is a number and no version with a suffix
	default:
		if c := word[len(word)-1]; strings.IndexByte("-_.+~", c) >= 0 {
			word, suffix = word[:len(word)-1], string(c)+suffix
		}
		return word, suffix + " dropped"
	}
}

func allDigits(s string) bool { return s != "" && skipDigits(s, 0) == len(s) }

// isExponent says that s is an e with digits.
func isExponent(s string) bool { return s[0]|' ' == 'e' && allDigits(s[1:]) }
