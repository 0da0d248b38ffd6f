package fetch

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nacre/fault"
)

func TestSite(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a/index.html": // as servers do that show a folder's page without its name
			http.Redirect(w, r, server.URL+"/a/", http.StatusMovedPermanently)
		case "/a/":
			io.WriteString(w, "<p>page")
		case "/a/x.json.gz", "/a/x.json":
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "packed")
		case "/a/gone":
			w.WriteHeader(http.StatusGone)
		case "/a/broken":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/a/away":
			http.Redirect(w, r, "http://advisories.example/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	var said []string
	site, err := OpenSite(server.URL+"/a", func(address string) { said = append(said, address) })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		text string
		kind fault.Kind
		want string
	}{
		{"index.html", "<p>page", 0, ""},
		{"x.json.gz", "packed", 0, ""},
		{"x.json", "", fault.Unavailable, "packed as \"gzip\", which was not asked for"},
		{"none", "", fault.NotFound, "404 Not Found"},
		{"gone", "", fault.NotFound, "410 Gone"},
		{"broken", "", fault.Unavailable, "503 Service Unavailable"},
		{"away", "", fault.Denied, "is not https"},
	} {
		in, err := site.Open(context.Background(), c.path)
		if fault.KindOf(err) != c.kind || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (%v), want %q (%v)", c.path, err, fault.KindOf(err), c.want, c.kind)
		}
		if err != nil {
			continue
		}
		text, err := io.ReadAll(in)
		in.Close()
		if err != nil || string(text) != c.text {
			t.Errorf("%s: read %q, %v", c.path, text, err)
		}
	}
	if len(said) != 1 || said[0] != server.URL+"/a/" {
		t.Errorf("said %q", said)
	}
}

func TestOpenSiteRefuses(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/?x":        "not the one of a folder",
		"https://a.example/#x":        "not the one of a folder",
		"https:///x":                  "is not https",
		"https://me:secret@\x7f/":     "is not https",
		"http://a.example/":           "is not https",
		"https://me:secret@a.example": "has a name or a password",
		"ftp://a.example/":            "is not https",
	} {
		_, err := OpenSite(address, func(string) { t.Errorf("%s was said", address) })
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}
