package spdx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// graph3 is a document of SPDX 3 with its objects by id. An object may stand in
// the graph or where it is spoken of.
type graph3 struct {
	tree  *jsondoc.Node
	items []*jsondoc.Node // of @graph, or the document itself where it has none
	all   []*jsondoc.Node // objects with a type, in the document's order
	byID  map[string]*jsondoc.Node
	read  *shared
}

// shared is what was read of elements that many others may speak of, each once: a
// document may give one long licence to every package.
type shared struct {
	expressions map[*jsondoc.Node]string
	licences    map[licenceOf][]bom.License
	agents      map[*jsondoc.Node]*bom.Party
	hashes      map[*jsondoc.Node][]bom.Hash // of files
	err         error                        // the first limit that was hit
}

type licenceOf struct {
	element *jsondoc.Node
	claim   bom.LicenseClaim
}

// maxShared is how long a list may be that many elements share: each of them has
// it in the bill.
const maxShared = 1000

// refuse keeps the first limit that was hit.
func (g *graph3) refuse(n *jsondoc.Node, what string) {
	if g.read.err == nil {
		g.read.err = fault.New(fault.Invalid, "read SPDX: line %d: "+what, n.Line, maxShared)
	}
}

func newShared() *shared {
	return &shared{map[*jsondoc.Node]string{}, map[licenceOf][]bom.License{}, map[*jsondoc.Node]*bom.Party{}, map[*jsondoc.Node][]bom.Hash{}, nil}
}

func newGraph3(tree *jsondoc.Node) *graph3 {
	g := &graph3{tree: tree, byID: map[string]*jsondoc.Node{}, read: newShared()}
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

const (
	maxSetDepth   = 20      // licence sets in one another
	maxExpression = 1 << 16 // bytes of what licence sets make together
)

// expression is what a licence element says, "" where it says nothing that an
// expression can.
func (g *graph3) expression(n *jsondoc.Node, depth int) string {
	id := idOf(n)
	switch {
	case individual(id, "NoneLicense"):
		return none
	case individual(id, "NoAssertionLicense"), g.read.err != nil:
		return ""
	case depth > maxSetDepth:
		g.read.err = fault.New(fault.Invalid, "read SPDX: line %d: licence sets more than %d deep in one another (limit: licence set depth)", n.Line, maxSetDepth)
		return ""
	}
	e := g.at(n)
	if e == nil {
		return listed(id)
	}
	s, ok := g.read.expressions[e]
	if !ok {
		s = g.expressionOf(e, depth)
		g.read.expressions[e] = s
	}
	return s
}

// listed is the name of a licence whose id is its address in the list of SPDX.
func listed(id string) string {
	_, name, _ := strings.Cut(id, licenseList)
	return name
}

func (g *graph3) expressionOf(e *jsondoc.Node, depth int) string {
	switch t := typeOf(e); t {
	case "simplelicensing_LicenseExpression":
		return e.Get("simplelicensing_licenseExpression").Str()
	case "expandedlicensing_ConjunctiveLicenseSet", "expandedlicensing_DisjunctiveLicenseSet":
		word := " OR "
		if strings.Contains(t, "Conj") {
			word = " AND "
		}
		var parts []string
		size := 0
		for _, m := range several(e.Get("expandedlicensing_member")) {
			one := g.expression(m, depth+1)
			if one == "" || one == none {
				return ""
			}
			if strings.Contains(one, " ") {
				one = "(" + one + ")"
			}
			if size += len(one) + len(word); size > maxExpression {
				g.read.err = fault.New(fault.Invalid, "read SPDX: line %d: a licence set of more than %d bytes (limit: licence expression size)", e.Line, maxExpression)
				return ""
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
	return listed(idOf(e))
}
