package perlsrc

import (
	"bytes"
	"strings"
)

// Literal gives the value of a node that is a literal: a string, a number as
// perl prints it (1.10 is 1.1), a v-string as "v1.2.3", a word that perl quotes
// or that names a class, __PACKAGE__, one of these in parentheses, with a minus
// before it, or several joined by dots. ok is false where only running tells.
func (t *Tree) Literal(n NodeID) (value string, ok bool) {
	for {
		node := t.Nodes[n]
		if n == 0 || node.Kind != ListNode || node.Child == 0 || t.Nodes[node.Child].Next != 0 {
			break
		}
		n = node.Child
	}
	node := t.Nodes[n]
	switch node.Kind {
	case TermNode:
		return t.literalTerm(n)
	case ExprNode:
	default:
		return "", false
	}
	if t.Nodes[node.Child].Next == 0 {
		child := t.Nodes[node.Child]
		if child.Kind != TermNode || t.Operator(node.Child) != "-" || child.First != t.significant(node.First+1) || child.End != node.End {
			return "", false
		}
		value, ok = t.literalTerm(node.Child)
		switch {
		case !ok || value == "":
			return "", false
		case value[0] == '-' || value[0] == '+': // perl turns the sign of a string
			return "", false
		case t.Token(node.Child).Kind == Number && strings.Trim(value, "0.") == "":
			return value, true
		}
		return "-" + value, true
	}
	var b strings.Builder
	for c := range t.Children(n) {
		if c != node.Child && t.Operator(c) != "." || t.Nodes[c].Kind != TermNode {
			return "", false
		}
		v, ok := t.literalTerm(c)
		if !ok {
			return "", false
		}
		b.WriteString(v)
	}
	if t.Nodes[node.Child].First != node.First { // a prefix before the first
		return "", false
	}
	return b.String(), true
}

// literalTerm gives the value of one token.
func (t *Tree) literalTerm(n NodeID) (value string, ok bool) {
	node, tok := t.Nodes[n], t.Token(n)
	text := tok.Text(t.Src)
	switch tok.Kind {
	case Number, VString:
		return NumberValue(string(text))
	case Word:
		if after := t.significant(node.End); int(after) < t.Outer && string(t.Tokens[after].Text(t.Src)) == "=>" {
			return string(text), true
		}
		switch string(text) {
		case "__PACKAGE__", "__CLASS__":
			return t.EnclosingPackage(n), true
		case "__FILE__", "__LINE__":
			return "", false
		}
		return strings.TrimSuffix(string(text), "::"), node.flags&isQuoted != 0
	case Quote:
		return Unquote(t.Src, tok)
	case HereDoc:
		if body := t.hereBody(tok); body.Kind == HereBody {
			return UnquoteHere(t.Src, tok, body)
		}
	}
	return "", false
}

// hereBody gives the lines of a here-document, or a token of another kind.
func (t *Tree) hereBody(doc Token) Token {
	if i := int(doc.Here); i > 0 && i < len(t.bodies) && t.bodies[i] > 0 {
		return t.Tokens[t.bodies[i]]
	}
	return Token{}
}

// List gives the values of a node that is a list of literals: qw, a List or an
// Array of literals and of such lists, or one literal.
func (t *Tree) List(n NodeID) (values []string, ok bool) {
	return t.appendList(nil, n)
}

func (t *Tree) appendList(values []string, n NodeID) ([]string, bool) {
	switch t.Nodes[n].Kind {
	case ListNode, ArrayNode:
		if n == 0 {
			return nil, false
		}
		for c := range t.Children(n) {
			if t.Nodes[c].Kind == ArrayNode {
				return nil, false
			}
			var ok bool
			if values, ok = t.appendList(values, c); !ok {
				return nil, false
			}
		}
		return values, true
	case TermNode:
		if tok := t.Token(n); tok.Kind == Words {
			return append(values, SplitWords(t.Src, tok)...), true
		}
	}
	v, ok := t.Literal(n)
	if !ok {
		return nil, false
	}
	return append(values, v), true
}

// Key gives the literal before the comma whose value the node is, in a List,
// Array, Hash or Call: "b" for 2 in (a => 1, "b", 2), "-b" for 2 in (-b => 2).
func (t *Tree) Key(n NodeID) (key string, ok bool) {
	if op := t.Operator(n); op != "=>" && op != "," {
		return "", false
	}
	start := t.Nodes[t.Nodes[n].Parent].First
	comma := t.before(t.Nodes[n].First)
	at := t.before(comma)
	if at < start {
		return "", false
	}
	tok, text := t.Tokens[at], t.Tokens[at].Text(t.Src)
	before := t.before(at)
	switch tok.Kind {
	case Word:
		if !bytes.Equal(t.Tokens[comma].Text(t.Src), []byte("=>")) {
			return "", false
		}
		key = string(text)
		if before >= start && string(t.Tokens[before].Text(t.Src)) == "-" {
			key, before = "-"+key, t.before(before)
		}
	case Quote, Number:
		if tok.Kind == Quote {
			key, ok = Unquote(t.Src, tok)
		} else {
			key, ok = NumberValue(string(text))
		}
		if !ok {
			return "", false
		}
	default:
		return "", false
	}
	if before >= start && !t.separates(before, t.Nodes[t.Nodes[n].Parent].name) {
		return "", false
	}
	return key, true
}

// separates says whether a value may begin behind token i, where callee is the
// token of the function it is an argument of.
func (t *Tree) separates(i, callee int32) bool {
	switch tok := t.Tokens[i]; tok.Kind {
	case Operator:
		op := string(tok.Text(t.Src))
		return op == "," || op == "=>"
	case Structure:
		c := t.Src[tok.Start]
		return c == '(' || c == '{' || c == '['
	}
	return i == callee
}

// before gives the number of the last token before i that perl takes notice
// of, or one that is less than any.
func (t *Tree) before(i int32) int32 {
	for i--; i >= 0 && !t.Tokens[i].Kind.Significant(); {
		i--
	}
	return i
}
