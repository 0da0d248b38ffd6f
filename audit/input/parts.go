package input

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// part is a piece of a node whose value goes into the node's.
type part struct {
	node  perlsrc.NodeID
	check Check // what the node itself makes of the piece
}

// parts takes a node apart: strings, lists, operators, and the functions that
// make a string of their arguments.
func (r *reader) parts(n perlsrc.NodeID) []part {
	var out []part
	r.walk(n, 0, 0, &out)
	return out
}

const maxDepth = 40

func (r *reader) walk(n perlsrc.NodeID, check Check, depth int, out *[]part) {
	if n == 0 || depth > maxDepth || len(*out) >= maxParts {
		return
	}
	t := r.tree
	each := func(check Check) {
		for c := range t.Children(n) {
			r.walk(c, check, depth+1, out)
		}
	}
	leaf := func() { *out = append(*out, part{n, check}) }
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		switch t.Token(n).Kind {
		case perlsrc.Variable, perlsrc.Readline, perlsrc.Glob:
			leaf()
		default:
			r.quoted(n, check, depth, out)
		}
	case perlsrc.ExprNode:
		r.expr(n, check, depth, out)
	case perlsrc.TernaryNode:
		for c := range t.Children(n) {
			if next := t.Nodes[c].Next; next == 0 || t.Operator(next) != "?" {
				r.walk(c, check, depth+1, out)
			}
		}
	case perlsrc.AssignNode:
		r.walk(t.LastChild(n), check, depth+1, out)
	case perlsrc.LogicNode:
		for c := range t.Children(n) {
			if next := t.Nodes[c].Next; next != 0 && (t.Operator(next) == "and" || t.Operator(next) == "&&") {
				continue // what decides, and is not the value where that matters
			}
			r.walk(c, check, depth+1, out)
		}
	case perlsrc.CallNode:
		if !r.call(n, check, depth, out) {
			leaf()
		}
	case perlsrc.CastNode:
		if inner := t.Nodes[n].Child; t.Nodes[inner].Kind == perlsrc.BlockNode {
			// @{[ ... ]} and ${\ ...}
			r.walk(r.blockValue(inner), check, depth+1, out)
			return
		}
		leaf()
	case perlsrc.AccessNode:
		if base := t.Nodes[n].Child; t.Nodes[base].Kind == perlsrc.ListNode {
			r.walk(base, check, depth+1, out) // (split ...)[1]
			return
		}
		leaf()
	case perlsrc.ListNode, perlsrc.ArrayNode, perlsrc.HashNode, perlsrc.InterpolationNode, perlsrc.BlockNode, perlsrc.StatementNode:
		each(check)
	}
}

// quoted walks the interpolations of a string or pattern; what stands between \Q
// and \E is quoted.
func (r *reader) quoted(n perlsrc.NodeID, check Check, depth int, out *[]part) {
	t := r.tree
	body := t.Token(n).Quoted(t.Src).Body
	at, literally := body.Start, false
	for c := range t.Children(n) {
		if len(*out) >= maxParts {
			return
		}
		made := check
		if start, _ := t.Span(c); start <= body.End && start > at {
			between := t.Src[at:start]
			at = start
			if q, e := bytes.LastIndex(between, []byte(`\Q`)), bytes.LastIndex(between, []byte(`\E`)); q != e {
				literally = q > e
			}
		}
		if literally {
			made |= Pattern | Shell | Rejected
		}
		r.walk(c, made, depth+1, out)
	}
}

// blockValue gives the value of a block, which is its last statement.
func (r *reader) blockValue(block perlsrc.NodeID) perlsrc.NodeID {
	var last perlsrc.NodeID
	for s := range r.tree.Children(block) {
		last = s
	}
	return r.tree.Nodes[last].Child
}

// expr walks the operands of operators whose values go on.
func (r *reader) expr(n perlsrc.NodeID, check Check, depth int, out *[]part) {
	t := r.tree
	number := false
	first := t.Nodes[n].Child
	for c := range t.Children(n) {
		switch op := t.Operator(c); op {
		case "+", "-", "*", "/", "%", "**", "<<", ">>", "++", "--":
			number = number || c != first || op == "+" && t.Nodes[c].Next == 0
		case "==", "!=", "<", ">", "<=", ">=", "<=>", "eq", "ne", "lt", "gt", "le", "ge", "cmp", "!", "=~", "!~", "~~", "isa":
			if op == "=~" && t.Nodes[c].Kind == perlsrc.TermNode && returns(t.Token(c).Quoted(t.Src)) {
				check |= r.changes(c)
				continue
			}
			return // true or false
		case "x":
			if c != first {
				r.walk(first, check, depth+1, out)
				return
			}
		}
	}
	if number {
		check |= Number
	}
	for c := range t.Children(n) {
		r.walk(c, check, depth+1, out)
	}
}

// returns reports whether a substitution or transliteration gives its result
// and leaves its operand alone.
func returns(q perlsrc.Quoted) bool {
	return (q.Op == "s" || q.Op == "tr" || q.Op == "y") && strings.Contains(q.Modifiers, "r")
}

// call walks into the arguments of functions that make a string of them, and
// reports whether it knew the function.
func (r *reader) call(n perlsrc.NodeID, check Check, depth int, out *[]part) bool {
	t := r.tree
	c := t.Call(n)
	if c.Dynamic || c.Method && !r.methodOfName(c) {
		return false
	}
	callee := audit.Unqualified(c.Callee)
	if callee == "sprintf" && !c.Method && len(c.Args) > 0 {
		r.sprintf(c.Args, check, depth, out)
		return true
	}
	switch callee {
	case "do":
		if c.Block == 0 {
			return false
		}
		r.walk(r.blockValue(c.Block), check, depth+1, out)
		return true
	case "map":
		if c.Block != 0 {
			r.walk(r.blockValue(c.Block), check, depth+1, out)
			return true
		}
	case "grep", "sort", "reverse", "join", "lc", "uc", "lcfirst", "ucfirst", "substr", "scalar", "return", "splice", "bless":
	default:
		made, ok := makes(callee)
		if !ok {
			return false
		}
		check |= made
	}
	args := c.Args
	if callee == "substr" && len(args) > 1 {
		args = args[:1]
	}
	for _, a := range args {
		r.walk(a, check, depth+1, out)
	}
	return true
}

// sprintf walks the arguments of a sprintf, of which those behind a %d are numbers.
func (r *reader) sprintf(args []perlsrc.NodeID, check Check, depth int, out *[]part) {
	format, ok := r.tree.Literal(args[0])
	if !ok {
		format = string(r.tree.Text(args[0]))
		r.walk(args[0], check, depth+1, out)
	}
	verbs := conversions(format)
	for i, a := range args[1:] {
		made := check
		if i < len(verbs) && strings.IndexByte(numeric, verbs[i]) >= 0 {
			made |= Number
		}
		r.walk(a, made, depth+1, out)
	}
}

// numeric are the conversions that make a number.
const numeric = "duioxXeEfgGbBc"

// conversions gives the letters of a format's conversions; those with an index
// or a width from an argument end it.
func conversions(format string) []byte {
	var verbs []byte
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			return verbs
		}
		format = strings.TrimLeft(format[i+1:], "-+ #0123456789.lhqLV")
		switch {
		case format == "" || format[0] == '*' || format[0] == '$':
			return verbs
		case format[0] != '%':
			verbs = append(verbs, format[0])
		}
		format = format[1:]
	}
}
