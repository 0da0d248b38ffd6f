package facts

import (
	"bytes"
	"path"
	"strings"
)

// Head is how many bytes of a file IsPerl wants to see.
const Head = 128

// IsPerl reports whether a file is Perl source: by its ending (.pm .pl .PL .t
// .psgi .pod .al .plx .cgi .fcgi), or, where its name has none, by a first line
// that asks for perl. head is the file's beginning, and is looked at only
// where ByName says so.
func IsPerl(name string, head []byte) bool {
	isPerl, byName := byEnding(name)
	if byName {
		return isPerl
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.HasPrefix(line, []byte("#!")) && bytes.Contains(line, []byte("perl"))
}

// ByName reports whether a file's name alone tells what IsPerl asks.
func ByName(name string) bool {
	_, byName := byEnding(name)
	return byName
}

func byEnding(name string) (isPerl, byName bool) {
	switch path.Ext(name) {
	case ".pm", ".pl", ".PL", ".t", ".psgi", ".pod", ".al", ".plx":
		return true, true
	case "", ".cgi", ".fcgi":
		return false, strings.HasPrefix(path.Base(name), ".")
	}
	return false, true
}
