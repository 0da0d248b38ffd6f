package like

import (
	"hash/maphash"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// shape takes the shape of a node.
func shape(t *perlsrc.Tree, n perlsrc.NodeID, own map[string]bool) *Shape {
	s := &Shape{parts: map[uint64]int{}, sub: t.Nodes[n].Kind == perlsrc.SubNode}
	var h maphash.Hash
	h.SetSeed(seed)
	add := func(texts ...string) {
		h.Reset()
		for _, text := range texts {
			h.WriteString(text)
			h.WriteByte(0)
		}
		s.parts[h.Sum64()]++
		s.total++
	}
	labels := map[perlsrc.NodeID]string{}
	for at := range t.Under(n) {
		s.nodes++
		l := label(t, at, own)
		up := t.Nodes[at].Parent
		if l == "" { // says nothing: what is in it belongs to what it is in
			labels[at] = labels[up]
			continue
		}
		labels[at] = l
		add(l)
		if at != n {
			add(labels[up], l)
		}
	}
	return s
}

// ownSubs are the names of the file's own subs, which people rename.
func ownSubs(t *perlsrc.Tree) map[string]bool {
	own := map[string]bool{}
	for n := range t.All(0, perlsrc.SubNode) {
		if name := t.Sub(n).Name; name != "" {
			own[name] = true
		}
	}
	return own
}

// label is what a node means without what people rename; "" for what is only a
// form, as a list or a statement.
func label(t *perlsrc.Tree, n perlsrc.NodeID, own map[string]bool) string {
	switch node := t.Nodes[n]; node.Kind {
	case perlsrc.CallNode:
		callee := t.Callee(n)
		if own[callee] {
			return "call own"
		}
		return "call " + audit.Unqualified(callee)
	case perlsrc.AssignNode:
		if c := node.Child; c != 0 && t.Nodes[c].Next != 0 {
			return "assign " + t.Operator(t.Nodes[c].Next)
		}
		return "assign"
	case perlsrc.ExprNode, perlsrc.LogicNode:
		op := t.Operator(node.Child)
		if c := node.Child; c != 0 && t.Nodes[c].Next != 0 {
			op = t.Operator(t.Nodes[c].Next)
		}
		return "op " + spelled(op)
	case perlsrc.TernaryNode:
		return "?:"
	case perlsrc.HashNode:
		return "hash"
	case perlsrc.ArrayNode:
		return "array"
	case perlsrc.SubNode:
		return "sub"
	case perlsrc.StatementNode:
		if node.Form == perlsrc.Compound {
			for c := range t.Children(n) {
				if w := t.Keyword(c); w != "" {
					return "if " + w
				}
			}
		}
		if w, _ := t.Modifier(n); w != "" {
			return "if " + w
		}
		return ""
	case perlsrc.CastNode:
		return "cast " + string(t.Src[t.Token(n).Start])
	case perlsrc.SubscriptNode:
		if key, ok := t.Literal(node.Child); ok && t.Src[t.Token(n).Start] == '{' {
			return "key " + key
		}
		return "subscript " + string(t.Src[t.Token(n).Start])
	case perlsrc.TermNode:
		return termLabel(t, n)
	}
	return ""
}

// spelled makes one of the two spellings of an operator.
func spelled(op string) string {
	switch op {
	case "and":
		return "&&"
	case "or":
		return "||"
	case "not":
		return "!"
	}
	return op
}

func termLabel(t *perlsrc.Tree, n perlsrc.NodeID) string {
	tok := t.Token(n)
	text := tok.Text(t.Src)
	switch tok.Kind {
	case perlsrc.Variable:
		// perl's own keep their names: $$, $0, $_, @_, %ENV, @ARGV.
		name := strings.TrimLeft(string(text), "$@%&*#")
		if name == "ENV" || name == "ARGV" || name == "INC" || name == "_" || len(name) == 0 || len(name) == 1 && !isLetter(name[0]) {
			return "var " + string(text)
		}
		return "var " + string(text[:1])
	case perlsrc.Number:
		return "num " + string(text)
	case perlsrc.Match, perlsrc.Pattern, perlsrc.Substitute, perlsrc.Translate:
		q := tok.Quoted(t.Src)
		return tok.Kind.String() + " " + q.Modifiers
	case perlsrc.Word:
		if key, ok := t.Key(n); ok && key != "" {
			return "value"
		}
		return "word"
	}
	return tok.Kind.String()
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
