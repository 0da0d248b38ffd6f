package spdx

import (
	"slices"

	"nacre/bom"
	"nacre/jsondoc"
)

// side is the dependencies or the parts of one element.
type side struct {
	id    string
	holds bool
}

// relationships writes them: those of the document as far as the bill still says
// what they say, and new ones, one for each element and kind.
func (w *writer3) relationships() {
	want := &wanted{at: map[fact]bool{}}
	required := map[string]bool{}
	w.scopeChanged = map[string]bool{}
	for _, m := range w.members {
		if e := w.base.elements[m.raw()]; e != nil && m.c != nil && e.c.Scope != m.c.Scope {
			w.scopeChanged[m.id] = true
		}
		if m.c != nil && m.c.Scope == bom.Required {
			required[m.c.Ref] = true
		}
	}
	for _, e := range w.b.Edges {
		from, okFrom := w.id(e.From)
		to, okTo := w.id(e.To)
		if !okFrom || !okTo {
			w.losses = append(w.losses, bom.Loss{Pointer: "/@graph", What: "no element has the ref of " + e.From + " or of " + e.To + ", between which there is a dependency"})
			continue
		}
		want.add(fact{kind: factNeeds, relation: e.Relation, runtime: e.Relation == bom.DependsOn && required[e.To], from: from, to: to})
	}
	for _, m := range w.members {
		for _, o := range m.owned {
			want.add(fact{kind: o.kind, inside: o.kind == factHolds && m.c == w.b.Root, from: m.id, to: o.id})
		}
	}
	says := w.completeness(w.b.Compositions, w.ids)
	before := w.completeness(w.base.bill.Compositions, w.idsBefore())
	told := map[side]bool{}
	done := map[fact]bool{}
	for _, n := range w.base.all {
		if t := typeOf(n); (t == "Relationship" || t == "LifecycleScopedRelationship") && !w.drop[n] {
			w.old(n, want, done, says, before, told)
		}
	}
	w.fresh(want, done, says, told)
}

// id is the id of a ref; what is no package of the bill must have been one of
// the document's, or be an address.
func (w *writer3) id(ref string) (string, bool) {
	if id, ok := w.ids[ref]; ok {
		return id, true
	}
	return ref, w.base.assembly.dangling[ref] || w.base.byID[ref] != nil && w.base.assembly.others[ref]
}

// idsBefore are the ids of refs as the document was read.
func (w *writer3) idsBefore() map[string]string {
	ids := map[string]string{}
	for _, e := range w.base.assembly.elements {
		ids[e.c.Ref] = e.id
	}
	return ids
}

// completeness is what compositions say of each side in SPDX's words.
func (w *writer3) completeness(list []bom.Composition, ids map[string]string) map[side]string {
	out := map[side]string{}
	add := func(ref, aggregate string, holds bool) {
		word := completeness3().to[aggregate]
		if word == "" {
			if word = "noAssertion"; len(aggregate) > 10 && aggregate[:10] == "incomplete" {
				word = "incomplete"
			}
		}
		if id, ok := ids[ref]; ok {
			out[side{id, holds}] = word
		}
	}
	for _, c := range list {
		for _, ref := range c.Dependencies {
			add(ref, c.Aggregate, false)
		}
		for _, ref := range c.Assemblies {
			add(ref, c.Aggregate, true)
		}
	}
	return out
}

// old keeps a relationship of the document as far as it still holds.
func (w *writer3) old(n *jsondoc.Node, want *wanted, done map[fact]bool, says, before map[side]string, told map[side]bool) {
	from := idOf(n.Get("from"))
	typ := n.Get("relationshipType").Str()
	if w.dropped(from) {
		w.drop[n] = true
		return
	}
	facts := w.base.facts[n]
	at := side{from, typ == "contains"}
	_, needs := relation3(typ, "", "")
	spoken := (needs || at.holds) && n.Get("completeness") != nil
	list := jsondoc.Array()
	whole := true
	for i, item := range several(n.Get("to")) {
		ok, runtime := !w.dropped(idOf(item)), false
		if len(facts) > 0 && i < len(facts) {
			k := facts[i]
			runtime = w.base.assembly.facts[k].runtime
			if f := w.base.assembly.facts[k]; f.kind == factNone {
				ok = says[at] == before[at] || !spoken // stands for completeness
			} else if w.base.assembly.modelled[k] {
				if !want.at[f] && !w.scopeChanged[f.to] { // the same scope follows from elsewhere
					f.runtime = !f.runtime
				}
				if ok = ok && want.at[f]; ok {
					done[f] = true
				}
			}
		}
		if ok {
			list.Items = append(list.Items, item)
			w.runtime[idOf(item)] = w.runtime[idOf(item)] || runtime
		} else {
			whole = false
		}
	}
	if len(list.Items) == 0 && !whole {
		w.drop[n] = true
		return
	}
	word := says[at]
	if spoken {
		told[at] = true
	}
	if whole && (!spoken || word == before[at]) {
		return
	}
	copied := jsondoc.Object()
	copied.Members = slices.Clone(n.Members)
	if !whole {
		copied.Set("to", list)
	}
	if spoken && word != before[at] {
		copied.SetString("completeness", word)
	}
	w.update[n] = copied
}

// dropped reports whether an id is that of an element that is gone.
func (w *writer3) dropped(id string) bool {
	n := w.base.byID[id]
	return n != nil && w.drop[n]
}

// fresh writes what no relationship says yet.
func (w *writer3) fresh(want *wanted, done map[fact]bool, says map[side]string, told map[side]bool) {
	type group struct {
		from     string
		kind     factKind
		relation bom.Relation
		inside   bool
		runtime  bool
	}
	type run struct {
		group
		to []string
	}
	last := map[string]*run{} // by from: what follows in another way begins a new one, so that the order stays
	var runs []*run
	for _, f := range want.list {
		if done[f] {
			continue
		}
		g := group{f.from, f.kind, f.relation, f.inside, f.runtime}
		if f.kind == factAncestor {
			g.from = f.to // one relationship each: the ancestor is where it begins
		}
		at := last[g.from]
		if at == nil || at.group != g {
			at = &run{group: g}
			last[g.from], runs = at, append(runs, at)
		}
		if f.kind == factAncestor {
			at.to = append(at.to, f.from)
		} else {
			at.to = append(at.to, f.to)
		}
	}
	for _, g := range runs {
		typ, relationship, scope, comment := "Relationship", "dependsOn", "", ""
		switch g.kind {
		case factHolds:
			if relationship = "contains"; g.inside {
				comment = commentPart
			}
		case factAncestor:
			relationship = "ancestorOf"
		case factPatch:
			relationship = "patchedBy"
		default:
			switch g.relation {
			case bom.Optional:
				relationship = "hasOptionalDependency"
			case bom.Provided:
				relationship = "hasProvidedDependency"
			case bom.Configure:
				scope, comment = "build", commentConfigure
			case bom.BuildTime:
				scope = "build"
			case bom.Test:
				scope = "test"
			case bom.Develop:
				scope = "development"
			case bom.DependsOn:
				if g.runtime {
					scope = "runtime"
				}
			}
		}
		if scope != "" {
			typ = "LifecycleScopedRelationship"
		}
		if g.runtime {
			for _, id := range g.to {
				w.runtime[id] = true
			}
		}
		n := w.relate(typ, g.from, relationship, g.to...)
		n.SetString("scope", scope)
		n.SetString("comment", comment)
		at := side{g.from, g.kind == factHolds}
		if word := says[at]; word != "" && (g.kind == factNeeds || g.kind == factHolds) {
			n.SetString("completeness", word)
			told[at] = true
		}
	}
	for _, m := range w.members {
		for _, at := range []side{{m.id, false}, {m.id, true}} {
			word := says[at]
			if word == "" || told[at] || m.c == nil {
				continue
			}
			told[at] = true
			relationship, end := "dependsOn", openElement
			if at.holds {
				relationship = "contains"
			}
			if word == "complete" {
				end = noneElement
			}
			w.relate("Relationship", m.id, relationship, end).SetString("completeness", word)
		}
	}
}
