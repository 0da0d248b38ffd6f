package rules_test

import (
	"slices"
	"strings"
	"testing"

	"nacre/report/csaf"
	"nacre/report/csaf/rules"
)

// good is a security advisory that breaks no rule. The tests of package
// scan/output do the same with a document of the profile VEX.
func good() *csaf.Document {
	product := func(version string) csaf.Branch {
		return csaf.Branch{Category: "product_version", Name: version, Product: &csaf.Product{
			ID: "Foo-Bar@" + version, Name: "Foo-Bar " + version, Helper: &csaf.Helper{PURL: "pkg:cpan/Foo-Bar@" + version},
		}}
	}
	return &csaf.Document{
		Meta: csaf.Meta{
			Category: csaf.Advisory, Version: "2.0", Title: "CVE-2099-0001", Distribution: csaf.White(),
			Publisher: csaf.Publisher{Category: "other", Name: "AUTHOR", Namespace: "https://advisories.example/"},
			Tracking: csaf.Tracking{
				ID: "CVE-2099-0001", Status: "final", Version: "1.20990304.0", Initial: "2099-03-03T00:00:00Z", Current: "2099-03-04T00:00:00Z",
				Revisions: []csaf.Revision{
					{Date: "2099-03-03T00:00:00Z", Number: "1.0.0", Summary: "First."},
					{Date: "2099-03-04T00:00:00Z", Number: "1.20990304.0", Summary: "Last."},
				},
			},
		},
		Products: &csaf.ProductTree{Branches: []csaf.Branch{{Category: "product_name", Name: "Foo-Bar", Branches: []csaf.Branch{product("1.2"), product("1.3")}}}},
		Vulnerabilities: []csaf.Vulnerability{{
			CVE: "CVE-2099-0001", Notes: []csaf.Note{{Category: "summary", Text: "It follows links."}},
			Status: csaf.Status{Affected: []string{"Foo-Bar@1.2"}, Fixed: []string{"Foo-Bar@1.3"}},
		}},
	}
}

// TestBroken holds that each rule fails where it should, and no other.
func TestBroken(t *testing.T) {
	if wrong := rules.Broken(good()); wrong != nil {
		t.Fatalf("the good document: %q", wrong)
	}
	for _, c := range []struct {
		rule  string
		spoil func(d *csaf.Document)
	}{
		{"2", func(d *csaf.Document) { d.Products.Branches[0].Branches[1].Product.ID = "Foo-Bar@1.2" }},
		{"3.1.2", func(d *csaf.Document) { d.Products.Branches[0].Branches[1].Branches = []csaf.Branch{} }},
		{"6", func(d *csaf.Document) { d.Vulnerabilities[0].Status.Fixed = d.Vulnerabilities[0].Status.Affected }},
		{"13", func(d *csaf.Document) { d.Products.Branches[0].Branches[0].Product.Helper.PURL = "cpan/Foo-Bar" }},
		{"14", func(d *csaf.Document) { d.Meta.Tracking.Current = "2099-03-04" }},
		{"14", func(d *csaf.Document) { d.Meta.Tracking.Revisions[1].Date = "2099-03-02T00:00:00Z" }},
		{"14", func(d *csaf.Document) { revise(d, "1.0.1", "1.0.0") }},
		{"16", func(d *csaf.Document) { d.Meta.Tracking.Version = "1.0.0" }},
		{"16", func(d *csaf.Document) { d.Meta.Tracking.Revisions = nil }},
		{"17", func(d *csaf.Document) { revise(d, "0.1.0", "0.2.0") }},
		{"18", func(d *csaf.Document) { revise(d, "0.1.0", "1.0.0") }},
		{"21", func(d *csaf.Document) { revise(d, "1", "3") }},
		{"22", func(d *csaf.Document) { revise(d, "1.0.0", "1.0.0") }},
		{"26", func(d *csaf.Document) { d.Meta.Category = "Security Advisory" }},
		{"27.4", func(d *csaf.Document) { d.Products = nil }},
		{"27.6", func(d *csaf.Document) { d.Vulnerabilities[0].Status = csaf.Status{} }},
		{"27.11", func(d *csaf.Document) { d.Vulnerabilities = nil }},
		{"30", func(d *csaf.Document) { revise(d, "1", "1.0.0") }},
		{"30", func(d *csaf.Document) { revise(d, "1.0.0", "01.0.0") }},
		{"31", func(d *csaf.Document) { d.Products.Branches[0].Branches[0].Name = "before 1.3" }},
	} {
		doc := good()
		c.spoil(doc)
		if wrong := rules.Broken(doc); !slices.ContainsFunc(wrong, func(w string) bool { return strings.HasPrefix(w, c.rule+":") }) {
			t.Errorf("test %s does not fail, but %q", c.rule, wrong)
		}
	}
}

// revise gives a document two revisions.
func revise(d *csaf.Document, first, last string) {
	t := &d.Meta.Tracking
	t.Revisions[0].Number, t.Revisions[1].Number, t.Version = first, last, last
}
