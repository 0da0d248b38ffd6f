package advisory

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// ParseCWE reads a weakness as the sources write it, "CWE-79" or "CWE-79
// Improper ...", in any case, and gives "CWE-79". CWE-0 and what is no number
// of a weakness (NVD-CWE-noinfo) are not read.
func ParseCWE(s string) (cwe string, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 5 || !strings.EqualFold(s[:4], "CWE-") {
		return "", false
	}
	digits := s[4:]
	if end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		if !strings.ContainsRune(" :\t", rune(digits[end])) {
			return "", false
		}
		digits = digits[:end]
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || n == 0 {
		return "", false
	}
	return "CWE-" + strconv.FormatUint(n, 10), true
}

// SortCWEs sorts what ParseCWE gave by number and drops repetitions.
func SortCWEs(cwes []string) []string {
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.TrimPrefix(s, "CWE-"))
		return n
	}
	slices.SortFunc(cwes, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return slices.Compact(cwes)
}
