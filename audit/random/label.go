package random

import (
	"strings"

	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// labelled is text that ends in a name for what follows: "?token=", "Set-Cookie:
// sid=", 'state=' . $x.
var labelled = lazyregexp.New(`([A-Za-z_][A-Za-z_-]{0,40})=\\?["']?(?:\s*["']\s*\.\s*)?\z`)

// told is the same in the text of a setting: "secret: " . $x, "secret = @{[ f() ]}",
// "secret: %s\n", $x.
var told = lazyregexp.New(`([A-Za-z_][A-Za-z_-]{0,40})["']?\s*(?:=>|[:=])\s*\\?["']?(?:%s[^"'%]{0,10}["']\s*,\s*|@\{\[\s*|["']\s*\.\s*)\z`)

const labelBytes = 80

// label gives the name that the text before a value gives it, where it ends: before
// the source itself, or before a variable that holds it.
func (v *view) label(source perlsrc.NodeID, steps []flow.Step, names []string) string {
	if l := v.labelAt(v.operand(source)); l != "" || len(steps) == 0 {
		return l
	}
	last := steps[len(steps)-1].Node
	looked := 0
	for n := range v.t.All(last, perlsrc.TermNode) {
		if looked++; looked > 200 {
			break
		}
		text := string(v.t.Text(n))
		if !strings.HasPrefix(text, "$") {
			continue
		}
		for _, name := range names {
			if text[1:] == name {
				if l := v.labelAt(v.operand(n)); l != "" {
					return l
				}
			}
		}
	}
	return ""
}

// operand gives the outermost call around a node, up to an operator.
func (v *view) operand(n perlsrc.NodeID) perlsrc.NodeID {
	for up := v.t.Nodes[n].Parent; up != 0; up = v.t.Nodes[up].Parent {
		k := v.t.Nodes[up].Kind
		if k == perlsrc.InterpolationNode || k == perlsrc.CallNode && v.passes(up) {
			n = up
			continue
		}
		if k == perlsrc.ExprNode && (v.t.Nodes[up].Child == n || v.digested(up)) {
			n = up // the first of several operands, or one of a digest's
			continue
		}
		break
	}
	return n
}

// passes reports whether a call gives on what it is given: a digest or a builder.
func (v *view) passes(n perlsrc.NodeID) bool {
	callee := v.t.Callee(n)
	return through[callee] || digest(callee)
}

// digested reports whether a node is what a digest is made of.
func (v *view) digested(n perlsrc.NodeID) bool {
	up := v.t.Nodes[n].Parent
	return v.t.Nodes[up].Kind == perlsrc.CallNode && digest(v.t.Callee(up))
}

func (v *view) labelAt(n perlsrc.NodeID) string {
	start, _ := v.t.Span(n)
	before := v.t.Src[max(0, start-labelBytes):start]
	if m := labelled.FindSubmatch(before); m != nil {
		return string(m[1])
	}
	if m := told.FindSubmatch(before); m != nil {
		return string(m[1])
	}
	return ""
}
