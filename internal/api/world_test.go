package api_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"nacre/internal/api"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
	"nacre/internal/upload"
)

// fixed is a source of one snapshot.
type fixed struct{ s *snapshot.Snapshot }

func (f fixed) Rebuild(context.Context, *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	return f.s, nil
}

// world is the API over the sample.
func world(t testing.TB) (*api.API, *snapshot.Snapshot) {
	t.Helper()
	return over(t, sample.New(t))
}

// over is the API over an index.
func over(t testing.TB, dir string) (*api.API, *snapshot.Snapshot) {
	t.Helper()
	s, err := snapshot.Load(context.Background(), os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	k := snapshot.NewKeeper(fixed{s}, time.Now)
	if err := k.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	a, err := api.New(options(k))
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

func options(k *snapshot.Keeper) api.Options {
	return api.Options{
		Keeper: k, Version: "test", MaxQuery: 1 << 20, MaxUpload: 1 << 20,
		Scanner: &upload.Scanner{
			Tool: "nacred test", Time: time.Minute, Places: upload.NewPlaces(2),
			Now: func() time.Time { return time.Date(2099, 3, 5, 0, 0, 0, 0, time.UTC) },
		},
	}
}

// ask asks the API; headers are each "Name: value".
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, in)
	for _, v := range headers {
		name, value, _ := strings.Cut(v, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// request makes a request for a path, nil for what is no address.
func request(path string) *http.Request {
	u, err := url.Parse("/" + path)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return nil
	}
	return &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}, Body: http.NoBody}
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
