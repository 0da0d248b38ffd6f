package filesystem

import (
	"nacre/audit"
	"nacre/perlsrc"
)

// written are the assignments to the variables of a file: by the sub that holds
// them, and the variable as written.
type written map[writtenAt][]perlsrc.NodeID

type writtenAt struct {
	sub  perlsrc.NodeID
	name string
}

type writtenKey struct{}

func writes(f *audit.File) written {
	return f.Memo(writtenKey{}, func() any {
		w := written{}
		t := f.Tree
		for n := range f.All(perlsrc.AssignNode, perlsrc.DeclareNode, perlsrc.StatementNode, perlsrc.ExprNode) {
			switch t.Nodes[n].Kind {
			case perlsrc.AssignNode:
				end := t.LastChild(n)
				for k := range t.Children(n) {
					if k != end {
						w.targets(t, k, n)
					}
				}
			case perlsrc.ExprNode: // $x =~ s/..//
				if k := t.Nodes[n].Child; t.Nodes[k].Next != 0 && t.Operator(t.Nodes[k].Next) == "=~" {
					if kind := t.Token(t.Nodes[k].Next).Kind; kind == perlsrc.Substitute || kind == perlsrc.Translate {
						w.targets(t, k, n)
					}
				}
			case perlsrc.StatementNode: // foreach my $x
				for k := range t.Children(n) {
					if t.Nodes[n].Form == perlsrc.Compound && (t.Nodes[k].Kind == perlsrc.DeclareNode || t.Nodes[k].Kind == perlsrc.TermNode) {
						w.targets(t, k, n)
					}
				}
			}
		}
		return w
	}).(written)
}

// targets keeps what stands on the left of an assignment.
func (w written) targets(t *perlsrc.Tree, k, by perlsrc.NodeID) {
	add := func(n perlsrc.NodeID) {
		at := writtenAt{t.EnclosingSub(n), string(t.Text(n))}
		w[at] = append(w[at], by)
	}
	switch t.Nodes[k].Kind {
	case perlsrc.TermNode:
		add(k)
	case perlsrc.DeclareNode, perlsrc.ListNode:
		for n := range t.All(k, perlsrc.TermNode) {
			add(n)
		}
	}
}

// assignedOnce gives what a scalar variable is made of, where one plain
// assignment in its sub, or in one around it, is the only one.
func assignedOnce(f *audit.File, n perlsrc.NodeID) perlsrc.NodeID {
	t := f.Tree
	name := string(t.Text(n))
	if len(name) < 2 || name[0] != '$' || name == "$_" {
		return 0
	}
	w := writes(f)
	for sub := t.EnclosingSub(n); ; sub = t.EnclosingSub(sub) {
		if by := w[writtenAt{sub, name}]; len(by) > 0 {
			if len(by) > 1 || t.Nodes[by[0]].Kind != perlsrc.AssignNode {
				return 0
			}
			target := t.Nodes[by[0]].Child
			value := t.Nodes[target].Next
			if t.Nodes[value].Next != 0 || t.Operator(value) != "=" || !isScalar(t, target, name) || contains(t, value, n) {
				return 0
			}
			return value
		}
		if sub == 0 {
			return 0
		}
	}
}

// isScalar reports whether a target is the variable by itself, and no list.
func isScalar(t *perlsrc.Tree, target perlsrc.NodeID, name string) bool {
	if t.Nodes[target].Kind == perlsrc.DeclareNode {
		target = t.Nodes[target].Child
	}
	return t.Nodes[target].Kind == perlsrc.TermNode && string(t.Text(target)) == name
}

// contains reports whether a node lies within another.
func contains(t *perlsrc.Tree, outer, n perlsrc.NodeID) bool {
	for ; n != 0; n = t.Nodes[n].Parent {
		if n == outer {
			return true
		}
	}
	return false
}

// isPathObject reports whether a node is an object of a path: path(...), one of
// its methods that give another, or a variable that holds one.
func isPathObject(f *audit.File, n perlsrc.NodeID, deep int) bool {
	t := f.Tree
	if deep > maxDeep {
		return false
	}
	switch t.Nodes[n].Kind {
	case perlsrc.CallNode:
		call := t.Call(n)
		switch audit.Unqualified(call.Callee) {
		case "path", "dir", "file", "tempfile", "tempdir", "curfile":
			return !call.Method || isPathObject(f, call.Invocant, deep+1)
		case "new":
			switch call.Class {
			case "Path::Tiny", "Path::Class::File", "Path::Class::Dir", "Mojo::File", "Path::Class":
				return true
			}
		case "home":
			return call.Method && len(call.Args) == 0 // of an application of Mojolicious
		case "child", "subdir", "parent", "absolute", "realpath", "sibling", "resolve", "rel_file":
			return call.Method && isPathObject(f, call.Invocant, deep+1)
		}
	case perlsrc.TermNode:
		if t.Token(n).Kind == perlsrc.Variable {
			if from := assignedOnce(f, n); from != 0 {
				return isPathObject(f, from, deep+1)
			}
		}
	}
	return false
}
