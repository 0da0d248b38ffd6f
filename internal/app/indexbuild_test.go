package app

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An address fails in the second night: the index is made of its last good copy,
// standard error says so, and the status is 3. The third night has neither the
// address nor the copy.
func TestBuildOfACopy(t *testing.T) {
	status := http.StatusOK
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"meta":{"commit":"abc","epoch":4070995200},"module2dist":{},"dists":{"Foo-Bar":{"main_module":"Foo::Bar",
"versions":[{"date":"2098-01-02","version":"1.1"}],"advisories":[{"id":"CPANSA-Foo-Bar-2099-01","cves":[],"affected_versions":["<1.2"],
"reported":"2099-01-01","description":"It follows links."}]}}}`)
	}))
	defer web.Close()
	dir := t.TempDir()
	out, work := filepath.Join(dir, "www"), filepath.Join(dir, "work")
	for day, c := range []struct {
		before         func()
		status         int
		stdout, stderr string
	}{
		{func() {}, 0, "wrote ", "note: the index is not signed"},
		{func() { status = http.StatusServiceUnavailable }, 3, "wrote ", "/feed.json could not be used, and its copy of 2099-01-01 was: "},
		{func() { _ = os.RemoveAll(work) }, 3, "", "stays as it is: "},
	} {
		c.before()
		var stdout, stderr bytes.Buffer
		env := &Env{
			Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Width: 80,
			Now:        func() time.Time { return time.Date(2099, 1, 1+day, 0, 0, 0, 0, time.UTC) },
			IsTerminal: func(io.Writer) bool { return false },
		}
		args := []string{"index", "build", "--from", web.URL + "/feed.json", "--work", work, "--unsigned", "-o", out}
		if got := Program().Run(t.Context(), args, env); got != c.status {
			t.Errorf("day %d: status %d, want %d", day, got, c.status)
		}
		if !strings.HasPrefix(stdout.String(), c.stdout) || (c.stdout == "") != (stdout.Len() == 0) || !strings.Contains(stderr.String(), c.stderr) {
			t.Errorf("day %d: it says %q and %q", day, stdout.String(), stderr.String())
		}
		if c.status == 3 && !strings.Contains(stderr.String(), "hint: ") {
			t.Errorf("day %d: no hint in %q", day, stderr.String())
		}
	}
}
