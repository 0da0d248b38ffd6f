// Package setting finds where a file gives something a value by name, whichever
// way that is written:
//
//	LWP::UserAgent->new(ssl_opts => { verify_hostname => 0 });   # a pair
//	$opt{verify_hostname} = 0;                                   # a field
//	has verify_hostname => (is => 'ro', default => sub { 0 });   # an attribute
//	$ua->verify_hostname(0);                                     # an accessor
//
// are the four settings of verify_hostname, each with the node that is its value.
// Outcomes then tells what that value may be, and who chooses.
//
// Promised: settings come in the file's order, at a cost linear in the file.
//
// Not promised: that the name means what it says. A pair in a list is taken for
// a setting wherever the list goes.
//
// Sources: perldata; the documentation of Moose, Moo and Mojo::Base.
package setting

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// How is the way a setting is written.
type How uint8

// The ways.
const (
	Pair      How = iota // name => value, 'name', value, -name => value
	Field                // $x{name} = value, $x->{name} ||= value
	Attribute            // has name => (default => value)
	Accessor             // $x->name(value)
)

// Setting is a place that gives a name a value.
type Setting struct {
	Name  string // without a minus before it
	Node  perlsrc.NodeID
	Value perlsrc.NodeID
	How   How
	// Op is what assigns, of a Field: "=", "||=", "//=".
	Op string
}

// All gives the settings of these names. A file is gone over once, whatever is
// asked of it later.
func All(f *audit.File, names ...string) iter.Seq[Setting] {
	all := f.Memo(key{}, func() any { return read(f) }).(map[string][]Setting)
	var found []Setting
	for _, name := range names {
		found = append(found, all[name]...)
	}
	slices.SortFunc(found, func(a, b Setting) int { return cmp.Compare(a.Node, b.Node) })
	return func(yield func(Setting) bool) {
		for _, s := range found {
			if f.Late() || !yield(s) {
				return
			}
		}
	}
}

// key is under which a file keeps its settings.
type key struct{}

// read gives all settings of a file by their names.
func read(f *audit.File) map[string][]Setting {
	all := map[string][]Setting{}
	t := f.Tree
	for n := range f.All(perlsrc.TermNode, perlsrc.CallNode) {
		s := named(t, n)
		if s.Value == 0 && t.Nodes[n].Kind == perlsrc.CallNode {
			s = accessor(t, n)
		}
		if s.Value != 0 {
			all[s.Name] = append(all[s.Name], s)
		}
	}
	return all
}

// Word gives the name that a term is, without quotes and a minus: "" where it is
// none. It compares no values, so that it is cheap to ask of every node.
func Word(t *perlsrc.Tree, n perlsrc.NodeID) string {
	tok := t.Token(n)
	text := tok.Text(t.Src)
	switch tok.Kind {
	case perlsrc.Word:
	case perlsrc.Quote:
		if len(text) < 3 || text[0] != '\'' && text[0] != '"' {
			return ""
		}
		text = text[1 : len(text)-1]
	default:
		return ""
	}
	return string(bytes.TrimPrefix(text, []byte("-")))
}

// named is the setting whose name is this term, or the word of -word.
func named(t *perlsrc.Tree, n perlsrc.NodeID) Setting {
	node := t.Nodes[n]
	if node.Kind == perlsrc.CallNode && (node.Child != 0 || t.Operator(n) != "-") {
		return Setting{}
	}
	s := Setting{Name: Word(t, n), Node: n}
	if s.Name == "" {
		return Setting{}
	}
	if p := node.Parent; t.Nodes[p].Kind == perlsrc.ExprNode && t.Nodes[p].Child == n && t.Nodes[n].Next == 0 && t.Operator(n) == "-" {
		n, node = p, t.Nodes[p]
	}
	switch t.Nodes[node.Parent].Kind {
	case perlsrc.SubscriptNode:
		access := t.Nodes[node.Parent].Parent
		if t.Nodes[node.Parent].Next != 0 {
			return Setting{} // $x{name}{more}
		}
		assign := t.Nodes[access].Parent
		if t.Nodes[assign].Kind == perlsrc.DeclareNode && t.Nodes[access].Next == 0 {
			access, assign = assign, t.Nodes[assign].Parent
		}
		if t.Nodes[assign].Kind != perlsrc.AssignNode || t.Nodes[access].Next == 0 {
			return Setting{}
		}
		s.How, s.Op = Field, t.Operator(t.Nodes[access].Next)
		for c := t.Nodes[access].Next; c != 0; c = t.Nodes[c].Next {
			s.Value = c
		}
	case perlsrc.ListNode, perlsrc.ArrayNode, perlsrc.HashNode, perlsrc.CallNode, perlsrc.StatementNode:
		next := node.Next
		if next == 0 {
			return Setting{}
		}
		switch t.Operator(next) {
		case "=>":
		case ",":
			if t.Operator(n) == "=>" || t.Token(s.Node).Kind != perlsrc.Quote {
				return Setting{}
			}
		default:
			return Setting{}
		}
		s.Value = next
		if p := node.Parent; t.Nodes[p].Kind == perlsrc.CallNode && t.Callee(p) == "has" && t.Arg(p, 0) == n {
			s.How, s.Value = Attribute, byDefault(t, next)
		}
	}
	return s
}

// byDefault gives the default of an attribute, whose value or first option this is.
func byDefault(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	first := n
	switch {
	case t.Nodes[n].Kind == perlsrc.ListNode:
		first = t.Nodes[n].Child
	case t.Nodes[n].Next == 0: // Mojo::Base
		return n
	}
	for c := first; c != 0; c = t.Nodes[c].Next {
		if key, ok := t.Key(c); ok && key == "default" {
			return c
		}
	}
	return 0
}

// accessor is the setting by a method of the name with one argument.
func accessor(t *perlsrc.Tree, n perlsrc.NodeID) Setting {
	name := t.Callee(n)
	c := t.Call(n)
	if !c.Method || len(c.Args) != 1 {
		return Setting{}
	}
	return Setting{Name: name, Node: n, Value: c.Args[0], How: Accessor}
}

// Siblings gives the literal keys that stand beside a pair, without a minus.
func Siblings(t *perlsrc.Tree, s Setting) iter.Seq2[string, perlsrc.NodeID] {
	return func(yield func(string, perlsrc.NodeID) bool) {
		if s.How != Pair {
			return
		}
		value := false // the one before is a value
		for c := range t.Children(t.Nodes[s.Value].Parent) {
			op := t.Operator(c)
			key, ok := t.Key(c)
			value = ok && (op == "=>" || !value)
			if value && !yield(strings.TrimPrefix(key, "-"), c) {
				return
			}
		}
	}
}
