package inventory

import (
	"nacre/meta"
)

// Require adds a requirement of the project itself, read from file, as an edge
// that is not linked yet. One whose range cannot be read allows every version,
// and a notice says so; one whose module cannot be read is lost, and the notice
// says that the inventory is partial. A conflict is no requirement, and is kept
// apart; one that cannot be read says nothing.
func (inv *Inventory) Require(p meta.Prereq, file string) {
	at := Evidence{File: file, Line: p.Line, How: file}
	e := Edge{
		From: -1, To: -1, Module: p.Module, Range: p.Range, Scope: ScopeOf(p), Evidence: at,
		Phase: p.Phase, Relation: p.Relation, Feature: p.Feature,
	}
	switch {
	case p.Relation == "conflicts" || p.Relation == "x_conflicts":
		if p.Module != "" && p.Err == nil {
			inv.Conflicts = append(inv.Conflicts, e)
		}
		return
	case p.Module == "":
		inv.Notices = append(inv.Notices, Notice{Text: "a requirement cannot be read: " + p.Err.Error(), At: at, Partial: true})
		return
	case p.Err != nil:
		inv.Notices = append(inv.Notices, Notice{Text: p.Err.Error() + "; taken as any version", At: at})
	}
	inv.Edges = append(inv.Edges, e)
}

// ScopeOf maps a phase and a relation of CPAN::Meta::Spec.
func ScopeOf(p meta.Prereq) Scope {
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
