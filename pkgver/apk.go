package pkgver

import (
	"slices"
	"strings"
)

// APK is a version of an Alpine package:
//
//	number{.number}[letter]{_suffix[number]}[~hash][-r number]
//
// The suffixes alpha, beta, pre and rc are before the version without one; cvs,
// svn, git, hg and p after it. A number behind a point that begins with 0 is
// compared as text, as a decimal place would be: 1.07 is before 1.1.
type APK struct {
	text  string
	parts []apkPart
}

// apkKind is the kind of a part. Where one version goes on and the other ends
// or goes on with a part of a higher kind, the lower kind is the greater
// version, but for a suffix of a version that is not out yet.
type apkKind uint8

const (
	apkFirst    apkKind = iota // the first number
	apkNumber                  // one behind a point
	apkLetter                  // a to z
	apkSuffix                  // number is its place in apkSuffixes
	apkCount                   // the number of a suffix
	apkHash                    // hexadecimal digits
	apkRevision                // the number behind -r
	apkEnd
)

// apkPart is one part of a version.
type apkPart struct {
	kind   apkKind
	text   string
	suffix int
}

// apkSuffixes are the suffixes in order; those before apkReleased precede the
// version that they are of.
var apkSuffixes = [...]string{"alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"}

const apkReleased = 4

// ParseAPK reads a version.
func ParseAPK(s string) (APK, error) {
	if err := checkLength("apk", s); err != nil {
		return APK{}, err
	}
	v := APK{text: s}
	rest := s
	take := func(kind apkKind, in func(byte) bool) bool {
		n := span(rest, in)
		v.parts = append(v.parts, apkPart{kind: kind, text: rest[:n]})
		rest = rest[n:]
		return n > 0
	}
	after := func(prefix string) (ok bool) {
		rest, ok = strings.CutPrefix(rest, prefix)
		return ok
	}
	bad := func(why string) (APK, error) { return APK{}, refused("apk", s, why) }

	if !take(apkFirst, isDigit) {
		return bad("it does not begin with a number")
	}
	for after(".") {
		if !take(apkNumber, isDigit) {
			return bad("a point has no number behind it")
		}
	}
	if rest != "" && isLower(rest[0]) {
		v.parts = append(v.parts, apkPart{kind: apkLetter, text: rest[:1]})
		rest = rest[1:]
	}
	for after("_") {
		n := span(rest, isLower)
		suffix := slices.Index(apkSuffixes[:], rest[:n])
		if suffix < 0 {
			return bad("a suffix is none that apk knows")
		}
		v.parts = append(v.parts, apkPart{kind: apkSuffix, text: rest[:n], suffix: suffix})
		if rest = rest[n:]; rest != "" && isDigit(rest[0]) {
			take(apkCount, isDigit)
		}
	}
	if after("~") && !take(apkHash, isHex) {
		return bad("its hash is empty")
	}
	if after("-r") && !take(apkRevision, isDigit) {
		return bad("its revision is no number")
	}
	if rest != "" {
		return bad("what follows is no part of a version")
	}
	v.parts = append(v.parts, apkPart{kind: apkEnd})
	return v, nil
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' }

// String gives the version as it was read.
func (v APK) String() string { return v.text }

// Compare orders two versions.
func (v APK) Compare(o APK) int {
	for i := range min(len(v.parts), len(o.parts)) {
		a, b := v.parts[i], o.parts[i]
		if a.kind == b.kind {
			if c := a.compare(b); c != 0 {
				return c
			}
			continue
		}
		switch early, late := a.precedes(), b.precedes(); {
		case early:
			return -1
		case late:
			return 1
		}
		return int(b.kind) - int(a.kind)
	}
	// Both end with the same part, or one is the zero APK.
	return len(v.parts) - len(o.parts)
}

// precedes says whether what has this part is before what ends there.
func (p apkPart) precedes() bool { return p.kind == apkSuffix && p.suffix < apkReleased }

// compare orders two parts of one kind.
func (p apkPart) compare(o apkPart) int {
	switch p.kind {
	case apkSuffix:
		return p.suffix - o.suffix
	case apkFirst, apkCount, apkRevision:
		return compareNumbers(p.text, o.text)
	case apkNumber:
		if p.text[0] != '0' && o.text[0] != '0' {
			return compareNumbers(p.text, o.text)
		}
	}
	return strings.Compare(p.text, o.text)
}
