package random

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// verdict is a use of rand and the rule that tells it.
type verdict struct {
	use
	rule     string
	fallback bool
}

// guessed reports what rand makes, as far as a rule owns it.
func guessed(p *audit.Pass, rule string) {
	v := look(p)
	v.filledIn(rule)
	for _, d := range v.verdicts() {
		if d.rule != rule {
			continue
		}
		f := audit.Found{Node: d.source.node, Confidence: d.sure, Severity: d.severity, Steps: v.steps(d.use)}
		of := d.source.name + ", which can be guessed"
		if beside := v.beside(d.source.node); len(beside) > 0 {
			of = list(append([]string{d.source.name}, beside...)) + ", all of which can be guessed"
		}
		switch {
		case rule == "RND08":
			f.Message = fmt.Sprintf("where the good source fails, the bytes are made of %s", of)
			if d.what != "" {
				f.Message = fmt.Sprintf("where the good source fails, %s is made of %s", d.what, of)
			}
		case d.sure == audit.Possible:
			f.Message = fmt.Sprintf("%s may be a secret, and is made of %s", d.what, of)
		default:
			f.Message = fmt.Sprintf("%s is made of %s", d.what, of)
			if d.fallback {
				f.Message = fmt.Sprintf("%s is made of %s, where the good source fails", d.what, of)
			}
		}
		p.Report(f)
	}
}

// beside tells what else that others know or can try is in the text of which rand
// is a part.
func (v *view) beside(n perlsrc.NodeID) []string {
	top := n
	for up := v.t.Nodes[n].Parent; up != 0; up = v.t.Nodes[up].Parent {
		switch kind := v.t.Nodes[up].Kind; {
		case kind == perlsrc.ListNode:
			continue
		case kind == perlsrc.ExprNode, kind == perlsrc.CallNode && (digest(v.t.Callee(up)) || v.t.Callee(up) == "join"):
			top = up
			continue
		}
		break
	}
	if top == n {
		return nil
	}
	return v.partsOf(top).kinds
}

// verdicts judges every rand of the file, once for all rules.
func (v *view) verdicts() []verdict {
	return v.f.Memo(verdictsKey{}, func() any { return v.judge() }).([]verdict)
}

type verdictsKey struct{}

func (v *view) judge() []verdict {
	var out []verdict
	type place struct {
		rule string
		sub  perlsrc.NodeID
		end  perlsrc.NodeID
	}
	told := map[place]bool{}
	for _, s := range v.rands() {
		if v.f.Late() {
			break
		}
		d, ok := v.verdict(s)
		if !ok {
			continue
		}
		v.doubt(&d.use)
		// Several rand of one string are one finding.
		at := place{d.rule, v.t.EnclosingSub(s.node), d.end}
		if told[at] {
			continue
		}
		told[at] = true
		out = append(out, d)
	}
	return out
}

// verdict judges one rand.
func (v *view) verdict(s source) (verdict, bool) {
	uses := v.follow(s)
	if len(uses) == 0 || v.mixedIn(s.node) {
		return verdict{}, false
	}
	best, ok := worst(uses)
	for _, u := range uses {
		if u.sure == 0 && !(u.built && u.plain) || !v.fallback(u) {
			continue
		}
		if ok && best.local && best.what != entropy {
			return verdict{use: best, rule: best.rule, fallback: true}, true
		}
		d := verdict{use: u, rule: "RND08", fallback: true}
		if ok {
			d.use = best
		} else {
			d.severity = audit.High
		}
		d.sure = audit.Certain
		return d, true
	}
	m := v.mixedWith(s.node)
	if !ok && m.address && m.clock {
		// Who adds the address of {} to the time wants what nobody can foretell.
		best, ok = uses[0], true
		best.goal = goal{rule: "RND01", what: "what should be hard to guess", sure: audit.Likely, severity: audit.Medium}
		if distinct(best.first) || !best.built {
			best.sure = audit.Possible // or only what no other has
		}
	}
	if !ok {
		return verdict{}, false
	}
	d := verdict{use: best, rule: best.rule}
	if m.secret && d.rule != "RND02" {
		d.sure = audit.Possible // who does not know it cannot guess
	}
	if m.counter && m.clock {
		d.rule = "RND05"
	}
	return d, true
}

// distinct reports whether a name says that a value only must differ from others.
func distinct(name string) bool {
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool {
		return slices.Contains([]string{"uid", "uuid", "guid", "unique", "uniq", "distinct", "cid", "msgid", "mid", "boundary", "tag", "tmp", "temp", "file", "filename", "anchor", "label", "serial"}, w)
	})
}

// rands gives the calls of perl's own rand.
func (v *view) rands() []source {
	var out []source
	if v.replaced() {
		return nil
	}
	for n := range v.f.Calls("rand") {
		c := v.t.Call(n)
		if c.Method || strings.Contains(c.Callee, "::") && c.Callee != "CORE::rand" || c.Callee == "rand" && v.defines("rand") {
			continue
		}
		out = append(out, source{node: n, name: "rand"})
	}
	return out
}

// replaced reports whether a module puts a function of its own in rand's place: a
// good one, or one that RND04 knows.
func (v *view) replaced() bool {
	for _, l := range v.f.Facts().Loads {
		for _, name := range l.Imports {
			if name == "rand" && (l.Module != "POSIX" && l.Module != "subs") {
				return true
			}
		}
		if l.Module == "Math::Random::Secure" && !l.HasImports && len(l.Imports) == 0 {
			return true
		}
	}
	return false
}

// steps makes the way of a use readable: the source, and what flow tells of it.
func (v *view) steps(u use) []audit.Step {
	out := []audit.Step{{Line: v.t.Line(u.source.node), What: u.source.name}}
	for _, s := range u.steps {
		out = append(out, audit.Step{Line: v.t.Line(s.Node), What: s.What})
	}
	if u.name != "" {
		out = append(out, audit.Step{Line: v.t.Line(u.end), What: fmt.Sprintf("%q says what it is for", u.name)})
	}
	return out
}
