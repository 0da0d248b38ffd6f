package crypt

import (
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// view is what the rules ask of a file.
type view struct {
	pass *audit.Pass
	f    *audit.File
	t    *perlsrc.Tree
}

func look(p *audit.Pass) view { return view{p, p.File, p.File.Tree} }

func (v view) kind(n perlsrc.NodeID) perlsrc.NodeKind { return v.t.Nodes[n].Kind }

// origins is what a node's value is made of; none where it is not told whole.
func (v view) origins(n perlsrc.NodeID) []flow.Origin {
	origins, whole := v.f.Flow().Origins(n)
	if !whole {
		return nil
	}
	return origins
}

// bare strips a parenthesis around one value, and the declaration around one variable.
func (v view) bare(n perlsrc.NodeID) perlsrc.NodeID {
	for range 8 {
		k := v.kind(n)
		if k != perlsrc.ListNode && k != perlsrc.DeclareNode && k != perlsrc.BlockNode && k != perlsrc.StatementNode {
			return n
		}
		child := v.t.Nodes[n].Child
		if child == 0 || v.t.Nodes[child].Next != 0 {
			return n
		}
		n = child
	}
	return n
}

// constant says whether a value is always one that the source holds, and which,
// where that can be told.
func (v view) constant(n perlsrc.NodeID) (value string, ok bool) {
	n = v.bare(n)
	if s, ok := v.t.Literal(n); ok {
		return s, true
	}
	switch v.kind(n) {
	case perlsrc.ExprNode:
		return v.folded(n)
	case perlsrc.CallNode:
		if c := v.t.Call(n); c.Callee == "pack" || c.Callee == "chr" {
			for _, a := range c.Args {
				if s, ok := v.constant(a); !ok {
					return "", false
				} else if len(s) > len(value) {
					value = s
				}
			}
			return value, len(c.Args) > 0
		}
	case perlsrc.FileNode, perlsrc.ArrayNode, perlsrc.HashNode, perlsrc.SubNode:
		return "", false
	}
	origins := v.origins(n)
	for _, o := range origins {
		if o.Kind != flow.Constant {
			return "", false
		}
		value = o.Name
	}
	return value, len(origins) > 0
}

// maxFolded bounds a string that x makes.
const maxFolded = 4096

// folded gives the value of constants joined by dots and repeated by x.
func (v view) folded(n perlsrc.NodeID) (value string, ok bool) {
	for c := range v.t.Children(n) {
		s, ok := v.constant(c)
		if !ok {
			return "", false
		}
		switch v.t.Operator(c) {
		case "x":
			times, err := strconv.Atoi(s)
			if err != nil || times < 0 || times*len(value) > maxFolded {
				times = 1
			}
			value = strings.Repeat(value, times)
		case "", ".":
			value += s
		default:
			return "", false
		}
	}
	return value, true
}

// number gives the value of a node that is always the same number.
func (v view) number(n perlsrc.NodeID) (int, bool) {
	s, ok := v.constant(n)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(s)
	return i, err == nil
}

// option gives the value behind one of these keys among the arguments of a call
// or the pairs of its hash, whatever their case and the minus before them.
func (v view) option(args []perlsrc.NodeID, keys ...string) (value perlsrc.NodeID, ok bool) {
	for _, a := range args {
		if key, ok := v.t.Key(a); ok && slices.Contains(keys, strings.ToLower(strings.TrimPrefix(key, "-"))) {
			return a, true
		}
		if k := v.kind(a); k == perlsrc.HashNode || k == perlsrc.ListNode {
			if value, ok := v.option(slices.Collect(v.t.Children(a)), keys...); ok {
				return value, true
			}
		}
	}
	return 0, false
}

// classes gives the classes that an object may be of, as far as the file says it.
func (v view) classes(n perlsrc.NodeID) []string {
	n = v.bare(n)
	if s, ok := v.t.Literal(n); ok {
		return []string{s}
	}
	if v.kind(n) == perlsrc.CallNode {
		if c := v.t.Call(n); c.Method && c.Class != "" {
			return []string{c.Class}
		}
	}
	var all []string
	for _, o := range v.origins(n) {
		if o.Class != "" && !slices.Contains(all, o.Class) {
			all = append(all, o.Class)
		}
	}
	return all
}

// of says whether a method is called on one of these classes: sure where the
// object is made in the file, and not sure where the file only loads one and
// nothing says what else the object would be.
func (v view) of(c perlsrc.Call, classes ...string) (class string, sure bool) {
	if !c.Method {
		return "", false
	}
	found := v.classes(c.Invocant)
	for _, f := range found {
		if slices.Contains(classes, f) {
			return f, true
		}
	}
	if len(found) == 0 && c.Class == "" {
		if load, ok := v.f.Loads(classes...); ok {
			return load.Module, false
		}
	}
	return "", false
}

// module gives the module that a function is called of: by its full name, or
// the first of those that the file loads.
func (v view) module(c perlsrc.Call, modules ...string) string {
	if i := strings.LastIndex(c.Callee, "::"); i >= 0 {
		if slices.Contains(modules, c.Callee[:i]) {
			return c.Callee[:i]
		}
		return ""
	}
	if c.Method {
		return ""
	}
	if load, ok := v.f.Loads(modules...); ok {
		return load.Module
	}
	return ""
}

// calls says that the file calls one of these.
func (v view) calls(names ...string) bool {
	for range v.f.Calls(names...) {
		return true
	}
	return false
}

// place is the sub and the package around a node, as one name.
func (v view) place(n perlsrc.NodeID) string {
	return v.t.EnclosingPackage(n) + "::" + v.f.SubName(n)
}

func isConstant(o flow.Origin) bool { return o.Kind == flow.Constant }

// way tells how the value of a node came there from an origin that is worth
// telling; nothing where both stand on one line.
func (v view) way(n perlsrc.NodeID, worth func(flow.Origin) bool) []audit.Step {
	for _, o := range v.origins(n) {
		if o.Node == 0 || !worth(o) || v.t.Line(o.Node) == v.t.Line(n) {
			continue
		}
		steps := v.pass.StepsAt(o.Node)
		for _, s := range o.Steps {
			if line := v.t.Line(s.Node); line != steps[len(steps)-1].Line || len(steps) > 1 {
				steps = append(steps, audit.Step{Line: line, What: s.What})
			}
		}
		return steps
	}
	return nil
}
