package cyclonedx

import (
	"strconv"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// getBill takes what a document says of itself. Writing asks it too: what the
// model says otherwise is what changed.
func getBill(b *bom.Bill, doc *jsondoc.Node) {
	b.Serial = doc.Get("serialNumber").Str()
	b.Revision = getInt(doc.Get("version"))
	b.Vulnerabilities = len(doc.Get("vulnerabilities").List())
	b.References = getReferences(doc.Get("externalReferences"))
	m := doc.Get("metadata")
	b.Created = m.Get("timestamp").Str()
	b.Authors = getContacts(m.Get("authors"))
	b.Manufacturer = getEntity(m.Get("manufacturer"))
	b.Supplier = getEntity(m.Get("supplier"))
	b.Licenses = getLicenses(m.Get("licenses"))
	b.Tools = getTools(m.Get("tools"))
	l := lift(getProperties(m.Get("properties")), false)
	b.Properties, b.Comment, b.Sharing, b.Type = l.properties, l.comment, l.sharing, l.kind
	if tlp := m.At("distributionConstraints", "tlp").Str(); tlp != "" {
		b.Sharing = tlp
	}
	if b.Type == "" {
		b.Type = getType(m.Get("lifecycles"))
	}
}

// phases are the lifecycles' phases of the types, and the other way round; of
// two types with one phase the first is read.
var phases = [...]struct {
	phase string
	kind  bom.Type
}{
	{"design", bom.Design},
	{"pre-build", bom.Source},
	{"build", bom.Build},
	{"post-build", bom.Analyzed},
	{"discovery", bom.Analyzed},
	{"post-build", bom.Deployed},
	{"operations", bom.Runtime},
}

// getType tells the type by the one phase that is named; of several none is
// meant.
func getType(lifecycles *jsondoc.Node) bom.Type {
	if len(lifecycles.List()) != 1 {
		return ""
	}
	phase := lifecycles.Items[0].Get("phase").Str()
	for _, p := range phases {
		if p.phase == phase {
			return p.kind
		}
	}
	return ""
}

func getTools(n *jsondoc.Node) []bom.Tool {
	if n.Is(jsondoc.KindObject) {
		n = n.Get("components")
	}
	return getAll(n, getTool)
}

// getTool takes a tool of 1.2 to 1.4, or a component as later versions have it.
func getTool(n *jsondoc.Node) bom.Tool {
	t := bom.Tool{
		Vendor: n.Get("vendor").Str(), Name: n.Get("name").Str(), Version: n.Get("version").Str(),
		PURL: n.Get("purl").Str(), Hashes: getHashes(n.Get("hashes")), Raw: n,
	}
	for _, vendor := range []*jsondoc.Node{n.Get("publisher"), n.At("supplier", "name"), n.At("manufacturer", "name"), n.Get("group")} {
		if t.Vendor == "" {
			t.Vendor = vendor.Str()
		}
	}
	return t
}

func getComposition(n *jsondoc.Node) bom.Composition {
	c := bom.Composition{
		Aggregate:    n.Get("aggregate").Str(),
		Assemblies:   getStrings(n.Get("assemblies")),
		Dependencies: getStrings(n.Get("dependencies")),
		Raw:          n,
	}
	if n != nil {
		c.Line = n.Line
	}
	return c
}

// getAll gives the items of a list, each as get reads it.
func getAll[T any](n *jsondoc.Node, get func(*jsondoc.Node) T) []T {
	var list []T
	for _, item := range n.List() {
		list = append(list, get(item))
	}
	return list
}

func getStrings(n *jsondoc.Node) []string { return getAll(n, (*jsondoc.Node).Str) }

// getInt gives a whole number, 0 for all else.
func getInt(n *jsondoc.Node) int {
	if !n.Is(jsondoc.KindNumber) {
		return 0
	}
	i, err := strconv.Atoi(n.Text)
	if err != nil || i < 0 {
		return 0
	}
	return i
}

func getFloat(n *jsondoc.Node) float64 {
	if !n.Is(jsondoc.KindNumber) {
		return 0
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if err != nil {
		return 0
	}
	return f
}

func getHashes(n *jsondoc.Node) []bom.Hash { return getAll(n, getHash) }

func getHash(n *jsondoc.Node) bom.Hash {
	return bom.Hash{Algorithm: n.Get("alg").Str(), Value: strings.ToLower(n.Get("content").Str())}
}

func getReferences(n *jsondoc.Node) []bom.Reference { return getAll(n, getReference) }

func getReference(n *jsondoc.Node) bom.Reference {
	return bom.Reference{
		Type: n.Get("type").Str(), URL: n.Get("url").Str(), Comment: n.Get("comment").Str(),
		Hashes: getHashes(n.Get("hashes")), Raw: n,
	}
}

func getProperties(n *jsondoc.Node) []bom.Property { return getAll(n, getProperty) }

func getProperty(n *jsondoc.Node) bom.Property {
	return bom.Property{Name: n.Get("name").Str(), Value: n.Get("value").Str()}
}
