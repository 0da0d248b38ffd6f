package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi/datamodel"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"nacre/internal/api"
)

// decode reads JSON as the validator wants it.
func decode(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return v
}

// The document is what the schema of OpenAPI 3.1 asks for.
func TestDocumentIsValid(t *testing.T) {
	a, _ := world(t)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", decode(t, []byte(datamodel.OpenAPI31SchemaData))); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(decode(t, a.Document())); err != nil {
		t.Error(err)
	}
	spoiled := bytes.Replace(a.Document(), []byte(`"in":"path"`), []byte(`"in":"body"`), 1)
	if schema.Validate(decode(t, spoiled)) == nil {
		t.Error("the schema accepts anything")
	}
}

// described is the document as far as the tests read it.
type described struct {
	Paths map[string]map[string]struct {
		OperationID string
		Description string
		Responses   map[string]struct {
			Content map[string]struct{ Schema json.RawMessage }
		}
	}
}

// Each example works, and its answer is as the document says.
func TestExamples(t *testing.T) {
	a, _ := world(t)
	var doc described
	if err := json.Unmarshal(a.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("document.json", decode(t, a.Document())); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range api.Examples() {
		method := http.MethodGet
		if e.Body != "" {
			method = http.MethodPost
		}
		w := ask(a, method, e.Path, e.Body, "Content-Type: "+e.Type)
		if w.Code != 200 || w.Body.Len() < 20 {
			t.Errorf("%s: %d %s", e.Path, w.Code, w.Body)
			continue
		}
		path, _, _ := strings.Cut(e.Path, "?")
		op, ok := doc.Paths[path][strings.ToLower(method)]
		if !ok { // with a name in it
			folder := path[:strings.LastIndex(path, "/")+1]
			for p, ops := range doc.Paths {
				if strings.HasPrefix(p, folder+"{") {
					op, ok = ops[strings.ToLower(method)], true
					path = p
				}
			}
		}
		if !ok || op.OperationID == "" || op.Description == "" {
			t.Errorf("%s is not described", e.Path)
			continue
		}
		if _, has := op.Responses["200"].Content["application/json"]; !has {
			continue
		}
		at := "document.json#/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path) + "/" + strings.ToLower(method) + "/responses/200/content/application~1json/schema"
		schema, err := c.Compile(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(decode(t, w.Body.Bytes())); err != nil {
			t.Errorf("%s: %v", e.Path, err)
		}
		n++
	}
	if n < 5 {
		t.Errorf("only %d answers were held against a schema", n)
	}
}

func TestDocumentIsServed(t *testing.T) {
	a, _ := world(t)
	w := ask(a, "GET", "/api/openapi.json", "")
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), a.Document()) {
		t.Errorf("%d", w.Code)
	}
	if w := ask(a, "GET", "/api/openapi.json", "", "If-None-Match: "+w.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("it is sent again: %d", w.Code)
	}
}
