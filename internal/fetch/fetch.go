// Package fetch asks web servers for files, for whoever reads data of others.
//
//	f := fetch.New(fetch.Options{Say: say})
//	body, tags, err := f.Small(ctx, "https://a.example/note", 64<<10, "note size", fetch.Validators{})
//	d := &fetch.Download{Address: "https://a.example/data.json", Part: "data.part", Max: 256 << 20, Bound: "size of the data"}
//	tags, done, err := f.Download(ctx, d, have)
//
// Addresses are https, or http of this machine itself, without a password in
// them ([CheckURL]); so are those that redirects lead to, at most five. A file
// is asked for only if it is not in the state that is there already (ETag,
// Last-Modified), a download goes on where it stopped if the server can, and an
// answer that ends early, is a web page, is packed or is larger than its bound
// is an error. Nothing is unpacked.
//
// An error that is [Unreachable] is a failure of the way or of the server. All
// others are statements about what came.
//
// Sources: RFC 9110 (conditional requests, ranges).
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nacre/fault"
	"nacre/limit"
)

// The limits of one exchange.
const (
	maxRedirects = 5
	maxHeader    = 64 << 10         // bytes of an answer's header
	idleTime     = 30 * time.Second // without a byte
)

// Unreachable is a failure of the way to a source or of its server, and no
// statement of the source: another source may be asked.
type Unreachable struct{ error }

// Unwrap gives the failure.
func (u Unreachable) Unwrap() error { return u.error }

// Gone makes an Unreachable; the hint may be empty.
func Gone(err error, hint, format string, args ...any) error {
	e := fault.New(fault.Unavailable, format, args...)
	e.Err = err
	if hint != "" {
		e = e.WithHint("%s", hint)
	}
	return Unreachable{e}
}

var errIdle = errors.New("nothing came for too long (limit: idle time)")

// ErrTotal is the cause with which a caller ends a context, where all exchanges
// together take too long: a failure of the way, and no interrupt.
var ErrTotal = errors.New("it takes too long (limit: time of an update)")

// Options are how servers are asked. The zero Options will do.
type Options struct {
	// Say is told every address before it is asked.
	Say func(address string)
	// Progress is told how many bytes of a file have come; total is 0 where it
	// is not known.
	Progress  func(done, total int64)
	Transport http.RoundTripper // nil: the standard one, within limits
	Idle      time.Duration     // the longest time without a byte; 0: 30 s
}

// Fetcher asks servers.
type Fetcher struct {
	client   *http.Client
	say      func(address string)
	progress func(done, total int64)
	idle     time.Duration
}

// New makes a Fetcher.
func New(o Options) *Fetcher {
	f := &Fetcher{say: o.Say, progress: o.Progress, idle: o.Idle}
	if f.say == nil {
		f.say = func(string) {}
	}
	if f.progress == nil {
		f.progress = func(int64, int64) {}
	}
	if f.idle == 0 {
		f.idle = idleTime
	}
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	f.client = &http.Client{Transport: transport, CheckRedirect: f.redirect}
	return f
}

// newTransport is the standard way to a server within our limits. Nothing is
// unpacked on the way, so no answer is larger than the bytes that came.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: idleTime}).DialContext,
		TLSHandshakeTimeout:    idleTime,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
}

// redirect decides whether a redirect is followed.
func (f *Fetcher) redirect(to *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fault.New(fault.Unavailable, "more than %d redirects (limit: redirects)", maxRedirects)
	}
	if err := allowed(to.URL); err != nil {
		return fault.Wrap(fault.Denied, err, "redirect")
	}
	if via[len(via)-1].URL.Scheme == "https" && to.URL.Scheme != "https" {
		return fault.New(fault.Denied, "redirect from https to %s", to.URL)
	}
	f.say(to.URL.String())
	return nil
}

// Validators are what a server calls a state of its file.
type Validators struct{ ETag, LastModified string }

// NewValidators leaves out values that no header should have.
func NewValidators(etag, lastModified string) Validators {
	keep := func(s string) string {
		if len(s) > 256 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
			return ""
		}
		return s
	}
	return Validators{keep(etag), keep(lastModified)}
}

// Strong says whether equal tags mean equal bytes (RFC 9110, 8.8.3).
func (v Validators) Strong() bool {
	return len(v.ETag) > 2 && strings.HasPrefix(v.ETag, `"`) && strings.HasSuffix(v.ETag, `"`)
}

// unless asks for the file only if it is not in this state any more.
func (v Validators) unless(h http.Header) {
	if v.ETag != "" {
		h.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		h.Set("If-Modified-Since", v.LastModified)
	}
}

// answer is a server's answer; its body has the Fetcher's limits of time.
type answer struct {
	*http.Response
	Validators
	read io.Reader
}

// ask sends a request and calls use with the answer, which has one of the
// statuses that were wanted and is no page for people.
func (f *Fetcher) ask(ctx context.Context, address string, header http.Header, use func(answer) error, wanted ...int) error {
	f.say(address)
	e, err := f.begin(ctx, address, header)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := f.check(e.res, address, wanted); err != nil {
		return err
	}
	return use(answer{e.res, NewValidators(e.res.Header.Get("ETag"), e.res.Header.Get("Last-Modified")), e})
}

// exchange is a request and its answer, whose body has the Fetcher's limits of
// time until it is closed.
type exchange struct {
	f       *Fetcher
	ctx     context.Context
	cancel  context.CancelCauseFunc
	idle    *time.Timer
	address string
	res     *http.Response
}

// begin sends a request.
func (f *Fetcher) begin(ctx context.Context, address string, header http.Header) (*exchange, error) {
	e := &exchange{f: f, address: address}
	e.ctx, e.cancel = context.WithCancelCause(ctx)
	e.idle = time.AfterFunc(f.idle, func() { e.cancel(errIdle) })
	req, err := http.NewRequestWithContext(e.ctx, http.MethodGet, address, nil)
	if err != nil {
		err = fault.Wrap(fault.Invalid, err, "fetch %s", address)
	} else {
		req.Header = header
		req.Header.Set("User-Agent", "nacre")
		req.Header.Set("Accept-Encoding", "identity")
		if e.res, err = f.client.Do(req); err != nil {
			err = failed(e.ctx, err, address)
		}
	}
	if err != nil {
		e.idle.Stop()
		e.cancel(nil)
		return nil, err
	}
	return e, nil
}

// Read reads the answer's body.
func (e *exchange) Read(p []byte) (int, error) {
	n, err := e.res.Body.Read(p)
	if n > 0 {
		e.idle.Reset(e.f.idle)
	}
	if err != nil && err != io.EOF {
		err = failed(e.ctx, err, e.address)
	}
	return n, err
}

// Close ends the exchange.
func (e *exchange) Close() error {
	e.idle.Stop()
	err := e.res.Body.Close()
	e.cancel(nil)
	return err
}

// failed says why an exchange broke.
func failed(ctx context.Context, err error, address string) error {
	var fixed *fault.Error
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errIdle), errors.Is(cause, ErrTotal):
		return Gone(cause, "try again later; a download goes on where it stopped, if the server can", "fetch %s", address)
	case ctx.Err() != nil:
		return fault.Wrap(fault.Canceled, ctx.Err(), "fetch %s", address)
	case errors.As(err, &fixed) && fixed.Kind != fault.Unavailable:
		return fault.Wrap(fixed.Kind, fixed, "fetch %s", address)
	}
	var outer *url.Error // it names an address, too
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return Gone(err, "check the connection and, behind a proxy, HTTPS_PROXY", "fetch %s", address)
}

// check refuses an answer that is not the file.
func (f *Fetcher) check(res *http.Response, address string, wanted []int) error {
	found := false
	for _, status := range wanted {
		found = found || res.StatusCode == status
	}
	if !found {
		hint := "the server has a problem; try again later"
		if res.StatusCode >= 400 && res.StatusCode < 500 {
			hint = "check the address in the list of sources"
		}
		return Gone(nil, hint, "fetch %s: the server answers %d %s", address, res.StatusCode, http.StatusText(res.StatusCode))
	}
	if res.StatusCode == http.StatusNotModified {
		return nil
	}
	if e := res.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return Gone(nil, "the server is not fit for this file; tell its operator",
			"fetch %s: the answer is packed as %.40q, which was not asked for", address, e)
	}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind == "text/html" {
		return Gone(nil, "a login page or a proxy may stand between; open the address in a browser",
			"fetch %s: the answer is a web page", address)
	}
	return nil
}

// Small fetches a file of at most size bytes into memory. The answer's body is
// nil where the server says that the file is still in the state have.
func (f *Fetcher) Small(ctx context.Context, address string, size int64, bound string, have Validators) (body []byte, now Validators, err error) {
	header := http.Header{}
	wanted := []int{http.StatusOK}
	if have != (Validators{}) {
		have.unless(header)
		wanted = append(wanted, http.StatusNotModified)
	}
	err = f.ask(ctx, address, header, func(a answer) error {
		now = a.Validators
		if a.StatusCode == http.StatusNotModified {
			return nil
		}
		if body, err = limit.ReadAll(a.read, size, bound); err != nil {
			return named(err, address)
		}
		if len(body) == 0 {
			return Gone(nil, "", "fetch %s: the answer is empty", address)
		}
		return nil
	}, wanted...)
	return body, now, err
}

// named names the address in an error that does not.
func named(err error, address string) error {
	if errors.As(err, &Unreachable{}) || strings.Contains(err.Error(), address) {
		return err
	}
	return fmt.Errorf("fetch %s: %w", address, err)
}
