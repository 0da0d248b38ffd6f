package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/schema"
	"nacre/fault"
	"nacre/jsondoc"
)

func TestCheck(t *testing.T) {
	cdx16, cdx17 := bom.Format{Name: "CycloneDX", Version: "1.6"}, bom.Format{Name: "CycloneDX", Version: "1.7"}
	for _, c := range []struct {
		f         bom.Format
		doc, want string
	}{
		{cdx16, `{"bomFormat": "CycloneDX", "specVersion": "1.6"}`, ""},
		{cdx16, `{"bomFormat": "CycloneDX"}`, `: "specVersion" is missing`},
		{
			cdx16, `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "module", "name": "Foo-Bar"}]}`,
			`/components/0/type: must be one of "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware", "file", "machine-learning-model", "data" and 1 more`,
		},
		{
			cdx16, `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "Foo-Bar", "licence": "MIT"}]}`,
			`/components/0/licence: the schema knows no such key here`,
		},
		{
			cdx16, `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "Foo-Bar", "licenses": [{"license": {"id": "NONE"}}]}]}`,
			`/components/0/licenses/0/license/id: must be one of "0BSD", "3D-Slicer-1.0", "AAL", "Abstyles", "AdaCore-doc", "Adobe-2006", "Adobe-Display-PostScript", "Adobe-Glyph", "Adobe-Utopia", "ADSL", "AFL-1.1", "AFL-1.2" and 745 more`,
		},
		{
			cdx17, `{"bomFormat": "CycloneDX", "specVersion": "1.7", "components": [{"type": "library", "name": "Foo-Bar", "version": "1", "versionRange": "vers:cpan/*", "isExternal": true}]}`,
			`/components/0: version and versionRange exclude each other`,
		},
		{cdx16, `[]`, `: must be an object, and this is a list`},
		{
			bom.Format{Name: "SPDX", Version: "2.3"},
			`{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3"}`,
			": \"creationInfo\" is missing\n: \"dataLicense\" is missing\n: \"name\" is missing",
		},
		{
			bom.Format{Name: "SPDX", Version: "3.0.1"},
			`{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package"}]}`,
			"/@graph/0: \"spdxId\" is missing\n/@graph/0: \"creationInfo\" is missing",
		},
	} {
		doc, err := jsondoc.Parse([]byte(c.doc), jsondoc.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		problems, err := schema.Check(doc, c.f)
		if err != nil {
			t.Errorf("%s: %v", c.doc, err)
		}
		var got []string
		for _, p := range problems {
			got = append(got, fmt.Sprintf("%s: %s", p.Pointer, p.Message))
		}
		if s := strings.Join(got, "\n"); s != c.want {
			t.Errorf("%s\ngives %s\nwant %s", c.doc, s, c.want)
		}
	}
}

func TestNoSchema(t *testing.T) {
	_, err := schema.Check(jsondoc.Object(), bom.Format{Name: "SPDX", Version: "1.0"})
	if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
		t.Errorf("no schema of SPDX 1.0 gives %v", err)
	}
}

// Alternatives in alternatives are never said to be valid, be it that they end at
// a limit.
func TestHostile(t *testing.T) {
	deep := strings.Repeat(`{"signature":{"signers":[`, 90) + strings.Repeat(`]}}`, 90)
	doc, err := jsondoc.Parse([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","signature":`+deep+`}`), jsondoc.Limits{Depth: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := schema.Check(doc, bom.Format{Name: "CycloneDX", Version: "1.6"}); err == nil && len(problems) == 0 {
		t.Error("a nest of signatures is said to be valid")
	}
}
