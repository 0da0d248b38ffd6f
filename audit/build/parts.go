package build

import (
	"bytes"
	_ "embed"
	"strings"

	"nacre/audit"
	"nacre/perlsrc/facts"
)

//go:embed parts.txt
var partsText string

// maxParts bounds the bytes that are read for the words of parts.
const maxParts = 64 << 20

// partUsed reports whether a release may use the part of a module that has the
// flaws: one of its words stands in the code that is installed, or there is none to
// look at. A module without words is used where it is required.
func partUsed(rel *audit.Release, module string) bool {
	var words [][]byte
	for line := range strings.Lines(partsText) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == module {
			for _, w := range f[1:] {
				words = append(words, []byte(w))
			}
		}
	}
	if words == nil {
		return true
	}
	left, looked := int64(maxParts), false
	for _, name := range rel.Files {
		if role := audit.RoleOf(name, nil); role != audit.Library && role != audit.Program || facts.ByName(name) && !facts.IsPerl(name, nil) {
			continue
		}
		src, err := rel.ReadFile(name, min(left, audit.MaxFile))
		if left -= int64(len(src)); err != nil || left <= 0 {
			return true // not all was looked at
		}
		looked = true
		for _, w := range words {
			if holdsWord(src, w) {
				return true
			}
		}
	}
	return !looked
}

// holdsWord reports whether a word stands in a source with no letter around it.
func holdsWord(src, word []byte) bool {
	for at := 0; ; {
		i := bytes.Index(src[at:], word)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(word)
		if (i == 0 || !isWord(src[i-1])) && (end == len(src) || !isWord(src[end])) {
			return true
		}
		at = i + 1
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
