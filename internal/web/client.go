package web

import (
	"net/http"
	"net/netip"
	"strings"

	"nacre/fault"
)

// Addresses says how much of a client's address is logged.
type Addresses string

// The ways to log addresses.
const (
	NoAddresses    Addresses = "off"
	ShortAddresses Addresses = "short" // the network: /24 of IPv4, /48 of IPv6
	FullAddresses  Addresses = "full"
)

// ParseAddresses reads one of the words.
func ParseAddresses(s string) (Addresses, error) {
	switch a := Addresses(s); a {
	case NoAddresses, ShortAddresses, FullAddresses:
		return a, nil
	}
	return "", fault.New(fault.Invalid, "%s is no way to log addresses", fault.Quote(s)).WithHint("use off, short or full")
}

// of gives what is logged of an address.
func (a Addresses) of(ip netip.Addr) string {
	switch {
	case a == FullAddresses:
		return ip.String()
	case a == NoAddresses || !ip.IsValid():
		return ""
	}
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// maxForwarded is how many addresses of X-Forwarded-For are looked at.
const maxForwarded = 16

// client is the address that a request is from: that of the connection, or, where
// this is a proxy's, the last one of X-Forwarded-For that is no proxy's. What stands
// before it may be anybody's invention.
func client(r *http.Request, proxies []netip.Prefix) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip := at.Addr().Unmap().WithZone("")
	if !in(ip, proxies) {
		return ip
	}
	lists := r.Header["X-Forwarded-For"]
	n := 0
	for i := len(lists) - 1; i >= 0; i-- {
		for rest := lists[i]; rest != ""; n++ {
			if n == maxForwarded {
				return ip
			}
			var last string
			if at := strings.LastIndexByte(rest, ','); at >= 0 {
				rest, last = rest[:at], rest[at+1:]
			} else {
				rest, last = "", rest
			}
			next, err := netip.ParseAddr(strings.TrimSpace(last))
			if err != nil {
				return ip
			}
			ip = next.Unmap().WithZone("")
			if !in(ip, proxies) {
				return ip
			}
		}
	}
	return ip
}

func in(ip netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}
