// Package pkgver orders the versions of operating systems' packages as dpkg,
// apk and rpm do. Each has a grammar and an order of its own, and none is that
// of Perl's versions:
//
//	dpkg  1:5.36.0-7+deb12u1   epoch, upstream version, revision
//	apk   5.38.2_rc1-r0        numbers, letter, suffixes, hash, revision
//	rpm   4:5.32.1-481.el9     epoch, version, release
//
// Parsing keeps a version's text; String gives it back. What a package manager
// would refuse is refused here.
//
// Promised: Compare orders totally, and as the package manager does. Not
// promised: that two versions which compare as equal are spelled the same.
//
// Sources: Debian Policy 5.6.12 and deb-version(7); apk-package(5) and the test
// cases of apk-tools 2 and 3, which agree on versions that can be built;
// rpm-version(7).
package pkgver

import (
	"strings"

	"nacre/fault"
)

// maxVersion is the longest version that is read, in bytes. Debian's archive
// has none above 80.
const maxVersion = 1 << 10

// Compare orders two versions as a package manager does, "dpkg", "apk" or
// "rpm": below 0 where a is before b, 0 where neither is, above 0 otherwise. A
// version that the manager would refuse is an error, and so is another name of
// a manager.
func Compare(manager, a, b string) (int, error) {
	switch manager {
	case "dpkg":
		return compare(ParseDpkg, a, b)
	case "apk":
		return compare(ParseAPK, a, b)
	case "rpm":
		return compare(ParseRPM, a, b)
	}
	return 0, fault.New(fault.Invalid, "package manager %.40q is none of dpkg, apk and rpm", manager)
}

func compare[V interface{ Compare(V) int }](parse func(string) (V, error), a, b string) (int, error) {
	x, err := parse(a)
	if err != nil {
		return 0, err
	}
	y, err := parse(b)
	if err != nil {
		return 0, err
	}
	return x.Compare(y), nil
}

// refused is the error of a version that a manager would not take.
func refused(manager, version, why string) error {
	return fault.New(fault.Invalid, "%s version %.80q: %s", manager, version, why)
}

// checkLength refuses what is empty or too long.
func checkLength(manager, version string) error {
	switch {
	case version == "":
		return refused(manager, version, "is empty")
	case len(version) > maxVersion:
		return fault.New(fault.Invalid, "%s version %.40q... is longer than %d bytes (limit: version length)", manager, version, maxVersion)
	}
	return nil
}

// compareNumbers orders two runs of digits of any length by value.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// span is how many bytes at the front of s are in a set.
func span(s string, in func(byte) bool) int {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}
	return n
}
