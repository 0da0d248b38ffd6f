package pattern

import (
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// kind is what a value is that a pattern is held against, by its names.
type kind uint8

const (
	harmless kind = iota
	address       // an IP address or a network
	guarded       // what access depends on: a host, a session, a token, a header
	used          // what matters where it goes on to: a path, a user, an id
)

var kinds = map[string]kind{
	"ip": address, "ips": address, "ipv4": address, "ipv6": address, "ipaddr": address, "ipaddress": address, "cidr": address, "cidrs": address, "netmask": address,
	"subnet": address, "addr": address, "inet": address, "quad": address, "quads": address, "octet": address, "octets": address, "prefixlen": address, "ipnum": address,
	"host": guarded, "hostname": guarded, "domain": guarded, "session": guarded, "sid": guarded, "sessid": guarded, "cookie": guarded,
	"header": guarded, "origin": guarded, "referer": guarded, "nonce": guarded, "csrf": guarded, "apikey": guarded,
	"user": used, "username": used, "login": used, "uid": used, "path": used, "file": used, "filename": used, "dir": used, "id": used, "key": used,
	"email": used, "url": used, "uri": used, "command": used, "cmd": used, "name": used, "dbname": used, "account": used,
	"filepath": used, "directory": used, "sessionid": guarded, "userid": used, "hostnames": guarded, "fqdn": guarded, "vhost": guarded, "mac": harmless,
}

// kindOf gives the kind that names say: the first that says one.
func kindOf(names []string) kind {
	best := harmless
	for _, name := range names {
		if lower := strings.ToLower(name); strings.Contains(lower, "ipv4") || strings.Contains(lower, "ipv6") {
			return address
		}
		words := purpose.Words(name)
		for i := len(words) - 1; i >= 0; i-- {
			// A session_id is more than an id.
			if k := kinds[words[i]]; k != harmless && (best == harmless || k < best) {
				best = k
			}
		}
		if best != harmless {
			return best
		}
	}
	return harmless
}

// versioned reports whether names speak of a version or another number with dots.
func versioned(names []string) bool {
	for _, name := range names {
		for _, w := range purpose.Words(name) {
			switch w {
			case "version", "ver", "v", "vstring", "release", "oid", "revision", "build":
				return true
			}
		}
	}
	return false
}

// namesFor gives the names that say what a pattern is for: what it is held
// against, the sub, and the variable or key that keeps the pattern.
func namesFor(f *audit.File, u use) []string {
	t := f.Tree
	var names []string
	if u.subject != 0 {
		if name := audit.NameOf(t, u.subject); name != "_" {
			names = append(names, name)
		}
	}
	// A sub that checks says what it checks, where the value itself does not.
	if sub := f.SubName(u.node); (checks(sub) || kindOf([]string{sub}) == address) && (len(names) == 0 || generic(names[0])) {
		names = append(names, sub)
	}
	// What a list is mapped or looped over says what $_ is.
	d := t.Dest(u.node)
	if u.expr == 0 && d.Use == perlsrc.Assigned {
		for _, target := range d.Targets {
			names = append(names, audit.NameOf(t, target))
		}
	}
	if d.Key != "" {
		names = append(names, d.Key)
	}
	if u.subject == 0 || audit.NameOf(t, u.subject) == "_" {
		for n := t.Nodes[u.node].Parent; n != 0; n = t.Nodes[n].Parent {
			if t.Nodes[n].Kind == perlsrc.SubNode {
				if t.Sub(n).Name != "" {
					break
				}
				if key := t.Dest(n).Key; key != "" { // host => sub { $_[0] =~ /.../ or die }
					names = append(names, key)
				}
			}
			if t.Nodes[n].Kind == perlsrc.CallNode {
				switch call := t.Call(n); call.Callee {
				case "grep", "all", "none", "any", "first", "subtype", "has", "declare", "where", "map", "as":
					for _, a := range call.Args {
						names = append(names, audit.NameOf(t, a))
						if v, ok := t.Literal(a); ok && len(v) < 40 {
							names = append(names, v)
							break
						}
					}
				}
			}
		}
	}
	return names
}
