package problem_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/internal/problem"
)

func TestWrite(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		body   string
	}{
		"a problem": {
			problem.New(404, "no advisory is called %s", "X").WithHint("search"), 404,
			`{"title":"Not Found","status":404,"detail":"no advisory is called X","hint":"search"}`,
		},
		"a wrapped problem": {fmt.Errorf("around: %w", problem.New(405, "GET only")), 405, `{"title":"Method Not Allowed","status":405,"detail":"GET only"}`},
		"a fault": {
			fault.New(fault.Invalid, "parse x").WithHint("write y"), 400,
			`{"title":"Bad Request","status":400,"detail":"parse x","hint":"write y"}`,
		},
		"a body that is too large": {
			fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 7}), 413,
			`{"title":"Request Entity Too Large","status":413,"detail":"the body is larger than 7 bytes (limit: body size)","hint":"send less at a time"}`,
		},
		"an error of the machine is not told": {
			errors.New("open /srv/secret: denied"), 503,
			`{"title":"Service Unavailable","status":503,"detail":"the server could not answer","hint":"try again later; if it lasts, tell whoever runs this index"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			if got := problem.Write(w, c.err); got != c.status || w.Code != c.status {
				t.Errorf("status %d and %d, want %d", got, w.Code, c.status)
			}
			if got := strings.TrimSpace(w.Body.String()); got != c.body {
				t.Errorf("got  %s\nwant %s", got, c.body)
			}
			if got := w.Header().Get("Content-Type"); got != problem.ContentType {
				t.Errorf("content type %q", got)
			}
		})
	}
}

func TestWriteIsShort(t *testing.T) {
	w := httptest.NewRecorder()
	problem.Write(w, problem.New(400, "%s", strings.Repeat("x", 1<<20)))
	if n := w.Body.Len(); n > 10<<10 {
		t.Errorf("%d bytes", n)
	}
}
