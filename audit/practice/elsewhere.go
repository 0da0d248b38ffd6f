package practice

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// reasons are words of comments that say why nothing more is looked at.
var reasons = []string{
	"trust", "trusted", "trustworthy", "checked", "validated", "verified", "already", "safe", "harmless", "known", "ours", "vetted", "sanitized", "sanitised", "constructed", "generated",
}

// saysWhy reports whether a comment on the line of a node, or on one of the three
// before it, says why a value may be taken as it is. "Not safe" is no reason.
func saysWhy(f *audit.File, n perlsrc.NodeID) bool {
	line := f.Tree.Line(n)
	tokens := f.Tree.Tokens[:f.Tree.Outer]
	first, _ := slices.BinarySearchFunc(tokens, line-3, func(tok perlsrc.Token, line int) int { return tok.Line - line })
	for _, tok := range tokens[first:] {
		if tok.Line > line {
			return false
		}
		if tok.Kind != perlsrc.Comment {
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(string(tok.Text(f.Src))), func(r rune) bool { return r < 'a' || r > 'z' })
		if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(reasons, w) }) &&
			!slices.ContainsFunc(words, func(w string) bool {
				return slices.Contains([]string{"not", "don", "never", "fixme", "todo", "xxx", "isn", "should", "assume"}, w)
			}) {
			return true
		}
	}
	return false
}

// asks are words of functions that look whether a value is good.
var asks = []string{"check", "checks", "valid", "validate", "verify", "safe", "sane", "sanity", "secure", "allowed", "permitted", "assert", "authorized", "legal", "acceptable"}

// maxCalls bounds the calls that are looked at for one that looks at a value.
const maxCalls = 1000

// wasAsked reports whether a function that looks at values was called for what a
// pattern is asked about, before it in the same sub.
func wasAsked(f *audit.File, n, asked perlsrc.NodeID) bool {
	t := f.Tree
	text := string(t.Text(asked))
	if !strings.HasPrefix(text, "$") {
		return false
	}
	scope := t.EnclosingSub(n)
	before, _ := t.Span(n)
	left := maxCalls
	for call := range t.All(scope, perlsrc.CallNode) {
		if left--; left < 0 {
			return false
		}
		if start, _ := t.Span(call); start >= before || t.EnclosingSub(call) != scope {
			continue
		}
		name := audit.Unqualified(t.Callee(call))
		if name != "-o" && name != "-O" && name != "-W" && !slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(asks, w) }) {
			continue
		}
		for arg := range t.Args(call) {
			if string(t.Text(arg)) == text {
				return true
			}
		}
	}
	return false
}

// isKept reports whether a value was put into an object on its way.
func isKept(s input.Source) bool {
	return slices.ContainsFunc(s.Steps, func(step audit.Step) bool { return strings.Contains(step.What, " the object's ") })
}
