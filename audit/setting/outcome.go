package setting

import (
	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// Choice says who decides that a value is an outcome.
type Choice uint8

// The choices.
const (
	Always  Choice = iota // nobody: it is nothing else
	Default               // it is what holds if nobody says otherwise: behind //, ||, ||=
	Either                // a condition picks it: a branch of ?:, one of several assignments
)

// Outcome is something that a value may be.
type Outcome struct {
	Node   perlsrc.NodeID // a Term, a Call, ...
	Value  string         // of a literal, and of a constant of the file
	Known  bool           // Value is told
	Choice Choice
}

// maxOutcomes bounds what is told of one value.
const maxOutcomes = 32

// Outcomes gives what the value of a setting may be: through parentheses, one-line
// subs, ?:, // and ||, and through variables as far as the file's flow tells.
func (s Setting) Outcomes(f *audit.File) []Outcome {
	choice := Always
	if s.Op == "||=" || s.Op == "//=" {
		choice = Default
	}
	return appendOutcomes(nil, f, s.Value, choice, 0)
}

// Outcomes gives what a node's value may be, as that of a Setting.
func Outcomes(f *audit.File, n perlsrc.NodeID) []Outcome {
	return appendOutcomes(nil, f, n, Always, 0)
}

func appendOutcomes(out []Outcome, f *audit.File, n perlsrc.NodeID, choice Choice, depth int) []Outcome {
	t := f.Tree
	if n == 0 || depth > 16 || len(out) >= maxOutcomes {
		return out
	}
	node := t.Nodes[n]
	if v, ok := t.Literal(n); ok {
		return append(out, Outcome{Node: n, Value: v, Known: true, Choice: choice})
	}
	switch node.Kind {
	case perlsrc.ListNode, perlsrc.CastNode:
		if node.Child != 0 && t.Nodes[node.Child].Next == 0 && node.Kind == perlsrc.ListNode {
			return appendOutcomes(out, f, node.Child, choice, depth+1)
		}
		if node.Child == 0 && node.Kind == perlsrc.ListNode {
			return append(out, Outcome{Node: n, Known: true, Choice: choice})
		}
	case perlsrc.SubNode:
		if last, ok := only(t, t.Sub(n).Block); ok {
			return appendOutcomes(out, f, last, choice, depth+1)
		}
	case perlsrc.TernaryNode:
		i := 0
		for c := range t.Children(n) {
			if i%2 == 1 || t.Nodes[c].Next == 0 {
				out = appendOutcomes(out, f, c, Either, depth+1)
			}
			i++
		}
		return out
	case perlsrc.LogicNode:
		for c := range t.Children(n) {
			op := t.Operator(c)
			switch {
			case c == node.Child:
				if next := t.Operator(t.Nodes[c].Next); next != "//" && next != "||" && next != "or" {
					return append(out, Outcome{Node: n, Choice: choice})
				}
				out = appendOutcomes(out, f, c, max(choice, Either), depth+1)
			case op == "//" || op == "||" || op == "or":
				if t.Nodes[c].Next != 0 {
					out = appendOutcomes(out, f, c, max(choice, Either), depth+1)
				} else {
					out = appendOutcomes(out, f, c, max(choice, Default), depth+1)
				}
			}
		}
		return out
	case perlsrc.TermNode, perlsrc.AccessNode, perlsrc.CallNode:
		if o, ok := followed(out, f, n, choice); ok {
			return o
		}
	}
	return append(out, Outcome{Node: n, Choice: choice})
}

// only gives the value of a block of one statement.
func only(t *perlsrc.Tree, block perlsrc.NodeID) (perlsrc.NodeID, bool) {
	if block == 0 {
		return 0, false
	}
	statement := t.Nodes[block].Child
	if statement == 0 || t.Nodes[statement].Next != 0 || t.Nodes[statement].Form != perlsrc.Plain {
		return 0, false
	}
	n := t.Nodes[statement].Child
	if n == 0 || t.Nodes[n].Next != 0 {
		return 0, false
	}
	if t.Nodes[n].Kind == perlsrc.CallNode && t.Callee(n) == "return" {
		n = t.Arg(n, 0)
	}
	return n, n != 0
}

// followed adds where the value of a variable or a call comes from.
func followed(out []Outcome, f *audit.File, n perlsrc.NodeID, choice Choice) ([]Outcome, bool) {
	origins, whole := f.Flow().Origins(n)
	if !whole || len(origins) == 0 || len(origins) > maxOutcomes {
		return out, false
	}
	if len(origins) == 1 && origins[0].Node == n && origins[0].Kind != flow.Constant {
		return out, false
	}
	constants := 0
	for _, o := range origins {
		if o.Kind == flow.Constant {
			constants++
		}
	}
	switch {
	case len(origins) == 1:
	case constants == 1: // the rest is said by somebody else
		choice = max(choice, Default)
	default:
		choice = max(choice, Either)
	}
	for _, o := range origins {
		out = append(out, Outcome{
			Node: o.Node, Value: o.Name, Known: o.Kind == flow.Constant && o.Direct, Choice: choice,
		})
	}
	return out, true
}
