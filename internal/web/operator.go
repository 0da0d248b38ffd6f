package web

import (
	"encoding/json"
	"net/http"
	"time"

	"nacre/internal/problem"
)

// ready is the body of /readyz.
type ready struct {
	Ready bool `json:"ready"`
	// Day, Sequence and Built are those of the index, and Expires is until when its
	// signatures hold.
	Day      string    `json:"day,omitempty"`
	Sequence uint64    `json:"sequence,omitempty"`
	Built    time.Time `json:"built,omitzero"`
	Expires  time.Time `json:"expires,omitzero"`
	Expired  bool      `json:"expired,omitempty"`
	// Failing is set while the index could not be loaded anew, since Since; the log
	// says why.
	Failing bool      `json:"failing,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	// Refused is set where the last build was not let in; the page of health says why.
	Refused bool `json:"build_refused,omitempty"`
	// Sources are those that could not be used in the last build.
	Sources []string `json:"sources_failing,omitempty"`
}

// operator answers /healthz, /readyz and /metrics.
func (s *Server) operator(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		p := problem.New(http.StatusMethodNotAllowed, "this can be read").WithHint("ask by GET")
		p.Allow = "GET, HEAD"
		problem.Write(w, p)
		return
	}
	switch r.URL.Path {
	case "/metrics":
		if !s.opt.Metrics {
			s.notFound(w, r)
			return
		}
		s.serveMetrics(w)
	case "/readyz":
		s.ready(w)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Write([]byte("ok\n")) //nolint:errcheck // the client that went away hears nothing
	}
}

// ready says whether there is an index to serve: an old one is better than none, so
// that one which cannot be loaded anew takes nobody out of service.
func (s *Server) ready(w http.ResponseWriter) {
	is := s.opt.Keeper.Status()
	out := ready{Failing: is.Problem != "", Since: is.Since}
	if of := s.opt.Keeper.Current(); of != nil {
		out.Ready = !s.stopping.Load()
		out.Day, out.Sequence, out.Built, out.Expires = of.Manifest.Day, of.Manifest.Sequence, of.Built, of.Expires
		out.Expired = !of.Expires.IsZero() && s.opt.Now().After(of.Expires)
		out.Refused = of.Refused != ""
		for _, h := range of.Problems() {
			out.Sources = append(out.Sources, h.Name)
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		problem.Write(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !out.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	w.Write(append(text, '\n')) //nolint:errcheck // the client that went away hears nothing
}
