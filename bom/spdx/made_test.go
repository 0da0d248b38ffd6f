package spdx_test

import (
	"strings"

	"nacre/bom"
)

// made is a bill that uses what SPDX has a word for, and what it has none for.
func made() *bom.Bill {
	return &bom.Bill{
		Serial: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Revision: 1, Created: "2026-11-22T20:00:00Z", Type: bom.Source,
		Authors: []bom.Party{{Person: true, Name: "Ada Example", Email: "ada@example.org"}},
		Tools:   []bom.Tool{{Name: "nacre", Version: "1.0.0"}},
		Root: &bom.Component{
			Ref: "pkg:cpan/Foo-Bar@1.20", Name: "Foo-Bar", Version: "1.20", Type: "library", PURL: "pkg:cpan/Foo-Bar@1.20",
			Licenses:   []bom.License{{Expression: "Artistic-1.0-Perl OR GPL-1.0-or-later", Claim: bom.Declared}},
			Unknown:    []string{"copyright", "supplier"},
			Origins:    []bom.Origin{{Field: "licenses", From: bom.Stated, Detail: "META.json license"}},
			Hashes:     []bom.Hash{{Algorithm: "SHA-256", Value: strings.Repeat("ab", 32)}},
			Parts:      []*bom.Component{{Ref: "zlib", Type: "library", Name: "zlib", Version: "1.2.3"}},
			References: []bom.Reference{{Type: "distribution", URL: "https://example.org/Foo-Bar-1.20.tar.gz"}, {Type: "vcs", URL: "https://example.org/git"}},
			Pedigree:   &bom.Pedigree{Ancestors: []*bom.Component{{Ref: "anc", Name: "Foo-Bar", Version: "1.19"}}, Patches: []bom.Patch{{Type: "backport", URL: "https://example.org/p.diff", Resolves: []bom.Issue{{Type: "security", ID: "CVE-2099-0001"}}}}},
		},
		Components:   []*bom.Component{{Ref: "pkg:cpan/Acme-Demo", Name: "Acme-Demo", Type: "platform", Range: "vers:cpan/>=1.2", Scope: bom.Required, Licenses: []bom.License{{Name: "My own", Claim: bom.Declared}, {ID: "MIT", Claim: bom.Declared}}}},
		Edges:        []bom.Edge{{From: "pkg:cpan/Foo-Bar@1.20", To: "pkg:cpan/Acme-Demo"}},
		Compositions: []bom.Composition{{Aggregate: "complete", Dependencies: []string{"pkg:cpan/Acme-Demo", "pkg:cpan/Foo-Bar@1.20"}}, {Aggregate: "unknown", Assemblies: []string{"pkg:cpan/Foo-Bar@1.20"}}},
	}
}
