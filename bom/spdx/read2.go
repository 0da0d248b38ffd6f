package spdx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// reading2 is a bill with where its values stand in a document of SPDX 2.
type reading2 struct {
	bill     *bom.Bill
	assembly *assembly
	elements map[*jsondoc.Node]*element // by their packages
	facts    map[*jsondoc.Node]int      // of relationships, in assembly.facts
	texts    map[string]*jsondoc.Node   // extracted licences
}

// typeLine is the line of creationInfo's comment that says of which type a bill
// is.
const typeLine = "cpan:sbom:type="

// read2 reads the tree of a document of SPDX 2.
func read2(doc *jsondoc.Node) (*reading2, error) {
	r, err := read2Packages(doc, func(n *jsondoc.Node, texts map[string]*jsondoc.Node) *element {
		return &element{c: readPackage(n, texts), lines: noteLines(n)}
	})
	if err != nil {
		return nil, err
	}
	if len(r.bill.Edges) > 0 {
		r.rawEdges(doc)
	}
	apply(r.bill, noteLines(doc), billFields)
	return r, nil
}

// readNative2 reads what a document says of itself without notes about it. Of its
// packages it reads no more than the refs, which is what compositions name.
func readNative2(doc *jsondoc.Node) (*bom.Bill, error) {
	r, err := read2Packages(doc, func(n *jsondoc.Node, _ map[string]*jsondoc.Node) *element {
		lines := slices.DeleteFunc(noteLines(n), func(s string) bool { return !strings.HasPrefix(s, noteRef) })
		return &element{c: &bom.Component{Ref: n.Get("SPDXID").Str()}, lines: lines}
	})
	if err != nil {
		return nil, err
	}
	return r.bill, nil
}

const noteRef = noteField + "ref="

// read2Packages reads a document, and its packages by read.
func read2Packages(doc *jsondoc.Node, read func(n *jsondoc.Node, texts map[string]*jsondoc.Node) *element) (*reading2, error) {
	r := &reading2{elements: map[*jsondoc.Node]*element{}, facts: map[*jsondoc.Node]int{}, texts: extracted(doc)}
	b := readDocument(doc)
	r.bill = b
	a := &assembly{doc: document, others: map[string]bool{}}
	if id := doc.Get("SPDXID").Str(); id != "" {
		a.doc = id
	}
	for _, key := range []string{"files", "snippets"} {
		for _, n := range doc.Get(key).List() {
			a.others[n.Get("SPDXID").Str()] = true
		}
	}
	for i, n := range doc.Get("packages").List() {
		if !n.Is(jsondoc.KindObject) {
			continue
		}
		e := read(n, r.texts)
		e.id = n.Get("SPDXID").Str()
		e.c.Pointer = jsondoc.Pointer("packages", i)
		if e.c.Ref == "" {
			e.c.Ref = e.c.Pointer
		}
		delete(a.others, e.id)
		a.elements = append(a.elements, e)
		r.elements[n] = e
	}
	for _, n := range doc.Get("documentDescribes").List() {
		a.facts = append(a.facts, fact{kind: factDescribes, from: a.doc, to: n.Str()})
	}
	for _, n := range doc.Get("relationships").List() {
		r.facts[n] = len(a.facts)
		a.facts = append(a.facts, readRelation(n))
	}
	r.assembly = a
	if err := a.build(b); err != nil {
		return nil, err
	}
	return r, nil
}

// rawEdges gives each edge the relationship that says it.
func (r *reading2) rawEdges(doc *jsondoc.Node) {
	at := make(map[bom.Edge]int, len(r.bill.Edges))
	for i, e := range r.bill.Edges {
		at[e] = i
	}
	for _, n := range doc.Get("relationships").List() {
		k := r.facts[n]
		f := r.assembly.facts[k]
		if f.kind != factNeeds || !r.assembly.modelled[k] {
			continue
		}
		if i, ok := at[bom.Edge{From: r.assembly.ref(f.from), To: r.assembly.ref(f.to), Relation: f.relation}]; ok && r.bill.Edges[i].Raw == nil {
			r.bill.Edges[i].Raw, r.bill.Edges[i].Line = n, n.Line
		}
	}
}

// readDocument reads what the document says of itself.
func readDocument(doc *jsondoc.Node) *bom.Bill {
	info := doc.Get("creationInfo")
	b := &bom.Bill{
		Serial: doc.Get("documentNamespace").Str(), Created: info.Get("created").Str(), Comment: doc.Get("comment").Str(), Raw: doc,
	}
	for line := range strings.Lines(info.Get("comment").Str()) {
		if t, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), typeLine); ok {
			b.Type = bom.Type(t)
		}
	}
	for _, n := range info.Get("creators").List() {
		if s, ok := strings.CutPrefix(strings.TrimSpace(n.Str()), "Tool:"); ok {
			t := readTool(s)
			t.Raw = n
			b.Tools = append(b.Tools, t)
		} else if p := readParty(n); p != nil {
			b.Authors = append(b.Authors, *p)
		}
	}
	if id := doc.Get("dataLicense").Str(); id != "" {
		b.Licenses = []bom.License{{ID: id}}
	}
	return b
}

// annotator is who makes Nacre's annotations.
const annotator = "Tool: nacre"

// ours reports whether an annotation holds notes.
func ours(annotation *jsondoc.Node) bool {
	rest, ok := strings.CutPrefix(annotation.Get("annotator").Str(), annotator)
	return ok && (rest == "" || rest[0] == '-')
}

// noteLines are the lines of the notes about an element.
func noteLines(n *jsondoc.Node) []string {
	var lines []string
	for _, a := range n.Get("annotations").List() {
		if ours(a) {
			lines = append(lines, strings.Split(a.Get("comment").Str(), "\n")...)
		}
	}
	return slices.DeleteFunc(lines, func(s string) bool { return s == "" })
}

// patchOf reads a package that is a patch.
func patchOf(e *element) *bom.Patch {
	p := readPatch(e.c.Raw)
	applyPatch(p, e.lines)
	return p
}

// readPatch reads what the package itself says of a patch: where it is.
func readPatch(n *jsondoc.Node) *bom.Patch {
	p := &bom.Patch{URL: stated(n.Get("downloadLocation").Str()), Raw: n}
	if p.URL == none {
		p.URL = ""
	}
	return p
}
