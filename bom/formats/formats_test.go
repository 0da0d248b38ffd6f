package formats_test

import (
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/fault"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"cyclonedx", "CycloneDX 1.6"},
		{"cyclonedx-1.7", "CycloneDX 1.7"},
		{"CycloneDX-1.2", "CycloneDX 1.2"},
		{"cyclonedx-xml", "CycloneDX 1.6 (xml)"},
		{"cyclonedx-xml-1.7", "CycloneDX 1.7 (xml)"},
		{"spdx", "SPDX 2.3"},
		{"spdx-2.2", "SPDX 2.2"},
		{"spdx-tag-value", "SPDX 2.3 (tag-value)"},
		{"spdx-3.0.1", "SPDX 3.0.1"},
		{"cyclonedx-1.1", ""},
		{"spdx-tag-value-3.0.1", ""},
		{"", ""},
	} {
		f, err := formats.Parse(c.name)
		if got := f.String(); c.want != "" && (err != nil || got != c.want) || c.want == "" && (err == nil || !strings.Contains(fault.HintOf(err), "cyclonedx-1.2")) {
			t.Errorf("Parse(%q) = %s, %v; want %s", c.name, got, err, c.want)
		}
	}
	for _, name := range formats.Names() {
		if _, err := formats.Parse(name); err != nil {
			t.Error(err)
		}
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ text, format, err string }{
		{`{"bomFormat": "CycloneDX", "specVersion": "1.4", "version": 1}`, "CycloneDX 1.4", ""},
		{"\ufeff\n{\"specVersion\": \"1.6\", \"bomFormat\": \"CycloneDX\"}", "CycloneDX 1.6", ""},
		{`{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x"}`, "SPDX 2.3", ""},
		{`{"bomFormat": "CycloneDX", "specVersion": "1.1"}`, "", "CycloneDX 1.1 is not read"},
		{`{"bomFormat": "CycloneDX", "specVersion": "9"}`, "", "is not known"},
		{`{"name": "Foo-Bar", "version": "1.0"}`, "", "JSON, but no bill of materials"},
		{"", "", "empty"},
		{"---\nspdxVersion: SPDX-2.3\n", "", "YAML are not read"},
		{`<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>`, "", "RDF is not read"},
		{"requires 'Foo';\n", "", "no bill of materials"},
		{strings.Repeat(" ", bom.MaxSize+1), "", "limit: bill size"},
	} {
		b, err := formats.Read([]byte(c.text))
		switch {
		case c.err == "" && (err != nil || b.Format.String() != c.format):
			t.Errorf("%.80q: %v %v, want %s", c.text, b, err, c.format)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || fault.HintOf(err) == ""):
			t.Errorf("%.80q: %v (hint %q), want %s", c.text, err, fault.HintOf(err), c.err)
		}
	}
}

func TestWriteNeedsAFormat(t *testing.T) {
	if _, _, err := formats.Write(&bom.Bill{}, bom.Format{}); err == nil {
		t.Error("a bill was written in no format")
	}
}

func TestIs(t *testing.T) {
	for in, want := range map[string]bool{
		`{"bomFormat":"CycloneDX"`: true,
		"\ufeff\n {\"$schema\": \"http://cyclonedx.org/schema/bom-1.6.schema.json\", \"bomFormat\":": true,
		`{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3"`:                                      true,
		`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"`:                               true,
		`{"name":"Foo-Bar","version":"1.20"}`:                                                        false,
		`["bomFormat"]`:                                                                              false,
		`<bom xmlns="http://cyclonedx.org/schema/bom/1.6">`:                                          true,
		"SPDXVersion: SPDX-2.3\n":                                                                    true,
		"<html>":                                                                                     false,
		"":                                                                                           false,
	} {
		if got := formats.Is([]byte(in)); got != want {
			t.Errorf("%s: %v", in, got)
		}
	}
}
