package spdx

import (
	"strings"

	"nacre/bom"
	"nacre/fault"
)

// element is a package of the document: a component, or what only belongs to
// one, an ancestor or a patch.
type element struct {
	id    string // of the document; "" none
	c     *bom.Component
	lines []string // of Nacre's notes
	patch *bom.Patch
}

// assembly makes the structure of a bill of a list of packages and of facts.
type assembly struct {
	doc      string          // id of the document
	elements []*element      // in the document's order
	others   map[string]bool // ids of what is no package: files, snippets
	facts    []fact
	lines    map[int]int     // where facts are stated, by their index; SPDX 3
	required map[string]bool // ids of what is said to be needed at run time

	at       map[string]int // ids
	owner    []int          // element that a part, ancestor or patch belongs to; -1 none
	owned    []factKind
	root     int             // -1 none
	dangling map[string]bool // ids in relations that nothing has
	modelled []bool          // the facts that the bill holds, which are those that may be taken away
}

// build fills the bill. The notes are applied on the way.
func (a *assembly) build(b *bom.Bill) error {
	if len(a.elements) > bom.MaxComponents {
		return fault.New(fault.Invalid, "read SPDX: more than %d packages (limit: bill components)", bom.MaxComponents).
			WithHint("a bill of materials is far smaller; check that it is the right file")
	}
	a.at = make(map[string]int, len(a.elements))
	a.owner, a.owned = make([]int, len(a.elements)), make([]factKind, len(a.elements))
	for i, e := range a.elements {
		if _, ok := a.at[e.id]; !ok && e.id != "" {
			a.at[e.id] = i
		}
		a.owner[i] = -1
	}
	a.modelled = make([]bool, len(a.facts))
	a.findRoot()
	a.findOwners()
	if err := a.breakCycles(); err != nil {
		return err
	}
	a.applyNotes()
	a.place(b)
	if err := a.relate(b); err != nil {
		return err
	}
	derived := scopes(b.Edges)
	for _, e := range a.elements {
		if e.c.Scope = derived[e.c.Ref]; e.c.Scope == "" && a.required[e.id] {
			e.c.Scope = bom.Required
		}
		apply(e.c, e.scoped(), componentFields)
	}
	return nil
}

// scoped are the notes about the scope, which relations say too.
func (e *element) scoped() []string {
	for _, line := range e.lines {
		if strings.HasPrefix(line, noteScope+"=") || strings.HasPrefix(line, noteScope+":") {
			return []string{line}
		}
	}
	return nil
}

const noteScope = noteField + "scope"

// findRoot finds what the document describes, if that is one thing.
func (a *assembly) findRoot() {
	a.root = -1
	for _, f := range a.facts {
		if f.kind != factDescribes || f.from != a.doc {
			continue
		}
		i, ok := a.at[f.to]
		if !ok || a.root >= 0 && a.root != i {
			a.root = -1
			return
		}
		a.root = i
	}
	for k, f := range a.facts {
		a.modelled[k] = f.kind == factDescribes && f.from == a.doc && a.root >= 0
	}
}

// findOwners finds the parts, ancestors and patches: what belongs to exactly one
// other package. An ancestor or a patch has no other relation of its own.
func (a *assembly) findOwners() {
	const several = -2
	claim := make([]int, len(a.elements)) // owner + 1 by relation, several
	kinds := make([]factKind, len(a.elements))
	used := make([]bool, len(a.elements)) // by relations that an ancestor has not
	for k := range a.facts {
		f := &a.facts[k]
		from, okFrom := a.at[f.from]
		to, okTo := a.at[f.to]
		switch f.kind {
		case factNone:
		case factAncestor, factPatch, factHolds:
			if f.kind == factHolds && okFrom {
				if used[from] = true; from != a.root {
					f.inside = false
				} else if !f.inside {
					if okTo {
						used[to] = true
					}
					continue // stands beside it, as everything in the bill does
				}
			}
			if !okFrom || !okTo {
				continue
			}
			if f.kind == factHolds {
				used[to] = true
			}
			switch {
			case claim[to] == 0:
				claim[to], kinds[to] = from+1, f.kind
			case claim[to] != from+1 || kinds[to] != f.kind:
				claim[to] = several
			}
		default:
			if okFrom {
				used[from] = true
			}
			if okTo {
				used[to] = true
			}
		}
	}
	for i := range a.elements {
		if claim[i] > 0 && i != a.root && claim[i]-1 != i && (kinds[i] == factHolds || !used[i]) {
			a.owner[i], a.owned[i] = claim[i]-1, kinds[i]
		}
	}
}

// breakCycles lets nothing belong to itself, and nothing that belongs to a patch,
// which has no place for it.
func (a *assembly) breakCycles() error {
	depth := make([]int, len(a.elements)) // 0 not known, -1 on the way
	var way []int
	for i := range a.elements {
		way = way[:0]
		at := i
		for at >= 0 && depth[at] == 0 {
			depth[at] = -1
			way = append(way, at)
			at = a.owner[at]
		}
		base := 0
		if at >= 0 && depth[at] == -1 { // a cycle, which ends where it was entered
			for j := len(way) - 1; ; j-- {
				a.owner[way[j]] = -1
				if way[j] == at {
					break
				}
			}
		} else if at >= 0 {
			base = depth[at]
		}
		for j := len(way) - 1; j >= 0; j-- {
			if a.owner[way[j]] < 0 {
				base = 0
			}
			if base++; base > bom.MaxDepth {
				return fault.New(fault.Invalid, "read SPDX: packages more than %d deep in one another (limit: bill depth)", bom.MaxDepth)
			}
			depth[way[j]] = base
		}
	}
	for i := range a.elements {
		if o := a.owner[i]; o >= 0 && a.owner[o] >= 0 && a.owned[o] == factPatch {
			a.owner[i] = -1
		}
	}
	return nil
}

// applyNotes reads the notes, and makes refs that are told by a note the
// document's own where two packages have the same.
func (a *assembly) applyNotes() {
	count := map[string]int{}
	for i, e := range a.elements {
		if a.owner[i] >= 0 && a.owned[i] == factPatch {
			continue
		}
		own := e.c.Ref
		apply(e.c, e.lines, componentFields)
		if e.c.Ref == "" {
			e.c.Ref = own
		}
		count[e.c.Ref]++
	}
	for _, e := range a.elements {
		if e.id != "" && count[e.c.Ref] > 1 {
			e.c.Ref = e.id
		}
	}
}

// place puts every package where it belongs.
func (a *assembly) place(b *bom.Bill) {
	for i, e := range a.elements {
		o := a.owner[i]
		if o < 0 {
			if i == a.root {
				b.Root = e.c
			} else {
				b.Components = append(b.Components, e.c)
			}
			continue
		}
		owner := a.elements[o].c
		if a.owned[i] == factHolds {
			owner.Parts = append(owner.Parts, e.c)
			continue
		}
		if owner.Pedigree == nil {
			owner.Pedigree = &bom.Pedigree{}
		}
		if a.owned[i] == factAncestor {
			owner.Pedigree.Ancestors = append(owner.Pedigree.Ancestors, e.c)
			continue
		}
		e.patch = patchOf(e)
		owner.Pedigree.Patches = append(owner.Pedigree.Patches, *e.patch)
	}
}

// ref is the ref of an id; what is no package keeps its id.
func (a *assembly) ref(id string) string {
	if i, ok := a.at[id]; ok {
		return a.elements[i].c.Ref
	}
	return id
}

// relate makes edges and compositions of the facts.
func (a *assembly) relate(b *bom.Bill) error {
	type known struct{ unknown, absent bool }
	needs, holds := map[string]known{}, map[string]known{}
	var order []string
	hasParts, hasNeeds := map[string]bool{}, map[string]bool{}
	a.dangling = map[string]bool{}
	seen := map[bom.Edge]bool{}
	for k, f := range a.facts {
		from, isPackage := a.at[f.from]
		if f.kind == factNone || a.others[f.from] || a.others[f.to] || f.kind != factDescribes && (f.from == a.doc || f.to == a.doc) {
			continue
		}
		switch f.kind {
		case factNeeds:
			a.modelled[k] = true
			e := bom.Edge{From: a.ref(f.from), To: a.ref(f.to), Relation: f.relation}
			hasNeeds[e.From] = true
			for _, id := range []string{f.from, f.to} {
				if _, ok := a.at[id]; !ok {
					a.dangling[id] = true
				}
			}
			if seen[e] {
				continue
			}
			if seen[e] = true; len(seen) > bom.MaxEdges {
				return fault.New(fault.Invalid, "read SPDX: more than %d relationships between packages (limit: bill edges)", bom.MaxEdges).
					WithHint("a bill of materials is far smaller; check that it is the right file")
			}
			e.Line = a.lines[k]
			b.Edges = append(b.Edges, e)
		case factHolds, factAncestor, factPatch:
			to, ok := a.at[f.to]
			a.modelled[k] = isPackage && ok && a.owner[to] == from && a.owned[to] == f.kind
			if a.modelled[k] && f.kind == factHolds {
				hasParts[f.from] = true
			}
		case factNeedsUnknown, factNeedsNone, factHoldsUnknown, factHoldsNone:
			if !isPackage {
				continue
			}
			m := needs
			if f.kind == factHoldsUnknown || f.kind == factHoldsNone {
				m = holds
			}
			if needs[f.from] == (known{}) && holds[f.from] == (known{}) {
				order = append(order, f.from)
			}
			v := m[f.from]
			v.unknown = v.unknown || f.kind == factNeedsUnknown || f.kind == factHoldsUnknown
			v.absent = v.absent || f.kind == factNeedsNone || f.kind == factHoldsNone
			m[f.from] = v
		}
	}
	all := []bom.Composition{{Aggregate: "complete"}, {Aggregate: "incomplete"}, {Aggregate: "unknown"}}
	which := func(k known, more bool) *bom.Composition {
		switch {
		case k.unknown && more:
			return &all[1]
		case k.unknown:
			return &all[2]
		case k.absent && !more:
			return &all[0]
		}
		return &bom.Composition{} // nothing, or NONE beside something
	}
	for _, id := range order {
		ref := a.ref(id)
		c := which(needs[id], hasNeeds[ref])
		c.Dependencies = append(c.Dependencies, ref)
		c = which(holds[id], hasParts[id])
		c.Assemblies = append(c.Assemblies, ref)
	}
	for k, f := range a.facts { // NONE beside something says nothing
		n, h := needs[f.from], holds[f.from]
		switch f.kind {
		case factNeedsUnknown:
			a.modelled[k] = n.unknown
		case factHoldsUnknown:
			a.modelled[k] = h.unknown
		case factNeedsNone:
			a.modelled[k] = n.absent && !n.unknown && !hasNeeds[a.ref(f.from)]
		case factHoldsNone:
			a.modelled[k] = h.absent && !h.unknown && !hasParts[f.from]
		}
	}
	for _, c := range all {
		if len(c.Assemblies)+len(c.Dependencies) > 0 {
			b.Compositions = append(b.Compositions, c)
		}
	}
	return nil
}
