package jsonschema

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// formatted reports whether a text has a format; one that is not known it has.
func formatted(format, s string) bool {
	switch format {
	case "date-time":
		return dateTime(s)
	case "date":
		return date(s)
	case "uri":
		return address(s, true)
	case "iri-reference":
		return address(s, false)
	}
	return true
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dateTime follows RFC 3339, which knows seconds that leap.
func dateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10]|0x20 != 't' || !date(s[:10]) {
		return false
	}
	clock, rest := s[11:19], s[19:]
	if digits, ok := strings.CutPrefix(rest, "."); ok {
		if rest = strings.TrimLeft(digits, "0123456789"); rest == digits {
			return false
		}
	}
	leap := strings.HasSuffix(clock, ":60")
	if leap {
		clock = clock[:6] + "59"
	}
	t, err := time.Parse("15:04:05", clock)
	if err != nil || clock[2] != ':' {
		return false
	}
	offset := time.Duration(0)
	if rest != "Z" && rest != "z" {
		if len(rest) != len("+00:00") || rest[0] != '+' && rest[0] != '-' {
			return false
		}
		o, err := time.Parse("15:04", rest[1:])
		if err != nil {
			return false
		}
		offset = time.Duration(o.Hour())*time.Hour + time.Duration(o.Minute())*time.Minute
		if rest[0] == '+' {
			offset = -offset
		}
	}
	utc := t.Add(offset)
	return !leap || utc.Hour() == 23 && utc.Minute() == 59
}

// address follows RFC 3986 as far as net/url does, and lets through what an IRI
// may have besides.
func address(s string, absolute bool) bool {
	u, err := url.Parse(s)
	if err != nil || absolute && !u.IsAbs() {
		return false
	}
	if host := u.Hostname(); strings.Contains(host, ":") {
		return strings.Contains(u.Host, "[") && strings.Contains(u.Host, "]") && ip6(host)
	}
	return absolute || !strings.Contains(s, `\`)
}

func ip6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && strings.Contains(s, ":") && a.Zone() == ""
}
