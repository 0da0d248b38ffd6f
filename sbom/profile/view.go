package profile

import (
	"strings"

	"nacre/bom"
)

// view is a bill with what several checks ask of it as a whole.
type view struct {
	bill *bom.Bill
	// unknown and redacted are what the bill declares of itself.
	unknown, redacted []string
	// needs are the refs that need something; entries those of which it is
	// stated, also that it is nothing.
	needs, entries map[string]bool
	// related are the refs that an edge or a part connects with something.
	related map[string]bool
	// dependencies and assemblies are how complete those are known, by ref.
	dependencies, assemblies map[string]string
}

func newView(b *bom.Bill) *view {
	v := &view{
		bill: b, needs: map[string]bool{}, entries: map[string]bool{}, related: map[string]bool{},
		dependencies: map[string]string{}, assemblies: map[string]string{},
	}
	for _, p := range b.Properties {
		switch p.Name {
		case "cpan:unknown":
			v.unknown = append(v.unknown, split(p.Value)...)
		case "cpan:redacted":
			v.redacted = append(v.redacted, split(p.Value)...)
		}
	}
	for _, e := range b.Edges {
		v.needs[e.From], v.entries[e.From], v.related[e.From], v.related[e.To] = true, true, true, true
	}
	for _, d := range b.Raw.Get("dependencies").List() {
		v.entries[d.Get("ref").Str()] = true
	}
	for _, c := range b.Compositions {
		for _, ref := range c.Dependencies {
			v.dependencies[ref] = c.Aggregate
		}
		for _, ref := range c.Assemblies {
			v.assemblies[ref] = c.Aggregate
		}
	}
	for c := range b.All() {
		if b.Raw == nil { // a writer states the leaves too
			v.entries[c.Ref] = true
		}
		for _, p := range c.Parts {
			v.related[c.Ref], v.related[p.Ref] = true, true
		}
	}
	if b.Root != nil && len(b.Components) == 0 {
		v.related[b.Root.Ref] = true
	}
	return v
}

func split(list string) []string {
	var all []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}
