package spdx_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/bom"
)

// noted is a bill of which no form of SPDX has all: each field below needs a note
// beside what its own key says.
func noted() *bom.Bill {
	return &bom.Bill{
		Serial: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Created: "2026-11-22T20:00:00.5Z", Comment: "c",
		Authors: []bom.Party{{Name: "Maker", URLs: []string{"https://example.org/acme"}, Contacts: []bom.Party{{Name: "Desk"}}}},
		Root: &bom.Component{
			Ref: "root", Name: "Foo-Bar", Version: "1.20", Type: "cryptographic-asset", Released: "2026-01-02T03:04:05.6Z",
			Licenses: []bom.License{{Name: "My own", Claim: bom.Declared}},
			Supplier: &bom.Party{Name: "Acme", Contacts: []bom.Party{{Name: "Desk"}}},
			Authors:  []bom.Party{{Person: true, Name: "Ada Example", Contacts: []bom.Party{{Name: "Desk"}}}, {Person: true, Name: "Bo Example"}},
			Hashes:   []bom.Hash{{Algorithm: "SHA-256", Value: strings.Repeat("ab", 32)}, {Algorithm: "Streebog-256", Value: strings.Repeat("cd", 32)}},
			IDs:      []bom.ID{{Type: "swhid", Value: "swh:1:cnt:" + strings.Repeat("ab", 20)}, {Type: "x", Value: "y"}},
			References: []bom.Reference{
				{Type: "website", URL: "https://example.org/"},
				{Type: "vcs", URL: "https://example.org/git", Hashes: []bom.Hash{{Algorithm: "MD5", Value: strings.Repeat("ef", 16)}}},
			},
			Unknown:  []string{"copyright", "description"},
			Pedigree: &bom.Pedigree{Patches: []bom.Patch{{Type: "backport", URL: "https://example.org/p.diff"}}},
		},
		Components: []*bom.Component{{Ref: "dep", Name: "Dep", Scope: bom.Required}},
		Edges:      []bom.Edge{{From: "root", To: "dep", Relation: bom.Optional}},
		Compositions: []bom.Composition{
			{Aggregate: "not_specified", Dependencies: []string{"root"}}, {Aggregate: "complete", Dependencies: []string{"dep"}},
		},
	}
}

// What another tool wrote into a field of SPDX's own counts, whatever a note says
// of what stood there before. A note about a field that nobody touched counts.
func TestEditedByOthers(t *testing.T) {
	said := func(v any) string { return fmt.Sprintf("%+v", v) }
	party := func(p *bom.Party) string { return fmt.Sprint(p.Name, len(p.Contacts)) }
	fields := []struct {
		name, before, after string
		get                 func(b *bom.Bill) string
		edits               [3][2]string // of SPDX 2.3 in JSON, in tag-value, of 3.0.1; the first text becomes the second
	}{
		{
			"created", "2026-11-22T20:00:00.5Z", "2027-01-01T00:00:00Z", func(b *bom.Bill) string { return b.Created },
			[3][2]string{{`"created": "2026-11-22T20:00:00Z"`, `"created": "2027-01-01T00:00:00Z"`}, {"Created: 2026-11-22T20:00:00Z", "Created: 2027-01-01T00:00:00Z"}, {`"created": "2026-11-22T20:00:00Z"`, `"created": "2027-01-01T00:00:00Z"`}},
		},
		{
			"authors of the bill", "Maker1", "Other0", func(b *bom.Bill) string { return party(&b.Authors[0]) },
			[3][2]string{{`"Organization: Maker"`, `"Organization: Other"`}, {"Creator: Organization: Maker", "Creator: Organization: Other"}, {`"name": "Maker"`, `"name": "Other"`}},
		},
		{
			"type", "cryptographic-asset", "library", func(b *bom.Bill) string { return b.Root.Type },
			[3][2]string{{`"primaryPackagePurpose": "OTHER"`, `"primaryPackagePurpose": "LIBRARY"`}, {"PrimaryPackagePurpose: OTHER", "PrimaryPackagePurpose: LIBRARY"}, {`"software_primaryPurpose": "other"`, `"software_primaryPurpose": "library"`}},
		},
		{
			"released", "2026-01-02T03:04:05.6Z", "2027-01-02T03:04:05Z", func(b *bom.Bill) string { return b.Root.Released },
			[3][2]string{{`"releaseDate": "2026`, `"releaseDate": "2027`}, {"ReleaseDate: 2026", "ReleaseDate: 2027"}, {`"releaseTime": "2026`, `"releaseTime": "2027`}},
		},
		{
			"licence", "My own", "MIT", func(b *bom.Bill) string { return b.Root.Licenses[0].String() },
			[3][2]string{{`"licenseDeclared": "LicenseRef-My-own"`, `"licenseDeclared": "MIT"`}, {"PackageLicenseDeclared: LicenseRef-My-own", "PackageLicenseDeclared: MIT"}, {`"simplelicensing_licenseExpression": "LicenseRef-My-own"`, `"simplelicensing_licenseExpression": "MIT"`}},
		},
		{
			"supplier", "Acme1", "Other0", func(b *bom.Bill) string { return party(b.Root.Supplier) },
			[3][2]string{{`"supplier": "Organization: Acme"`, `"supplier": "Organization: Other"`}, {"PackageSupplier: Organization: Acme", "PackageSupplier: Organization: Other"}, {`"suppliedBy": "`, `"suppliedBy": {"type": "Organization", "spdxId": "urn:other", "name": "Other"}, "was": "`}},
		},
		{
			"hashes", "2", "1", func(b *bom.Bill) string { return said(len(b.Root.Hashes)) },
			[3][2]string{{`"checksumValue": "abab`, `"checksumValue": "0bab`}, {"SHA256: abab", "SHA256: 0bab"}, {`"hashValue": "abab`, `"hashValue": "0bab`}},
		},
		{
			"identifiers", "2", "1", func(b *bom.Bill) string { return said(len(b.Root.IDs)) },
			[3][2]string{{`"referenceLocator": "swh:1:cnt`, `"referenceLocator": "swh:1:rev`}, {"swh swh:1:cnt", "swh swh:1:rev"}, {`"identifier": "swh:1:cnt`, `"identifier": "swh:1:rev`}},
		},
		{
			"references", "1", "0", func(b *bom.Bill) string { return said(digests(b.Root.References)) },
			[3][2]string{{`"https://example.org/git"`, `"https://example.org/other"`}, {"vcs https://example.org/git", "vcs https://example.org/other"}, {"\"https://example.org/git\"\n", "\"https://example.org/other\"\n"}},
		},
		{
			"unknown", "[copyright description]", "[description]", func(b *bom.Bill) string { return said(b.Root.Unknown) },
			[3][2]string{{`"copyrightText": "NOASSERTION"`, `"copyrightText": "(c) Ada"`}, {"PackageCopyrightText: NOASSERTION", "PackageCopyrightText: (c) Ada"}, {`"software_packageVersion"`, `"software_copyrightText": "(c) Ada", "software_packageVersion"`}},
		},
		{
			"patch", "backport", "", func(b *bom.Bill) string { return b.Root.Pedigree.Patches[0].Type },
			[3][2]string{{`"downloadLocation": "https://example.org/p.diff"`, `"downloadLocation": "https://example.org/q.diff"`}, {"PackageDownloadLocation: https://example.org/p.diff", "PackageDownloadLocation: https://example.org/q.diff"}, {`"software_downloadLocation": "https://example.org/p.diff"`, `"software_downloadLocation": "https://example.org/q.diff"`}},
		},
		{
			"scope", "required", "excluded", func(b *bom.Bill) string { return string(b.ByRef()["dep"].Scope) },
			[3][2]string{{`"OPTIONAL_DEPENDENCY_OF"`, `"TEST_DEPENDENCY_OF"`}, {" OPTIONAL_DEPENDENCY_OF ", " TEST_DEPENDENCY_OF "}, {`"relationshipType": "hasOptionalDependency"`, `"relationshipType": "dependsOn", "scope": "test"`}},
		},
		{
			"compositions", "[complete not_specified]", "[unknown]", func(b *bom.Bill) string {
				var all []string
				for _, c := range b.Compositions {
					all = append(all, c.Aggregate)
				}
				slices.Sort(all)
				return said(all)
			},
			[3][2]string{{`"relatedSpdxElement": "NONE"`, `"relatedSpdxElement": "NOASSERTION"`}, {" DEPENDS_ON NONE", " DEPENDS_ON NOASSERTION"}, {`"completeness": "complete"`, `"completeness": "noAssertion"`}},
		},
	}
	for i, form := range []bom.Format{{Name: "SPDX", Version: "2.3", Encoding: "json"}, {Name: "SPDX", Version: "2.3", Encoding: "tag-value"}, {Name: "SPDX", Version: "3.0.1", Encoding: "json"}} {
		text := string(write(t, noted(), form))
		for _, f := range fields {
			if got := f.get(read(t, []byte(text))); got != f.before {
				t.Errorf("%v, %s untouched: %q, want %q", form, f.name, got, f.before)
			}
			edited := strings.Replace(text, f.edits[i][0], f.edits[i][1], 1)
			if edited == text {
				t.Errorf("%v, %s: nothing to edit\n%s", form, f.name, text)
				continue
			}
			if got := f.get(read(t, []byte(edited))); got != f.after {
				t.Errorf("%v, %s edited: %q, want %q", form, f.name, got, f.after)
			}
		}
	}
}

func digests(list []bom.Reference) int {
	n := 0
	for _, r := range list {
		n += len(r.Hashes)
	}
	return n
}

// An external reference of several links, one of which is changed, is not kept
// for the sake of the others.
func TestOneOfSeveralLinks(t *testing.T) {
	b := read(t, []byte(seeds[2]))
	links := b.Root.References
	if len(links) != 2 {
		t.Fatalf("%+v", links)
	}
	links[0].URL = "https://example.org/new"
	out := write(t, b, b.Format)
	var got []string
	for _, r := range read(t, out).Root.References {
		got = append(got, r.Type+" "+r.URL)
	}
	slices.Sort(got)
	if want := []string{"vcs https://example.com", "vcs https://example.org/new"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q\n%s", got, want, out)
	}
}
