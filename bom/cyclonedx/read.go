package cyclonedx

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// versions are the versions that are read and written.
var versions = [...]string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}

// limits bound a document beyond its size. A component in a component is two
// levels.
var limits = jsondoc.Limits{Depth: 4 * bom.MaxDepth, Values: 5_000_000, Name: "bill", Unique: true}

// Read reads a document of CycloneDX 1.2 to 1.7, JSON or XML. What it says of
// itself counts: the version is not guessed.
func Read(b []byte) (*bom.Bill, error) {
	if len(b) > bom.MaxSize {
		return nil, exceeded("%d bytes (limit: bill size %d)", len(b), bom.MaxSize)
	}
	if isXML(b) {
		doc, version, err := parseXML(b)
		if err != nil {
			return nil, err
		}
		return readDoc(doc, bom.Format{Name: "CycloneDX", Version: version, Encoding: "xml"})
	}
	doc, err := jsondoc.Parse(b, limits)
	if err != nil {
		return nil, err
	}
	if !doc.Is(jsondoc.KindObject) || doc.Get("bomFormat").Str() != "CycloneDX" {
		return nil, fault.New(fault.Invalid, "no CycloneDX document: bomFormat is not \"CycloneDX\"").
			WithHint("a bill in CycloneDX JSON begins with {\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\"")
	}
	version := doc.Get("specVersion").Str()
	if err := known(version); err != nil {
		return nil, err
	}
	return readDoc(doc, bom.Format{Name: "CycloneDX", Version: version, Encoding: "json"})
}

// isXML reports whether a document begins as XML does.
func isXML(b []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n"), []byte("<"))
}

// known refuses versions that are not read.
func known(version string) error {
	switch {
	case slices.Contains(versions[:], version):
		return nil
	case version == "":
		return fault.New(fault.Invalid, "CycloneDX document without a specVersion").
			WithHint("add \"specVersion\": \"1.6\", or the version that the document follows")
	case version == "1.0" || version == "1.1":
		return fault.New(fault.Invalid, "CycloneDX %s is not read", version).
			WithHint("1.2 of 2020 is the oldest that is; most tools that wrote %s can write a later one", version)
	}
	return fault.New(fault.Invalid, "CycloneDX %s is not known", fault.Quote(version)).
		WithHint("1.2 to 1.7 are read")
}

func exceeded(format string, args ...any) error {
	return fault.New(fault.Invalid, format, args...).
		WithHint("the file is far larger than its kind ever is; check that it is the right one")
}

// reader makes a bill of a document.
type reader struct {
	taken      map[string]bool // every ref that the document has or names, and those that were given
	nameless   []*bom.Component
	components int
	err        error
}

func readDoc(doc *jsondoc.Node, format bom.Format) (*bom.Bill, error) {
	b := &bom.Bill{Format: format, Raw: doc}
	r := &reader{taken: map[string]bool{}}
	b.Signed = r.walk(doc)
	getBill(b, doc)
	if c := doc.At("metadata", "component"); c.Is(jsondoc.KindObject) {
		b.Root = r.component(c, "/metadata/component", 0)
	}
	b.Components = r.list(doc.Get("components"), "/components", 0)
	r.name()
	b.Edges = r.edges(doc.Get("dependencies"), bom.MaxEdges)
	b.Compositions = getAll(doc.Get("compositions"), getComposition)
	if r.err != nil {
		return nil, r.err
	}
	cite(b, liftCitations(doc))
	return b, nil
}

// walk notes every bom-ref and what stands for one elsewhere, and reports
// whether something is signed.
func (r *reader) walk(n *jsondoc.Node) (signed bool) {
	for _, item := range n.Items {
		signed = r.walk(item) || signed
	}
	for _, m := range n.Members {
		switch m.Key {
		case "signature", xmlKey + "Signature":
			signed = signed || len(m.Value.Members)+len(m.Value.Items) > 0
		case "bom-ref", "ref":
			r.taken[m.Value.Str()] = true
		case "dependsOn", "provides", "assemblies", "dependencies":
			for _, item := range m.Value.Items {
				r.taken[item.Str()] = true
			}
		}
		signed = r.walk(m.Value) || signed
	}
	return signed
}

// list reads components; depth is how many they are in.
func (r *reader) list(n *jsondoc.Node, pointer string, depth int) []*bom.Component {
	var list []*bom.Component
	for i, item := range n.List() {
		if r.err != nil {
			return nil
		}
		list = append(list, r.component(item, pointer+"/"+strconv.Itoa(i), depth))
	}
	return list
}

func (r *reader) component(n *jsondoc.Node, pointer string, depth int) *bom.Component {
	if r.components++; r.components > bom.MaxComponents {
		r.err = exceeded("line %d: more than %d components (limit: bill components)", n.Line, bom.MaxComponents)
	} else if depth > bom.MaxDepth {
		r.err = exceeded("line %d: components nested deeper than %d (limit: bill depth)", n.Line, bom.MaxDepth)
	} else if !n.Is(jsondoc.KindObject) {
		r.err = fault.New(fault.Invalid, "line %d: %s: a component must be an object, and this is %s", n.Line, pointer, n.Kind)
	}
	if r.err != nil {
		return nil
	}
	c := getComponent(n)
	c.Pointer, c.Line = pointer, n.Line
	if c.Ref == "" {
		c.Unnamed = true
		r.nameless = append(r.nameless, c)
	}
	if p := n.Get("pedigree"); p.Is(jsondoc.KindObject) {
		c.Pedigree = getPedigree(p)
		c.Pedigree.Ancestors = r.list(p.Get("ancestors"), pointer+"/pedigree/ancestors", depth+1)
	}
	c.Parts = r.list(n.Get("components"), pointer+"/components", depth+1)
	return c
}

// name gives a ref to the components that have none: the package URL, or name
// and version, with a number behind where that is taken.
func (r *reader) name() {
	next := map[string]int{}
	for _, c := range r.nameless {
		base := c.PURL
		if base == "" {
			base = strings.TrimSuffix(c.Name+"@"+c.Version, "@")
		}
		if base == "" {
			base = "component"
		}
		c.Ref = base
		for r.taken[c.Ref] {
			next[base] = max(next[base], 1) + 1
			c.Ref = base + "#" + strconv.Itoa(next[base])
		}
		r.taken[c.Ref] = true
	}
}

func (r *reader) edges(n *jsondoc.Node, most int) []bom.Edge {
	var edges []bom.Edge
	for _, d := range n.List() {
		from := d.Get("ref").Str()
		for _, to := range d.Get("dependsOn").List() {
			if len(edges) == most {
				r.err = exceeded("line %d: more than %d dependencies (limit: bill edges)", to.Line, most)
				return nil
			}
			if from != "" && to.Str() != "" {
				edges = append(edges, bom.Edge{From: from, To: to.Str(), Line: d.Line})
			}
		}
	}
	return edges
}
