// Package web is the server around an index: its files, the API, two pages more, and
// what an operator asks for.
//
//	s, err := web.New(web.Options{Keeper: keeper, API: api, Document: api.Document(), Scanner: scanner, Site: site, Log: log, Limits: web.DefaultLimits()})
//	err = s.Serve(ctx, listener)
//
//	/...          the files of the index, from memory
//	/api/v1/, /v1/   the API
//	/api/         its documentation
//	/scan/        a form that scans a file
//	/healthz      200 while the program runs
//	/readyz       200 while there is an index to serve; its body says how fresh it is
//	/metrics      numbers for Prometheus
//
// A request goes through the same gate, whatever it asks for: its client's address is
// found (behind proxies that were named, and no others), takes from the client's
// bucket, and at the end is counted and logged. What the log says of a request is its
// method, path, status, size and time and the network of the client; never the query
// of the address, a body or a header.
//
// # Promises
//
// Nothing of a request is stored, and no part of one becomes the name of a file. A
// client that sends slowly, too much or too often is ended by a limit that is in
// [Limits]. Serve stops in time: it takes no new connections once its context has
// ended, lets running requests finish for as long as Limits.Grace says, and returns.
//
// Not promised: TLS, which is for a proxy in front.
package web

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"nacre/fault"
	"nacre/index"
	"nacre/internal/snapshot"
	"nacre/internal/upload"
)

// Limits are the bounds of a server.
type Limits struct {
	Header, Read, Write, Idle time.Duration // of a request's header, of all of it, of the answer, between two
	Grace                     time.Duration // for running requests when the server stops
	HeaderBytes               int
	Connections               int
	// Rate is how many requests a second a client may send for long, and Burst how
	// many at once; Rate 0 is without a limit. A scan and a large body count as
	// several.
	Rate, Burst float64
	// Clients is how many of them are remembered.
	Clients   int
	MaxUpload int64 // bytes of a posted file
}

// DefaultLimits suit a small machine behind a proxy.
func DefaultLimits() Limits {
	return Limits{
		Header: 5 * time.Second, Read: 30 * time.Second, Write: time.Minute, Idle: 2 * time.Minute, Grace: 15 * time.Second,
		HeaderBytes: 16 << 10, Connections: 1024, Rate: 50, Burst: 200, Clients: 100_000, MaxUpload: 5 << 20,
	}
}

// Options are what a server is made with.
type Options struct {
	Keeper *snapshot.Keeper
	// API answers below /api/v1/ and /v1/, and Document is its OpenAPI document.
	API      http.Handler
	Document []byte
	Scanner  *upload.Scanner
	Site     index.Site
	Now      func() time.Time
	Log      *slog.Logger
	// Requests is where each request is logged as one line of JSON, nil for nowhere,
	// and Addresses says how its client is.
	Requests  io.Writer
	Addresses Addresses
	// Proxies are the networks of proxies whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	Metrics bool // answer /metrics
	Limits  Limits
}

// Server serves an index.
type Server struct {
	opt      Options
	pages    *pages
	buckets  *buckets
	metrics  *metrics
	stopping atomic.Bool
}

// New makes a server.
func New(opt Options) (*Server, error) {
	p, err := newPages(opt)
	if err != nil {
		return nil, err
	}
	return &Server{
		opt: opt, pages: p, metrics: newMetrics(),
		buckets: newBuckets(opt.Limits.Rate, opt.Limits.Burst, opt.Limits.Clients),
	}, nil
}

// Serve serves until the context ends, and then for as long as requests run, at
// most Limits.Grace. What is left behind then is an error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.opt.Limits.Header,
		ReadTimeout:       s.opt.Limits.Read,
		WriteTimeout:      s.opt.Limits.Write,
		IdleTimeout:       s.opt.Limits.Idle,
		MaxHeaderBytes:    s.opt.Limits.HeaderBytes,
		ErrorLog:          log.New(errorLog{s.opt.Log}, "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(limitListener(l, s.opt.Limits.Connections)) }()
	select {
	case err := <-ended:
		return fault.Wrap(fault.Unavailable, err, "serve")
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.opt.Log.Info("stopping", "grace", s.opt.Limits.Grace.String())
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opt.Limits.Grace)
	defer cancel()
	err := server.Shutdown(grace)
	if err != nil {
		err = errors.Join(err, server.Close())
		err = fault.Wrap(fault.Unavailable, err, "requests were still running after %s", s.opt.Limits.Grace)
	}
	<-ended
	return err
}

// errorLog is what net/http says about connections: a client's doing, most often.
type errorLog struct{ log *slog.Logger }

func (e errorLog) Write(p []byte) (int, error) {
	e.log.Debug("connection", "error", string(p[:max(0, len(p)-1)]))
	return len(p), nil
}
