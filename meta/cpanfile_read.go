package meta

import (
	"strconv"

	"nacre/perlsrc"
)

// statements reads those of a block, or of the file.
func (p *cpanfileReader) statements(block perlsrc.NodeID, s scope) {
	for n := range p.t.Children(block) {
		if p.err != nil {
			return
		}
		p.statement(n, s)
	}
}

func (p *cpanfileReader) statement(n perlsrc.NodeID, s scope) {
	switch p.t.Nodes[n].Form {
	case perlsrc.Null:
	case perlsrc.Bare: // runs once
		p.blocks(n, s)
	case perlsrc.Plain:
		p.plain(n, s)
	case perlsrc.Include:
		in := p.t.Include(n)
		if in.Module != "" && !harmless[in.Module] {
			p.unresolved(p.t.Line(n), in.Word+" "+in.Module, s)
		}
		p.harvestAll(n, s)
	case perlsrc.Compound:
		if !p.loopStatement(n, s) {
			p.unresolved(p.t.Line(n), p.describe(n), s)
			p.harvestAll(n, s)
		}
	default:
		p.unresolved(p.t.Line(n), p.describe(n), s)
		p.harvestAll(n, s)
	}
}

// blocks reads the statements of the blocks right below a node.
func (p *cpanfileReader) blocks(n perlsrc.NodeID, s scope) {
	for c := range p.t.Children(n) {
		if p.t.Nodes[c].Kind == perlsrc.BlockNode {
			p.statements(c, s)
		}
	}
}

// plain reads a statement that is an expression: a call, maybe with something
// behind it.
func (p *cpanfileReader) plain(n perlsrc.NodeID, s scope) {
	e := p.t.Nodes[n].Child
	if e == 0 || p.modifierLoop(n, e, s) || p.mapLoop(e, s) {
		return
	}
	rest := p.t.Nodes[e].Next // a modifier's condition, or what perl would not understand
	if _, constant := p.literal(e, s); constant && rest == 0 && p.t.Nodes[e].Kind == perlsrc.TermNode {
		return // the 1; at the end
	}
	lead := e
	for p.t.Nodes[lead].Child != 0 && p.t.Nodes[p.t.Nodes[lead].Child].First == p.t.Nodes[lead].First && !p.isCall(lead) {
		lead = p.t.Nodes[lead].Child
	}
	if !p.isCall(lead) {
		p.unresolved(p.t.Line(n), p.describe(n), s)
		p.harvestAll(n, s)
		return
	}
	word, condition := p.t.Modifier(n)
	if rest != 0 && rest != condition && shortcuts[p.t.Callee(lead)][1] != "" {
		p.unresolved(p.t.Line(lead), p.t.Callee(lead)+" of what is not literal", s)
		p.harvestAll(lead, s)
		p.harvestBehind(lead, n, s)
		return
	}
	// What stands behind the call decides about it.
	inner := s
	if lead != e || rest != 0 {
		inner.conditional = true
	}
	p.call(lead, inner)
	switch {
	case lead != e || rest != 0 && rest != condition:
		after := p.after(lead)
		p.unresolved(after.Line, p.describeToken(after), s)
	case word != "":
		after := p.after(e)
		p.unresolved(after.Line, word, s)
	default:
		return
	}
	p.harvestBehind(lead, n, s)
}

// isCall says whether a node calls one of the functions of a cpanfile.
func (p *cpanfileReader) isCall(n perlsrc.NodeID) bool {
	if p.t.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	callee := p.t.Callee(n)
	if _, ok := shortcuts[callee]; !ok && callee != "on" && callee != "feature" && callee != "mirror" {
		return false
	}
	c := p.t.Call(n)
	return !c.Method && !c.Amp
}

func (p *cpanfileReader) call(n perlsrc.NodeID, s scope) {
	if shortcuts[p.t.Callee(n)][1] != "" {
		p.requirement(n, s)
	} else {
		p.scoped(n, s)
	}
}

// harvestAll reads what is in a node that is not understood.
func (p *cpanfileReader) harvestAll(n perlsrc.NodeID, s scope) {
	for c := range p.t.Children(n) {
		p.harvest(c, s)
	}
}

// harvestBehind reads what stands behind a node, up to the end of statement n.
func (p *cpanfileReader) harvestBehind(node, n perlsrc.NodeID, s scope) {
	for ; node != n; node = p.t.Nodes[node].Parent {
		for c := p.t.Nodes[node].Next; c != 0; c = p.t.Nodes[c].Next {
			p.harvest(c, s)
		}
	}
}

// harvest reads an expression or block that is not understood. Literal
// requirements in it are kept as conditional.
func (p *cpanfileReader) harvest(n perlsrc.NodeID, s scope) {
	if p.err != nil {
		return
	}
	s.conditional = true
	switch p.t.Nodes[n].Kind {
	case perlsrc.TermNode:
	case perlsrc.BlockNode:
		if p.t.Nodes[p.t.Nodes[n].Parent].Kind == perlsrc.CastNode {
			p.harvestAll(n, s)
		} else {
			p.statements(n, s)
		}
	case perlsrc.CallNode:
		if callee := p.t.Callee(n); callee != "mirror" && p.isCall(n) {
			p.call(n, s)
			return
		}
		p.harvestAll(n, s)
	default:
		p.harvestAll(n, s)
	}
}

// after gives the token behind a node that perl takes notice of.
func (p *cpanfileReader) after(n perlsrc.NodeID) perlsrc.Token {
	for _, tok := range p.t.Tokens[p.t.Nodes[n].End:p.t.Outer] {
		if tok.Kind.Significant() {
			return tok
		}
	}
	return p.t.Token(n)
}

// describe says for people what a statement begins with.
func (p *cpanfileReader) describe(n perlsrc.NodeID) string {
	tok := p.t.Token(n)
	for i := p.t.Nodes[n].First; i < p.t.Nodes[n].End; i++ {
		if tok = p.t.Tokens[i]; tok.Kind.Significant() && tok.Kind != perlsrc.Label {
			break
		}
	}
	return p.describeToken(tok)
}

func (p *cpanfileReader) describeToken(tok perlsrc.Token) string {
	text := string(tok.Text(p.t.Src))
	switch tok.Kind {
	case perlsrc.Quote:
		return "string"
	case perlsrc.Number, perlsrc.VString:
		return "number"
	case perlsrc.Variable, perlsrc.Cast:
		return "variable"
	case perlsrc.Operator, perlsrc.Structure:
		return "operator " + strconv.Quote(text)
	case perlsrc.Words:
		return "qw list"
	case perlsrc.Command:
		return "backticks"
	case perlsrc.HereDoc:
		return "here-document"
	case perlsrc.Word:
		return text
	}
	return "pattern"
}
