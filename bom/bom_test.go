package bom_test

import (
	"slices"
	"testing"

	"nacre/bom"
)

func TestSort(t *testing.T) {
	c := func(name, version string) *bom.Component {
		return &bom.Component{Ref: name + "@" + version, Name: name, Version: version}
	}
	b := bom.Bill{
		Components: []*bom.Component{c("B", "1.9"), c("A", "v1.10.0"), c("A", "1.9"), c("A", "odd"), c("A", "1.1")},
		Edges:      []bom.Edge{{From: "b", To: "a"}, {From: "a", To: "c", Relation: bom.Test}, {From: "a", To: "c"}, {From: "b", To: "a"}},
	}
	b.Components[0].Hashes = []bom.Hash{{"MD5", "1"}, {"SHA-512", "2"}, {"Streebog-256", "3"}, {"SHA-256", "4"}}
	b.Sort()
	var got []string
	for c := range b.All() {
		got = append(got, c.Ref)
	}
	if want := []string{"A@v1.10.0", "A@1.1", "A@1.9", "A@odd", "B@1.9"}; !slices.Equal(got, want) {
		t.Errorf("components %q, want %q", got, want)
	}
	if len(b.Edges) != 3 || b.Edges[0] != (bom.Edge{From: "a", To: "c"}) {
		t.Errorf("edges %v", b.Edges)
	}
	if h := b.Components[4].Hashes; h[0].Algorithm != "SHA-256" || h[1].Algorithm != "SHA-512" || h[3].Algorithm != "Streebog-256" {
		t.Errorf("digests %v", h)
	}
}

func TestMarks(t *testing.T) {
	var c bom.Component
	c.SetUnknown("supplier")
	c.SetUnknown("copyright")
	c.SetUnknown("supplier")
	c.SetOrigin("version", bom.Stated, "META.json")
	c.SetOrigin("licenses", bom.Stated, "META.json")
	c.SetOrigin("version", bom.Archive, "file name")
	if !slices.Equal(c.Unknown, []string{"copyright", "supplier"}) {
		t.Error(c.Unknown)
	}
	if len(c.Origins) != 2 || c.Origin("version").From != bom.Archive || c.Origin("hashes") != (bom.Origin{}) {
		t.Error(c.Origins)
	}
}
