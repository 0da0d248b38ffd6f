package pattern

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// Texts that are patterns by wish, or that whoever sets up a program chooses.

// setters are subs that a program hands its settings to.
var setters = []string{"new", "init", "_init", "initialize", "BUILD", "BUILDARGS", "configure", "import", "setup", "register", "config"}

// setUp reports whether a value came with the making of an object.
func setUp(f *audit.File, s input.Source) bool {
	return s.Who == input.Caller && s.From.Sub != 0 && slices.Contains(setters, audit.Unqualified(f.Tree.Sub(s.From.Sub).Name))
}

var (
	// onlyValue is a pattern of nothing but a value.
	onlyValue = lazyregexp.New(`\A\(?\$\{?[\w>{}\[\]'"-]+\}?\)?\z`)
	// regular is how documentation and remarks speak of patterns.
	regular = lazyregexp.New(`(?i)(?:^|[^$@%>{\w])(?:regular[ -]expressions?|reg(?:ex|exp)(?:es|s)?)\b`)
)

// How far from a name the word for patterns may be, and how many are looked at.
const (
	nearName  = 200
	maxSpoken = 50
)

// documented reports whether the documentation or a remark near a name says that it
// is a pattern.
func documented(f *audit.File, name string) bool {
	if len(name) < 3 {
		return false
	}
	for _, at := range spoken(f) {
		start, end := max(0, at[0]-nearName), min(len(f.Src), at[1]+nearName)
		if strings.Contains(strings.ToLower(string(f.Src[start:end])), strings.ToLower(name)) {
			return true
		}
	}
	return false
}

type spokenKey struct{}

// spoken gives where a file's documentation and remarks speak of patterns.
func spoken(f *audit.File) [][]int {
	return f.Memo(spokenKey{}, func() any {
		return slices.DeleteFunc(regular.FindAllSubmatchIndex(f.Src, maxSpoken), func(at []int) bool { return !remark(f.Src, at[1]-1) })
	}).([][]int)
}

// remark reports whether a place of a source is in a comment or in documentation,
// by the line's beginning: no code begins with a word and goes on in words.
func remark(src []byte, at int) bool {
	line := src[bytes.LastIndexByte(src[:at], '\n')+1 : at]
	return bytes.IndexByte(line, '#') >= 0 || !bytes.ContainsAny(line, "$;{}=~")
}

// endsLine is a repeated part that a line end must stand behind, and that takes all
// but line ends.
var endsLine = lazyregexp.New(`\[\^(?:\\n|\\012|\\r\\n)\][*+][\s\S]*\)[*+]\s*\)?\s*(?:\\n|\\012|\\x0[aA])`)

// ofLines reports whether a pattern fails on a text without a line end alone, where
// its texts are lines of a mail or a request.
func ofLines(f *audit.File, n perlsrc.NodeID, text string) bool {
	return endsLine.MatchString(text) && wordsIn([]string{"header", "headers", "lines", "line", "mime", "mail"}, f.SubName(n))
}
