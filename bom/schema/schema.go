// Package schema says whether a bill of materials follows the official schema of
// its format.
//
//	problems, err := schema.Check(bill.Raw, bill.Format)
//	problems[0] == schema.Problem{Pointer: "/components/0", Line: 4, Message: `"version" is missing`}
//
// There are schemas for CycloneDX 1.2 to 1.7, SPDX 2.2, 2.3 and 3.0.1; for SPDX
// 3.0.1 it is one that was made from the model in the way of the official one
// (third_party/spdx-3.0.1/README.md). A bill in XML is checked in its JSON form
// by the JSON schema of its version, and one in tag-value form likewise:
// what only their own syntax can do wrong is found by their readers.
//
// Promised: the verdict of a complete implementation of JSON Schema (package
// jsonschema). Not promised: anything that no schema says, as that a reference
// leads somewhere.
//
// Source: the schemas in third_party.
package schema

import (
	"slices"
	"strings"
	"sync"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
	"nacre/jsonschema"
	thirdparty "nacre/third_party"
)

// Problem is one way in which a document does not follow the schema.
type Problem struct {
	Pointer string // JSON pointer into the document
	Line    int    // from 1; 0 not known
	Message string
}

// compiled are the schemas by format and version, each made when it is asked for.
var compiled = func() map[string]func() (*jsonschema.Schema, error) {
	all := map[string]func() (*jsonschema.Schema, error){}
	for name, file := range map[string]string{
		"CycloneDX 1.2": "cyclonedx/bom-1.2.schema.json",
		"CycloneDX 1.3": "cyclonedx/bom-1.3.schema.json",
		"CycloneDX 1.4": "cyclonedx/bom-1.4.schema.json",
		"CycloneDX 1.5": "cyclonedx/bom-1.5.schema.json",
		"CycloneDX 1.6": "cyclonedx/bom-1.6.schema.json",
		"CycloneDX 1.7": "cyclonedx/bom-1.7.schema.json",
		"SPDX 2.2":      "spdx-2/spdx-2.2.schema.json",
		"SPDX 2.3":      "spdx-2/spdx-2.3.schema.json",
		"SPDX 3.0.1":    "spdx-3.0.1/spdx-export.schema.json",
	} {
		all[name] = sync.OnceValues(func() (*jsonschema.Schema, error) {
			return jsonschema.Compile(thirdparty.Schema, file)
		})
	}
	return all
}()

// Name gives the schema that documents of a format are checked by, as a person
// reads it; "" where there is none.
func Name(f bom.Format) string {
	name := f.Name + " " + f.Version
	switch {
	case compiled[name] == nil:
		return ""
	case f.Encoding == "xml", f.Encoding == "tag-value":
		return "the JSON schema of " + name + ", by the document's JSON form"
	case f.Version == "3.0.1":
		return "a schema of " + name + " made from its model"
	}
	return "the JSON schema of " + name
}

// MaxProblems is how many problems of one document are told.
const MaxProblems = 1000

// Check gives the problems of a document, at most [MaxProblems]. The
// error is of a format without a schema, or of a document that cannot be judged
// within bounds.
func Check(doc *jsondoc.Node, f bom.Format) ([]Problem, error) {
	compile := compiled[f.Name+" "+f.Version]
	if compile == nil {
		return nil, fault.New(fault.Invalid, "there is no schema of %s", strings.TrimSpace(f.String())).
			WithHint("there are schemas of CycloneDX 1.2 to 1.7, SPDX 2.2, 2.3 and 3.0.1")
	}
	s, err := compile()
	if err != nil {
		return nil, err
	}
	if f.Encoding == "xml" {
		doc = doc.Clone()
		withoutXML(doc)
	}
	found, err := s.Check(doc, MaxProblems)
	var problems []Problem
	for _, p := range found {
		problems = append(problems, Problem{p.Pointer, p.Line, p.Message})
	}
	return problems, err
}

// withoutXML takes out what bom/cyclonedx keeps of XML that JSON has no place for.
func withoutXML(n *jsondoc.Node) {
	for _, item := range n.Items {
		withoutXML(item)
	}
	n.Members = slices.DeleteFunc(n.Members, func(m jsondoc.Member) bool { return strings.HasPrefix(m.Key, "xml:") })
	for _, m := range n.Members {
		withoutXML(m.Value)
	}
}
