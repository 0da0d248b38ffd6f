package cyclonedx

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// Write writes a bill as JSON of a version, "1.2" to "1.7", and tells what that
// version could not take over.
func Write(b *bom.Bill, version string) ([]byte, []bom.Loss, error) {
	doc, losses, err := tree(b, version, false)
	if err != nil {
		return nil, nil, err
	}
	return doc.Append(nil), losses, nil
}

// writer makes a document of a bill.
type writer struct {
	bill    *bom.Bill
	version string
	level   int  // the version's second number
	same    bool // the bill was read from this version: what did not change stays
	xml     bool // it becomes XML
	made    bool // the bill was read from no document of CycloneDX
	losses  []bom.Loss

	needed map[string]bool         // refs that edges and compositions name
	gone   map[string]bool         // refs of the document that was read whose component is gone
	refs   map[string]bool         // refs of components
	tried  map[string]int          // by ref, how many more like it tools have been given
	wasAt  map[string][]bom.Origin // what citations told, by the component's pointer
	moved  moves
	tool   string        // bom-ref of who tells the origins
	cited  []citedOrigin // for citations
	recite bool          // citations have to be written anew
}

func tree(b *bom.Bill, version string, asXML bool) (*jsondoc.Node, []bom.Loss, error) {
	level := slices.Index(versions[:], version) + 2
	if level < 2 {
		return nil, nil, fault.New(fault.Invalid, "CycloneDX %s cannot be written", fault.Quote(version)).
			WithHint("1.2 to 1.7 can")
	}
	w := &writer{
		bill: b, version: version, level: level, xml: asXML,
		needed: map[string]bool{}, gone: map[string]bool{}, refs: map[string]bool{}, tried: map[string]int{},
		moved: moves{was: map[string]bool{}, now: map[string]string{}},
	}
	raw := w.raw(b.Raw)
	w.made = raw == nil
	w.same = raw != nil && b.Format.Name == "CycloneDX" && b.Format.Version == version
	w.recite = !w.same
	w.survey(raw)
	if raw == nil && b.Format.Name == "SPDX" && b.Raw != nil {
		w.foreign()
		w.relate()
	}
	doc := w.document(raw)
	doc = w.withoutXML(doc, "")
	if !w.same {
		var err error
		if doc, err = w.fit(doc); err != nil {
			return nil, nil, err
		}
	}
	for _, key := range [...]string{"signature", xmlKey + "Signature"} {
		if doc.Get(key) != nil && (!w.same || !doc.Equal(raw)) {
			doc = shallow(doc)
			doc.Remove(key)
			w.lose("/"+key, "the signature is void after a change and is dropped")
		}
	}
	return doc, w.losses, nil
}

func (w *writer) lose(pointer, format string, args ...any) {
	w.losses = append(w.losses, bom.Loss{Pointer: pointer, What: fmt.Sprintf(format, args...)})
}

// raw gives a piece of a CycloneDX document, nil for one of another format.
func (w *writer) raw(n *jsondoc.Node) *jsondoc.Node {
	if !n.Is(jsondoc.KindObject) || w.bill.Format.Name == "SPDX" {
		return nil
	}
	for _, key := range [...]string{"SPDXID", "spdxVersion", "spdxId", "spdxElementId", "@context", "@id"} {
		if n.Get(key) != nil {
			return nil
		}
	}
	return n
}

// survey notes what there is and was.
func (w *writer) survey(raw *jsondoc.Node) {
	for c := range everything(w.bill) {
		w.refs[c.Ref] = true
	}
	for _, e := range w.bill.Edges {
		w.needed[e.From], w.needed[e.To] = true, true
	}
	for _, c := range w.bill.Compositions {
		for _, ref := range slices.Concat(c.Assemblies, c.Dependencies) {
			w.needed[ref] = true
		}
	}
	w.wasAt = liftCitations(raw)
	w.was(raw.At("metadata", "component"), "/metadata/component")
	w.wasAll(raw.Get("components"), "/components")
}

// was notes a component of the document that was read.
func (w *writer) was(n *jsondoc.Node, pointer string) {
	if !n.Is(jsondoc.KindObject) {
		return
	}
	w.moved.was[pointer] = true
	w.moved.longest = max(w.moved.longest, len(pointer))
	if ref := n.Get("bom-ref").Str(); ref != "" && !w.refs[ref] {
		w.gone[ref] = true
	}
	w.wasAll(n.At("pedigree", "ancestors"), pointer+"/pedigree/ancestors")
	w.wasAll(n.Get("components"), pointer+"/components")
}

func (w *writer) wasAll(list *jsondoc.Node, pointer string) {
	for i, n := range list.List() {
		w.was(n, pointer+"/"+strconv.Itoa(i))
	}
}

// shallow copies an object, but not what is in it.
func shallow(n *jsondoc.Node) *jsondoc.Node {
	c := *n
	c.Members, c.Items = slices.Clone(n.Members), slices.Clone(n.Items)
	return &c
}

func base(raw *jsondoc.Node) *jsondoc.Node {
	if raw == nil {
		return jsondoc.Object()
	}
	return shallow(raw)
}

// text sets a key where the model says something else than the document did.
func text(n *jsondoc.Node, key, old, s string) {
	if old != s {
		n.SetString(key, s)
	}
}

// setList sets a key to a list, and takes it away where the list is empty and
// was not before.
func setList(n *jsondoc.Node, key string, list []*jsondoc.Node) {
	if len(list) > 0 {
		n.Set(key, jsondoc.Array(list...))
	} else if len(n.Get(key).List()) > 0 {
		n.Remove(key)
	}
}

// odd gives what stands in a list and is no object, as long as it says what it
// said: nothing.
func odd[T any](raw *jsondoc.Node, item T, get func(*jsondoc.Node) T) *jsondoc.Node {
	if raw != nil && !raw.Is(jsondoc.KindObject) && reflect.DeepEqual(get(raw), item) {
		return raw
	}
	return nil
}

func putAll[T any](items []T, put func(T) *jsondoc.Node) []*jsondoc.Node {
	list := make([]*jsondoc.Node, 0, len(items))
	for _, item := range items {
		list = append(list, put(item))
	}
	return list
}

// setValues sets a key to a list of values that carry no piece of the document:
// what was read as the same value stands as it stood, in its order.
func setValues[T comparable](n *jsondoc.Node, key string, items []T, get func(*jsondoc.Node) T, put func(T) *jsondoc.Node) {
	left := map[T]int{}
	for _, item := range items {
		left[item]++
	}
	var list []*jsondoc.Node
	for _, r := range n.Get(key).List() {
		if v := get(r); left[v] > 0 {
			left[v]--
			list = append(list, r)
		}
	}
	for _, item := range items {
		if left[item] > 0 {
			left[item]--
			list = append(list, put(item))
		}
	}
	setList(n, key, list)
}

func setStrings(n *jsondoc.Node, key string, items []string) {
	setValues(n, key, items, (*jsondoc.Node).Str, jsondoc.String)
}

var uuidAtEnd = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// serial gives the number as CycloneDX has it; of another format's address the
// UUID at its end.
func (w *writer) serial() string {
	s := w.bill.Serial
	if w.same || s == "" || strings.HasPrefix(s, "urn:uuid:") {
		return s
	}
	if id := uuidAtEnd.FindString(s); id != "" {
		return "urn:uuid:" + strings.ToLower(id)
	}
	w.lose("/serialNumber", "%s is no urn:uuid", s)
	return ""
}

func (w *writer) document(raw *jsondoc.Node) *jsondoc.Node {
	b, old, n := w.bill, &bom.Bill{}, base(raw)
	if raw != nil {
		getBill(old, raw)
	}
	if !w.same {
		switch {
		case w.level >= 4 && (raw == nil || raw.Get("$schema") != nil):
			n.SetString("$schema", "http://cyclonedx.org/schema/bom-"+w.version+".schema.json")
		default: // 1.2 and 1.3 have no one name for theirs
			n.Remove("$schema")
		}
		n.SetString("bomFormat", "CycloneDX")
		n.SetString("specVersion", w.version)
	}
	text(n, "serialNumber", old.Serial, w.serial())
	if b.Revision != old.Revision || !w.same && n.Get("version") == nil {
		n.Set("version", jsondoc.Number(strconv.Itoa(max(b.Revision, 1))))
	}
	if m := w.metadata(raw.Get("metadata"), old); len(m.Members) > 0 || raw.Get("metadata").Is(jsondoc.KindObject) {
		n.Set("metadata", m)
	}
	w.components(n, "components", b.Components, "/components")
	setList(n, "externalReferences", putAll(b.References, w.reference))
	w.dependencies(n)
	setList(n, "compositions", putAll(b.Compositions, w.composition))
	w.citations(n)
	return n
}

func (w *writer) metadata(raw *jsondoc.Node, old *bom.Bill) *jsondoc.Node {
	if !raw.Is(jsondoc.KindObject) {
		raw = nil
	}
	b, n := w.bill, base(w.raw(raw))
	text(n, "timestamp", old.Created, b.Created)
	w.lifecycles(n, old)
	w.tools(n)
	w.tool = w.attribute(n.Get("tools"))
	setList(n, "authors", putAll(b.Authors, w.contact))
	if b.Root != nil {
		n.Set("component", w.component(b.Root, "/metadata/component"))
	} else if n.Get("component").Is(jsondoc.KindObject) {
		n.Remove("component")
	}
	w.entity(n, "manufacturer", b.Manufacturer)
	w.entity(n, "supplier", b.Supplier)
	w.licenses(n, b.Licenses, "/metadata/licenses")
	native := w.level >= 7
	if b.Sharing != old.Sharing || !w.same {
		if native {
			d := base(n.Get("distributionConstraints"))
			d.SetString("tlp", b.Sharing)
			n.Set("distributionConstraints", d)
			if len(d.Members) == 0 {
				n.Remove("distributionConstraints")
			}
		} else {
			n.Remove("distributionConstraints")
		}
	}
	w.metadataProperties(n, old, native)
	return n
}

func (w *writer) metadataProperties(n *jsondoc.Node, old *bom.Bill, native bool) {
	b := w.bill
	unchanged := slices.Equal(b.Properties, old.Properties) && b.Comment == old.Comment && b.Sharing == old.Sharing && b.Type == old.Type
	if w.same && unchanged {
		return
	}
	was := getProperties(n.Get("properties"))
	lowered := lowerBill(b, native)
	isKind := func(p bom.Property) bool { return p.Name == propType }
	if b.Type == old.Type && w.level >= 5 && b.Type == getType(n.Get("lifecycles")) && !slices.ContainsFunc(was, isKind) {
		lowered = slices.DeleteFunc(lowered, isKind) // the phase says it
	}
	setProperties(n, slices.Concat(b.Properties, lowered))
}

// setProperties sets a list of properties: sorted, or where it was not sorted
// before, with the new ones behind.
func setProperties(n *jsondoc.Node, all []bom.Property) {
	sorted := slices.IsSortedFunc(getProperties(n.Get("properties")), compareProperties)
	setValues(n, "properties", all, getProperty, putProperty)
	if list := slices.Clone(n.Get("properties").List()); sorted && len(list) > 0 {
		slices.SortStableFunc(list, func(a, b *jsondoc.Node) int { return compareProperties(getProperty(a), getProperty(b)) })
		n.Set("properties", jsondoc.Array(list...))
	}
}

func (w *writer) lifecycles(n *jsondoc.Node, old *bom.Bill) {
	b := w.bill
	if w.level < 5 {
		if t := getType(n.Get("lifecycles")); t != "" && b.Type != "" {
			n.Remove("lifecycles") // the property says it
		}
		return
	}
	if b.Type == old.Type {
		return
	}
	var list []*jsondoc.Node
	for _, l := range n.Get("lifecycles").List() {
		if l.Get("phase") == nil {
			list = append(list, l)
		}
	}
	for _, p := range phases {
		if p.kind == b.Type {
			l := jsondoc.Object()
			l.SetString("phase", p.phase)
			list = append(list, l)
			break
		}
	}
	setList(n, "lifecycles", list)
}
