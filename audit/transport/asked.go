package transport

import (
	"bytes"
	"iter"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/perlsrc"
)

// wish is what the conditions around a place say of who wants it.
type wish uint8

const (
	nobody wish = iota // no condition is about it
	lapsed             // it holds unless somebody asks for the check
	asked              // somebody asked for it by name, or it is the machine itself
)

// A name that holds one of these words asks for less care, and one with a word
// of careful for more.
var (
	careless = purpose.NewSet("insecure ignore skip disable disabled disallow unsafe untrusted unverified allow selfsigned signed no not noverify nocheck novalidate nossl without bypass debug debugging test testing tests dev devel development local localhost mock fake off none lax relax relaxed permissive accept weak legacy old compat dangerous dangerously unchecked trust any")
	// containers hold settings, and ask for nothing.
	containers = purpose.NewSet("opts opt options option args arg params settings config conf ua agent socket sock context ctx")
	careful    = purpose.NewSet("verify verified verification check checks validate validation strict secure ssl tls cert certificate certificates hostname peer ca cafile safe")
)

// wanted tells who wants what stands at a node: by the conditions around it, and by
// the name of the sub that it is in.
func wanted(f *audit.File, n perlsrc.NodeID) wish {
	t := f.Tree
	if careless.In(f.SubName(n)) {
		return asked
	}
	// 'k|insecure' => sub { ... }
	for up := t.EnclosingSub(n); up != 0; up = t.EnclosingSub(up) {
		if key, ok := t.Key(up); ok && careless.In(key) {
			return asked
		}
	}
	answer := nobody
	for g := range setting.Guards(t, n) {
		text := t.Text(g.Node)
		if bytes.Contains(text, []byte("localhost")) || bytes.Contains(text, []byte("127.0.0.1")) {
			return asked
		}
		compared := bytes.Contains(text, []byte("==")) || bytes.Contains(text, []byte(" eq ")) || bytes.Contains(text, []byte("=~"))
		for name, at := range setting.Names(f, g.Node) {
			switch less, more := careless.In(name), careful.In(name); {
			case less:
				return asked
			case !more || containers.In(name):
			case compared || g.Negated == negated(t, at, g.Node) || turnedOn(f, name):
				return asked
			default:
				answer = lapsed
			}
		}
	}
	return answer
}

// permitted reports whether somebody asked for less care by name.
func permitted(f *audit.File, n perlsrc.NodeID) bool {
	if careless.In(f.SubName(n)) {
		return true
	}
	for g := range setting.Guards(f.Tree, n) {
		for name := range setting.Names(f, g.Node) {
			if careless.In(name) {
				return true
			}
		}
	}
	return false
}

// negated reports whether a "!" or "not" stands between a node and one around it.
func negated(t *perlsrc.Tree, n, around perlsrc.NodeID) bool {
	no := false
	for ; n != 0; n = t.Nodes[n].Parent {
		if op := t.Operator(n); t.Nodes[t.Nodes[n].Parent].Child == n && (op == "!" || op == "not") {
			no = !no
		}
		if n == around {
			break
		}
	}
	return no
}

// turnedOn reports whether the file gives the name a true value of its own.
func turnedOn(f *audit.File, name string) bool {
	for s := range setting.All(f, name) {
		for _, o := range s.Outcomes(f) {
			if o.Known && !isFalse(o.Value) {
				return true
			}
		}
	}
	return false
}

// isFalse reports whether a literal turns a check off.
func isFalse(v string) bool {
	switch strings.ToLower(v) {
	case "", "0", "no", "none", "never", "false", "off":
		return true
	}
	return false
}

// listens reports whether a setting is of a socket that waits for others, by what
// stands beside it and by the classes around it.
func listens(f *audit.File, s setting.Setting) bool {
	t := f.Tree
	outer := s
	if hash := t.Nodes[s.Node].Parent; t.Nodes[hash].Kind == perlsrc.HashNode {
		outer.Value = hash // tls_ctx => { ... }, beside tls => 'accept'
	}
	for key, at := range beside(t, s, outer) {
		switch key {
		case "Listen", "LocalPort", "listen", "accept", "on_accept":
			return true
		case "tls":
			if v, _ := t.Literal(at); v == "accept" {
				return true // AnyEvent::Handle
			}
		case "SSL_server":
			if v, ok := t.Literal(at); !ok || !isFalse(v) {
				return true
			}
		}
	}
	for n := t.Nodes[s.Node].Parent; n != 0; n = t.Nodes[n].Parent {
		switch t.Nodes[n].Kind {
		case perlsrc.CallNode:
			c := t.Call(n)
			if servers.In(c.Class) || c.Callee == "tcp_server" || strings.Contains(c.Callee, "listen") {
				return true
			}
		case perlsrc.AssignNode:
			for name := range setting.Names(f, t.Nodes[n].Child) {
				if servers.In(name) {
					return true
				}
			}
		case perlsrc.StatementNode, perlsrc.SubNode:
			return servers.In(t.EnclosingPackage(n)) || servers.In(f.SubName(n))
		}
	}
	return false
}

// beside gives the keys beside some settings.
func beside(t *perlsrc.Tree, all ...setting.Setting) iter.Seq2[string, perlsrc.NodeID] {
	return func(yield func(string, perlsrc.NodeID) bool) {
		for _, s := range all {
			for key, at := range setting.Siblings(t, s) {
				if !yield(key, at) {
					return
				}
			}
		}
	}
}

// servers are words of names that wait for others.
var servers = purpose.NewSet("server daemon listen listener accept")

// speaks reports whether a file has to do with TLS at all.
func speaks(f *audit.File) bool {
	for _, w := range []string{"SSL", "ssl", "TLS", "https", "LDAP", "Mojo::UserAgent"} {
		if f.Holds(w) {
			return true
		}
	}
	return false
}
