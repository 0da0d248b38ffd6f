package meta

import (
	"strings"

	"nacre/fault"
	"nacre/perlsrc"
)

// arg is one argument of a call.
type arg struct {
	text       string // its value, if it is literal
	literal    bool
	start, end int
	line       int
}

// requirement reads requires 'Foo', '1.0', key => 'value' and its like.
func (p *cpanfileReader) requirement(n perlsrc.NodeID, s scope) {
	word := p.t.Callee(n)
	args := p.args(n, s)
	start, end := p.t.Span(n)
	st := Statement{Conditional: s.conditional, Repeated: s.loop != nil, Span: Span{start, end}}
	st.Phase, st.Relation, st.Feature, st.Line = s.phase, shortcuts[word][1], s.feature, p.t.Line(n)
	last := p.t.Tokens[p.t.Nodes[n].End-1]
	st.EndLine = last.Line + strings.Count(string(last.Text(p.t.Src)), "\n")
	if phase := shortcuts[word][0]; phase != "" {
		st.Phase = phase
	}
	if len(args) == 0 || !args[0].literal {
		p.unresolved(st.Line, word+" of what is not literal", s)
		return
	}
	module, version := args[0], arg{start: args[0].end, end: args[0].end, literal: true}
	args = args[1:]
	if len(args)%2 == 1 { // then the first is the version, as in Module::CPANfile
		version, args = args[0], args[1:]
	}
	for i := 0; i < len(args); i += 2 {
		key, value := args[i], args[i+1]
		if !key.literal || !value.literal {
			p.unresolved(key.line, "option that is not literal", s)
			continue
		}
		switch key.text {
		case "version":
			version = value
		case "dist":
			st.Dist = value.text
		case "url":
			st.URL = value.text
		case "git":
			st.Git = value.text
		case "ref":
			st.Ref = value.text
		case "mirror":
			st.Mirror = value.text
		}
	}
	st.Version = Span{version.start, version.end}
	st.Prereq = NewPrereq(st.Prereq, module.text, version.text)
	if !version.literal {
		p.unresolved(version.line, "version that is not literal", s)
		st.Version, st.Range = Span{-1, -1}, ""
		st.Err = fault.New(fault.Invalid, "requirement of %s: its version is not literal", module.text)
	}
	p.out.Requires = append(p.out.Requires, st)
	p.count(st.Line)
}

// scoped reads on 'phase' => sub {...}, feature 'id', 'text' => sub {...} and
// mirror 'url'.
func (p *cpanfileReader) scoped(n perlsrc.NodeID, s scope) {
	word, line := p.t.Callee(n), p.t.Line(n)
	inner := s
	var name arg
	block := false
	i := 0
	for a := range p.t.Args(n) {
		block = p.t.Nodes[a].Kind == perlsrc.SubNode
		switch {
		case i == 0:
			name = p.arg(a, s)
			switch {
			case !name.literal:
				// What the block requires stays, but for what is not known.
				inner.conditional = true
				if word == "on" {
					inner.phase = ""
				}
			case word == "on":
				inner.phase = name.text
			case word == "feature":
				inner.feature = name.text
			}
		case block:
			p.blocks(a, inner)
		default:
			p.harvest(a, s)
		}
		i++
	}
	switch {
	case !name.literal:
		p.unresolved(line, word+" of what is not literal", s)
	case word == "mirror":
		p.out.Mirrors = append(p.out.Mirrors, name.text)
	case !block:
		p.unresolved(line, word+" without a block", s)
	}
}

// args reads the arguments of a call.
func (p *cpanfileReader) args(n perlsrc.NodeID, s scope) []arg {
	var args []arg
	for a := range p.t.Args(n) {
		switch op := p.t.Operator(a); {
		case len(args) > maxNesting:
			p.fail(p.t.Line(a), "more than %d arguments (limit: cpanfile arguments)", maxNesting)
			return nil
		case len(args) > 0 && op != "," && op != "=>": // no Perl
			args[len(args)-1].literal = false
			p.harvest(a, s)
			continue
		}
		if more, ok := p.mapArgs(a, s); ok {
			args = append(args, more...)
			continue
		}
		args = append(args, p.arg(a, s))
	}
	return args
}

// arg reads an argument.
func (p *cpanfileReader) arg(n perlsrc.NodeID, s scope) arg {
	a := arg{line: p.t.Line(n)}
	a.start, a.end = p.t.Span(n)
	if a.text, a.literal = p.literal(n, s); !a.literal {
		p.harvest(n, s)
	}
	return a
}

// literal gives the value of one string, number or word, or of a loop's
// variable.
func (p *cpanfileReader) literal(n perlsrc.NodeID, s scope) (value string, ok bool) {
	if p.t.Nodes[n].Kind != perlsrc.TermNode {
		return "", false
	}
	tok := p.t.Token(n)
	text := tok.Text(p.t.Src)
	switch tok.Kind {
	case perlsrc.Variable:
		return s.loop.value(string(text))
	case perlsrc.Quote:
		q := tok.Quoted(p.t.Src)
		if !q.Interpolates {
			break
		}
		body := q.Body.Text(p.t.Src)
		for i, c := range body {
			// \x{41}, \n, \U: no version or name needs one.
			if c == '\\' && i+1 < len(body) && isWord(body[i+1]) && body[i+1] != ':' {
				return "", false
			}
		}
		if p.t.Nodes[n].Child != 0 {
			return p.interpolated(q.Body, s)
		}
	case perlsrc.Number:
		value, ok = p.t.Literal(n)
		// perl's own digits of what is so large or small depend on the machine.
		return value, ok && len(text) <= 40 && !strings.Contains(value, "e")
	case perlsrc.VString, perlsrc.Word:
	default:
		return "", false
	}
	return p.t.Literal(n)
}
