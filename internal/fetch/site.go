package fetch

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"nacre/fault"
)

// siteWorkers is how many requests a Site is made for at once.
const siteWorkers = 16

// Site is a folder of files on a web server, whose files are read by their paths
// within the limits of this package. It may be used by several goroutines.
type Site struct {
	base *url.URL
	f    *Fetcher

	mu   sync.Mutex
	said map[string]bool // the servers that were told already
}

// OpenSite gives the folder at an address, which is https, or http of this
// machine itself. Say is told the address before the first request, and then
// every other server that a redirect leads to; it is not called twice at once.
func OpenSite(address string, say func(address string)) (*Site, error) {
	if err := CheckURL(address); err != nil {
		return nil, err
	}
	base, err := url.Parse(address)
	if err != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fault.New(fault.Invalid, "address %.200q is not the one of a folder", address).
			WithHint("name the folder that manifest.json is in, https://advisories.example/ for instance")
	}
	base = base.JoinPath("/")
	s := &Site{base: base, said: map[string]bool{base.Host: true}}
	say(base.String())
	transport := newTransport()
	transport.MaxIdleConnsPerHost = siteWorkers
	s.f = New(Options{Transport: transport, Say: func(address string) {
		to, err := url.Parse(address)
		s.mu.Lock()
		defer s.mu.Unlock()
		if err == nil && !s.said[to.Host] {
			s.said[to.Host] = true
			say(address)
		}
	}})
	return s, nil
}

// Open asks for a file. An error of kind NotFound says that the server has none
// at that path. Nothing is unpacked.
func (s *Site) Open(ctx context.Context, path string) (io.ReadCloser, error) {
	address := s.base.JoinPath(path).String()
	e, err := s.f.begin(ctx, address, http.Header{})
	if err != nil {
		return nil, err
	}
	if err := s.accept(e.res, address, path); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (s *Site) accept(res *http.Response, address, path string) error {
	switch packed := res.Header.Get("Content-Encoding"); {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return fault.New(fault.NotFound, "fetch %s: the server answers %d %s", address, res.StatusCode, http.StatusText(res.StatusCode)).
			WithHint("name the address of the folder that manifest.json is in")
	case res.StatusCode != http.StatusOK:
		return Gone(nil, "try again later", "fetch %s: the server answers %d %s", address, res.StatusCode, http.StatusText(res.StatusCode))
	case packed == "" || strings.EqualFold(packed, "identity"):
		return nil
	case strings.EqualFold(packed, "gzip") && strings.HasSuffix(path, ".gz"):
		return nil // a common way to say that the file itself is packed
	default:
		return Gone(nil, "the server is not fit for this file; tell its operator",
			"fetch %s: the answer is packed as %.40q, which was not asked for", address, packed)
	}
}
