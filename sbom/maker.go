package sbom

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/inventory"
)

// How much is known, in CycloneDX's words.
const (
	complete     = "complete"
	incomplete   = "incomplete"
	unknown      = "unknown"
	notSpecified = "not_specified"
)

// maker is one making of a bill.
type maker struct {
	ctx context.Context
	in  Input
	opt Options
	inv *inventory.Inventory

	root  *node
	runs  *node   // the perl that runs the project, nil for none
	nodes []*node // the components of the bill, without the root and parts
	// byIndex finds the node of a component of the inventory.
	byIndex map[int]*node
	from    [][]inventory.Edge   // edges by the component they begin at
	linked  []*node              // libraries of the system
	asked   []cpan.Module        // that perl may ship and a source bill requires
	itself  *inventory.Component // the release that is looked at, nil for none
	renamed bool                 // the archive is not called what the release is
	project []inventory.Edge     // edges of the project itself, of the phases asked for
	// lockedOnly are components that nothing but a lock's requirements ask for.
	lockedOnly map[*inventory.Component]bool
}

func newMaker(ctx context.Context, in Input, opt Options) *maker {
	if opt.Phases == nil {
		opt.Phases = []Phase{Runtime}
	}
	if opt.Type == "" {
		opt.Type = typeOf(in.Inventory, in.FS)
	}
	return &maker{ctx: ctx, in: in, opt: opt, inv: in.Inventory, byIndex: map[int]*node{}}
}

// node is a component of the bill before it has a ref.
type node struct {
	*bom.Component
	parts []*node
	to    []link
	// deps and holds say how completely its dependencies and its parts are
	// known.
	deps, holds string
}

// link is an edge to another node.
type link struct {
	to       *node
	relation bom.Relation
}

func (n *node) need(to *node, relation bom.Relation) {
	if to != nil && to != n {
		n.to = append(n.to, link{to, relation})
	}
}

// property adds a property once; an empty value is none.
func (n *node) property(name, value string) {
	p := bom.Property{Name: name, Value: value}
	if value != "" && !slices.Contains(n.Properties, p) {
		n.Properties = append(n.Properties, p)
	}
}

func (m *maker) add(n *node) *node {
	m.nodes = append(m.nodes, n)
	return n
}

func (m *maker) notice(text string) {
	if m.opt.Notice != nil {
		m.opt.Notice(text)
	}
}

// make makes the bill.
func (m *maker) make() (*bom.Bill, error) {
	m.sortEdges()
	steps := []func() error{m.addRoot, m.addPerls}
	if m.open() {
		steps = append(steps, m.addRequirements)
	} else {
		steps = append(steps, m.addExact, m.linkExact)
	}
	steps = append(steps, m.addConflicts)
	for _, step := range steps {
		if err := m.ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(); err != nil {
			return nil, err
		}
	}
	b := m.bill()
	return b, m.identify(b)
}

// open reports whether nothing is chosen yet: requirements are all there is.
func (m *maker) open() bool {
	switch m.opt.Type {
	case bom.Source, bom.Design:
		return true
	case bom.Analyzed:
		return typeOf(m.inv, m.in.FS) == bom.Source
	}
	return false
}

// sortEdges puts each edge to what it begins at, and leaves those of the
// project out whose phase nobody asked for.
func (m *maker) sortEdges() {
	m.from = make([][]inventory.Edge, len(m.inv.Components))
	m.lockedOnly = map[*inventory.Component]bool{}
	for _, e := range m.inv.Edges {
		if e.To >= 0 {
			c := &m.inv.Components[e.To]
			only, asked := m.lockedOnly[c]
			m.lockedOnly[c] = (only || !asked) && e.Scope == inventory.Merged
		}
		if phaseOf(e) == Develop {
			e.Scope = inventory.Develop
		}
		switch {
		case e.From < 0 && m.wanted(phaseOf(e)):
			m.project = append(m.project, e)
		case e.From >= 0 && m.inv.Components[e.From].Itself && m.wanted(phaseOf(e)):
			m.project = append(m.project, e)
		case e.From >= 0:
			m.from[e.From] = append(m.from[e.From], e)
		}
	}
}

func (m *maker) wanted(p Phase) bool { return slices.Contains(m.opt.Phases, p) }

// phaseOf is the phase of a requirement; where its source does not state one,
// what its scope says, and run time may be all that is not said. A phase of an
// author's own (x_Dist_Zilla) is for developing: no installer knows it.
func phaseOf(e inventory.Edge) Phase {
	switch p := Phase(e.Phase); {
	case slices.Contains(Phases(), p):
		return p
	case strings.HasPrefix(e.Phase, "x_"), strings.HasPrefix(e.Phase, "X_"):
		return Develop
	}
	return phaseOfScope(e.Scope)
}

func phaseOfScope(s inventory.Scope) Phase {
	switch s {
	case inventory.Configure:
		return Configure
	case inventory.Build:
		return Build
	case inventory.Test:
		return Test
	case inventory.Develop:
		return Develop
	}
	return Runtime
}

// relationOf is the relation of an edge of that scope.
func relationOf(s inventory.Scope) bom.Relation {
	switch s {
	case inventory.Optional:
		return bom.Optional
	case inventory.Configure:
		return bom.Configure
	case inventory.Build:
		return bom.BuildTime
	case inventory.Test:
		return bom.Test
	case inventory.Develop:
		return bom.Develop
	}
	return bom.DependsOn
}

// scope is what the product needs a component for; none where only a lock says
// that it does, which has what configuring, building and running need in one.
func (m *maker) scope(c *inventory.Component) bom.Scope {
	if m.lockedOnly[c] && c.Scope <= inventory.Merged {
		return ""
	}
	return scopeOf(c.Scope)
}

// scopeOf is the scope of a component that is needed so.
func scopeOf(s inventory.Scope) bom.Scope {
	switch s {
	case inventory.Runtime, inventory.Merged, inventory.Shipped:
		return bom.Required
	case inventory.Optional:
		return bom.OptionalUse
	}
	return bom.Excluded
}

// prereq is the value of a cpan:prereq property: phase/relation/Module/range.
func prereq(e inventory.Edge) string {
	relation := e.Relation
	if relation == "" {
		relation = "requires"
		if e.Scope == inventory.Optional {
			relation = "recommends"
		}
		if e.Phase == "" {
			relation = "unknown" // its source has no such words
		}
	}
	return cmp.Or(e.Phase, string(phaseOf(e))) + "/" + relation + "/" + string(e.Module) + "/" + cmp.Or(e.Range, "0")
}

// addConflicts tells what the project says that it does not go with: no
// component, and no edge, because it is not there.
func (m *maker) addConflicts() error {
	for _, e := range m.inv.Conflicts {
		e.Relation = cmp.Or(e.Relation, "conflicts")
		m.root.property("cpan:prereq", prereq(e))
	}
	return nil
}

// bill puts the nodes together.
func (m *maker) bill() *bom.Bill {
	b := &bom.Bill{
		Revision: 1, Type: m.opt.Type,
		Authors: m.opt.Authors, Manufacturer: m.opt.Manufacturer,
		Root: m.root.Component,
	}
	b.Tools = []bom.Tool{{Vendor: "Nacre", Name: "nacre", Version: m.opt.Version}}
	for _, p := range m.opt.Phases {
		b.Properties = append(b.Properties, bom.Property{Name: "cpan:sbom:phases", Value: string(p)})
	}
	if open := m.unstated(); len(open) > 0 {
		b.Properties = append(b.Properties, bom.Property{Name: "cpan:unknown", Value: strings.Join(open, ",")})
	}
	if m.opt.ForRelease {
		b.Comment = "Made to be shipped in the release itself: what only the finished archive tells, its digests above all, is not known here."
	}
	if m.opt.Location != "" {
		b.References = append(b.References, bom.Reference{Type: "bom", URL: m.opt.Location})
	}
	var walk func(n *node)
	var all []*node
	walk = func(n *node) {
		all = append(all, n)
		slices.SortStableFunc(n.parts, func(a, b *node) int { return bom.Compare(a.Component, b.Component) })
		for _, p := range n.parts {
			n.Parts = append(n.Parts, p.Component)
			walk(p)
		}
	}
	slices.SortStableFunc(m.nodes, func(a, b *node) int { return bom.Compare(a.Component, b.Component) })
	walk(m.root)
	for _, n := range m.nodes {
		b.Components = append(b.Components, n.Component)
		walk(n)
	}
	name(all)
	compositions := map[string]*bom.Composition{}
	statement := func(aggregate string) *bom.Composition {
		if compositions[aggregate] == nil {
			compositions[aggregate] = &bom.Composition{Aggregate: aggregate}
		}
		return compositions[aggregate]
	}
	linked := map[*node]bool{}
	for _, n := range all {
		for _, l := range n.to {
			linked[n], linked[l.to] = true, true
			b.Edges = append(b.Edges, bom.Edge{From: n.Ref, To: l.to.Ref, Relation: l.relation})
		}
		deps := statement(cmp.Or(n.deps, notSpecified))
		deps.Dependencies = append(deps.Dependencies, n.Ref)
		holds := statement(cmp.Or(n.holds, notSpecified))
		holds.Assemblies = append(holds.Assemblies, n.Ref)
		missing(n.Component)
	}
	for _, n := range m.nodes {
		if !linked[n] && !slices.ContainsFunc(n.parts, func(p *node) bool { return linked[p] }) {
			n.SetUnknown("dependencies") // neither what it needs nor who needs it
		}
	}
	for _, aggregate := range slices.Sorted(maps.Keys(compositions)) {
		b.Compositions = append(b.Compositions, *compositions[aggregate])
	}
	b.Edges = strongest(b.Edges)
	b.Sort()
	return b
}

// strongest keeps one edge between two components, that of the strongest
// relation: the properties of the component name all.
func strongest(edges []bom.Edge) []bom.Edge {
	type pair struct{ from, to string }
	at := map[pair]int{}
	kept := edges[:0]
	rank := func(r bom.Relation) int {
		if r == bom.Provided {
			return 0
		}
		return int(r)
	}
	for _, e := range edges {
		i, ok := at[pair{e.From, e.To}]
		switch {
		case !ok:
			at[pair{e.From, e.To}] = len(kept)
			kept = append(kept, e)
		case rank(e.Relation) < rank(kept[i].Relation):
			kept[i] = e
		}
	}
	return kept
}

// refOf is the ref that a component has where no other has it.
func refOf(c *bom.Component) string {
	switch {
	case c.PURL != "":
		return c.PURL
	case c.Version != "":
		return c.Name + "@" + c.Version
	}
	return c.Name
}

// name gives the nodes their refs. They are in the order of the bill, so that
// the second of a name is the same one each time.
func name(nodes []*node) {
	taken := make(map[string]bool, len(nodes))
	count := map[string]int{}
	for _, n := range nodes {
		base := refOf(n.Component)
		n.Ref = base
		for i := count[base]; taken[n.Ref]; {
			i++
			if count[base] = i; i > 1 {
				n.Ref = base + "#" + itoa(i)
			}
		}
		taken[n.Ref] = true
	}
}

// owner is the distribution of a module by the index at hand.
func (m *maker) owner(module cpan.Module) (cpan.Dist, bool) {
	if m.in.Mirror == nil {
		return "", false
	}
	return m.in.Mirror.OwnerOf(module)
}
