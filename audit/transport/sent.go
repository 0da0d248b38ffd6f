package transport

import (
	"bytes"
	"slices"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// secretNear names the secret that is sent with the address: for a request, one
// in its arguments or in the sub around it; for an address that is kept, one that
// is sent where the address is used. It is mixed where the file has a secret and
// nothing says that it goes there.
func secretNear(f *audit.File, n, at perlsrc.NodeID, what use, names []string) (secret string, mixed bool) {
	t := f.Tree
	if s := secretIn(string(t.Text(n))); s != "" {
		return s, false
	}
	if what == kept {
		for _, sub := range sending(f, names, "") {
			if s := secretWithin(f, sub); s != "" {
				return s, f.Holds("https://")
			}
		}
		s := f.Memo(secretKey{}, func() any { return secretWithin(f, 0) }).(string)
		return s, s != ""
	}
	within := []perlsrc.NodeID{t.EnclosingSub(at)}
	if within[0] == 0 {
		// The main program: the statement, and some behind it.
		within = nil
		for st := t.EnclosingStatement(at); st != 0 && len(within) < 8; st = t.Nodes[st].Next {
			if len(within) > 0 && elsewhere.Match(t.Text(st)) {
				break // what stands there goes to another server
			}
			within = append(within, st)
		}
	}
	if name := f.SubName(at); name != "" && !builder[name] {
		within = append(within, sending(f, nil, name)...)
	}
	for _, around := range within {
		if secret = secretWithin(f, around); secret != "" {
			return secret, bytes.Contains(t.Text(around), []byte("https://"))
		}
	}
	return "", false
}

// elsewhere is a request of another server.
var elsewhere = lazyregexp.New(`\b(?:proxy|service|new|get|post|request)\b[^;]*['"]https?://`)

// secretKey is under which a file keeps the secret that it sends, and spokenKey
// what its subs speak of.
type (
	secretKey struct{}
	spokenKey struct{}
)

// spoken is a named sub and the names in it.
type spoken struct {
	sub   perlsrc.NodeID
	name  string
	names map[string]bool
}

// sending gives what uses an address that is kept under one of these names, or
// that is asked in a sub of that name: the subs that speak of it, those that call
// them, and those that they call.
func sending(f *audit.File, names []string, by string) []perlsrc.NodeID {
	subs := f.Memo(spokenKey{}, func() any {
		var all []spoken
		for n := range f.All(perlsrc.SubNode) {
			s := f.Tree.Sub(n)
			if s.Name == "" || s.Block == 0 || builder[s.Name] {
				continue
			}
			in := map[string]bool{}
			for name := range setting.Names(f, s.Block) {
				in[audit.Unqualified(name)] = true
			}
			all = append(all, spoken{s.Block, s.Name, in})
		}
		return all
	}).([]spoken)
	var out []perlsrc.NodeID
	var using []spoken
	for _, s := range subs {
		if s.name == by || slices.ContainsFunc(names, func(name string) bool { return s.names[name] }) {
			out, using = append(out, s.sub), append(using, s)
		}
	}
	if len(using) > maxUsing {
		return out // a name for everything
	}
	for _, s := range subs {
		if slices.ContainsFunc(using, func(u spoken) bool { return u.name != s.name && (u.names[s.name] || s.names[u.name]) }) {
			out = append(out, s.sub)
		}
	}
	return out
}

// maxUsing bounds how many subs are asked whom they call.
const maxUsing = 20

// builder are subs that keep settings and send nothing.
var builder = purpose.NewSet("new BUILD BUILDARGS init _init import configure")

// secretWithin names the first secret at a node or below that is sent as it is.
func secretWithin(f *audit.File, n perlsrc.NodeID) string {
	for name, at := range setting.Names(f, n) {
		if s := secretName(name); s != "" && !stays(f, at, s) && (s != keyOf || !paired(f)) {
			return s
		}
	}
	return ""
}

type pairedKey struct{}

// paired reports whether a file knows a secret beside the key of an interface, which
// only tells who asks then, and may be known.
func paired(f *audit.File) bool {
	return f.Memo(pairedKey{}, func() any {
		for name := range setting.Names(f, 0) {
			if secretName(name) == "secret" {
				return true
			}
		}
		return false
	}).(bool)
}

// signing finds what signs with a secret, which is not sent then.
var signing = lazyregexp.New(`(?i)hmac|\bsign(?:ed|ature)?\b|_sig\b|\bsig\b|Net::OAuth|OAuth::Lite`)

// digests are words of functions of which what they are given is not sent.
var digests = purpose.NewSet("md md5 sha sha1 sha256 sha512 hmac digest sign sig signature signed hash crypt encrypt rsa delete exists defined croak die carp warn confess has")

type signsKey struct{}

// stays reports whether a secret is not sent as it is: it is hashed, left out, or
// what requests are signed with.
func stays(f *audit.File, n perlsrc.NodeID, secret string) bool {
	t := f.Tree
	for up := t.Nodes[n].Parent; up != 0 && t.Nodes[up].Kind != perlsrc.StatementNode; up = t.Nodes[up].Parent {
		if t.Nodes[up].Kind == perlsrc.CallNode && digests.In(audit.Unqualified(t.Callee(up))) {
			return true
		}
	}
	if secret != "secret" {
		return false
	}
	return f.Memo(signsKey{}, func() any { return signing.Match(f.Src) }).(bool)
}
