package build

import (
	"bytes"
	_ "embed"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
)

//go:embed parts.txt
var partsText string

// maxParts bounds the bytes that are read for the words of parts.
const maxParts = 64 << 20

// parts reads partsText: the words of a flaw's part, by the flaw's id or its module.
func parts() map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(partsText) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			all[f[0]] = f[1:]
		}
	}
	return all
}

// uses tells which flaws are in a part of a module that a release may use: one of
// the part's words stands in the code that is installed. known is false where there
// is no code to look at, or not all of it was looked at.
func uses(rel *audit.Release, flaws []flaw) (used map[flaw]bool, known bool) {
	if len(flaws) == 0 {
		return nil, true
	}
	words, used := parts(), map[flaw]bool{}
	wordsOf := func(f flaw) []string {
		if w := words[f.id]; w != nil {
			return w
		}
		if w := words[f.name]; w != nil {
			return w
		}
		return []string{f.name}
	}
	left := int64(maxParts)
	for _, name := range rel.Files {
		if role := audit.RoleOf(name, nil); role != audit.Library && role != audit.Program || facts.ByName(name) && !facts.IsPerl(name, nil) {
			continue
		}
		src, err := rel.ReadFile(name, min(left, audit.MaxFile))
		if left -= int64(len(src)); err != nil || left <= 0 {
			return used, false
		}
		if !facts.IsPerl(name, src[:min(len(src), facts.Head)]) {
			continue
		}
		known = true
		src = code(src)
		for _, f := range flaws {
			for _, w := range wordsOf(f) {
				used[f] = used[f] || holdsWord(src, w)
			}
		}
	}
	return used, known
}

// code gives a source with blanks where it holds documentation or comments.
func code(src []byte) []byte {
	out := bytes.Clone(src)
	for s := perlsrc.NewScanner(src); ; {
		t, ok := s.Next()
		if !ok {
			return out
		}
		if t.Kind == perlsrc.Pod || t.Kind == perlsrc.Comment {
			for i := t.Start; i < t.End; i++ {
				out[i] = ' '
			}
		}
	}
}

// holdsWord reports whether a word stands in a source with no letter around it, and
// behind an arrow only where it is written with one.
func holdsWord(src []byte, word string) bool {
	name, method := strings.CutPrefix(word, "->")
	for at := 0; ; {
		i := bytes.Index(src[at:], []byte(name))
		if i < 0 {
			return false
		}
		i += at
		end := i + len(name)
		if (i == 0 || !isWord(src[i-1])) && (end == len(src) || !isWord(src[end])) && bytes.HasSuffix(src[:i], []byte("->")) == method {
			return true
		}
		at = i + 1
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
