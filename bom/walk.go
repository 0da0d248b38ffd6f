package bom

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"nacre/perlver"
)

// All gives every component, the root first, and parts after what they are in.
// Ancestors are no components of the product.
func (b *Bill) All() iter.Seq[*Component] {
	return func(yield func(*Component) bool) {
		if b.Root != nil && !b.Root.all(yield) {
			return
		}
		for _, c := range b.Components {
			if !c.all(yield) {
				return
			}
		}
	}
}

func (c *Component) all(yield func(*Component) bool) bool {
	if !yield(c) {
		return false
	}
	for _, p := range c.Parts {
		if !p.all(yield) {
			return false
		}
	}
	return true
}

// ByRef gives every component by its ref, ancestors left out; of two with the
// same ref the first.
func (b *Bill) ByRef() map[string]*Component {
	refs := map[string]*Component{}
	for c := range b.All() {
		if _, ok := refs[c.Ref]; !ok {
			refs[c.Ref] = c
		}
	}
	return refs
}

// Property gives the first value of a property, "" for none.
func (c *Component) Property(name string) string {
	for _, p := range c.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Hash gives the digest by an algorithm, "" for none.
func (c *Component) Hash(algorithm string) string {
	for _, h := range c.Hashes {
		if h.Algorithm == algorithm {
			return h.Value
		}
	}
	return ""
}

// Origin says where an attribute comes from; the zero Origin where nobody says.
func (c *Component) Origin(field string) Origin {
	for _, o := range c.Origins {
		if o.Field == field {
			return o
		}
	}
	return Origin{}
}

// SetOrigin says where an attribute comes from, in place of what was said.
func (c *Component) SetOrigin(field string, from From, detail string) {
	i, found := slices.BinarySearchFunc(c.Origins, field, func(o Origin, f string) int { return cmp.Compare(o.Field, f) })
	if !found {
		c.Origins = slices.Insert(c.Origins, i, Origin{})
	}
	c.Origins[i] = Origin{field, from, detail}
}

// SetUnknown says that an attribute was looked for and is not known.
func (c *Component) SetUnknown(field string) { c.Unknown = insert(c.Unknown, field) }

// SetRedacted says that an attribute was taken out.
func (c *Component) SetRedacted(field string) { c.Redacted = insert(c.Redacted, field) }

func insert(list []string, s string) []string {
	i, found := slices.BinarySearch(list, s)
	if found {
		return list
	}
	return slices.Insert(list, i, s)
}

// hashOrder is the order in which digests are written.
var hashOrder = [...]string{"SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "SHA-1", "MD5"}

// CompareHashes orders digests: SHA-256 first, and then as hashOrder has it.
func CompareHashes(a, b Hash) int {
	rank := func(h Hash) int {
		if i := slices.Index(hashOrder[:], h.Algorithm); i >= 0 {
			return i
		}
		return len(hashOrder)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.Value, b.Value))
}

// Compare orders components by name, by Perl's order of versions, and by package
// URL and ref.
func Compare(a, b *Component) int {
	return cmp.Or(
		strings.Compare(a.Name, b.Name),
		compareVersions(a.Version, b.Version),
		strings.Compare(a.PURL, b.PURL),
		strings.Compare(a.Ref, b.Ref),
	)
}

// compareVersions puts what is no version of Perl behind those that are.
func compareVersions(a, b string) int {
	va, errA := perlver.Parse(a)
	vb, errB := perlver.Parse(b)
	switch {
	case errA == nil && errB == nil:
		return cmp.Or(va.Compare(vb), strings.Compare(a, b))
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return strings.Compare(a, b)
}

// Sort puts everything whose order says nothing into one order: components and
// their parts, edges, compositions, references, properties and digests. Licences
// and people stay as their source has them.
func (b *Bill) Sort() {
	slices.SortStableFunc(b.Components, Compare)
	slices.SortFunc(b.Edges, func(x, y Edge) int {
		return cmp.Or(strings.Compare(x.From, y.From), strings.Compare(x.To, y.To), cmp.Compare(x.Relation, y.Relation))
	})
	b.Edges = slices.CompactFunc(b.Edges, func(x, y Edge) bool {
		return x.From == y.From && x.To == y.To && x.Relation == y.Relation && x.Raw.Equal(y.Raw)
	})
	for i := range b.Compositions {
		c := &b.Compositions[i]
		slices.Sort(c.Assemblies)
		slices.Sort(c.Dependencies)
	}
	slices.SortStableFunc(b.Compositions, func(x, y Composition) int {
		return cmp.Or(strings.Compare(x.Aggregate, y.Aggregate), slices.Compare(x.Assemblies, y.Assemblies), slices.Compare(x.Dependencies, y.Dependencies))
	})
	sortReferences(b.References)
	sortProperties(b.Properties)
	for c := range b.All() {
		slices.SortStableFunc(c.Parts, Compare)
		slices.SortFunc(c.Hashes, CompareHashes)
		sortReferences(c.References)
		sortProperties(c.Properties)
	}
}

func sortReferences(refs []Reference) {
	slices.SortStableFunc(refs, func(a, b Reference) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.URL, b.URL))
	})
	for _, r := range refs {
		slices.SortFunc(r.Hashes, CompareHashes)
	}
}

func sortProperties(ps []Property) {
	slices.SortStableFunc(ps, func(a, b Property) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
}

// Has reports whether a component states an attribute, by the names that Unknown
// and Redacted use; of names that are not the model's it says no.
func (c *Component) Has(attribute string) bool {
	linked := func(kinds ...string) bool {
		return slices.ContainsFunc(c.References, func(r Reference) bool { return slices.Contains(kinds, r.Type) })
	}
	switch attribute {
	case "version":
		return c.Version != ""
	case "purl":
		return c.PURL != ""
	case "cpe":
		return c.CPE != ""
	case "description":
		return c.Description != ""
	case "copyright":
		return c.Copyright != ""
	case "supplier":
		return c.Supplier != nil
	case "manufacturer":
		return c.Manufacturer != nil
	case "authors":
		return len(c.Authors) > 0
	case "licenses":
		return len(c.Licenses) > 0
	case "hashes":
		return len(c.Hashes) > 0
	case "filename":
		return c.File.Name != ""
	case "executable":
		return c.File.Executable != ""
	case "archive":
		return c.File.Archive != ""
	case "structured":
		return c.File.Structured != ""
	case "released":
		return c.Released != ""
	case "security-contact":
		return linked("security-contact", "rfc-9116")
	case "distribution":
		return linked("distribution")
	case "source":
		return linked("source-distribution", "vcs")
	}
	return false
}

// OtherBytes gives an algorithm by which two components have different digests,
// "" where none says that their bytes differ.
func OtherBytes(a, b *Component) (algorithm string) {
	if len(a.Hashes) == 0 {
		return ""
	}
	other := make(map[string]string, len(b.Hashes))
	for _, h := range b.Hashes {
		if _, twice := other[h.Algorithm]; !twice {
			other[h.Algorithm] = h.Value
		}
	}
	for _, h := range a.Hashes {
		if was := other[h.Algorithm]; was != "" && !strings.EqualFold(was, h.Value) {
			return h.Algorithm
		}
	}
	return ""
}
