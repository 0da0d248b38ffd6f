package inventory

import (
	"fmt"

	"nacre/meta"
)

// Require adds a requirement of the project itself, read from file, as an edge
// that is not linked yet. One that cannot be read allows every version, and a
// notice says so. A conflict is no requirement and adds nothing.
func (inv *Inventory) Require(p meta.Prereq, file string) {
	at := Evidence{File: file, Line: p.Line, How: file}
	if p.Err != nil {
		inv.Notices = append(inv.Notices, Notice{
			Text: fmt.Sprintf("requirement of %q cannot be read: %v", string(p.Module)+" "+p.Range, p.Err), At: at,
		})
	}
	if p.Module == "" || p.Relation == "conflicts" || p.Relation == "x_conflicts" {
		return
	}
	inv.Edges = append(inv.Edges, Edge{From: -1, To: -1, Module: p.Module, Range: p.Range, Scope: scopeOf(p), Evidence: at})
}

// scopeOf maps a phase and a relation of CPAN::Meta::Spec.
func scopeOf(p meta.Prereq) Scope {
	switch p.Phase {
	case "configure":
		return Configure
	case "build":
		return Build
	case "test":
		return Test
	case "develop":
		return Develop
	case "runtime":
		if p.Relation == "requires" && p.Feature == "" {
			return Runtime
		}
	}
	// A phase that only running the file would tell, or one of the x_ kind,
	// may be run time too.
	return Optional
}
