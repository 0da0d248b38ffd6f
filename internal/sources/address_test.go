package sources_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/internal/sources"
)

// index is the built JSON of CPANSA of a day in 2099, with some advisories.
func index(day, advisories int) string {
	var entries []string
	for n := range advisories {
		entries = append(entries, fmt.Sprintf(`{"id":"CPANSA-Foo-Bar-2099-%02d","affected_versions":["<1.%d"]}`, n, n))
	}
	epoch := time.Date(2099, 1, day, 0, 0, 0, 0, time.UTC).Unix()
	return fmt.Sprintf(`{"meta":{"commit":"c%d","epoch":%d},"module2dist":{},"dists":{"Foo-Bar":{"advisories":[%s]}}}`,
		day, epoch, strings.Join(entries, ","))
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// server serves what it is told to at /x.json.
type server struct {
	body   string
	etag   string
	kind   string // content type
	length int    // that it states; 0 is the right one
	status int
	asked  int
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked++
	if s.kind != "" {
		w.Header().Set("Content-Type", s.kind)
	}
	if s.etag != "" {
		w.Header().Set("ETag", s.etag)
		if r.Header.Get("If-None-Match") == s.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if s.length != 0 {
		w.Header().Set("Content-Length", fmt.Sprint(s.length))
	}
	if s.status != 0 {
		w.WriteHeader(s.status)
	}
	_, _ = w.Write([]byte(s.body))
}

// What an address serves is read, and whatever it serves instead afterwards,
// the last good copy stays and is read with a word about it.
func TestAddress(t *testing.T) {
	good := index(2, 3)
	for _, c := range []struct {
		name    string
		then    server
		problem string // "" is none
		entries int
	}{
		{"unchanged", server{etag: `"a"`}, "", 3},
		{"newer", server{body: index(3, 4)}, "", 4},
		{"packed", server{body: gzipped(index(3, 4))}, "", 4},
		{"the same under another tag", server{body: good, etag: `"b"`}, "", 3},
		{"yesterday's", server{body: index(1, 9)}, "it went back from data of 2099-01-02T00:00:00Z to data of 2099-01-01T00:00:00Z", 3},
		{"half", server{body: good[:len(good)/2]}, "unexpected EOF", 3},
		{"half by its length", server{body: good[:len(good)/2], length: len(good)}, "unexpected EOF", 3},
		{"half packed", server{body: gzipped(good)[:100]}, "unexpected EOF", 3},
		{"a web page", server{body: "<html>", kind: "text/html"}, "the answer is a web page", 3},
		{"a web page that is called JSON", server{body: "\n<!DOCTYPE HTML><title>Sign in</title>", kind: "application/json"}, "the answer is a web page", 3},
		{"nothing", server{}, "the answer is empty", 3},
		{"a failure", server{body: "{}", status: 500}, "the server answers 500", 3},
		{"too much", server{body: strings.Repeat(" ", 5000)}, "larger than 4096 bytes (limit: size of a source)", 3},
		{"other JSON", server{body: `{"a":1}`}, "not a source of advisories", 3},
		{"nothing readable", server{body: `{"meta":{"epoch":4070995200},"dists":{"Foo-Bar":{"advisories":[1,2]}}}`}, "none of its 2 entries can be read", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := &server{body: good, etag: `"a"`}
			web := httptest.NewServer(now)
			defer web.Close()
			address := web.URL + "/x.json?key=secret"
			r := sources.Reader{Work: t.TempDir(), Now: time.Unix(1, 0), MaxFetch: 4096}
			read := func() (sources.Health, *sources.Result) {
				t.Helper()
				res, err := r.Read(t.Context(), []string{address})
				if err != nil {
					t.Fatal(err)
				}
				res.Close()
				return res.Health[0], res
			}
			h, _ := read()
			if h.Problem != "" || h.Entries != 3 || h.Parts[0].Path != address || h.Parts[0].Commit != "c2" {
				t.Fatalf("first: %+v", h)
			}
			// A reading that was stopped has left a copy.
			folders, err := filepath.Glob(filepath.Join(r.Work, "fetched", "*"))
			if err != nil || len(folders) != 1 {
				t.Fatalf("copies are in %s, %v", folders, err)
			}
			if err := os.Mkdir(filepath.Join(folders[0], "stopped"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folders[0], "stopped", "half.json"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			r.Now = time.Unix(2, 0)
			*now = c.then
			h, res := read()
			if (h.Problem == "") != (c.problem == "") || !strings.Contains(h.Problem, c.problem) || h.Entries != c.entries ||
				h.Kept != (c.problem != "") || strings.Contains(h.Problem, r.Work) || strings.Contains(h.Problem, "secret") {
				t.Errorf("then: %+v", h)
			}
			if len(res.Batches) != 1 || len(res.Batches[0].Items) != c.entries {
				t.Errorf("then: %d batches", len(res.Batches))
			}
			if want := int64(2); h.Kept == (h.Fetched.Unix() == want) {
				t.Errorf("fetched at %s", h.Fetched)
			}
			// Nothing is left lying.
			var left []string
			err = filepath.WalkDir(filepath.Join(r.Work, "fetched"), func(_ string, e fs.DirEntry, err error) error {
				if err == nil && !e.IsDir() {
					left = append(left, e.Name())
				}
				return err
			})
			if err != nil || strings.Join(left, " ") != "x.json copy.json" && strings.Join(left, " ") != "copy.json x.json" {
				t.Errorf("left are %s, %v", left, err)
			}
			// And what is good afterwards is read again.
			*now = server{body: index(4, 5)}
			if h, _ := read(); h.Problem != "" || h.Entries != 5 || h.Kept {
				t.Errorf("at last: %+v", h)
			}
		})
	}
}

// Without a good copy a source that fails gives nothing, and without a folder
// for copies an address is no source.
func TestAddressFails(t *testing.T) {
	web := httptest.NewServer(&server{body: "<html>"})
	defer web.Close()
	for _, c := range []struct{ work, address, problem string }{
		{t.TempDir(), web.URL + "/x.json", "the answer is a web page"},
		{t.TempDir(), "http://a.example/x.json", "is not https"},
		{t.TempDir(), "https://me:secret@a.example/x.json", "has a name or a password in it"},
		{"", web.URL + "/x.json", "no such file or directory"},
	} {
		r := sources.Reader{Work: c.work}
		res, err := r.Read(t.Context(), []string{c.address})
		if err != nil {
			t.Fatal(err)
		}
		if h := res.Health[0]; !strings.Contains(h.Problem, c.problem) || h.Kept || len(res.Batches) > 0 {
			t.Errorf("%s: %+v", c.address, h)
		}
	}
}

// A source of which a part went back in time is not used, unless somebody says
// that older data is wanted.
func TestWentBack(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x.json")
	if err := os.WriteFile(name, []byte(index(2, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		last    int // day
		older   bool
		problem string
	}{
		{1, false, ""},
		{2, false, ""},
		{3, false, "it went back from data of 2099-01-03T00:00:00Z to data of 2099-01-02T00:00:00Z"},
		{3, true, ""},
	} {
		r := sources.Reader{Older: c.older, Last: func(p sources.Part) time.Time {
			if p.Kind != sources.KindCPANSA || p.Path != name {
				t.Errorf("asks for %s %s", p.Kind, p.Path)
			}
			return time.Date(2099, 1, c.last, 0, 0, 0, 0, time.UTC)
		}}
		res, err := r.Read(t.Context(), []string{name})
		if err != nil {
			t.Fatal(err)
		}
		if h := res.Health[0]; h.Problem != c.problem || (len(res.Batches) == 0) != (c.problem != "") {
			t.Errorf("day %d: %+v", c.last, h)
		}
	}
}

// A copy that is older than what was read last is no good copy.
func TestOldCopy(t *testing.T) {
	now := &server{body: index(2, 3)}
	web := httptest.NewServer(now)
	defer web.Close()
	last := 2
	r := sources.Reader{Work: t.TempDir(), Now: time.Unix(1, 0), Last: func(sources.Part) time.Time {
		return time.Date(2099, 1, last, 0, 0, 0, 0, time.UTC)
	}}
	for _, c := range []struct {
		last, status int
		kept         bool
		entries      int
	}{
		{2, 200, false, 3},
		{2, 500, true, 3},
		{3, 500, false, 0},
	} {
		last, now.status = c.last, c.status
		res, err := r.Read(t.Context(), []string{web.URL + "/x.json"})
		if err != nil {
			t.Fatal(err)
		}
		if h := res.Health[0]; h.Kept != c.kept || h.Entries != c.entries || (h.Problem == "") != (c.status == 200) {
			t.Errorf("last of day %d: %+v", c.last, h)
		}
		res.Close()
	}
}
