package facts

import (
	"math"
	"strconv"
	"strings"

	"nacre/perlver"
)

// sort is what a value is.
type sort uint8

const (
	undefined sort = iota
	text           // a string
	number         // n, and s as perl prints it
	vstring        // v1.2.3: s is "v1.2.3"
	object         // of version.pm: s is what it prints as
	reference      // to the value s; only an assignment to a glob takes it
)

// value is a scalar that was computed.
type value struct {
	sort sort
	s    string
	n    float64
}

func str(s string) value { return value{sort: text, s: s} }

func num(f float64) value { return value{sort: number, s: formatNumber(f), n: f} }

// formatNumber writes a number as perl does, by %.15g.
func formatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return strconv.FormatInt(int64(f), 10)
	}
	s := strconv.FormatFloat(f, 'g', 15, 64)
	if mantissa, exp, ok := strings.Cut(s, "e"); ok && strings.Contains(mantissa, ".") {
		return strings.TrimRight(strings.TrimRight(mantissa, "0"), ".") + "e" + exp
	} else if !ok && strings.Contains(s, ".") {
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// number is the value as perl takes it in arithmetic: the number that its text
// begins with.
func (v value) number() float64 {
	if v.sort == number {
		return v.n
	}
	s := strings.TrimLeft(v.s, " \t\r\n\f\v")
	end, digits := 0, false
	for end < len(s) {
		c := s[end]
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.' && !strings.Contains(s[:end], ".") && !strings.ContainsAny(s[:end], "eE"):
		case (c == 'e' || c == 'E') && digits && !strings.ContainsAny(s[:end], "eE") && exponentFollows(s[end+1:]):
		case (c == '+' || c == '-') && (end == 0 || s[end-1] == 'e' || s[end-1] == 'E'):
		default:
			f, _ := strconv.ParseFloat(s[:end], 64)
			return f
		}
		end++
	}
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

func exponentFollows(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// truth is what perl takes it for in a condition.
func (v value) truth() bool {
	switch v.sort {
	case undefined:
		return false
	case number:
		return v.n != 0
	}
	return v.s != "" && v.s != "0"
}

// isPlain says that s is of the form that parse_version takes as it is:
// ^v?[\d_.]+$.
func isPlain(s string) bool {
	s = strings.TrimPrefix(s, "v")
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '_' && c != '.' {
			return false
		}
	}
	return s != ""
}

// verdict is what parse_version makes of the value of a $VERSION; false where
// that is "undef".
func (v value) verdict() (string, bool) {
	switch {
	case v.sort == undefined, v.sort == reference, v.s == "":
		return "", false
	case v.sort == vstring: // perl takes the underscores off
		return strings.ReplaceAll(v.s, "_", ""), true
	case isPlain(v.s):
		return v.s, true
	case v.sort == number && v.n > 0 && v.n < 1: // 1e-05; version.pm takes nine places
		return decimal(v.n), true
	}
	parsed, err := perlver.Parse(v.s)
	if err != nil {
		return "", false
	}
	if v.s == "undef" {
		return "0", true
	}
	s := strings.TrimLeft(parsed.String(), " \t\r\n\f\v")
	for i := range len(s) { // version.pm prints what it read
		if c := s[i]; (c < '0' || c > '9') && c != '_' && c != '.' && (i > 0 || c != 'v') {
			s = s[:i]
			break
		}
	}
	return s, isPlain(s)
}

// decimal writes a number as version.pm reads it, with nine places.
func decimal(f float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(f, 'f', 9, 64), "0"), ".")
}

// newVersion is version->new or, where declare is set, version->declare of a
// value.
func newVersion(v value, declare bool) (value, bool) {
	s := v.s
	switch v.sort {
	case number:
		s = decimal(v.n)
	case text:
		var ok bool
		if s, ok = v.verdict(); !ok {
			return value{}, false
		}
	case vstring, object:
	default:
		return value{}, false
	}
	if _, err := perlver.Parse(s); err != nil {
		return value{}, false
	}
	if declare && v.sort != object && !strings.HasPrefix(s, "v") && strings.Count(s, ".") < 2 {
		s = "v" + s
	}
	return value{sort: object, s: s}, true
}
