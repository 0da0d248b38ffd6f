package spdx

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// writer2 makes a document of SPDX 2 of a bill, beginning with the document that
// it was read from if that is one too.
type writer2 struct {
	b       *bom.Bill
	version string    // "2.2", "2.3"
	base    *reading2 // what the bill was read as; empty for one that was not
	doc     *jsondoc.Node

	ids    map[string]string // of refs
	taken  map[string]int    // ids
	gone   map[string]bool   // ids that the document had and the bill has no more
	scopes map[string]bom.Scope
	// referred are refs that a relationship needs an id for.
	referred map[string]bool
	note     noteStamp

	licenser
	losses []bom.Loss
}

// member is what becomes a package.
type member struct {
	c     *bom.Component
	patch *bom.Patch
	owner string // ref of what a patch is for
	id    string
	owned []*member // parts, ancestors, patches
	kind  factKind  // of what owns it
}

// write2 gives the tree and what it could not carry.
func write2(b *bom.Bill, version string) (*jsondoc.Node, []bom.Loss, error) {
	w := &writer2{b: b, version: version, doc: jsondoc.Object(), ids: map[string]string{}, taken: map[string]int{document: 1}, gone: map[string]bool{}, base: &reading2{bill: &bom.Bill{}, assembly: &assembly{}}}
	if familyOf(b.Raw) == family2 {
		base, err := read2(b.Raw)
		if err != nil {
			return nil, nil, err
		}
		w.base = base
		w.doc.Members = slices.Clone(b.Raw.Members)
		if id := b.Raw.Get("SPDXID").Str(); id != "" {
			w.taken[id] = 1
		}
		for id := range base.assembly.others {
			w.taken[id] = 1
		}
	} else {
		w.losses = foreign(b)
	}
	w.texts = extracted(w.doc)
	w.note = stamp(b)
	w.referred = referred(b)

	w.header()
	members := w.members()
	w.scopes = scopes(carried(b.Edges, w.id))
	w.packages(members)
	w.relationships(members)
	w.licences()
	if err := w.documentNotes(); err != nil {
		return nil, nil, err
	}
	w.namespace()
	return w.doc, w.losses, nil
}

// header sets what the document says of itself.
func (w *writer2) header() {
	old, d := w.base.bill, w.doc
	fresh := old.Raw == nil
	if strings.TrimPrefix(d.Get("spdxVersion").Str(), "SPDX-") != w.version {
		setText(d, "spdxVersion", "SPDX-"+w.version)
	}
	if fresh {
		d.SetString("dataLicense", "CC0-1.0")
		d.SetString("SPDXID", document)
		d.SetString("name", documentName(w.b))
	}
	if fresh || w.b.Serial != old.Serial {
		d.SetString("documentNamespace", strings.TrimSuffix(w.b.Serial, "#"))
	}
	info := jsondoc.Object()
	if i := d.Get("creationInfo"); i.Is(jsondoc.KindObject) {
		info.Members = slices.Clone(i.Members)
	}
	if fresh || w.b.Created != old.Created {
		info.SetString("created", w.note.date)
		if w.b.Created == "" {
			w.losses = append(w.losses, bom.Loss{Pointer: "/creationInfo/created", What: "the bill states no time, which SPDX asks for: " + noTime + " stands in its place"})
		}
	}
	if fresh || !same(w.b, old, "Authors") || !same(w.b, old, "Tools") || fresh && w.b.Manufacturer != nil {
		info.Set("creators", w.creators())
	}
	if w.b.Type != old.Type {
		var lines []string
		for line := range strings.Lines(info.Get("comment").Str()) {
			if !strings.HasPrefix(line, typeLine) {
				lines = append(lines, strings.TrimRight(line, "\n"))
			}
		}
		if w.b.Type != "" {
			lines = append(lines, typeLine+flat(string(w.b.Type)))
		}
		info.SetString("comment", strings.Join(lines, "\n"))
	}
	if have := d.Get("creationInfo"); fresh || len(info.Members) > 0 && !info.Equal(have) {
		d.Set("creationInfo", info)
	}
	if w.b.Comment != old.Comment {
		d.SetString("comment", w.b.Comment)
	}
	if len(w.b.Licenses) > 0 && !same(w.b, old, "Licenses") && (len(w.b.Licenses) > 1 || w.b.Licenses[0].ID != "CC0-1.0") {
		w.losses = append(w.losses, bom.Loss{Pointer: "/dataLicense", What: "SPDX 2 lets the data stand under CC0-1.0 only; what the bill says instead is kept as a note"})
	}
}

// creators are who made the bill: people, organizations, and programs. What is
// there already and still true stays.
func (w *writer2) creators() *jsondoc.Node {
	list := jsondoc.Array()
	have := map[string]bool{}
	add := func(raw *jsondoc.Node, s string) {
		if !raw.Is(jsondoc.KindString) {
			raw = jsondoc.String(s)
		}
		if !have[raw.Text] {
			have[raw.Text] = true
			list.Items = append(list.Items, raw)
		}
	}
	for i := range w.b.Authors {
		p := &w.b.Authors[i]
		if p.Name != "" || p.Email != "" {
			add(p.Raw, writeParty(p))
		}
	}
	if p := w.b.Manufacturer; p != nil && (p.Name != "" || p.Email != "") {
		add(nil, writeParty(p))
	}
	for _, t := range w.b.Tools {
		if flat(t.Name) != "" {
			add(t.Raw, writeTool(t))
		}
	}
	if len(list.Items) == 0 {
		list.Items = append(list.Items, jsondoc.String(annotator)) // SPDX asks for one, and this it was
	}
	return list
}

// documentName is the name of the document, which SPDX asks for.
func documentName(b *bom.Bill) string {
	if b.Root == nil || b.Root.Name == "" {
		return "bill of materials"
	}
	if b.Root.Version == "" {
		return b.Root.Name
	}
	return b.Root.Name + "-" + b.Root.Version
}

// listMembers lists what becomes a package.
func listMembers(b *bom.Bill) []*member {
	var list []*member
	var add func(owner *member, m *member)
	add = func(owner *member, m *member) {
		list = append(list, m)
		if owner != nil {
			owner.owned = append(owner.owned, m)
		}
		if m.c == nil {
			return
		}
		if p := m.c.Pedigree; p != nil {
			for _, a := range p.Ancestors {
				add(m, &member{c: a, kind: factAncestor})
			}
			for i := range p.Patches {
				add(m, &member{patch: &p.Patches[i], owner: m.c.Ref, kind: factPatch})
			}
		}
		for _, part := range m.c.Parts {
			add(m, &member{c: part, kind: factHolds})
		}
	}
	if b.Root != nil {
		add(nil, &member{c: b.Root})
	}
	for _, c := range b.Components {
		add(nil, &member{c: c})
	}
	return list
}

// members lists what becomes a package, and gives each its id.
func (w *writer2) members() []*member {
	list := listMembers(w.b)
	for _, m := range list { // those that have an id keep it
		if raw := m.raw(); w.base.elements[raw] != nil {
			m.id = raw.Get("SPDXID").Str()
			w.taken[m.id] = 1
		}
	}
	for _, m := range list {
		ref := m.owner + "-patch"
		if m.c != nil {
			ref = m.c.Ref
		}
		if m.id == "" {
			m.id = newID(ref, w.taken)
		}
		if _, ok := w.ids[ref]; !ok && m.c != nil {
			w.ids[ref] = m.id
		}
	}
	return list
}

func (m *member) raw() *jsondoc.Node {
	if m.c != nil {
		return m.c.Raw
	}
	return m.patch.Raw
}

// licences adds the new texts.
func (w *writer2) licences() {
	if len(w.extracted) == 0 {
		return
	}
	list := jsondoc.Array(slices.Clone(w.doc.Get("hasExtractedLicensingInfos").List())...)
	list.Items = append(list.Items, w.extracted...)
	w.doc.Set("hasExtractedLicensingInfos", list)
}

// documentNotes writes what the document itself cannot say of the bill.
func (w *writer2) documentNotes() error {
	native, err := readNative2(w.doc)
	if err != nil {
		return err
	}
	lines := noteLines(w.doc)
	told := *native
	strangers := apply(&told, lines, billFields)
	if !slices.ContainsFunc(billFields, func(name string) bool { return !same(&told, w.b, name) }) {
		return nil
	}
	if w.b.Serial == "" {
		native.Serial = "" // it becomes one of ours
	}
	w.note.write(w.doc, strangers, notes(w.b, native, billFields))
	return nil
}

// namespace gives a document its address where the bill has none: a digest of
// what it says.
func (w *writer2) namespace() {
	if w.base.bill.Raw != nil || w.b.Serial != "" {
		return
	}
	sum := sha256.Sum256(w.doc.Append(nil))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made by rules of our own
	at := slices.IndexFunc(w.doc.Members, func(m jsondoc.Member) bool { return m.Key == "creationInfo" })
	w.doc.Members = slices.Insert(w.doc.Members, max(at, 0), jsondoc.Member{
		Key:   "documentNamespace",
		Value: jsondoc.String(fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])),
	})
}
