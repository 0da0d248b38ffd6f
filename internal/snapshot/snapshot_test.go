package snapshot_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nacre/fault"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
)

func load(t testing.TB, dir string, before *snapshot.Snapshot) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Load(context.Background(), os.DirFS(dir), before)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What is served is what the folder has.
func TestLoad(t *testing.T) {
	dir := sample.New(t)
	s := load(t, dir, nil)
	n := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		n++
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if f := s.File(name); f == nil || !bytes.Equal(f.Data(), want) {
			t.Errorf("%s is not served as it is", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files, _ := s.Len(); files != n || n < 20 {
		t.Errorf("%d files are served of %d", files, n)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a changed file": func(t *testing.T, dir string) {
			sample.Write(t, filepath.Join(dir, "index.html"), []byte("<!DOCTYPE html><title>stART</title>"))
		},
		"a longer file":  func(t *testing.T, dir string) { sample.Write(t, filepath.Join(dir, "index.html"), make([]byte, 5000)) },
		"a missing file": func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "index.html")) },
		"a damaged database": func(t *testing.T, dir string) {
			sample.Write(t, filepath.Join(dir, "nacre.db"), []byte("nacredb\nnothing"))
		},
		"no index": func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "manifest.json")) },
		"a list of something else": func(t *testing.T, dir string) {
			sample.Write(t, filepath.Join(dir, "manifest.json"), []byte(`{"schema":"nacre.manifest/1"}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := sample.New(t)
			spoil(t, dir)
			_, err := snapshot.Load(context.Background(), os.DirFS(dir), nil)
			if err == nil || fault.HintOf(err) == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestStatic(t *testing.T) {
	s := load(t, sample.New(t), nil)
	for path, want := range map[string]string{
		"/":                         "index.html",
		"/index.html":               "index.html",
		"/dist/Foo-Bar/":            "dist/Foo-Bar/index.html",
		"/dist/Foo-Bar":             "slash",
		"/dist/Foo-Bar.json":        "dist/Foo-Bar.json",
		"/dist/Foo-Bar/../Foo-Bar/": "",
		"//":                        "",
		"/dist":                     "",
		"/dist/":                    "",
		"/../manifest.json":         "",
		"/manifest.json/":           "",
		"/..%2fmanifest.json":       "",
		"":                          "index.html",
	} {
		f, slash := s.Static(path)
		got := ""
		switch {
		case f != nil:
			for _, name := range []string{"index.html", "dist/Foo-Bar/index.html", "dist/Foo-Bar.json"} {
				if s.File(name) == f {
					got = name
				}
			}
		case slash:
			got = "slash"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// ask asks for a file with some headers, each "Name: value".
func ask(f *snapshot.File, method string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	var in io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	s := load(t, sample.New(t), nil)
	for _, name := range []string{"osv/CVE-2099-0001.json", "state.json", "osv/all.zip", "index.html"} {
		f := s.File(name)
		for accept, want := range map[string]bool{
			"gzip": true, "gzip, deflate, br": true, "GZIP;q=0.5": true, "*": true, "br;q=1, x-gzip": true,
			"": false, "identity": false, "gzip;q=0": false, "gzip; q=0.0, br": false, "*;q=0": false, "gzip;q=x": false, "notgzip": false,
		} {
			r := ask(f, "GET", "Accept-Encoding: "+accept)
			packed := r.Header.Get("Content-Encoding") == "gzip"
			if may := name != "osv/all.zip" && name != "index.html"; packed != (want && may) {
				t.Errorf("%s for %q: packed %v", name, accept, packed)
			}
			if got := body(t, r); !bytes.Equal(got, f.Data()) {
				t.Errorf("%s for %q: other bytes", name, accept)
			}
		}
	}
}

func TestConditional(t *testing.T) {
	f := load(t, sample.New(t), nil).File("osv/CVE-2099-0001.json")
	tag := f.ETag()
	packed := strings.TrimSuffix(tag, `"`) + `-gzip"`
	if got := ask(f, "GET", "Accept-Encoding: gzip").Header.Get("ETag"); got != packed {
		t.Errorf("the packed form has the tag %s, want %s", got, packed)
	}
	for asked, want := range map[string]int{
		tag: 304, packed: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304,
		`"other"`: 200, "": 200, strings.Trim(tag, `"`): 200, `"`: 200,
	} {
		r := ask(f, "GET", "If-None-Match: "+asked)
		if r.StatusCode != want {
			t.Errorf("If-None-Match: %s: status %d, want %d", asked, r.StatusCode, want)
		}
		if n := len(body(t, r)); (n == 0) != (want == 304) {
			t.Errorf("If-None-Match: %s: %d bytes", asked, n)
		}
	}
	if r := ask(f, "HEAD"); len(body(t, r)) > 0 || r.Header.Get("Content-Length") == "" {
		t.Error("HEAD gives a body, or no length")
	}
}

func TestHeaders(t *testing.T) {
	s := load(t, sample.New(t), nil)
	for name, want := range map[string]string{
		"index.html":                "text/html; charset=utf-8",
		"osv/all.zip":               "application/zip",
		"nacre-index":               "text/plain; charset=utf-8",
		"manifest.note":             "text/plain; charset=utf-8",
		"nacre.db":                  "application/octet-stream",
		"assets/style.0a0a0a0a.css": "text/css; charset=utf-8",
		"vulndb/index/db.json.gz":   "application/gzip",
	} {
		r := ask(s.File(name), "GET", "Accept-Encoding: gzip")
		if got := r.Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %s", name, got)
		}
		if got := r.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s may be taken for something else: %q", name, got)
		}
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: scripts elsewhere cannot read it: %q", name, got)
		}
		if page := strings.HasSuffix(name, ".html"); page != (r.Header.Get("Content-Security-Policy") != "") {
			t.Errorf("%s: policy %q", name, r.Header.Get("Content-Security-Policy"))
		}
	}
	if got := ask(s.File("assets/style.0a0a0a0a.css"), "GET").Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("an asset with its digest in its name is cached as %q", got)
	}
}

func TestMatches(t *testing.T) {
	d := load(t, sample.New(t), nil).Dist("Foo-Bar")
	for version, want := range map[string]string{
		"1.0":     "CPANSA-Foo-Bar-2099-02 unknown, CPANSA-Foo-Bar-2099-03 contradictory, CVE-2099-0001 affected",
		"1.1":     "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001 affected",
		"1.10":    "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001 affected",
		"1.3":     "CPANSA-Foo-Bar-2099-02 unknown",
		"1.2":     "CPANSA-Foo-Bar-2099-02 unknown, CVE-2099-0001 affected", // on no list
		"0.5":     "CPANSA-Foo-Bar-2099-02 unknown, CPANSA-Foo-Bar-2099-03 affected",
		"9":       "CPANSA-Foo-Bar-2099-02 unknown",
		"no such": "CPANSA-Foo-Bar-2099-02 unknown, CPANSA-Foo-Bar-2099-03 unknown, CVE-2099-0001 unknown",
		"":        "CPANSA-Foo-Bar-2099-02 affected, CPANSA-Foo-Bar-2099-03 affected, CVE-2099-0001 affected",
	} {
		var got []string
		for _, m := range d.Matches(nil, version) {
			got = append(got, string(d.Advisories[m.Of].Advisory.ID)+" "+m.Status.String())
			if version != "" && m.Status != 0 && d.Reason(m.Of, version) == "" {
				t.Errorf("%s: nobody says why", version)
			}
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%q: %s\nwant %s", version, got, want)
		}
	}
}

func TestWithdrawnMatchesNothing(t *testing.T) {
	d := load(t, sample.New(t), nil).Dist("Acme-Demo")
	if got := d.Matches(nil, ""); len(got) != 1 || len(d.Advisories) != 2 {
		t.Errorf("%v of %d match", got, len(d.Advisories))
	}
}

func TestSearch(t *testing.T) {
	s := load(t, sample.New(t), nil)
	for query, want := range map[string]string{
		"cve-2099-0001":          "CVE-2099-0001",
		"CPANSA-Foo-Bar-2099-01": "CVE-2099-0001",
		"Foo-Bar":                "CPANSA-Foo-Bar-2099-02 CPANSA-Foo-Bar-2099-03 CVE-2099-0001",
		"acme":                   "CVE-2099-0002 CVE-2099-0003",
		"links unpacking":        "CVE-2099-0001",
		"links nowhere":          "",
		" \t":                    "",
		"":                       "",
	} {
		var got []string
		for _, a := range s.Search(query) {
			got = append(got, string(a.ID))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
}

// turns gives one snapshot after the other, and nil as an error.
type turns struct {
	all []*snapshot.Snapshot
	n   atomic.Int64
}

func (s *turns) Rebuild(context.Context, *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	i := int(s.n.Add(1)) - 1
	if i >= len(s.all) {
		i %= len(s.all)
	}
	if s.all[i] == nil {
		return nil, errors.New("the source is a page of HTML")
	}
	return s.all[i], nil
}

// A failed reload changes nothing but the status.
func TestReloadFails(t *testing.T) {
	s := load(t, sample.New(t), nil)
	now := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	k := snapshot.NewKeeper(&turns{all: []*snapshot.Snapshot{s, nil, nil, s}}, func() time.Time { now = now.Add(time.Hour); return now })
	for i, want := range []string{"", "the source is a page of HTML", "the source is a page of HTML", ""} {
		err := k.Reload(context.Background())
		is := k.Status()
		if (err != nil) != (want != "") || is.Problem != want || k.Current() != s {
			t.Errorf("try %d: %v, %+v", i, err, is)
		}
		if want != "" && is.Since.Hour() != 2 {
			t.Errorf("try %d: failing since %v", i, is.Since)
		}
	}
	if is := k.Status(); is.Loads != 2 || is.Failures != 2 {
		t.Errorf("%+v", is)
	}
}

type panics struct{}

func (panics) Rebuild(context.Context, *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	panic("a defect")
}

func TestReloadPanics(t *testing.T) {
	k := snapshot.NewKeeper(panics{}, time.Now)
	if err := k.Reload(context.Background()); err == nil {
		t.Error("no error")
	}
}

// Whoever began with a snapshot ends with it, however often it is exchanged.
func TestExchangeUnderLoad(t *testing.T) {
	from, out := sample.Sources(t), filepath.Join(t.TempDir(), "site")
	sample.Build(t, from, out)
	first := load(t, out, nil)
	more := strings.ReplaceAll(`advisories:
- {id: CPANSA-NAME-2099-01, cves: [], affected_versions: ['<2'], fixed_versions: [], description: A flaw of NAME., references: [], severity: low, reported: 2099-01-01}
cpansa_version: 2
distribution: NAME
`, "NAME", "More-Work")
	sample.Write(t, filepath.Join(from, "advisories", "cpansa", "CPANSA-More-Work.yml"), []byte(more))
	sample.Build(t, from, out)
	second := load(t, out, first)
	if second.Dist("More-Work") == nil || first.Dist("More-Work") != nil {
		t.Fatal("the second index is not the newer one")
	}
	if first.File("osv/CVE-2099-0001.json") != second.File("osv/CVE-2099-0001.json") {
		t.Error("a file that did not change was read again")
	}
	k := snapshot.NewKeeper(&turns{all: []*snapshot.Snapshot{first, second}}, time.Now)
	if err := k.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tell := make(chan struct{})
	go k.Run(ctx, 0, tell, func(error) {})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 300 {
				s := k.Current()
				f := s.File("state.json")
				r := ask(f, "GET", "Accept-Encoding: gzip")
				if !strings.HasPrefix(r.Header.Get("ETag"), strings.TrimSuffix(f.ETag(), `"`)) {
					t.Error("a tag of another snapshot")
				}
				if (s.Dist("More-Work") == nil) != (s.File("osv/CPANSA-More-Work-2099-01.json") == nil) {
					t.Error("the parts of two indexes are mixed")
				}
			}
		})
	}
	for range 100 {
		tell <- struct{}{}
	}
	readers.Wait()
}
