package publish

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/minio/minio-go/v7"

	"nacre/fault"
	"nacre/index/manifest"
)

// server speaks S3 on this machine, and has a bucket named index.
type server struct {
	*testing.T
	address string

	mu sync.Mutex
	// broken answers a request instead; false: it does not.
	broken func(n int, w http.ResponseWriter, r *http.Request) bool
	seen   []string          // requests that change something: "PUT index/key"
	cache  map[string]string // the Cache-Control of what was uploaded, by path
	n      int               // all requests
}

func newServer(t *testing.T) *server {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("index"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.StdLog(log.New(io.Discard, "", 0)))).Server()
	s := &server{T: t, cache: map[string]string{}}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.take(w, r) {
			fake.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(h.Close)
	s.address = h.URL
	return s
}

// take counts a request, and says whether it is to be answered.
func (s *server) take(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if s.broken != nil && s.broken(s.n, w, r) {
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		what := r.Method
		if r.Header.Get("X-Amz-Copy-Source") != "" {
			what = "COPY"
		}
		s.seen = append(s.seen, what+" "+strings.TrimPrefix(r.URL.Path, "/"))
		s.cache[strings.TrimPrefix(r.URL.Path, "/index/")] = r.Header.Get("Cache-Control")
	}
	return true
}

// count is how many requests there were since breaks. A client that has given up may
// still have one on its way.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// breaks sets what breaks, nil for nothing, and begins to count anew.
func (s *server) breaks(broken func(n int, w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken, s.n, s.seen = broken, 0, nil
}

func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *server) bucket(address string) *Bucket {
	s.Helper()
	b, err := NewBucket(Place{Address: address, Endpoint: s.address, Region: "us-east-1", Retries: 1}, func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}[name]
	})
	if err != nil {
		s.Fatal(err)
	}
	return b
}

// object reads an object and its header.
func object(t *testing.T, b *Bucket, key string) (string, minio.ObjectInfo) {
	t.Helper()
	in, info, _, err := b.client.GetObject(context.Background(), b.bucket, b.root+key, minio.GetObjectOptions{})
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), info
}

func TestCurrentObject(t *testing.T) {
	b := newServer(t).bucket("s3://index/a")
	r := publish(t, b, pages(1).write(t, 1, terms(1)), Options{})
	x, err := manifest.Load(context.Background(), b.open(r.Release.Name), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{
  "schema": "nacre.current/1",
  "release": %q,
  "path": "releases/%s/",
  "sequence": 1,
  "sha256": %q
}
`, r.Release.Name, r.Release.Name, x.Seal.SHA256)
	if text, _ := object(t, b, "current.json"); text != want {
		t.Errorf("current.json:\n%s", text)
	}
}

// A copy has the header of what it is a copy of; the fake server keeps the type
// alone.
func TestHeaders(t *testing.T) {
	s := newServer(t)
	b := s.bucket("s3://index")
	b.Stable = true
	r := publish(t, b, pages(1).write(t, 1, terms(1)), Options{})
	for path, want := range map[string]header{
		"index.html":                {"text/html; charset=utf-8", "public, max-age=300"},
		"assets/style.12345678.css": {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"dist/Foo-Bar.json":         {"application/json", "public, max-age=300"},
		"nacre.db":                  {"application/octet-stream", "public, max-age=300"},
		"nacre-index":               {"text/plain; charset=utf-8", "public, max-age=60"},
		"manifest.note":             {"text/plain; charset=utf-8", "public, max-age=60"},
	} {
		release := "releases/" + r.Release.Name + "/" + path
		for _, at := range []string{path, release} {
			if _, info := object(t, b, at); info.ContentType != want.kind {
				t.Errorf("%s is %s, want %s", at, info.ContentType, want.kind)
			}
		}
		if got := s.cache[release]; got != want.cache {
			t.Errorf("%s may be kept %q, want %q", path, got, want.cache)
		}
	}
	for path, want := range map[string]string{
		"assets/style.css": "public, max-age=300", "assets/search.json": "public, max-age=300",
		"dist/style.12345678.css": "public, max-age=300", "vulndb/index/db.json.gz": "public, max-age=300",
	} {
		if got := headerOf(path).cache; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := headerOf("vulndb/index/db.json.gz").kind; got != "application/gzip" {
		t.Errorf("a packed file is %s", got)
	}
}

// At the root, what is new comes before what changes, leaves before lists, and
// the notes last; and the switch comes before all of it.
func TestStableOrder(t *testing.T) {
	s := newServer(t)
	b := s.bucket("s3://index")
	b.Stable = true
	publish(t, b, pages(1).write(t, 1, terms(1)), Options{})
	s.breaks(nil)
	second := pages(2)
	second["assets/style.87654321.css"] = "p { color: red }"
	second["list/all/index.html"] = "new list"
	second["advisory/CVE-2099-0002/index.html"] = "new page"
	publish(t, b, second.write(t, 2, terms(2)), Options{})
	var at []string
	for _, r := range s.asked() {
		key := r[strings.IndexByte(r, ' ')+1:]
		if !strings.HasPrefix(key, "index/releases/") {
			at = append(at, strings.TrimPrefix(key, "index/"))
		}
	}
	slices.Sort(at[len(at)-4-1 : len(at)-3]) // index.html and nacre.db, side by side
	want := []string{
		"current.json", "assets/style.87654321.css", "advisory/CVE-2099-0002.json", "advisory/CVE-2099-0002/index.html",
		"list/all/index.html", "dist/Foo-Bar.json", "index.html", "nacre.db", "manifest.json", "nacre-index", "manifest.note",
	}
	if !slices.Equal(at, want) {
		t.Errorf("written at the root:\n%q, want\n%q", at, want)
	}
	text, _ := object(t, b, "index.html")
	old, _ := object(t, b, "advisory/CVE-2099-0001.json") // nothing is deleted
	if text != "build 2" || old != "{}" {
		t.Errorf("index.html is %q, an old record %q", text, old)
	}
}

// What was never finished does not stay for ever.
func TestCleanBucket(t *testing.T) {
	s := newServer(t)
	b := s.bucket("s3://index")
	publish(t, b, pages(1).write(t, 1, terms(1)), Options{})
	s.breaks(func(n int, w http.ResponseWriter, r *http.Request) bool {
		broken := strings.HasSuffix(r.URL.Path, manifest.SealName) && r.Method == http.MethodPut
		if broken {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return broken
	})
	if _, err := Publish(context.Background(), b, open(t, pages(2).write(t, 2, terms(2))), Options{}); err == nil {
		t.Error("published without a note")
	}
	s.breaks(nil)
	if got := list(t, b); got != "1*" {
		t.Errorf("releases %s", got)
	}
	publish(t, b, pages(3).write(t, 3, terms(3)), Options{})
	found, _, err := b.list(context.Background())
	if err != nil || len(found) != 2 || list(t, b) != "3* 1" {
		t.Errorf("left: %+v, %v", found, err)
	}
}

// A server lists a thousand objects at a time.
func TestManyFiles(t *testing.T) {
	b := newServer(t).bucket("s3://index")
	b.Stable = true
	s := site{}
	for i := range 1100 {
		s[fmt.Sprintf("dist/Foo-%04d.json", i)] = "{}"
	}
	s[manifest.DatabaseName] = "database"
	dir := s.write(t, 1, terms(1))
	if r := publish(t, b, dir, Options{}); r.Written.New != 1101 {
		t.Errorf("the first: %+v", r)
	}
	if r := publish(t, b, dir, Options{}); r.Written.Kept != 1101 {
		t.Errorf("the same again: %+v", r)
	}
	there, err := b.tags(context.Background(), b.root, releasesName+"/")
	if err != nil || len(there) != 1101+4 { // the notes and current.json
		t.Errorf("%d objects at the root, %v", len(there), err)
	}
}

// A file may be empty.
func TestEmptyFile(t *testing.T) {
	b := newServer(t).bucket("s3://index")
	s := pages(1)
	s["empty.txt"] = ""
	publish(t, b, s.write(t, 1, terms(1)), Options{})
	whole(t, b, 1)
}

// What has not changed is not sent again.
func TestUploadsOnce(t *testing.T) {
	s := newServer(t)
	b := s.bucket("s3://index")
	dir := pages(1).write(t, 1, terms(1))
	publish(t, b, dir, Options{})
	s.breaks(nil)
	publish(t, b, dir, Options{})
	for _, r := range s.asked() {
		if !strings.HasPrefix(r, "DELETE ") || !strings.HasSuffix(r, rolledMark) {
			t.Errorf("the same again: %s", r)
		}
	}
	s.breaks(nil)
	publish(t, b, pages(2).write(t, 2, terms(2)), Options{})
	copied := map[string]bool{}
	for _, r := range s.asked() {
		if key, ok := strings.CutPrefix(r, "COPY index/releases/"); ok {
			_, path, _ := strings.Cut(key, "/")
			copied[path] = true
		}
	}
	if got := slices.Sorted(maps.Keys(copied)); !slices.Equal(got, []string{"about/index.html", "assets/style.12345678.css"}) {
		t.Errorf("copied %q", got)
	}
}

// TestBrokenRequests lets single requests of a publication fail, and every
// request from one on. What is current stays whole, and the next run ends well.
// The client waits some tenths of a second after each, so not all are tried.
func TestBrokenRequests(t *testing.T) {
	for _, c := range []struct {
		name   string
		stable bool
		step   int
		broken func(at int) func(n int, w http.ResponseWriter, r *http.Request) bool
	}{
		{"one is refused", false, 2, func(at int) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, _ *http.Request) bool {
				if n == at {
					w.WriteHeader(http.StatusInternalServerError)
				}
				return n == at
			}
		}},
		{"the server is gone from one on", true, 4, func(at int) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, _ *http.Request) bool {
				if n >= at {
					panic(http.ErrAbortHandler)
				}
				return false
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := site{"index.html": "build 1", "about.html": "about", manifest.DatabaseName: "1"}.write(t, 1, terms(1))
			second := site{"index.html": "build 2", "about.html": "about", manifest.DatabaseName: "2"}.write(t, 2, terms(2))
			failures := 0
			for at := 1; ; at += c.step {
				s := newServer(t)
				b := s.bucket("s3://index/p")
				b.Stable = c.stable
				publish(t, b, first, Options{})
				s.breaks(c.broken(at))
				_, err := Publish(context.Background(), b, open(t, second), Options{})
				total := s.count()
				s.breaks(nil)
				if err != nil {
					failures++
					if fault.KindOf(err) == fault.Canceled || fault.HintOf(err) == "" {
						t.Errorf("request %d: %v", at, err)
					}
				}
				whole(t, b, 0) // the one or the other
				r := publish(t, b, second, Options{})
				whole(t, b, 2)
				if r.Release.Sequence != 2 {
					t.Errorf("request %d: %+v", at, r)
				}
				if b.Stable {
					if text, _ := object(t, b, "index.html"); text != "build 2" {
						t.Errorf("request %d: index.html is %q", at, text)
					}
				}
				if at > total {
					break
				}
			}
			if failures < 5 {
				t.Errorf("only %d runs failed", failures)
			}
		})
	}
}

func TestNewBucketRefuses(t *testing.T) {
	credentials := func(name string) string { return name }
	for _, c := range []struct {
		name   string
		place  Place
		getenv func(string) string
		want   string
	}{
		{"no bucket", Place{Address: "s3://", Endpoint: "https://s3.example.org"}, credentials, "not one of a bucket"},
		{"another scheme", Place{Address: "https://x", Endpoint: "https://s3.example.org"}, credentials, "not one of a bucket"},
		{"a password", Place{Address: "s3://me:secret@x", Endpoint: "https://s3.example.org"}, credentials, "not one of a bucket"},
		{"a prefix that leads out", Place{Address: "s3://x/../y", Endpoint: "https://s3.example.org"}, credentials, "names no file"},
		{"no endpoint", Place{Address: "s3://x"}, credentials, "is not https"},
		{"a path", Place{Address: "s3://x", Endpoint: "https://s3.example.org/x"}, credentials, "not the address of a server"},
		{"a password in it", Place{Address: "s3://x", Endpoint: "https://me:secret@s3.example.org"}, credentials, "has a name or a password"},
		{"plain http", Place{Address: "s3://x", Endpoint: "http://s3.example.org"}, credentials, "is not https"},
		{"no credentials", Place{Address: "s3://x", Endpoint: "https://s3.example.org"}, func(string) string { return "" }, "no credentials"},
	} {
		_, err := NewBucket(c.place, c.getenv)
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.HintOf(err) == "" && c.name != "a prefix that leads out" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	s := newServer(t)
	if _, err := s.bucket("s3://nothing").Releases(context.Background()); fault.KindOf(err) != fault.NotFound || !strings.Contains(fault.HintOf(err), "make the bucket") {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
