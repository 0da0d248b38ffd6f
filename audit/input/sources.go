package input

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// maxOrigins bounds the origins of one part that are looked at.
const maxOrigins = 32

// maxMade bounds the arguments of a function on a value's way that are looked at.
const maxMade = 8

// sources tells who may choose a part.
func (r *reader) sources(p part) []Source {
	return r.sourcesIn(p, 0)
}

func (r *reader) sourcesIn(p part, depth int) []Source {
	start, _ := r.tree.Span(p.node)
	check := p.check | r.checked(p.node, start)
	if r.left--; r.left < 0 {
		return []Source{{Check: check, Who: Unknown, Part: p.node, Node: p.node}}
	}
	if name, ok := r.option(p.node); ok {
		return []Source{{Who: Operator, Check: check, What: "the option " + name, Part: p.node, Node: p.node}}
	}
	if base := r.tree.Nodes[p.node].Child; r.tree.Nodes[p.node].Kind == perlsrc.AccessNode && r.paramsWord(base) {
		return []Source{{Who: Remote, What: r.asked(base), Check: check, Part: p.node, Node: base}}
	}
	origins, _ := r.file.Flow().Origins(p.node)
	if len(origins) == 0 {
		if r.variable(p.node) {
			return nil // made of nothing that somebody chooses: a length, a time
		}
		s := Source{Check: check, Part: p.node, Node: p.node}
		s.Who, s.What = r.unfollowed(p.node)
		return []Source{s}
	}
	var out []Source
	for _, o := range origins[:min(len(origins), maxOrigins)] {
		asked := o.Kind == flow.Constant && r.paramsWord(o.Node) // my $x = params->{x}
		if o.Kind == flow.Constant && !asked {
			continue
		}
		s := Source{Check: check | madeBy(o.Through) | returnedBy(o.Steps), Part: p.node, Node: o.Node, From: o}
		for _, step := range o.Steps {
			if step.Node != 0 {
				s.Steps = append(s.Steps, audit.Step{Line: r.tree.Line(step.Node), What: step.What})
			}
		}
		s.Check |= r.onTheWay(o, p.node)
		if throughObject(o) {
			s.Who, s.What = Unknown, "a value of the object" // one of many, and most likely another
			out = append(out, s)
			continue
		}
		if o.Kind == flow.Captured || r.isMatch(o.Node) {
			out = append(out, r.captured(s, depth)...)
			continue
		}
		if made, ok := r.made(s, depth); ok {
			out = append(out, made...)
			continue
		}
		if s.Who, s.What = r.who(o); s.Who > Held && s.Who < Remote && r.anyField(o) {
			s.Who, s.What = Held, "a field of the object"
			if sub := r.file.SubName(o.Steps[0].Node); sub != "" {
				s.What += ", set by " + sub
			}
		} else if asked {
			s.Who, s.What = Remote, r.asked(o.Node)
		}
		if name := audit.NameOf(r.tree, p.node); o.Kind == flow.Field && name != "" && s.What == "the field "+o.Name && r.tree.Nodes[p.node].Kind == perlsrc.AccessNode {
			s.What = "the field " + name // the last of $x->{data}{name}
		}
		if s.Who != Constant {
			out = append(out, s)
		}
	}
	return out
}

// throughObject reports whether a value was put into an object that was passed on
// as a whole.
func throughObject(o flow.Origin) bool {
	return slices.ContainsFunc(o.Steps, func(s flow.Step) bool {
		return s.What == "assigned to $self" || s.What == "assigned to $this"
	})
}

// anyField reports whether a value is put into an object under a key that is a
// value, too: by a setter for all of its fields, of which this is one.
func (r *reader) anyField(o flow.Origin) bool {
	return slices.ContainsFunc(o.Steps, func(s flow.Step) bool {
		if s.Node == 0 || !strings.HasPrefix(s.What, "assigned to the object's ") || r.tree.Nodes[s.Node].Kind != perlsrc.AssignNode {
			return false
		}
		to := r.tree.Nodes[s.Node].Child
		if r.tree.Nodes[to].Kind != perlsrc.AccessNode {
			return false
		}
		last := r.tree.LastChild(to)
		if r.tree.Nodes[last].Kind != perlsrc.SubscriptNode {
			return false
		}
		_, fixed := r.tree.Literal(r.tree.Nodes[last].Child)
		return !fixed
	})
}

// variable reports whether a node is a variable.
func (r *reader) variable(n perlsrc.NodeID) bool {
	return r.tree.Nodes[n].Kind == perlsrc.TermNode && r.tree.Token(n).Kind == perlsrc.Variable
}

// maxAsked bounds how often sources of sources are asked for.
const maxAsked = 3

// made tells where the arguments of a function come from that only makes something
// of them, as shell_quote and catfile do; ok is false for others.
func (r *reader) made(s Source, depth int) (out []Source, ok bool) {
	if s.From.Kind != flow.Result || depth > 1 || r.left <= 0 || r.tree.Nodes[s.Node].Kind != perlsrc.CallNode {
		return nil, false
	}
	var parts []part
	if !r.call(s.Node, s.Check, 0, &parts) {
		return nil, false
	}
	for _, p := range parts[:min(len(parts), maxMade)] {
		for _, in := range r.sourcesIn(p, depth+1) {
			in.Part, in.Steps = s.Part, append(slices.Clone(in.Steps), s.Steps...)
			in.From.Quoted = in.From.Quoted || s.From.Quoted
			out = append(out, in)
		}
	}
	return out, true
}

// onTheWay gives the checks of the variables that a value was in, before it was
// asked about. In other subs, where it goes on from is not told: there all count.
func (r *reader) onTheWay(o flow.Origin, asked perlsrc.NodeID) Check {
	var c Check
	before, _ := r.tree.Span(asked)
	here := r.tree.EnclosingSub(asked)
	for i, step := range o.Steps {
		if step.Node == 0 || i > 20 {
			continue
		}
		node := step.Node
		if r.tree.Nodes[node].Kind == perlsrc.AssignNode {
			c |= r.formatted(node) | r.counted(node) | r.changed(node)
			node = r.tree.Nodes[node].Child
		}
		end := before
		if r.tree.EnclosingSub(node) != here {
			end = len(r.tree.Src)
		}
		if name, ok := strings.CutPrefix(step.What, "assigned to $"); ok && r.tree.Nodes[node].Kind != perlsrc.TermNode {
			c |= r.checkedIn(r.tree.EnclosingSub(node), "$"+name, end) // one of a list
			continue
		}
		c |= r.checked(node, end)
		if name := r.base(node); name != "" && r.tree.Nodes[node].Kind == perlsrc.AccessNode {
			c |= r.checkedIn(r.tree.EnclosingSub(node), "%"+name, end) // with all of the hash
		}
	}
	return c | r.argument(o, here, before)
}

// argument gives the checks of the variable that an argument is unpacked into.
func (r *reader) argument(o flow.Origin, here perlsrc.NodeID, before int) Check {
	if o.Kind != flow.Param || o.Name == "" || o.Sub == 0 {
		return 0
	}
	if o.Sub != here {
		before = len(r.tree.Src)
	}
	return r.checkedIn(o.Sub, "$"+o.Name, before)
}

// paramsWord reports whether a node is params of Dancer, or such a word.
func (r *reader) paramsWord(n perlsrc.NodeID) bool {
	if r.tree.Nodes[n].Kind != perlsrc.TermNode || r.tree.Token(n).Kind != perlsrc.Word {
		return false
	}
	switch string(r.tree.Text(n)) {
	case "params", "query_parameters", "body_parameters", "route_parameters", "captures":
		return r.web()
	}
	return false
}

// asked names the parameter that params->{name} gives, where base is the word.
func (r *reader) asked(base perlsrc.NodeID) string {
	if s := r.tree.Nodes[base].Next; s != 0 && r.tree.Nodes[s].Kind == perlsrc.SubscriptNode {
		if key, ok := r.tree.Literal(r.tree.Nodes[s].Child); ok {
			return fmt.Sprintf("the parameter %q of a request", key)
		}
	}
	return "a parameter of a request"
}

// base gives the variable that an access begins with, without sigil.
func (r *reader) base(n perlsrc.NodeID) string {
	for r.tree.Nodes[n].Kind == perlsrc.AccessNode || r.tree.Nodes[n].Kind == perlsrc.CastNode {
		n = r.tree.Nodes[n].Child
	}
	if r.tree.Nodes[n].Kind != perlsrc.TermNode {
		return ""
	}
	return strings.TrimLeft(string(r.tree.Text(n)), "$@%{")
}

// unfollowed tells of a node that flow says nothing of.
func (r *reader) unfollowed(n perlsrc.NodeID) (Who, string) {
	t := r.tree
	switch t.Nodes[n].Kind {
	case perlsrc.CallNode:
		return r.result(n, t.Callee(n))
	case perlsrc.AccessNode:
		base := t.Nodes[n].Child
		name := r.base(n)
		key := ""
		if s := t.Nodes[base].Next; s != 0 && t.Nodes[s].Child != 0 {
			key, _ = t.Literal(t.Nodes[s].Child)
		}
		if name == "ENV" || name == "ARGV" {
			return r.global("%"+name, key)
		}
		return r.field(n, key)
	case perlsrc.TermNode:
		switch t.Token(n).Kind {
		case perlsrc.Readline:
			return r.line(string(t.Text(n)))
		case perlsrc.Command:
			return Unknown, "the output of a command"
		case perlsrc.Variable:
			return r.global(string(t.Text(n)), "")
		}
	}
	return Unknown, ""
}
