package web

import (
	"strings"

	"nacre/perlsrc"
)

// nameOf gives the name of what an expression is the value of: password of
// $password, $self->{password}, $self->password and $p{user}{password}. With it
// comes the name of what that belongs to, self. Both are "" where there is none.
func nameOf(t *perlsrc.Tree, n perlsrc.NodeID) (name, of string) {
	switch node := t.Nodes[n]; node.Kind {
	case perlsrc.TermNode:
		if tok := t.Token(n); tok.Kind == perlsrc.Variable {
			text := string(tok.Text(t.Src))
			if text[0] == '$' || text[0] == '@' {
				return strings.TrimLeft(text, "$@#"), ""
			}
		}
	case perlsrc.DeclareNode:
		if node.Child != 0 && t.Nodes[node.Child].Next == 0 {
			return nameOf(t, node.Child)
		}
	case perlsrc.AccessNode:
		of, _ = nameOf(t, node.Child)
		if of == "" && t.Nodes[node.Child].Kind == perlsrc.CallNode {
			of = t.Callee(node.Child)
		} else if of == "" && t.Token(node.Child).Kind == perlsrc.Word {
			of = string(t.Text(node.Child)) // params->{code}
		}
		for c := t.Nodes[node.Child].Next; c != 0; c = t.Nodes[c].Next {
			if t.Nodes[c].Kind != perlsrc.SubscriptNode || t.Nodes[c].Child == 0 {
				return "", ""
			}
			key, ok := t.Literal(t.Nodes[c].Child)
			if !ok {
				return "", ""
			}
			if name != "" {
				of = name
			}
			name = key
		}
		return name, of
	case perlsrc.CallNode:
		c := t.Call(n)
		switch {
		case c.Method && len(c.Args) == 0:
			if c.Invocant != 0 {
				of, _ = nameOf(t, c.Invocant)
				if of == "" && t.Nodes[c.Invocant].Kind == perlsrc.CallNode {
					of = t.Callee(c.Invocant)
				}
			}
			return c.Callee, of
		case len(c.Args) == 1 && (c.Callee == "param" || c.Callee == "header" || c.Callee == "env" || c.Callee == "parameters" || c.Callee == "query_param" || c.Callee == "body_param" || c.Callee == "body_parameters"):
			if v, ok := t.Literal(c.Args[0]); ok {
				return v, c.Callee
			}
		}
	case perlsrc.ListNode, perlsrc.InterpolationNode, perlsrc.StatementNode:
		if node.Child != 0 && t.Nodes[node.Child].Next == 0 {
			return nameOf(t, node.Child)
		}
	}
	return "", ""
}

// under gives the literal name that a call is first told: sid in cookie(sid => 1).
func under(t *perlsrc.Tree, c perlsrc.Call) string {
	if len(c.Args) == 0 {
		return ""
	}
	v, _ := t.Literal(c.Args[0])
	return v
}
