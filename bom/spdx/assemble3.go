package spdx

import (
	"slices"

	"nacre/bom"
	"nacre/jsondoc"
)

// assemble puts the document together: what it had, what is new, and the
// collections that name everything.
func (w *writer3) assemble(info *jsondoc.Node) *jsondoc.Node {
	doc, sbom := w.collections()
	if w.base.tree == nil {
		tree := w.graph(info, doc, sbom)
		if w.documentNotes(tree, idOf(doc)) {
			tree = w.graph(info, doc, sbom)
		}
		return tree
	}
	if have := w.infoBefore(); have != nil && !have.Equal(info) {
		if idOf(have) == "" {
			doc.Set("creationInfo", info) // it stands in the document itself
		} else {
			w.update[have] = info
		}
	}
	tree := w.graph(info, doc, sbom)
	if w.documentNotes(tree, idOf(doc)) {
		tree = w.graph(info, doc, sbom)
	}
	return tree
}

// collections makes the document's element and that of the bill, which names
// what the document is about.
func (w *writer3) collections() (doc, sbom *jsondoc.Node) {
	b, old := w.b, w.base.bill
	begin := func(have *jsondoc.Node, typ, id string) *jsondoc.Node {
		n := jsondoc.Object()
		if have != nil {
			n.Members = slices.Clone(have.Members)
			w.update[have] = n
			return n
		}
		n.SetString("type", typ)
		n.SetString("spdxId", id)
		n.SetString("creationInfo", w.info())
		w.byID[id] = n
		return n
	}
	doc = begin(w.base.doc, "SpdxDocument", w.ns)
	if w.base.doc == nil {
		doc.SetString("name", documentName(b))
		doc.Set("profileConformance", jsondoc.Strings("core", "software", "simpleLicensing"))
	}
	if b.Comment != old.Comment {
		doc.SetString("comment", b.Comment)
	}
	if !same(b, old, "Licenses") {
		doc.Remove("dataLicense")
		if e, _ := w.writeLicense(b.Licenses, false); e != noAssertion {
			doc.SetString("dataLicense", w.license(e))
		}
	}
	if w.base.doc != nil && b.Serial != old.Serial && b.Serial != "" {
		doc.SetString("spdxId", w.ns)
	}
	root := ""
	if b.Root != nil {
		root = w.ids[b.Root.Ref]
	}
	before := ""
	if old.Root != nil {
		before = idOf(old.Root.Raw)
	}
	if w.base.doc != nil && w.base.sbom == nil {
		if root != before {
			setRoot(doc, root)
		}
		return doc, nil
	}
	sbom = begin(w.base.sbom, "software_Sbom", w.newID("sbom"))
	if w.base.doc == nil {
		setRoot(doc, idOf(sbom))
	}
	if root != before || w.base.sbom == nil {
		at := sbom
		if list := several(doc.Get("rootElement")); len(list) > 0 && idOf(list[0]) == before && before != "" {
			at = doc
		}
		setRoot(at, root)
	}
	if b.Type != old.Type && typeOf(sbom) == "software_Sbom" {
		if sbom.Remove("software_sbomType"); slices.Contains([]bom.Type{bom.Analyzed, bom.Build, bom.Deployed, bom.Design, bom.Runtime, bom.Source}, b.Type) {
			sbom.Set("software_sbomType", jsondoc.Strings(string(b.Type)))
		}
	}
	return doc, sbom
}

func setRoot(n *jsondoc.Node, root string) {
	if n.Remove("rootElement"); root != "" {
		n.Set("rootElement", jsondoc.Strings(root))
	}
}

// graph lists everything.
func (w *writer3) graph(info, doc, sbom *jsondoc.Node) *jsondoc.Node {
	tree := jsondoc.Object()
	tree.SetString("@context", context3)
	var items []*jsondoc.Node
	for _, n := range w.base.items {
		switch {
		case w.drop[n]:
		case w.update[n] != nil:
			items = append(items, w.update[n])
		default:
			items = append(items, n)
		}
	}
	if w.base.tree != nil {
		tree = w.around()
		if w.base.doc == nil {
			if w.infoBefore() == nil {
				items = append(items, info)
			}
			items = append(items, doc)
		}
		if sbom != nil && w.base.sbom == nil {
			items = append(items, sbom)
		}
	} else {
		items = append(items, info, doc, sbom)
	}
	items = append(items, w.made...)
	items = w.collect(items)
	w.elements(items, doc, sbom)
	tree.Set("@graph", jsondoc.Array(items...))
	return tree
}

// around is the document without its graph.
func (w *writer3) around() *jsondoc.Node {
	tree := jsondoc.Object()
	if w.base.tree.Get("@graph") != nil {
		tree.Members = slices.Clone(w.base.tree.Members)
		return tree
	}
	tree.Set("@context", w.base.tree.Get("@context"))
	return tree
}

// collectable are the elements that nobody has any use for once nothing speaks
// of them.
var collectable = []string{
	"Person", "Organization", "Agent", "SoftwareAgent", "Tool",
	"simplelicensing_LicenseExpression", "simplelicensing_SimpleLicensingText",
}

// collect leaves out people, programs and licences that something spoke of, and
// nothing does now.
func (w *writer3) collect(items []*jsondoc.Node) []*jsondoc.Node {
	if w.base.tree == nil {
		return items
	}
	before := references(w.base.items)
	for {
		now := references(items)
		left := slices.DeleteFunc(slices.Clone(items), func(n *jsondoc.Node) bool {
			id := idOf(n)
			return slices.Contains(collectable, typeOf(n)) && before[id] && !now[id]
		})
		if len(left) == len(items) {
			return items
		}
		items = left
	}
}

// references are the ids that elements speak of, collections left out, which
// speak of everything.
func references(items []*jsondoc.Node) map[string]bool {
	out := map[string]bool{}
	var walk func(n *jsondoc.Node)
	walk = func(n *jsondoc.Node) {
		if n.Is(jsondoc.KindString) {
			out[n.Text] = true
		}
		for _, item := range n.List() {
			walk(item)
		}
		if n.Is(jsondoc.KindObject) {
			for _, m := range n.Members {
				if m.Key != "spdxId" && m.Key != "@id" && m.Key != "element" {
					walk(m.Value)
				}
			}
		}
	}
	for _, n := range items {
		walk(n)
	}
	return out
}

// elements names in the collections what came, and no more what went.
func (w *writer3) elements(items []*jsondoc.Node, doc, sbom *jsondoc.Node) {
	now := map[string]bool{}
	var added []string
	for _, n := range items {
		id := idOf(n)
		if id == "" || typeOf(n) == "CreationInfo" {
			continue
		}
		now[id] = true
		if w.base.byID[id] == nil && n != doc && n != sbom {
			added = append(added, id)
		}
	}
	for _, collection := range []*jsondoc.Node{doc, sbom} {
		if collection == nil {
			continue
		}
		list := jsondoc.Array()
		for _, n := range several(collection.Get("element")) {
			if id := idOf(n); n.Is(jsondoc.KindObject) || now[id] || w.base.byID[id] == nil && w.byID[id] == nil {
				list.Items = append(list.Items, n)
			}
		}
		have := references(list.Items)
		if collection == doc && sbom != nil && w.base.sbom == nil && !have[idOf(sbom)] {
			list.Items = append(list.Items, jsondoc.String(idOf(sbom)))
		}
		for _, id := range added {
			if !have[id] {
				list.Items = append(list.Items, jsondoc.String(id))
			}
		}
		setList(collection, "element", list)
	}
}

// documentNotes writes what the document itself cannot say of the bill. It
// reports whether there is a new note.
func (w *writer3) documentNotes(tree *jsondoc.Node, id string) bool {
	r, err := read3(tree)
	if err != nil {
		return false // deeper than may be read; the notes would not help
	}
	if w.b.Serial == "" {
		r.bill.Serial = "" // it is one of ours
	}
	if !slices.ContainsFunc(billFields, func(name string) bool { return !same(r.bill, w.b, name) }) {
		return false
	}
	native := r.bill
	if len(r.notes[id]) > 0 {
		r.notes = map[string][]*jsondoc.Node{}
		bare := r.readDocument(tree)
		bare.Compositions = r.compositions()
		native = bare
	}
	if w.b.Serial == "" {
		native.Serial = ""
	}
	w.note(id, w.base.notes[id], apply(&bom.Bill{}, w.base.noteLines(id), billFields), notes(w.b, native, billFields))
	return true
}

// sameBill reports whether two bills say the same, in the same order.
func sameBill(a, b *bom.Bill) bool {
	if slices.ContainsFunc(billFields, func(name string) bool { return !same(a, b, name) }) ||
		(a.Root == nil) != (b.Root == nil) || a.Root != nil && !sameComponent(a.Root, b.Root) || !sameComponents(a.Components, b.Components) {
		return false
	}
	return slices.EqualFunc(a.Edges, b.Edges, func(x, y bom.Edge) bool {
		return x.From == y.From && x.To == y.To && x.Relation == y.Relation
	})
}

func sameComponents(a, b []*bom.Component) bool { return slices.EqualFunc(a, b, sameComponent) }

func sameComponent(a, b *bom.Component) bool {
	if slices.ContainsFunc(componentFields, func(name string) bool { return !same(a, b, name) }) || !sameComponents(a.Parts, b.Parts) {
		return false
	}
	p, q := a.Pedigree, b.Pedigree
	if p == nil {
		p = &bom.Pedigree{}
	}
	if q == nil {
		q = &bom.Pedigree{}
	}
	return sameComponents(p.Ancestors, q.Ancestors) && slices.EqualFunc(p.Patches, q.Patches, func(x, y bom.Patch) bool { return samePatch(&x, &y) })
}
