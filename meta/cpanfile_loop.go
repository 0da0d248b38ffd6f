package meta

import (
	"strings"

	"nacre/perlsrc"
)

// loop is one round of a loop over literal values.
type loop struct {
	variable string // "$_", "$m"
	current  string
	round    int
	outer    *loop
}

// value gives the value that a variable has in the loops.
func (l *loop) value(variable string) (string, bool) {
	for ; l != nil; l = l.outer {
		if l.variable == variable {
			return l.current, true
		}
	}
	return "", false
}

// again says that a round came before this one.
func (l *loop) again() bool {
	for ; l != nil; l = l.outer {
		if l.round > 0 {
			return true
		}
	}
	return false
}

// maxSteps bounds the nodes that all rounds of all loops go over.
const maxSteps = 200_000

// rounds calls body with the scope of each round.
func (p *cpanfileReader) rounds(n perlsrc.NodeID, variable string, values []string, s scope, body func(scope)) {
	size := 1
	for range p.t.All(n) {
		size++
	}
	for i, v := range values {
		if p.steps += size; p.steps > maxSteps {
			p.fail(p.t.Line(n), "loops of more than %d steps (limit: cpanfile loops)", maxSteps)
		}
		if p.err != nil {
			return
		}
		inner := s
		inner.loop = &loop{variable: variable, current: v, round: i, outer: s.loop}
		body(inner)
	}
}

// loopStatement reads for my $m ('A', 'B') {...}; false where it is something
// else, or not literal.
func (p *cpanfileReader) loopStatement(n perlsrc.NodeID, s scope) bool {
	variable, block := "$_", perlsrc.NodeID(0)
	var values []string
	for c := range p.t.Children(n) {
		word := p.t.Keyword(c)
		switch p.t.Nodes[c].Kind {
		case perlsrc.DeclareNode:
			variable = string(p.t.Text(p.t.Nodes[c].Child))
		case perlsrc.TermNode:
			variable = string(p.t.Text(c))
		case perlsrc.ListNode:
			var ok bool
			if values, ok = p.t.List(c); !ok || word != "for" && word != "foreach" {
				return false
			}
		default:
			if block != 0 || p.t.Nodes[c].Kind != perlsrc.BlockNode || word != "for" && word != "foreach" {
				return false
			}
			block = c
		}
	}
	if block == 0 || !isScalar(variable) || !p.plainBody(block) {
		return false
	}
	p.rounds(block, variable, values, s, func(s scope) { p.statements(block, s) })
	return true
}

// modifierLoop reads requires $_ for 'A', 'B'.
func (p *cpanfileReader) modifierLoop(n, e perlsrc.NodeID, s scope) bool {
	word, list := p.t.Modifier(n)
	if word != "for" && word != "foreach" || !p.isCall(e) || !p.plainBody(e) || p.t.Nodes[e].Next != list || p.t.Nodes[list].Next != 0 {
		return false
	}
	values, ok := p.t.List(list)
	if !ok {
		return false
	}
	p.rounds(e, "$_", values, s, func(s scope) { p.call(e, s) })
	return true
}

// mapLoop reads map { requires $_ } 'A', 'B' as a statement.
func (p *cpanfileReader) mapLoop(e perlsrc.NodeID, s scope) bool {
	block, values, ok := p.mapped(e)
	if !ok || p.t.Nodes[e].Next != 0 || !p.plainBody(block) {
		return false
	}
	p.rounds(block, "$_", values, s, func(s scope) { p.statements(block, s) })
	return true
}

// mapArgs reads map { $_ => 0 } 'A', 'B' as arguments.
func (p *cpanfileReader) mapArgs(n perlsrc.NodeID, s scope) (args []arg, ok bool) {
	block, values, ok := p.mapped(n)
	if !ok {
		return nil, false
	}
	body := p.t.Nodes[block].Child
	if body == 0 || p.t.Nodes[body].Next != 0 || p.t.Nodes[body].Form != perlsrc.Plain || !p.plainBody(block) {
		return nil, false
	}
	var nodes []perlsrc.NodeID
	for c := range p.t.Children(body) {
		nodes = append(nodes, c)
	}
	if len(nodes) != 1 {
		return nil, false
	}
	if list := nodes[0]; p.t.Nodes[list].Kind == perlsrc.ListNode {
		nodes = nodes[:0]
		for c := range p.t.Children(list) {
			nodes = append(nodes, c)
		}
	}
	p.rounds(block, "$_", values, s, func(s scope) {
		for _, c := range nodes {
			if len(args) <= maxNesting {
				args = append(args, p.arg(c, s))
			}
		}
	})
	return args, true
}

// mapped takes map {...} LIST apart, where the list is literal.
func (p *cpanfileReader) mapped(n perlsrc.NodeID) (block perlsrc.NodeID, values []string, ok bool) {
	if p.t.Nodes[n].Kind != perlsrc.CallNode || p.t.Callee(n) != "map" {
		return 0, nil, false
	}
	c := p.t.Call(n)
	if c.Block == 0 || c.Method || len(c.Args) == 0 {
		return 0, nil, false
	}
	for _, a := range c.Args {
		more, ok := p.t.List(a)
		if !ok {
			return 0, nil, false
		}
		values = append(values, more...)
	}
	return c.Block, values, true
}

// plainBody says whether a loop's body does nothing but require: so no
// variable changes, and no round is left early.
func (p *cpanfileReader) plainBody(n perlsrc.NodeID) bool {
	if p.t.Nodes[n].Kind == perlsrc.CallNode && !p.isCall(n) {
		return false
	}
	for c := range p.t.All(n) {
		node := p.t.Nodes[c]
		switch node.Kind {
		case perlsrc.AssignNode, perlsrc.DeclareNode:
			return false
		case perlsrc.CallNode:
			if !p.isCall(c) {
				return false
			}
		case perlsrc.ExprNode: // $x++, and what it may be else
			if p.t.Nodes[node.Child].Next == 0 {
				return false
			}
		case perlsrc.StatementNode:
			switch node.Form {
			case perlsrc.Plain, perlsrc.Null, perlsrc.Bare, perlsrc.Compound:
			default:
				return false
			}
		case perlsrc.TermNode:
			switch p.t.Token(c).Kind {
			case perlsrc.Substitute, perlsrc.Translate, perlsrc.Readline, perlsrc.Glob:
				return false
			}
		}
	}
	return true
}

// isScalar says whether a loop's variable is a plain one.
func isScalar(name string) bool {
	return len(name) > 1 && name[0] == '$' && strings.Trim(name[1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// interpolated gives the value of a string whose variables are those of loops.
func (p *cpanfileReader) interpolated(body perlsrc.Span, s scope) (string, bool) {
	var b strings.Builder
	for part := range perlsrc.Interpolated(p.t.Src, body, false) {
		text := string(part.Text(p.t.Src))
		if !part.Expr {
			if strings.Contains(text, `\`) {
				return "", false
			}
			b.WriteString(text)
			continue
		}
		name := strings.TrimSuffix(strings.Replace(text, "${", "$", 1), "}")
		v, ok := s.loop.value(name)
		if !ok {
			return "", false
		}
		b.WriteString(v)
	}
	return b.String(), true
}
