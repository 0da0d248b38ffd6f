package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/sbom/change"
)

// small is a bill with one of everything that Diff compares.
func small() *bom.Bill {
	return &bom.Bill{
		Serial: "urn:uuid:00000000-0000-4000-8000-000000000001", Revision: 1, Type: bom.Build,
		Root: &bom.Component{Ref: "root", Type: "application", Name: "acme", Version: "1"},
		Components: []*bom.Component{
			{Ref: "bar", Type: "library", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2?author=AUTHOR", Scope: bom.Required, Hashes: hashes("SHA-256", "aa"), Licenses: []bom.License{{ID: "MIT"}}},
			{Ref: "demo", Type: "library", Name: "Acme-Demo", Version: "v1.2.3", PURL: "pkg:cpan/Acme-Demo@v1.2.3", Unknown: []string{"supplier"}},
		},
		Edges:        []bom.Edge{{From: "root", To: "bar"}, {From: "bar", To: "demo", Relation: bom.Test}},
		Compositions: []bom.Composition{{Aggregate: "complete", Dependencies: []string{"root", "bar"}}, {Aggregate: "unknown", Dependencies: []string{"demo"}}},
	}
}

func hashes(algorithm, value string) []bom.Hash {
	return []bom.Hash{{Algorithm: algorithm, Value: value}}
}

func show(c change.Change) string {
	s := string(c.Kind)
	for _, part := range []string{c.Name, c.What} {
		if part != "" {
			s += " " + part
		}
	}
	return strings.TrimRight(fmt.Sprintf("%s: %s -> %s", s, c.Before, c.After), " ")
}

func TestDiff(t *testing.T) {
	bar := func(b *bom.Bill) *bom.Component { return b.Components[0] }
	for _, c := range []struct {
		what   string
		change func(b *bom.Bill)
		want   string
	}{
		{"nothing", func(*bom.Bill) {}, ""},
		{"another order", func(b *bom.Bill) { slices.Reverse(b.Components); slices.Reverse(b.Edges) }, ""},
		{"other refs", func(b *bom.Bill) {
			b.Components[1].Ref, b.Edges[1].To, b.Compositions[1].Dependencies[0] = "x", "x", "x"
		}, ""},
		{"added", func(b *bom.Bill) {
			b.Components = append(b.Components, &bom.Component{Ref: "n", Name: "New", Version: "1"})
		}, "added New:  -> 1"},
		{"removed", func(b *bom.Bill) { b.Components = b.Components[:1] }, "removed Acme-Demo: v1.2.3 ->"},
		{"upgraded", func(b *bom.Bill) { bar(b).Version = "1.21" }, "upgraded Foo-Bar: 1.2 -> 1.21"},
		{"downgraded, as perl has it", func(b *bom.Bill) { bar(b).Version = "1.19" }, "downgraded Foo-Bar: 1.2 -> 1.19"},
		{"spelled otherwise", func(b *bom.Bill) { bar(b).Version = "1.20" }, "version Foo-Bar: 1.2 -> 1.20"},
		{"no version of perl", func(b *bom.Bill) { bar(b).Version = "1.2-odd" }, "version Foo-Bar: 1.2 -> 1.2-odd"},
		{"other bytes", func(b *bom.Bill) { bar(b).Hashes[0].Value = "bb" }, "hash Foo-Bar SHA-256: aa -> bb"},
		{"other bytes of another version", func(b *bom.Bill) { bar(b).Hashes[0].Value = "bb"; bar(b).Version = "1.3" }, "upgraded Foo-Bar: 1.2 -> 1.3"},
		{"another digest", func(b *bom.Bill) { bar(b).Hashes = append(bar(b).Hashes, hashes("SHA-512", "cc")...) }, "other Foo-Bar digests:  -> 1"},
		{"licence", func(b *bom.Bill) { bar(b).Licenses[0].ID = "Zlib" }, "license Foo-Bar: MIT -> Zlib"},
		{"supplier", func(b *bom.Bill) { bar(b).Supplier = &bom.Party{Name: "Acme", Email: "a@example.org"} }, "supplier Foo-Bar supplier:  -> Acme <a@example.org>"},
		{"scope", func(b *bom.Bill) { bar(b).Scope = bom.Excluded }, "scope Foo-Bar: required -> excluded"},
		{"relation", func(b *bom.Bill) { b.Edges[1].Relation = bom.DependsOn }, "relation Foo-Bar Acme-Demo: test -> depends on"},
		{"needs more", func(b *bom.Bill) { b.Edges = append(b.Edges, bom.Edge{From: "root", To: "demo"}) }, "relation acme Acme-Demo:  -> depends on"},
		{"completeness", func(b *bom.Bill) { b.Compositions[0].Aggregate = "incomplete" }, "completeness Foo-Bar dependencies: complete -> incomplete, completeness acme dependencies: complete -> incomplete"},
		{"known", func(b *bom.Bill) {
			b.Components[1].Unknown = nil
			b.Components[1].Supplier = &bom.Party{Name: "AUTHOR"}
		}, "supplier Acme-Demo supplier:  -> AUTHOR, known Acme-Demo supplier: unknown ->"},
		{"unknown", func(b *bom.Bill) { bar(b).SetUnknown("copyright") }, "unknown Foo-Bar copyright:  -> unknown"},
		{"taken out", func(b *bom.Bill) { bar(b).SetRedacted("copyright") }, "redacted Foo-Bar copyright:  -> redacted"},
		{"package URL gone", func(b *bom.Bill) { bar(b).PURL = "" }, "other Foo-Bar purl: pkg:cpan/Foo-Bar@1.2?author=AUTHOR ->"},
		{"description", func(b *bom.Bill) { bar(b).Description = "bars" }, "other Foo-Bar description:  -> bars"},
		{"another product", func(b *bom.Bill) { b.Root.Name = "other" }, "document root: acme 1 -> other 1"},
		{"another type", func(b *bom.Bill) { b.Type = bom.Source }, "document type: build -> source"},
	} {
		b := small()
		c.change(b)
		var got []string
		for _, one := range change.Diff(small(), b) {
			got = append(got, show(one))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.what, s, c.want)
		}
		// The other way round the same changes are told, turned round.
		var back []string
		for _, one := range change.Diff(b, small()) {
			back = append(back, show(turn(one)))
		}
		slices.Sort(got)
		slices.Sort(back)
		if !slices.Equal(got, back) {
			t.Errorf("%s: the other way round\ngot  %q\nwant %q", c.what, back, got)
		}
	}
}

// turn turns a change round.
func turn(c change.Change) change.Change {
	opposite := map[change.Kind]change.Kind{
		change.Added: change.Removed, change.Removed: change.Added,
		change.Upgraded: change.Downgraded, change.Downgraded: change.Upgraded,
		change.Learned: change.Forgotten, change.Forgotten: change.Learned,
	}
	if k, ok := opposite[c.Kind]; ok {
		c.Kind = k
	}
	c.Before, c.After = c.After, c.Before
	return c
}

// TestDiffSeveral pairs what is there in several versions: equal ones first,
// and of the rest the highest.
func TestDiffSeveral(t *testing.T) {
	bill := func(versions ...string) *bom.Bill {
		b := &bom.Bill{}
		for _, v := range versions {
			b.Components = append(b.Components, &bom.Component{Ref: v, Name: "Foo", Version: v})
		}
		return b
	}
	for _, c := range []struct {
		old, new []string
		want     string
	}{
		{[]string{"1", "2"}, []string{"2", "3"}, "upgraded Foo: 1 -> 3"},
		{[]string{"1", "2"}, []string{"3"}, "removed Foo: 1 ->, upgraded Foo: 2 -> 3"},
		{[]string{"3"}, []string{"1", "2"}, "added Foo:  -> 1, downgraded Foo: 3 -> 2"},
		{[]string{"1"}, []string{"1", "1.1"}, "added Foo:  -> 1.1"},
	} {
		var got []string
		for _, one := range change.Diff(bill(c.old...), bill(c.new...)) {
			got = append(got, show(one))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q to %q: %s, want %s", c.old, c.new, s, c.want)
		}
	}
}
