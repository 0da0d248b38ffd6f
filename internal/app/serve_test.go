//go:build unix

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nacre/internal/snapshot/sample"
)

// logged is what a server writes to its log.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// has says whether the log has a line with a message.
func (l *logged) has(message string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.b.Bytes(), []byte(`"msg":"`+message+`"`))
}

// wait waits until the log has a line with a message that fits.
func (l *logged) wait(t *testing.T, message string, fits func(map[string]any) bool) map[string]any {
	t.Helper()
	for range 2000 {
		l.mu.Lock()
		text := l.b.String()
		l.mu.Unlock()
		for line := range strings.Lines(text) {
			var v map[string]any
			if json.Unmarshal([]byte(line), &v) == nil && v["msg"] == message && (fits == nil || fits(v)) {
				return v
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the log has no line %q:\n%s", message, l.b.String())
	return nil
}

// running is a server that builds its index of sources and serves it.
type running struct {
	base string
	log  *logged
	stop func() error
}

// startServer starts a server, and waits until there is an index.
func startServer(t *testing.T, from, out string) *running {
	t.Helper()
	r := &running{log: &logged{}}
	env := &Env{
		Stdout: io.Discard, Stderr: r.log, Now: func() time.Time { return time.Date(2099, 3, 4, 0, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" }, IsTerminal: func(io.Writer) bool { return false },
	}
	s, err := readServeSettings(strings.NewReader(fmt.Sprintf("index: %q\nsources: [%q]\nlisten: 127.0.0.1:0\nevery: 0s\n", out, from)), env.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serveIndex(ctx, env, s, nil) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { r.stop() }) //nolint:errcheck // whoever wants to know asks before
	r.base = "http://" + r.log.wait(t, "listening", nil)["address"].(string)
	r.log.wait(t, "loaded", sequence(1))
	return r
}

// sequence fits a line about the index of this sequence.
func sequence(n float64) func(map[string]any) bool {
	return func(v map[string]any) bool { return v["sequence"] == n }
}

func (r *running) get(t *testing.T, path string) (int, string) {
	t.Helper()
	got, err := http.Get(r.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(b)
}

// A server builds its index, builds it again when it is told to, keeps it where that
// fails, and ends in order.
func TestServe(t *testing.T) {
	from, out := sample.Sources(t), filepath.Join(t.TempDir(), "site")
	r := startServer(t, from, out)
	log, get := r.log, func(path string) (int, string) { return r.get(t, path) }
	for _, path := range []string{"/", "/dist/Foo-Bar/", "/api/v1/dists/Foo-Bar", "/api/v1/advisories/CVE-2099-0001", "/v1/vulns/CVE-2099-0001", "/scan/", "/api/", "/health/", "/nacre.db"} {
		if status, body := get(path); status != 200 || body == "" {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}

	report := filepath.Join(from, "advisories", "cpansa", "CPANSA-Foo-Bar.yml")
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	sample.Write(t, report, bytes.Replace(text, []byte("severity: low"), []byte("severity: high"), 1))
	hangUp(t)
	log.wait(t, "loaded", sequence(2))
	if _, body := get("/readyz"); strings.Contains(body, "build_refused") {
		t.Errorf("nothing was refused: %s", body)
	}
	if _, body := get("/api/v1/changes"); !strings.Contains(body, "CPANSA-Foo-Bar-2099-03") {
		t.Errorf("the change is not told: %s", body)
	}

	if err := os.RemoveAll(from); err != nil {
		t.Fatal(err)
	}
	hangUp(t)
	log.wait(t, "the index stays as it is", nil)
	log.wait(t, "loaded", sequence(3))
	if status, _ := get("/dist/Foo-Bar/"); status != 200 {
		t.Errorf("what was served is gone: %d", status)
	}
	if _, body := get("/readyz"); !strings.Contains(body, `"ready":true`) || !strings.Contains(body, "sources_failing") || !strings.Contains(body, `"build_refused":true`) {
		t.Errorf("it is not told: %s", body)
	}
	if _, body := get("/metrics"); !strings.Contains(body, "nacred_index_build_refused 1\n") {
		t.Errorf("it is not told: %s", body)
	}

	sample.Write(t, filepath.Join(out, "manifest.json"), []byte("{}"))
	hangUp(t)
	log.wait(t, "the index could not be loaded; what was loaded before is served", nil)
	if status, _ := get("/dist/Foo-Bar/"); status != 200 {
		t.Errorf("what was served is gone: %d", status)
	}
	if _, body := get("/readyz"); !strings.Contains(body, `"failing":true`) {
		t.Errorf("it is not told: %s", body)
	}

	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// hangUp sends this process what an operator sends.
func hangUp(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
}
