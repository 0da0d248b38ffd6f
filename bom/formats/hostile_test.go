package formats_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/fault"
)

// Documents that mean ill, or are far too large, end in an error that names the
// limit and has a hint.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: the largest documents take seconds; make test runs them")
	}
	many := bom.MaxComponents + 1
	const spdx3 = `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [`
	for name, c := range map[string]struct{ in, want string }{
		"CycloneDX, components": {`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[` + strings.Repeat(`{"name":"a"},`, many) + `{"name":"a"}]}`, "limit: bill components"},
		"CycloneDX, depth":      {`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[` + strings.Repeat(`{"name":"a","components":[`, 5000), "limit: bill depth"},
		"CycloneDX, parts":      {`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[` + strings.Repeat(`{"name":"a","components":[`, 70) + strings.Repeat(`]}`, 70) + `]}`, "limit: bill depth"},
		"CycloneDX, edges":      {`{"bomFormat":"CycloneDX","specVersion":"1.6","dependencies":[{"ref":"a","dependsOn":[` + strings.Repeat(`"b",`, bom.MaxEdges) + `"b"]}]}`, "limit: bill edges"},
		"XML, components":       {`<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>` + strings.Repeat(`<component type="library"><name>a</name></component>`, many) + `</components></bom>`, "limit: bill components"},
		"XML, depth":            {`<bom xmlns="http://cyclonedx.org/schema/bom/1.6">` + strings.Repeat(`<components><component>`, 5000), "limit: bill depth"},
		"XML, entities":         {`<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><serialNumber>&b;</serialNumber></bom>`, ""},
		"SPDX, packages":        {`{"spdxVersion":"SPDX-2.3","packages":[` + strings.Repeat(`{"name":"a"},`, many) + `{"name":"a"}]}`, "limit: bill components"},
		"SPDX, depth":           {`{"spdxVersion":"SPDX-2.3","x":` + strings.Repeat(`[`, 5000), "limit: bill depth"},
		"tag-value, packages":   {"SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n" + packages(many), "limit: bill components"},
		"SPDX 3, depth":         {spdx3 + strings.Repeat(`[`, 5000), "limit: bill depth"},
		"size":                  {`{"bomFormat":"CycloneDX","x":"` + strings.Repeat("x", bom.MaxSize) + `"}`, "limit: bill size"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := formats.Read([]byte(c.in))
			if err == nil {
				t.Fatalf("%d components are read", len(b.Components))
			}
			if !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
				t.Errorf("%.300v (%v, hint %q)", err, fault.KindOf(err), fault.HintOf(err))
			}
		})
	}
}

func packages(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "PackageName: a\nSPDXID: SPDXRef-%d\n", i)
	}
	return s.String()
}

// What is only wrong is read, for a check to tell: two components of one ref, needs
// in a circle, needs of nothing.
func TestOdd(t *testing.T) {
	b, err := formats.Read([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"bom-ref":"a","name":"a"},{"bom-ref":"a","name":"b"},{"bom-ref":"c","name":"c"}],
		"dependencies":[{"ref":"a","dependsOn":["c","nothing"]},{"ref":"c","dependsOn":["a","c"]}]}`))
	if err != nil || len(b.Components) != 3 || len(b.Edges) != 4 {
		t.Errorf("%+v, %v", b, err)
	}
}
