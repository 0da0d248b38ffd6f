package spdx

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
	"nacre/license"
)

// writer3 makes a document of SPDX 3 of a bill. Of a document that the bill was
// read from it keeps what the model does not know; packages keep their keys, and
// relationships, licences, agents and notes are kept where they still hold.
type writer3 struct {
	b    *bom.Bill
	base *reading3
	ns   string // what ids begin with

	ids     map[string]string // of refs
	taken   map[string]int    // local ids, and whole ones
	members []*member
	made    []*jsondoc.Node                 // new elements
	keep    map[*jsondoc.Node]bool          // modelled elements of the document that still hold
	drop    map[*jsondoc.Node]bool          // and those that do not
	agents  map[string]string               // ids, by what they say
	terms   map[string]string               // ids of licence expressions
	update  map[*jsondoc.Node]*jsondoc.Node // elements of the document by what they become
	byID    map[string]*jsondoc.Node

	madeLicences map[string][]*jsondoc.Node // relationships, by package
	madeFiles    map[string]*jsondoc.Node
	scopes       map[string]bom.Scope
	scopeChanged map[string]bool // ids of components whose scope is not as it was read
	runtime      map[string]bool // ids of what relationships say to be needed at run time
	licenser
	losses []bom.Loss
}

// write3 gives the tree and what it could not carry.
func write3(b *bom.Bill) (*jsondoc.Node, []bom.Loss, error) {
	w := &writer3{b: b, base: &reading3{graph3: &graph3{byID: map[string]*jsondoc.Node{}, read: newShared()}, bill: &bom.Bill{}, assembly: &assembly{}}}
	if _, ok := version3(b.Raw); ok {
		base, err := read3(b.Raw)
		if err != nil {
			return nil, nil, err
		}
		if sameBill(base.bill, b) {
			return b.Raw, nil, nil
		}
		w.base = base
	} else {
		w.losses = foreign(b)
	}
	if w.ns = b.Serial; !strings.Contains(w.ns, ":") || !oneWord(w.ns) {
		w.ns = "urn:uuid:00000000-0000-8000-8000-000000000000"
		before := len(w.losses)
		sum := sha256.Sum256(w.document().Append(nil))
		sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made by rules of our own
		w.ns = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
		w.losses = w.losses[:before]
	}
	tree := w.document()
	return tree, w.losses, nil
}

// document makes the whole tree.
func (w *writer3) document() *jsondoc.Node {
	w.ids, w.taken, w.made = map[string]string{}, map[string]int{}, nil
	w.keep, w.drop, w.update = map[*jsondoc.Node]bool{}, map[*jsondoc.Node]bool{}, map[*jsondoc.Node]*jsondoc.Node{}
	w.agents, w.terms = map[string]string{}, map[string]string{}
	w.madeLicences, w.madeFiles = map[string][]*jsondoc.Node{}, map[string]*jsondoc.Node{}
	w.byID, w.runtime = maps.Clone(w.base.byID), map[string]bool{}
	w.licenser = licenser{texts: map[string]*jsondoc.Node{}}
	for id := range w.base.byID {
		w.taken[id] = 1
	}
	w.members = listMembers(w.b)
	for _, m := range w.members {
		raw := m.raw()
		if w.base.elements[raw] != nil && !w.keep[raw] {
			m.id = idOf(raw)
			w.keep[raw] = true
		}
	}
	for _, m := range w.members {
		ref := m.owner + "-patch"
		if m.c != nil {
			ref = m.c.Ref
		}
		if m.id == "" {
			m.id = w.newID(ref)
		}
		if _, ok := w.ids[ref]; !ok && m.c != nil {
			w.ids[ref] = m.id
		}
	}
	for n, e := range w.base.elements {
		if !w.keep[n] {
			w.drop[n] = true
			for _, note := range w.base.notes[e.id] {
				w.drop[note] = true
			}
			for _, rel := range w.base.licences[e.id] {
				w.drop[rel] = true
			}
		}
	}
	info := w.creation()
	packages := make([]*jsondoc.Node, len(w.members))
	for i, m := range w.members {
		packages[i] = w.member(m)
	}
	w.relationships()
	w.scopes = scopes(carried(w.b.Edges, w.id))
	for i, m := range w.members {
		if packages[i] != nil {
			w.notesOf(packages[i], m)
		}
	}
	return w.assemble(info)
}

// newID is an id in the document's namespace.
func (w *writer3) newID(ref string) string {
	return w.ns + w.separator() + newID(ref, w.taken)
}

// separator stands between the namespace and what is an element's own.
func (w *writer3) separator() string {
	if strings.Contains(w.ns, "#") {
		return "/"
	}
	return "#"
}

// element begins a new element.
func (w *writer3) element(typ, id string) *jsondoc.Node {
	n := jsondoc.Object()
	n.SetString("type", typ)
	n.SetString("spdxId", id)
	n.SetString("creationInfo", w.info())
	w.made = append(w.made, n)
	w.byID[id] = n
	return n
}

// info is the id of the creation info of new elements.
func (w *writer3) info() string {
	if n := w.infoBefore(); n != nil && idOf(n) != "" {
		return idOf(n)
	}
	return creationInfo
}

// infoBefore is the creation info that the document has, nil for none.
func (w *writer3) infoBefore() *jsondoc.Node {
	if w.base.doc != nil {
		return w.base.at(w.base.doc.Get("creationInfo"))
	}
	if w.base.graph3.tree == nil {
		return nil
	}
	if n := w.base.first("CreationInfo"); idOf(n) != "" {
		return n
	}
	return nil
}

// creation makes the creation info of the document.
func (w *writer3) creation() *jsondoc.Node {
	b, old := w.b, w.base.bill
	n := jsondoc.Object()
	have := w.infoBefore()
	if have != nil {
		n.Members = slices.Clone(have.Members)
	} else {
		n.SetString("type", "CreationInfo")
		n.SetString("@id", creationInfo)
		n.SetString("specVersion", "3.0.1")
	}
	fresh := old.Raw == nil || have == nil && w.base.doc == nil
	if fresh || b.Created != old.Created {
		n.SetString("created", stamp(b).date)
		if b.Created == "" {
			w.losses = append(w.losses, bom.Loss{Pointer: "/creationInfo/created", What: "the bill states no time, which SPDX asks for: " + noTime + " stands in its place"})
		}
	}
	if !fresh && same(b, old, "Authors") && same(b, old, "Tools") {
		return n
	}
	by := jsondoc.Array()
	for i := range b.Authors {
		by.Items = append(by.Items, w.agent(&b.Authors[i]))
	}
	if p := b.Manufacturer; p != nil {
		if id := w.agent(p); !slices.ContainsFunc(by.Items, id.Equal) {
			by.Items = append(by.Items, id)
		}
	}
	by.Items = slices.DeleteFunc(by.Items, func(n *jsondoc.Node) bool { return n.Text == "" })
	if len(by.Items) == 0 { // SPDX asks for one, and this it was
		id := w.newID("agent-nacre")
		w.element("SoftwareAgent", id).SetString("name", "nacre")
		by.Items = append(by.Items, jsondoc.String(id))
	}
	n.Set("createdBy", by)
	using := jsondoc.Array()
	for _, t := range b.Tools {
		if t.Raw != nil && w.base.byID[idOf(t.Raw)] == t.Raw && typeOf(t.Raw) == "Tool" {
			using.Items = append(using.Items, jsondoc.String(idOf(t.Raw)))
			continue
		}
		if flat(t.Name) == "" {
			continue
		}
		id := w.newID("tool-" + t.Name)
		e := w.element("Tool", id)
		e.SetString("name", strings.TrimPrefix(writeTool(t), "Tool: "))
		if t.PURL != "" {
			e.Set("externalIdentifier", jsondoc.Array(identifier3("packageUrl", t.PURL)))
		}
		using.Items = append(using.Items, jsondoc.String(id))
	}
	if n.Remove("createdUsing"); len(using.Items) > 0 {
		n.Set("createdUsing", using)
	}
	return n
}

func identifier3(typ, value string) *jsondoc.Node {
	n := jsondoc.Object()
	n.SetString("type", "ExternalIdentifier")
	n.SetString("externalIdentifierType", typ)
	n.SetString("identifier", value)
	return n
}

// agent gives the id of a person or an organization, made if need be; "" for
// nobody.
func (w *writer3) agent(p *bom.Party) *jsondoc.Node {
	if p.Raw != nil && idOf(p.Raw) != "" && w.base.byID[idOf(p.Raw)] == p.Raw {
		if old := w.base.readAgent(p.Raw); old != nil && encode(reflect.ValueOf(old)).Equal(encode(reflect.ValueOf(p))) {
			return jsondoc.String(idOf(p.Raw))
		}
	}
	if p.Name == "" && p.Email == "" && len(p.URLs) == 0 {
		return jsondoc.String("")
	}
	said := bom.Party{Person: p.Person, Name: p.Name, Email: p.Email, URLs: p.URLs}
	key := string(compact(nil, encode(reflect.ValueOf(said))))
	if id, ok := w.agents[key]; ok {
		return jsondoc.String(id)
	}
	id := w.newID("agent-" + cmp.Or(p.Name, p.Email, "unnamed"))
	w.agents[key] = id
	typ := "Organization"
	if p.Person {
		typ = "Person"
	}
	n := w.element(typ, id)
	n.SetString("name", p.Name)
	if p.Email != "" {
		n.Set("externalIdentifier", jsondoc.Array(identifier3("email", p.Email)))
	}
	if len(p.URLs) > 0 {
		n.Set("externalRef", jsondoc.Array(link3("altWebPage", "", p.URLs...)))
	}
	return jsondoc.String(id)
}

func link3(typ, comment string, urls ...string) *jsondoc.Node {
	n := jsondoc.Object()
	n.SetString("type", "ExternalRef")
	n.SetString("externalRefType", typ)
	n.Set("locator", jsondoc.Strings(urls...))
	n.SetString("comment", comment)
	return n
}

// license gives the id of an expression, made if need be.
func (w *writer3) license(expression string) string {
	if expression == none {
		return noneLicense
	}
	if id, ok := w.terms[expression]; ok {
		return id
	}
	id := w.newID("license-" + expression)
	w.terms[expression] = id
	n := w.element("simplelicensing_LicenseExpression", id)
	n.SetString("simplelicensing_licenseExpression", expression)
	e, err := license.Parse(expression)
	if err != nil {
		return id
	}
	entries := jsondoc.Array()
	for _, ref := range e.Refs() {
		info := w.texts[ref]
		if info == nil {
			continue
		}
		text := info.Get("extractedText").Str()
		key := "\x00" + ref + "\x00" + text
		if w.terms[key] == "" {
			w.terms[key] = w.newID(ref)
			t := w.element("simplelicensing_SimpleLicensingText", w.terms[key])
			t.SetString("name", info.Get("name").Str())
			t.SetString("simplelicensing_licenseText", text)
		}
		entry := jsondoc.Object()
		entry.SetString("type", "DictionaryEntry")
		entry.SetString("key", ref)
		entry.SetString("value", w.terms[key])
		entries.Items = append(entries.Items, entry)
	}
	if len(entries.Items) > 0 {
		n.Set("simplelicensing_customIdToUri", entries)
	}
	return id
}

// relate adds a relationship.
func (w *writer3) relate(typ, from, relationship string, to ...string) *jsondoc.Node {
	n := w.element(typ, w.newID("relationship-"+relationship))
	n.SetString("from", from)
	n.SetString("relationshipType", relationship)
	n.Set("to", jsondoc.Strings(to...))
	return n
}

// note writes the notes about an element, in place of those that it had.
func (w *writer3) note(id string, have []*jsondoc.Node, strangers, lines []string) {
	for _, n := range have {
		w.drop[n] = true
	}
	if lines = append(strangers, lines...); len(lines) == 0 {
		return
	}
	n := w.element("Annotation", w.newID("note-"+strings.TrimPrefix(id, w.ns+w.separator()+"SPDXRef-")))
	n.SetString("name", noteName)
	n.SetString("annotationType", "other")
	n.SetString("statement", strings.Join(lines, "\n"))
	n.SetString("subject", id)
}
