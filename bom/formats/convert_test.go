package formats_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/bom/schema"
	"nacre/internal/testkit"
)

// What SPDX holds and CycloneDX does not is listed by its place.
func TestLossesOfSPDX(t *testing.T) {
	b, err := formats.Read([]byte(`{
  "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "Acme-Demo",
  "documentNamespace": "https://example.org/acme-demo-3e671687-395b-41f5-a30f-a58921a69b79",
  "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: nacre-1.0", "Person: AUTHOR (author@example.org)"], "licenseListVersion": "3.26"},
  "packages": [
    {"SPDXID": "SPDXRef-a", "name": "Acme-Demo", "versionInfo": "1.00", "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "sourceInfo": "from git"},
    {"SPDXID": "SPDXRef-b", "name": "Foo-Bar", "versionInfo": "1.20", "downloadLocation": "https://example.org/Foo-Bar-1.20.tar.gz", "licenseDeclared": "MIT OR Artistic-2.0",
     "copyrightText": "NOASSERTION", "checksums": [{"algorithm": "SHA256", "checksumValue": "` + strings.Repeat("ab", 32) + `"}],
     "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:cpan/Foo-Bar@1.20"}],
     "annotations": [{"annotator": "Person: OTHER", "annotationDate": "2026-01-02T03:04:05Z", "annotationType": "REVIEW", "comment": "seen"}]}
  ],
  "files": [{"SPDXID": "SPDXRef-f", "fileName": "./a.pl", "checksums": []}],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-a"},
    {"spdxElementId": "SPDXRef-b", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a"},
    {"spdxElementId": "SPDXRef-a", "relationshipType": "GENERATED_FROM", "relatedSpdxElement": "SPDXRef-f"}
  ]
}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cyclonedx-1.6", "cyclonedx-1.7", "cyclonedx-xml-1.6"} {
		f, err := formats.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		out, losses, err := formats.Write(b, f)
		if err != nil {
			t.Fatal(err)
		}
		want := `/creationInfo/licenseListVersion licenseListVersion has no place in CycloneDX TARGET
/packages/0/sourceInfo sourceInfo has no place in CycloneDX TARGET
/files files has no place in CycloneDX TARGET
/relationships/2 the relationship GENERATED_FROM has no place in CycloneDX TARGET
/packages/1/annotations/0 the annotation by Person: OTHER has no place in CycloneDX TARGET
/packages/1 that SPDXRef-a needs SPDXRef-b (test) is written as a dependency like any
`
		var got strings.Builder
		for _, l := range losses {
			fmt.Fprintf(&got, "%s %s\n", l.Pointer, l.What)
		}
		if want := strings.ReplaceAll(want, "TARGET", f.Version); got.String() != want {
			t.Errorf("%s lost:\n%swant:\n%s", name, &got, want)
		}
		again, err := formats.Read(out)
		if err != nil {
			t.Fatal(err)
		}
		if problems, err := schema.Check(again.Raw, again.Format); err != nil || len(problems) > 0 {
			t.Errorf("%s is not valid: %v %v\n%s", name, problems, err, out)
		}
		if again.Serial != "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" || again.Root == nil || again.Root.Name != "Acme-Demo" || len(again.Components) != 1 {
			t.Errorf("%s:\n%s", name, out)
		}
		c := again.Components[0]
		if c.PURL != "pkg:cpan/Foo-Bar@1.20" || len(c.Licenses) != 1 || c.Licenses[0] != (bom.License{Expression: "MIT OR Artistic-2.0", Claim: bom.Declared, Raw: c.Licenses[0].Raw}) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Every format takes what every other gives, and what is written passes its
// schema.
func TestEveryFormatToEveryOther(t *testing.T) {
	start, err := formats.Read([]byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
		"metadata": {"timestamp": "2026-01-02T03:04:05Z", "component": {"type": "application", "bom-ref": "root", "name": "Acme-Demo", "version": "1.00"}},
		"components": [{"type": "library", "bom-ref": "b", "name": "Foo-Bar", "version": "1.20", "purl": "pkg:cpan/Foo-Bar@1.20", "licenses": [{"license": {"id": "MIT"}}]}],
		"dependencies": [{"ref": "root", "dependsOn": ["b"]}, {"ref": "b"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range formats.Names() {
		f, err := formats.Parse(from)
		if err != nil {
			t.Fatal(err)
		}
		text, _, err := formats.Write(start, f)
		if err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		for _, to := range formats.Names() {
			g, err := formats.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			b, err := formats.Read(text)
			if err != nil {
				t.Fatalf("%s: %v\n%s", from, err, text)
			}
			if b.Format != f {
				t.Errorf("%s is read as %v", from, b.Format)
			}
			out, _, err := formats.Write(b, g)
			if err != nil {
				t.Fatalf("%s to %s: %v", from, to, err)
			}
			got, err := formats.Read(out)
			if err != nil {
				t.Fatalf("%s to %s: %v\n%s", from, to, err, out)
			}
			if problems, err := schema.Check(got.Raw, got.Format); err != nil || len(problems) > 0 {
				t.Errorf("%s to %s is not valid: %v %v\n%s", from, to, problems, err, out)
			}
			if got.Root == nil || got.Root.Name != "Acme-Demo" || len(got.Components) != 1 || got.Components[0].PURL != "pkg:cpan/Foo-Bar@1.20" || len(got.Edges) != 1 {
				t.Errorf("%s to %s:\n%s", from, to, out)
			}
		}
	}
}

// A bill of Nacre's own comes back from SPDX byte for byte.
func TestOwnBillComesBackFromSPDX(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples", "bill.json"))
	if err != nil {
		t.Fatal(err)
	}
	start, err := formats.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, via := range []string{"spdx-2.2", "spdx-2.3", "spdx-3.0.1", "spdx-tag-value"} {
		f, err := formats.Parse(via)
		if err != nil {
			t.Fatal(err)
		}
		there, losses, err := formats.Write(start, f)
		if err != nil || len(losses) > 0 {
			t.Errorf("to %s: %v %v", via, losses, err)
			continue
		}
		b, err := formats.Read(there)
		if err != nil {
			t.Fatal(err)
		}
		back, losses, err := formats.Write(b, start.Format)
		if err != nil || len(losses) > 0 || string(back) != string(text) {
			t.Errorf("back from %s: %v %v\n%s", via, losses, err, cmp.Diff(string(text), string(back)))
		}
	}
}

// The official examples, whatever they have, become valid documents of every
// format.
func TestOfficialExamplesInEveryFormat(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*.*"))
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range []string{"spdx-2.2", "spdx-2.3", "spdx-3.0.1", "cyclonedx-1.7", "cyclonedx-xml-1.6"} {
			b, err := formats.Read(text)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			f, err := formats.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			out, _, err := formats.Write(b, f)
			if err != nil {
				t.Fatalf("%s to %s: %v", filepath.Base(file), to, err)
			}
			got, err := formats.Read(out)
			if err != nil {
				t.Fatalf("%s to %s: %v\n%s", filepath.Base(file), to, err, out)
			}
			if problems, err := schema.Check(got.Raw, got.Format); err != nil || len(problems) > 0 {
				t.Errorf("%s to %s is not valid: %v %v", filepath.Base(file), to, problems, err)
			}
		}
	}
}
