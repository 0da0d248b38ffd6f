package makefile

import (
	"nacre/meta"
	"nacre/perlsrc"
)

// pairing reads a list as keys and values.
type pairing struct {
	*reader
	into *table
	cond *meta.Construct

	has   bool // a key waits for its value
	known bool
	key   string
	line  int
	given *meta.Construct // what it depends on that the key is there
}

// hashOf reads the values of nodes as a hash.
func (r *reader) hashOf(nodes []perlsrc.NodeID) *table {
	t := &table{}
	p := &pairing{reader: r, into: t}
	for _, n := range nodes {
		p.add(n)
	}
	p.end()
	return t
}

func (p *pairing) open(n perlsrc.NodeID, what string) {
	p.into.open = append(p.into.open, meta.Construct{Line: p.t.Line(n), What: what})
}

// under reads a node whose values are there under a condition only.
func (p *pairing) under(n perlsrc.NodeID, cond meta.Construct) {
	q := &pairing{reader: p.reader, into: p.into, cond: p.cond}
	if q.cond == nil {
		q.cond = &cond
	}
	q.add(n)
	q.end()
}

// value takes the value of the key that waits.
func (p *pairing) value(v value, line int) {
	p.has = false
	if !p.known {
		p.into.open = append(p.into.open, meta.Construct{Line: line, What: "key that is not literal"})
		return
	}
	cond := p.cond
	if cond == nil {
		cond = p.given
	}
	p.set(p.into, pair{key: p.key, value: v, line: p.line, cond: cond})
}

// end gives a key at the end of the list no value.
func (p *pairing) end() {
	if p.has {
		p.value(value{kind: nothing}, p.line)
	}
}

// one takes a single value: a key, or the value of the one before.
func (p *pairing) one(v value, line int) {
	if p.has {
		p.value(v, line)
		return
	}
	p.has, p.known, p.key, p.line, p.given = true, v.kind == text, v.text, line, v.cond
}

// add reads one node of the list.
func (p *pairing) add(n perlsrc.NodeID) {
	if !p.step() {
		return
	}
	line := p.t.Line(n)
	if p.t.Nodes[n].Kind == perlsrc.TermNode {
		if words, ok := p.t.List(n); ok {
			for _, w := range words {
				p.one(value{kind: text, text: w}, line)
			}
			return
		}
	}
	if p.has && p.t.Nodes[n].Kind != perlsrc.ListNode {
		p.one(p.scalar(n), line)
		return
	}
	switch p.t.Nodes[n].Kind {
	case perlsrc.ListNode:
		for _, kid := range p.children(n) {
			p.add(kid)
		}
	case perlsrc.TermNode, perlsrc.CastNode:
		p.variable(n)
	case perlsrc.TernaryNode:
		p.ternary(n)
	case perlsrc.LogicNode:
		p.logic(n)
	case perlsrc.ExprNode:
		p.expr(n)
	case perlsrc.CallNode:
		p.called(n)
	default:
		p.one(p.scalar(n), line)
	}
}

// variable is %h, @a, %$h, @{...}, or $x.
func (p *pairing) variable(n perlsrc.NodeID) {
	switch sigil := p.t.Src[p.t.Token(n).Start]; {
	case sigil == '%':
		if h := p.hashIn(n); h != nil {
			p.merge(p.into, h, p.cond)
			return
		}
		p.open(n, "what "+brief(p.t.Text(n))+" holds")
	case sigil == '@':
		v := p.vars[string(p.t.Text(n))]
		if p.t.Nodes[n].Kind == perlsrc.CastNode {
			v = p.inner(n)
		}
		if v.kind != array {
			p.open(n, "what "+brief(p.t.Text(n))+" holds")
			return
		}
		for _, item := range v.list {
			if p.step() {
				p.one(item, p.t.Line(n))
			}
		}
	default:
		p.one(p.scalar(n), p.t.Line(n))
	}
}

func (p *pairing) ternary(n perlsrc.NodeID) {
	kids := p.children(n)
	cond := meta.Construct{Line: p.t.Line(n), What: "?:"}
	open := false
	for len(kids) >= 2 {
		d := p.decide(kids[0])
		switch {
		case d > 0 && !open:
			p.add(kids[1])
			return
		case d >= 0:
			p.under(kids[1], cond)
			open = true
		}
		if d > 0 {
			return
		}
		kids = kids[2:]
	}
	switch {
	case len(kids) == 0:
	case open:
		p.under(kids[0], cond)
	default:
		p.add(kids[0])
	}
}

// logic is COND && (KEY => VALUE).
func (p *pairing) logic(n perlsrc.NodeID) {
	kids := p.children(n)
	if len(kids) != 2 || p.t.Operator(kids[1]) != "&&" && p.t.Operator(kids[1]) != "and" {
		p.one(p.scalar(n), p.t.Line(n))
		return
	}
	switch p.decide(kids[0]) {
	case 1:
		p.add(kids[1])
	case 0:
		p.under(kids[1], meta.Construct{Line: p.t.Line(n), What: p.t.Operator(kids[1])})
	}
}

// expr is (KEY => VALUE) x !!COND, +(...), and what gives one value.
func (p *pairing) expr(n perlsrc.NodeID) {
	kids := p.children(n)
	switch {
	case len(kids) == 1 && p.t.Operator(kids[0]) == "+":
		p.add(kids[0])
	case len(kids) == 2 && p.t.Operator(kids[1]) == "x" && p.t.Nodes[kids[0]].Kind == perlsrc.ListNode:
		switch p.decide(kids[1]) {
		case 1:
			p.add(kids[0])
		case 0:
			p.under(kids[0], meta.Construct{Line: p.t.Line(n), What: "x"})
		}
	default:
		p.one(p.scalar(n), p.t.Line(n))
	}
}

// called is a call where a key is expected: map over literals is followed, and
// of others it is not known how many values they give.
func (p *pairing) called(n perlsrc.NodeID) {
	c := p.t.Call(n)
	switch c.Callee {
	case "map":
		if p.mapped(c) {
			return
		}
	case "do":
		if c.Block != 0 {
			if in := p.onlyValue(c.Block); in != 0 {
				p.add(in)
				return
			}
		}
	case "get_makefile_vars": // ExtUtils::Depends: INC, LIBS, TYPEMAPS, ...
		return
	}
	p.open(n, "what "+callName(c)+" gives")
}

// mapped is map { $_ => 0 } LIST, or map +($_ => 0), LIST.
func (p *pairing) mapped(c perlsrc.Call) bool {
	args := c.Args
	var in perlsrc.NodeID
	if c.Block != 0 {
		in = p.onlyValue(c.Block)
	} else if len(args) > 1 {
		in, args = args[0], args[1:]
	}
	list, ok := p.list(args...)
	if in == 0 || !ok || p.t.Nodes[in].Kind == perlsrc.HashNode {
		return false
	}
	outer, was := p.vars["$_"]
	for _, v := range list {
		p.vars["$_"] = v
		p.add(in)
	}
	delete(p.vars, "$_")
	if was {
		p.vars["$_"] = outer
	}
	return true
}
