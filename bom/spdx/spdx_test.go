package spdx_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spdx/tools-golang/json"
	tools "github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"
	"github.com/spdx/tools-golang/tagvalue"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
	"nacre/bom/spdx"
)

var forms = []bom.Format{
	{Name: "SPDX", Version: "2.2", Encoding: "json"},
	{Name: "SPDX", Version: "2.2", Encoding: "tag-value"},
	{Name: "SPDX", Version: "2.3", Encoding: "json"},
	{Name: "SPDX", Version: "2.3", Encoding: "tag-value"},
	{Name: "SPDX", Version: "3.0.1", Encoding: "json"},
}

// write fails the test where a bill cannot be written whole.
func write(t *testing.T, b *bom.Bill, f bom.Format) []byte {
	t.Helper()
	out, losses, err := spdx.Write(b, f)
	if err != nil || len(losses) > 0 {
		t.Fatalf("write %v: %v %v", f, err, losses)
	}
	return out
}

func read(t *testing.T, text []byte) *bom.Bill {
	t.Helper()
	b, err := spdx.Read(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return b
}

// Nothing of the model is lost on the way through any form: what comes back is
// written as what went in. Every form passes its schema.
func TestNothingOfTheModelIsLost(t *testing.T) {
	last := forms[2]
	want := string(write(t, made(), last))
	for _, f := range forms {
		b := read(t, write(t, made(), f))
		if b.Format != f {
			t.Errorf("%v is read as %v", f, b.Format)
		}
		if problems, err := schema.Check(b.Raw, f); err != nil || len(problems) > 0 {
			t.Errorf("%v: %v %v", f, problems, err)
		}
		strip(b)
		got, _, err := spdx.Write(b, last)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("by way of %v:\n%s", f, diff)
		}
	}
}

// strip takes away what a bill was read from, and the order of refs in
// compositions, which relationships do not keep.
func strip(b *bom.Bill) {
	b.Raw = nil
	var all func(c *bom.Component)
	all = func(c *bom.Component) {
		c.Raw = nil
		for _, p := range c.Parts {
			all(p)
		}
		if c.Pedigree != nil {
			for _, a := range c.Pedigree.Ancestors {
				all(a)
			}
			for i := range c.Pedigree.Patches {
				c.Pedigree.Patches[i].Raw = nil
			}
		}
	}
	all(b.Root)
	for _, c := range b.Components {
		all(c)
	}
	for _, c := range b.Compositions {
		slices.Sort(c.Dependencies)
		slices.Sort(c.Assemblies)
	}
}

// The readers of the SPDX project find the same packages and relationships.
func TestOtherReaders(t *testing.T) {
	wantPackages := []string{"Acme-Demo", "Foo-Bar 1.19", "Foo-Bar 1.20", "patch of pkg:cpan/Foo-Bar@1.20", "zlib 1.2.3"}
	for _, f := range forms[2:4] {
		text := write(t, made(), f)
		var doc *tools.Document
		var err error
		if f.Encoding == "json" {
			doc, err = json.Read(bytes.NewReader(text))
		} else {
			doc, err = tagvalue.Read(bytes.NewReader(text))
		}
		if err != nil {
			t.Fatalf("%v: %v\n%s", f, err, text)
		}
		var packages, relationships []string
		for _, p := range doc.Packages {
			packages = append(packages, strings.TrimSpace(p.PackageName+" "+p.PackageVersion))
		}
		for _, r := range doc.Relationships {
			relationships = append(relationships, strings.Join([]string{string(r.RefA.ElementRefID), r.Relationship, string(r.RefB.ElementRefID) + r.RefB.SpecialID}, " "))
		}
		slices.Sort(packages)
		if diff := cmp.Diff(wantPackages, packages); diff != "" {
			t.Errorf("%v: %s", f, diff)
		}
		want := []string{
			"DOCUMENT DESCRIBES pkg-cpan-Foo-Bar-1.20",
			"pkg-cpan-Foo-Bar-1.20 DEPENDS_ON pkg-cpan-Acme-Demo",
			"anc ANCESTOR_OF pkg-cpan-Foo-Bar-1.20",
			"pkg-cpan-Foo-Bar-1.20-patch PATCH_FOR pkg-cpan-Foo-Bar-1.20",
			"pkg-cpan-Foo-Bar-1.20 CONTAINS zlib",
			"pkg-cpan-Acme-Demo DEPENDS_ON NONE",
			"pkg-cpan-Foo-Bar-1.20 CONTAINS NOASSERTION",
		}
		if diff := cmp.Diff(want, relationships); diff != "" {
			t.Errorf("%v: %s", f, diff)
		}
	}
	doc := &v3_0.Document{}
	if err := doc.FromJSON(bytes.NewReader(write(t, made(), forms[4]))); err != nil {
		t.Fatal(err)
	}
	var packages, relationships []string
	for _, e := range doc.Elements {
		switch e := e.(type) {
		case *v3_0.Package:
			packages = append(packages, strings.TrimSpace(e.Name+" "+e.Version))
		case v3_0.AnyRelationship:
			typ := e.GetType()
			relationships = append(relationships, path.Base(typ.GetID()))
		}
	}
	slices.Sort(packages)
	slices.Sort(relationships)
	if diff := cmp.Diff(wantPackages, packages); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"ancestorOf", "contains", "dependsOn", "dependsOn", "hasDeclaredLicense", "patchedBy"}, relationships); diff != "" {
		t.Error(diff)
	}
}

// Documents of the SPDX project are the same after reading and writing.
func TestExamplesUnchanged(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/spdx/tools-golang").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, glob := range []string{"examples/sample-docs/json/*.json", "examples/sample-docs/tv/*", "json/test_fixtures/*.json", "spdx/v3/v3_0/testdata/test.json"} {
		files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), filepath.FromSlash(glob)))
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(filepath.Base(f), func(t *testing.T) { unchanged(t, read(t, text)) })
			n++
		}
	}
	if n < 5 {
		t.Errorf("%d documents, which are fewer than there are", n)
	}
}

// What is lost on the way from CycloneDX is exactly what neither the model nor
// SPDX has.
func TestLosses(t *testing.T) {
	b, err := cyclonedx.Read([]byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 2,
		"metadata": {"timestamp": "2026-01-02T03:04:05Z", "supplier": {"name": "Acme", "url": ["https://example.org"]}, "component": {"type": "library", "bom-ref": "r", "name": "Foo"}},
		"components": [{"type": "library", "bom-ref": "a", "name": "A", "version": "1", "group": "g", "tags": ["x"],
			"hashes": [{"alg": "SHA-256", "content": "` + strings.Repeat("ab", 32) + `"}],
			"evidence": {"callstack": {"frames": [{"module": "m"}]}, "occurrences": [{"location": "lib/A.pm", "line": 3}]},
			"properties": [{"name": "a=b", "value": "two\nlines"}]}],
		"services": [{"name": "s"}], "vulnerabilities": [{"id": "CVE-2099-0001"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range forms {
		out, losses, err := spdx.Write(b, f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range losses {
			got = append(got, l.Pointer)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"/components/0/evidence/callstack", "/components/0/tags", "/services", "/vulnerabilities"}, slices.Compact(got)); diff != "" {
			t.Errorf("%v: %s", f, diff)
		}
		c := read(t, out).Components[0]
		if c.Ref != "a" || c.Group != "g" || c.Property("a=b") != "two\nlines" || len(c.Evidence.Occurrences) != 1 || c.Evidence.Occurrences[0].Line != 3 {
			t.Errorf("%v: %+v", f, c)
		}
	}
}

// An edit takes away what was asked for and nothing else.
func TestRemove(t *testing.T) {
	for i, text := range []string{seeds[0], seeds[2]} {
		b := read(t, []byte(text))
		gone := b.Components[0].Ref
		b.Components = b.Components[1:]
		b.Edges = slices.DeleteFunc(b.Edges, func(e bom.Edge) bool { return e.From == gone || e.To == gone })
		out, _, err := spdx.Write(b, b.Format)
		if err != nil {
			t.Fatal(err)
		}
		again := read(t, out)
		if _, ok := again.ByRef()[gone]; ok {
			t.Errorf("%d: %s is still there\n%s", i, gone, out)
		}
		if len(again.ByRef()) != len(b.ByRef()) {
			t.Errorf("%d: other components are gone\n%s", i, out)
		}
	}
}

// A comment of a document that has no SpdxDocument makes one, which is as old and
// by the same people as its packages are.
func TestCommentMakesDocument(t *testing.T) {
	text := `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
		{"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:x#p"]},
		{"type": "Person", "spdxId": "urn:x#p", "creationInfo": "_:c", "name": "Ada Example"},
		{"type": "software_Package", "spdxId": "urn:x#a", "creationInfo": "_:c", "name": "a"}]}`
	b := read(t, []byte(text))
	b.Comment = "new"
	out := write(t, b, b.Format)
	again := read(t, out)
	if again.Comment != "new" || again.Created != "2026-01-01T00:00:00Z" || len(again.Authors) != 1 || bytes.Count(out, []byte(`"CreationInfo"`)) != 1 {
		t.Errorf("%+v\n%s", again, out)
	}
}

// Hostile documents are read within bounds, or refused by a limit's name.
func TestHostile(t *testing.T) {
	head := `{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [`
	var packages, chain, cycle, many strings.Builder
	for i := range 200 {
		if i > 0 {
			packages.WriteByte(',')
			fmt.Fprintf(&chain, `%s{"spdxElementId": "SPDXRef-%d", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-%d"}`, strings.Repeat(",", min(i-1, 1)), i-1, i)
		}
		fmt.Fprintf(&packages, `{"SPDXID": "SPDXRef-%d", "name": "p"}`, i)
		fmt.Fprintf(&cycle, `%s{"spdxElementId": "SPDXRef-%d", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-%d"}`, strings.Repeat(",", min(i, 1)), i, (i+1)%200)
	}
	var sets strings.Builder
	for i := range 20 { // each of three times the next one
		fmt.Fprintf(&sets, `{"type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": "urn:%d", "expandedlicensing_member": ["urn:%[2]d", "urn:%[2]d", "urn:%[2]d"]},`, i, i+1)
	}
	head3 := `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package", "spdxId": "urn:p"},
		{"type": "Relationship", "spdxId": "urn:r", "from": "urn:p", "relationshipType": "hasDeclaredLicense", "to": ["urn:0"]},`
	for i := range 50_000 {
		fmt.Fprintf(&many, `%s{"spdxElementId":"SPDXRef-%d","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-%d"}`, strings.Repeat(",", min(i, 1)), i%200, i/200%200)
	}
	for _, test := range []struct{ name, text, want string }{
		{"parts too deep", head + packages.String() + `], "relationships": [` + chain.String() + `]}`, "limit: bill depth"},
		{"parts in a circle", head + packages.String() + `], "relationships": [` + cycle.String() + `]}`, ""},
		{"many relationships", head + packages.String() + `], "relationships": [` + many.String() + `]}`, ""},
		{"one id twice", head + packages.String() + `, {"SPDXID": "SPDXRef-1", "name": "q"}]}`, ""},
		{"deep nesting", `{"spdxVersion": ` + strings.Repeat("[", 1000), "limit: bill depth"},
		{"a text without an end", "SPDXVersion: SPDX-2.3\nDocumentComment: <text>x", "line 2: <text> without an end"},
		{"one id of two elements", `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package", "spdxId": "urn:x", "name": "a"}, {"type": "software_Package", "spdxId": "urn:x", "name": "b"}]}`, "the id \"urn:x\" is of two elements"},
		{"licences of licences of licences", head3 + sets.String() + `{"type": "simplelicensing_LicenseExpression", "spdxId": "urn:20", "simplelicensing_licenseExpression": "MIT"}]}`, "limit: licence expression size"},
		{"a licence set in itself", head3 + `{"type": "expandedlicensing_DisjunctiveLicenseSet", "spdxId": "urn:0", "expandedlicensing_member": ["urn:0"]}]}`, "limit: licence set depth"},
		{"links of an agent", head3 + `{"type": "Person", "spdxId": "urn:o", "name": "O", "externalRef": [{"type": "ExternalRef", "locator": [` + strings.Repeat(`"urn:l",`, 1000) + `"urn:l"]}]}, {"type": "software_Package", "spdxId": "urn:q", "suppliedBy": "urn:o"}]}`, "limit: links of an agent"},
		{"another version", `{"spdxVersion": "SPDX-9.9"}`, "is not known"},
		{"something else", `{"a": 1}`, "no key spdxVersion"},
	} {
		b, err := spdx.Read([]byte(test.text))
		switch {
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)), err == nil && test.want != "":
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		case err == nil:
			unchanged(t, b)
		}
	}
}
