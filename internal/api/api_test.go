package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/internal/api"
	"nacre/internal/problem"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
)

func TestGet(t *testing.T) {
	a, s := world(t)
	for path, file := range map[string]string{
		"/api/v1/dists/Foo-Bar":                     "dist/Foo-Bar.json",
		"/api/v1/advisories/CVE-2099-0001":          "advisory/CVE-2099-0001.json",
		"/api/v1/advisories/cve-2099-0001":          "advisory/CVE-2099-0001.json",
		"/api/v1/advisories/CPANSA-Foo-Bar-2099-01": "advisory/CVE-2099-0001.json",
		"/v1/vulns/ghsa-cccc-ffff-hhhh":             "osv/CVE-2099-0001.json",
	} {
		w := ask(a, "GET", path, "")
		if w.Code != 200 || w.Body.String() != string(s.File(file).Data()) {
			t.Errorf("%s is not %s: %d %.80s", path, file, w.Code, w.Body)
		}
		if w := ask(a, "GET", path, "", "If-None-Match: "+w.Header().Get("ETag")); w.Code != 304 {
			t.Errorf("%s is sent again: %d", path, w.Code)
		}
		if w := ask(a, "HEAD", path, ""); w.Code != 200 || w.Body.Len() > 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
	if got := ask(a, "GET", "/v1/vulns/cpansa-foo-bar-2099-01", "").Header().Get("Link"); got != `</v1/vulns/CVE-2099-0001>; rel="canonical"` {
		t.Errorf("Link: %s", got)
	}
}

// What is made for a request can be kept, and asked for again, as files can.
func TestKept(t *testing.T) {
	a, _ := world(t)
	for _, path := range []string{"/api/v1/search?q=foo", "/api/v1/changes", "/api/openapi.json"} {
		for _, accepts := range []string{"identity", "gzip"} {
			w := ask(a, "GET", path, "", "Accept-Encoding: "+accepts)
			tag := w.Header().Get("ETag")
			if w.Code != 200 || tag == "" || w.Header().Get("Cache-Control") != snapshot.Caching {
				t.Errorf("%s: %d %v", path, w.Code, w.Header())
			}
			if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != strings.HasSuffix(tag, `-gzip"`) {
				t.Errorf("%s, packed %v, has the entity tag %s", path, packed, tag)
			}
			w = ask(a, "GET", path, "", "If-None-Match: W/"+tag)
			if w.Code != 304 || w.Body.Len() > 0 || w.Header().Get("ETag") == "" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s is sent again: %d %v", path, w.Code, w.Header())
			}
			if w := ask(a, "GET", path, "", `If-None-Match: "another"`); w.Code != 200 {
				t.Errorf("%s is not sent: %d", path, w.Code)
			}
		}
	}
	first, second := ask(a, "GET", "/api/v1/search?q=foo", ""), ask(a, "GET", "/api/v1/search?q=bar", "")
	if first.Header().Get("ETag") == second.Header().Get("ETag") {
		t.Error("two answers have one entity tag")
	}
}

// Every error is a problem with a hint, and says nothing of Go.
func TestProblems(t *testing.T) {
	a, _ := world(t)
	const q = "/v1/query"
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		detail, hint       string
	}{
		"no such path":            {"GET", "/api/v1/nothing", "", 404, "no such path", "/api/"},
		"no such distribution":    {"GET", "/api/v1/dists/Own-Work", "", 404, `"Own-Work"`, "2099-03-04"},
		"a distribution's module": {"GET", "/api/v1/dists/Foo::Bar::Reader", "", 404, "Reader", "Foo-Bar"},
		"another case":            {"GET", "/api/v1/dists/foo-bar", "", 404, "foo-bar", "Foo-Bar"},
		"no such advisory":        {"GET", "/api/v1/advisories/CVE-2098-1", "", 404, "CVE-2098-1", "search"},
		"no id":                   {"GET", "/v1/vulns/a%20b", "", 400, "id", "CVE-"},
		"a path in an id":         {"GET", "/v1/vulns/..%2f..%2fetc%2fpasswd", "", 400, "id", "CVE-"},
		"a method":                {"DELETE", q, "", 405, "POST", "/api/"},
		"search for nothing":      {"GET", "/api/v1/search?q=", "", 400, "q must", "q=Foo-Bar"},
		"search for a blank":      {"GET", "/api/v1/search?q=+", "", 400, "q must", "q=Foo-Bar"},
		"a parameter twice":       {"GET", "/api/v1/search?q=a&q=b", "", 400, "2 times", "once"},
		"another parameter":       {"GET", "/api/v1/search?query=a", "", 400, `"query"`, "/api/"},
		"a limit":                 {"GET", "/api/v1/search?q=a&limit=0", "", 400, "1 to 100", "limit="},
		"a query in pieces":       {"GET", "/api/v1/search?q=%zz", "", 400, "query", "%XX"},
		"a day":                   {"GET", "/api/v1/changes?since=yesterday", "", 400, "since", "2099-01-02"},
		"no body":                 {"POST", q, "", 400, "body: it is empty", "pkg:cpan"},
		"HTML":                    {"POST", q, "<html>", 400, "invalid character", "pkg:cpan"},
		"two values":              {"POST", q, `{"package":{"purl":"pkg:cpan/Foo-Bar"}}{}`, 400, "follows", "pkg:cpan"},
		"a list":                  {"POST", q, `[]`, 400, "type", "pkg:cpan"},
		"a number":                {"POST", q, `{"version":1.2,"package":{"purl":"pkg:cpan/Foo-Bar"}}`, 400, `"version" is of another type`, "pkg:cpan"},
		"a key":                   {"POST", q, `{"verison":"1.2","package":{"purl":"pkg:cpan/Foo-Bar"}}`, 400, "verison", "pkg:cpan"},
		"no package":              {"POST", q, `{"version":"1.2"}`, 400, "package is missing", "pkg:cpan"},
		"no name":                 {"POST", q, `{"package":{}}`, 400, "no name", "Foo-Bar"},
		"another ecosystem":       {"POST", q, `{"package":{"name":"left","ecosystem":"npm"}}`, 400, "npm", "osv.dev"},
		"another type":            {"POST", q, `{"package":{"purl":"pkg:npm/left@1"}}`, 400, "npm", "osv.dev"},
		"a broken purl":           {"POST", q, `{"package":{"purl":"cpan/Foo"}}`, 400, "purl", "pkg:cpan"},
		"purl and name":           {"POST", q, `{"package":{"name":"Foo-Bar","purl":"pkg:cpan/Foo-Bar"}}`, 400, "purl, or a name", "one"},
		"two versions":            {"POST", q, `{"version":"2","package":{"purl":"pkg:cpan/Foo-Bar@1"}}`, 400, "beside it", "once"},
		"a commit":                {"POST", q, `{"commit":"0a0a"}`, 400, "commit", "version"},
		"a module":                {"POST", q, `{"package":{"name":"Foo::Bar","ecosystem":"CPAN"}}`, 400, "module", "Foo-Bar"},
		"a token":                 {"POST", q, `{"page_token":"7","package":{"purl":"pkg:cpan/Foo-Bar"}}`, 400, "page_token", "before"},
		"one of a batch":          {"POST", "/v1/querybatch", `{"queries":[{"package":{"purl":"pkg:cpan/Foo-Bar"}},{}]}`, 400, "queries[1]", "pkg:cpan"},
		"too many":                {"POST", "/v1/querybatch", `{"queries":[` + strings.Repeat("{},", 1000) + `{}]}`, 400, "1001", "several"},
		"very many":               {"POST", "/v1/querybatch", `{"queries":[` + strings.Repeat("{},", 300_000) + `{}]}`, 400, "300000 commas", "several"},
		"too large":               {"POST", "/v1/querybatch", strings.Repeat(" ", 1<<20) + "{}", 413, "limit: body size", "less"},
		"a scan of nothing":       {"POST", "/api/v1/scan", "", 400, "empty", "META.json"},
		"a scan that is large":    {"POST", "/api/v1/scan", strings.Repeat("Foo-Bar==1\n", 100_000), 413, "limit: body size", "less"},
		"a scan to something":     {"POST", "/api/v1/scan?format=pdf", "Foo-Bar==1\n", 400, "pdf", "sarif"},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(a, c.method, c.path, c.body)
			var p problem.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatalf("%v: %s", err, w.Body)
			}
			if w.Code != c.status || p.Status != c.status || !strings.Contains(p.Detail, c.detail) || !strings.Contains(p.Hint, c.hint) {
				t.Errorf("%d %+v", w.Code, p)
			}
			if strings.Contains(p.Detail, "Go ") || strings.Contains(p.Detail, "api.") {
				t.Errorf("it tells of Go: %s", p.Detail)
			}
			if got := w.Header().Get("Content-Type"); got != problem.ContentType {
				t.Errorf("type %s", got)
			}
			if w.Header().Get("ETag")+w.Header().Get("Content-Encoding") != "" {
				t.Errorf("headers of the answer that there is none of: %v", w.Header())
			}
		})
	}
}

func TestQuery(t *testing.T) {
	a, _ := world(t)
	for _, c := range []struct{ name, body, want string }{
		{"by package URL", `{"package":{"purl":"pkg:cpan/Foo-Bar@1.1"}}`, "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001"},
		{"with an author", `{"package":{"purl":"pkg:cpan/AUTHOR/Foo-Bar@1.1?x=y"}}`, "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001"},
		{"version beside it", `{"version":"1.1","package":{"purl":"pkg:cpan/Foo-Bar"}}`, "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001"},
		{"by name", `{"version":"1.0","package":{"name":"Foo-Bar","ecosystem":"CPAN"}}`, "CPANSA-Foo-Bar-2099-02 unknown, CPANSA-Foo-Bar-2099-03 contradictory, CVE-2099-0001"},
		{"on no list", `{"package":{"purl":"pkg:cpan/Foo-Bar@1.2.9"}}`, "CPANSA-Foo-Bar-2099-02 unknown, CPANSA-Foo-Bar-2099-03 contradictory, CVE-2099-0001"},
		{"a version that cannot be read", `{"package":{"purl":"pkg:cpan/Acme-Demo@one"}}`, "CVE-2099-0002 unknown"},
		{"without a version", `{"package":{"purl":"pkg:cpan/Acme-Demo"}}`, "CVE-2099-0002"},
		{"a clean one", `{"package":{"purl":"pkg:cpan/Acme-Demo@2.0"}}`, ""},
		{"another distribution", `{"package":{"purl":"pkg:cpan/Own-Work@2.0"}}`, ""},
	} {
		type vuln struct {
			ID, Modified     string
			Summary, Details string
			DatabaseSpecific map[string]any `json:"database_specific"`
		}
		type list struct{ Vulns []vuln }
		said := func(l list) string {
			var all []string
			for _, v := range l.Vulns {
				verdict, _ := v.DatabaseSpecific["nacre_verdict"].(string)
				reason, _ := v.DatabaseSpecific["nacre_reason"].(string)
				if (verdict == "") != (reason == "") {
					t.Errorf("%s: verdict %q, reason %q", c.name, verdict, reason)
				}
				all = append(all, strings.TrimSpace(v.ID+" "+verdict))
				if _, err := time.Parse(time.RFC3339, v.Modified); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
			return strings.Join(all, ", ")
		}
		w := ask(a, "POST", "/v1/query", c.body)
		var one list
		if err := json.Unmarshal(w.Body.Bytes(), &one); err != nil || w.Code != 200 {
			t.Fatalf("%s: %v: %s", c.name, err, w.Body)
		}
		if got := said(one); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		for _, v := range one.Vulns {
			if v.Summary+v.Details == "" {
				t.Errorf("%s: %s is not the whole record", c.name, v.ID)
			}
		}
		w = ask(a, "POST", "/v1/querybatch", `{"queries":[`+c.body+`,`+c.body+`]}`)
		var batch struct{ Results []list }
		if err := json.Unmarshal(w.Body.Bytes(), &batch); err != nil || w.Code != 200 || len(batch.Results) != 2 {
			t.Fatalf("%s: %v: %s", c.name, err, w.Body)
		}
		for i, l := range batch.Results {
			if got := said(l); got != c.want {
				t.Errorf("%s, result %d: %s, want %s", c.name, i, got, c.want)
			}
			for j, v := range l.Vulns {
				if v.Modified != one.Vulns[j].Modified {
					t.Errorf("%s: %s changed at %s and at %s", c.name, v.ID, v.Modified, one.Vulns[j].Modified)
				}
			}
		}
	}
}

func TestPages(t *testing.T) {
	a, _ := world(t)
	w := ask(a, "POST", "/v1/querybatch", `{"queries":[{"page_token":"after: cpansa-foo-bar-2099-02","package":{"purl":"pkg:cpan/Foo-Bar@1.0"}},
		{"page_token":"after: cve-2099-0001","package":{"purl":"pkg:cpan/Foo-Bar@1.0"}}]}`)
	if got := w.Body.String(); strings.Contains(got, "2099-02\"") || !strings.Contains(got, "2099-03\"") || !strings.HasSuffix(got, "{}]}\n") {
		t.Error(got)
	}
}

func TestSearch(t *testing.T) {
	a, _ := world(t)
	w := ask(a, "GET", "/api/v1/search?q=foo-bar&limit=2", "")
	var got api.SearchAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Total != 3 || len(got.Results) != 2 || got.Results[0].ID != "CPANSA-Foo-Bar-2099-02" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestChanges(t *testing.T) {
	from, out := sample.Sources(t), filepath.Join(t.TempDir(), "site")
	sample.Build(t, from, out)
	report := filepath.Join(from, "advisories", "cpansa", "CPANSA-Foo-Bar.yml")
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	sample.Write(t, report, bytes.Replace(text, []byte("severity: low"), []byte("severity: high"), 1))
	sample.Build(t, from, out)
	a, _ := over(t, out)
	for since, want := range map[string]int{"": 1, "2099-03-04": 1, "2099-03-05": 0} {
		w := ask(a, "GET", "/api/v1/changes?since="+since, "")
		var got api.ChangesAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Total != want || len(got.Changes) != want {
			t.Errorf("since %q: %v %+v, want %d", since, err, got, want)
		}
		for _, c := range got.Changes {
			if c.ID != "CPANSA-Foo-Bar-2099-03" || c.Kind != "changed" || c.Day != "2099-03-04" || len(c.Dists) != 1 {
				t.Errorf("%+v", c)
			}
		}
	}
}

func TestCORS(t *testing.T) {
	a, _ := world(t)
	w := ask(a, "OPTIONS", "/v1/querybatch", "", "Origin: https://example.org", "Access-Control-Request-Method: POST")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, path := range []string{"/api/v1/search?q=a", "/api/v1/dists/Foo-Bar", "/api/v1/nothing"} {
		if got := ask(a, "GET", path, "").Header().Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// Before an index is loaded, and where the index lacks a form, the answer is that it
// could not be given.
func TestNoIndex(t *testing.T) {
	a, err := api.New(options(snapshot.NewKeeper(fixed{}, time.Now)))
	if err != nil {
		t.Fatal(err)
	}
	w := ask(a, "GET", "/api/v1/dists/Foo-Bar", "")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
