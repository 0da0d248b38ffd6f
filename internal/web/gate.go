package web

import (
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"nacre/fault"
	"nacre/internal/problem"
)

// answer is a ResponseWriter that remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
	line   []byte // of the log, which is made here again and again
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

var answers = sync.Pool{New: func() any { return new(answer) }}

// ServeHTTP is the gate that every request goes through.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	a := answers.Get().(*answer)
	a.ResponseWriter, a.status, a.bytes = w, 0, 0
	k := kindOf(r)
	s.metrics.running.Add(1)
	ip := client(r, s.opt.Proxies)
	defer func() {
		v := recover()
		if v != nil && v != http.ErrAbortHandler {
			s.metrics.panics.Add(1)
			s.opt.Log.Error("a defect", "path", short(r.URL.Path), "panic", fault.Quote(stringOf(v)), "stack", string(debug.Stack()))
			if a.status == 0 {
				problem.Write(a, problem.New(http.StatusInternalServerError, "the server has a defect").WithHint("tell whoever runs this index what you asked"))
			}
		}
		s.metrics.running.Add(-1)
		status := a.status
		if status == 0 {
			status = http.StatusOK
		}
		took := time.Since(start)
		s.metrics.count(k, status, took)
		if s.opt.Requests != nil && k != kindOperator {
			a.line = appendRequest(a.line[:0], start, r, status, a.bytes, took, s.opt.Addresses.of(ip))
			s.opt.Requests.Write(a.line) //nolint:errcheck // there is no other log to tell
		}
		a.ResponseWriter = nil
		answers.Put(a)
		if v == http.ErrAbortHandler { //nolint:errorlint // it is that value
			panic(v)
		}
	}()
	if k != kindOperator {
		if wait, ok := s.buckets.take(ip, cost(k, r), start); !ok {
			s.metrics.limited.Add(1)
			p := problem.New(http.StatusTooManyRequests, "you ask too often").WithHint("ask again in %d s; the whole index is one file: nacre db update, or osv/all.zip", wait)
			p.RetryAfter = wait
			problem.Write(a, p)
			return
		}
	}
	if k != kindBatch || r.ContentLength >= 0 {
		s.answer(a, r, k)
		return
	}
	body := &counted{ReadCloser: r.Body}
	r.Body = body
	s.answer(a, r, k)
	s.buckets.charge(ip, size(body.n))
}

// counted is a body that did not say how large it is, and how much was read of it.
type counted struct {
	io.ReadCloser
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n += int64(n)
	return n, err
}

// size is how many requests a body counts for.
func size(bytes int64) float64 { return float64(bytes) / (16 << 10) }

// cost is how many requests a request counts for.
func cost(k kind, r *http.Request) float64 {
	switch k {
	case kindScan:
		return 10
	case kindBatch:
		return 1 + size(max(0, r.ContentLength)) // or else when it is read
	}
	return 1
}

// kindOf tells what a request is for by its path.
func kindOf(r *http.Request) kind {
	switch path := strings.TrimSuffix(r.URL.Path, "index.html"); {
	case path == "/healthz", path == "/readyz", path == "/metrics":
		return kindOperator
	case path == "/v1/querybatch", path == "/v1/query":
		return kindBatch
	case path == "/api/v1/scan", (path == "/scan/" || path == "/scan") && r.Method == http.MethodPost:
		return kindScan
	case path == "/scan/", path == "/api/":
		return kindPage
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/v1/"):
		return kindAPI
	}
	return kindFile
}

// answer answers a request that may be answered.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, k kind) {
	switch k {
	case kindOperator:
		s.operator(w, r)
		return
	case kindBatch, kindAPI:
		s.opt.API.ServeHTTP(w, r)
		return
	case kindPage:
		s.pages.serve(w, r)
		return
	case kindScan:
		if strings.HasPrefix(r.URL.Path, "/scan") {
			s.pages.serve(w, r)
			return
		}
		s.opt.API.ServeHTTP(w, r)
		return
	}
	s.file(w, r)
}

// short keeps what is logged of a request within bounds.
func short(s string) string {
	if len(s) > 200 {
		return s[:200]
	}
	return s
}

func stringOf(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "no text"
}
