// Package jsonschema checks a JSON document by a JSON Schema: as much of the
// standard as the published schemas of bills of materials use, and no more.
//
//	s, err := jsonschema.Compile(load, "cyclonedx/bom-1.6.schema.json")
//	problems, err := s.Check(doc, 1000)
//	problems[0] == Problem{Pointer: "/components/0", Keyword: "required", Message: "version is missing"}
//
// A schema is written in draft 7 or in draft 2020-12; of the keywords it has
//
//	type enum const required properties additionalProperties unevaluatedProperties
//	items additionalItems uniqueItems minItems maxItems
//	pattern format minLength maxLength minimum maximum
//	allOf anyOf oneOf not if then else $ref definitions $defs
//
// and those that only describe. Of formats, date, date-time, uri and
// iri-reference are demanded; others say nothing. A pattern is a regular
// expression of Go's, but for those of lookAhead.
//
// Promised: the verdict of a complete implementation, which tests compare; a
// schema with another keyword is refused when it is compiled; numbers are
// compared by their digits. The work is bounded by the size of the document:
// what needs more is an error that names the limit, so that a schema whose
// alternatives multiply cannot be turned against its reader.
//
// Not promised: anything of other drafts, of schemas that are themselves
// wrong, or of references to schemas in other folders.
//
// Source: draft-handrews-json-schema-validation-01 (draft 7) and
// draft-bhutton-json-schema-01 (2020-12).
package jsonschema

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
)

// Schema is a compiled schema.
type Schema struct{ root *schema }

// schema is one node of a schema. Absent keywords are zero.
type schema struct {
	never bool // the schema "false"
	ref   *schema

	types    []string
	enum     []*jsondoc.Node
	words    map[string]bool // the strings of enum
	constant *jsondoc.Node

	required    []string
	properties  map[string]*schema
	additional  *schema
	unevaluated *schema

	items           *schema
	tuple           []*schema
	additionalItems *schema
	unique          bool
	minItems        int
	maxItems        int // -1 none

	pattern              func(string) bool
	patternText          string
	format               string
	minLength, maxLength int // maxLength -1 none
	minimum, maximum     *decimal

	allOf, anyOf, oneOf        []*schema
	not, when, then, otherwise *schema
}

// Compile makes a schema of a document, "cyclonedx/bom-1.6.schema.json". Load
// reads it and those that it refers to, which lie in the same folder.
func Compile(load func(name string) ([]byte, error), name string) (*Schema, error) {
	c := compiler{
		load: load, documents: map[string]*jsondoc.Node{},
		made: map[*jsondoc.Node]*schema{}, patterns: map[string]func(string) bool{},
	}
	doc, err := c.open(name)
	if err != nil {
		return nil, err
	}
	root, err := c.compile(doc, name)
	if err != nil {
		return nil, err
	}
	return &Schema{root}, nil
}

type compiler struct {
	load      func(name string) ([]byte, error)
	documents map[string]*jsondoc.Node
	made      map[*jsondoc.Node]*schema
	patterns  map[string]func(string) bool
}

func (c *compiler) open(name string) (*jsondoc.Node, error) {
	if doc := c.documents[name]; doc != nil {
		return doc, nil
	}
	b, err := c.load(name)
	if err != nil {
		return nil, err
	}
	doc, err := jsondoc.Parse(b, jsondoc.Limits{Name: "schema"})
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	c.documents[name] = doc
	return doc, nil
}

// describing are the keywords that no document is checked by.
var describing = []string{
	"$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated",
	"meta:enum", "definitions", "$defs",
}

func (c *compiler) compile(n *jsondoc.Node, doc string) (*schema, error) {
	if s := c.made[n]; s != nil {
		return s, nil
	}
	s := &schema{maxItems: -1, maxLength: -1}
	c.made[n] = s
	switch {
	case n.Is(jsondoc.KindBool):
		s.never = n.Text == "false"
		return s, nil
	case !n.Is(jsondoc.KindObject):
		return nil, c.fail(n, doc, "a schema must be an object, and this is %s", n.Kind)
	}
	if ref := n.Get("$ref"); ref != nil {
		target, err := c.resolve(ref, doc)
		if err != nil {
			return nil, err
		}
		s.ref = target
		if strings.Contains(c.documents[doc].Get("$schema").Str(), "/draft-07/") {
			return s, nil // draft 7 looks at nothing beside it
		}
	}
	for _, m := range n.Members {
		if m.Key == "$ref" || slices.Contains(describing, m.Key) {
			continue
		}
		if err := c.keyword(s, m, doc); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (c *compiler) fail(n *jsondoc.Node, doc, format string, args ...any) error {
	return fault.New(fault.Invalid, "schema %s, line %d: "+format, append([]any{doc, n.Line}, args...)...)
}

// resolve finds what a reference names: "#/definitions/x", "other.json",
// "other.json#/definitions/x".
func (c *compiler) resolve(ref *jsondoc.Node, doc string) (*schema, error) {
	name, pointer, _ := strings.Cut(ref.Str(), "#")
	if name == "" {
		name = doc
	} else {
		name = path.Join(path.Dir(doc), name)
	}
	target, err := c.open(name)
	if err != nil {
		return nil, err
	}
	if target = target.Find(pointer); target == nil {
		return nil, c.fail(ref, doc, "$ref %s leads nowhere", fault.Quote(ref.Str()))
	}
	return c.compile(target, name)
}

func (c *compiler) keyword(s *schema, m jsondoc.Member, doc string) (err error) {
	v := m.Value
	switch m.Key {
	case "type":
		s.types = texts(v)
	case "enum":
		s.enum, s.words = v.List(), map[string]bool{}
		for _, e := range s.enum {
			if e.Is(jsondoc.KindString) {
				s.words[e.Text] = true
			}
		}
	case "const":
		s.constant = v
	case "required":
		s.required = texts(v)
	case "properties":
		s.properties = map[string]*schema{}
		for _, p := range v.Members {
			if s.properties[p.Key], err = c.compile(p.Value, doc); err != nil {
				return err
			}
		}
	case "additionalProperties":
		s.additional, err = c.compile(v, doc)
	case "unevaluatedProperties":
		s.unevaluated, err = c.compile(v, doc)
	case "items":
		if v.Is(jsondoc.KindArray) {
			s.tuple, err = c.all(v, doc)
		} else {
			s.items, err = c.compile(v, doc)
		}
	case "additionalItems":
		s.additionalItems, err = c.compile(v, doc)
	case "allOf":
		s.allOf, err = c.all(v, doc)
	case "anyOf":
		s.anyOf, err = c.all(v, doc)
	case "oneOf":
		s.oneOf, err = c.all(v, doc)
	case "not":
		s.not, err = c.compile(v, doc)
	case "if":
		s.when, err = c.compile(v, doc)
	case "then":
		s.then, err = c.compile(v, doc)
	case "else":
		s.otherwise, err = c.compile(v, doc)
	case "pattern":
		s.patternText = v.Str()
		s.pattern, err = c.regexp(v, doc)
	case "format":
		s.format = v.Str()
	case "uniqueItems":
		s.unique = v.Is(jsondoc.KindBool) && v.Text == "true"
	default:
		return c.number(s, m, doc)
	}
	return err
}

// number compiles the keywords whose value is a number.
func (c *compiler) number(s *schema, m jsondoc.Member, doc string) error {
	if !m.Value.Is(jsondoc.KindNumber) {
		return c.fail(m.Value, doc, "keyword %s is not known", fault.Quote(m.Key))
	}
	d := parseDecimal(m.Value.Text)
	n, _ := strconv.Atoi(m.Value.Text)
	switch m.Key {
	case "minimum":
		s.minimum = &d
	case "maximum":
		s.maximum = &d
	case "minItems":
		s.minItems = n
	case "maxItems":
		s.maxItems = n
	case "minLength":
		s.minLength = n
	case "maxLength":
		s.maxLength = n
	default:
		return c.fail(m.Value, doc, "keyword %s is not known", fault.Quote(m.Key))
	}
	return nil
}

func (c *compiler) all(n *jsondoc.Node, doc string) ([]*schema, error) {
	var list []*schema
	for _, item := range n.List() {
		s, err := c.compile(item, doc)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// lookAhead are patterns that Go's regular expressions cannot say: an IRI that
// is no blank node, as schemas made from the SPDX 3 model have it.
var lookAhead = map[string]func(string) bool{
	`^(?!_:).+:.+`: func(s string) bool {
		line, _, _ := strings.Cut(s, "\n")
		i := strings.IndexByte(line[min(1, len(line)):], ':')
		return i >= 0 && i+2 < len(line) && !strings.HasPrefix(s, "_:")
	},
}

func (c *compiler) regexp(n *jsondoc.Node, doc string) (func(string) bool, error) {
	if match := c.patterns[n.Str()]; match != nil {
		return match, nil
	}
	match := lookAhead[n.Str()]
	if match == nil {
		re, err := regexp.Compile(n.Str())
		if err != nil {
			return nil, c.fail(n, doc, "pattern %s: %v", fault.Quote(n.Str()), err)
		}
		match = re.MatchString
	}
	c.patterns[n.Str()] = match
	return match, nil
}

// texts gives a string or a list of strings.
func texts(n *jsondoc.Node) []string {
	if n.Is(jsondoc.KindString) {
		return []string{n.Text}
	}
	var list []string
	for _, item := range n.List() {
		list = append(list, item.Str())
	}
	return list
}
