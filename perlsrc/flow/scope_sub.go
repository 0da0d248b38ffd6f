package flow

import (
	"strings"

	"nacre/perlsrc"
)

// sub is a sub of the file.
type sub struct {
	node, block perlsrc.NodeID
	pkg, name   string // of a named one; without package
	method      bool   // its $self is no part of its signature
	lexical     bool   // my sub
	public      bool   // *name = \&sub gives it a name for others
	args        int32  // its @_
	shifts      []perlsrc.NodeID
	returns     []perlsrc.NodeID // the Calls of return, and of goto &name
	passes      []perlsrc.NodeID // the Calls &name; that are given its arguments
	signature   perlsrc.NodeID
	params      []param                // filled by Graph.params
	asked       bool                   // params are filled
	paramAt     map[perlsrc.NodeID]int // the place of each in params
	values      []perlsrc.NodeID       // of a constant: what it gives; it has no node
	callers     []perlsrc.NodeID       // filled by Graph.callersOf
	filled      bool                   // fills are
	fills       []fill
}

func (s *scoper) subNode(n perlsrc.NodeID) {
	sn := s.t.Sub(n)
	up := s.t.Nodes[s.t.Nodes[n].Parent]
	x := sub{node: n, block: sn.Block, signature: sn.Signature, method: sn.Word == "method", lexical: up.Kind == perlsrc.DeclareNode}
	if up.Kind == perlsrc.StatementNode && up.Form == perlsrc.Scheduled {
		sn.Name = ""
	}
	if sn.Name != "" {
		x.pkg, x.name = s.t.EnclosingPackage(n), sn.Name
		if i := strings.LastIndex(sn.Name, "::"); i >= 0 {
			x.pkg, x.name = sn.Name[:i], sn.Name[i+2:]
		}
	}
	number := int32(len(s.g.subs))
	x.args = s.add(variable{name: "@_", sub: number})
	s.g.subs = append(s.g.subs, x)
	s.g.subAt[n] = number

	outer, mark, pending := s.sub, s.enter(), len(s.pending)
	s.sub = number
	s.bind("@_", x.args)
	s.bind("$_", s.add(variable{name: "$_", global: true}))
	if sn.Signature != 0 {
		s.signature(sn.Signature)
	}
	s.settle(pending)
	if sn.Block != 0 {
		s.children(sn.Block)
	}
	s.leave(mark)
	s.sub = outer
}

// constants makes a sub of each name that use constant gives a value.
func (s *scoper) constants(n perlsrc.NodeID) {
	in := s.t.Include(n)
	if in.Module != "constant" || in.Word != "use" || len(in.Args) == 0 {
		return
	}
	pkg := s.t.EnclosingPackage(n)
	add := func(name string, values []perlsrc.NodeID) {
		s.g.constantsOf[n] = append(s.g.constantsOf[n], int32(len(s.g.subs)))
		s.g.subs = append(s.g.subs, sub{pkg: pkg, name: name, values: values})
	}
	args := in.Args
	if s.t.Nodes[args[0]].Kind == perlsrc.HashNode {
		for c := range s.t.Children(args[0]) {
			if key, ok := s.t.Key(c); ok && s.t.Operator(c) == "=>" {
				add(key, []perlsrc.NodeID{c})
			}
		}
		return
	}
	if s.t.Nodes[args[0]].Kind == perlsrc.ListNode {
		args = nil
		for c := range s.t.Children(in.Args[0]) {
			args = append(args, c)
		}
	}
	if len(args) > 1 {
		if name, ok := s.t.Literal(args[0]); ok {
			add(name, args[1:])
		}
	}
}

// signature declares the variables of a signature, whose defaults may use those
// before them.
func (s *scoper) signature(n perlsrc.NodeID) {
	for c := range s.t.Children(n) {
		if s.t.Nodes[c].Kind == perlsrc.TermNode {
			s.introduce(c)
			continue
		}
		first := s.t.Nodes[c].Child
		for d := range s.t.Children(c) {
			if d == first && s.t.Nodes[d].Kind == perlsrc.TermNode {
				s.introduce(d)
			} else {
				s.walk(d)
			}
		}
	}
}
