package input

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// counted reports whether what is assigned is how many an array has.
func (r *reader) counted(assign perlsrc.NodeID) Check {
	t := r.tree
	to := t.Nodes[assign].Child
	value := t.Nodes[to].Next
	for t.Nodes[to].Kind == perlsrc.DeclareNode && t.Nodes[t.Nodes[to].Child].Next == 0 && !bytes.Contains(t.Text(to), []byte("(")) {
		to = t.Nodes[to].Child
	}
	if !r.variable(to) || t.Text(to)[0] != '$' || value == 0 {
		return 0
	}
	if t.Nodes[value].Next != 0 {
		if t.Nodes[value].Kind == perlsrc.ListNode && t.Nodes[value].Child == 0 {
			return Number // my $n = () = f()
		}
		return 0
	}
	if t.Nodes[value].Kind == perlsrc.CallNode && t.Callee(value) == "scalar" {
		value = t.Arg(value, 0)
	}
	if text := t.Text(value); r.variable(value) && (text[0] == '@' || bytes.HasPrefix(text, []byte("$#"))) {
		return Number
	}
	return 0
}

// formatted reports whether what is assigned is a sprintf of numbers alone.
func (r *reader) formatted(assign perlsrc.NodeID) Check {
	last := r.tree.LastChild(assign)
	if r.tree.Nodes[last].Kind != perlsrc.CallNode || r.tree.Callee(last) != "sprintf" {
		return 0
	}
	format, ok := r.tree.Literal(r.tree.Arg(last, 0))
	if !ok {
		return 0
	}
	for _, verb := range conversions(format) {
		if strings.IndexByte(numeric, verb) < 0 {
			return 0
		}
	}
	return Number
}

// changed gives what is taken out of what is assigned, as in $x =~ s/\W//gr.
func (r *reader) changed(assign perlsrc.NodeID) Check {
	t := r.tree
	last := t.LastChild(assign)
	if t.Nodes[last].Kind != perlsrc.ExprNode {
		return 0
	}
	var c Check
	for operand := range t.Children(last) {
		if t.Operator(operand) == "=~" && t.Nodes[operand].Kind == perlsrc.TermNode {
			c |= r.changes(operand)
		}
	}
	return c
}

// changes gives what the result of a substitution or transliteration behind =~
// was held to, where that leaves its operand alone.
func (r *reader) changes(n perlsrc.NodeID) Check {
	tok := r.tree.Token(n)
	q := tok.Quoted(r.tree.Src)
	if !returns(q) {
		return 0
	}
	body := string(q.Body.Text(r.tree.Src))
	if tok.Kind == perlsrc.Translate {
		return transCheck(body, q.Modifiers)
	}
	return substCheck(body, string(q.Second.Text(r.tree.Src)), q.Modifiers)
}
