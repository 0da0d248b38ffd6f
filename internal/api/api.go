// Package api is the server's API, version 1: one index asked over HTTP.
//
//	GET  /api/v1/dists/Foo-Bar          all about a distribution (nacre.index.dist/1)
//	GET  /api/v1/advisories/CVE-2099-0001   one advisory, by any of its ids (nacre.index.advisory/1)
//	GET  /api/v1/search?q=foo           advisories by id, distribution, module or words
//	GET  /api/v1/changes?since=2099-01-01   what appeared, changed or was withdrawn
//	POST /api/v1/scan                   a lock, META, cpanfile or bill to findings
//	POST /v1/query, /v1/querybatch      in the shape of OSV's API
//	GET  /v1/vulns/CVE-2099-0001        the OSV record
//	GET  /api/openapi.json              the description of all this
//
// docs/formats/api.md is its document for people, and the OpenAPI document, which
// is made of the same table as the routes, the one for programs.
//
// # The shape of OSV
//
// /v1/query and /v1/querybatch take and give what api.osv.dev takes and gives, for
// packages of the ecosystem CPAN and package URLs of the type cpan. The server
// matches by the ranges of the sources in version.pm's order, so that a release
// that is on no list is judged too. What cannot be judged is among the answers
// and says so: its database_specific has "nacre_verdict":"unknown" and the reason.
// The same for contradictory; an answer without a verdict is affected.
//
// A question that the index cannot answer is an error and never an empty answer:
// another ecosystem, a commit, a module's name in the place of a distribution's.
//
// # Promises
//
// The same index and request give the same bytes. Every error is a problem of
// RFC 9457. A request is answered from one snapshot of the index. Nothing of a
// request is stored. Adding a field or a path is allowed within version 1, removing
// one is not.
//
// Public sources: https://google.github.io/osv.dev/api/, RFC 9457, OpenAPI 3.1.
package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"nacre/internal/problem"
	"nacre/internal/snapshot"
	"nacre/internal/upload"
)

// Options are what an API is made with.
type Options struct {
	Keeper  *snapshot.Keeper
	Scanner *upload.Scanner
	Version string // of the program, "v0.1.0"
	// MaxQuery and MaxUpload are how large the bodies of a batch and of a scan may
	// be, in bytes.
	MaxQuery, MaxUpload int64
}

// API answers requests.
type API struct {
	opt      Options
	mux      *http.ServeMux
	document []byte
	tag      string
}

// route is one path and method with its description.
type route struct {
	describe operation
	handle   func(a *API, s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error
}

// New makes the API.
func New(opt Options) (*API, error) {
	a := &API{opt: opt, mux: http.NewServeMux()}
	all := routes()
	var err error
	if a.document, err = document(all, opt.Version); err != nil {
		return nil, err
	}
	a.tag = tagOf(a.document)
	all = append(all, route{operation{method: http.MethodGet, path: "/api/openapi.json"}, (*API).openAPI})
	byPath := map[string]methods{}
	for _, r := range all {
		if byPath[r.describe.path] == nil {
			byPath[r.describe.path] = methods{}
		}
		byPath[r.describe.path][r.describe.method] = r
	}
	for path, m := range byPath {
		a.mux.Handle(path, &endpoint{a, m, m.allowed()})
	}
	a.mux.HandleFunc("/", noPath)
	return a, nil
}

// Document is the OpenAPI document, as JSON.
func (a *API) Document() []byte { return a.document }

// ServeHTTP answers a request; what is no path of the API is not found.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.hot(w, r) {
		a.mux.ServeHTTP(w, r)
	}
}

func noPath(w http.ResponseWriter, _ *http.Request) {
	problem.Write(w, problem.New(http.StatusNotFound, "the API has no such path").WithHint("/api/ describes it"))
}

// methods are the routes of one path.
type methods map[string]route

func (m methods) allowed() string {
	all := []string{}
	for _, name := range [...]string{http.MethodGet, http.MethodHead, http.MethodPost} {
		if _, ok := m.of(name); ok {
			all = append(all, name)
		}
	}
	return strings.Join(append(all, http.MethodOptions), ", ")
}

// of gives the route of a method; HEAD is GET without the body.
func (m methods) of(name string) (route, bool) {
	if name == http.MethodHead {
		name = http.MethodGet
	}
	r, ok := m[name]
	return r, ok
}

// endpoint is one path.
type endpoint struct {
	a       *API
	methods methods
	allow   string
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		e.preflight(w)
		return
	}
	route, ok := e.methods.of(r.Method)
	if !ok {
		p := problem.New(http.StatusMethodNotAllowed, "this path is asked by %s", e.allow).WithHint("/api/ describes it")
		p.Allow = e.allow
		problem.Write(w, p)
		return
	}
	s := e.a.opt.Keeper.Current()
	if s == nil {
		p := problem.New(http.StatusServiceUnavailable, "the index is not loaded yet").WithHint("try again in a few seconds")
		p.RetryAfter = 5
		problem.Write(w, p)
		return
	}
	if err := route.handle(e.a, s, w, r); err != nil {
		problem.Write(w, err)
	}
}

// preflight tells scripts of other sites that they may ask: there is nothing here
// that belongs to anybody.
func (e *endpoint) preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", e.allow)
	h.Set("Access-Control-Allow-Headers", "Content-Type, If-None-Match")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", e.allow)
	w.WriteHeader(http.StatusNoContent)
}

// openAPI gives the document.
func (a *API) openAPI(_ *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	sendTagged(w, r, "application/openapi+json", a.document, a.tag)
	return nil
}

// packFrom is the size from which an answer is packed for whoever takes that:
// below it the time is worth more.
const packFrom = 4 << 10

// packers are reused, one holds some hundred kilobytes.
var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) //nolint:errcheck // the level is one
	return z
}}

// send answers with bytes that were made for this request.
func send(w http.ResponseWriter, r *http.Request, kind string, data []byte) {
	h := w.Header()
	h["Content-Type"] = []string{kind}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Access-Control-Allow-Origin"] = []string{"*"}
	if len(data) >= packFrom {
		h["Vary"] = []string{"Accept-Encoding"}
		if snapshot.AcceptsGzip(r.Header["Accept-Encoding"]) {
			var b bytes.Buffer
			z := packers.Get().(*gzip.Writer)
			z.Reset(&b)
			_, err := z.Write(data)
			err = errors.Join(err, z.Close())
			packers.Put(z)
			if err == nil {
				data = b.Bytes()
				h["Content-Encoding"] = []string{"gzip"}
				if tag := h["Etag"]; tag != nil { // other bytes have another one
					h["Etag"] = []string{strings.TrimSuffix(tag[0], `"`) + `-gzip"`}
				}
			}
		}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(data))}
	if r.Method != http.MethodHead {
		w.Write(data) //nolint:errcheck // the client that went away hears nothing
	}
}

// tagOf is the entity tag of an answer.
func tagOf(data []byte) string { return `"` + digest(data) + `"` }

// sendTagged answers with what may be kept: 304 and no bytes where the client has
// them already.
func sendTagged(w http.ResponseWriter, r *http.Request, kind string, data []byte, tag string) {
	h := w.Header()
	h["Etag"] = []string{tag}
	h["Cache-Control"] = []string{snapshot.Caching}
	if snapshot.Matches(r.Header["If-None-Match"], tag) {
		h["X-Content-Type-Options"] = []string{"nosniff"}
		h["Access-Control-Allow-Origin"] = []string{"*"}
		if len(data) >= packFrom {
			h["Vary"] = []string{"Accept-Encoding"}
		}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, r, kind, data)
}

// sendJSON answers with a value, which may be kept.
func sendJSON(w http.ResponseWriter, r *http.Request, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	sendTagged(w, r, "application/json", b.Bytes(), tagOf(b.Bytes()))
	return nil
}
