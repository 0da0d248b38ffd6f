package change

import (
	"fmt"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
)

// Input is one bill that is joined with others.
type Input struct {
	Bill *bom.Bill
	Name string   // what notes call it: the file's name
	Hash bom.Hash // of the file's bytes; zero where it is not known
}

// MergeOptions say what the whole is to be.
type MergeOptions struct {
	// Root is what the joined bill is of. It may be nil where all inputs are of
	// one thing.
	Root *bom.Component
	// Hierarchical puts each input's components into its root. Without it all
	// are in one list, and the same component of several inputs is one.
	Hierarchical    bool
	Serial, Created string
	Tools           []bom.Tool // who joins them
}

// MergeReport is what has to be said about a merge.
type MergeReport struct {
	// Alarms are packages that stand for different bytes.
	Alarms []Alarm
	// Conflicts are attributes of which inputs state different values. The first
	// counts; all are in properties cpan:merge:FIELD of the component.
	Conflicts []Conflict
	Losses    []bom.Loss
}

// Alarm is one package with different digests.
type Alarm struct {
	Name      string    `json:"name"`
	PURL      string    `json:"purl,omitempty"`
	Algorithm string    `json:"algorithm"`
	Values    [2]string `json:"values"`
}

// Conflict is an attribute with different values.
type Conflict struct {
	Name   string   `json:"name,omitempty"` // "" for the bill
	Field  string   `json:"field"`
	Values []string `json:"values"` // "MIT (in app.json)", the first counts
}

// Merge joins bills to a new one. The inputs are taken apart for it, and no bills
// any more afterwards.
//
// The same component is one with the same package URL (an author or digest in it
// does not count) or else name, and the same version, and no different digests.
// Of what one input states and another does not, the statement counts. The
// weakest statement of completeness counts, and "complete" is "incomplete" where
// another input knows of more. Tools, authors and digests are united, the
// strictest sharing limit holds, and each input is linked as a BOM-Link.
func Merge(inputs []Input, o MergeOptions) (*bom.Bill, MergeReport, error) {
	m := &merger{
		out:    &bom.Bill{Serial: o.Serial, Revision: 1, Created: o.Created},
		byKey:  map[string][]*bom.Component{},
		taken:  map[string]bool{},
		stated: [2]map[string]string{{}, {}},
		needs:  map[string]map[string]bool{},
		claims: map[string]int{},
		last:   map[*bom.Component]int{},
		refs:   numbered{}, into: map[*bom.Component]int{}, conflicts: map[[2]string]int{},
	}
	if err := m.root(inputs, o); err != nil {
		return nil, MergeReport{}, err
	}
	for i := range inputs {
		m.input(&inputs[i], o.Hierarchical)
	}
	m.completeness()
	m.out.Tools = unite(m.out.Tools, o.Tools, toolKey)
	m.out.Raw = m.raw(inputs)
	m.alarms()
	m.out.Sort()
	return m.out, m.report, nil
}

// merger holds a merge.
type merger struct {
	out    *bom.Bill
	report MergeReport
	byKey  map[string][]*bom.Component
	taken  map[string]bool // refs
	refs   numbered
	// into counts how often the last input was taken into each component, and
	// conflicts is where the report has those of a component and field.
	into      map[*bom.Component]int
	conflicts map[[2]string]int
	renamed   []map[string]string // the new ref of each ref, by input
	// stated are the statements of completeness about dependencies and
	// assemblies, by new ref.
	stated [2]map[string]string
	// needs are what each ref needs in all inputs; claims how many of them the
	// input knew that called that complete, -1 where inputs that do so disagree.
	needs  map[string]map[string]bool
	claims map[string]int
	edges  map[bom.Edge]bool
	// last is the last input, from 1, that each component was taken from.
	last map[*bom.Component]int
}

// root finds what the whole is of.
func (m *merger) root(inputs []Input, o MergeOptions) error {
	if len(inputs) == 0 {
		return fault.New(fault.Invalid, "merge: no bills")
	}
	if o.Root != nil {
		m.out.Root = o.Root
		m.keep(o.Root)
		return nil
	}
	var first *bom.Component
	for _, in := range inputs {
		switch r := in.Bill.Root; {
		case o.Hierarchical:
			return fault.New(fault.Invalid, "merge: what is the whole?").WithHint("name it: --root NAME@VERSION")
		case r == nil || first != nil && mergeKey(r) != mergeKey(first):
			return fault.New(fault.Invalid, "merge: the bills are not of one thing").WithHint("name what the whole is: --root NAME@VERSION")
		default:
			first = r
		}
	}
	return nil
}

// maxSame bounds how often one input is taken into one component: what it lists
// more often stays apart, so that time grows with what is read.
const maxSame = 100

// numbered gives names that are taken a number behind them.
type numbered map[string]int

// free gives a ref that is not among those taken: itself, else "ref#2" and so on.
func (n numbered) free(ref string, taken map[string]bool) string {
	out := ref
	for taken[out] {
		n[ref] = max(n[ref], 1) + 1
		out = fmt.Sprintf("%s#%d", ref, n[ref])
	}
	return out
}

// mergeKey is what the same component has the same of.
func mergeKey(c *bom.Component) string { return identity(c) + "@" + versionText(c) }

// keep notes a component of the result.
func (m *merger) keep(c *bom.Component) {
	m.taken[c.Ref] = true
	m.byKey[mergeKey(c)] = append(m.byKey[mergeKey(c)], c)
}

// same finds the component of the result that c is. Two of one input that have
// the same name and no package URL are two: only the name is the same.
func (m *merger) same(c *bom.Component) *bom.Component {
	for _, was := range m.byKey[mergeKey(c)] {
		if m.takes(was, c) {
			return was
		}
	}
	return nil
}

// takes reports whether a component of the result can be the one of the last
// input that has its key.
func (m *merger) takes(was, c *bom.Component) bool {
	if m.last[was] == len(m.renamed) && (c.PURL == "" || m.into[was] >= maxSame) {
		return false
	}
	return bom.OtherBytes(was, c) == ""
}

// input takes one bill.
func (m *merger) input(in *Input, nested bool) {
	b := in.Bill
	refs := map[string]string{}
	m.renamed = append(m.renamed, refs)
	tops := b.Components
	rootRef := ""
	if b.Root != nil {
		rootRef = b.Root.Ref
		if nested {
			b.Root.Parts = append(b.Root.Parts, b.Components...)
			tops = nil
		}
		tops = append([]*bom.Component{b.Root}, tops...)
	}
	for _, c := range tops {
		var was *bom.Component
		if !nested {
			was = m.same(c)
		}
		switch {
		case was != nil:
			m.join(in, was, c, refs)
		case m.out.Root == nil:
			m.out.Root = c
			m.add(c, refs, nested)
		default:
			m.out.Components = append(m.out.Components, c)
			m.add(c, refs, nested)
		}
	}
	if now := refs[rootRef]; b.Root != nil && m.out.Root != nil && now != m.out.Root.Ref {
		m.edge(bom.Edge{From: m.out.Root.Ref, To: now})
		m.stated[1][m.out.Root.Ref] = weakest(m.stated[1][m.out.Root.Ref], "unknown")
	}
	m.needsOf(b, refs)
	m.document(in)
}

// add gives a component of an input, and its parts, refs of the result.
func (m *merger) add(c *bom.Component, refs map[string]string, nested bool) {
	old := c.Ref
	c.Ref = m.free(old)
	if _, twice := refs[old]; !twice {
		refs[old] = c.Ref
	}
	c.Pointer, c.Line = "", 0 // they are places of another document
	m.taken[c.Ref] = true
	m.last[c] = len(m.renamed)
	if !nested {
		m.byKey[mergeKey(c)] = append(m.byKey[mergeKey(c)], c)
	}
	for _, p := range c.Parts {
		m.addPart(p, refs)
	}
}

// addPart is add for a part, which is never what a component of a list is.
func (m *merger) addPart(c *bom.Component, refs map[string]string) { m.add(c, refs, true) }

// free gives a ref that the result does not have.
func (m *merger) free(ref string) string { return m.refs.free(ref, m.taken) }

// join takes what c knows into the component that it is.
func (m *merger) join(in *Input, was, c *bom.Component, refs map[string]string) {
	if _, twice := refs[c.Ref]; !twice {
		refs[c.Ref] = was.Ref
	}
	if m.last[was] != len(m.renamed) {
		m.last[was], m.into[was] = len(m.renamed), 0
	}
	m.into[was]++
	m.fields(in, was, c)
	parts := map[string]*bom.Component{}
	for _, p := range was.Parts {
		if parts[mergeKey(p)] == nil {
			parts[mergeKey(p)] = p
		}
	}
	for _, p := range c.Parts {
		if same := parts[mergeKey(p)]; same != nil && m.takes(same, p) {
			m.join(in, same, p, refs)
			continue
		}
		was.Parts = append(was.Parts, p)
		m.addPart(p, refs)
	}
}

// edge adds an edge once.
func (m *merger) edge(e bom.Edge) {
	if m.edges == nil {
		m.edges = map[bom.Edge]bool{}
	}
	key := bom.Edge{From: e.From, To: e.To, Relation: e.Relation}
	if m.edges[key] {
		return
	}
	m.edges[key] = true
	m.out.Edges = append(m.out.Edges, e)
	if m.needs[e.From] == nil {
		m.needs[e.From] = map[string]bool{}
	}
	m.needs[e.From][e.To] = true
}

// needsOf takes the edges of an input, and what it says of completeness.
func (m *merger) needsOf(b *bom.Bill, refs map[string]string) {
	now := func(ref string) string {
		if to, ok := refs[ref]; ok {
			return to
		}
		return ref
	}
	count := map[string]map[string]bool{}
	for _, e := range b.Edges {
		e.From, e.To, e.Line = now(e.From), now(e.To), 0
		if e.From == e.To {
			continue // two of an input's components are one here
		}
		m.edge(e)
		if count[e.From] == nil {
			count[e.From] = map[string]bool{}
		}
		count[e.From][e.To] = true
	}
	for _, c := range b.Compositions {
		for kind, list := range [2][]string{c.Assemblies, c.Dependencies} {
			for _, ref := range list {
				ref = now(ref)
				m.stated[kind][ref] = weakest(m.stated[kind][ref], c.Aggregate)
				if kind == 0 || c.Aggregate != "complete" {
					continue
				}
				n := len(count[ref])
				if was, ok := m.claims[ref]; ok && was != n {
					n = -1
				}
				m.claims[ref] = n
			}
		}
	}
}

// completeness writes what all inputs together say of it.
func (m *merger) completeness() {
	for ref, n := range m.claims {
		if m.stated[1][ref] == "complete" && n != len(m.needs[ref]) {
			m.stated[1][ref] = "incomplete"
		}
	}
	m.out.Compositions = compositions(m.stated[1], m.stated[0])
}

// alarms finds packages that stand for different bytes.
func (m *merger) alarms() {
	first := map[string][]*bom.Component{}
	for c := range m.out.All() {
		if c.PURL == "" || len(c.Hashes) == 0 {
			continue
		}
		key := mergeKey(c)
		for _, was := range first[key] {
			if alg := bom.OtherBytes(was, c); alg != "" {
				m.report.Alarms = append(m.report.Alarms, Alarm{
					Name: nameAndVersion(c), PURL: c.PURL, Algorithm: alg, Values: [2]string{was.Hash(alg), c.Hash(alg)},
				})
				break
			}
		}
		if len(first[key]) < 8 {
			first[key] = append(first[key], c)
		}
	}
	slices.SortStableFunc(m.report.Alarms, func(a, b Alarm) int { return strings.Compare(a.Name, b.Name) })
}
