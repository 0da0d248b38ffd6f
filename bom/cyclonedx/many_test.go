package cyclonedx_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
)

// Bills that have very many of something in one place. Each of them takes
// minutes where the work grows with the square of their number.
func TestManyOfAKind(t *testing.T) {
	const many = 20_000
	list := func(sep, format string) string {
		var b strings.Builder
		for i := range many {
			if i > 0 {
				b.WriteString(sep)
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	document := func(version, rest string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"` + version + `","version":1,` + rest + `}`
	}
	component := func(rest string) string { return `"components":[{"type":"library","name":"x",` + rest + `}]` }
	inXML := func(attributes, rest string) string {
		return `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"` + attributes + `>` + rest + `</bom>`
	}
	const cited = `"timestamp":"2026-01-02T03:04:05Z","attributedTo":"x"`
	for _, c := range []struct {
		name, text, to string
		losses         int
	}{
		{"unknown attributes", document("1.5", component(`"properties":[`+list(",", `{"name":"cpan:unknown","value":"%d"}`)+`]`)), "1.6", 0},
		{"origins", document("1.5", component(`"properties":[`+list(",", `{"name":"cpan:provenance:%d","value":"index"}`)+`]`)), "1.6", 0},
		{"cited attributes", document("1.7", component(`"bom-ref":"x"`)+`,"citations":[{`+cited+`,"note":"index","pointers":[`+list(",", `"/components/0/%d"`)+`]}]`), "1.6", 0},
		{"slashes", document("1.7", component(`"bom-ref":"x"`)+`,"citations":[{`+cited+`,"pointers":["`+strings.Repeat("/", 50*many)+`"]}]`), "1.6", 1},
		{"tools of one name", document("1.5", `"metadata":{"tools":{"components":[`+list(",", `{"type":"application","name":"nacre","version":"1","description":"%d"}`)+`]}}`), "1.7", 0},
		{"foreign keys", document("1.5", list(",", `"a%d":1`)), "1.6", many},
		{"bad items", document("1.5", `"externalReferences":[`+list(",", "%d")+`]`), "1.6", many},
		{"repeated items", document("1.5", `"dependencies":[{"ref":"a"}`+strings.Repeat(`,{"ref":"a"}`, many)+`]`), "1.6", many},
		{"foreign elements", inXML("", list("", "<a%d/>")), "1.6", many},
		{"foreign attributes", inXML(list("", ` a%d=""`), ""), "1.6", many},
		{"attributes of a foreign element", inXML("", "<x"+list("", ` a%d=""`)+"/>"), "1.6", 1},
		{"a foreign element in each component", inXML("", "<components>"+list("", `<component type="library"><name>n%d</name><x/></component>`)+"</components>"), "1.6", many},
	} {
		b := mustRead(t, []byte(c.text))
		out, losses, err := cyclonedx.Write(b, c.to)
		if err != nil || len(losses) != c.losses {
			t.Errorf("%s: %d lost, want %d, %v", c.name, len(losses), c.losses, err)
			continue
		}
		got := mustRead(t, out)
		if problems, err := schema.Check(got.Raw, got.Format); err != nil || len(problems) > 0 {
			t.Errorf("%s: %d problems, %v", c.name, len(problems), err)
		}
	}

	b := &bom.Bill{Components: []*bom.Component{{Ref: "a", Name: "a"}}}
	for i := range many {
		b.Edges = append(b.Edges, bom.Edge{From: "a", To: fmt.Sprint(i)})
	}
	if out, _, err := cyclonedx.Write(b, "1.6"); err != nil || len(mustRead(t, out).Edges) != many {
		t.Errorf("edges: %v", err)
	}
}

// The namespace of an attribute may be any text.
func TestNamespaceWithBraces(t *testing.T) {
	b := mustRead(t, []byte(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6" xmlns:p="a}b{c" p:d="1"><x xmlns="y" p:e="2"/></bom>`))
	out, _, err := cyclonedx.WriteXML(b, "1.6")
	if err != nil || !mustRead(t, out).Raw.Equal(b.Raw) {
		t.Errorf("%v\n%s", err, out)
	}
}
