package change

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
)

// Kind is what sort of change something is.
type Kind string

// The kinds, in the order in which they are told: what alarms first.
const (
	Rehashed     Kind = "hash"       // other bytes under the same version: an alarm
	Added        Kind = "added"      //
	Removed      Kind = "removed"    //
	Upgraded     Kind = "upgraded"   // to a higher version
	Downgraded   Kind = "downgraded" // to a lower one
	Reversioned  Kind = "version"    // to one of which nobody can say which is higher
	Relicensed   Kind = "license"
	Resupplied   Kind = "supplier"
	Rescoped     Kind = "scope"
	Rewired      Kind = "relation" // needs something else, or in another way
	Recompleted  Kind = "completeness"
	Learned      Kind = "known"    // attributes that were declared unknown and are stated now
	Forgotten    Kind = "unknown"  // attributes that were stated, or not looked for, and are declared unknown now
	Censored     Kind = "redacted" // attributes that were taken out, or came back
	OtherwiseNew Kind = "other"    // any other attribute
	Document     Kind = "document" // the bill itself: its root, its type, its makers
)

var kinds = [...]Kind{
	Rehashed, Added, Removed, Upgraded, Downgraded, Reversioned, Relicensed, Resupplied, Rescoped,
	Rewired, Recompleted, Learned, Forgotten, Censored, OtherwiseNew, Document,
}

// Kinds are all kinds, in the order in which changes are told.
func Kinds() []Kind { return kinds[:] }

// Change is one difference between two bills.
type Change struct {
	Kind Kind `json:"kind"`
	// Name is the component's, "" for the bill.
	Name string `json:"name,omitempty"`
	PURL string `json:"purl,omitempty"` // of the later bill, if it has one
	// What is the attribute, for a relation what is needed.
	What   string `json:"what,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Diff gives what is different in b from a, in the order of kinds, names and
// attributes. Changes of Diff(b, a) are the same ones turned round.
func Diff(a, b *bom.Bill) []Change {
	d := differ{old: newSide(a), new: newSide(b)}
	d.match()
	d.document(a, b)
	for _, p := range d.pairs {
		if p.old != a.Root || identity(p.old) == identity(p.new) {
			d.component(p.old, p.new)
		}
	}
	for _, c := range d.old.alone() {
		d.add(Change{Kind: Removed, Name: name(c), PURL: c.PURL, Before: versionText(c)})
	}
	for _, c := range d.new.alone() {
		d.add(Change{Kind: Added, Name: name(c), PURL: c.PURL, After: versionText(c)})
	}
	d.relations()
	slices.SortStableFunc(d.found, func(x, y Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kinds[:], x.Kind), slices.Index(kinds[:], y.Kind)),
			strings.Compare(x.Name, y.Name), strings.Compare(x.What, y.What),
			strings.Compare(x.Before, y.Before), strings.Compare(x.After, y.After), strings.Compare(x.PURL, y.PURL),
		)
	})
	return d.found
}

// side is one of two bills.
type side struct {
	bill  *bom.Bill
	all   []*bom.Component       // sorted
	pair  map[*bom.Component]int // the pair of each that has one, from 1
	byRef map[string]*bom.Component
	// dependencies and assemblies are the statements of completeness, by ref.
	dependencies, assemblies map[string]string
}

func newSide(b *bom.Bill) *side {
	s := &side{bill: b, pair: map[*bom.Component]int{}, byRef: b.ByRef(), dependencies: map[string]string{}, assemblies: map[string]string{}}
	for c := range b.All() {
		if c != b.Root {
			s.all = append(s.all, c)
		}
	}
	slices.SortStableFunc(s.all, bom.Compare)
	for _, c := range b.Compositions {
		for _, ref := range c.Dependencies {
			s.dependencies[ref] = weakest(s.dependencies[ref], c.Aggregate)
		}
		for _, ref := range c.Assemblies {
			s.assemblies[ref] = weakest(s.assemblies[ref], c.Aggregate)
		}
	}
	return s
}

func (s *side) alone() []*bom.Component {
	var all []*bom.Component
	for _, c := range s.all {
		if s.pair[c] == 0 {
			all = append(all, c)
		}
	}
	return all
}

type pair struct{ old, new *bom.Component }

// differ compares two bills.
type differ struct {
	old, new *side
	pairs    []pair
	found    []Change
}

func (d *differ) add(c Change) { d.found = append(d.found, c) }

// match finds what is the same component in both: by identity and version
// first, then by identity, from the highest version down, then by name where a
// package URL came or went.
func (d *differ) match() {
	if d.old.bill.Root != nil && d.new.bill.Root != nil {
		d.join(d.old.bill.Root, d.new.bill.Root)
	}
	for _, key := range [...]func(*bom.Component) string{
		func(c *bom.Component) string { return identity(c) + "@" + versionText(c) + " " + hashText(c.Hashes) },
		func(c *bom.Component) string { return identity(c) + "@" + versionText(c) },
		identity,
		plainIdentity,
	} {
		left := map[string][]*bom.Component{}
		for _, c := range d.old.alone() {
			left[key(c)] = append(left[key(c)], c)
		}
		right := map[string][]*bom.Component{}
		for _, c := range d.new.alone() {
			right[key(c)] = append(right[key(c)], c)
		}
		for _, c := range d.new.alone() {
			k := key(c)
			for len(left[k]) > 0 && len(right[k]) > 0 {
				i, j := len(left[k])-1, len(right[k])-1
				d.join(left[k][i], right[k][j])
				left[k], right[k] = left[k][:i], right[k][:j]
			}
		}
	}
}

func (d *differ) join(a, b *bom.Component) {
	d.pairs = append(d.pairs, pair{a, b})
	d.old.pair[a], d.new.pair[b] = len(d.pairs), len(d.pairs)
}

// document compares what is said of the bills themselves.
func (d *differ) document(a, b *bom.Bill) {
	attribute := func(what, before, after string) {
		if before != after {
			d.add(Change{Kind: Document, What: what, Before: before, After: after})
		}
	}
	label := func(c *bom.Component) string {
		if c == nil {
			return ""
		}
		return nameAndVersion(c)
	}
	if a.Root == nil || b.Root == nil || identity(a.Root) != identity(b.Root) {
		attribute("root", label(a.Root), label(b.Root))
	}
	attribute("type", string(a.Type), string(b.Type))
	attribute("sharing", a.Sharing, b.Sharing)
	attribute("authors", partiesText(a.Authors), partiesText(b.Authors))
	attribute("manufacturer", partyText(a.Manufacturer), partyText(b.Manufacturer))
	attribute("supplier", partyText(a.Supplier), partyText(b.Supplier))
}

func partiesText(all []bom.Party) string {
	var s []string
	for i := range all {
		s = append(s, partyText(&all[i]))
	}
	return strings.Join(s, ", ")
}

// component compares one component that both have.
func (d *differ) component(a, b *bom.Component) {
	add := func(kind Kind, what, before, after string) {
		if before != after {
			d.add(Change{Kind: kind, Name: name(b), PURL: cmp.Or(b.PURL, a.PURL), What: what, Before: before, After: after})
		}
	}
	switch before, after := versionText(a), versionText(b); {
	case before == after:
		is := digests(b)
		for _, h := range a.Hashes {
			if other := is[h.Algorithm]; other != "" && !strings.EqualFold(other, h.Value) {
				add(Rehashed, h.Algorithm, h.Value, other)
			}
		}
	default:
		add(versionKind(a, b), "", before, after)
	}
	add(Relicensed, "", licenseText(a.Licenses), licenseText(b.Licenses))
	add(Resupplied, "supplier", partyText(a.Supplier), partyText(b.Supplier))
	add(Resupplied, "manufacturer", partyText(a.Manufacturer), partyText(b.Manufacturer))
	add(Rescoped, "", string(a.Scope), string(b.Scope))
	add(Recompleted, "dependencies", d.old.dependencies[a.Ref], d.new.dependencies[b.Ref])
	add(Recompleted, "assemblies", d.old.assemblies[a.Ref], d.new.assemblies[b.Ref])
	d.marks(a, b, add)
	for _, o := range others(a, b) {
		add(OtherwiseNew, o.what, o.before, o.after)
	}
}

// versionKind says what a change of version is.
func versionKind(a, b *bom.Component) Kind {
	if a.Version == "" || b.Version == "" {
		return Reversioned
	}
	switch sign, ok := order(a, b); {
	case !ok || sign == 0:
		return Reversioned
	case sign < 0:
		return Upgraded
	}
	return Downgraded
}

// marks compares what is declared unknown or taken out.
func (d *differ) marks(a, b *bom.Component, add func(kind Kind, what, before, after string)) {
	for _, what := range without(a.Unknown, b.Unknown) {
		add(Learned, what, "unknown", "")
	}
	for _, what := range without(b.Unknown, a.Unknown) {
		add(Forgotten, what, "", "unknown")
	}
	for _, what := range without(a.Redacted, b.Redacted) {
		add(Censored, what, "redacted", "")
	}
	for _, what := range without(b.Redacted, a.Redacted) {
		add(Censored, what, "", "redacted")
	}
}

// without is what a list has and another has not.
func without(list, other []string) []string {
	has := make(map[string]bool, len(other))
	for _, what := range other {
		has[what] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(what string) bool { return has[what] })
}

// digests are those of a component by algorithm, the first of each.
func digests(c *bom.Component) map[string]string {
	all := make(map[string]string, len(c.Hashes))
	for _, h := range c.Hashes {
		if all[h.Algorithm] == "" {
			all[h.Algorithm] = h.Value
		}
	}
	return all
}

// relations compares what the components that both have need of one another.
func (d *differ) relations() {
	before, after := d.edges(d.old), d.edges(d.new)
	tell := func(key [2]int, was, is string) {
		c, on := d.pairs[key[0]-1].new, d.pairs[key[1]-1].new
		d.add(Change{Kind: Rewired, Name: name(c), PURL: c.PURL, What: name(on), Before: was, After: is})
	}
	for key, was := range before {
		if is := after[key]; is != was {
			tell(key, was, is)
		}
	}
	for key, is := range after {
		if _, ok := before[key]; !ok {
			tell(key, "", is)
		}
	}
}

// edges are the relations of one bill between components that both have.
func (d *differ) edges(s *side) map[[2]int]string {
	all := map[[2]int][]string{}
	for _, e := range s.bill.Edges {
		from, to := s.pair[s.byRef[e.From]], s.pair[s.byRef[e.To]]
		if from > 0 && to > 0 {
			all[[2]int{from, to}] = append(all[[2]int{from, to}], e.Relation.String())
		}
	}
	joined := map[[2]int]string{}
	for key, list := range all {
		slices.Sort(list)
		joined[key] = strings.Join(slices.Compact(list), ", ")
	}
	return joined
}
