package spdx_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"

	"nacre/bom"
	"nacre/bom/spdx"
	thirdparty "nacre/third_party"
)

// ahead is a pattern that looks ahead, which Go's regular expressions do not.
type ahead struct{ *regexp.Regexp }

func (a ahead) MatchString(s string) bool {
	return !strings.HasPrefix(s, "_:") && a.Regexp.MatchString(s)
}

// What is written as SPDX 3.0.1 is valid by the schema and by the model of the
// SPDX project's own library, and is read again.
func TestV3(t *testing.T) {
	out, _, err := spdx.Write(made(), bom.Format{Version: "3.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := thirdparty.Schema("spdx-3.0.1/spdx-export.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	resource, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		if s == "^(?!_:).+:.+" {
			return ahead{regexp.MustCompile(`^.+:.+`)}, nil
		}
		return regexp.Compile(s)
	})
	if err := c.AddResource("x:y", resource); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("x:y")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%.3000s", err)
	}
	theirs := &v3_0.Document{}
	if err := theirs.FromJSON(bytes.NewReader(out)); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Validate(false); err != nil {
		t.Error(err)
	}
	if again, err := spdx.Read(out); err != nil || again.Root == nil || again.Root.Name != "Foo-Bar" {
		t.Errorf("what was written is read as %v, %v", again, err)
	}
}
