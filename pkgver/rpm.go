package pkgver

import "strings"

// RPM is a version of an RPM package:
//
//	[epoch:]version[-release]
//
// Version and release are compared segment by segment, runs of digits by value
// and runs of letters by their bytes; everything else only separates. A ~ sorts
// before the end, the end before ^, ^ before letters, letters before numbers. A
// missing epoch is 0; a version without a release is before one with any.
type RPM struct {
	text                    string
	epoch, version, release string
	released                bool
}

// ParseRPM reads a version. Characters that a spec file could not have are
// refused.
func ParseRPM(s string) (RPM, error) {
	if err := checkLength("rpm", s); err != nil {
		return RPM{}, err
	}
	v := RPM{text: s, epoch: "0", version: s}
	if epoch, rest, ok := strings.Cut(s, ":"); ok {
		if epoch == "" || span(epoch, isDigit) < len(epoch) {
			return RPM{}, refused("rpm", s, "its epoch is no number")
		}
		v.epoch, v.version = epoch, rest
	}
	if at := strings.LastIndexByte(v.version, '-'); at >= 0 {
		v.version, v.release, v.released = v.version[:at], v.version[at+1:], true
		if v.release == "" {
			return RPM{}, refused("rpm", s, "its release is empty")
		}
	}
	if v.version == "" {
		return RPM{}, refused("rpm", s, "it has an empty version")
	}
	for _, part := range []string{v.version, v.release} {
		for i := range len(part) {
			if c := part[i]; !isDigit(c) && !isLetter(c) && strings.IndexByte("._+~^", c) < 0 {
				return RPM{}, refused("rpm", s, "it holds a character that no version has")
			}
		}
	}
	return v, nil
}

// String gives the version as it was read.
func (v RPM) String() string { return v.text }

// Version is the version without epoch and release.
func (v RPM) Version() string { return v.version }

// Compare orders two versions.
func (v RPM) Compare(o RPM) int {
	if c := compareNumbers(v.epoch, o.epoch); c != 0 {
		return c
	}
	if c := compareRPM(v.version, o.version); c != 0 {
		return c
	}
	switch {
	case v.released && o.released:
		return compareRPM(v.release, o.release)
	case v.released:
		return 1
	case o.released:
		return -1
	}
	return 0
}

// compareRPM orders two versions or two releases.
func compareRPM(a, b string) int {
	for {
		x, y := segment(&a), segment(&b)
		if x.kind != y.kind {
			return int(x.kind) - int(y.kind)
		}
		c := 0
		switch x.kind {
		case rpmEnd:
			return 0
		case rpmLetters:
			c = strings.Compare(x.text, y.text)
		case rpmNumber:
			c = compareNumbers(x.text, y.text)
		}
		if c != 0 {
			return c
		}
	}
}

// rpmKind is the kind of a segment; kinds are ordered.
type rpmKind uint8

const (
	rpmTilde rpmKind = iota
	rpmEnd
	rpmCaret
	rpmLetters
	rpmNumber
)

// rpmSegment is what counts of a version, one after the other.
type rpmSegment struct {
	kind rpmKind
	text string
}

// segment takes the next segment off the front of s.
func segment(s *string) rpmSegment {
	for t := *s; t != ""; t = t[1:] {
		kind, n := rpmTilde, 1
		switch {
		case t[0] == '~':
		case t[0] == '^':
			kind = rpmCaret
		case isLetter(t[0]):
			kind, n = rpmLetters, span(t, isLetter)
		case isDigit(t[0]):
			kind, n = rpmNumber, span(t, isDigit)
		default:
			continue
		}
		*s = t[n:]
		return rpmSegment{kind, t[:n]}
	}
	*s = ""
	return rpmSegment{kind: rpmEnd}
}
