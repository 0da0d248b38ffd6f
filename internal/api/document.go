package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"nacre/fault"
	"nacre/internal/problem"
)

// operation describes what one route does; the OpenAPI document is made of it.
type operation struct {
	method, path, name, tag string
	summary, text           string
	params                  []param
	body                    body
	answer                  answer
	errors                  []int // beside those that every route has
	cached                  bool  // has an entity tag
	examples                []Example
}

// Example is a request that works with the index of the tests.
type Example struct {
	Title string
	Path  string // with the query
	Type  string // media type of Body
	Body  string // "" for GET
}

type param struct {
	name, in, text, example string
	required                bool
	format                  string
	enum                    []string
	most                    int // characters of a text
	from, to, usual         int // of a number, which it is where to is set
}

type body struct {
	value any      // of JSON
	types []string // or of these types
}

type answer struct {
	value any    // of JSON
	file  string // or a document that this describes
	kind  string // its media type, JSON where it is ""
}

// document makes the OpenAPI document of routes. The routes answer by themselves, and
// not through huma: errors, entity tags and limits are the same for what is prebuilt
// and what is not, and a record costs no more than sending it.
func document(all []route, version string) ([]byte, error) {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	of := func(v any) *huma.Schema { return schemas.Schema(reflect.TypeOf(v), true, "") }
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Advisories on CPAN", Version: "1",
			Description: "One index of advisories about distributions of CPAN, asked over HTTP. All documents of it are also plain files below the root of the site. Made by nacred " + version + ".",
			License:     nil,
		},
		Servers:    []*huma.Server{{URL: "/"}},
		Components: &huma.Components{Schemas: schemas},
		Tags: []*huma.Tag{
			{Name: "Index", Description: "What the index knows"},
			{Name: "Scan", Description: "A file to findings"},
			{Name: "OSV", Description: "The shape of OSV's API, matched by the server in the order of Perl's versions"},
		},
	}
	problems := of(problem.Problem{})
	for _, r := range all {
		op, err := r.describe.openAPI(of, problems)
		if err != nil {
			return nil, err
		}
		doc.AddOperation(op)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "write the OpenAPI document")
	}
	return text, nil
}

func (d *operation) openAPI(of func(any) *huma.Schema, problems *huma.Schema) (*huma.Operation, error) {
	op := &huma.Operation{
		Method: d.method, Path: d.path, OperationID: d.name, Summary: d.summary, Description: d.text, Tags: []string{d.tag},
		Responses: map[string]*huma.Response{},
	}
	for _, p := range d.params {
		op.Parameters = append(op.Parameters, p.openAPI())
	}
	switch {
	case d.body.value != nil:
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: of(d.body.value), Examples: map[string]*huma.Example{}}}}
		for i, e := range d.examples {
			var v any
			if err := json.Unmarshal([]byte(e.Body), &v); err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "read the example of %s", d.path)
			}
			op.RequestBody.Content["application/json"].Examples["example"+strconv.Itoa(i+1)] = &huma.Example{Summary: e.Title, Value: v}
		}
	case d.body.types != nil:
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
		for _, kind := range d.body.types {
			content := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
			for _, e := range d.examples {
				if e.Type == kind {
					content.Example = e.Body
				}
			}
			op.RequestBody.Content[kind] = content
		}
	}
	ok := &huma.Response{Description: "What was asked for", Content: map[string]*huma.MediaType{}}
	switch {
	case d.answer.value != nil:
		ok.Content["application/json"] = &huma.MediaType{Schema: of(d.answer.value)}
	case d.answer.kind != "":
		ok.Description = d.answer.file
		ok.Content[d.answer.kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	default:
		ok.Content["application/json"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Description: d.answer.file, AdditionalProperties: true}}
	}
	op.Responses["200"] = ok
	if d.cached {
		ok.Headers = map[string]*huma.Param{"ETag": {Description: "changes with the document", Schema: &huma.Schema{Type: huma.TypeString}}}
		op.Responses["304"] = &huma.Response{Description: "It is what If-None-Match names"}
	}
	errors := append([]int{http.StatusBadRequest, http.StatusTooManyRequests, http.StatusServiceUnavailable}, d.errors...)
	slices.Sort(errors)
	for _, status := range slices.Compact(errors) {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: problems}},
		}
	}
	return op, nil
}

func (p *param) openAPI() *huma.Param {
	s := &huma.Schema{Type: huma.TypeString, Format: p.format}
	if p.most > 0 {
		s.MaxLength = &p.most
	}
	for _, v := range p.enum {
		s.Enum = append(s.Enum, v)
	}
	if p.to > 0 {
		from, to := float64(p.from), float64(p.to)
		s = &huma.Schema{Type: huma.TypeInteger, Minimum: &from, Maximum: &to, Default: p.usual}
	}
	out := &huma.Param{Name: p.name, In: p.in, Description: p.text, Required: p.required, Schema: s}
	if p.example != "" {
		out.Example = p.example
	}
	return out
}

// Examples are the requests of all routes, in their order.
func Examples() []Example {
	var all []Example
	for _, r := range routes() {
		all = append(all, r.describe.examples...)
	}
	return all
}
