package spdx_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/json"

	"nacre/bom"
	"nacre/bom/spdx"
	"nacre/jsondoc"
)

func TestToolsRead(t *testing.T) {
	b := made()
	out, losses, err := spdx.Write(b, bom.Format{Version: "2.3"})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s\n%v", out, losses)
	doc, err := json.Read(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(doc.Packages), len(doc.Relationships))
	again, err := spdx.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	again.Format = bom.Format{}
	_ = again
}

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

func TestExamples(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/spdx/tools-golang").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(strings.TrimSpace(string(dir)) + "/examples/sample-docs/json/*.json")
	more, _ := filepath.Glob(strings.TrimSpace(string(dir)) + "/json/test_fixtures/*.json")
	for _, f := range append(files, more...) {
		text, _ := os.ReadFile(f)
		b, err := spdx.Read(text)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		tree, err := jsondoc.Parse(text, jsondoc.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		out, losses, err := spdx.Write(b, b.Format)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(out); got != string(tree.Append(nil)) {
			os.WriteFile("/tmp/nacre/F4/a.json", tree.Append(nil), 0o644)
			os.WriteFile("/tmp/nacre/F4/b.json", out, 0o644)
			t.Errorf("%s: differs", f)
		}
		t.Log(filepath.Base(f), losses, len(b.Components), b.Root != nil, len(b.Edges))
	}
}
