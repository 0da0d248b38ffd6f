package cpan

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"nacre/fault"
)

// Dist is a distribution's name as its archive spells it: "libwww-perl".
// Case counts. ParseDist makes one that is known to be well formed.
type Dist string

// Author is a PAUSE id, upper case: "AUTHOR".
type Author string

// Module is a Perl package's name: "LWP::UserAgent". Case counts.
type Module string

// maxName bounds the three kinds of name, in bytes. It is what a file name may
// have on the file systems that mirrors use.
const maxName = 255

// archiveSuffixes are endings of archives that people paste as part of a name.
// Longer than what DistnameInfo knows, because a person's mistake is caught
// here, not a file of the archive named.
var archiveSuffixes = [...]string{".tar.gz", ".tar.bz2", ".tar.xz", ".tar.z", ".tgz", ".tbz", ".zip"}

// ParseDist reads a distribution's name. It refuses what no archive can be
// called (empty, longer than 255 bytes, not UTF-8, with blanks, control
// characters, slashes or colons) and what is another kind of name: a module's
// ("Foo::Bar"), a release's ("Foo-Bar-1.23") and an archive's
// ("Foo-Bar-1.23.tar.gz"). The hint of the error says what was meant.
//
// "Foo-5" and "Foo-v2" stay distributions: only a number with a dot in it, at
// the end and after a hyphen, is a version beyond doubt.
func ParseDist(s string) (Dist, error) {
	if strings.Contains(s, "::") {
		return "", fault.New(fault.Invalid, "distribution %s: is a module's name", fault.Quote(s)).
			WithHint("name the distribution that holds the module; it is often %s, but not always", fault.Quote(strings.ReplaceAll(s, "::", "-")))
	}
	if why := badName(s, `/\:`); why != "" {
		return "", fault.New(fault.Invalid, "distribution %s: %s", fault.Quote(s), why).
			WithHint("a distribution's name is that of its archive without version and extension, as in libwww-perl")
	}
	for _, suffix := range archiveSuffixes {
		if n := len(s) - len(suffix); n > 0 && strings.EqualFold(s[n:], suffix) {
			err := fault.New(fault.Invalid, "distribution %s: is an archive's name", fault.Quote(s))
			dist, version, _ := splitDistVersion(s[:n])
			if dist == "" || version == "" {
				return "", err.WithHint("leave out %s", s[n:])
			}
			return "", err.WithHint("the distribution is %s, its version %s", fault.Quote(dist), fault.Quote(version))
		}
	}
	if i := versionSuffix(s); i > 0 {
		return "", fault.New(fault.Invalid, "distribution %s: carries a version", fault.Quote(s)).
			WithHint("the distribution is %s, its version %s", fault.Quote(s[:i]), fault.Quote(s[i+1:]))
	}
	return Dist(s), nil
}

// versionSuffix gives the index of the hyphen before a version at the end of
// s, as in "Foo-Bar-v1.2" and "Foo-1.2-TRIAL", or -1.
func versionSuffix(s string) int {
	end := len(s)
	if i := strings.LastIndex(s, "-TRIAL"); i > 0 && len(strings.TrimLeft(s[i+len("-TRIAL"):], "0123456789")) == 0 {
		end = i
	}
	i := strings.LastIndexByte(s[:end], '-')
	if i < 0 {
		return -1
	}
	v := s[i+1 : end]
	if len(v) > 0 && (v[0] == 'v' || v[0] == 'V') {
		v = v[1:]
	}
	whole, rest, dotted := strings.Cut(v, ".")
	if !dotted || whole == "" || rest == "" || !isDigit(rest[0]) || strings.Trim(whole, "0123456789") != "" || strings.Trim(rest, "0123456789._") != "" {
		return -1
	}
	return i
}

// ParseAuthor reads a PAUSE id: an upper-case letter, then one to eight
// upper-case letters, digits or hyphens. Lower case is refused, not mended.
func ParseAuthor(s string) (Author, error) {
	if validAuthor(s) {
		return Author(s), nil
	}
	err := fault.New(fault.Invalid, "author %s: is not a PAUSE id", fault.Quote(s))
	if up := strings.ToUpper(s); validAuthor(up) {
		return "", err.WithHint("PAUSE ids are upper case: %s", up)
	}
	return "", err.WithHint("a PAUSE id has two to nine upper-case letters, digits or hyphens, as in AUTHOR")
}

func validAuthor(s string) bool {
	if len(s) < 2 || len(s) > 9 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; (c < 'A' || c > 'Z') && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

// ParseModule reads a module's name: identifiers joined by "::", or by the old
// "'", of which the first does not begin with a digit. Letters and digits of
// all scripts count, because Perl's do under "use utf8".
func ParseModule(s string) (Module, error) {
	if validModule(s) {
		return Module(s), nil
	}
	why := badName(s, "")
	if why == "" {
		why = "is not a module's name"
	}
	err := fault.New(fault.Invalid, "module %s: %s", fault.Quote(s), why)
	if m := strings.ReplaceAll(strings.TrimSuffix(s, ".pm"), "/", "::"); m != s && validModule(m) {
		return "", err.WithHint("the module of that file is %s", m)
	}
	if m := strings.ReplaceAll(s, "-", "::"); m != s && validModule(m) {
		return "", err.WithHint("it may be a distribution's name; a module's has :: where that has a hyphen")
	}
	return "", err.WithHint("a module's name is made of identifiers joined by ::, as in Foo::Bar")
}

func validModule(s string) bool {
	if s == "" || len(s) > maxName {
		return false
	}
	start := true // at the start of an identifier
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case isWord(c):
			if i == 0 && isDigit(c) {
				return false
			}
			start = false
			i++
		case c == ':' && !start && i+1 < len(s) && s[i+1] == ':':
			start = true
			i += 2
		case c == '\'' && !start:
			start = true
			i++
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r)) {
				return false
			}
			start = false
			i += n
		default:
			return false
		}
	}
	return !start
}

// DistFromModule guesses the distribution of a module by its name: "::"
// becomes "-". It is often right and sometimes wrong (LWP::UserAgent is in
// libwww-perl, Cwd in PathTools), so an answer made by it is called a guess;
// Resolver asks better sources first.
func DistFromModule(m Module) Dist {
	return Dist(strings.ReplaceAll(strings.ReplaceAll(string(m), "::", "-"), "'", "-"))
}

// ModuleFromDist guesses the main module of a distribution by its name, as
// DistFromModule does the other way round, and as often wrongly: libwww-perl has
// LWP.
func ModuleFromDist(d Dist) Module {
	return Module(strings.ReplaceAll(string(d), "-", "::"))
}

// badName says why s cannot be a name at all, or "". refused are further
// ASCII characters that it must not have.
func badName(s, refused string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxName:
		return "is longer than 255 bytes (limit: name length)"
	case !utf8.ValidString(s):
		return "is not UTF-8"
	}
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			return "has a blank in it"
		case !unicode.IsGraphic(r):
			return "has a character in it that cannot be seen"
		case strings.ContainsRune(refused, r):
			return "has a " + string(r) + " in it"
		}
	}
	return ""
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }
