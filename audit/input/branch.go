package input

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// decision is what the code around a question does with its answer: the bytes
// that are reached only where it is good, or bad, and whether the code there
// leaves its sub or loop, so that what follows is reached by the other answer.
type decision struct {
	bad       [][2]int
	leavesBad bool // die unless $ok{$x}; $ok{$x} or return
	// leavesGood is set where what follows has the bad answer: return if
	// $seen{$x}; next if $x =~ /\A\w+\z/.
	leavesGood bool
	decides    bool // something is done or not by it, alone or with others
}

// decide tells what becomes of a question; on is the answer that is good. A
// question that is one of several, with and or or, counts as if it were asked
// alone.
func (r *reader) decide(question perlsrc.NodeID, on bool) (d decision) {
	t := r.tree
	for n, up := question, t.Nodes[question].Parent; up != 0; n, up = up, t.Nodes[up].Parent {
		next := t.Nodes[n].Next
		switch t.Nodes[up].Kind {
		case perlsrc.ExprNode, perlsrc.LogicNode:
			switch op := t.Operator(n); {
			case (op == "!" || op == "not") && t.Nodes[up].Child == n && next == 0:
				on = !on
				continue
			case t.Nodes[up].Kind == perlsrc.ExprNode:
				return d
			}
			if next == 0 {
				continue
			}
			op := t.Operator(next)
			d.decides = true
			if isOr := op == "||" || op == "or"; isOr == on {
				d.bad = append(d.bad, r.span(next, up))
				d.leavesBad = d.leavesBad || r.oneLeaves(next)
			} else {
				d.leavesGood = d.leavesGood || r.oneLeaves(next)
			}
		case perlsrc.ListNode:
			if t.Nodes[up].Child != n || next != 0 {
				return d
			}
		case perlsrc.TernaryNode:
			if t.Nodes[up].Child != n || next == 0 {
				return d
			}
			d.decides = true
			yes, no := next, t.Nodes[next].Next
			if !on {
				yes, no = no, yes
			}
			if on {
				d.bad = append(d.bad, r.span(no, up))
			} else {
				d.bad = append(d.bad, r.span(no, no))
			}
			d.leavesBad = d.leavesBad || r.leaves(no)
			d.leavesGood = d.leavesGood || r.leaves(yes)
			return d
		case perlsrc.StatementNode:
			r.decideIn(&d, up, n, on)
			return d
		default:
			return d
		}
	}
	return d
}

// span gives the bytes from one node to the end of another.
func (r *reader) span(first, last perlsrc.NodeID) [2]int {
	start, _ := r.tree.Span(first)
	_, end := r.tree.Span(last)
	return [2]int{start, end}
}

// decideIn is decide for the condition of a statement.
func (r *reader) decideIn(d *decision, s, condition perlsrc.NodeID, on bool) {
	t := r.tree
	if word, of := t.Modifier(s); of == condition && (word == "if" || word == "unless") {
		d.decides = true
		leaves := r.leaves(t.Nodes[s].Child)
		if on == (word == "unless") {
			start, _ := t.Span(s)
			end, _ := t.Span(condition)
			d.bad = append(d.bad, [2]int{start, end})
			d.leavesBad = d.leavesBad || leaves
		} else {
			d.leavesGood = d.leavesGood || leaves
		}
		return
	}
	word, block := t.Keyword(condition), t.Nodes[condition].Next
	if t.Nodes[s].Form != perlsrc.Compound || block == 0 || word != "if" && word != "elsif" && word != "unless" {
		return
	}
	d.decides = true
	here := r.leaves(block)
	_, end := t.Span(block)
	_, all := t.Span(s)
	otherwise := false
	if last := t.Nodes[block].Next; last != 0 && t.Nodes[last].Next == 0 && t.Nodes[last].Kind == perlsrc.BlockNode {
		otherwise = r.leaves(last) // else
	}
	if on == (word == "unless") {
		d.bad = append(d.bad, r.span(block, block))
		d.leavesBad = d.leavesBad || here
		d.leavesGood = d.leavesGood || otherwise
		return
	}
	d.bad = append(d.bad, [2]int{end, all})
	d.leavesGood = d.leavesGood || here
	d.leavesBad = d.leavesBad || otherwise
}

// leaves reports whether a piece of code ends its sub, loop or program: a return,
// a die, a block whose last statement is one.
func (r *reader) leaves(n perlsrc.NodeID) bool {
	t := r.tree
	for range maxDepth {
		switch t.Nodes[n].Kind {
		case perlsrc.BlockNode:
			n = t.LastChild(n)
		case perlsrc.StatementNode:
			if word, _ := t.Modifier(n); word != "" || t.Nodes[n].Form == perlsrc.Compound {
				return false
			}
			n = t.Nodes[n].Child
		case perlsrc.ListNode: // (warn($x), return)
			for c := range t.Children(n) {
				if r.isExit(c) {
					return true
				}
			}
			n = t.LastChild(n)
		case perlsrc.LogicNode: // log($x) and return, but not $strict and die, open(...) or die
			first := t.Nodes[n].Child
			next := t.Nodes[first].Next
			if op := t.Operator(next); t.Nodes[first].Kind != perlsrc.CallNode || op != "and" && op != "&&" || r.isExit(first) {
				n = first
				continue
			}
			n = next
		case perlsrc.CallNode:
			if c := t.Call(n); c.Callee == "do" && c.Block != 0 {
				n = c.Block
				continue
			}
			return r.isExit(n)
		default:
			return false
		}
	}
	return false
}

// oneLeaves reports whether an operand, or one of those behind it, ends its sub,
// loop or program: $ok{$x} or $any{$x} or return.
func (r *reader) oneLeaves(n perlsrc.NodeID) bool {
	for ; n != 0; n = r.tree.Nodes[n].Next {
		if r.leaves(n) {
			return true
		}
	}
	return false
}

// exits are words in the names of subs that do not return.
var exits = []string{"croak", "confess", "die", "throw", "fatal", "fail", "abort", "usage", "exit", "bail", "reject", "panic", "detach", "error", "redirect", "not_found", "forbidden", "halt"}

// isExit reports whether a node is a call that does not return.
func (r *reader) isExit(n perlsrc.NodeID) bool {
	if r.tree.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	name := strings.ToLower(audit.Unqualified(r.tree.Callee(n)))
	switch name {
	case "return", "next", "last", "redo", "goto":
		return true
	}
	return slices.ContainsFunc(exits, func(word string) bool { return strings.Contains(name, word) })
}
