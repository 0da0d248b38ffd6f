package perlver

// IsLax says that the whole of s has the form that version.pm's $LAX pattern
// describes: what people may be asked to write. It differs from what Parse
// accepts in both directions.
func IsLax(s string) bool {
	if s == "undef" {
		return true
	}
	v := byteAt(s, 0) == 'v'
	i := 0
	if v {
		i = 1
	}
	first := i
	i = skipDigits(s, i)
	hasInteger := i > first
	parts := 0
	for byteAt(s, i) == '.' && isDigit(byteAt(s, i+1)) {
		parts++
		i = skipDigits(s, i+1)
	}
	switch {
	case v && !hasInteger:
		return false
	case v && parts == 0:
		return i == len(s)
	case parts == 0 && !hasInteger:
		return false
	case parts == 0 && byteAt(s, i) == '.':
		i++
	}
	if byteAt(s, i) == '_' && isDigit(byteAt(s, i+1)) {
		i = skipDigits(s, i+1)
	}
	return i == len(s)
}

// IsStrict says that the whole of s has the form that version.pm's $STRICT
// pattern describes, the one to write: a decimal number without needless
// zeros before the dot, or v and three numbers or more, all but the first of
// three digits at most.
func IsStrict(s string) bool {
	v := byteAt(s, 0) == 'v'
	i := 0
	if v {
		i = 1
	}
	first := i
	i = skipDigits(s, i)
	if i == first || s[first] == '0' && i > first+1 {
		return false
	}
	parts := 0
	for byteAt(s, i) == '.' && isDigit(byteAt(s, i+1)) {
		from := i + 1
		i = skipDigits(s, from)
		if v && i-from > 3 {
			return false
		}
		parts++
	}
	if i != len(s) {
		return false
	}
	if v {
		return parts >= 2
	}
	return parts <= 1
}
