package spdx

import (
	"regexp"
	"slices"
	"sync"

	"nacre/bom"
	"nacre/jsondoc"
)

// referred are the refs that relationships speak of.
func referred(b *bom.Bill) map[string]bool {
	out := map[string]bool{}
	for _, e := range b.Edges {
		out[e.From], out[e.To] = true, true
	}
	for _, c := range b.Compositions {
		for _, ref := range slices.Concat(c.Assemblies, c.Dependencies) {
			out[ref] = true
		}
	}
	if b.Root != nil {
		out[b.Root.Ref] = true
	}
	for c := range b.All() {
		for _, p := range c.Parts {
			out[c.Ref], out[p.Ref] = true, true
		}
		if c.Pedigree != nil {
			out[c.Ref] = true
		}
	}
	return out
}

// wanted are the facts of the bill, each once, in an order that is the bill's.
type wanted struct {
	list []fact
	at   map[fact]bool
}

func (l *wanted) add(f fact) {
	if !l.at[f] {
		l.at[f] = true
		l.list = append(l.list, f)
	}
}

var outside = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?SPDXRef-[A-Za-z0-9.-]+$`)
})

// id is the id of a ref. What nothing in the bill has must look like one.
func (w *writer2) id(ref string) (string, bool) {
	if id, ok := w.ids[ref]; ok {
		return id, true
	}
	return ref, w.base.assembly.dangling[ref] || outside().MatchString(ref)
}

// relationships writes them: those of the document that the bill still says, or
// that it knows nothing of, and new ones behind.
func (w *writer2) relationships(members []*member) {
	want := &wanted{at: map[fact]bool{}}
	doc := w.documentID()
	w.wantRoot(want, doc)
	for _, e := range w.b.Edges {
		from, okFrom := w.id(e.From)
		to, okTo := w.id(e.To)
		if !okFrom || !okTo {
			w.losses = append(w.losses, bom.Loss{Pointer: "/relationships", What: "no element has the ref of " + e.From + " or of " + e.To + ", between which there is a dependency"})
			continue
		}
		want.add(fact{kind: factNeeds, relation: e.Relation, from: from, to: to})
	}
	w.wantOwned(want, members)
	w.wantCompleteness(want)

	list := jsondoc.Array()
	done := map[fact]bool{}
	w.describes(want, done)
	for _, n := range w.doc.Get("relationships").List() {
		k, known := w.base.facts[n]
		switch f := w.base.fact(k); {
		case known && w.base.assembly.modelled[k]:
			if !want.at[f] {
				continue
			}
			done[f] = true
		case w.gone[n.Get("spdxElementId").Str()] || w.gone[n.Get("relatedSpdxElement").Str()]:
			w.losses = append(w.losses, bom.Loss{Pointer: "/relationships", What: "a relationship " + n.Get("relationshipType").Str() + " of " + n.Get("spdxElementId").Str() + " went with an element that is gone"})
			continue
		}
		list.Items = append(list.Items, n)
	}
	for _, f := range want.list {
		if !done[f] {
			list.Items = append(list.Items, writeRelation(f))
		}
	}
	if len(list.Items) > 0 || w.doc.Get("relationships") != nil {
		w.doc.Set("relationships", list)
	}
}

// fact is the k-th fact of the document, the zero fact of none.
func (r *reading2) fact(k int) fact {
	if k < len(r.assembly.facts) {
		return r.assembly.facts[k]
	}
	return fact{}
}

func (w *writer2) documentID() string {
	if id := w.doc.Get("SPDXID").Str(); id != "" {
		return id
	}
	return document
}

// wantRoot says what the document describes: the root, or of a bill without one
// everything at its top.
func (w *writer2) wantRoot(want *wanted, doc string) {
	if w.b.Root != nil {
		id, _ := w.id(w.b.Root.Ref)
		want.add(fact{kind: factDescribes, from: doc, to: id})
		return
	}
	if w.base.bill.Raw == nil && len(w.b.Components) > 1 {
		for _, c := range w.b.Components {
			id, _ := w.id(c.Ref)
			want.add(fact{kind: factDescribes, from: doc, to: id})
		}
	}
}

// describes updates documentDescribes, the other way to say what is described.
func (w *writer2) describes(want *wanted, done map[fact]bool) {
	n := w.doc.Get("documentDescribes")
	if !n.Is(jsondoc.KindArray) {
		return
	}
	list := jsondoc.Array()
	for _, item := range n.Items {
		f := fact{kind: factDescribes, from: w.documentID(), to: item.Str()}
		modelled := w.base.assembly.root >= 0 && w.base.bill.Raw != nil
		if w.gone[item.Str()] || modelled && !want.at[f] {
			continue
		}
		done[f] = true
		list.Items = append(list.Items, item)
	}
	if len(list.Items) == len(n.Items) {
		return
	}
	if len(list.Items) == 0 {
		w.doc.Remove("documentDescribes")
		return
	}
	w.doc.Set("documentDescribes", list)
}

// wantOwned says what belongs to what: parts, ancestors, patches.
func (w *writer2) wantOwned(want *wanted, members []*member) {
	for _, m := range members {
		for _, o := range m.owned {
			want.add(fact{kind: o.kind, inside: o.kind == factHolds && m.c == w.b.Root, from: m.id, to: o.id})
		}
	}
}

// wantCompleteness says with NOASSERTION and NONE what compositions say.
func (w *writer2) wantCompleteness(want *wanted) {
	needs, holds := map[string]bool{}, map[string]bool{}
	for _, f := range want.list {
		switch f.kind {
		case factNeeds:
			needs[f.from] = true
		case factHolds:
			holds[f.from] = true
		}
	}
	say := func(aggregate, ref string, more map[string]bool, unknown, absent factKind) {
		id, ok := w.ids[ref]
		switch {
		case !ok:
		case aggregate == "complete" && !more[id]:
			want.add(fact{kind: absent, from: id})
		case aggregate == "unknown", aggregate == "incomplete", aggregate == "incomplete_first_party_only", aggregate == "incomplete_third_party_only":
			want.add(fact{kind: unknown, from: id})
		}
	}
	for _, c := range w.b.Compositions {
		for _, ref := range c.Dependencies {
			say(c.Aggregate, ref, needs, factNeedsUnknown, factNeedsNone)
		}
		for _, ref := range c.Assemblies {
			say(c.Aggregate, ref, holds, factHoldsUnknown, factHoldsNone)
		}
	}
}
