package advisory

import (
	"strings"

	"nacre/fault"
)

// Severity is how bad a source says an advisory is. Unknown is a value of its
// own: for a threshold it counts as high, so that nothing sorts below one
// merely because nobody rated it.
type Severity uint8

// The severities, in rising order.
const (
	SeverityUnknown Severity = iota
	SeverityLow
	SeverityMedium
	SeverityHigh
	SeverityCritical
)

var severityNames = [...]string{"unknown", "low", "medium", "high", "critical"}

// String gives the word: unknown, low, medium, high or critical.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return severityNames[SeverityUnknown]
}

// ParseSeverity reads a severity as the sources write it: the five words,
// "minor" and "moderate" for low and medium, and nothing or "none" for
// unknown, in any case.
func ParseSeverity(word string) (Severity, error) {
	switch w := strings.ToLower(strings.TrimSpace(word)); w {
	case "", "none":
		return SeverityUnknown, nil
	case "minor":
		return SeverityLow, nil
	case "moderate":
		return SeverityMedium, nil
	default:
		for i, n := range severityNames {
			if n == w {
				return Severity(i), nil
			}
		}
	}
	return SeverityUnknown, fault.New(fault.Invalid, "severity %q", word).
		WithHint("use low, medium, high, critical or unknown")
}

// AtLeast reports whether s reaches the threshold; unknown counts as high.
func (s Severity) AtLeast(threshold Severity) bool {
	if s == SeverityUnknown {
		s = SeverityHigh
	}
	return s >= threshold
}

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a word as ParseSeverity does.
func (s *Severity) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSeverity(string(b))
	return err
}
