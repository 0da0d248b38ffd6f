package audit

import (
	"strings"

	"nacre/perlsrc"
)

// defined are the named subs of a file, with their packages.
type defined struct {
	tree *perlsrc.Tree
	subs map[string]bool
}

// definedIn gives the named subs that a file has a body of.
func definedIn(t *perlsrc.Tree) defined {
	d := defined{t, map[string]bool{}}
	for n := range t.All(0, perlsrc.SubNode) {
		if name := t.Sub(n).Name; name != "" {
			if !strings.Contains(name, "::") {
				name = t.EnclosingPackage(n) + "::" + name
			}
			d.subs[name] = true
		}
	}
	return d
}

// calls reports whether a call is of one of them. Perl takes a function of its own
// before a sub of the same name, unless that is called with & or its package.
func (d defined) calls(n perlsrc.NodeID) bool {
	if len(d.subs) == 0 {
		return false
	}
	call := d.tree.Call(n)
	switch {
	case call.Method || call.Dynamic || call.Callee == "":
		return false
	case strings.Contains(call.Callee, "::"):
		return d.subs[call.Callee]
	case !call.Amp && perlsrc.IsFunction(call.Callee):
		return false
	}
	return d.subs[d.tree.EnclosingPackage(n)+"::"+call.Callee]
}
