package advisory

import (
	"strconv"
	"strings"

	"nacre/cpan"
	"nacre/perlver"
)

// IsDeveloper says whether PAUSE keeps a release of that version out of its
// index (CPAN::DistnameInfo), so that installers do not take it by themselves. v is
// the version as it was parsed, zero where it cannot be.
func IsDeveloper(d cpan.Dist, text string, v perlver.Version) bool {
	if d != "perl" {
		return v.IsAlpha() || strings.Contains(text, "-TRIAL")
	}
	// perl's developer releases have an odd second number from 5.7 on, and
	// before it a third number of 50 or more, written behind an underscore.
	if strings.Contains(text, "-RC") || strings.Contains(text, "-TRIAL") {
		return true
	}
	if v.IsZero() {
		return false
	}
	numbers := strings.Split(v.Normal(), ".")
	minor, err := strconv.Atoi(numbers[1])
	if err != nil || minor > 6 {
		return err == nil && minor%2 == 1
	}
	_, after, _ := strings.Cut(text, "_")
	third, err := strconv.Atoi(after)
	return err == nil && third >= 50
}
