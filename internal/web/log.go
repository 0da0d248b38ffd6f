package web

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"nacre/jsondoc"
)

// appendRequest appends the line of a request, in the form of the other lines of the
// log:
//
//	{"time":"2099-01-02T03:04:05.678Z","level":"INFO","msg":"request","method":"GET","path":"/","status":200,"bytes":512,"us":80,"client":"192.0.2.0/24"}
func appendRequest(b []byte, at time.Time, r *http.Request, status int, bytes int64, took time.Duration, client string) []byte {
	b = at.UTC().AppendFormat(append(b, `{"time":"`...), "2006-01-02T15:04:05.000Z07:00")
	b = jsondoc.AppendString(append(b, `","level":"INFO","msg":"request","method":`...), short(r.Method))
	b = jsondoc.AppendString(append(b, `,"path":`...), short(r.URL.Path))
	b = strconv.AppendInt(append(b, `,"status":`...), int64(status), 10)
	b = strconv.AppendInt(append(b, `,"bytes":`...), bytes, 10)
	b = strconv.AppendInt(append(b, `,"us":`...), took.Microseconds(), 10)
	b = jsondoc.AppendString(append(b, `,"client":`...), client)
	return append(b, "}\n"...)
}

// Lines gathers lines of a log and writes many at a time: a call of the system for
// each request would cost as much as answering it. What is gathered is written
// after a quarter of a second at the latest, so that much may be missing where the
// program is killed.
type Lines struct {
	w io.Writer

	mu    sync.Mutex
	b     []byte      // mu guards it
	timer *time.Timer // writes b; mu guards it, nil while b is empty
}

const (
	linesBytes = 32 << 10
	linesTime  = 250 * time.Millisecond
)

// NewLines writes to w.
func NewLines(w io.Writer) *Lines { return &Lines{w: w} }

// Write takes a line.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = append(l.b, line...)
	if len(l.b) >= linesBytes {
		return len(line), l.flush()
	}
	if l.timer == nil {
		l.timer = time.AfterFunc(linesTime, func() { l.Flush() }) //nolint:errcheck // there is no other log to tell
	}
	return len(line), nil
}

// Flush writes what is gathered.
func (l *Lines) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flush()
}

// flush writes what is gathered; the caller holds mu.
func (l *Lines) flush() error {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if len(l.b) == 0 {
		return nil
	}
	_, err := l.w.Write(l.b)
	l.b = l.b[:0]
	return err
}
