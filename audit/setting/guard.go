package setting

import (
	"iter"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// Guard is a condition that must hold, or, Negated, must not, for a node to be
// evaluated.
type Guard struct {
	Node    perlsrc.NodeID
	Negated bool
}

// Guards gives the conditions around a node, the innermost first: of if, unless,
// elsif, else, ?:, and, or. Loops, eval and returns before it are none.
func Guards(t *perlsrc.Tree, n perlsrc.NodeID) iter.Seq[Guard] {
	return func(yield func(Guard) bool) {
		for n != 0 {
			up := t.Nodes[n].Parent
			for _, g := range guarding(t, up, n) {
				if !yield(g) {
					return
				}
			}
			n = up
		}
	}
}

// guarding gives the conditions that a node puts on one of its children.
func guarding(t *perlsrc.Tree, up, n perlsrc.NodeID) []Guard {
	switch node := t.Nodes[up]; node.Kind {
	case perlsrc.StatementNode:
		if word, condition := t.Modifier(up); condition != n && (word == "if" || word == "unless") {
			return []Guard{{condition, word == "unless"}}
		}
		if node.Form == perlsrc.Compound && t.Nodes[n].Kind == perlsrc.BlockNode {
			return branch(t, up, n)
		}
	case perlsrc.LogicNode:
		if node.Child != n {
			op := t.Operator(n)
			return []Guard{{node.Child, op != "and" && op != "&&"}}
		}
	case perlsrc.TernaryNode:
		var guards []Guard
		last := perlsrc.NodeID(0)
		i := 0
		for c := range t.Children(up) {
			if c == n {
				if i%2 == 1 {
					return append(guards[:len(guards)-1:len(guards)-1], Guard{last, false})
				}
				return guards
			}
			if i%2 == 0 {
				guards = append(guards, Guard{c, true})
			}
			last = c
			i++
		}
	}
	return nil
}

// branch gives the conditions of one of the blocks of an if.
func branch(t *perlsrc.Tree, statement, block perlsrc.NodeID) []Guard {
	var guards []Guard
	for c := range t.Children(statement) {
		word := t.Keyword(c)
		if c == block {
			if word == "if" || word == "unless" || word == "elsif" {
				if i := len(guards) - 1; i >= 0 {
					guards[i].Negated = !guards[i].Negated
				}
			}
			return guards
		}
		if t.Nodes[c].Kind == perlsrc.ListNode && (word == "if" || word == "unless" || word == "elsif") {
			// Seen from the branches behind it, an if has failed.
			guards = append(guards, Guard{c, word != "unless"})
		}
	}
	return nil
}

// Names gives the names that stand at a node and below: of variables without
// their sigils, keys, functions and methods.
func Names(f *audit.File, n perlsrc.NodeID) iter.Seq2[string, perlsrc.NodeID] {
	t := f.Tree
	return func(yield func(string, perlsrc.NodeID) bool) {
		one := func(c perlsrc.NodeID) bool {
			name := ""
			switch t.Nodes[c].Kind {
			case perlsrc.TermNode:
				if tok := t.Token(c); tok.Kind == perlsrc.Variable {
					name = strings.TrimLeft(string(tok.Text(t.Src)), "$@%&*#")
				} else if t.Nodes[t.Nodes[c].Parent].Kind == perlsrc.SubscriptNode || t.Nodes[c].Next != 0 && t.Operator(t.Nodes[c].Next) == "=>" {
					name = Word(t, c)
				}
			case perlsrc.CallNode:
				name = t.Callee(c)
			}
			return name == "" || yield(name, c)
		}
		if !one(n) {
			return
		}
		for c := range t.All(n, perlsrc.TermNode, perlsrc.CallNode) {
			if !one(c) {
				return
			}
		}
	}
}
