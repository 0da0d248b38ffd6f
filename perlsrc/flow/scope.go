package flow

import (
	"bytes"

	"nacre/perlsrc"
)

// variable is a variable that perl tells apart by its scope.
type variable struct {
	name   string         // with its sigil
	decl   perlsrc.NodeID // the Term that declares it; 0 of a global
	global bool
	state  bool // it keeps its value from one call to the next
	// topic is, of a $_ that map, grep, foreach or while (<FH>) fills, the node
	// that does: a Call, a Statement, or the Term of the <FH>.
	topic perlsrc.NodeID
	sub   int32 // of an @_: the number of the sub

	first, end int32 // its places in Graph.uses
	object     int8  // whether it holds an object of its package: 0 not asked, 1 yes, -1 no
	history    *history
	kinship    *kinship
}

// scoper finds what each variable is, in one pass over the file.
type scoper struct {
	g       *Graph
	t       *perlsrc.Tree
	bound   map[string]int32
	globals map[string]int32
	undo    []binding
	pending []binding // declared in a statement that is not over
	found   []use
	globs   []perlsrc.NodeID // Assigns to *name
	sub     int32
	buf     []byte
	depth   int
}

type binding struct {
	name string
	v    int32
}

// use is a place where a variable stands.
type use struct {
	v    int32
	node perlsrc.NodeID
}

// maxNesting bounds the recursion over the tree, whose own limit is lower but
// for strings within strings.
const maxNesting = 10000

func (s *scoper) enter() int { return len(s.undo) }

func (s *scoper) leave(mark int) {
	for i := len(s.undo) - 1; i >= mark; i-- {
		if b := s.undo[i]; b.v < 0 {
			delete(s.bound, b.name)
		} else {
			s.bound[b.name] = b.v
		}
	}
	s.undo = s.undo[:mark]
}

func (s *scoper) bind(name string, v int32) {
	old, ok := s.bound[name]
	if !ok {
		old = -1
	}
	s.undo = append(s.undo, binding{name, old})
	s.bound[name] = v
}

func (s *scoper) settle(mark int) {
	for _, b := range s.pending[mark:] {
		s.bind(b.name, b.v)
	}
	s.pending = s.pending[:mark]
}

func (s *scoper) add(v variable) int32 {
	s.g.vars = append(s.g.vars, v)
	return int32(len(s.g.vars) - 1)
}

func (s *scoper) children(n perlsrc.NodeID) {
	for c := s.t.Nodes[n].Child; c != 0; c = s.t.Nodes[c].Next {
		s.walk(c)
	}
}

func (s *scoper) walk(n perlsrc.NodeID) {
	if s.depth++; s.depth > maxNesting {
		s.depth--
		return
	}
	switch s.t.Nodes[n].Kind {
	case perlsrc.StatementNode:
		s.statement(n)
	case perlsrc.BlockNode:
		mark := s.enter()
		s.children(n)
		s.leave(mark)
	case perlsrc.SubNode:
		s.subNode(n)
	case perlsrc.DeclareNode:
		s.declare(n)
	case perlsrc.CallNode:
		s.call(n)
	case perlsrc.TermNode:
		if tok := s.t.Token(n); tok.Kind == perlsrc.Variable {
			s.variable(n, tok.Text(s.t.Src))
		} else if s.t.Nodes[n].Child != 0 {
			s.children(n)
		}
	case perlsrc.CastNode:
		s.cast(n)
	case perlsrc.AssignNode:
		if c := s.t.Nodes[n].Child; c != 0 && s.t.Nodes[c].Kind == perlsrc.TermNode && s.t.Src[s.t.Token(c).Start] == '*' {
			s.globs = append(s.globs, n)
		}
		s.children(n)
	default:
		s.children(n)
	}
	s.depth--
}

func (s *scoper) statement(n perlsrc.NodeID) {
	mark := len(s.pending)
	switch node := s.t.Nodes[n]; node.Form {
	case perlsrc.Compound:
		s.compound(n, mark)
		return
	case perlsrc.Plain:
		word, condition := s.t.Modifier(n)
		topic := perlsrc.NodeID(0)
		switch word {
		case "for", "foreach":
			topic = n
		case "while":
			topic = s.reads(condition)
		}
		if topic == 0 {
			s.children(n)
			break
		}
		inner := s.enter()
		s.topic(topic)
		for c := node.Child; c != 0 && c != condition; c = s.t.Nodes[c].Next {
			s.walk(c)
		}
		s.leave(inner)
		s.walk(condition)
	case perlsrc.Include:
		s.children(n)
		s.constants(n)
	default:
		s.children(n)
	}
	s.settle(mark)
}

// compound reads if, while, foreach and their like: what their heads declare
// holds in their blocks.
func (s *scoper) compound(n perlsrc.NodeID, mark int) {
	inner := s.enter()
	named := false
	for c := range s.t.Children(n) {
		switch s.t.Nodes[c].Kind {
		case perlsrc.BlockNode:
			s.settle(mark)
		case perlsrc.ListNode:
			s.walk(c)
			first := s.t.Nodes[c].Child
			switch word := s.t.Keyword(c); {
			case (word == "for" || word == "foreach") && !named && (first == 0 || s.t.Nodes[first].Kind != perlsrc.StatementNode):
				s.topic(n)
			case word == "while" && s.reads(first) != 0:
				s.topic(first)
			}
			continue
		default:
			named = true
		}
		s.walk(c)
	}
	s.settle(mark)
	s.leave(inner)
}

// introduce makes a variable of a Term, from the next statement on.
func (s *scoper) introduce(n perlsrc.NodeID) {
	tok := s.t.Token(n)
	name := string(tok.Text(s.t.Src))
	if tok.Kind != perlsrc.Variable || len(name) < 2 {
		return
	}
	v := s.add(variable{name: name, decl: n})
	s.pending = append(s.pending, binding{name, v})
	s.use(n, v)
}

func (s *scoper) declare(n perlsrc.NodeID) {
	word := string(s.t.Token(n).Text(s.t.Src))
	if word == "local" {
		s.children(n)
		return
	}
	for c := range s.t.All(n, perlsrc.TermNode, perlsrc.SubNode) {
		tok := s.t.Token(c)
		switch {
		case s.t.Nodes[c].Kind == perlsrc.SubNode:
			s.subNode(c)
			return
		case tok.Kind != perlsrc.Variable || tok.End-tok.Start < 2:
		case word == "our":
			name := string(tok.Text(s.t.Src))
			v := s.global(c, []byte(name))
			s.pending = append(s.pending, binding{name, v})
			s.use(c, v)
		default:
			s.introduce(c)
			s.g.vars[len(s.g.vars)-1].state = word == "state"
		}
	}
}

// call reads a call: $_ in the block of map, grep and their like is another.
func (s *scoper) call(n perlsrc.NodeID) {
	callee := s.t.Callee(n)
	switch callee {
	case "shift", "pop":
		if a := s.t.Arg(n, 0); s.sub >= 0 && (a == 0 || string(s.t.Text(a)) == "@_") {
			s.g.subs[s.sub].shifts = append(s.g.subs[s.sub].shifts, n)
		}
	case "return", "goto":
		if s.sub >= 0 && (callee == "return" || s.g.passesOn(s.t.Arg(n, 0))) {
			s.g.subs[s.sub].returns = append(s.g.subs[s.sub].returns, n)
		}
	case "do", "eval", "try", "catch", "finally":
		s.children(n)
		return
	}
	first := s.t.Nodes[n].Child
	if first == 0 {
		if s.sub >= 0 && s.g.passesOn(n) {
			s.g.subs[s.sub].passes = append(s.g.subs[s.sub].passes, n)
		}
		return
	}
	block := s.t.Nodes[first].Kind == perlsrc.BlockNode
	if !block && callee != "map" && callee != "grep" || s.t.Nodes[first].Next == 0 {
		s.children(n)
		return
	}
	mark := s.enter()
	s.topic(n)
	s.walk(first)
	s.leave(mark)
	for c := s.t.Nodes[first].Next; c != 0; c = s.t.Nodes[c].Next {
		s.walk(c)
	}
}

// reads gives the <FH> that while reads into $_: the condition itself.
func (s *scoper) reads(condition perlsrc.NodeID) perlsrc.NodeID {
	if condition != 0 && s.t.Nodes[condition].Kind == perlsrc.TermNode {
		if k := s.t.Token(condition).Kind; k == perlsrc.Readline || k == perlsrc.Glob {
			return condition
		}
	}
	return 0
}

// topic makes the $_ that a node fills.
func (s *scoper) topic(by perlsrc.NodeID) {
	v := s.add(variable{name: "$_", topic: by})
	s.g.topicAt[by] = v
	s.bind("$_", v)
}

// cast reads ${name}, which is $name.
func (s *scoper) cast(n perlsrc.NodeID) {
	c := s.t.Nodes[n].Child
	if c != 0 && s.t.Nodes[c].Kind == perlsrc.TermNode && s.t.Token(c).Kind == perlsrc.Word {
		if sigil := s.t.Token(n).Text(s.t.Src); len(sigil) == 1 {
			s.variable(n, append(sigil[:1:1], s.t.Text(c)...))
		}
		return
	}
	s.children(n)
}

// variable resolves a variable that is used.
func (s *scoper) variable(n perlsrc.NodeID, text []byte) {
	if len(text) < 2 || text[0] == '&' || text[0] == '*' {
		return
	}
	s.buf = append(s.buf[:0], text...)
	if bytes.HasPrefix(text, []byte("$#")) && len(text) > 2 {
		s.buf = append(append(s.buf[:0], '@'), text[2:]...)
	} else if up := s.t.Nodes[n].Parent; s.t.Nodes[up].Kind == perlsrc.AccessNode && s.t.Nodes[up].Child == n {
		// $x[0] is of @x, $x{a} and @x{a} of %x, $x->[0] of $x.
		if sub := s.t.Nodes[n].Next; sub != 0 && s.t.Operator(sub) != "->" {
			switch s.t.Src[s.t.Token(sub).Start] {
			case '[':
				s.buf[0] = '@'
			case '{':
				s.buf[0] = '%'
			}
		}
	}
	if v, ok := s.bound[string(s.buf)]; ok {
		s.use(n, v)
		return
	}
	for i := len(s.pending) - 1; i >= 0 && i >= len(s.pending)-8; i-- {
		if s.pending[i].name == string(s.buf) {
			s.use(n, s.pending[i].v)
			return
		}
	}
	s.use(n, s.global(n, s.buf))
}

// global gives the package variable of a name.
func (s *scoper) global(n perlsrc.NodeID, name []byte) int32 {
	full := string(name)
	switch c := name[1]; {
	case len(name) > 3 && bytes.HasPrefix(name[1:], []byte("::")):
		full = full[:1] + full[3:]
	case len(name) > 7 && bytes.HasPrefix(name[1:], []byte("main::")):
		full = full[:1] + full[7:]
	case bytes.Contains(name, []byte("::")):
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' && len(name) > 2:
		if pkg := s.t.EnclosingPackage(n); pkg != "main" && !everywhere[full[1:]] {
			full = full[:1] + pkg + "::" + full[1:]
		}
	}
	if v, ok := s.globals[full]; ok {
		return v
	}
	v := s.add(variable{name: full, global: true, sub: -1})
	s.globals[full] = v
	return v
}

// everywhere are the names that are of main in every package.
var everywhere = map[string]bool{"ENV": true, "ARGV": true, "INC": true, "STDIN": true, "STDOUT": true, "STDERR": true, "ARGVOUT": true, "SIG": true, "_": true}

func (s *scoper) use(n perlsrc.NodeID, v int32) {
	s.g.varAt[n] = v
	s.found = append(s.found, use{v, n})
}
