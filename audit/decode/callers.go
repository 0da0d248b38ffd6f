package decode

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// fileSub is a sub of the file, with a name of its own or that of the variable or
// key which holds it, and whom of the file's subs it calls.
type fileSub struct {
	node  perlsrc.NodeID
	name  string
	calls []edge
}

// edge is a call of another sub of the file.
type edge struct {
	to int
	at perlsrc.NodeID
}

// The bounds of what is read: the subs of a file, and those of one table.
const (
	maxSubs  = 5000
	maxTable = 100
)

// callers reads who calls whom in a file.
type callers struct {
	t    *perlsrc.Tree
	subs []fileSub
	at   map[perlsrc.NodeID]int
	// named holds subs by package and name, and by package and the variable that
	// holds them: "Acme::value", "Acme::$value".
	named map[string]int
	// tables holds the subs of a hash or a list by its name: those of
	// my %read = ('[' => \&list, '{' => sub { ... }).
	tables map[string][]int
	// picked is the table that a variable of a sub is an element of.
	picked map[place]string
}

// subsOf gives the subs of a file and their calls of each other: by name, as
// methods of the object itself, by a variable, and out of a table.
func subsOf(f *audit.File) []fileSub {
	c := &callers{t: f.Tree, at: map[perlsrc.NodeID]int{}, named: map[string]int{}, tables: map[string][]int{}, picked: map[place]string{}}
	for n := range f.All(perlsrc.SubNode) {
		c.add(n)
	}
	if len(c.subs) == 0 || len(c.subs) > maxSubs {
		return nil
	}
	for n := range f.All(perlsrc.AssignNode) {
		c.assigned(n)
	}
	for n := range f.All(perlsrc.CallNode) {
		from, ok := c.around(n)
		if !ok {
			continue
		}
		for _, to := range c.targets(n) {
			c.subs[from].calls = append(c.subs[from].calls, edge{to, n})
		}
	}
	return c.subs
}

func (c *callers) add(n perlsrc.NodeID) {
	t := c.t
	sub, pkg := t.Sub(n), t.EnclosingPackage(n)
	name := audit.Unqualified(sub.Name)
	key := name
	if sub.Name == "" {
		// $value = sub { ... }, and in a table its key
		d := t.Dest(n)
		if d.Use != perlsrc.Assigned || !d.Direct && d.Key == "" || len(d.Targets) != 1 {
			return
		}
		if name = holder(t, d.Targets[0]); name == "" || sub.Block == 0 {
			return
		}
		if d.Key != "" {
			if len(c.tables[pkg+"::"+name]) >= maxTable {
				return
			}
			c.tables[pkg+"::"+name] = append(c.tables[pkg+"::"+name], len(c.subs))
			name = d.Key
		} else {
			key = "$" + name
		}
	}
	if sub.Block == 0 {
		return
	}
	c.at[n] = len(c.subs)
	if key != "" {
		c.named[pkg+"::"+key] = len(c.subs)
	}
	c.subs = append(c.subs, fileSub{node: n, name: name})
}

// holder gives the name of the variable, or of the field of an object, that a node
// is or begins with: read for %read, $read{$x} and $self->{read}{$x}.
func holder(t *perlsrc.Tree, n perlsrc.NodeID) string {
	switch t.Nodes[n].Kind {
	case perlsrc.DeclareNode, perlsrc.ListNode, perlsrc.CastNode:
		if k := t.Nodes[n].Child; k != 0 && t.Nodes[k].Next == 0 {
			return holder(t, k)
		}
	case perlsrc.AccessNode:
		first := t.Nodes[n].Child
		name := holder(t, first)
		if name != "self" && name != "this" && name != "class" {
			return name
		}
		if sub := t.Nodes[first].Next; sub != 0 {
			if key, ok := t.Literal(t.Nodes[sub].Child); ok {
				return key
			}
		}
	case perlsrc.TermNode:
		if t.Token(n).Kind == perlsrc.Variable {
			return strings.Trim(string(t.Text(n)), "$@%&*{}")
		}
	}
	return ""
}

// assigned reads a table of subs, and a variable that is an element of one.
func (c *callers) assigned(n perlsrc.NodeID) {
	t := c.t
	target := t.Nodes[n].Child
	value := t.Nodes[target].Next
	if value == 0 || t.Nodes[value].Next != 0 {
		return
	}
	name := holder(t, target)
	if name == "" {
		return
	}
	switch t.Nodes[value].Kind {
	case perlsrc.ListNode, perlsrc.HashNode, perlsrc.ArrayNode:
		table := t.EnclosingPackage(n) + "::" + name
		for v := range t.Children(value) {
			if to, ok := c.lookup(n, c.referred(v)); ok && len(c.tables[table]) < maxTable {
				c.tables[table] = append(c.tables[table], to)
			}
		}
	case perlsrc.AccessNode, perlsrc.LogicNode:
		if t.Nodes[value].Kind == perlsrc.LogicNode { // $read{$x} or die
			value = t.Nodes[value].Child
		}
		if from := holder(t, value); from != "" {
			c.picked[place{t.EnclosingSub(n), name}] = t.EnclosingPackage(n) + "::" + from
		}
	}
}

// referred gives the name of the sub that an element of a table is: \&name, or a
// method by its name.
func (c *callers) referred(n perlsrc.NodeID) string {
	t := c.t
	if t.Nodes[n].Kind == perlsrc.ExprNode {
		n = t.Nodes[n].Child
	}
	if t.Nodes[n].Kind == perlsrc.CallNode {
		if call := t.Call(n); call.Amp && t.Operator(n) == `\` {
			return call.Callee
		}
		return ""
	}
	if name, ok := t.Literal(n); ok && t.Operator(n) == "=>" {
		return name
	}
	return ""
}

func (c *callers) lookup(at perlsrc.NodeID, name string) (int, bool) {
	if name != "" && !strings.Contains(name, "::") {
		name = c.t.EnclosingPackage(at) + "::" + name
	}
	to, ok := c.named[name]
	return to, ok
}

// targets gives the subs of the file that a call may call.
func (c *callers) targets(n perlsrc.NodeID) []int {
	t := c.t
	call := t.Call(n)
	if call.Dynamic {
		return c.held(n, call)
	}
	if call.Callee == "" || call.Method && !ownMethod(t, n, call) || call.Bare && t.Operator(n) == "->" {
		return nil
	}
	if to, ok := c.lookup(n, call.Callee); ok {
		return []int{to}
	}
	return nil
}

// held gives the subs that a variable or an element of a table may hold.
func (c *callers) held(n perlsrc.NodeID, call perlsrc.Call) []int {
	t := c.t
	if string(t.Text(call.Target)) == "__SUB__" {
		if from, ok := c.around(n); ok {
			return []int{from}
		}
		return nil
	}
	name := holder(t, call.Target)
	if name == "" {
		return nil
	}
	if t.Nodes[call.Target].Kind == perlsrc.AccessNode {
		if to, ok := c.lookup(n, "$"+name); ok {
			return []int{to}
		}
		return c.tables[t.EnclosingPackage(n)+"::"+name]
	}
	if table, ok := c.picked[place{t.EnclosingSub(n), name}]; ok {
		return c.tables[table]
	}
	if to, ok := c.lookup(n, "$"+name); ok {
		return []int{to}
	}
	return nil
}

// around gives the sub that a node is in.
func (c *callers) around(n perlsrc.NodeID) (int, bool) {
	for s := c.t.EnclosingSub(n); s != 0; s = c.t.EnclosingSub(s) {
		if i, ok := c.at[s]; ok {
			return i, true
		}
	}
	return 0, false
}

// ownMethod reports whether a method is called on the object itself: another
// object of the same class is a level of what is already there, not of input.
func ownMethod(t *perlsrc.Tree, n perlsrc.NodeID, call perlsrc.Call) bool {
	if call.Class != "" {
		return call.Class == "__PACKAGE__" || call.Class == t.EnclosingPackage(n)
	}
	switch text := string(t.Text(call.Invocant)); text {
	case "$self", "$class", "$this", "shift", "$_[0]", "$s", "$me", "__PACKAGE__", "ref($self)", "(ref $self)", "ref $self", "(ref($self) || $self)", "$parser", "$proto", "$pkg":
		return true
	}
	return false
}

// cycles gives the groups of subs that can come back to themselves: the strongly
// connected ones, by Tarjan's way without recursion.
func cycles(subs []fileSub) (groups [][]int) {
	const unseen = -1
	num, low, on := make([]int, len(subs)), make([]int, len(subs)), make([]bool, len(subs))
	for i := range num {
		num[i] = unseen
	}
	type frame struct{ sub, next int }
	var stack []int
	count := 0
	for start := range subs {
		if num[start] != unseen {
			continue
		}
		work := []frame{{start, 0}}
		for len(work) > 0 {
			w := &work[len(work)-1]
			v := w.sub
			if w.next == 0 {
				num[v], low[v] = count, count
				count++
				stack, on[v] = append(stack, v), true
			}
			if w.next < len(subs[v].calls) {
				to := subs[v].calls[w.next].to
				w.next++
				switch {
				case num[to] == unseen:
					work = append(work, frame{to, 0})
				case on[to]:
					low[v] = min(low[v], num[to])
				}
				if w.next < len(subs[v].calls) || num[to] == unseen {
					continue
				}
				continue
			}
			work = work[:len(work)-1]
			if len(work) > 0 {
				low[work[len(work)-1].sub] = min(low[work[len(work)-1].sub], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			i := len(stack) - 1
			for stack[i] != v {
				i--
			}
			group := slices.Clone(stack[i:])
			for _, s := range group {
				on[s] = false
			}
			stack = stack[:i]
			if len(group) > 1 || slices.ContainsFunc(subs[v].calls, func(e edge) bool { return e.to == v }) {
				slices.Sort(group)
				groups = append(groups, group)
			}
		}
	}
	return groups
}
