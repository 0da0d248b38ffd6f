package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const siteKey = "advisories.example+c7ce8f65+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"

// once answers the first request for a file with an error.
func once(answer func(w http.ResponseWriter)) func(http.ResponseWriter, *http.Request) bool {
	var asked atomic.Bool
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/x/dist/Foo-Bar.json" || asked.Swap(true) {
			return false
		}
		answer(w)
		return true
	}
}

// TestVerifySite: an index on a server is fetched whole, and what the server
// does wrong is told.
func TestVerifySite(t *testing.T) {
	for _, c := range []struct {
		name   string
		lie    func(w http.ResponseWriter, r *http.Request) bool // answers instead; false: does not
		status int
		want   string
	}{
		{"whole", nil, 0, "every file is as it was listed"},
		{"a file is not there", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/x/dist/Foo-Bar.json" {
				http.NotFound(w, r)
				return true
			}
			return false
		}, 1, "missing   dist/Foo-Bar.json"},
		{"a file is another", func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/index.html") {
				w.Write([]byte(strings.Repeat("x", 62)))
				return true
			}
			return false
		}, 1, "changed   index.html: it has another digest"},
		{"the server fails", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/x/dist/Foo-Bar.json" {
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			return false
		}, 3, "unread    dist/Foo-Bar.json: fetch http"},
		{"the server fails once", once(func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) }), 0, "every file is as it was listed"},
		{"the server packs", func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "gzip")
			return false
		}, 3, "packed as \"gzip\", which was not asked for"},
		{"the note of the database is another's", func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/nacre-index") {
				w.Write([]byte("nacre-index/1\n\n— other.example AAAAAAA=\n"))
				return true
			}
			return false
		}, 1, "refused   nacre-index: the index is signed by none"},
		{"a page for everything", func(w http.ResponseWriter, r *http.Request) bool {
			w.Write([]byte("<!doctype html><p>Hello.\n"))
			return true
		}, 2, "no signed note"},
		{"a list without an end", func(w http.ResponseWriter, r *http.Request) bool {
			for strings.HasSuffix(r.URL.Path, ".note") {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return true
				}
			}
			return false
		}, 2, "limit: manifest note size"},
	} {
		var asked atomic.Int32
		server := httptest.NewServer(http.StripPrefix("/x", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			r2 := r.Clone(r.Context())
			r2.URL.Path = "/x" + r.URL.Path
			if c.lie != nil && c.lie(w, r2) {
				return
			}
			// http.FileServer redirects from index.html.
			text, err := os.ReadFile("../../cmd/nacre/testdata/desk/site" + r.URL.Path)
			if err != nil {
				http.NotFound(w, r)
				return
			}
			w.Write(text)
		})))
		u := &updater{t, t.TempDir(), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
		stdout, stderr, status := u.run(nil, false, "db", "verify", server.URL+"/x", "--key", siteKey, "-j", "2")
		server.Close()
		if status != c.status || !strings.Contains(strings.ReplaceAll(stdout+stderr, "\n            ", " "), c.want) {
			t.Errorf("%s: status %d, want %d and %q\n%s%s", c.name, status, c.status, c.want, stdout, stderr)
		}
		if n := strings.Count(stderr, "contacting "); n != 1 || !strings.HasPrefix(stderr, "contacting "+server.URL+"/x/\n") {
			t.Errorf("%s: said %d times, to standard error:\n%s", c.name, n, stderr)
		}
		if c.name == "whole" && asked.Load() != 5 {
			t.Errorf("%d requests for two notes, a list and two files", asked.Load())
		}
	}
}
