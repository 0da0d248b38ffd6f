package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"nacre/index"
	"nacre/internal/api"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
	"nacre/internal/upload"
	"nacre/internal/web"
)

// world is a server over the sample.
type world struct {
	*web.Server
	keeper *snapshot.Keeper
	source *source
	log    *lines
}

// source gives a snapshot, or an error where it has one.
type source struct {
	s   *snapshot.Snapshot
	err error
}

func (s *source) Rebuild(context.Context, *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	return s.s, s.err
}

// lines is a log that several goroutines write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t testing.TB, change func(*web.Options)) *world {
	t.Helper()
	s, err := snapshot.Load(context.Background(), os.DirFS(sample.New(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{source: &source{s: s}, log: &lines{}}
	now := func() time.Time { return time.Date(2099, 3, 5, 0, 0, 0, 0, time.UTC) }
	w.keeper = snapshot.NewKeeper(w.source, now)
	if err := w.keeper.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	scanner := &upload.Scanner{Tool: "nacred test", Time: time.Minute, Places: upload.NewPlaces(2), Now: now}
	a, err := api.New(api.Options{Keeper: w.keeper, Scanner: scanner, Version: "test", MaxQuery: 1 << 20, MaxUpload: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	opt := web.Options{
		Keeper: w.keeper, API: a, Document: a.Document(), Scanner: scanner, Site: index.DefaultSite(), Now: now,
		Log: slog.New(slog.NewJSONHandler(w.log, nil)), Requests: w.log, Addresses: web.ShortAddresses, Metrics: true, Limits: web.DefaultLimits(),
	}
	opt.Limits.MaxUpload = 1 << 20
	opt.Limits.Rate = 0
	if change != nil {
		change(&opt)
	}
	if w.Server, err = web.New(opt); err != nil {
		t.Fatal(err)
	}
	return w
}

// ask asks the server; headers are each "Name: value".
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, v := range headers {
		name, value, _ := strings.Cut(v, ": ")
		if name == "From" {
			r.RemoteAddr = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPaths(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		want         string // in the body, or the place that is named
	}{
		{"GET", "/", 200, "start"},
		{"GET", "/dist/Foo-Bar/", 200, "Foo-Bar"},
		{"GET", "/dist/Foo-Bar", 301, "./Foo-Bar/"},
		{"GET", "/dist/Foo-Bar?x=1", 301, "./Foo-Bar/"},
		{"GET", "/scan", 301, "./scan/"},
		{"GET", "/api", 301, "./api/"},
		{"GET", "/scan/", 200, "<textarea"},
		{"GET", "/scan/index.html", 200, "<textarea"},
		{"GET", "/api/", 200, "querybatch"},
		{"GET", "/api/index.html", 200, "querybatch"},
		{"GET", "/api/openapi.json", 200, `"3.1.0"`},
		{"GET", "/api/v1/search?q=foo", 200, "CVE-2099-0001"},
		{"GET", "/v1/vulns/CVE-2099-0001", 200, "CVE-2099-0001"},
		{"GET", "/healthz", 200, "ok"},
		{"GET", "/readyz", 200, `"ready":true`},
		{"GET", "/metrics", 200, "nacred_index_advisories 5"},
		{"GET", "/osv/CVE-2099-0001.json", 200, "CVE-2099-0001"},
		{"HEAD", "/osv/CVE-2099-0001.json", 200, ""},
		{"GET", "/nothing", 404, "no such file"},
		{"GET", "//example.org/", 404, "no such file"},
		{"GET", "/dist/..%2f..%2fetc/passwd", 404, "no such file"},
		{"GET", "/%2e%2e/manifest.json", 404, "no such file"},
		{"GET", "/manifest.json%00", 404, "no such file"},
		{"POST", "/", 405, "can be read"},
		{"PUT", "/osv/CVE-2099-0001.json", 405, "can be read"},
		{"DELETE", "/scan/", 405, "can be read"},
		{"POST", "/readyz", 405, "can be read"},
		{"POST", "/nothing", 404, "no such file"},
	} {
		got := ask(w, c.method, c.path, "")
		said := got.Body.String()
		if h := got.Header(); got.Code == 301 {
			said = h.Get("Location")
			if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") == "" || h.Get("Cache-Control") == "" {
				t.Errorf("%s: headers of the redirection: %v", c.path, h)
			}
		}
		if got.Code != c.status || !strings.Contains(said, c.want) || c.method == "HEAD" && said != "" {
			t.Errorf("%s %s: %d %.200s", c.method, c.path, got.Code, said)
		}
		if got.Code == 405 && got.Header().Get("Allow") == "" {
			t.Errorf("%s %s: nothing is allowed", c.method, c.path)
		}
	}
}

// A script of another site may ask for a file by its entity tag.
func TestFilesArePreflighted(t *testing.T) {
	got := ask(newWorld(t, nil), "OPTIONS", "/osv/CVE-2099-0001.json", "", "Origin: https://example.org", "Access-Control-Request-Headers: if-none-match")
	if h := got.Header(); got.Code != 204 || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "If-None-Match") {
		t.Errorf("%d %v", got.Code, h)
	}
}

// A person gets a page for what is not there, with links that lead back, and nothing
// of the address in it.
func TestMissingPage(t *testing.T) {
	w := newWorld(t, nil)
	got := ask(w, "GET", "/a/<script>/x", "", "Accept: text/html,*/*")
	if got.Code != 404 || strings.Contains(got.Body.String(), "<script>/") || !strings.Contains(got.Body.String(), `href="../../index.html"`) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestPagesAreStrict(t *testing.T) {
	w := newWorld(t, nil)
	for _, path := range []string{"/", "/scan/", "/api/"} {
		h := ask(w, "GET", path, "").Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s: %q", path, name, h.Get(name))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: %s", path, h.Get("Content-Security-Policy"))
		}
	}
	style := regexp.MustCompile(`href="\.\./(assets/style\.[0-9a-f]+\.css)"`).FindStringSubmatch(ask(w, "GET", "/scan/", "").Body.String())
	if style == nil {
		t.Fatal("the page has no style")
	}
	if got := ask(w, "GET", "/"+style[1], ""); got.Code != 200 || !strings.Contains(got.Body.String(), "--paper") {
		t.Errorf("its style is not served: %d", got.Code)
	}
}

// The commands on the page of the API work as they are printed.
func TestDocumentedCommands(t *testing.T) {
	w := newWorld(t, nil)
	page, err := html.Parse(ask(w, "GET", "/api/", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?s)^curl (?:-H 'Content-Type: ([^']*)' --data-binary '([^']*)' )?'` + regexp.QuoteMeta(strings.TrimSuffix(index.DefaultSite().URL, "/")) + `(/[^']*)'$`)
	n := 0
	for node := range page.Descendants() {
		if node.Data != "pre" || node.FirstChild == nil {
			continue
		}
		text := node.FirstChild.FirstChild.Data
		m := command.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("not what a shell could do: %s", text)
			continue
		}
		method := "GET"
		if m[2] != "" {
			method = "POST"
		}
		if got := ask(w, method, m[3], m[2], "Content-Type: "+m[1]); got.Code != 200 || got.Body.Len() < 20 {
			t.Errorf("%s: %d %s", text, got.Code, got.Body)
		}
		n++
	}
	if n < 8 {
		t.Errorf("the page has %d commands", n)
	}
}

// form makes what a browser posts.
func form(t testing.TB, fields map[string]string, name, file string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, k := range []string{"text", "perl"} {
		if v, ok := fields[k]; ok {
			if err := m.WriteField(k, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(file)) //nolint:errcheck // a buffer
	}
	m.Close()
	return "Content-Type: " + m.FormDataContentType(), b.String()
}

func TestScanForm(t *testing.T) {
	w := newWorld(t, nil)
	for name, c := range map[string]struct {
		fields     map[string]string
		file, text string
		status     int
		want       string
	}{
		"pasted":                {map[string]string{"text": "Foo-Bar==1.1\r\nAcme-Demo==1.9\r\n"}, "", "", 200, "CVE-2099-0002"},
		"a file":                {map[string]string{"text": "", "perl": " 5.36.0 "}, "list.txt", "Foo-Bar==1.1\n", 200, "CVE-2099-0001"},
		"a name that is a path": {nil, "../../../etc/passwd.txt", "Foo-Bar==1.1\n", 200, "CVE-2099-0001"},
		"nothing":               {map[string]string{"text": ""}, "", "", 400, "the file is empty"},
		"no perl":               {map[string]string{"text": "Foo-Bar==1.1", "perl": "</p><script>alert(1)</script>"}, "", "", 400, "version of perl"},
		"some text":             {map[string]string{"text": "<script>alert(1)</script>"}, "", "", 400, "nothing that components are read from"},
		"too large":             {nil, "list.txt", strings.Repeat("Foo-Bar==1.1\n", 100_000), 413, "limit: body size"},
	} {
		t.Run(name, func(t *testing.T) {
			kind, body := form(t, c.fields, c.file, c.text)
			got := ask(w, "POST", "/scan/", body, kind)
			if got.Code != c.status || !strings.Contains(got.Body.String(), c.want) {
				t.Errorf("%d %s", got.Code, got.Body)
			}
			if s := got.Body.String(); strings.Contains(s, "<script>alert") || strings.Contains(s, "passwd") {
				t.Error("what was sent is markup in the page, or a name of a file")
			}
			if got.Header().Get("Content-Security-Policy") == "" || got.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%v", got.Header())
			}
		})
	}
	kind, body := form(t, map[string]string{"text": "Foo-Bar==1.1\n"}, "", "")
	for _, path := range []string{"/scan", "/scan/index.html"} {
		if got := ask(w, "POST", path, body, kind); got.Code != 200 || !strings.Contains(got.Body.String(), "CVE-2099-0001") {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	if got := ask(w, "POST", "/scan/", "text=Foo-Bar==1.1", "Content-Type: application/x-www-form-urlencoded"); got.Code != 415 {
		t.Errorf("another form: %d", got.Code)
	}
	if s := w.log.String(); strings.Contains(s, "passwd") || strings.Contains(s, "Foo-Bar") {
		t.Errorf("an upload is in the log: %s", s)
	}
}

// The text of an advisory, the worst that a source may have, is text on the page of a
// scan's result.
func TestHostileAdvisory(t *testing.T) {
	w := newWorld(t, nil)
	kind, body := form(t, map[string]string{"text": "Acme-Demo==1.9\n"}, "", "")
	page, err := html.Parse(ask(w, "POST", "/scan/", body, kind).Body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range page.Descendants() {
		if n.Data == "script" || n.Data == "img" {
			t.Errorf("the page has an element %s", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "javascript:") {
				t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
}

func TestReloadFails(t *testing.T) {
	w := newWorld(t, nil)
	w.source.err = errors.New("open /srv/private: no space")
	if err := w.keeper.Reload(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if got := ask(w, "GET", "/osv/CVE-2099-0001.json", ""); got.Code != 200 {
		t.Errorf("what was loaded is not served: %d", got.Code)
	}
	for path, want := range map[string]string{
		"/readyz": `"failing":true`, "/metrics": "nacred_index_load_failing 1\n",
	} {
		if got := ask(w, "GET", path, ""); got.Code != 200 || !strings.Contains(got.Body.String(), want) || strings.Contains(got.Body.String(), "private") {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	got := ask(w, "GET", "/health/", "")
	if s := got.Body.String(); !strings.Contains(s, "could not load or rebuild") || strings.Contains(s, "private") || strings.Index(s, "<main") > strings.Index(s, "could not load") {
		t.Errorf("the page of health does not tell: %s", s)
	}
	w.source.err = nil
	if err := w.keeper.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(w, "GET", "/health/", ""); strings.Contains(got.Body.String(), "could not load") {
		t.Error("the page of health tells of what is over")
	}
}

func TestRate(t *testing.T) {
	w := newWorld(t, func(o *web.Options) { o.Limits.Rate, o.Limits.Burst = 1e-6, 3 })
	status := func(from string) int { return ask(w, "GET", "/", "", "From: "+from).Code }
	for i, want := range []int{200, 200, 200, 429, 429} {
		if got := status("192.0.2.1:1"); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if got := ask(w, "GET", "/", "", "From: 192.0.2.1:2"); got.Code != 429 || got.Header().Get("Retry-After") == "" {
		t.Errorf("another port of the client: %d %v", got.Code, got.Header())
	}
	if got := status("192.0.2.2:1"); got != 200 {
		t.Errorf("another client: %d", got)
	}
	for i := range 4 { // one customer has a whole /64
		if got, want := status(fmt.Sprintf("[2001:db8::%x]:1", i)), []int{200, 200, 200, 429}[i]; got != want {
			t.Errorf("address %d of a network: %d", i, got)
		}
	}
	if got := ask(w, "GET", "/healthz", "", "From: 192.0.2.1:1"); got.Code != 200 {
		t.Errorf("whoever watches is limited: %d", got.Code)
	}
	if got := ask(w, "GET", "/metrics", "").Body.String(); !strings.Contains(got, "nacred_requests_limited_total 4") {
		t.Error("what is refused is not counted")
	}
}

// X-Forwarded-For counts where a proxy that was named says it, and only its own word.
// A body that does not say how large it is costs what is read of it.
func TestRateOfBodies(t *testing.T) {
	const from = "192.0.2.1:1"
	for name, length := range map[string]int64{"said": 1 << 20, "unsaid": -1} {
		w := newWorld(t, func(o *web.Options) { o.Limits.Rate, o.Limits.Burst = 1e-6, 60 })
		r := httptest.NewRequest("POST", "/v1/querybatch", strings.NewReader(strings.Repeat(" ", 1<<20)))
		r.ContentLength, r.RemoteAddr = length, from
		w.ServeHTTP(httptest.NewRecorder(), r)
		if got := ask(w, "GET", "/", "", "From: "+from); got.Code != 429 {
			t.Errorf("after a large body, its size %s, the client may ask: %d", name, got.Code)
		}
	}
}

func TestForwarded(t *testing.T) {
	w := newWorld(t, func(o *web.Options) {
		o.Addresses = web.FullAddresses
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	})
	for _, c := range []struct{ from, header, want string }{
		{"198.51.100.7:1", "203.0.113.9", "198.51.100.7"},
		{"192.0.2.1:1", "203.0.113.9", "203.0.113.9"},
		{"192.0.2.1:1", "1.2.3.4, 203.0.113.9", "203.0.113.9"},
		{"192.0.2.1:1", "203.0.113.9, 192.0.2.8", "203.0.113.9"},
		{"192.0.2.1:1", "nonsense", "192.0.2.1"},
		{"192.0.2.1:1", "1.2.3.4, nonsense, 192.0.2.8", "192.0.2.8"},
		{"192.0.2.1:1", strings.Repeat("192.0.2.8,", 1000) + "192.0.2.8", "192.0.2.8"},
		{"[::ffff:198.51.100.7]:1", "", "198.51.100.7"},
	} {
		before := len(w.log.String())
		ask(w, "GET", "/", "", "From: "+c.from, "X-Forwarded-For: "+c.header)
		if line := w.log.String()[before:]; !strings.Contains(line, `"client":"`+c.want+`"`) {
			t.Errorf("%s with %.40q: %s", c.from, c.header, line)
		}
	}
}

// The log says what was asked for, and nothing of the query of the address, of a
// header or a body.
func TestLog(t *testing.T) {
	for addresses, want := range map[web.Addresses]string{
		web.NoAddresses: `"client":""`, web.ShortAddresses: `"client":"198.51.100.0/24"`, web.FullAddresses: `"client":"198.51.100.7"`,
	} {
		w := newWorld(t, func(o *web.Options) { o.Addresses = addresses })
		ask(w, "POST", "/v1/query?secret=1", `{"package":{"purl":"pkg:cpan/Foo-Bar@1.1"}}`, "From: 198.51.100.7:1", "Authorization: secret")
		line := w.log.String()
		if !strings.Contains(line, want) || strings.Contains(line, "secret") || strings.Contains(line, "Foo-Bar") {
			t.Errorf("%s: %s", addresses, line)
		}
		var v struct {
			Path   string
			Status int
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Path != "/v1/query" || v.Status != 200 {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// Lines come whole and in order, however many write, and all of them.
func TestLines(t *testing.T) {
	out := &lines{}
	l := web.NewLines(out)
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			for n := range 1000 {
				fmt.Fprintf(l, "%d %04d %s\n", i, n, strings.Repeat("x", 50))
			}
		})
	}
	writers.Wait()
	if err := l.Flush(); err != nil {
		t.Error(err)
	}
	var next [4]int
	for line := range strings.Lines(out.String()) {
		var i, n int
		var rest string
		if _, err := fmt.Sscanf(line, "%d %04d %s\n", &i, &n, &rest); err != nil || n != next[i] || len(rest) != 50 {
			t.Fatalf("%v: %q", err, line)
		}
		next[i]++
	}
	if next != [4]int{1000, 1000, 1000, 1000} {
		t.Error(next)
	}
}

// What is gathered is written without another line.
func TestLinesAreWritten(t *testing.T) {
	out := &lines{}
	fmt.Fprintln(web.NewLines(out), "one")
	for out.String() == "" {
		time.Sleep(time.Millisecond)
	}
}

type defect struct{}

func (defect) ServeHTTP(http.ResponseWriter, *http.Request) { panic("a defect") }

func TestDefect(t *testing.T) {
	w := newWorld(t, func(o *web.Options) { o.API = defect{} })
	if got := ask(w, "GET", "/api/v1/search?q=a", ""); got.Code != 500 || strings.Contains(got.Body.String(), "goroutine") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if !strings.Contains(w.log.String(), "a defect") || !strings.Contains(ask(w, "GET", "/metrics", "").Body.String(), "nacred_panics_total 1") {
		t.Error("nobody hears of it")
	}
}

// slow is an API that answers once it is let.
type slow struct{ began, let chan struct{} }

func (s slow) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	close(s.began)
	<-s.let
	io.WriteString(w, "done") //nolint:errcheck // the test reads it
}

// listen serves until stop is called, which gives what Serve gave.
func listen(t *testing.T, w *world) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, l) }()
	return l.Addr().String(), func() error { cancel(); return <-ended }
}

// A request that runs is finished, and new ones are not taken.
func TestStop(t *testing.T) {
	s := slow{make(chan struct{}), make(chan struct{})}
	w := newWorld(t, func(o *web.Options) { o.API = s })
	address, stop := listen(t, w)
	got := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + address + "/api/v1/x")
		if err != nil {
			got <- err.Error()
			return
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		got <- fmt.Sprint(string(b), err)
	}()
	<-s.began
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for !strings.Contains(w.log.String(), "stopping") {
		time.Sleep(time.Millisecond)
	}
	close(s.let)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := <-got; got != "done<nil>" {
		t.Error(got)
	}
	if c, err := net.Dial("tcp", address); err == nil {
		c.Close()
		t.Error("it still listens")
	}
}

// What outlasts the grace is left behind, and that is an error.
func TestGraceEnds(t *testing.T) {
	s := slow{make(chan struct{}), make(chan struct{})}
	w := newWorld(t, func(o *web.Options) { o.API, o.Limits.Grace = s, time.Millisecond })
	address, stop := listen(t, w)
	go http.Get("http://" + address + "/api/v1/x") //nolint:errcheck,bodyclose // it never ends
	<-s.began
	defer close(s.let)
	if stop() == nil {
		t.Error("no error")
	}
}

// A header that never ends is ended by its time, and one that is too large by its
// size.
func TestSlowAndLargeHeaders(t *testing.T) {
	w := newWorld(t, func(o *web.Options) { o.Limits.Header, o.Limits.HeaderBytes = 50*time.Millisecond, 4<<10 })
	address, stop := listen(t, w)
	defer stop() //nolint:errcheck // told by other tests
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if _, err := io.ReadAll(c); err != nil && !errors.Is(err, net.ErrClosed) {
		var ne net.Error
		if errors.As(err, &ne) && ne.Timeout() {
			t.Error("the connection stays open")
		}
	}
	r, err := http.NewRequest("GET", "http://"+address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Large", strings.Repeat("x", 64<<10))
	got, err := http.DefaultClient.Do(r)
	if err == nil {
		got.Body.Close()
		if got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("a header of 64 KiB: %d", got.StatusCode)
		}
	}
}

// Only so many connections are answered at once; the next waits until one is closed.
func TestConnections(t *testing.T) {
	w := newWorld(t, func(o *web.Options) { o.Limits.Connections = 1 })
	address, stop := listen(t, w)
	defer stop() //nolint:errcheck // told by other tests
	dial := func() net.Conn {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
		return c
	}
	first := dial()
	line := func(c net.Conn) string {
		s, err := bufio.NewReader(c).ReadString('\n')
		if err != nil {
			return err.Error()
		}
		return s
	}
	if got := line(first); !strings.Contains(got, "200") {
		t.Fatal(got)
	}
	second := dial()
	defer second.Close()
	answered := make(chan string, 1)
	go func() { answered <- line(second) }()
	select {
	case got := <-answered:
		t.Errorf("a second connection was answered beside the first: %s", got)
	case <-time.After(50 * time.Millisecond):
	}
	first.Close()
	if got := <-answered; !strings.Contains(got, "200") {
		t.Error(got)
	}
}

// The text of metrics is what Prometheus reads: a name, labels, a number a line.
func TestMetricsForm(t *testing.T) {
	w := newWorld(t, nil)
	state := w.keeper.Current().State // two of one name, and one that is named twice
	state.Sources = append(state.Sources, index.Health{Name: "CPANSA", From: "other"}, index.Health{Name: "CPANSA", From: "other", Problem: "gone"})
	ask(w, "GET", "/", "")
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? [-+0-9.e]+)$`)
	got := ask(w, "GET", "/metrics", "").Body.String()
	for _, l := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not a line of it: %q", l)
		}
	}
	if !strings.Contains(got, `nacred_source_failing{source="CPANSA",from="other"} 1`) {
		t.Errorf("a source that fails is not told: %s", got)
	}
	series := map[string]bool{}
	for l := range strings.Lines(got) {
		name, _, _ := strings.Cut(l, " ")
		if series[name] && name != "#" {
			t.Errorf("%s is told twice", name)
		}
		series[name] = true
	}
	if !strings.Contains(got, `nacred_requests_total{kind="file",code="2xx"} 1`) {
		t.Error(got)
	}
	off := newWorld(t, func(o *web.Options) { o.Metrics = false })
	if got := ask(off, "GET", "/metrics", ""); got.Code != 404 {
		t.Errorf("switched off, they are told: %d", got.Code)
	}
}

// Whatever is posted, the form answers with a page.
func FuzzForm(f *testing.F) {
	w := newWorld(f, func(o *web.Options) { o.Requests = nil })
	kind, body := form(f, map[string]string{"text": "Foo-Bar==1.1", "perl": "5.36"}, "list.txt", "Foo-Bar==1.1\n")
	f.Add(strings.TrimPrefix(kind, "Content-Type: "), body)
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nFoo-Bar==1\r\n--x--\r\n")
	f.Add("multipart/form-data; boundary=", "")
	f.Add("text/plain", "x")
	f.Fuzz(func(t *testing.T, kind, body string) {
		if len(body) > 64<<10 {
			return
		}
		got := ask(w, "POST", "/scan/", body, "Content-Type: "+kind)
		switch got.Code {
		case 200, 400, 413, 415:
		default:
			t.Errorf("status %d: %s", got.Code, got.Body)
		}
		if !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") || got.Body.Len() == 0 {
			t.Errorf("no page: %v", got.Header())
		}
	})
}
