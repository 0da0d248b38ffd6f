package makefile

import (
	"slices"
	"strings"

	"nacre/meta"
	"nacre/perlsrc"
)

// What changes a variable in a way that is not followed makes it unknown from
// there on: s///, ++, pop, an element of a list, a reference that is kept, a
// routine of the program that assigns to it. This file finds those.

// disturbed makes unknown what the expression n changes unseen.
func (r *reader) disturbed(n perlsrc.NodeID) {
	sub := r.t.EnclosingSub(n)
	r.every(n, func(c perlsrc.NodeID) {
		switch {
		case !r.step() || r.t.EnclosingSub(c) != sub:
		case r.t.Nodes[c].Kind == perlsrc.CallNode:
			r.routine(n, c)
			fallthrough
		default:
			r.changes(c, func(target perlsrc.NodeID) { r.disturb(target, c) })
		}
	})
}

// every gives n and all nodes below it.
func (r *reader) every(n perlsrc.NodeID, each func(perlsrc.NodeID)) {
	each(n)
	for c := range r.t.All(n) {
		each(c)
	}
}

// targets gives what an assignment changes, but for what it declares.
func (r *reader) targets(n perlsrc.NodeID, each func(target perlsrc.NodeID)) {
	kids := r.children(n)
	for _, target := range kids[:len(kids)-1] {
		if r.t.Nodes[target].Kind != perlsrc.DeclareNode {
			each(target)
		}
	}
}

// changes gives what a node by itself changes, but for what an assignment does.
func (r *reader) changes(n perlsrc.NodeID, each func(target perlsrc.NodeID)) {
	kids := r.children(n)
	switch r.t.Nodes[n].Kind {
	case perlsrc.ExprNode:
		if len(kids) == 1 {
			op := r.t.Operator(kids[0])
			last := string(r.t.Tokens[r.t.Nodes[n].End-1].Text(r.t.Src))
			kept := op == `\` && (r.isVariable(kids[0], '$') || r.isVariable(kids[0], '@'))
			if kept || op == "++" || op == "--" || last == "++" || last == "--" {
				each(kids[0])
			}
		}
		for i := 1; i < len(kids); i++ {
			if op := r.t.Operator(kids[i]); op == "=~" && r.replaces(kids[i]) {
				each(kids[i-1])
			}
		}
	case perlsrc.CallNode:
		c := r.t.Call(n)
		if c.Method || len(c.Args) == 0 {
			return
		}
		switch strings.TrimPrefix(c.Callee, "CORE::") {
		case "pop", "shift", "splice", "undef", "chop":
			each(c.Args[0])
		case "push", "unshift":
			if !r.isVariable(c.Args[0], '@') || c.Callee == "unshift" {
				each(c.Args[0])
			}
		}
	}
}

// replaces reports whether a term is s/// or tr/// that changes what it is
// bound to.
func (r *reader) replaces(n perlsrc.NodeID) bool {
	tok := r.t.Token(n)
	return r.t.Nodes[n].Kind == perlsrc.TermNode && (tok.Kind == perlsrc.Substitute || tok.Kind == perlsrc.Translate) &&
		!strings.Contains(tok.Quoted(r.t.Src).Modifiers, "r")
}

// routine makes unknown what a call in the statement n changes by the code that
// it runs or is given.
func (r *reader) routine(n, call perlsrc.NodeID) {
	c := r.t.Call(call)
	if c.Block != 0 && (call != n || c.Callee != "do" && c.Callee != "eval") {
		r.effects(c.Block, call, 0)
	}
	for _, a := range c.Args {
		if r.t.Nodes[a].Kind == perlsrc.SubNode {
			r.effects(a, call, 0)
		}
	}
	if c.Callee == "eval" && len(c.Args) == 1 {
		if code, ok := r.t.Literal(c.Args[0]); ok {
			r.named(code, call)
		}
		return
	}
	for _, sub := range r.called(c) {
		r.effects(sub, call, 0)
	}
}

// filled notes that what a call is given a reference to may change.
func (r *reader) filled(n perlsrc.NodeID, c perlsrc.Call) {
	if !c.Method && perlsrc.IsFunction(c.Callee) || c.Callee == "Dumper" {
		return
	}
	for _, a := range c.Args {
		var h *table
		of := a
		switch kids := r.children(a); {
		case len(kids) == 1 && r.t.Nodes[a].Kind == perlsrc.ExprNode && r.t.Operator(kids[0]) == `\`:
			of = kids[0]
			h = r.hashIn(of)
		case r.isVariable(a, '$'):
			h = r.vars[string(r.t.Text(a))].hash
		}
		if h != nil {
			r.widen(h, meta.Construct{Line: r.t.Line(n), What: "what " + callName(c) + " does with " + brief(r.t.Text(of))})
		}
	}
}

// called gives the routines of the program that a call may run.
func (r *reader) called(c perlsrc.Call) []perlsrc.NodeID {
	if r.routines == nil {
		r.routines = map[string][]perlsrc.NodeID{}
		for n := range r.t.All(0, perlsrc.SubNode) {
			s := r.t.Sub(n)
			name := s.Name[strings.LastIndexByte(s.Name, ':')+1:]
			if s.Block != 0 {
				r.routines[name] = append(r.routines[name], n)
			}
		}
	}
	if c.Dynamic || c.Callee == "" {
		return r.routines[""]
	}
	return r.routines[c.Callee[strings.LastIndexByte(c.Callee, ':')+1:]]
}

// maxCalls bounds how far calls of routines are followed for what they change.
const maxCalls = 10

// effects makes unknown what the code in n assigns to or changes, and does not
// declare itself.
func (r *reader) effects(n, by perlsrc.NodeID, depth int) {
	if depth > maxCalls {
		return
	}
	own := map[string]bool{}
	for d := range r.t.All(n, perlsrc.DeclareNode) {
		for c := range r.t.All(d, perlsrc.TermNode) {
			own[string(r.t.Text(c))] = true
		}
	}
	disturb := func(target perlsrc.NodeID) {
		if name, _ := r.rootOf(target); !own[name] {
			r.disturb(target, by)
		}
	}
	r.every(n, func(c perlsrc.NodeID) {
		if !r.step() {
			return
		}
		switch r.t.Nodes[c].Kind {
		case perlsrc.AssignNode:
			r.targets(c, disturb)
		case perlsrc.CallNode:
			call := r.t.Call(c)
			if len(call.Args) > 0 && !call.Method && (call.Callee == "push" || call.Callee == "delete") {
				disturb(call.Args[0])
			}
			for _, sub := range r.called(call) {
				if sub != n {
					r.effects(sub, by, depth+1)
				}
			}
		}
		r.changes(c, disturb)
	})
}

// rootOf gives the variable that a target begins with, as it is declared.
func (r *reader) rootOf(n perlsrc.NodeID) (name string, ok bool) {
	switch r.t.Nodes[n].Kind {
	case perlsrc.TermNode:
		if r.t.Token(n).Kind == perlsrc.Variable {
			return string(r.t.Text(n)), true
		}
	case perlsrc.AccessNode:
		kids := r.children(n)
		name, ok = r.rootOf(kids[0])
		if ok && len(kids) > 1 && r.t.Nodes[kids[0]].Kind == perlsrc.TermNode && r.t.Operator(kids[1]) != "->" {
			sigil := "%"
			if r.t.Src[r.t.Token(kids[1]).Start] == '[' {
				sigil = "@"
			}
			name = sigil + name[1:]
		}
		return name, ok
	case perlsrc.CastNode:
		if in := r.behind(n); in != 0 {
			return r.rootOf(in)
		}
	}
	return "", false
}

// disturb makes a target unknown, which by has changed.
func (r *reader) disturb(target, by perlsrc.NodeID) {
	why := r.change(by)
	switch r.t.Nodes[target].Kind {
	case perlsrc.ListNode, perlsrc.TernaryNode, perlsrc.LogicNode, perlsrc.AssignNode:
		for _, kid := range r.children(target) {
			if r.step() {
				r.disturb(kid, by)
			}
		}
		return
	case perlsrc.CastNode: // @{$h{key}}
		if in := r.behind(target); in != 0 {
			r.disturb(in, by)
		}
		return
	case perlsrc.AccessNode:
		if p, ok := r.element(target); ok && p.table != nil {
			if old, _ := p.table.get(p.key); old.kind == hash {
				r.widen(old.hash, why)
			} else {
				r.set(p.table, pair{key: p.key, value: value{why: why}, line: why.Line, cond: r.cond})
			}
			return
		}
	}
	if name, ok := r.rootOf(target); ok && !strings.ContainsAny(name, "{:") {
		r.forget(name, why)
		return
	}
	r.mentioned(target, why)
}

// mentioned makes unknown what a target is that no variable begins plainly:
// (\%h)->{key}, ${h}{key}, $main::h{key}, and what the methods of an object that
// makes the distribution give, as in $build->requires->{Foo} = 1.
func (r *reader) mentioned(target perlsrc.NodeID, why meta.Construct) {
	n := r.t.Nodes[target]
	for i := n.First; i < n.End && r.step(); i++ {
		switch t := r.t.Tokens[i]; t.Kind {
		case perlsrc.Variable:
			name := strings.Trim(string(t.Text(r.t.Src)), "$@%{}")
			name = name[strings.LastIndexByte(name, ':')+1:]
			for _, sigil := range []string{"%", "$", "@"} {
				r.forget(sigil+name, why)
			}
		case perlsrc.Word:
			if i > n.First && string(r.t.Tokens[i-1].Text(r.t.Src)) == "->" && strings.HasSuffix(string(t.Text(r.t.Src)), "requires") {
				r.unresolved(why)
			}
		}
	}
}

// change is how a notice tells of what changes something.
func (r *reader) change(by perlsrc.NodeID) meta.Construct {
	return meta.Construct{Line: r.t.Line(by), What: "what " + brief(r.t.Text(by)) + " changes"}
}

// named makes unknown every variable that is named in code that is evaluated.
func (r *reader) named(code string, by perlsrc.NodeID) {
	if !strings.Contains(code, "=") && !strings.Contains(code, "push") {
		return
	}
	r.steps += len(r.vars) * (1 + len(code)/64)
	if !r.step() {
		return
	}
	why := r.change(by)
	for name := range r.vars {
		if strings.Contains(code, name[1:]) {
			r.forget(name, why)
		}
	}
}

// forget makes a variable unknown: of a hash, what more is in it.
func (r *reader) forget(name string, why meta.Construct) {
	switch v, ok := r.vars[name]; {
	case ok && v.kind == hash:
		r.widen(v.hash, why)
	case ok && v.kind != maker: // whose underscores are taken off
		r.vars[name] = value{why: why}
	}
}

// widen notes what may add to a hash.
func (r *reader) widen(t *table, why meta.Construct) {
	if r.steps += len(t.open) / 16; !slices.Contains(t.open, why) {
		t.open = append(t.open, why)
	}
}

// aliased makes unknown what a loop runs over and its body changes by the name
// of the loop's variable.
func (r *reader) aliased(variable string, list, body perlsrc.NodeID) {
	changed := false
	note := func(target perlsrc.NodeID) {
		name, ok := r.rootOf(target)
		changed = changed || ok && name == variable
	}
	r.every(body, func(c perlsrc.NodeID) {
		if !r.step() {
			return
		}
		switch r.t.Nodes[c].Kind {
		case perlsrc.AssignNode:
			r.targets(c, note)
		case perlsrc.TermNode: // s/// by itself
			changed = changed || variable == "$_" && r.replaces(c) && r.t.Operator(c) != "=~"
		}
		r.changes(c, note)
	})
	if !changed {
		return
	}
	r.every(list, func(c perlsrc.NodeID) {
		if r.step() && r.t.Nodes[c].Kind == perlsrc.TermNode && r.t.Token(c).Kind == perlsrc.Variable {
			r.disturb(c, body)
		}
	})
}

// leaves reports whether a loop's body may end a round early.
func (r *reader) leaves(body perlsrc.NodeID) bool {
	for c := range r.t.All(body, perlsrc.CallNode) {
		switch r.t.Callee(c) {
		case "next", "last", "redo":
			return true
		}
	}
	return false
}
