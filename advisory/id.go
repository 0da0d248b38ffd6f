package advisory

import (
	"slices"
	"strings"

	"nacre/fault"
)

// ID is the name of an advisory: "CVE-2020-16154",
// "CPANSA-App-cpanminus-2020-01", "GHSA-m92x-373g-xc36". Ids are compared
// without regard to case.
type ID string

// maxID is the longest id that is read, in bytes. The longest in use is a
// CPANSA id with a distribution's and a library's name in it, under 80.
const maxID = 200

// ParseID reads an id. Blanks around it are dropped; CVE and GHSA ids come
// back in their canonical spelling, all others as they are. An id that is
// empty, too long or holds blanks, control characters or a path separator is
// refused.
func ParseID(s string) (ID, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", fault.New(fault.Invalid, "advisory id is empty")
	case len(s) > maxID:
		return "", fault.New(fault.Invalid, "advisory id %.40q... is longer than %d bytes (limit: id length)", s, maxID)
	}
	for _, c := range s {
		if c <= ' ' || c == 0x7f || c == '/' || c == '\\' || c == 0xfffd {
			return "", fault.New(fault.Invalid, "advisory id %q holds %q", s, c)
		}
	}
	if isCVE(s) {
		return ID(strings.ToUpper(s)), nil
	}
	if len(s) > 5 && strings.EqualFold(s[:5], "GHSA-") {
		return ID("GHSA-" + strings.ToLower(s[5:])), nil
	}
	return ID(s), nil
}

// isCVE reports whether s is CVE-YYYY-NNNN with at least four digits, in any
// case.
func isCVE(s string) bool {
	if len(s) < 13 || !strings.EqualFold(s[:4], "CVE-") || s[8] != '-' {
		return false
	}
	for i, c := range []byte(s[4:]) {
		if (c < '0' || c > '9') && i != 4 {
			return false
		}
	}
	return true
}

// IsCVE reports whether the id is a CVE id.
func (id ID) IsCVE() bool { return isCVE(string(id)) }

// IsCPANSA reports whether the id is one of the CPAN Security Advisory
// database.
func (id ID) IsCPANSA() bool { return len(id) > 7 && strings.EqualFold(string(id[:7]), "CPANSA-") }

// Key is the id as maps and comparisons use it.
func (id ID) Key() string { return strings.ToLower(string(id)) }

// Equal compares two ids.
func (id ID) Equal(other ID) bool { return strings.EqualFold(string(id), string(other)) }

// SortIDs sorts ids: CVE first, then CPANSA, then the rest, each by text, and
// drops the ones that are equal to one before them.
func SortIDs(ids []ID) []ID {
	rank := func(id ID) int {
		switch {
		case id.IsCVE():
			return 0
		case id.IsCPANSA():
			return 1
		}
		return 2
	}
	slices.SortFunc(ids, func(a, b ID) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if d := strings.Compare(a.Key(), b.Key()); d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
	return slices.CompactFunc(ids, ID.Equal)
}
