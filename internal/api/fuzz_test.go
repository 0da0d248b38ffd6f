package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"nacre/internal/api"
)

var bodies = []string{
	`{"package":{"purl":"pkg:cpan/Foo-Bar@1.1"}}`,
	`{"version":"1.0","package":{"name":"Foo-Bar","ecosystem":"CPAN"},"page_token":"after: x"}`,
	`{"queries":[{"package":{"purl":"pkg:cpan/AUTHOR/Foo-Bar@v1.2.3?a=b#c"}},{"version":"1_0","package":{"purl":"pkg:cpan/Acme-Demo"}}]}`,
	`{"queries":[]}`, `{"queries":null}`, `null`, `{}`, ``, `[`, `{"package":{"purl":"pkg:cpan/Foo%2dBar@%31"}}`,
}

// Whatever is posted, the answer is JSON: what was asked for, or a problem.
func FuzzQuery(f *testing.F) {
	a, _ := world(f)
	for _, b := range bodies {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/v1/query", "/v1/querybatch"} {
			w := ask(a, "POST", path, body)
			if w.Code != 200 && w.Code != 400 && w.Code != 413 {
				t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
			}
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: %q", path, w.Body)
			}
		}
		if b, err := api.ParseBatch([]byte(body)); err == nil && len(b.Queries) > api.MaxQueries {
			t.Error("a limit is not kept")
		}
	})
}

// The address of a request decides what is asked, and is never a path of a file.
func FuzzPath(f *testing.F) {
	a, s := world(f)
	for _, p := range []string{"v1/vulns/CVE-2099-0001", "api/v1/dists/Foo-Bar", "api/v1/search?q=foo", "api/v1/changes?since=2099-01-01&limit=3", "v1/vulns/..%2f..%2fx", "api/v1/dists/%00"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r := request(path)
		if r == nil {
			return
		}
		w := serve(a, r)
		switch w.Code {
		case 200:
			if strings.HasPrefix(r.URL.Path, "/v1/vulns/") {
				of, err := s.Advisory(r.URL.Path[len("/v1/vulns/"):])
				if err != nil || w.Body.String() != string(s.File("osv/"+string(of.ID)+".json").Data()) {
					t.Errorf("%q gives something else: %v", r.URL.Path, err)
				}
			}
		case 301, 307, 308, 400, 404, 405:
		default:
			t.Errorf("%q: status %d", path, w.Code)
		}
	})
}
