package spdx

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// reading3 is a bill with where its values stand in a document of SPDX 3.
type reading3 struct {
	*graph3
	bill      *bom.Bill
	assembly  *assembly
	doc, sbom *jsondoc.Node
	elements  map[*jsondoc.Node]*element
	facts     map[*jsondoc.Node][]int         // of relationships
	licences  map[string][]*jsondoc.Node      // relationships of licences, by package
	files     map[string]*jsondoc.Node        // archive of a package
	notes     map[string][]*jsondoc.Node      // Nacre's annotations, by subject
	links     map[*jsondoc.Node]*jsondoc.Node // relationship that names an archive
	places    map[*jsondoc.Node]string        // pointers of the graph's items
}

// read3 reads the tree of a document of SPDX 3.
func read3(tree *jsondoc.Node) (*reading3, error) {
	r := &reading3{
		graph3: newGraph3(tree), elements: map[*jsondoc.Node]*element{}, facts: map[*jsondoc.Node][]int{}, licences: map[string][]*jsondoc.Node{},
		files: map[string]*jsondoc.Node{}, notes: map[string][]*jsondoc.Node{}, links: map[*jsondoc.Node]*jsondoc.Node{},
	}
	r.doc = r.first("SpdxDocument")
	r.sbom = r.first("software_Sbom", "Bom", "Bundle")
	a := &assembly{doc: "", others: map[string]bool{}, lines: map[int]int{}, required: map[string]bool{}}
	r.assembly = a
	for _, n := range r.all {
		id := idOf(n)
		switch typeOf(n) {
		case "Annotation":
			if n.Get("name").Str() == noteName {
				subject := idOf(n.Get("subject"))
				r.notes[subject] = append(r.notes[subject], n)
			}
		case "Relationship", "LifecycleScopedRelationship":
			r.relationship(n)
		default:
			if !isPackage3(n) && id != "" {
				a.others[id] = true
			}
		}
	}
	for _, n := range r.all {
		if !isPackage3(n) {
			continue
		}
		id := idOf(n)
		if id == "" {
			return nil, fault.New(fault.Invalid, "read SPDX: line %d: a package without spdxId", n.Line)
		}
		if other := r.byID[id]; other != n {
			if other.Equal(n) {
				continue
			}
			return nil, fault.New(fault.Invalid, "read SPDX: line %d: the id %s is of two elements, the other is on line %d", n.Line, fault.Quote(id), other.Line)
		}
		e := &element{id: id, c: r.readPackage(n), lines: r.noteLines(id)}
		e.c.Pointer = r.pointer(n)
		e.c.Ref = cmp.Or(e.c.Ref, e.c.Pointer)
		delete(a.others, id)
		a.elements = append(a.elements, e)
		r.elements[n] = e
	}
	r.roots()
	b := r.readDocument(tree)
	r.bill = b
	if r.read.err != nil {
		return nil, r.read.err
	}
	if err := a.build(b); err != nil {
		return nil, err
	}
	for _, e := range a.elements {
		if e.patch != nil { // its class has another key for where it is
			*e.patch = *r.readPatch(e)
		}
	}
	r.patches()
	b.Compositions = r.compositions()
	apply(b, r.noteLines(idOf(r.doc)), billFields)
	return r, nil
}

// pointer is where a package stands: in the graph, mostly.
func (r *reading3) pointer(n *jsondoc.Node) string {
	if r.places == nil {
		r.places = map[*jsondoc.Node]string{}
		graph := r.tree.Get("@graph") != nil
		for i, item := range r.items {
			if r.places[item] = ""; graph {
				r.places[item] = jsondoc.Pointer("@graph", i)
			}
		}
	}
	if p, ok := r.places[n]; ok {
		return p
	}
	return "/" + jsondoc.Escape(idOf(n)) // inside of another element
}

// noteLines are the lines of the notes about an element.
func (r *reading3) noteLines(id string) []string {
	var lines []string
	for _, n := range r.notes[id] {
		for line := range strings.SplitSeq(n.Get("statement").Str(), "\n") {
			if line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// relationship makes facts of one, a fact for each of what it leads to.
func (r *reading3) relationship(n *jsondoc.Node) {
	from, typ, comment := idOf(n.Get("from")), n.Get("relationshipType").Str(), n.Get("comment").Str()
	scope := n.Get("scope").Str()
	relation, needs := relation3(typ, scope, comment)
	for _, item := range several(n.Get("to")) {
		to := idOf(item)
		f := fact{from: from, to: to}
		switch {
		case individual(to, "NoneElement"), individual(to, "NoAssertionElement"):
			f = fact{} // completeness says the same
		case needs:
			f.kind, f.relation = factNeeds, relation
			if relation == bom.DependsOn && scope == "runtime" {
				f.runtime, r.assembly.required[to] = true, true
			}
		case typ == "contains":
			f.kind, f.inside = factHolds, comment == commentPart
		case typ == "ancestorOf":
			f = fact{kind: factAncestor, from: to, to: from}
		case typ == "descendantOf":
			f.kind = factAncestor
		case typ == "patchedBy":
			f.kind = factPatch
		case typ == "hasDeclaredLicense", typ == "hasConcludedLicense":
			r.licences[from] = append(r.licences[from], n)
			return
		case typ == "hasDistributionArtifact":
			if file := r.at(item); typeOf(file) == "software_File" && r.files[from] == nil {
				r.files[from] = file
				r.links[file] = n
			}
			return
		default:
			return
		}
		r.facts[n] = append(r.facts[n], len(r.assembly.facts))
		r.assembly.lines[len(r.assembly.facts)] = n.Line
		r.assembly.facts = append(r.assembly.facts, f)
	}
}

// roots says what the document is about. The root of a document is often a
// collection, whose root it is then.
func (r *reading3) roots() {
	a := r.assembly
	a.doc = cmp.Or(idOf(r.doc), idOf(r.sbom), "document")
	collection := r.doc
	if collection == nil {
		collection = r.sbom
	}
	for _, n := range several(collection.Get("rootElement")) {
		e := r.at(n)
		if isPackage3(e) || e == nil {
			a.facts = append(a.facts, fact{kind: factDescribes, from: a.doc, to: idOf(n)})
			continue
		}
		for _, root := range several(e.Get("rootElement")) {
			a.facts = append(a.facts, fact{kind: factDescribes, from: a.doc, to: idOf(root)})
		}
	}
}

// readDocument reads what the document says of itself.
func (r *reading3) readDocument(tree *jsondoc.Node) *bom.Bill {
	b := &bom.Bill{Serial: idOf(r.doc), Comment: r.doc.Get("comment").Str(), Raw: tree}
	info := r.at(r.doc.Get("creationInfo"))
	if r.doc == nil {
		info = r.first("CreationInfo")
	}
	b.Created = info.Get("created").Str()
	for _, n := range several(info.Get("createdBy")) {
		agent := r.at(n)
		if typeOf(agent) == "SoftwareAgent" {
			b.Tools = append(b.Tools, r.readTool(agent))
		} else if p := r.readAgent(n); p != nil {
			b.Authors = append(b.Authors, *p)
		}
	}
	for _, n := range several(info.Get("createdUsing")) {
		if t := r.at(n); t.Get("name").Str() != "" {
			b.Tools = append(b.Tools, r.readTool(t))
		}
	}
	if types := several(r.sbom.Get("software_sbomType")); len(types) > 0 {
		b.Type = bom.Type(types[0].Str())
	}
	if e := r.expression(r.doc.Get("dataLicense"), 0); e != "" {
		for _, l := range readLicense(jsondoc.String(e), "", nil) {
			l.Raw = r.doc.Get("dataLicense")
			b.Licenses = append(b.Licenses, l)
		}
	}
	for _, n := range r.all {
		if typeOf(n) == "security_Vulnerability" {
			b.Vulnerabilities++
		}
	}
	return b
}

func (r *reading3) readTool(n *jsondoc.Node) bom.Tool {
	t := readTool(n.Get("name").Str())
	t.Raw = n
	for _, id := range several(n.Get("externalIdentifier")) {
		if id.Get("externalIdentifierType").Str() == "packageUrl" {
			t.PURL = id.Get("identifier").Str()
		}
	}
	return t
}

// readAgent reads a person or an organization, nil where nobody is named.
func (r *reading3) readAgent(ref *jsondoc.Node) *bom.Party {
	n := r.at(ref)
	if n == nil {
		return nil
	}
	p, ok := r.read.agents[n]
	if !ok {
		if p = r.agentOf(n); p != nil && len(p.URLs) > maxShared {
			r.refuse(n, "somebody with more than %d links (limit: links of an agent)")
		}
		r.read.agents[n] = p
	}
	if p == nil {
		return nil
	}
	own := *p
	own.URLs = slices.Clip(p.URLs)
	return &own
}

func (r *reading3) agentOf(n *jsondoc.Node) *bom.Party {
	if n.Get("name").Str() == "" && n.Get("externalIdentifier") == nil {
		return nil
	}
	p := &bom.Party{Person: typeOf(n) == "Person", Name: n.Get("name").Str(), Raw: n}
	for _, id := range several(n.Get("externalIdentifier")) {
		if id.Get("externalIdentifierType").Str() == "email" && p.Email == "" {
			p.Email = id.Get("identifier").Str()
		}
	}
	for _, ref := range several(n.Get("externalRef")) {
		for _, url := range several(ref.Get("locator")) {
			p.URLs = append(p.URLs, url.Str())
		}
	}
	return p
}

// compositions are what relationships say of their completeness; of several for
// one package the weakest counts.
func (r *reading3) compositions() []bom.Composition {
	rank := map[string]int{"complete": 1, "incomplete": 2, "noAssertion": 3}
	type key struct {
		ref   string
		holds bool
	}
	worst := map[key]int{}
	var order []key
	for _, n := range r.all {
		k := rank[n.Get("completeness").Str()]
		if t := typeOf(n); k == 0 || t != "Relationship" && t != "LifecycleScopedRelationship" {
			continue
		}
		typ := n.Get("relationshipType").Str()
		if _, needs := relation3(typ, "", ""); !needs && typ != "contains" {
			continue
		}
		id := idOf(n.Get("from"))
		if _, ok := r.assembly.at[id]; !ok {
			continue
		}
		at := key{r.assembly.ref(id), typ == "contains"}
		if worst[at] == 0 {
			order = append(order, at)
		}
		worst[at] = max(worst[at], k)
	}
	all := []bom.Composition{{Aggregate: "complete"}, {Aggregate: "incomplete"}, {Aggregate: "unknown"}}
	for _, at := range order {
		c := &all[worst[at]-1]
		if at.holds {
			c.Assemblies = append(c.Assemblies, at.ref)
		} else {
			c.Dependencies = append(c.Dependencies, at.ref)
		}
	}
	var out []bom.Composition
	for _, c := range all {
		if len(c.Assemblies)+len(c.Dependencies) > 0 {
			out = append(out, c)
		}
	}
	return out
}
