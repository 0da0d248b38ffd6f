package change

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// remove takes components out. What needed them needs what they needed.
func (r *redactor) remove(hidden map[*bom.Component]bool) error {
	b := r.bill
	if hidden[b.Root] {
		return fault.New(fault.Invalid, "redact: what the bill is of cannot be removed").WithHint("leave out --remove: it stays without a name")
	}
	gone := map[string]bool{}
	var below func(c *bom.Component)
	below = func(c *bom.Component) {
		gone[c.Ref] = true
		r.names(c)
		for _, p := range c.Parts {
			below(p)
		}
	}
	for c := range everything(b) {
		if hidden[c] {
			below(c)
		}
	}
	if at := mentions(b.Raw, gone); at != "" {
		return fault.New(fault.Invalid, "redact: %s speaks of a component that would be gone", at).
			WithHint("leave out --remove: the component stays without a name, and nothing breaks")
	}
	edges, lost, err := rewire(b.Edges, gone)
	if err != nil {
		return err
	}
	b.Edges = edges
	needs := sortedKeys(lost)
	byRef := b.ByRef()
	for _, ref := range needs {
		if c := byRef[ref]; c != nil {
			r.mark(c, "dependencies")
		}
	}
	incomplete := map[string]bool{}
	r.takeFrom(&b.Components, gone, "", incomplete)
	if b.Root != nil {
		r.takeFrom(&b.Root.Parts, gone, b.Root.Ref, incomplete)
	}
	for c := range b.All() {
		if c.Pedigree != nil {
			c.Pedigree.Ancestors = slices.DeleteFunc(slices.Clone(c.Pedigree.Ancestors), func(a *bom.Component) bool { return gone[a.Ref] })
		}
	}
	for i := range b.Compositions {
		c := &b.Compositions[i]
		for _, list := range [2]*[]string{&c.Dependencies, &c.Assemblies} {
			*list = slices.DeleteFunc(slices.Clone(*list), func(ref string) bool { return gone[ref] })
		}
	}
	r.incomplete(needs, sortedKeys(incomplete))
	return nil
}

// takeFrom takes components that are gone out of a list and what is in it; who
// had parts that are gone is noted.
func (r *redactor) takeFrom(list *[]*bom.Component, gone map[string]bool, in string, incomplete map[string]bool) {
	var kept []*bom.Component
	for _, c := range *list {
		if gone[c.Ref] {
			if in != "" {
				incomplete[in] = true
			}
			continue
		}
		r.takeFrom(&c.Parts, gone, c.Ref, incomplete)
		kept = append(kept, c)
	}
	*list = kept
}

// maxSteps bounds the ways past what is gone: where many need many through it,
// there are as many as the one times the other.
const maxSteps = 2_000_000

// rewire leads edges past what is gone, and gives who needed it.
func rewire(all []bom.Edge, gone map[string]bool) (edges []bom.Edge, lost map[string]bool, err error) {
	p := passer{gone: gone, next: map[string][]bom.Edge{}, have: map[bom.Edge]bool{}, left: maxSteps}
	for _, e := range all {
		if gone[e.From] {
			p.next[e.From] = append(p.next[e.From], e)
		}
	}
	lost = map[string]bool{}
	for _, e := range all {
		switch {
		case gone[e.From]:
		case !gone[e.To]:
			p.add(e)
		default:
			lost[e.From] = true
			if !p.past(e) {
				return nil, nil, fault.New(fault.Invalid, "redact: more than %d ways lead past what is to be removed (limit: relations)", maxSteps).
					WithHint("leave out --remove: what is hidden keeps its place and its needs")
			}
		}
	}
	return p.edges, lost, nil
}

// passer follows edges past what is gone.
type passer struct {
	gone  map[string]bool
	next  map[string][]bom.Edge // of what is gone
	have  map[bom.Edge]bool
	edges []bom.Edge
	left  int // steps
}

func (p *passer) add(e bom.Edge) {
	key := bom.Edge{From: e.From, To: e.To, Relation: e.Relation}
	if e.From != e.To && !p.have[key] {
		p.have[key] = true
		p.edges = append(p.edges, e)
	}
}

// past follows an edge through what is gone to what is not, and reports whether
// it got to the end. How something is needed is how the first step says that is
// not plain need.
func (p *passer) past(e bom.Edge) bool {
	seen := map[string]bool{e.To: true}
	for open := []bom.Edge{e}; len(open) > 0; {
		e := open[len(open)-1]
		open = open[:len(open)-1]
		for _, step := range p.next[e.To] {
			if p.left--; p.left < 0 {
				return false
			}
			way := bom.Edge{From: e.From, To: step.To, Relation: e.Relation}
			if way.Relation == bom.DependsOn {
				way.Relation = step.Relation
			}
			switch {
			case !p.gone[step.To]:
				p.add(way)
			case !seen[step.To]:
				seen[step.To] = true
				open = append(open, way)
			}
		}
	}
	return true
}

// known are the keys of documents whose things writers make anew of the model.
var known = map[string]bool{
	"components": true, "dependencies": true, "compositions": true, "metadata": true, "citations": true,
	"packages": true, "relationships": true, "documentDescribes": true,
}

// mentions finds a place that the model does not know and that speaks of a
// component that would be gone; "" where there is none.
func mentions(doc *jsondoc.Node, gone map[string]bool) string {
	if doc == nil {
		return ""
	}
	var in func(n *jsondoc.Node) bool
	in = func(n *jsondoc.Node) bool {
		return n.Is(jsondoc.KindString) && gone[n.Text] ||
			slices.ContainsFunc(n.List(), in) ||
			n.Is(jsondoc.KindObject) && slices.ContainsFunc(n.Members, func(m jsondoc.Member) bool { return in(m.Value) })
	}
	for _, m := range doc.Members {
		switch {
		case known[m.Key]:
		case m.Key == "@graph":
			for i, e := range m.Value.List() {
				kind := e.Get("type").Str()
				named := strings.HasSuffix(kind, "Relationship") || kind == "SpdxDocument" || kind == "software_Sbom" || gone[e.Get("spdxId").Str()]
				if !named && in(e) {
					return jsondoc.Pointer("@graph", i)
				}
			}
		case in(m.Value):
			return jsondoc.Pointer(m.Key)
		}
	}
	return ""
}

func sortedKeys(set map[string]bool) []string {
	all := make([]string, 0, len(set))
	for key := range set {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}
