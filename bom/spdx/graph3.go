package spdx

import (
	"slices"
	"strings"

	"nacre/jsondoc"
)

// graph3 is a document of SPDX 3 with its objects by id. An object may stand in
// the graph or where it is spoken of.
type graph3 struct {
	tree  *jsondoc.Node
	items []*jsondoc.Node // of @graph, or the document itself where it has none
	all   []*jsondoc.Node // objects with a type, in the document's order
	byID  map[string]*jsondoc.Node
}

func newGraph3(tree *jsondoc.Node) *graph3 {
	g := &graph3{tree: tree, byID: map[string]*jsondoc.Node{}}
	if graph := tree.Get("@graph"); graph != nil {
		g.items = graph.List()
	} else {
		g.items = []*jsondoc.Node{tree}
	}
	for _, n := range g.items {
		g.index(n)
	}
	return g
}

func (g *graph3) index(n *jsondoc.Node) {
	if n.Is(jsondoc.KindObject) {
		if typeOf(n) != "" {
			g.all = append(g.all, n)
		}
		if id := idOf(n); id != "" && (g.byID[id] == nil || typeOf(g.byID[id]) == "") {
			g.byID[id] = n
		}
		for _, m := range n.Members {
			g.index(m.Value)
		}
	}
	for _, item := range n.List() {
		g.index(item)
	}
}

func typeOf(n *jsondoc.Node) string {
	if t := n.Get("type").Str(); t != "" {
		return t
	}
	return n.Get("@type").Str()
}

// idOf is the id of an object, or of what a reference names.
func idOf(n *jsondoc.Node) string {
	if n.Is(jsondoc.KindString) {
		return n.Text
	}
	if id := n.Get("spdxId").Str(); id != "" {
		return id
	}
	return n.Get("@id").Str()
}

// at is the object that stands somewhere or is named there.
func (g *graph3) at(n *jsondoc.Node) *jsondoc.Node {
	if n.Is(jsondoc.KindString) {
		return g.byID[n.Text]
	}
	if n.Is(jsondoc.KindObject) && typeOf(n) == "" && idOf(n) != "" {
		return g.byID[idOf(n)]
	}
	return n
}

// several are the values of a key, which may be one without a list.
func several(n *jsondoc.Node) []*jsondoc.Node {
	switch {
	case n == nil:
		return nil
	case n.Is(jsondoc.KindArray):
		return n.Items
	}
	return []*jsondoc.Node{n}
}

// packageTypes are the classes that are components.
var packageTypes = []string{"software_Package", "ai_AIPackage", "dataset_DatasetPackage"}

func isPackage3(n *jsondoc.Node) bool { return slices.Contains(packageTypes, typeOf(n)) }

// first is the first object of a type.
func (g *graph3) first(types ...string) *jsondoc.Node {
	for _, n := range g.all {
		if slices.Contains(types, typeOf(n)) {
			return n
		}
	}
	return nil
}

// expression is what a licence element says, "" where it says nothing that an
// expression can.
func (g *graph3) expression(n *jsondoc.Node, depth int) string {
	id := idOf(n)
	switch {
	case individual(id, "NoneLicense"):
		return none
	case individual(id, "NoAssertionLicense"), depth > 20:
		return ""
	}
	e := g.at(n)
	switch t := typeOf(e); t {
	case "simplelicensing_LicenseExpression":
		return e.Get("simplelicensing_licenseExpression").Str()
	case "expandedlicensing_ConjunctiveLicenseSet", "expandedlicensing_DisjunctiveLicenseSet":
		word := " OR "
		if strings.Contains(t, "Conj") {
			word = " AND "
		}
		var parts []string
		for _, m := range several(e.Get("expandedlicensing_member")) {
			one := g.expression(m, depth+1)
			if one == "" || one == none {
				return ""
			}
			if strings.Contains(one, " ") {
				one = "(" + one + ")"
			}
			parts = append(parts, one)
		}
		return strings.Join(parts, word)
	case "expandedlicensing_OrLaterOperator":
		if one := g.expression(e.Get("expandedlicensing_subjectLicense"), depth+1); one != "" && !strings.Contains(one, " ") {
			return one + "+"
		}
		return ""
	}
	if _, name, ok := strings.Cut(id, licenseList); ok && name != "" {
		return name
	}
	return ""
}
