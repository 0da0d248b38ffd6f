// Command gobom reads, checks and writes a CycloneDX bill with the libraries that
// a Go program would take for it, as a peer of nacre sbom:
//
//	gobom SCHEMAS BILL
//
// SCHEMAS is the folder of the official JSON schemas. It decodes the bill with
// cyclonedx-go, validates it with jsonschema, and encodes it again, to nowhere.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gobom SCHEMAS BILL")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gobom:", err)
		os.Exit(3)
	}
}

func run(schemas, bill string) error {
	b, err := os.ReadFile(bill)
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, file := range map[string]string{
		"http://cyclonedx.org/schema/bom-1.6.schema.json":   "bom-1.6.schema.json",
		"http://cyclonedx.org/schema/spdx.schema.json":      "spdx.schema.json",
		"http://cyclonedx.org/schema/jsf-0.82.schema.json":  "jsf-0.82.schemax.json",
		"http://cyclonedx.org/schema/jsf-0.82.schemax.json": "jsf-0.82.schemax.json",
	} {
		text, err := os.ReadFile(filepath.Join(schemas, file))
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return err
		}
		if err := c.AddResource(name, doc); err != nil {
			return err
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	if err := schema.Validate(doc); err != nil {
		return err
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(b), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		return err
	}
	return cdx.NewBOMEncoder(io.Discard, cdx.BOMFileFormatJSON).SetPretty(true).Encode(&bom)
}
