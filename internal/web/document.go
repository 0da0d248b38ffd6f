package web

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"nacre/fault"
)

// document is the OpenAPI document as far as its page shows it.
type document struct {
	Info struct{ Title, Version, Description string }
	Tags []struct{ Name, Description string }
	// Groups are the operations by tag, which the page is ordered by.
	Groups     []group `json:"-"`
	Paths      map[string]map[string]*operation
	Components struct{ Schemas map[string]*schema }
	base       string // address of the site
}

type group struct {
	Name, Description string
	Operations        []*operation
}

type operation struct {
	Method, Path         string `json:"-"`
	OperationID          string
	Summary, Description string
	Tags                 []string
	Parameters           []struct {
		Name, In, Description, Example string
		Required                       bool
		Schema                         schema
	}
	RequestBody struct{ Content map[string]media }
	Responses   map[string]struct {
		Description string
		Content     map[string]media
	}
	doc *document
}

type media struct {
	Schema   *schema
	Example  any
	Examples map[string]struct {
		Summary string
		Value   json.RawMessage
	}
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any
	Description string
	Properties  map[string]*schema
	Items       *schema
	Enum        []string
	Minimum     *float64
	Maximum     *float64
	Default     any
}

// readDocument reads the OpenAPI document of the API.
func readDocument(text []byte, base string) (*document, error) {
	d := &document{base: strings.TrimSuffix(base, "/")}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the OpenAPI document")
	}
	for _, tag := range d.Tags {
		g := group{Name: tag.Name, Description: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
			for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
				op := d.Paths[path][method]
				op.Method, op.Path, op.doc = strings.ToUpper(method), path, d
				if slices.Contains(op.Tags, tag.Name) {
					g.Operations = append(g.Operations, op)
				}
			}
		}
		d.Groups = append(d.Groups, g)
	}
	return d, nil
}

// Kind writes a parameter's type and bounds in words.
func (s schema) Kind() string {
	if len(s.Enum) > 0 {
		return strings.Join(s.Enum, ", ")
	}
	kind, _ := s.Type.(string)
	if s.Minimum != nil && s.Maximum != nil {
		text, err := json.Marshal([]any{*s.Minimum, *s.Maximum, s.Default})
		if err == nil {
			part := strings.Split(strings.Trim(string(text), "[]"), ",")
			kind = "number from " + part[0] + " to " + part[1]
			if s.Default != nil {
				kind += ", usually " + part[2]
			}
		}
		return kind
	}
	return cmp.Or(strings.ReplaceAll(kind, "string", "text"), "object")
}

// Example is one request as a person would send it.
type Example struct {
	Title   string
	Path    string
	Type    string
	Body    string
	Command string // for a shell
}

// Examples are the requests that the document has of an operation.
func (o *operation) Examples() []Example {
	path, query := o.Path, []string{}
	for _, p := range o.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", p.Example)
		case p.Required, o.Method == "GET" && p.Example != "":
			query = append(query, p.Name+"="+p.Example)
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	var all []Example
	for _, kind := range slices.Sorted(maps.Keys(o.RequestBody.Content)) {
		of := o.RequestBody.Content[kind]
		if text, ok := of.Example.(string); ok {
			all = append(all, o.doc.posted("", path, kind, text))
		}
		for _, name := range slices.Sorted(maps.Keys(of.Examples)) {
			all = append(all, o.doc.posted(of.Examples[name].Summary, path, kind, string(of.Examples[name].Value)))
		}
	}
	if o.Method == "GET" {
		all = append(all, Example{Path: path, Command: "curl '" + o.doc.base + path + "'"})
	}
	return all
}

// posted is an example with a body. No example has a quote of a shell in it.
func (d *document) posted(title, path, kind, body string) Example {
	command := "curl -H 'Content-Type: " + kind + "' --data-binary '" + body + "' '" + d.base + path + "'"
	return Example{Title: title, Path: path, Type: kind, Body: body, Command: command}
}

// field is one field of an answer or of a body.
type field struct{ Name, Kind, Text string }

// maxDepth is how deep the fields of a type are shown.
const maxDepth = 3

// table is the fields of what is sent or answered.
type table struct {
	Of     string // "Body" or "Answer"
	Fields []field
}

// Tables are those of what is JSON and has fields.
func (o *operation) Tables() []table {
	var all []table
	for _, t := range []table{{"Body", o.fields(o.RequestBody.Content)}, {"Answer", o.fields(o.Responses["200"].Content)}} {
		if t.Fields != nil {
			all = append(all, t)
		}
	}
	return all
}

// fields are those of a body of JSON or of an answer, "vulns[].id".
func (o *operation) fields(content map[string]media) []field {
	m, ok := content["application/json"]
	if !ok || m.Schema == nil {
		return nil
	}
	return o.doc.fields("", m.Schema, maxDepth)
}

func (d *document) fields(prefix string, s *schema, depth int) []field {
	s = d.resolve(s)
	if depth == 0 || s == nil {
		return nil
	}
	var all []field
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		is := d.resolve(s.Properties[name])
		if is == nil {
			continue
		}
		text := cmp.Or(s.Properties[name].Description, is.Description)
		path, below := prefix+name, is
		if is.Items != nil {
			path += "[]"
			below = d.resolve(is.Items)
		}
		if below == nil {
			continue
		}
		all = append(all, field{path, below.Kind(), text})
		all = append(all, d.fields(path+".", below, depth-1)...)
	}
	return all
}

// resolve follows a reference to a component, once.
func (d *document) resolve(s *schema) *schema {
	if s == nil || s.Ref == "" {
		return s
	}
	return d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
}

// Errors are the statuses of an operation that are no success, in order.
func (o *operation) Errors() []string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status >= "400" {
			all = append(all, status+" "+o.Responses[status].Description)
		}
	}
	return all
}

// Answer says in words what is answered, where it is no JSON object with fields.
func (o *operation) Answer() string {
	ok := o.Responses["200"]
	if o.fields(ok.Content) != nil {
		return ""
	}
	for _, kind := range slices.Sorted(maps.Keys(ok.Content)) {
		if s := o.doc.resolve(ok.Content[kind].Schema); s != nil && s.Description != "" && len(s.Properties) == 0 {
			return s.Description
		}
	}
	return ok.Description
}
