package jsonschema_test

import (
	"path"
	"slices"
	"testing"

	"nacre/jsonschema"
	thirdparty "nacre/third_party"
)

// published are the schemas that documents are checked by; the others are parts
// of them.
func published() []string {
	var names []string
	for _, name := range thirdparty.Schemas() {
		if !slices.Contains([]string{"spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"}, path.Base(name)) {
			names = append(names, name)
		}
	}
	return names
}

func TestPublishedSchemasAreKnownWhole(t *testing.T) {
	for _, name := range published() {
		if _, err := jsonschema.Compile(thirdparty.Schema, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
