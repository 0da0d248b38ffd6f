package fetch

import (
	"net"
	"net/url"
	"strings"

	"nacre/fault"
)

// MaxURL is the length of an address, in bytes.
const MaxURL = 2 << 10

// CheckURL accepts an address that may be asked.
func CheckURL(raw string) error {
	if len(raw) > MaxURL {
		return fault.New(fault.Invalid, "address %.40q... is longer than %d bytes (limit: address length)", public(raw), MaxURL)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return fault.New(fault.Invalid, "address %.100q is not https://...", public(raw))
	}
	return allowed(u)
}

// public is an address without what may be a name or a password: all that
// stands before an @.
func public(raw string) string {
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		return "..." + raw[i:]
	}
	return raw
}

// allowed accepts https, and http where it does not leave this machine. An
// address with a password in it would be shown and stored, and one that is not
// plain text would do to a terminal what it likes.
func allowed(u *url.URL) error {
	switch {
	case u.User != nil:
		return fault.New(fault.Invalid, "address of %.100q has a name or a password in it", u.Host)
	case strings.ContainsFunc(u.String(), func(r rune) bool { return r <= ' ' || r > '~' }):
		return fault.New(fault.Invalid, "address %.100q is not plain ASCII", u.String()).
			WithHint("write other characters as %%XX")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fault.New(fault.Invalid, "address %.100s is not https", u).
		WithHint("plain http is used only for this machine itself (127.0.0.1, ::1, localhost)")
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
