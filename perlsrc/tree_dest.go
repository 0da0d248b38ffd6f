package perlsrc

import "strings"

// Use says what becomes of a value.
type Use uint8

// The uses.
const (
	Void      Use = iota // nothing
	Assigned             // it is assigned: Dest.Targets
	Target               // it is assigned to
	Returned             // by return, or as the last statement of a sub
	Passed               // as an argument, or as the value of a block, to the Call Dest.Node
	Invoked              // a method of it, or it itself, is called: the Call Dest.Node
	Condition            // it decides: of an if, a while, ?:, and, or, ...
	Iterated             // foreach goes over it
	Indexed              // it is a key or an index of the Access Dest.Node
	Matched              // it is a pattern, or a part of one: the Term Dest.Node
)

// Dest is where a value goes.
type Dest struct {
	Use  Use
	Node NodeID // the Assign, the Call (of return, too), the Sub, the Statement, the Logic, ...

	// Targets are what is assigned to, left to right; several of a list are
	// one List or Declare. Declared is how: my, our, local, state, or "".
	Targets  []NodeID
	Declared string

	// Index is the position among the arguments that it is passed as, from 0,
	// or in a list that is assigned or returned, counted up to 1000; -1 for the
	// value of a block.
	Index int
	// Key is the nearest literal key that it is the value of, on its way:
	// token in { token => rand } and in new(token => rand).
	Key string
	// Direct says that the value itself goes there, and not what an operator
	// or a string makes of it.
	Direct bool
}

// Dest says where the value of a node goes, up to the next call, assignment or
// decision. It looks through operators, lists, references, strings, and the
// values of do and eval blocks.
func (t *Tree) Dest(n NodeID) Dest {
	d := Dest{Direct: true}
	decides := NodeID(0) // the Logic whose earlier operand it is
	for {
		up := t.Nodes[n].Parent
		node := t.Nodes[up]
		switch node.Kind {
		case FileNode, DeepNode:
			return d.end(Void, decides)
		case StatementNode:
			done := false
			if n, done = t.destOfStatement(&d, n, up, decides); done {
				return d
			}
			continue
		case CallNode:
			if t.destOfCall(&d, n, up) {
				return d
			}
		case AssignNode:
			d.Node = up
			if t.Nodes[n].Next != 0 {
				d.Use = Target
				return d
			}
			d.Use = Assigned
			for c := range t.Children(up) {
				if c != n {
					d.Targets = append(d.Targets, c)
					d.Declared = t.declared(c)
				}
			}
			if d.Key == "" && len(d.Targets) == 1 {
				d.Key = t.subscriptKey(d.Targets[0])
			}
			return d
		case LogicNode:
			op := t.Operator(n)
			if next := t.Nodes[n].Next; next != 0 {
				op = t.Operator(next)
				if op == "and" || op == "&&" {
					return d.end(Condition, up)
				}
				decides = up
			} else if op == "not" {
				d.Direct = false
			}
		case TernaryNode:
			if next := t.Nodes[n].Next; next != 0 && t.Operator(next) == "?" {
				return d.end(Condition, up)
			}
		case SubscriptNode:
			d.Use, d.Node = Indexed, node.Parent
			return d
		case ExprNode:
			d.Direct = false
		case InterpolationNode:
			d.Direct = false
			switch t.Token(node.Parent).Kind {
			case Match, Pattern, Substitute:
				d.Use, d.Node = Matched, node.Parent
				return d
			}
		case ListNode, ArrayNode, HashNode:
			if node.flags&hasKeyword != 0 && t.Nodes[node.Parent].Kind == StatementNode {
				word := t.Keyword(up)
				d.Use, d.Node = Condition, node.Parent
				if word == "for" || word == "foreach" {
					d.Use = Iterated
				}
				return d
			}
			d.Index = t.index(n, node.Child)
			t.keyed(&d, n)
		case SubNode:
			d.Use, d.Node = Void, up
			return d
		}
		n = up
	}
}

func (d Dest) end(u Use, node NodeID) Dest {
	if u == Void && node != 0 {
		u = Condition
	}
	d.Use, d.Node = u, node
	return d
}

// destOfStatement goes on behind statement s, of which n is a part: to the
// block whose value it is.
func (t *Tree) destOfStatement(d *Dest, n, s, decides NodeID) (up NodeID, done bool) {
	if word, condition := t.Modifier(s); condition == n && word != "" {
		d.Use, d.Node = Condition, s
		if word == "for" || word == "foreach" {
			d.Use = Iterated
		}
		return n, true
	}
	node := t.Nodes[s]
	if node.Form == Include {
		d.Use, d.Node, d.Index = Passed, s, t.index(n, node.Child)
		t.keyed(d, n)
		return n, true
	}
	// The last statement of a block is its value, also of one in an if.
	for t.Nodes[s].Next == 0 && (node.Form == Plain || node.Form == Bare || node.Form == Compound) {
		block := t.Nodes[s].Parent
		holder := t.Nodes[block].Parent
		if t.Nodes[block].Kind == InterpolationNode {
			return s, false
		}
		if t.Nodes[block].Kind != BlockNode {
			break
		}
		switch t.Nodes[holder].Kind {
		case SubNode:
			if t.Nodes[t.Nodes[holder].Parent].Form == Scheduled && t.Nodes[t.Nodes[holder].Parent].Kind == StatementNode {
				break
			}
			d.Use, d.Node = Returned, holder
			return n, true
		case CallNode:
			switch callee := t.Callee(holder); callee {
			case "do", "eval", "":
				return holder, false
			}
			d.Use, d.Node, d.Index = Passed, holder, -1
			return n, true
		case CastNode:
			return holder, false
		case StatementNode:
			if t.Nodes[holder].Form == Compound {
				switch t.Keyword(block) {
				case "if", "unless", "else", "elsif", "try", "catch":
				default:
					*d = d.end(Void, decides)
					return n, true
				}
			}
			s = holder
			node = t.Nodes[s]
			continue
		}
		break
	}
	*d = d.end(Void, decides)
	if d.Node == 0 {
		d.Node = s
	}
	return n, true
}

// destOfCall says what a call does with a part of it; false if the value goes
// on.
func (t *Tree) destOfCall(d *Dest, n, call NodeID) bool {
	node := t.Nodes[call]
	d.Node = call
	first := node.Child
	if node.flags&(hasInvocant|hasTarget) != 0 && n == first {
		d.Use = Invoked
		return true
	}
	d.Use, d.Index = Passed, -1
	i := 0
	for a := range t.Args(call) {
		if a == n || i == maxIndex {
			d.Index = i
			t.keyed(d, n)
			break
		}
		i++
	}
	if d.Index >= 0 && t.Callee(call) == "return" {
		d.Use = Returned
	}
	return true
}

// maxIndex is as far as positions are counted, so that asking for those of all
// values of a long list costs no more than reading it.
const maxIndex = 1000

// index gives the position of n among the siblings from first on.
func (t *Tree) index(n, first NodeID) int {
	i := 0
	for c := first; c != n && c != 0 && i < maxIndex; c = t.Nodes[c].Next {
		i++
	}
	return i
}

// keyed fills Dest.Key from what stands before n.
func (t *Tree) keyed(d *Dest, n NodeID) {
	if d.Key == "" && t.Operator(n) == "=>" {
		d.Key, _ = t.Key(n)
	}
}

// declared says how a target is declared.
func (t *Tree) declared(n NodeID) string {
	if t.Nodes[n].Kind == ListNode && t.Nodes[n].Child != 0 { // (my $x, my $y) = ...
		n = t.Nodes[n].Child
	}
	if t.Nodes[n].Kind == DeclareNode {
		return t.tokenText(t.Nodes[n].First)
	}
	return ""
}

// subscriptKey gives the literal key of $h{key}, the last of several.
func (t *Tree) subscriptKey(n NodeID) string {
	if t.Nodes[n].Kind == DeclareNode { // local $h{key} = ...
		n = t.Nodes[n].Child
	}
	if n == 0 || t.Nodes[n].Kind != AccessNode {
		return ""
	}
	key := ""
	for c := range t.Children(n) {
		if t.Nodes[c].Kind != SubscriptNode || t.Src[t.Token(c).Start] != '{' {
			continue
		}
		key, _ = t.Literal(t.Nodes[c].Child)
	}
	return key
}

// Conditional says whether a node is only evaluated under a condition, and
// which node makes it so, with the reason: the word of a Compound statement or
// of a modifier (if, unless, else, for, while, catch, ...), the operator of a
// Logic (and, or, &&, ...), "?:", or the function whose block it is in (eval,
// map, grep, ...). It answers with the innermost; asked for that node again, it
// gives the next. Whether an enclosing sub is ever called is no condition, nor
// is do.
func (t *Tree) Conditional(n NodeID) (by NodeID, why string) {
	for n != 0 {
		up := t.Nodes[n].Parent
		switch t.Nodes[up].Kind {
		case StatementNode:
			if word, condition := t.Modifier(up); word != "" && condition != n {
				return up, word
			}
			if t.Nodes[up].Form != Compound {
				break
			}
			switch word := t.Keyword(n); {
			case word == "":
			case t.Nodes[n].Kind == BlockNode && word != "defer" && word != "finally", word == "elsif":
				return up, word
			}
		case LogicNode:
			if t.Nodes[up].Child != n {
				return up, t.Operator(n)
			}
		case AssignNode:
			// $x ||= f() evaluates f() only if $x is false.
			switch op := strings.TrimSuffix(t.Operator(n), "="); op {
			case "||", "&&", "//", "^^":
				return up, op
			}
		case TernaryNode:
			if t.Nodes[up].Child != n {
				return up, "?:"
			}
		case CallNode:
			if t.Nodes[n].Kind == BlockNode && t.Nodes[up].flags&hasBlock != 0 {
				if callee := t.Callee(up); callee != "do" {
					return up, callee
				}
			}
		}
		n = up
	}
	return 0, ""
}
