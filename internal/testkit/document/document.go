// Package document holds what Nacre writes to what others published: schemas,
// and what a terminal obeys. Tests use it.
package document

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	gosarif "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Terminal holds that nothing but printable characters and line feeds
// gets to a terminal.
func Terminal(t testing.TB, b []byte) {
	t.Helper()
	if !utf8.Valid(b) {
		t.Errorf("not UTF-8: %q", b)
	}
	for _, r := range string(b) {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%q gets to the terminal", r)
			return
		}
	}
}

// Text holds that a text is for a terminal of 80 columns.
func Text(t testing.TB, b []byte) {
	t.Helper()
	Terminal(t, b)
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if w := displaywidth.String(line); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("blank at the end of %q", line)
		}
	}
}

// SARIF holds a document to go-sarif and to the published schema.
func SARIF(t testing.TB, b []byte) {
	t.Helper()
	Terminal(t, b)
	strict := json.NewDecoder(strings.NewReader(string(b)))
	strict.DisallowUnknownFields() // a field that SARIF does not have
	var report gosarif.Report
	if err := strict.Decode(&report); err != nil {
		t.Fatalf("go-sarif: %v", err)
	}
	validate(t, sarifSchema, b)
	for _, r := range report.Runs[0].Results {
		if rule := report.Runs[0].Tool.Driver.Rules[r.RuleIndex]; *rule.ID != *r.RuleID {
			t.Errorf("the result of %q points to the rule %q", *r.RuleID, *rule.ID)
		}
	}
}

// validate checks a document by a JSON schema.
func validate(t testing.TB, schema func() (*jsonschema.Schema, error), b []byte) {
	t.Helper()
	s, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
}

// schema compiles a schema and those that it refers to, the first of the list
// first, formats asserted.
func schema(sources ...schemaSource) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, s := range sources {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(s.text))
		if err != nil {
			return nil, err
		}
		if err := c.AddResource(s.url, doc); err != nil {
			return nil, err
		}
	}
	return c.Compile(sources[0].url)
}

type schemaSource struct{ url, text string }

// moduleFile reads a file of a module that the project requires.
func moduleFile(module, name string) (string, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), filepath.FromSlash(name)))
	return string(b), err
}

// sarifSchema is the official schema, which go-sarif has as a constant. (Its
// own Validate checks what it makes of a document, not the document.)
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	text, err := moduleFile("github.com/owenrumney/go-sarif/v3", "pkg/report/v210/sarif/schema.go")
	if err != nil {
		return nil, err
	}
	_, text, _ = strings.Cut(text, "`")
	text, _, _ = strings.Cut(text, "`")
	return schema(schemaSource{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", text})
})

// CycloneDX holds a document of version 1.6 to the published schema.
func CycloneDX(t testing.TB, b []byte) {
	t.Helper()
	validate(t, cycloneDXSchema, b)
}

// cycloneDXSchema is the official schema, which comes with cyclonedx-go.
var cycloneDXSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	var sources []schemaSource
	for _, s := range []struct{ url, file string }{
		{"http://cyclonedx.org/schema/bom-1.6.schema.json", "bom-1.6.schema.json"},
		{"http://cyclonedx.org/schema/spdx.schema.json", "spdx.schema.json"},
		{"http://cyclonedx.org/schema/jsf-0.82.schema.json", "jsf-0.82.schemax.json"},
	} {
		text, err := moduleFile("github.com/CycloneDX/cyclonedx-go", "schema/"+s.file)
		if err != nil {
			return nil, err
		}
		sources = append(sources, schemaSource{s.url, text})
	}
	return schema(sources...)
})
