package web

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"nacre/index"
	"nacre/internal/snapshot"
)

// kind is what a request is for, as metrics and the log tell it.
type kind int

const (
	kindFile kind = iota
	kindAPI
	kindBatch
	kindScan
	kindPage
	kindOperator
	kindOther
	kinds
)

func (k kind) String() string {
	return [...]string{"file", "api", "batch", "scan", "page", "operator", "other"}[k]
}

// bounds are those of the histogram of times.
var bounds = [...]time.Duration{
	100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 10 * time.Second,
}

// metrics are what the server counts, all of it atomically.
type metrics struct {
	requests [kinds][6]atomic.Uint64 // by the first digit of the status
	times    [kinds][len(bounds) + 1]atomic.Uint64
	nanos    [kinds]atomic.Uint64
	running  atomic.Int64
	limited  atomic.Uint64
	panics   atomic.Uint64
}

func newMetrics() *metrics { return &metrics{} }

func (m *metrics) count(k kind, status int, took time.Duration) {
	m.requests[k][min(max(status/100, 0), 5)].Add(1)
	i := 0
	for i < len(bounds) && took > bounds[i] {
		i++
	}
	m.times[k][i].Add(1)
	m.nanos[k].Add(uint64(max(0, took)))
}

// write writes all numbers in the text format of Prometheus, version 0.0.4.
func (m *metrics) write(k *snapshot.Keeper) []byte {
	var b strings.Builder
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	one := func(name, kind, help string, v any) {
		head(name, kind, help)
		fmt.Fprintf(&b, "%s %v\n", name, v)
	}
	head("nacred_requests_total", "counter", "Requests by what they are for and class of status.")
	for k := range kinds {
		for class := range m.requests[k] {
			if n := m.requests[k][class].Load(); n > 0 {
				fmt.Fprintf(&b, "nacred_requests_total{kind=%q,code=\"%dxx\"} %d\n", k, class, n)
			}
		}
	}
	head("nacred_request_seconds", "histogram", "How long requests took.")
	for k := range kinds {
		var n uint64
		for i := range m.times[k] {
			n += m.times[k][i].Load()
			le := "+Inf"
			if i < len(bounds) {
				le = strconv.FormatFloat(bounds[i].Seconds(), 'g', -1, 64)
			}
			fmt.Fprintf(&b, "nacred_request_seconds_bucket{kind=%q,le=%q} %d\n", k, le, n)
		}
		fmt.Fprintf(&b, "nacred_request_seconds_sum{kind=%q} %g\n", k, time.Duration(m.nanos[k].Load()).Seconds())
		fmt.Fprintf(&b, "nacred_request_seconds_count{kind=%q} %d\n", k, n)
	}
	one("nacred_requests_running", "gauge", "Requests that are being answered.", m.running.Load())
	one("nacred_requests_limited_total", "counter", "Requests refused because their client asks too often.", m.limited.Load())
	one("nacred_panics_total", "counter", "Defects that a request has met.", m.panics.Load())

	is := k.Status()
	one("nacred_index_loads_total", "counter", "Times that the index was loaded.", is.Loads)
	one("nacred_index_load_failures_total", "counter", "Times that loading or rebuilding the index failed.", is.Failures)
	one("nacred_index_load_failing", "gauge", "1 while the last try to load or rebuild the index has failed.", oneIf(is.Problem != ""))
	one("nacred_index_loaded_timestamp_seconds", "gauge", "When the index was loaded.", unix(is.Loaded))
	if s := k.Current(); s != nil {
		files, size := s.Len()
		one("nacred_index_files", "gauge", "Files of the index.", files)
		one("nacred_index_bytes", "gauge", "Bytes of the files.", size)
		one("nacred_index_advisories", "gauge", "Advisories, withdrawn ones too.", s.Manifest.Counts.Advisories)
		one("nacred_index_distributions", "gauge", "Distributions that an advisory is about.", s.Manifest.Counts.Distributions)
		one("nacred_index_sequence", "gauge", "The sequence of the index.", s.Manifest.Sequence)
		one("nacred_index_built_timestamp_seconds", "gauge", "When the index was built.", unix(s.Built))
		one("nacred_index_expires_timestamp_seconds", "gauge", "Until when its signatures hold.", unix(s.Expires))
		one("nacred_index_build_refused", "gauge", "1 where the last build was not let into the index.", oneIf(s.Refused != ""))
		sources, failing, newest := bySource(s.State.Sources)
		head("nacred_source_failing", "gauge", "1 where the source could not be used in the last build.")
		for _, of := range sources {
			fmt.Fprintf(&b, "nacred_source_failing{%s} %d\n", of, failing[of])
		}
		head("nacred_source_newest_timestamp_seconds", "gauge", "The newest state that the source's data knows of.")
		for _, of := range sources {
			fmt.Fprintf(&b, "nacred_source_newest_timestamp_seconds{%s} %d\n", of, newest[of])
		}
	}
	one("go_goroutines", "gauge", "Goroutines that exist.", runtime.NumGoroutine())
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	one("go_memstats_heap_inuse_bytes", "gauge", "Bytes of the heap in use.", mem.HeapInuse)
	return []byte(b.String())
}

func oneIf(is bool) int {
	if is {
		return 1
	}
	return 0
}

// bySource has the labels of sources, in their order, and what is told of each.
// Several may be of one name; two series with the same labels Prometheus takes for one,
// of which one value is lost.
func bySource(all []index.Health) (labels []string, failing map[string]int, newest map[string]int64) {
	failing, newest = map[string]int{}, map[string]int64{}
	for _, h := range all {
		of := "source=" + label(h.Name) + ",from=" + label(h.From)
		if _, known := failing[of]; !known {
			labels = append(labels, of)
		}
		failing[of] = max(failing[of], oneIf(h.Problem != ""))
		newest[of] = max(newest[of], unix(h.Time))
	}
	return labels, failing, newest
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// label writes a label's value: three characters are escaped, and what is no text
// is left out.
func label(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "")) + `"`
}

// serveMetrics answers /metrics.
func (s *Server) serveMetrics(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(s.metrics.write(s.opt.Keeper)) //nolint:errcheck // the client that went away hears nothing
}
