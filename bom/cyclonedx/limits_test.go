package cyclonedx

import (
	"strings"
	"testing"

	"nacre/bom"
	"nacre/jsondoc"
)

// The limits whose hitting would take seconds, here with smaller numbers.

func TestEdgesLimit(t *testing.T) {
	n, err := jsondoc.Parse([]byte(`[{"ref":"a","dependsOn":["b","c"]},{"ref":"b","dependsOn":["c"]}]`), jsondoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if r := (reader{}); len(r.edges(n, 3)) != 3 || r.err != nil {
		t.Error(r.err)
	}
	if r := (reader{}); r.edges(n, 2) != nil || r.err == nil || !strings.Contains(r.err.Error(), "limit: bill edges") {
		t.Errorf("one too many: %v", r.err)
	}
}

func TestElementsLimit(t *testing.T) {
	const text = `<a b="1" c="2"><d/><d/></a>`
	if root, err := parseElements([]byte(text), 5); err != nil || len(root.elements) != 2 || len(root.attributes) != 2 {
		t.Errorf("%v, %v", root, err)
	}
	if _, err := parseElements([]byte(text), 4); err == nil || !strings.Contains(err.Error(), "limit: bill values") {
		t.Errorf("one too many: %v", err)
	}
}

// What cannot be made valid is not passed over in silence.
func TestNothingToTakeAway(t *testing.T) {
	w := &writer{bill: &bom.Bill{}, version: "1.6"}
	if _, err := w.fit(jsondoc.Object()); err != nil || len(w.losses) == 0 || w.losses[0].Pointer != "" || !strings.Contains(w.losses[0].What, "is not as CycloneDX 1.6 wants it") {
		t.Errorf("%v %v", err, w.losses)
	}
}
