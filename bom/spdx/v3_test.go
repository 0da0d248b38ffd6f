package spdx_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"

	"nacre/bom"
	"nacre/bom/spdx"
)

type ahead struct{ s string }
func (a ahead) MatchString(s string) bool { return !strings.HasPrefix(s, "_:") && regexp.MustCompile(`^.+:.+`).MatchString(s) }
func (a ahead) String() string { return a.s }

func TestV3(t *testing.T) {
	out, losses, err := spdx.Write(made(), bom.Format{Version: "3.0.1"})
	if err != nil { t.Fatal(err) }
	t.Logf("%s %v", out, losses)
	text, _ := os.ReadFile("../../third_party/spdx-3.0.1/spdx-export.schema.json")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		if s == "^(?!_:).+:.+" { return ahead{s}, nil }
		return regexp.Compile(s)
	})
	d, _ := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	c.AddResource("x:y", d)
	sch, err := c.Compile("x:y")
	if err != nil { t.Fatal(err) }
	doc, _ := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err := sch.Validate(doc); err != nil { t.Errorf("%.3000s", err) }
	d3 := &v3_0.Document{}
	if err := d3.FromJSON(bytes.NewReader(out)); err != nil { t.Fatal(err) }
	if err := d3.Validate(false); err != nil { t.Error(err) }
	t.Log(len(d3.RootElements), len(d3.Elements))
	again, err := spdx.Read(out)
	if err != nil { t.Fatal(err) }
	two, _, err := spdx.Write(again, bom.Format{Version: "2.3"})
	if err != nil { t.Fatal(err) }
	one, _, _ := spdx.Write(made(), bom.Format{Version: "2.3"})
	os.WriteFile("/tmp/nacre/F4/a.json", one, 0o644)
	os.WriteFile("/tmp/nacre/F4/b.json", two, 0o644)
}
