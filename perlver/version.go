package perlver

import (
	"slices"
	"strconv"
	"strings"
)

// Version is one version number. The zero value is no version; every other
// value comes out of Parse. Compare versions with Compare or Equal: two
// versions of the same place in the order may differ in text.
type Version struct {
	text  string         // as it was given
	head  [inHead]uint32 // the first components
	more  []uint32       // those after head, without zeros at the end
	n     uint32         // how many components there are
	flags flag
}

// inHead is how many components need no allocation of their own; all but a
// handful of the versions of CPAN have at most so many.
const inHead = 4

type flag uint8

const (
	dotted   flag = 1 << iota // version.pm's is_qv
	alpha                     // has an underscore
	overflow                  // a component was clamped
	trailing                  // text after the version was ignored
	nul                       // text after a NUL byte was ignored
)

const warned = overflow | trailing | nul

// maxComponent is the largest component of version.pm, which clamps to it.
const maxComponent = 1<<31 - 1

// push adds a component.
func (v *Version) push(c uint32) {
	if v.n < inHead {
		v.head[v.n] = c
	} else {
		v.more = append(v.more, c)
	}
	v.n++
}

// finish gives a dotted version its three components, and drops the zeros
// from the end of more: at gives them all the same, and compare need not look
// beyond the shorter of two versions.
func (v *Version) finish() {
	for v.flags&dotted != 0 && v.n < 3 {
		v.push(0)
	}
	n := len(v.more)
	for n > 0 && v.more[n-1] == 0 {
		n--
	}
	v.more = v.more[:n]
}

// at is component i, and 0 beyond the last.
func (v *Version) at(i int) uint32 {
	switch {
	case i < inHead:
		return v.head[i] // those that are not set are 0
	case i-inHead < len(v.more):
		return v.more[i-inHead]
	}
	return 0
}

// IsZero says that v is no version at all; the version 0 is one.
func (v Version) IsZero() bool { return v.n == 0 }

// String is the text that v was parsed from, unchanged.
func (v Version) String() string { return v.text }

// IsDotted says that v is a dotted version: v1.2 or 1.2.3, not 1.2.
func (v Version) IsDotted() bool { return v.flags&dotted != 0 }

// IsAlpha says that v has an underscore, as trial releases do.
func (v Version) IsAlpha() bool { return v.flags&alpha != 0 }

// Compare is -1 where v comes before w, 0 where both have the same place, and
// +1 where v comes after w. A zero Version has the place of version 0.
func (v Version) Compare(w Version) int { return compare(&v, &w) }

// Equal says that v and w have the same place in the order: 1.10 and 1.1 do.
func (v Version) Equal(w Version) bool { return compare(&v, &w) == 0 }

func compare(v, w *Version) int {
	for i := range inHead {
		if a, b := v.head[i], w.head[i]; a != b {
			if a < b {
				return -1
			}
			return 1
		}
	}
	return slices.Compare(v.more, w.more) // neither ends in a zero, so the longer one is greater
}

// Normal is version.pm's normal form: v, and three components or more joined
// by dots. 1.2 is v1.200.0.
func (v Version) Normal() string {
	b := make([]byte, 0, 24)
	for i := range max(int(v.n), 3) {
		if i == 0 {
			b = append(b, 'v')
		} else {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(v.at(i)), 10)
	}
	return string(b)
}

// Numify is version.pm's numeric form: v1.2.3 is 1.002003. It cannot be read
// back where a component is above 999.
func (v Version) Numify() string {
	b := strconv.AppendUint(make([]byte, 0, 24), uint64(v.at(0)), 10)
	b = append(b, '.')
	for i := 1; i < max(int(v.n), 2); i++ {
		c := v.at(i)
		if c < 100 {
			b = append(b, '0')
		}
		if c < 10 {
			b = append(b, '0')
		}
		b = strconv.AppendUint(b, uint64(c), 10)
	}
	return string(b)
}

// Key is the same text for versions that are equal and different texts for
// those that are not, for use as the key of a map: the components joined by
// dots, without zeros at the end. It is empty for the zero Version only.
func (v Version) Key() string {
	if v.IsZero() {
		return ""
	}
	n := int(v.n)
	for n > 1 && v.at(n-1) == 0 {
		n--
	}
	b := make([]byte, 0, 24)
	for i := range n {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(v.at(i)), 10)
	}
	return string(b)
}

// Warnings says what was accepted with a doubt; nil where nothing was.
func (v Version) Warnings() []string {
	if v.flags&warned == 0 {
		return nil
	}
	var w []string
	if v.flags&overflow != 0 {
		w = append(w, "a number above 2147483647 is read as 2147483647, and what follows it is dropped")
	}
	if v.flags&trailing != 0 {
		_, rest, _ := scan(v.text)
		w = append(w, "ignored after the version: "+quote(rest))
	}
	if v.flags&nul != 0 {
		w = append(w, "ignored from the NUL byte on")
	}
	return w
}

// mostQuoted is how much of a text stands in a message, in bytes.
const mostQuoted = 64

// quote is s in quotes and on one line, cut where it is long, for a message.
func quote(s string) string {
	if len(s) > mostQuoted {
		return strconv.Quote(s[:mostQuoted]) + "..."
	}
	return strconv.Quote(s)
}

// brief is s for a message, cut where it is long: the text of what was read
// already, which needs no quotes.
func brief(s string) string {
	if len(s) > mostQuoted {
		return s[:mostQuoted] + "..."
	}
	return s
}

// join puts messages into one.
func join(messages []string) string { return strings.Join(messages, "; ") }
