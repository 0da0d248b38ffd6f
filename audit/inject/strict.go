package inject

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

type strictKey struct{}

// strictness is where perl refuses a name in place of a reference.
type strictness struct {
	on     bool
	lifted []perlsrc.NodeID // blocks with no strict 'refs'
}

// strict reports whether perl refuses to call a sub by its name at a node.
func strict(f *audit.File, n perlsrc.NodeID) bool {
	s := f.Memo(strictKey{}, func() any {
		s := &strictness{}
		for n := range f.All(perlsrc.StatementNode) {
			if f.Tree.Nodes[n].Form != perlsrc.Include {
				continue
			}
			switch in := f.Tree.Include(n); {
			case in.Module == "strict" && in.Word == "no":
				s.lifted = append(s.lifted, f.Tree.Nodes[n].Parent)
			case in.Word == "use" && (strings.HasPrefix(in.Version, "v5") || strings.HasPrefix(in.Version, "5.0")), in.Word == "use" && strictModules[in.Module]:
				s.on = true
			}
		}
		return s
	}).(*strictness)
	return s.on && !within(f.Tree, n, s.lifted)
}

// strictModules turn on strict for who uses them.
var strictModules = set("strict", "strictures", "Moose", "Moo", "Mouse", "Moose::Role", "Moo::Role", "Mouse::Role", "Mojo::Base", "Mojolicious::Lite", "Modern::Perl", "Dancer2", "Dancer", "common::sense", "Any::Moose", "MooseX::Declare", "Test2::V0")

// within reports whether a node is in one of these blocks.
func within(t *perlsrc.Tree, n perlsrc.NodeID, blocks []perlsrc.NodeID) bool {
	start, _ := t.Span(n)
	for _, b := range blocks {
		if from, to := t.Span(b); b == 0 || start >= from && start < to {
			return true
		}
	}
	return false
}
