package spdx

import (
	"nacre/bom"
	"nacre/jsondoc"
)

// fact is what a relationship says of two ids of the document, in the model's
// words: from needs to, holds to as a part, was made of to, and so on.
type fact struct {
	kind     factKind
	relation bom.Relation // of factNeeds
	inside   bool         // of factHolds: said to be shipped inside from
	runtime  bool         // of factNeeds in SPDX 3: said to be needed at run time
	from, to string
}

type factKind uint8

const (
	factNone factKind = iota // nothing of the model
	factDescribes
	factNeeds
	factHolds    // a part
	factAncestor // to is the ancestor of from
	factPatch    // to is a patch for from
	factNeedsUnknown
	factNeedsNone
	factHoldsUnknown
	factHoldsNone
)

const document = "SPDXRef-DOCUMENT"

// relations2 are the relationships of SPDX 2 that say who needs whom. Those in
// reverse begin at what is needed.
var relations2 = map[string]struct {
	relation bom.Relation
	reverse  bool
}{
	"DEPENDS_ON":             {bom.DependsOn, false},
	"DEPENDENCY_OF":          {bom.DependsOn, true},
	"RUNTIME_DEPENDENCY_OF":  {bom.DependsOn, true},
	"HAS_PREREQUISITE":       {bom.DependsOn, false},
	"PREREQUISITE_FOR":       {bom.DependsOn, true},
	"STATIC_LINK":            {bom.DependsOn, false},
	"DYNAMIC_LINK":           {bom.DependsOn, false},
	"OPTIONAL_DEPENDENCY_OF": {bom.Optional, true},
	"OPTIONAL_COMPONENT_OF":  {bom.Optional, true},
	"BUILD_DEPENDENCY_OF":    {bom.BuildTime, true},
	"BUILD_TOOL_OF":          {bom.BuildTime, true},
	"TEST_DEPENDENCY_OF":     {bom.Test, true},
	"TEST_TOOL_OF":           {bom.Test, true},
	"DEV_DEPENDENCY_OF":      {bom.Develop, true},
	"DEV_TOOL_OF":            {bom.Develop, true},
	"PROVIDED_DEPENDENCY_OF": {bom.Provided, true},
}

// The comments that tell two relationships of one type apart.
const (
	commentConfigure = "configure" // BUILD_DEPENDENCY_OF: needed by Makefile.PL or Build.PL
	commentPart      = "part"      // CONTAINS: shipped inside the root, not beside it
)

// readRelation reads one relationship, whatever it relates.
func readRelation(n *jsondoc.Node) fact {
	from, to, typ := n.Get("spdxElementId").Str(), n.Get("relatedSpdxElement").Str(), n.Get("relationshipType").Str()
	f := fact{from: from, to: to}
	switch typ {
	case "DESCRIBES":
		f.kind = factDescribes
		return f
	case "DESCRIBED_BY":
		return fact{kind: factDescribes, from: to, to: from}
	case "CONTAINS":
		f.kind, f.inside = factHolds, n.Get("comment").Str() == commentPart
	case "CONTAINED_BY":
		f.kind, f.from, f.to = factHolds, to, from
	case "ANCESTOR_OF":
		return fact{kind: factAncestor, from: to, to: from}
	case "DESCENDANT_OF":
		return fact{kind: factAncestor, from: from, to: to}
	case "PATCH_FOR", "PATCH_APPLIED":
		return fact{kind: factPatch, from: to, to: from}
	default:
		r, ok := relations2[typ]
		if !ok {
			return fact{}
		}
		f.kind, f.relation = factNeeds, r.relation
		if r.reverse {
			f.from, f.to = to, from
		}
		if typ == "BUILD_DEPENDENCY_OF" && n.Get("comment").Str() == commentConfigure {
			f.relation = bom.Configure
		}
	}
	switch {
	case to != noAssertion && to != none:
		return f
	case typ == "DEPENDS_ON" && to == noAssertion:
		return fact{kind: factNeedsUnknown, from: from}
	case typ == "DEPENDS_ON":
		return fact{kind: factNeedsNone, from: from}
	case typ == "CONTAINS" && to == noAssertion:
		return fact{kind: factHoldsUnknown, from: from}
	case typ == "CONTAINS":
		return fact{kind: factHoldsNone, from: from}
	}
	return fact{}
}

// writeRelation is the relationship that reads as f.
func writeRelation(f fact) *jsondoc.Node {
	from, to, typ, comment := f.from, f.to, "", ""
	switch f.kind {
	case factDescribes:
		typ = "DESCRIBES"
	case factHolds:
		if typ = "CONTAINS"; f.inside {
			comment = commentPart
		}
	case factAncestor:
		typ, from, to = "ANCESTOR_OF", f.to, f.from
	case factPatch:
		typ, from, to = "PATCH_FOR", f.to, f.from
	case factNeedsUnknown:
		typ, to = "DEPENDS_ON", noAssertion
	case factNeedsNone:
		typ, to = "DEPENDS_ON", none
	case factHoldsUnknown:
		typ, to = "CONTAINS", noAssertion
	case factHoldsNone:
		typ, to = "CONTAINS", none
	case factNeeds:
		switch from, to = f.to, f.from; f.relation {
		case bom.Optional:
			typ = "OPTIONAL_DEPENDENCY_OF"
		case bom.Configure:
			typ, comment = "BUILD_DEPENDENCY_OF", commentConfigure
		case bom.BuildTime:
			typ = "BUILD_DEPENDENCY_OF"
		case bom.Test:
			typ = "TEST_DEPENDENCY_OF"
		case bom.Develop:
			typ = "DEV_DEPENDENCY_OF"
		case bom.Provided:
			typ = "PROVIDED_DEPENDENCY_OF"
		default:
			typ, from, to = "DEPENDS_ON", f.from, f.to
		}
	}
	n := jsondoc.Object()
	n.SetString("spdxElementId", from)
	n.SetString("relationshipType", typ)
	n.SetString("relatedSpdxElement", to)
	n.SetString("comment", comment)
	return n
}

// scopeOf derives a scope from the relations by which a component is needed:
// what is needed in no other way is optional, or for building and testing only.
func scopeOf(relations uint8) bom.Scope {
	switch optional := uint8(1) << bom.Optional; {
	case relations == 0, relations&(1<<bom.DependsOn|1<<bom.Provided) != 0:
		return ""
	case relations&optional != 0:
		return bom.OptionalUse
	}
	return bom.Excluded
}

// carried are the edges between what has an id, which are those that are written.
func carried(edges []bom.Edge, id func(ref string) (string, bool)) []bom.Edge {
	out := make([]bom.Edge, 0, len(edges))
	for _, e := range edges {
		if _, ok := id(e.From); !ok {
			continue
		}
		if _, ok := id(e.To); ok {
			out = append(out, e)
		}
	}
	return out
}

// scopes derives the scopes of all refs that edges lead to.
func scopes(edges []bom.Edge) map[string]bom.Scope {
	needed := map[string]uint8{}
	for _, e := range edges {
		needed[e.To] |= 1 << e.Relation
	}
	out := map[string]bom.Scope{}
	for ref, relations := range needed {
		if s := scopeOf(relations); s != "" {
			out[ref] = s
		}
	}
	return out
}
