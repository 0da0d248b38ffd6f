package web

import (
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"nacre/internal/problem"
	"nacre/internal/snapshot"
)

// file answers with a file of the index.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	of := s.opt.Keeper.Current()
	if of == nil {
		p := problem.New(http.StatusServiceUnavailable, "the index is not loaded yet").WithHint("try again in a few seconds")
		p.RetryAfter = 5
		problem.Write(w, p)
		return
	}
	f, folder := of.Static(r.URL.Path)
	if f == nil && !folder {
		f = s.pages.assets[strings.TrimPrefix(r.URL.Path, "/")]
		folder = r.URL.Path == "/scan" || r.URL.Path == "/api"
	}
	switch {
	case f == nil && r.URL.Path == "/favicon.ico": // browsers ask for it unbidden
		w.Header().Set("Cache-Control", "public, max-age=86400")
		w.WriteHeader(http.StatusNoContent)
	case f == nil && !folder:
		s.notFound(w, r)
	case r.Method == http.MethodOptions: // a script of another site may send an entity tag, too
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", "GET, HEAD")
		h.Set("Access-Control-Allow-Headers", "If-None-Match, Range")
		h.Set("Access-Control-Max-Age", "86400")
		h.Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		p := problem.New(http.StatusMethodNotAllowed, "this is a file: it can be read").WithHint("POST /v1/query asks, /api/ describes the API")
		p.Allow = "GET, HEAD, OPTIONS"
		problem.Write(w, p)
	case folder: // relative, so that it is right below any path of a proxy
		h := w.Header()
		strict(h)
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cache-Control", snapshot.Caching)
		h.Set("Location", (&url.URL{Path: "./" + path.Base(r.URL.Path) + "/"}).EscapedPath())
		w.WriteHeader(http.StatusMovedPermanently)
	case r.URL.Path == "/health/" || r.URL.Path == "/health/index.html":
		s.health(w, r, f)
	default:
		f.ServeHTTP(w, r)
	}
}

// notFound answers for what is not there, for people or for programs.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		problem.Write(w, problem.New(http.StatusNotFound, "the index has no such file").WithHint("/formats/ names all of them, /api/ describes the API"))
		return
	}
	s.pages.missing(w, r)
}

// health is the page of feed health. Where loading the index anew has failed, which
// the index itself cannot know, it says so at its top.
func (s *Server) health(w http.ResponseWriter, r *http.Request, f *snapshot.File) {
	is := s.opt.Keeper.Status()
	if is.Problem == "" {
		f.ServeHTTP(w, r)
		return
	}
	text := intoMain(f.Data(), `<div class="notice warn" role="status"><p><strong>The server could not load or rebuild the index since `+
		template.HTMLEscapeString(is.Since.UTC().Format(time.RFC3339))+`.</strong> What it serves is as it was before. Whoever runs it finds the reason in its log.</p></div>`)
	pageHeaders(w)
	w.Header().Set("Cache-Control", "no-store")
	w.Write(text) //nolint:errcheck // the client that went away hears nothing
}
