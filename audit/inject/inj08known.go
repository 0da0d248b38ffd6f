package inject

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// A value that something was found by is one of those that there are: a key of a
// table, the name of a file. Markup does not get there, unless somebody gave such a
// name before.

// finders are words of functions and methods that look something up by what they
// are given, and give nothing where there is none.
var finders = set("find", "lookup", "load", "fetch", "get", "retrieve", "resolve", "select", "selectrow", "search", "exists", "locate", "stat")

// maxFound bounds the questions of a sub that are looked at.
const maxFound = 2000

// knownBefore reports whether a place is reached only where something was found by
// the variable that holds a value there.
func knownBefore(f *audit.File, v taint, at perlsrc.NodeID) bool {
	t := f.Tree
	if t.Nodes[v.Part].Kind != perlsrc.TermNode || t.Token(v.Part).Kind != perlsrc.Variable {
		return false
	}
	name := t.Text(v.Part)
	if len(name) < 2 || name[0] != '$' {
		return false
	}
	sub := t.EnclosingSub(v.Part)
	place, _ := t.Span(at)
	made := map[string]bool{string(name): true} // names of files that are made of it
	found := map[string]bool{}                  // what was looked up by it
	left := maxFound
	for n := range t.All(sub, perlsrc.AssignNode, perlsrc.CallNode, perlsrc.AccessNode, perlsrc.TermNode) {
		if start, _ := t.Span(n); start >= place {
			break
		}
		if left--; left < 0 {
			return false
		}
		switch t.Nodes[n].Kind {
		case perlsrc.AssignNode:
			to, value := assigned(t, n), t.LastChild(n)
			if to == "" || !of(t, value, made) {
				continue
			}
			switch {
			case !looksUp(f, value, made):
				made[to] = true
			case input.Proven(f, n, at):
				return true
			default:
				found[to] = true
			}
		case perlsrc.CallNode:
			if (asksFor(t, n, made, found) || looksUp(f, n, made)) && input.Proven(f, n, at) {
				return true
			}
		case perlsrc.AccessNode:
			if looksUp(f, n, made) && input.Proven(f, n, at) {
				return true
			}
		case perlsrc.TermNode:
			if found[string(t.Text(n))] && input.Proven(f, n, at) {
				return true
			}
		}
	}
	return readsFile(f, v, at)
}

// assigned gives the variable that an assignment fills; "" for others.
func assigned(t *perlsrc.Tree, n perlsrc.NodeID) string {
	to := t.Nodes[n].Child
	if t.Nodes[to].Kind == perlsrc.DeclareNode {
		to = t.Nodes[to].Child
	}
	if t.Nodes[to].Kind == perlsrc.ListNode && t.Nodes[to].Child != 0 && t.Nodes[t.Nodes[to].Child].Next == 0 {
		to = t.Nodes[to].Child
	}
	if t.Nodes[to].Kind != perlsrc.TermNode || t.Token(to).Kind != perlsrc.Variable {
		return ""
	}
	return string(t.Text(to))
}

// maxNodes bounds the nodes below one in which variables are looked for.
const maxNodes = 200

// of reports whether one of these variables is in a node.
func of(t *perlsrc.Tree, n perlsrc.NodeID, names map[string]bool) bool {
	left := maxNodes
	for v := range t.Under(n) {
		if left--; left < 0 {
			return false
		}
		if t.Nodes[v].Kind == perlsrc.TermNode && t.Token(v).Kind == perlsrc.Variable && names[string(t.Text(v))] {
			return true
		}
	}
	return false
}

// subscript reports whether one of these variables is in a subscript of an access.
func subscript(t *perlsrc.Tree, n perlsrc.NodeID, names map[string]bool) bool {
	for s := range t.Children(n) {
		if t.Nodes[s].Kind == perlsrc.SubscriptNode && of(t, s, names) {
			return true
		}
	}
	return false
}

// looksUp reports whether a value is what a table has by one of these variables, or
// what a function of such a name, or a sub of the file that asks a table, gives.
func looksUp(f *audit.File, n perlsrc.NodeID, names map[string]bool) bool {
	t := f.Tree
	switch t.Nodes[n].Kind {
	case perlsrc.AccessNode:
		return subscript(t, n, names)
	case perlsrc.LogicNode: // f($x) || g($x)
		return looksUp(f, t.Nodes[n].Child, names)
	case perlsrc.CallNode:
	default:
		return false
	}
	c := t.Call(n)
	given := false
	for _, a := range c.Args {
		given = given || of(t, a, names)
	}
	if !given || c.Dynamic {
		return false
	}
	if own := ownSub(f, c); own != 0 {
		return givesFound(t, own)
	}
	return holds(strings.ToLower(audit.Unqualified(c.Callee)), finders)
}

type subsKey struct{}

// ownSub gives the sub of the file that a call is of, 0 for none.
func ownSub(f *audit.File, c perlsrc.Call) perlsrc.NodeID {
	if c.Callee == "" || c.Method {
		return 0
	}
	return f.Memo(subsKey{}, func() any {
		subs := map[string]perlsrc.NodeID{}
		for s := range f.All(perlsrc.SubNode) {
			subs[f.Tree.Sub(s).Name] = s
		}
		return subs
	}).(map[string]perlsrc.NodeID)[c.Callee]
}

// givesFound reports whether what a sub gives last is an element of a table by a
// key that is no literal.
func givesFound(t *perlsrc.Tree, sub perlsrc.NodeID) bool {
	last := t.LastChild(t.Sub(sub).Block)
	n := t.Nodes[last].Child
	if t.Nodes[n].Kind == perlsrc.CallNode && t.Callee(n) == "return" {
		n = t.Arg(n, 0)
	}
	if t.Nodes[n].Kind != perlsrc.AccessNode {
		return false
	}
	key := t.Nodes[t.LastChild(n)].Child
	_, fixed := t.Literal(key)
	return key != 0 && !fixed && !bytes.HasSuffix(t.Text(n), []byte("]"))
}

// asksFor reports whether a call asks if there is a file of a name, opens it to read,
// or asks if something was found.
func asksFor(t *perlsrc.Tree, n perlsrc.NodeID, made, found map[string]bool) bool {
	c := t.Call(n)
	holdsOne := func(args []perlsrc.NodeID, names map[string]bool) bool {
		for _, a := range args {
			if of(t, a, names) {
				return true
			}
		}
		return false
	}
	switch c.Callee {
	case "-e", "-f", "-r", "-d", "-s", "-x":
		return holdsOne(c.Args, made) || holdsOne(c.Args, found)
	case "defined", "blessed", "ref":
		return holdsOne(c.Args, found)
	case "exists":
		return len(c.Args) == 1 && t.Nodes[c.Args[0]].Kind == perlsrc.AccessNode && subscript(t, c.Args[0], made)
	case "open", "sysopen", "opendir":
		if len(c.Args) < 2 {
			return false
		}
		// Two arguments hold the mode in the name, which may be the value's.
		mode, ok := t.Literal(c.Args[1])
		if c.Callee == "open" && (len(c.Args) < 3 || !ok || !strings.HasPrefix(mode, "<")) {
			return false
		}
		return c.Callee != "sysopen" && holdsOne(c.Args[1:], made)
	}
	return false
}

// kept are words of settings that name a file to be made.
var kept = set("out", "output", "log", "save", "cache", "dest", "target", "upload", "new", "tmp", "temp")

// readsFile reports whether an object was made before that reads the file of a
// value's name: Foo->new(file => "/srv/$name.txt").
func readsFile(f *audit.File, v taint, at perlsrc.NodeID) bool {
	t := f.Tree
	sub := t.EnclosingSub(v.Part)
	place, _ := t.Span(at)
	before := func(n perlsrc.NodeID) bool {
		start, _ := t.Span(n)
		return n != 0 && t.EnclosingSub(n) == sub && start < place
	}
	sinks, _ := f.Flow().Sinks(v.Node)
	for _, s := range sinks {
		key := strings.ToLower(s.Key)
		if s.Kind != flow.Passed || audit.Unqualified(s.Callee) != "new" || !strings.HasSuffix(key, "file") && !strings.HasSuffix(key, "filename") || holds(key, kept) {
			continue
		}
		if before(s.Node) {
			return true
		}
		for _, step := range s.Steps {
			if strings.HasPrefix(step.What, "passed to ") && before(step.Node) {
				return true
			}
		}
	}
	return false
}
