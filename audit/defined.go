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

// definedIn gives the named subs that a file has a body of, but for those that hand
// on to a function of the same name.
func definedIn(t *perlsrc.Tree) defined {
	d := defined{t, map[string]bool{}}
	for n := range t.All(0, perlsrc.SubNode) {
		if sub := t.Sub(n); sub.Name != "" && sub.Block != 0 {
			name := sub.Name
			if !strings.Contains(name, "::") {
				name = t.EnclosingPackage(n) + "::" + name
			}
			d.subs[name] = true
		}
	}
	if len(d.subs) == 0 {
		return d
	}
	// sub md5_hex { Digest::MD5::md5_hex(@_) } stands for the function that it asks.
	for n := range t.Calls("") {
		if callee := t.Callee(n); strings.Contains(callee, "::") && t.Sub(t.EnclosingSub(n)).Name == Unqualified(callee) {
			delete(d.subs, t.EnclosingPackage(n)+"::"+Unqualified(callee))
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
