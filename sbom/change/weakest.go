package change

import (
	"slices"

	"nacre/bom"
)

// aggregates are the words of completeness, the strongest first.
var aggregates = [...]string{
	"complete",
	"incomplete_first_party_only", "incomplete_first_party_proprietary_only", "incomplete_first_party_opensource_only",
	"incomplete_third_party_only", "incomplete_third_party_proprietary_only", "incomplete_third_party_opensource_only",
	"incomplete", "unknown", "not_specified",
}

// weakest gives the weaker of two statements of completeness; "" states nothing.
func weakest(a, b string) string {
	rank := func(s string) int {
		if i := slices.Index(aggregates[:], s); i >= 0 {
			return i
		}
		return len(aggregates) - 2 // a word of tomorrow: as good as unknown
	}
	switch {
	case a == "":
		return b
	case b == "" || rank(a) > rank(b) || rank(a) == rank(b) && a >= b:
		return a
	}
	return b
}

// compositions writes statements about refs as few compositions, one for each
// word: dependencies and assemblies apart.
func compositions(dependencies, assemblies map[string]string) []bom.Composition {
	byWord := map[string]*bom.Composition{}
	at := func(word string) *bom.Composition {
		if byWord[word] == nil {
			byWord[word] = &bom.Composition{Aggregate: word}
		}
		return byWord[word]
	}
	for ref, word := range dependencies {
		at(word).Dependencies = append(at(word).Dependencies, ref)
	}
	for ref, word := range assemblies {
		at(word).Assemblies = append(at(word).Assemblies, ref)
	}
	var all []bom.Composition
	for _, c := range byWord {
		slices.Sort(c.Dependencies)
		slices.Sort(c.Assemblies)
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b bom.Composition) int {
		return slices.Index(aggregates[:], a.Aggregate) - slices.Index(aggregates[:], b.Aggregate)
	})
	return all
}
