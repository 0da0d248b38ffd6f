package sbom

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"nacre/bom"
)

// unreached is what inventory/all notes of what a lock has, and its own project's
// requirements do not lead to.
const unreached = "path unknown, probably test or removed"

// bill puts the resolved bill together: the source bill, with releases in the
// place of ranges and behind them all that they need.
func (r *resolver) bill() *bom.Bill {
	b := *r.source
	b.Type, b.Revision, b.Signed = bom.Build, 1, false
	b.Properties = slices.DeleteFunc(slices.Clone(b.Properties), func(p bom.Property) bool { return p.Name == "cpan:sbom:type" })
	if r.source.Serial != "" {
		if id, ok := strings.CutPrefix(r.source.Serial, "urn:uuid:"); ok {
			b.References = append(slices.Clone(b.References), bom.Reference{
				Type: "bom", URL: "urn:cdx:" + id + "/" + itoa(max(r.source.Revision, 1)), Comment: "the source bill that this one was resolved from",
			})
		}
	}
	if r.opt.Authors != nil {
		b.Authors = r.opt.Authors
	}
	if r.opt.Manufacturer != nil {
		b.Manufacturer = r.opt.Manufacturer
	}
	b.Properties = r.stillUnknown(b.Properties)
	b.Tools = r.found.Tools
	refs := r.sourceRefs()
	for c := range r.found.All() {
		c.Properties = slices.DeleteFunc(c.Properties, ofProject)
	}
	b.Components = nil
	ref := map[string]string{} // of what was a range, to what took its place
	asked := map[*bom.Component]bom.Scope{}
	for _, c := range r.source.Components {
		there := r.chosen[c.Ref]
		if there == nil {
			b.Components = append(b.Components, c)
			continue
		}
		ref[c.Ref] = there.Ref
		asked[there] = asked[there].Stronger(cmp.Or(c.Scope, there.Scope))
		took(there, c)
	}
	was := map[*bom.Component]bom.Scope{} // by the lock or installation alone
	for there, scope := range asked {
		was[there], there.Scope = there.Scope, scope
	}
	b.Edges = nil
	for _, e := range r.source.Edges {
		if to, ok := ref[e.To]; ok {
			e.To, e.Raw = to, nil
		}
		if from, ok := ref[e.From]; ok {
			e.From, e.Raw = from, nil
		}
		b.Edges = append(b.Edges, e)
	}
	needed := r.needed(ref)
	direct := map[string]bool{}
	for _, there := range ref {
		direct[there] = true
	}
	for _, c := range r.found.Components {
		if !needed[c.Ref] || refs[c.Ref] {
			continue
		}
		b.Components = append(b.Components, c)
		if c.Type != "platform" && !direct[c.Ref] {
			c.Properties = append(c.Properties, bom.Property{Name: "cpan:dependency:kind", Value: "transitive"})
		}
		if c.Version == "" && c.Type != "platform" {
			r.notice("nothing here resolves " + c.Ref)
		}
	}
	for _, e := range r.found.Edges {
		if needed[e.From] && e.From != r.found.Root.Ref {
			b.Edges = append(b.Edges, e)
		}
	}
	runs := r.toRun(&b)
	for there, scope := range was {
		if there.Scope != bom.Required && runs[there.Ref] {
			there.Scope = scope // something that runs needs it as well
		}
	}
	b.Compositions = r.statements(&b)
	b.Sort()
	return &b
}

// sourceRefs are the refs of the source bill that stay in it.
func (r *resolver) sourceRefs() map[string]bool {
	refs := map[string]bool{}
	for c := range r.source.All() {
		refs[c.Ref] = r.chosen[c.Ref] == nil
	}
	return refs
}

// took moves what a range was required by to the release that took its place.
func took(there, c *bom.Component) {
	n := node{Component: there}
	n.property("cpan:resolved:range", c.Range)
	for _, p := range c.Properties {
		if p.Name == "cpan:prereq" || p.Name == "cpan:feature" || p.Name == "cpan:dependency:kind" && p.Value != "requirement" {
			n.property(p.Name, p.Value)
		}
	}
}

// ofProject reports whether a property says something of the project that the
// lock is of, and nothing of the bill that is resolved.
func ofProject(p bom.Property) bool {
	switch p.Name {
	case "cpan:prereq", "cpan:feature":
		return true
	case "cpan:note":
		return p.Value == unreached
	case "cpan:dependency:kind":
		return p.Value == "direct" || p.Value == "transitive" || slices.Contains(Phases(), Phase(p.Value))
	}
	return false
}

// toRun are the refs that the root needs to run, by way of others too: what only
// tests ask for by name may be among them.
func (r *resolver) toRun(b *bom.Bill) map[string]bool {
	to := map[string][]string{}
	for _, e := range b.Edges {
		if e.Relation == bom.DependsOn || e.Relation == bom.Provided {
			to[e.From] = append(to[e.From], e.To)
		}
	}
	return reach(to, []string{b.Root.Ref})
}

// reach are the refs that some lead to, these among them.
func reach(to map[string][]string, from []string) map[string]bool {
	reached := map[string]bool{}
	for len(from) > 0 {
		at := from[len(from)-1]
		from = from[:len(from)-1]
		if !reached[at] {
			reached[at] = true
			from = append(from, to[at]...)
		}
	}
	return reached
}

// stillUnknown takes what is stated now out of what the source bill says of itself
// that nobody knows.
func (r *resolver) stillUnknown(all []bom.Property) []bom.Property {
	var out []bom.Property
	for _, p := range all {
		if p.Name == "cpan:unknown" {
			open := slices.DeleteFunc(strings.Split(p.Value, ","), func(what string) bool {
				return what == "authors" && r.opt.Authors != nil || what == "manufacturer" && r.opt.Manufacturer != nil
			})
			if p.Value = strings.Join(open, ","); p.Value == "" {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// needed are the refs of the found bill that the resolved releases are, or need,
// and of what these are a part of.
func (r *resolver) needed(ref map[string]string) map[string]bool {
	to := map[string][]string{}
	for _, e := range r.found.Edges {
		if e.From != r.found.Root.Ref {
			to[e.From] = append(to[e.From], e.To)
		}
	}
	for _, c := range r.found.Components {
		for _, p := range c.Parts {
			to[p.Ref] = append(to[p.Ref], c.Ref)
		}
	}
	needed := reach(to, slices.Collect(maps.Values(ref)))
	delete(needed, r.found.Root.Ref)
	return needed
}

// statements say how completely everything is known: as both bills have it, and
// the root's dependencies incompletely where something stays a range.
func (r *resolver) statements(b *bom.Bill) []bom.Composition {
	here := map[string]bool{}
	for c := range b.All() {
		here[c.Ref] = true
	}
	var out []bom.Composition
	add := func(list []bom.Composition, keep func(string) bool) {
		for _, c := range list {
			s := bom.Composition{Aggregate: c.Aggregate}
			for _, ref := range c.Assemblies {
				if keep(ref) {
					s.Assemblies = append(s.Assemblies, ref)
				}
			}
			for _, ref := range c.Dependencies {
				if keep(ref) && (ref != b.Root.Ref || len(r.open) == 0) {
					s.Dependencies = append(s.Dependencies, ref)
				}
			}
			if len(s.Assemblies)+len(s.Dependencies) > 0 {
				out = append(out, s)
			}
		}
	}
	kept := r.sourceRefs()
	add(r.source.Compositions, func(ref string) bool { return here[ref] && kept[ref] })
	add(r.found.Compositions, func(ref string) bool { return here[ref] && !kept[ref] })
	if len(r.open) > 0 {
		out = append(out, bom.Composition{Aggregate: incomplete, Dependencies: []string{b.Root.Ref}})
	}
	return together(out)
}

// together makes one statement of those that say the same.
func together(all []bom.Composition) []bom.Composition {
	var out []bom.Composition
	at := map[string]int{}
	for _, c := range all {
		i, ok := at[c.Aggregate]
		if !ok {
			at[c.Aggregate] = len(out)
			out = append(out, c)
			continue
		}
		out[i].Assemblies = append(out[i].Assemblies, c.Assemblies...)
		out[i].Dependencies = append(out[i].Dependencies, c.Dependencies...)
	}
	return out
}
