package cyclonedx_test

import (
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/fault"
)

func TestLimits(t *testing.T) {
	head := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,`
	nested := func(n int) string {
		return head + `"components":[` + strings.Repeat(`{"type":"library","name":"x","components":[`, n) + strings.Repeat(`]}`, n) + `]}`
	}
	for _, c := range []struct{ name, text, limit string }{
		{"size", strings.Repeat(" ", bom.MaxSize+1), "bill size"},
		{"components", head + `"components":[` + strings.Repeat(`{},`, bom.MaxComponents) + `{}]}`, "bill components"},
		{"parts", nested(bom.MaxDepth + 2), "bill depth"},
		{"depth", head + `"x":` + strings.Repeat("[", 400) + strings.Repeat("]", 400) + "}", "bill depth"},
		{"one key twice", head + `"components":[{"type":"library","name":"a","name":"b"}]}`, "twice"},
		{"no object", head + `"components":["x"]}`, "must be an object"},
	} {
		_, err := cyclonedx.Read([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.limit) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want %s", c.name, err, c.limit)
		}
	}
	if _, err := cyclonedx.Read([]byte(nested(bom.MaxDepth))); err != nil {
		t.Error(err)
	}
}

// What is wrong in what a bill says, and not in how it is written, is read.
func TestOddities(t *testing.T) {
	text := []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","name":"root"}},
		"components":[{"type":"library","bom-ref":"a","name":"one"},{"type":"library","bom-ref":"a","name":"two"},
			{"type":"library","name":"three"},{"type":"library","name":"three"},{"type":"library","name":5,"version":null,"hashes":{},"licenses":[7]}],
		"dependencies":[{"ref":"a","dependsOn":["b","a","nowhere"]},{"ref":"b","dependsOn":["a"]},{"ref":"a","dependsOn":["b"]},{},7],
		"compositions":[{"aggregate":"complete","assemblies":["nowhere",5]}],"metadata2":[]}`)
	b := mustRead(t, text)
	if len(b.Components) != 5 || len(b.Edges) != 5 || b.Components[2].Ref != "three" || b.Components[3].Ref != "three#2" || b.Components[4].Ref != "component" {
		t.Errorf("%d components, %d edges: %+v", len(b.Components), len(b.Edges), b.Components[3])
	}
	out, losses, err := cyclonedx.Write(b, "1.6")
	if err != nil || len(losses) > 0 || !mustRead(t, out).Raw.Equal(b.Raw) {
		t.Errorf("%v %v\n%s", losses, err, out)
	}
}

// A component that goes takes its entries along, and nothing else.
func TestRemovedComponent(t *testing.T) {
	b := mustRead(t, []byte(`{"bomFormat":"CycloneDX","specVersion":"1.7","version":1,"x-keep":[1],
		"components":[{"type":"library","bom-ref":"a","name":"one"},{"type":"library","bom-ref":"b","name":"two"},{"type":"library","bom-ref":"c","name":"three","description":"d"}],
		"dependencies":[{"ref":"a","dependsOn":["b","c"]},{"ref":"b"},{"ref":"c","x-y":1}],
		"citations":[{"pointers":["/components/2/description"],"timestamp":"2026-01-02T03:04:05Z","attributedTo":"c","note":"mine"},
			{"pointers":["/components/1/name"],"timestamp":"2026-01-02T03:04:05Z","attributedTo":"c"}]}`))
	b.Components = append(b.Components[:1:1], b.Components[2])
	b.Edges = []bom.Edge{{From: "a", To: "c"}}
	out, losses, err := cyclonedx.Write(b, "1.7")
	if err != nil {
		t.Fatal(err)
	}
	if len(losses) != 1 || losses[0].Pointer != "/citations/1" {
		t.Errorf("lost: %v", losses)
	}
	doc := mustRead(t, out)
	for pointer, want := range map[string]string{
		"/components/1/name": "three", "/dependencies/0/dependsOn/0": "c", "/dependencies/1/ref": "c", "/dependencies/1/x-y": "1",
		"/citations/0/pointers/0": "/components/1/description", "/x-keep/0": "1",
	} {
		if n := doc.Raw.Find(pointer); n == nil || n.Text != want {
			t.Errorf("%s is not %s:\n%s", pointer, want, out)
		}
	}
	if n := len(doc.Raw.Get("citations").Items) + len(doc.Raw.Get("dependencies").Items); n != 3 {
		t.Errorf("%d entries:\n%s", n, out)
	}
}
