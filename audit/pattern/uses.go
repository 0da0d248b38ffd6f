package pattern

import (
	"iter"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// use is one pattern of a file.
type use struct {
	node    perlsrc.NodeID // the Term
	kind    perlsrc.Kind   // Match, Pattern, Substitute
	text    string
	mod     modifiers
	flags   string
	expr    perlsrc.NodeID // the =~ around it; none where it is by itself
	subject perlsrc.NodeID // what it is held against; none for $_
	negated bool           // !~
	literal bool           // nothing is put into it: m'...'
}

// uses gives the patterns of a file.
func uses(f *audit.File) iter.Seq[use] {
	t := f.Tree
	return func(yield func(use) bool) {
		for n := range f.All(perlsrc.TermNode) {
			tok := t.Token(n)
			if tok.Kind != perlsrc.Match && tok.Kind != perlsrc.Pattern && tok.Kind != perlsrc.Substitute {
				continue
			}
			q := tok.Quoted(t.Src)
			u := use{node: n, kind: tok.Kind, text: string(q.Body.Text(t.Src)), mod: modifiersOf(q.Modifiers), flags: q.Modifiers, literal: q.Delim == '\''}
			u.expr, u.subject, u.negated = bound(t, n)
			if !yield(u) {
				return
			}
		}
	}
}

// bound gives the =~ that a pattern stands behind, and what is before it.
func bound(t *perlsrc.Tree, n perlsrc.NodeID) (expr, subject perlsrc.NodeID, negated bool) {
	op := t.Operator(n)
	if op != "=~" && op != "!~" {
		return 0, 0, false
	}
	parent := t.Nodes[n].Parent
	before := perlsrc.NodeID(0)
	for c := range t.Children(parent) {
		if c == n {
			break
		}
		before = c
	}
	return parent, before, op == "!~"
}

// topic gives what $_ is at a pattern that is held against it: the list that is
// looped over or mapped, or what the sub puts in it; none where that is not seen.
func topic(f *audit.File, assigned map[perlsrc.NodeID]perlsrc.NodeID, n perlsrc.NodeID) perlsrc.NodeID {
	t := f.Tree
	sub := t.EnclosingSub(n)
	for at := t.Nodes[n].Parent; at != 0 && at != sub; at = t.Nodes[at].Parent {
		switch t.Nodes[at].Kind {
		case perlsrc.CallNode:
			switch call := t.Call(at); call.Callee {
			case "map", "grep", "first", "any", "all", "none", "split":
				if len(call.Args) > 0 {
					return call.Args[len(call.Args)-1]
				}
			}
		case perlsrc.StatementNode:
			if word, list := t.Modifier(at); word == "for" || word == "foreach" {
				return list
			}
			list := perlsrc.NodeID(0)
			for c := range t.Children(at) {
				switch t.Nodes[c].Kind {
				case perlsrc.DeclareNode, perlsrc.TermNode:
					list = 0 // foreach my $x: not $_
					c = at
				case perlsrc.ListNode:
					if word := t.Keyword(c); word == "for" || word == "foreach" {
						list = c
					}
				}
				if c == at {
					break
				}
			}
			if list != 0 {
				return list
			}
		}
	}
	return assigned[sub]
}

// topics gives what each sub first puts in $_.
func topics(f *audit.File) map[perlsrc.NodeID]perlsrc.NodeID {
	t, out := f.Tree, map[perlsrc.NodeID]perlsrc.NodeID{}
	for a := range f.All(perlsrc.AssignNode) {
		target := t.Nodes[a].Child
		value := t.Nodes[target].Next
		if text := string(t.Text(target)); value != 0 && len(text) < 12 && strings.Trim(strings.TrimPrefix(strings.TrimPrefix(text, "local"), "my"), "( )") == "$_" {
			if sub := t.EnclosingSub(a); out[sub] == 0 {
				out[sub] = value
			}
		}
	}
	return out
}

// constants are the patterns and strings that a file assigns to a variable once,
// and never again.
type constants map[string]struct {
	text string
	mod  modifiers
	many bool
}

// constantsOf reads them.
func constantsOf(f *audit.File) constants {
	t, out := f.Tree, constants{}
	for a := range f.All(perlsrc.AssignNode) {
		target := t.Nodes[a].Child
		value := t.Nodes[target].Next
		if value == 0 || t.Nodes[value].Next != 0 {
			continue
		}
		if t.Nodes[target].Kind == perlsrc.DeclareNode {
			target = t.Nodes[target].Child
		}
		name := string(t.Text(target))
		if t.Nodes[target].Kind != perlsrc.TermNode || len(name) < 2 || name[0] != '$' {
			continue
		}
		c, again := out[name[1:]]
		c.many = again
		if t.Operator(value) != "=" {
			c.many = true
		}
		tok := t.Token(value)
		switch {
		case t.Nodes[value].Kind != perlsrc.TermNode:
			c.many = true
		case tok.Kind == perlsrc.Pattern:
			q := tok.Quoted(t.Src)
			c.text, c.mod = string(q.Body.Text(t.Src)), modifiersOf(q.Modifiers)
		case tok.Kind == perlsrc.Quote:
			v, ok := t.Literal(value)
			c.text, c.many = v, c.many || !ok
		default:
			c.many = true
		}
		out[name[1:]] = c
	}
	return out
}

// vars gives what parse asks: at most as much text as maxPattern in all.
func (c constants) vars() func(string) (string, modifiers, bool) {
	left := maxPattern
	return func(name string) (string, modifiers, bool) {
		v, ok := c[name]
		if !ok || v.many {
			return "", modifiers{}, false
		}
		if left -= len(v.text) + 1; left < 0 {
			return "", modifiers{}, false
		}
		return v.text, v.mod, true
	}
}

// maxText bounds the source that is looked through for a finding.
const maxText = 20 << 10

// subText is the source of the sub around a node, or of the file, where that is
// not very long.
func subText(f *audit.File, n perlsrc.NodeID) string {
	t := f.Tree
	if sub := t.EnclosingSub(n); sub != 0 {
		start, end := t.Span(sub)
		return string(t.Src[start:min(end, start+maxText)])
	}
	return string(t.Src[:min(len(t.Src), maxText)])
}
