package jsonschema_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/jsondoc"
	"nacre/jsonschema"
)

func check(t *testing.T, schema, doc string, most int) ([]jsonschema.Problem, error) {
	t.Helper()
	s, err := jsonschema.Compile(func(string) ([]byte, error) { return []byte(schema), nil }, "x.json")
	if err != nil {
		t.Fatal(err)
	}
	n, err := jsondoc.Parse([]byte(doc), jsondoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Check(n, most)
}

// Problems come in the document's order, as many as are asked for, and one where
// none is: a document with problems is never taken for one without.
func TestMost(t *testing.T) {
	for _, c := range []struct {
		most int
		want string
	}{
		{0, "/0"},
		{1, "/0"},
		{2, "/0 /2"},
		{3, "/0 /2 /3"},
		{4, "/0 /2 /3"},
	} {
		problems, err := check(t, `{"items": {"type": "string"}}`, `[1, "a", 2, 3]`, c.most)
		var at []string
		for _, p := range problems {
			at = append(at, p.Pointer)
		}
		if got := strings.Join(at, " "); got != c.want || err != nil {
			t.Errorf("at most %d: %q, %v, want %q", c.most, got, err, c.want)
		}
	}
}

// Alternatives that multiply end at a limit that the error names.
func TestSteps(t *testing.T) {
	const either = `{"properties": {"x": {"$ref": "#/definitions/a"}}, "not": {}}`
	const schema = `{"definitions": {"a": {"anyOf": [` + either + `, ` + either + `]}}, "$ref": "#/definitions/a"}`
	deep := strings.Repeat(`{"x": `, 60) + "{}" + strings.Repeat("}", 60)
	if _, err := check(t, schema, deep, 10); fault.KindOf(err) != fault.Invalid || !strings.Contains(fmt.Sprint(err), "limit: schema steps") {
		t.Errorf("two alternatives in 60 places: %v", err)
	}
}

func TestUnknownKeyword(t *testing.T) {
	for _, schema := range []string{
		`{"patternProperties": {}}`, `{"contains": {}}`, `{"minProperties": 1}`, `{"multipleOf": 2}`, `{"properties": {"a": {"$dynamicRef": "#x"}}}`,
		`{"$ref": "#/nowhere"}`, `{"pattern": "("}`, `[]`, `{"items": 1}`,
	} {
		_, err := jsonschema.Compile(func(string) ([]byte, error) { return []byte(schema), nil }, "x.json")
		if err == nil {
			t.Errorf("%s is compiled", schema)
		}
	}
}

// Each item that repeats one before it is a problem, whatever the order of its
// keys, of which there may be very many.
func TestRepeats(t *testing.T) {
	var forth, back strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&forth, `"%d":1,`, i)
		fmt.Fprintf(&back, `"%d":1.0,`, 30_000-1-i)
	}
	objects := "[{" + strings.TrimSuffix(forth.String(), ",") + "}, {" + strings.TrimSuffix(back.String(), ",") + "}]"
	for _, c := range []struct{ doc, want string }{
		{`[1, 2, 1, 1.0, 2, 3]`, "/2 /3 /4"},
		{`[{"a": 1, "b": null}, {"b": null, "a": 1}, {"a": 1, "c": null}]`, "/1"},
		{objects, "/1"},
	} {
		problems, err := check(t, `{"uniqueItems": true}`, c.doc, 10)
		var at []string
		for _, p := range problems {
			at = append(at, p.Pointer)
		}
		if got := strings.Join(at, " "); got != c.want || err != nil {
			t.Errorf("%.40s: %q, %v, want %q", c.doc, got, err, c.want)
		}
	}
}
