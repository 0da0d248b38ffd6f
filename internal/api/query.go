package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/snapshot"
	"nacre/jsondoc"
	"nacre/purl"
)

// The limits of questions in OSV's shape.
const (
	MaxQueries = 1000      // in a batch, as api.osv.dev has it
	maxCommas  = 10_000    // in the body of one: a query has no ten fields
	maxPage    = 1000      // advisories of one answer
	maxBatch   = 20_000    // advisories of a batch's answers
	maxRecords = 8 << 20   // bytes of records in one answer of /v1/query
	maxName    = 200       // bytes of a name, a version, a token
	ecosystem  = "CPAN"    // the only one that the index is about
	token      = "after: " // begins a page token; an id follows
)

// Package is what a query names.
type Package struct {
	_         struct{} `json:"-" additionalProperties:"false"`
	Name      string   `json:"name,omitempty" doc:"the distribution's name" example:"Foo-Bar"`
	Ecosystem string   `json:"ecosystem,omitempty" doc:"CPAN" example:"CPAN"`
	PURL      string   `json:"purl,omitempty" doc:"instead of name and ecosystem; its version may stand in it" example:"pkg:cpan/Foo-Bar@1.2"`
}

// Query is one question in OSV's shape.
type Query struct {
	_         struct{} `json:"-" additionalProperties:"false"`
	Package   *Package `json:"package,omitempty" doc:"what is asked about"`
	Version   string   `json:"version,omitempty" doc:"the version; without one, all advisories on the package are given" example:"1.2"`
	PageToken string   `json:"page_token,omitempty" doc:"next_page_token of an answer, for what follows it"`
	Commit    string   `json:"commit,omitempty" doc:"refused: releases of CPAN are judged by their versions"`
}

// Batch is several questions.
type Batch struct {
	_       struct{} `json:"-" additionalProperties:"false"`
	Queries []Query  `json:"queries" maxItems:"1000"`
}

// asked is a question that was understood.
type asked struct {
	dist    *snapshot.Dist // nil where no advisory is about it
	version string
	after   string // key of the id that the page before ended with
}

// query answers /v1/query: the records.
func (a *API) query(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	if err := a.body(buf, r); err != nil {
		return err
	}
	q, err := ParseQuery(buf.Bytes())
	if err != nil {
		return err
	}
	of, err := understand(s, &q)
	if err != nil {
		return err
	}
	out, err := appendRecords(nil, s, of)
	if err != nil {
		return err
	}
	send(w, r, "application/json", append(out, '\n'))
	return nil
}

// queryBatch answers /v1/querybatch: ids and times alone.
func (a *API) queryBatch(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	if err := a.body(buf, r); err != nil {
		return err
	}
	b, err := ParseBatch(buf.Bytes())
	if err != nil {
		return err
	}
	out := append(make([]byte, 0, 4<<10), `{"results":[`...)
	left := maxBatch
	var matches []snapshot.Match
	for i := range b.Queries {
		of, err := understand(s, &b.Queries[i])
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "queries[%d]", i).WithHint("%s", fault.HintOf(err))
		}
		if i > 0 {
			out = append(out, ',')
		}
		var n int
		out, matches, n = appendShort(out, matches[:0], of, left)
		left -= n
	}
	send(w, r, "application/json", append(out, "]}\n"...))
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// body reads the body of a question.
func (a *API) body(to *bytes.Buffer, r *http.Request) error {
	to.Reset()
	_, err := to.ReadFrom(http.MaxBytesReader(nil, r.Body, a.opt.MaxQuery))
	return bodyError(err)
}

// bodyError says why a body could not be read.
func bodyError(err error) error {
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return fault.Wrap(fault.Invalid, err, "read the body").WithHint("the request ended before its body did")
}

// ParseQuery reads the body of /v1/query.
func ParseQuery(body []byte) (q Query, err error) {
	return q, parse(body, &q)
}

// ParseBatch reads the body of /v1/querybatch.
func ParseBatch(body []byte) (b Batch, err error) {
	// A small body of very many empty queries would take a lot of memory before they
	// are counted.
	if n := bytes.Count(body, []byte(",")); n > maxCommas {
		return b, fault.New(fault.Invalid, "%d commas are more than %d queries need (limit: queries of a batch)", n, MaxQueries).
			WithHint("send them in several batches")
	}
	if err := parse(body, &b); err != nil {
		return b, err
	}
	if len(b.Queries) > MaxQueries {
		return b, fault.New(fault.Invalid, "%d queries are more than %d (limit: queries of a batch)", len(b.Queries), MaxQueries).
			WithHint("send them in several batches")
	}
	return b, nil
}

// parse reads one JSON value and nothing after it.
func parse(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("something follows the JSON value")
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) { // its own text names types of Go
		err = errors.New(quote(kind.Field) + " is of another type")
	}
	return fault.New(fault.Invalid, "read the body: %s", strings.TrimPrefix(err.Error(), "json: ")).
		WithHint(`as in {"package":{"purl":"pkg:cpan/Foo-Bar@1.2"}}`)
}

// understand finds what a question is about.
func understand(s *snapshot.Snapshot, q *Query) (of asked, err error) {
	if q.Commit != "" {
		return of, fault.New(fault.Invalid, "a commit cannot be judged").WithHint("releases of CPAN are judged by their versions: give package and version")
	}
	if q.Package == nil {
		return of, fault.New(fault.Invalid, "package is missing").WithHint(`as in {"package":{"purl":"pkg:cpan/Foo-Bar@1.2"}}`)
	}
	name, version, err := named(q.Package)
	if err != nil {
		return of, err
	}
	switch {
	case version == "":
		version = q.Version
	case q.Version != "" && q.Version != version:
		return of, fault.New(fault.Invalid, "the version is %s in purl and %s beside it", quote(version), quote(q.Version)).WithHint("give it once")
	}
	if len(name) > maxName || len(version) > maxName || len(q.PageToken) > maxName {
		return of, fault.New(fault.Invalid, "a name, a version or a token has more than %d bytes (limit: text of a query)", maxName).WithHint("no release on CPAN has one so long")
	}
	if q.PageToken != "" {
		id, ok := strings.CutPrefix(q.PageToken, token)
		if !ok || id == "" {
			return of, fault.New(fault.Invalid, "page_token is none of this server").WithHint("give next_page_token of the answer before")
		}
		of.after = advisory.ID(id).Key()
	}
	of.dist, of.version = s.Dist(name), version
	if of.dist == nil && strings.Contains(name, "::") {
		err := fault.New(fault.Invalid, "%s is a module's name", quote(name))
		if d := s.OwnerOf(cpan.Module(name)); d != "" {
			return of, err.WithHint("it is in the distribution %s", d)
		}
		return of, err.WithHint("give the name of its distribution, as in Foo-Bar")
	}
	return of, nil
}

// named gives the distribution and the version that a package names.
func named(p *Package) (name, version string, err error) {
	if p.PURL != "" {
		if p.Name != "" || p.Ecosystem != "" && p.Ecosystem != ecosystem {
			return "", "", fault.New(fault.Invalid, "a package has a purl, or a name and an ecosystem").WithHint("give one of them")
		}
		if name, version, ok := plain(p.PURL); ok {
			return name, version, nil
		}
		u, err := purl.Parse(p.PURL)
		if err != nil {
			return "", "", fault.Wrap(fault.Invalid, err, "read purl").WithHint("as in pkg:cpan/Foo-Bar@1.2")
		}
		if !u.IsCPAN() {
			return "", "", other(u.Type())
		}
		return u.Name(), u.Version(), nil
	}
	switch {
	case p.Name == "":
		return "", "", fault.New(fault.Invalid, "package has no name and no purl").WithHint(`as in {"name":"Foo-Bar","ecosystem":"CPAN"}`)
	case p.Ecosystem != ecosystem:
		return "", "", other(p.Ecosystem)
	}
	return p.Name, "", nil
}

// other is the error of a question that the index has no answer to: an empty
// answer would say that nothing is known to be wrong.
func other(ecosystem string) error {
	return fault.New(fault.Invalid, "the index has no advisories for the ecosystem %s", quote(ecosystem)).
		WithHint("it is about CPAN alone: ask api.osv.dev for others")
}

// plain reads a package URL of the usual form, pkg:cpan/Foo-Bar@1.2 with nothing
// that could be escaped, a qualifier or an error. It agrees with purl.Parse, which
// takes ten times as long.
func plain(s string) (name, version string, ok bool) {
	rest, ok := strings.CutPrefix(s, "pkg:cpan/")
	if !ok {
		return "", "", false
	}
	name, version, has := strings.Cut(rest, "@")
	if name == "" || has && version == "" || !simple(name) || !simple(version) {
		return "", "", false
	}
	return name, version, true
}

func simple(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', i > 0 && (c == '-' || c == '.'):
		default:
			return false
		}
	}
	return true
}

// from drops the matches of pages before.
func from(matches []snapshot.Match, of asked) []snapshot.Match {
	if of.after == "" {
		return matches
	}
	for i, m := range matches {
		if of.dist.Advisories[m.Of].Advisory.ID.Key() > of.after {
			return matches[i:]
		}
	}
	return nil
}

// appendShort appends one answer of a batch: ids and times, at most left of them.
func appendShort(out []byte, matches []snapshot.Match, of asked, left int) ([]byte, []snapshot.Match, int) {
	if of.dist == nil {
		return append(out, `{}`...), matches, 0
	}
	matches = of.dist.Matches(matches, of.version)
	page := from(matches, of)
	if len(page) == 0 {
		return append(out, `{}`...), matches, 0
	}
	n := min(len(page), maxPage, left)
	out = append(out, '{')
	if n > 0 {
		out = append(out, `"vulns":[`...)
	}
	for i, m := range page[:n] {
		if i > 0 {
			out = append(out, ',')
		}
		short := of.dist.Short[m.Of]
		if m.Status == advisory.StatusAffected {
			out = append(out, short...)
			continue
		}
		out = append(out, short[:len(short)-1]...)
		out = append(out, `,"database_specific":{"nacre_verdict":`...)
		out = jsondoc.AppendString(out, m.Status.String())
		out = append(out, `,"nacre_reason":`...)
		out = jsondoc.AppendString(out, of.dist.Reason(m.Of, of.version))
		out = append(out, `}}`...)
	}
	if n > 0 {
		out = append(out, ']')
	}
	if n < len(page) {
		if n > 0 {
			out = append(out, ',')
		}
		out = appendToken(out, of, page, n)
	}
	return append(out, '}'), matches, n
}

// appendToken appends the token of the page that follows n of the matches.
func appendToken(out []byte, of asked, page []snapshot.Match, n int) []byte {
	last := of.after
	if n > 0 {
		last = of.dist.Advisories[page[n-1].Of].Advisory.ID.Key()
	}
	if last == "" { // nothing was given yet: what follows the empty id is all
		last = " "
	}
	out = append(out, `"next_page_token":`...)
	return jsondoc.AppendString(out, token+last)
}

// appendRecords appends the answer of /v1/query.
func appendRecords(out []byte, s *snapshot.Snapshot, of asked) ([]byte, error) {
	if of.dist == nil {
		return append(out, `{}`...), nil
	}
	page := from(of.dist.Matches(nil, of.version), of)
	if len(page) == 0 {
		return append(out, `{}`...), nil
	}
	out = append(out, `{"vulns":[`...)
	n := 0
	for n < len(page) && n < maxPage && len(out) < maxRecords {
		m := page[n]
		f, err := s.Document("osv/" + string(of.dist.Advisories[m.Of].Advisory.ID) + ".json")
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, ',')
		}
		if out, err = appendRecord(out, f.Data(), of, m); err != nil {
			return nil, err
		}
		n++
	}
	out = append(out, ']')
	if n < len(page) {
		out = append(out, ',')
		out = appendToken(out, of, page, n)
	}
	return append(out, '}'), nil
}

// appendRecord appends an OSV record, with the verdict where it is not affected.
func appendRecord(out, record []byte, of asked, m snapshot.Match) ([]byte, error) {
	if m.Status == advisory.StatusAffected {
		return append(out, bytes.TrimSpace(record)...), nil
	}
	doc, err := jsondoc.Parse(record, jsondoc.Limits{})
	if err != nil {
		return nil, err
	}
	specific := doc.Get("database_specific")
	if !specific.Is(jsondoc.KindObject) {
		specific = jsondoc.Object()
		doc.Set("database_specific", specific)
	}
	specific.Set("nacre_verdict", jsondoc.String(m.Status.String()))
	specific.Set("nacre_reason", jsondoc.String(of.dist.Reason(m.Of, of.version)))
	return append(out, bytes.TrimSpace(doc.Append(nil))...), nil
}
