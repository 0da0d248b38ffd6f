package cpan

import (
	"strconv"
	"strings"
)

// Release is one archive of a distribution, as its path names it. A field that
// the path does not tell is empty.
type Release struct {
	Author    Author // known only where the path goes through the author's folder
	Dist      Dist   // as cut from the file name, which nobody checked: ParseDist does
	Version   string // as spelled in the file name; "" is unknown
	Developer bool   // a developer release, which PAUSE does not index
	Path      string // below authors/id: "A/AU/AUTHOR/Foo-1.0.tar.gz"; "" without author
	File      string // below the author's folder, or the whole path without author
	Ext       string // as spelled: "tar.gz"; "" where the file is no archive
}

// ParsePath reads the path of an archive, below authors/id or with that and
// anything in front of it, as CPAN::DistnameInfo 0.12 does. It never fails:
// what the path does not tell stays empty. In a path without the author's two
// leading folders, or with folders that do not fit the author, the author is
// unknown.
func ParsePath(path string) Release {
	path = collapseSlashes(path)
	r := Release{File: path}
	if author, file, ok := cutAuthorArea(path); ok {
		r.Author, r.File = Author(author), file
		r.Path = author[:1] + "/" + author[:2] + "/" + author + "/" + file
	}
	base, ext := cutExt(path)
	if ext == "" {
		return r
	}
	dist, version, dev := splitDistVersion(base)
	r.Dist, r.Version, r.Developer, r.Ext = Dist(dist), version, dev, ext
	return r
}

// DistVersion gives the release's own name, "Foo-1.0": that of the file
// without extension, or else the distribution and its version. It is "" where
// neither is known.
func (r Release) DistVersion() string {
	if r.Ext != "" {
		base, _ := cutExt(r.File)
		return base
	}
	if r.Dist == "" || r.Version == "" {
		return string(r.Dist)
	}
	return string(r.Dist) + "-" + r.Version
}

func collapseSlashes(s string) string {
	if !strings.Contains(s, "//") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		if s[i] != '/' || i == 0 || s[i-1] != '/' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// area is the folder that all authors' folders are in.
const area = "authors/id/"

// cutAuthorArea cuts the author's folder and all before it off path. The first
// place on one line where "/authors/id/" leads to an author's folder counts,
// then the beginning of the path with that, with "id/", or with nothing before.
func cutAuthorArea(path string) (author, file string, ok bool) {
	for i := 0; i < len(path) && path[i] != '\n'; i++ {
		if path[i] != '/' {
			continue
		}
		if rest, found := strings.CutPrefix(path[i+1:], area); found {
			if author, file, ok = cutAuthor(rest); ok {
				return author, file, true
			}
		}
	}
	for _, prefix := range [...]string{area, "id/"} {
		if rest, found := strings.CutPrefix(path, prefix); found {
			if author, file, ok = cutAuthor(rest); ok {
				return author, file, true
			}
		}
	}
	return cutAuthor(path)
}

// cutAuthor cuts "A/AU/AUTHOR/" off the front of s.
func cutAuthor(s string) (author, file string, ok bool) {
	if len(s) < len("A/AU/AU/") || s[1] != '/' || s[4] != '/' || s[0] != s[2] || s[2:4] != s[5:7] ||
		!isUpper(s[2]) || !isUpper(s[3]) {
		return "", "", false
	}
	i := 7
	for i < len(s) && (isUpper(s[i]) || isDigit(s[i]) || s[i] == '-') {
		i++
	}
	if i == len(s) || s[i] != '/' {
		return "", "", false
	}
	return s[5:i], s[i+1:], true
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// extensions are those of archives that DistnameInfo knows. No two of them can
// end the same name.
var extensions = [...]string{"tar.gz", "tar.z", "tar.bz2", "zip", "tgz"}

// cutExt gives the archive's base name and its extension as spelled, which is
// "" where the path's last part is no archive. A final line feed is passed over.
func cutExt(path string) (base, ext string) {
	s := strings.TrimSuffix(path, "\n")
	s = s[strings.LastIndexByte(s, '/')+1:]
	for _, e := range extensions {
		n := len(s) - len(e)
		if n > 1 && s[n-1] == '.' && equalFoldASCII(s[n:], e) {
			return s[:n-1], s[n:]
		}
	}
	return "", ""
}

// equalFoldASCII compares s with the lower-case text low. strings.EqualFold
// would also take letters of other scripts for ASCII ones.
func equalFoldASCII(s, low string) bool {
	for i := range len(low) {
		c := s[i]
		if isUpper(c) {
			c |= 0x20
		}
		if c != low[i] {
			return false
		}
	}
	return len(s) == len(low)
}

// aboveSixAndOdd judges a number of any length as Perl does: beyond 64 bits it
// is a float, whose bits are all set where one is asked for.
func aboveSixAndOdd(digits string) bool {
	n, err := strconv.ParseUint(digits, 10, 64)
	return err != nil || n > 6 && n&1 == 1
}

func atLeastFifty(digits string) bool {
	n, err := strconv.ParseUint(digits, 10, 64)
	return digits != "" && (err != nil || n >= 50)
}
