package inject

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// A text with variables in it is filled in by compiling it between quotes: so is
// run whatever stands between quotes that it closes itself, or in @{[ ]}.

var (
	// opened is the code before a text that is only filled in.
	opened = lazyregexp.New(`\A\s*(?:return\s+|(?:my\s*\(?\s*)?\$\w+(?:->)?(?:\{\w+\})?\s*\)?\s*\.?=\s*)?\z`)
	// closed is the code behind it.
	closed = lazyregexp.New(`\A\s*;?\s*\z`)
	// unharmed are ways to keep quotes and sigils from meaning something.
	unharmed = lazyregexp.New(`quotemeta|perlstring|\bpp\s*\(|Dumper|=~\s*s\s*\W[^\n]*\\\\`)
)

// between gives the value that stands alone between the quotes of a text, such as
// '"' . $pattern . '"', with what stands before; the zero piece where none does.
func between(x *text) piece {
	if x == nil || len(x.pieces) != 1 {
		return piece{}
	}
	p := x.pieces[0]
	before, after := strings.TrimRight(p.before, " "), strings.TrimLeft(p.after, " ")
	for _, q := range []struct{ open, close string }{{`"`, `"`}, {"qq{", "}"}, {"qq(", ")"}, {"qq/", "/"}, {"qq|", "|"}, {"qq[", "]"}, {"qq~", "~"}} {
		before, ok := strings.CutSuffix(before, q.open)
		after, shut := strings.CutPrefix(after, q.close)
		if ok && shut && !p.quoted && opened.MatchString(before) && closed.MatchString(after) {
			return p
		}
	}
	return piece{}
}

type betweenKey struct{}

// keptBetween gives the values that a file puts between quotes, by the name of the
// variable or the field that keeps the text.
func keptBetween(f *audit.File) map[string]perlsrc.NodeID {
	return f.Memo(betweenKey{}, func() any {
		t, out := f.Tree, map[string]perlsrc.NodeID{}
		type local struct {
			sub  perlsrc.NodeID
			name string
		}
		quoted := map[local]perlsrc.NodeID{}
		for a := range f.All(perlsrc.AssignNode) {
			target := t.Nodes[a].Child
			value := t.Nodes[target].Next
			if value == 0 || t.Nodes[value].Next != 0 || t.Operator(value) != "=" {
				continue
			}
			if t.Nodes[target].Kind == perlsrc.DeclareNode {
				target = t.Nodes[target].Child
			}
			name, sub := audit.NameOf(t, target), t.EnclosingSub(a)
			if name == "" {
				continue
			}
			if p := between(textOf(f, value)); p.node != 0 {
				out[name], quoted[local{sub, name}] = p.node, p.node
			} else if from := quoted[local{sub, audit.NameOf(t, value)}]; from != 0 && t.Nodes[value].Kind == perlsrc.TermNode {
				out[name] = from
			}
		}
		return out
	}).(map[string]perlsrc.NodeID)
}

// filledIn gives the value of others that a text only fills in when it is
// compiled: it stands between quotes there, or was put between them before.
func filledIn(f *audit.File, x *text) (taint, bool) {
	at := between(x)
	if at.node == 0 && len(x.pieces) <= 2 {
		for _, p := range x.pieces {
			if n := keptBetween(f)[audit.NameOf(f.Tree, p.node)]; n != 0 && opened.MatchString(strings.Trim(p.before, "\x00 ")) && closed.MatchString(p.after) {
				at = p
				at.node = n
			}
		}
	}
	if at.node == 0 || unharmed.MatchString(around(f, at.node)) || unharmed.MatchString(around(f, x.node)) {
		return taint{}, false
	}
	v, ok := worstWhere(f, at.node, plainly, func(s input.Source) bool { return !quote(`"`).holds(s.Check) })
	if !ok || v.Who != input.Caller && v.Who != input.Held || numbers(f.Tree, at.node) || ofDirective(f, v.Source) {
		return taint{}, false
	}
	name := v.name(f.Tree)
	if ofProgrammer(f, x, at, v, name) || strings.Contains(strings.ToLower(name), "code") || says(name, packageNames) {
		return taint{}, false
	}
	v.confidence, v.severity = min(audit.Likely, most(f)), audit.High
	return v, true
}

// most is how sure a finding in a file can be.
func most(f *audit.File) audit.Confidence {
	if f.Role == audit.Library || f.Role == audit.Program {
		return audit.Likely
	}
	return audit.Possible
}

// around is the source of the sub around a node, where that is not very long.
func around(f *audit.File, n perlsrc.NodeID) string {
	t := f.Tree
	sub := t.EnclosingSub(n)
	if sub == 0 {
		return string(t.Text(t.EnclosingStatement(n)))
	}
	start, end := t.Span(sub)
	return string(t.Src[start:min(end, start+maxText)])
}
