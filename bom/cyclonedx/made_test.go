package cyclonedx_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/jsondoc"
)

// made is a bill with something in every field.
func made() *bom.Bill {
	foo := &bom.Component{
		Ref: "pkg:cpan/Foo-Bar@1.20", Type: "library", Name: "Foo-Bar", Version: "1.20", PURL: "pkg:cpan/Foo-Bar@1.20",
		CPE: "cpe:2.3:a:foo:bar:1.20:*:*:*:*:perl:*:*", Description: "bars & <foos>", Scope: bom.Required,
		IDs:          []bom.ID{{Type: "swid", Value: "tag-1"}, {Type: "swhid", Value: "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"}, {Type: "omniborId", Value: "gitoid:blob:sha1:261eeb9e9f8b2b4b0d119366dda99c6fd7d35c64"}},
		Authors:      []bom.Party{{Person: true, Name: "AUTHOR", Email: "author@example.org"}, {Person: true, Name: "OTHER"}},
		Supplier:     &bom.Party{Person: true, Name: "AUTHOR", Email: "author@example.org", URLs: []string{"https://example.org/author"}},
		Manufacturer: &bom.Party{Name: "Acme", URLs: []string{"https://example.org/"}, Contacts: []bom.Party{{Person: true, Name: "Desk", Email: "desk@example.org"}}},
		Publisher:    "Acme", Copyright: "© 2026 AUTHOR",
		Licenses: []bom.License{{Expression: "Artistic-1.0-Perl OR GPL-1.0-or-later", Claim: bom.Declared}},
		Hashes:   []bom.Hash{{Algorithm: "SHA-256", Value: strings.Repeat("ab", 32)}, {Algorithm: "SHA-512", Value: strings.Repeat("cd", 64)}},
		File:     bom.File{Name: "Foo-Bar-1.20.tar.gz", Executable: "non-executable", Archive: "archive", Structured: "structured"},
		Released: "2026-01-01T00:00:00Z",
		References: []bom.Reference{
			{Type: "distribution", URL: "https://example.org/Foo-Bar-1.20.tar.gz", Hashes: []bom.Hash{{Algorithm: "SHA-512", Value: strings.Repeat("cd", 64)}}},
			{Type: "vcs", URL: "https://example.org/foo-bar.git", Comment: "from META.json"},
		},
		Properties: []bom.Property{{Name: "cpan:dist:origin", Value: "cpan"}, {Name: "cpan:prereq", Value: "runtime/requires/Foo/1.2"}, {Name: "cpan:prereq", Value: "test/requires/Foo/0"}},
		Evidence: bom.Evidence{
			Identity: []bom.Identity{
				{Field: "purl", Confidence: 1, Methods: []bom.Method{{Technique: "hash-comparison", Confidence: 1, Value: "CHECKSUMS"}}},
				{Field: "version", Confidence: 0.9, Value: "1.20", Methods: []bom.Method{{Technique: "manifest-analysis", Confidence: 0.9}}},
			},
			Occurrences: []bom.Occurrence{{Location: "lib/Foo/Bar.pm", Line: 3}},
			Licenses:    []bom.License{{ID: "Artistic-2.0"}},
			Copyrights:  []string{"© 2026 AUTHOR"},
		},
		Pedigree: &bom.Pedigree{
			Ancestors: []*bom.Component{{Ref: "pkg:cpan/Foo-Bar@1.19", Type: "library", Name: "Foo-Bar", Version: "1.19", PURL: "pkg:cpan/Foo-Bar@1.19"}},
			Patches:   []bom.Patch{{Type: "backport", Text: "--- a\n+++ b\n", URL: "https://example.org/1.patch", Resolves: []bom.Issue{{Type: "security", ID: "CVE-2099-0001", Source: "NVD", URL: "https://example.org/CVE-2099-0001"}}}},
			Commits:   []bom.Commit{{UID: "123", URL: "https://example.org/commit/123"}},
			Notes:     "one patch",
		},
		Parts: []*bom.Component{{Ref: "zlib@1.3", Type: "library", Name: "zlib", Version: "1.3", Licenses: []bom.License{{ID: "Zlib", Claim: bom.Concluded}, {Name: "house rules", Text: "be kind", URL: "https://example.org/rules"}}}},
		Origins: []bom.Origin{
			{Field: "licenses", From: bom.Stated, Detail: "META.json license"},
			{Field: "releaseDate", From: bom.Index},
			{Field: "supplier", From: bom.Index, Detail: "01mailrc: AUTHOR"},
		},
		Unknown: []string{"releaseNotes", "securityContact"}, Redacted: []string{"vcs"},
	}
	perl := &bom.Component{Ref: "pkg:cpan/perl", Type: "platform", Name: "perl", PURL: "pkg:cpan/perl", External: true, Range: "vers:cpan/>=5.10.1", Scope: bom.Required}
	quux := &bom.Component{Ref: "pkg:cpan/Quux", Type: "library", Name: "Quux", PURL: "pkg:cpan/Quux", External: true, Range: "vers:cpan/>=1", Scope: bom.Excluded}
	return &bom.Bill{
		Serial: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Revision: 2, Created: "2026-01-02T03:04:05Z", Type: bom.Deployed,
		Authors:      []bom.Party{{Person: true, Name: "Desk", Email: "desk@example.org"}},
		Manufacturer: &bom.Party{Name: "Acme", Contacts: []bom.Party{{Person: true, Email: "desk@example.org"}}},
		Supplier:     &bom.Party{Name: "Acme", URLs: []string{"https://example.org/"}},
		Tools:        []bom.Tool{{Vendor: "Nacre", Name: "nacre", Version: "1.0", Hashes: []bom.Hash{{Algorithm: "SHA-256", Value: strings.Repeat("ef", 32)}}}},
		Licenses:     []bom.License{{ID: "CC0-1.0"}}, Sharing: "AMBER", Comment: "for customers",
		Root:       &bom.Component{Ref: "root", Type: "application", Name: "Acme-Demo", Version: "1.00"},
		Components: []*bom.Component{foo, perl, quux},
		Edges:      []bom.Edge{{From: "pkg:cpan/Foo-Bar@1.20", To: "pkg:cpan/perl"}, {From: "pkg:cpan/Foo-Bar@1.20", To: "pkg:cpan/Quux"}, {From: "root", To: "pkg:cpan/Foo-Bar@1.20"}},
		Compositions: []bom.Composition{
			{Aggregate: "complete", Dependencies: []string{"pkg:cpan/Foo-Bar@1.20", "root"}},
			{Aggregate: "unknown", Assemblies: []string{"pkg:cpan/Foo-Bar@1.20"}},
		},
		References: []bom.Reference{{Type: "bom", URL: "https://example.org/bom.json"}},
		Properties: []bom.Property{{Name: "acme:build", Value: "42"}},
	}
}

// readOnly are the fields that only reading sets.
var readOnly = []cmp.Option{
	cmpopts.IgnoreTypes(&jsondoc.Node{}),
	cmpopts.IgnoreFields(bom.Bill{}, "Format"),
	cmpopts.IgnoreFields(bom.Component{}, "Pointer", "Line"),
	cmpopts.IgnoreFields(bom.Edge{}, "Line"),
	cmpopts.IgnoreFields(bom.Composition{}, "Line"),
	cmpopts.IgnoreFields(bom.Edge{}, "Line"), cmpopts.IgnoreFields(bom.Composition{}, "Line"),
	cmpopts.EquateEmpty(),
	cmpopts.SortSlices(func(a, b bom.Edge) bool { return a.From+" "+a.To < b.From+" "+b.To }),
}

func TestMadeBillComesBack(t *testing.T) {
	for _, version := range []string{"1.6", "1.7"} {
		out, losses, err := cyclonedx.Write(made(), version)
		if err != nil || len(losses) > 0 {
			t.Fatalf("%s: %v %v", version, losses, err)
		}
		got := accepted(t, version, out)
		if diff := cmp.Diff(made(), got, readOnly...); diff != "" {
			t.Errorf("%s (- made, + read):\n%s\n%s", version, diff, out)
		}
		again, _, err := cyclonedx.Write(got, version)
		if err != nil || string(again) != string(out) {
			t.Errorf("%s: written again it differs: %v", version, err)
		}
		if version == "1.7" && strings.Contains(string(out), "cpan:provenance:licenses") {
			t.Error("1.7 has a property for what a citation says")
		}
	}
}

func TestOldVersionsOfMadeBill(t *testing.T) {
	for _, version := range []string{"1.2", "1.3", "1.4", "1.5"} {
		out, losses, err := cyclonedx.Write(made(), version)
		if err != nil || len(losses) == 0 {
			t.Fatalf("%s: %v %v", version, losses, err)
		}
		got := accepted(t, version, out)
		if n := len(slices.Collect(got.All())); n != 5 {
			t.Errorf("%s: %d components", version, n)
		}
	}
}

// A change that is taken back gives the document that was read.
func TestChangeTouchesNothingElse(t *testing.T) {
	text := `{
  "bomFormat": "CycloneDX",
  "x-first": 1.10,
  "specVersion": "1.6",
  "version": 1,
  "components": [
    {
      "name": "Foo-Bar",
      "type": "library",
      "x-mine": [],
      "hashes": [
        {
          "alg": "MD5",
          "content": "ABCDEFABCDEFABCDEFABCDEFABCDEFAB",
          "x-odd": null
        }
      ],
      "properties": [
        {
          "name": "z",
          "value": ""
        },
        {
          "name": "cpan:unknown",
          "value": "copyright, authors"
        },
        {
          "name": "a"
        }
      ]
    }
  ]
}
`
	b := mustRead(t, []byte(text))
	c := b.Components[0]
	if c.Ref != "Foo-Bar" || !slices.Equal(c.Unknown, []string{"authors", "copyright"}) || c.Hashes[0].Value != "abcdefabcdefabcdefabcdefabcdefab" {
		t.Errorf("read as %+v", c)
	}
	c.Version = "1.20"
	c.Hashes = append(c.Hashes, bom.Hash{Algorithm: "SHA-1", Value: strings.Repeat("0", 40)})
	c.Unknown = []string{"authors"}
	out, losses, err := cyclonedx.Write(b, "1.6")
	if err != nil || len(losses) > 0 {
		t.Fatal(losses, err)
	}
	want := strings.NewReplacer(
		"          \"x-odd\": null\n        }\n", "          \"x-odd\": null\n        },\n        {\n          \"alg\": \"SHA-1\",\n          \"content\": \""+strings.Repeat("0", 40)+"\"\n        }\n",
		"      \"properties\": [\n        {\n          \"name\": \"z\",\n          \"value\": \"\"\n        },\n        {\n          \"name\": \"cpan:unknown\",\n          \"value\": \"copyright, authors\"\n        },\n        {\n          \"name\": \"a\"\n        }\n      ]\n",
		"      \"properties\": [\n        {\n          \"name\": \"z\",\n          \"value\": \"\"\n        },\n        {\n          \"name\": \"a\"\n        },\n        {\n          \"name\": \"cpan:unknown\",\n          \"value\": \"authors\"\n        }\n      ],\n      \"version\": \"1.20\"\n",
	).Replace(text)
	if string(out) != want {
		t.Errorf("written:\n%s\nwant:\n%s", out, want)
	}
	back := mustRead(t, out)
	back.Components[0].Version, back.Components[0].Unknown = "", []string{"authors", "copyright"}
	back.Components[0].Hashes = back.Components[0].Hashes[:1]
	out, _, err = cyclonedx.Write(back, "1.6")
	if err != nil || !strings.Contains(string(out), `"x-odd": null`) || strings.Contains(string(out), "SHA-1") {
		t.Errorf("taken back: %v\n%s", err, out)
	}
}

// A bill that is put together from pieces of documents has an entry for each
// component, as one that was made.
func TestPutTogether(t *testing.T) {
	one := mustRead(t, []byte(`{"bomFormat": "CycloneDX", "specVersion": "1.4", "version": 1, "components": [{"type": "library", "bom-ref": "a", "name": "Foo-Bar", "version": "1", "author": "AUTHOR"}]}`))
	two := mustRead(t, []byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [{"type": "library", "bom-ref": "b", "name": "Foo-Baz", "x-own": 1}], "dependencies": [{"ref": "b"}]}`))
	out, losses, err := cyclonedx.Write(&bom.Bill{
		Components: append(one.Components, two.Components...),
		Edges:      []bom.Edge{{From: "a", To: "b"}},
	}, "1.6")
	if err != nil || len(losses) != 1 || losses[0].What != "x-own has no place in CycloneDX 1.6" {
		t.Errorf("%v %v", losses, err)
	}
	b := accepted(t, "what was put together", out)
	if n := len(b.Raw.Get("dependencies").Items); n != 2 || b.Components[0].Authors[0].Name != "AUTHOR" {
		t.Errorf("%s", out)
	}
}
