// Package problem is how the server says that a request could not be answered:
// RFC 9457, with a hint.
//
//	HTTP/1.1 404 Not Found
//	Content-Type: application/problem+json
//
//	{"title":"Not Found","status":404,"detail":"no advisory is called CVE-2099-9999","hint":"GET /api/v1/search?q= finds advisories by words"}
//
// The type of a problem is its status (about:blank, which is left out); detail
// says what is wrong with this request and hint what to do next. Faults have the
// status of their kind; other errors are failures of the server, and say no more
// than that, because their text may name files of the machine.
//
// Promised: nothing of a request comes back but through [fault.Quote], and a
// problem is no longer than some kilobytes.
package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"nacre/fault"
)

// ContentType is the media type of a problem.
const ContentType = "application/problem+json"

// Problem is what went wrong with one request.
type Problem struct {
	Title  string `json:"title" doc:"the status in words" example:"Not Found"`
	Status int    `json:"status" doc:"the HTTP status" example:"404"`
	Detail string `json:"detail,omitempty" doc:"what is wrong with this request" example:"no advisory is called CVE-2099-9999"`
	Hint   string `json:"hint,omitempty" doc:"what to do next" example:"GET /api/v1/search?q= finds advisories by words"`

	// Allow are the methods of a path that was asked by another one.
	Allow string `json:"-"`
	// RetryAfter is in how many seconds it is worth asking again; 0 says nothing.
	RetryAfter int `json:"-"`
}

// maxText is the length of detail and hint, in bytes.
const maxText = 2 << 10

// New makes a problem with a status of HTTP.
func New(status int, format string, args ...any) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// WithHint returns p with its hint set.
func (p *Problem) WithHint(format string, args ...any) *Problem {
	p.Hint = fmt.Sprintf(format, args...)
	return p
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// Of makes a problem of an error.
func Of(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return New(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes (limit: body size)", tooLarge.Limit).
			WithHint("send less at a time")
	}
	var f *fault.Error
	status := fault.KindOf(err).HTTPStatus()
	if !errors.As(err, &f) || status >= http.StatusInternalServerError {
		if status < http.StatusInternalServerError {
			status = http.StatusInternalServerError
		}
		return New(status, "the server could not answer").WithHint("try again later; if it lasts, tell whoever runs this index")
	}
	return New(status, "%s", err.Error()).WithHint("%s", fault.HintOf(err))
}

// Write answers a request with what err says, and gives the status.
func Write(w http.ResponseWriter, err error) int {
	p := *Of(err)
	p.Detail, p.Hint = cut(p.Detail), cut(p.Hint)
	text, err := json.Marshal(&p)
	if err != nil { // strings and a number always can be
		text = nil
	}
	text = append(text, '\n')
	h := w.Header()
	h.Set("Content-Type", ContentType)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*")
	for _, of := range [...]string{"ETag", "Content-Encoding", "Last-Modified"} {
		h.Del(of)
	}
	if p.Allow != "" {
		h.Set("Allow", p.Allow)
	}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	w.WriteHeader(p.Status)
	w.Write(text) //nolint:errcheck // the client that went away hears nothing
	return p.Status
}

// cut keeps a text within bounds.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return s[:maxText] + "…"
}
