package audit

import (
	"strings"

	"nacre/perlsrc"
)

// NameOf gives what a value is called: a variable without its sigil, the last
// literal key of an element that is no number, a function or method; "" where it
// has no name. Of $x[0] it is x, of $self->{file} file, of my ($name) name.
func NameOf(t *perlsrc.Tree, n perlsrc.NodeID) string {
	node := t.Nodes[n]
	switch node.Kind {
	case perlsrc.TermNode:
		switch text := string(t.Text(n)); t.Token(n).Kind {
		case perlsrc.Variable:
			return strings.TrimRight(strings.TrimLeft(text, "$@%&*#{"), "}")
		case perlsrc.Word:
			return text
		}
	case perlsrc.CallNode:
		return t.Callee(n)
	case perlsrc.AssignNode: // ($x = shift) =~ s/...//
		return NameOf(t, node.Child)
	case perlsrc.InterpolationNode, perlsrc.ListNode, perlsrc.DeclareNode, perlsrc.CastNode:
		if c := node.Child; c != 0 && t.Nodes[c].Next == 0 {
			return NameOf(t, c)
		}
	case perlsrc.AccessNode:
		name := ""
		for c := range t.Children(n) {
			if t.Nodes[c].Kind != perlsrc.SubscriptNode {
				name = NameOf(t, c)
			} else if key, ok := t.Literal(t.Nodes[c].Child); ok && strings.Trim(key, "0123456789-") != "" {
				name = key
			}
		}
		return name
	}
	return ""
}
