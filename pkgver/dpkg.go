package pkgver

import (
	"strings"
)

// Dpkg is a version of a Debian package:
//
//	[epoch:]upstream[-revision]
//
// Upstream and revision are compared in turn of what is no digit and of
// numbers. In what is no digit, ~ sorts before the end, the end before
// letters, letters before all else. A missing revision is as good as 0.
type Dpkg struct {
	text                      string
	epoch, upstream, revision string
}

// maxEpoch is the greatest epoch that dpkg takes, a C int.
const maxEpoch = "2147483647"

// ParseDpkg reads a version as dpkg does. One that does not begin with a digit
// is taken, as dpkg takes it with a warning.
func ParseDpkg(s string) (Dpkg, error) {
	if err := checkLength("dpkg", s); err != nil {
		return Dpkg{}, err
	}
	v := Dpkg{text: s, upstream: s}
	if epoch, rest, ok := strings.Cut(s, ":"); ok {
		if epoch == "" || span(epoch, isDigit) < len(epoch) || compareNumbers(epoch, maxEpoch) > 0 {
			return Dpkg{}, refused("dpkg", s, "its epoch is no number")
		}
		v.epoch, v.upstream = epoch, rest
	}
	if at := strings.LastIndexByte(v.upstream, '-'); at >= 0 {
		v.upstream, v.revision = v.upstream[:at], v.upstream[at+1:]
		if v.revision == "" {
			return Dpkg{}, refused("dpkg", s, "its revision is empty")
		}
	}
	if v.upstream == "" {
		return Dpkg{}, refused("dpkg", s, "its upstream version is empty")
	}
	for _, part := range []struct{ text, also string }{{v.upstream, ".-+~:"}, {v.revision, ".+~"}} {
		for i := range len(part.text) {
			if c := part.text[i]; !isDigit(c) && !isLetter(c) && strings.IndexByte(part.also, c) < 0 {
				return Dpkg{}, refused("dpkg", s, "it holds a character that no version has")
			}
		}
	}
	return v, nil
}

// String gives the version as it was read.
func (v Dpkg) String() string { return v.text }

// Compare orders two versions.
func (v Dpkg) Compare(o Dpkg) int {
	if c := compareNumbers(v.epoch, o.epoch); c != 0 {
		return c
	}
	if c := compareDpkg(v.upstream, o.upstream); c != 0 {
		return c
	}
	return compareDpkg(v.revision, o.revision)
}

// compareDpkg orders two upstream versions or two revisions.
func compareDpkg(a, b string) int {
	for a != "" || b != "" {
		for a != "" && !isDigit(a[0]) || b != "" && !isDigit(b[0]) {
			x, y := weight(a), weight(b)
			if x != y {
				return x - y
			}
			a, b = a[1:], b[1:] // neither ends here: the end's weight is a digit's alone
		}
		n, m := span(a, isDigit), span(b, isDigit)
		if c := compareNumbers(a[:n], b[:m]); c != 0 {
			return c
		}
		a, b = a[n:], b[m:]
	}
	return 0
}

// weight orders the first character of what is no number.
func weight(s string) int {
	switch {
	case s == "" || isDigit(s[0]):
		return 0
	case s[0] == '~':
		return -1
	case isLetter(s[0]):
		return int(s[0])
	}
	return int(s[0]) + 256
}
