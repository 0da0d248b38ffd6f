package input

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// gatherEach remembers what a loop makes of every element of a hash or array:
// $h{$_} = $dbh->quote($h{$_}) for keys %h, $_ = quote($_) for values %h, and
// s/'/\\'/g for @a. A loop that leaves some of them as they were makes nothing.
func (r *reader) gatherEach(assign perlsrc.NodeID) {
	t := r.tree
	to := t.Nodes[assign].Child
	value := t.Nodes[to].Next
	if value == 0 || t.Nodes[value].Next != 0 || t.Operator(value) != "=" || t.Nodes[value].Kind != perlsrc.CallNode {
		return
	}
	made, _ := makes(audit.Unqualified(t.Callee(value)))
	target, ok := r.text(to)
	if from, known := r.text(t.Arg(value, 0)); made == 0 || !ok || !known || from != target {
		return
	}
	if list := r.loop(assign); list != 0 {
		r.addEach(assign, r.container(target, list), made)
	}
}

// addEach is add of a check for all that a hash or array holds.
func (r *reader) addEach(at perlsrc.NodeID, container string, c Check) {
	p := place{r.tree.EnclosingSub(at), container}
	if container == "" || len(r.guards[p]) >= maxGuards {
		return
	}
	start, _ := r.tree.Span(r.tree.EnclosingStatement(at))
	r.guards[p] = append(r.guards[p], guard{start: start, check: c})
}

// loop gives the list of the foreach of which a node is a statement that nothing
// skips; 0 where there is none.
func (r *reader) loop(n perlsrc.NodeID) perlsrc.NodeID {
	t := r.tree
	s := t.EnclosingStatement(n)
	if word, list := t.Modifier(s); word != "" {
		if word == "for" || word == "foreach" {
			return list
		}
		return 0
	}
	block := t.Nodes[s].Parent
	up := t.Nodes[block].Parent
	if t.Nodes[block].Kind != perlsrc.BlockNode || t.Nodes[up].Kind != perlsrc.StatementNode || t.Nodes[up].Form != perlsrc.Compound {
		return 0
	}
	each := false
	for c := range t.Children(up) {
		word := t.Keyword(c)
		if each = each || word == "for" || word == "foreach"; each && t.Nodes[c].Kind == perlsrc.ListNode {
			return c
		}
	}
	return 0
}

// container gives the hash or array whose elements a loop over a list goes through
// by a target: %h of $h{$_} and keys %h, or of $_ and values %h.
func (r *reader) container(target string, list perlsrc.NodeID) string {
	text := strings.Join(strings.Fields(strings.Trim(string(r.tree.Text(list)), "() \t\n")), " ")
	if target == "$_" {
		text = strings.TrimPrefix(text, "values ")
		if strings.HasPrefix(text, "@") || strings.HasPrefix(text, "%") {
			return text
		}
		return ""
	}
	for _, of := range []string{"keys ", "sort keys "} {
		if hash, ok := strings.CutPrefix(text, of); ok {
			if strings.HasPrefix(hash, "%") && strings.HasPrefix(target, "$"+hash[1:]+"{$") {
				return hash
			}
		}
	}
	return ""
}
