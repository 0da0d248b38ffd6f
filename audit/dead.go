package audit

import (
	"strings"

	"nacre/perlsrc"
)

// dead reports whether a node stands where the source itself says that it is never
// reached: in if (0) { ... }, unless (1) { ... }, behind "... if 0" or "0 and".
func dead(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for by, why := t.Conditional(n); by != 0; by, why = t.Conditional(by) {
		var condition perlsrc.NodeID
		switch why {
		case "if", "unless":
			if _, condition = t.Modifier(by); condition == 0 {
				condition = firstCondition(t, by, n)
			}
		case "and", "&&":
			condition = t.Nodes[by].Child
		}
		if condition == 0 {
			continue
		}
		text := strings.TrimSpace(strings.Trim(string(t.Text(condition)), "() \t\n"))
		if why == "unless" && text == "1" || why != "unless" && (text == "0" || text == "''" || text == `""`) {
			return true
		}
	}
	return false
}

// firstCondition gives the condition of the first branch of a compound statement,
// where a node stands in that branch; 0 elsewhere.
func firstCondition(t *perlsrc.Tree, statement, n perlsrc.NodeID) perlsrc.NodeID {
	var condition perlsrc.NodeID
	for c := range t.Children(statement) {
		switch t.Nodes[c].Kind {
		case perlsrc.ListNode:
			condition = c
		case perlsrc.BlockNode:
			if t.Nodes[c].First <= t.Nodes[n].First && t.Nodes[n].End <= t.Nodes[c].End {
				return condition
			}
			return 0
		}
	}
	return 0
}
