package perlsrc

import (
	"bytes"
	"iter"
)

// nodeFlags say what a node's children are.
type nodeFlags uint16

const (
	hasInvocant nodeFlags = 1 << iota // the first child of a Call
	hasTarget                         // the next child
	hasBlock                          // the next child
	hasHandle                         // the next child
	isMethod
	isDynamic
	isBare
	isAmp
	hasParens
	isQuoted    // a Term that is a word which perl quotes
	isEmpty     // the empty list of an Include
	hasKeyword  // name is that of a List or Block of a Compound statement
	hasModifier // the last child of a Plain statement is the condition of one
)

// Call is a function or method called. Callee is
//
//	"foo", "Foo::bar"  foo(...), foo ..., &foo(...), &foo, Foo::bar(...)
//	"new"              Class->new(...), $class->new, new Class(...)
//	"open", "return"   every builtin function is a call; so are return, last, require, do, eval, sort
//	"-e"               the file tests
//	"qx"               qx and backticks: the argument is the Term of the command
//	""                 &$code(...), $code->(...), $object->$method(...): see Dynamic
//
// Not calls are my and its like (Declare), use and no (Include), and the
// operators with names, such as eq, x and not. A word by itself may be a call,
// a constant, a class or a file handle: it is a Call with Bare set, unless perl
// quotes it (word =>, {word}), or it stands before "->" or where print and open
// have their file handle: there it is a Term.
type Call struct {
	Callee   string
	Method   bool
	Dynamic  bool     // only running would tell what is called: Target says
	Bare     bool     // a word by itself
	Parens   bool     // the arguments are in parentheses
	Amp      bool     // &foo
	Class    string   // of a method: the class where it is a literal, or __PACKAGE__
	Invocant NodeID   // of a method
	Target   NodeID   // the code reference or the name of a method that is called, if Dynamic
	Block    NodeID   // do {...}, eval {...}, map {...}, try {...}; the sub of sort, also as name or variable
	Handle   NodeID   // print {$fh}, print STDERR, exec {$program}: Block or Term
	Args     []NodeID // without the above
}

// Call says what a Call node calls.
func (t *Tree) Call(n NodeID) Call {
	node := t.Nodes[n]
	c := Call{
		Callee: t.Callee(n),
		Method: node.flags&isMethod != 0, Dynamic: node.flags&isDynamic != 0,
		Bare: node.flags&isBare != 0, Parens: node.flags&hasParens != 0, Amp: node.flags&isAmp != 0,
	}
	at := node.Child
	for _, part := range []struct {
		flag nodeFlags
		to   *NodeID
	}{{hasInvocant, &c.Invocant}, {hasTarget, &c.Target}, {hasBlock, &c.Block}, {hasHandle, &c.Handle}} {
		if node.flags&part.flag != 0 && at != 0 {
			*part.to, at = at, t.Nodes[at].Next
		}
	}
	for ; at != 0; at = t.Nodes[at].Next {
		c.Args = append(c.Args, at)
	}
	if c.Invocant != 0 {
		c.Class, _ = t.Literal(c.Invocant)
	}
	return c
}

// Args gives the arguments of a Call, or of an Include, in order.
func (t *Tree) Args(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		at := t.Nodes[n].Child
		for f := t.Nodes[n].flags & (hasInvocant | hasTarget | hasBlock | hasHandle); f != 0 && at != 0; f &= f - 1 {
			at = t.Nodes[at].Next
		}
		for ; at != 0; at = t.Nodes[at].Next {
			if !yield(at) {
				return
			}
		}
	}
}

// Arg gives the argument number i, from 0; none where there are fewer.
func (t *Tree) Arg(n NodeID, i int) NodeID {
	for a := range t.Args(n) {
		if i == 0 {
			return a
		}
		i--
	}
	return 0
}

// Callee gives the Callee of a Call.
func (t *Tree) Callee(n NodeID) string { return string(t.callee(n)) }

func (t *Tree) callee(n NodeID) []byte {
	node := t.Nodes[n]
	if node.Kind != CallNode || node.flags&isDynamic != 0 {
		return nil
	}
	tok := t.Tokens[node.name]
	text := tok.Text(t.Src)
	switch {
	case tok.Kind == Command:
		return []byte("qx")
	case tok.Kind == Variable && text[0] == '&':
		return text[1:]
	}
	return core(text)
}

// Calls gives the calls of a function or method of that name, as written, or,
// for "", all calls, in the file's order.
func (t *Tree) Calls(callee string) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for n := range t.All(0, CallNode) {
			if (callee == "" || bytes.Equal(t.callee(n), []byte(callee))) && !yield(n) {
				return
			}
		}
	}
}

// Sub is what a Sub node says.
type Sub struct {
	Word      string // sub, method, BEGIN
	Name      string // as written, "" where it is anonymous; of a Scheduled statement the Word
	Prototype string // as written, with its parentheses; "" where there is none
	Signature NodeID // a List
	Block     NodeID // none in a declaration
}

// Included is a use, a no, or a require of a bare word or version.
type Included struct {
	Word    string // use, no, require
	Module  string // as written; "" for use 5.010, and where what is required is an expression
	Version string // as written: 5.010, v5.36, 1.2
	Args    []NodeID
	Empty   bool // the list is there and has nothing in it: use Foo ()
}

// Packaged is what a Package statement says.
type Packaged struct {
	Word    string // package, class, role
	Name    string
	Version string // as written; "" where there is none
	Block   NodeID
}

// Include reads a Statement of that form, or a Call of require; of others, and
// of require with an expression, it is empty but for the word and arguments.
func (t *Tree) Include(n NodeID) Included {
	node := t.Nodes[n]
	var in Included
	if node.Kind == CallNode {
		in.Word = "require"
		for a := range t.Args(n) {
			switch tok := t.Token(a); {
			case t.Nodes[a].Kind != TermNode:
			case tok.Kind == Number || tok.Kind == VString:
				in.Version = string(tok.Text(t.Src))
				continue
			case tok.Kind == Word && t.Nodes[a].flags&isQuoted != 0:
				in.Module = string(tok.Text(t.Src))
				continue
			}
			in.Args = append(in.Args, a)
		}
		return in
	}
	if node.Form != Include || node.Kind != StatementNode {
		return in
	}
	at := t.firstWord(n)
	in.Word, in.Empty = t.tokenText(at), node.flags&isEmpty != 0
	if node.name != 0 {
		at = node.name
		in.Module = t.tokenText(at)
	}
	if v := t.significant(at + 1); v < node.End && (node.Child == 0 || v < t.Nodes[node.Child].First) {
		if k := t.Tokens[v].Kind; k == Number || k == VString {
			in.Version = t.tokenText(v)
		}
	}
	for a := range t.Args(n) {
		in.Args = append(in.Args, a)
	}
	return in
}

// Package reads a Statement of that form.
func (t *Tree) Package(n NodeID) Packaged {
	node := t.Nodes[n]
	if node.Kind != StatementNode || node.Form != Package {
		return Packaged{}
	}
	p := Packaged{Word: t.tokenText(t.firstWord(n)), Name: t.tokenText(node.name), Block: node.Child}
	if v := t.significant(node.name + 1); v < node.End {
		if k := t.Tokens[v].Kind; k == Number || k == VString {
			p.Version = t.tokenText(v)
		}
	}
	return p
}

// Sub reads a Sub node.
func (t *Tree) Sub(n NodeID) Sub {
	node := t.Nodes[n]
	if node.Kind != SubNode {
		return Sub{}
	}
	s := Sub{Word: t.tokenText(node.First)}
	at := node.First
	switch {
	case node.name != 0:
		at = node.name
		s.Name = t.tokenText(at)
	case s.Word != "sub" && s.Word != "method" && s.Word != "fun" && s.Word != "func":
		s.Name = s.Word
	}
	if at = t.significant(at + 1); at < node.End && t.Tokens[at].Kind == Prototype {
		s.Prototype = t.tokenText(at)
	}
	for c := range t.Children(n) {
		switch t.Nodes[c].Kind {
		case ListNode:
			s.Signature = c
		case BlockNode:
			s.Block = c
		}
	}
	return s
}

// Keyword gives the word of a List or Block of a Compound statement, as in if,
// else, while, foreach, catch. Those of other nodes have none.
func (t *Tree) Keyword(n NodeID) string {
	node := t.Nodes[n]
	if node.flags&hasKeyword == 0 {
		return ""
	}
	return t.tokenText(node.name)
}

// Modifier gives the modifier of a Plain statement: its word (if, unless, for,
// foreach, while, until) and condition or list. Without one the word is empty.
func (t *Tree) Modifier(n NodeID) (word string, condition NodeID) {
	node := t.Nodes[n]
	if node.Kind != StatementNode || node.flags&hasModifier == 0 {
		return "", 0
	}
	for c := range t.Children(n) {
		if t.Nodes[c].First > node.name {
			condition = c
			break
		}
	}
	return t.tokenText(node.name), condition
}

// Operator gives the operator that stands before a node, between it and the
// sibling before it: "=~", "eq", ".=", "or", "->", "?", ":", ",", "=>"; of the
// first child, the prefix nearest to it, as "!" or "\\". Without one it is
// empty.
func (t *Tree) Operator(n NodeID) string {
	if k := t.Nodes[n].Kind; n == 0 || k == InterpolationNode || k == StatementNode {
		return ""
	}
	parent := t.Nodes[n].Parent
	for i := t.Nodes[n].First - 1; i >= t.Nodes[parent].First; i-- {
		tok := t.Tokens[i]
		if !tok.Kind.Significant() {
			continue
		}
		text := tok.Text(t.Src)
		if t.Nodes[parent].Kind == CallNode && t.Nodes[parent].name == i {
			break // -e, the callee
		}
		if tok.Kind == Operator || tok.Kind == Word && (wordLevel(text) != levelNone || string(text) == "not") {
			return string(text)
		}
		break
	}
	return ""
}

// significant gives the number of the first token from i on that perl takes
// notice of.
func (t *Tree) significant(i int32) int32 {
	for int(i) < len(t.Tokens) && !t.Tokens[i].Kind.Significant() {
		i++
	}
	return i
}

// firstWord gives the number of a statement's first token behind its labels.
func (t *Tree) firstWord(n NodeID) int32 {
	i := t.Nodes[n].First
	for i < t.Nodes[n].End && (t.Tokens[i].Kind == Label || !t.Tokens[i].Kind.Significant()) {
		i++
	}
	return i
}

func (t *Tree) tokenText(i int32) string { return string(t.Tokens[i].Text(t.Src)) }

// EnclosingSub gives the Sub around a node; none outside of all.
func (t *Tree) EnclosingSub(n NodeID) NodeID {
	for n = t.Nodes[n].Parent; n != 0 && t.Nodes[n].Kind != SubNode; {
		n = t.Nodes[n].Parent
	}
	return n
}

// EnclosingPackage gives the package that holds at a node: "main" where none is
// named.
func (t *Tree) EnclosingPackage(n NodeID) string {
	for ; n != 0; n = t.Nodes[n].Parent {
		if t.Nodes[n].Kind == StatementNode {
			if p := t.Nodes[n].pkg; p != 0 {
				return t.Package(p).Name
			}
			break
		}
	}
	return "main"
}

// EnclosingStatement gives the innermost Statement that a node is in.
func (t *Tree) EnclosingStatement(n NodeID) NodeID {
	for n != 0 && t.Nodes[n].Kind != StatementNode {
		n = t.Nodes[n].Parent
	}
	return n
}
