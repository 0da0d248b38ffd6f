package cpan

import "strings"

// splitDistVersion splits an archive's base name into distribution and version
// and says whether the release is a developer release, step by step as
// CPAN::DistnameInfo 0.12 does. Bytes are compared, not letters of a script:
// that module reads file names as bytes.
//
// Where that module's patterns end in $, a line feed may follow, and where
// they say ".", a line feed may not be; archive names with a line feed in them
// are rare, but the verdict on them is kept the same.
func splitDistVersion(base string) (dist, version string, developer bool) {
	if base == "0" { // false in Perl, and so no name at all
		return "", "", false
	}
	end := distEnd(base)
	if end == 0 {
		return base, "", false
	}
	dist, version = base[:end], base[end:]

	if version == "" {
		dist = strings.TrimSuffix(dist, "-undef")
	}
	version = trimSuffixLine(version, "-withoutworldwriteables")

	// Unicode-Collate-Standard-V3_1_1-0.1: the V3_1_1 belongs to the name.
	if len(version) > 1 && version[0] == '-' && version[1]|0x20 == 'v' {
		line, _, _ := strings.Cut(version, "\n")
		if i := lastHyphenDigit(line); i >= 2 {
			dist, version = dist+line[:i], line[i+1:]
		}
	}
	// Task-Deprecations5_14-1.00: the 5_14 belongs to the name.
	for line := range strings.SplitSeq(version, "\n") {
		if i := lastHyphenDigit(line); i > 0 && strings.IndexByte(line[1:i], '_') >= 0 {
			dist, version = dist+line[:i], line[i+1:]
			break
		}
	}

	dist = strings.TrimSuffix(dist, ".pm") // CGI.pm-3.49
	if version == "" {
		if d, word, ok := cutLastWord(dist); ok && isNumberAndWord(word) {
			dist, version = d, word
		}
	}
	if isNumber(strings.TrimSuffix(version, "\n")) {
		if d, word, ok := cutLastWord(dist); ok {
			dist, version = d, word+version
		}
	}
	if hasDigitDotDigit(version) {
		version = strings.TrimLeft(version, "-_.")
	} else {
		version = strings.TrimLeft(version, "-_")
	}
	if version == "" {
		return dist, "", false
	}
	if dev, ok := perlRelease(base); ok {
		return dist, version, dev
	}
	return dist, version, hasDevUnderscore(version) || strings.Contains(version, "-TRIAL")
}

// distEnd gives where the name ends and the version begins. The name is a
// sequence of parts; a part is separators, then a run of letters, digits and
// underscores that ends at the last place where it may: after a letter that no
// letter follows, or after a digit that a hyphen follows, but not after the v
// of a version. DistnameInfo says it as one pattern with look-behind, which is
// greedy; a part never goes beyond the run it begins in, so taking the last
// such place of each run gives the same end without backtracking.
func distEnd(s string) int {
	end := 0
	for {
		i := end
		for i < len(s) && (s[i] == '-' || s[i] == '+' || s[i] == '.') {
			i++
		}
		last := 0
		for ; i < len(s) && inPart(s, i); i++ {
			if endsPart(s, i) {
				last = i + 1
			}
		}
		if last == 0 {
			return end
		}
		end = last
	}
}

// inPart says whether the byte at i may stand in a part: an underscore only
// where the byte before or after it is there and is no digit.
func inPart(s string, i int) bool {
	if s[i] == '_' {
		return i > 0 && !isDigit(s[i-1]) || i+1 < len(s) && !isDigit(s[i+1])
	}
	return isLetter(s[i]) || isDigit(s[i])
}

// endsPart says whether a part may end with the byte at i.
func endsPart(s string, i int) bool {
	switch c := s[i]; {
	case isDigit(c):
		return i+1 < len(s) && s[i+1] == '-'
	case isLetter(c):
		if i+1 < len(s) && isLetter(s[i+1]) {
			return false
		}
		return c|0x20 != 'v' || i == 0 || strings.IndexByte("._-", s[i-1]) < 0
	}
	return false
}

// lastHyphenDigit gives the index of the last hyphen that a digit follows.
func lastHyphenDigit(s string) int {
	for i := len(s) - 2; i >= 0; i-- {
		if s[i] == '-' && isDigit(s[i+1]) {
			return i
		}
	}
	return -1
}

// cutLastWord cuts "-word" off the end of s.
func cutLastWord(s string) (before, word string, ok bool) {
	i := len(s)
	for i > 0 && isWord(s[i-1]) {
		i--
	}
	if i == len(s) || i == 0 || s[i-1] != '-' {
		return s, "", false
	}
	return s[:i-1], s[i:], true
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// isNumberAndWord says whether the word s is digits and one byte more.
func isNumberAndWord(s string) bool { return len(s) > 1 && isNumber(s[:len(s)-1]) }

func hasDigitDotDigit(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '.' && isDigit(s[i-1]) && isDigit(s[i+1]) {
			return true
		}
	}
	return false
}

// hasDevUnderscore says whether an underscore follows a part after the first:
// digit, non-digit, digits, underscore, digit.
func hasDevUnderscore(s string) bool {
	for i := 0; i+4 < len(s); i++ {
		if !isDigit(s[i]) || isDigit(s[i+1]) {
			continue
		}
		j := i + 2
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		if j > i+2 && j+1 < len(s) && s[j] == '_' && isDigit(s[j+1]) {
			return true
		}
	}
	return false
}

// trimSuffixLine cuts suffix off the end of s, or from before a final line
// feed, which stays.
func trimSuffixLine(s, suffix string) string {
	if rest, ok := strings.CutSuffix(s, suffix+"\n"); ok {
		return rest + "\n"
	}
	return strings.TrimSuffix(s, suffix)
}

// perlRelease says whether base is that of perl itself, which numbers its
// developer releases in its own way: an odd second number above 6, a third of
// 50 or more, or a release candidate.
func perlRelease(base string) (developer, ok bool) {
	s, ok := strings.CutPrefix(strings.TrimSuffix(base, "\n"), "perl")
	if !ok {
		return false, false
	}
	whole, s := cutNumber(strings.TrimPrefix(s, "-"))
	s, dot := strings.CutPrefix(s, ".")
	second, s := cutNumber(s)
	if whole == "" || !dot || second == "" {
		return false, false
	}
	third := ""
	if len(s) > 1 && isDigit(s[1]) { // s[0] is no digit: the number before it took them all
		third, s = cutNumber(s[1:])
	}
	if s != "" {
		n, candidate := strings.CutPrefix(s, "-RC")
		if !candidate {
			n, candidate = strings.CutPrefix(s, "-TRIAL")
		}
		candidate = candidate && isNumber(n)
		return candidate, candidate
	}
	return aboveSixAndOdd(second) || atLeastFifty(third), true
}

// cutNumber cuts the digits off the front of s.
func cutNumber(s string) (number, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i], s[i:]
}
