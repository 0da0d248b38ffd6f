package audit

import (
	"slices"
	"sort"
	"strings"

	"nacre/perlsrc"
)

// way makes the steps of a finding readable: what is said twice, of where a value
// comes from and of what it is assigned to there, is said once; and a step in
// another sub than the finding's names it.
func (f *File) way(steps []Step, line int, sub string) []Step {
	if len(steps) > maxWay {
		steps = append(slices.Clone(steps[:maxWay-1]), steps[len(steps)-1])
	}
	var out []Step
	for _, s := range steps {
		if i := len(out) - 1; i >= 0 && repeats(out[i], s) {
			continue
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for i, s := range out {
		name := f.subAt(s.Line)
		switch {
		case name == "" || name == sub || s.Line == line || hasWord(s.What, name):
		case s.What == f.Line(s.Line):
			out[i].What += " (in " + name + ")"
		default:
			out[i].What += " in " + name
		}
	}
	return out
}

// maxWay bounds the steps that are looked at.
const maxWay = 64

// repeats reports whether a step only says that a value gets the name by which the
// step before calls it: the argument $x of foo, assigned to $x.
func repeats(before, s Step) bool {
	name, ok := strings.CutPrefix(s.What, "assigned to ")
	return ok && hasWord(before.What, name) && (before.Line == s.Line || strings.HasPrefix(before.What, "the argument "))
}

// hasWord reports whether one of the words of a text, between blanks, is this.
func hasWord(text, word string) bool {
	for w := range strings.FieldsSeq(text) {
		if w == word {
			return true
		}
	}
	return false
}

// lined is a named sub, and its first and last line.
type lined struct {
	first, last int
	name        string
}

type linedKey struct{}

// maxInner bounds the subs that are looked at for the one around a line.
const maxInner = 50

// subAt gives the name of the innermost named sub that a line is in; "" where
// there is none.
func (f *File) subAt(line int) string {
	if f.Tree == nil {
		return ""
	}
	subs := f.Memo(linedKey{}, func() any {
		f.index()
		var all []lined
		for n := range f.Tree.All(0, perlsrc.SubNode) {
			if name := f.Tree.Sub(n).Name; name != "" {
				_, end := f.Tree.Span(n)
				all = append(all, lined{f.Tree.Line(n), f.lineAt(max(end-1, 0)) + 1, Unqualified(name)})
			}
		}
		return all
	}).([]lined)
	after := sort.Search(len(subs), func(i int) bool { return subs[i].first > line })
	for i := after - 1; i >= max(0, after-maxInner); i-- {
		if subs[i].last >= line {
			return subs[i].name
		}
	}
	return ""
}
