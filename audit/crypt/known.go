package crypt

import (
	"slices"

	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// Who measures a comparison learns nothing where both sides may be known: what
// pairs an answer with its question, what names a key or sums up a file, what
// comes out of a signature by a public key, or is made of no secret.

// wholly matches a pattern that compares: /\A\Q$mac\E\z/. One that looks for more
// beside the value takes a text apart, as /^$prefix(.*)/ does.
var wholly = lazyregexp.New(`\A(?:m\s*)?[^\w\s]\s*(?:\^|\\A)?\s*(?:\((?:\?:)?)?\s*(?:\\Q)?\s*\$[\w:>{}\[\]'"$-]*(?:\\E)?\s*\)?\s*(?:\$|\\[zZ])?\s*[^\w\s][a-z]*\z`)

// knownWords are of names of what is told to others anyway.
var knownWords = []string{
	"fingerprint", "fingerprints", "thumbprint", "checksum", "checksums", "etag", "crc", "kid", "keyid", "id", "ids", "uuid", "serial", "prefix", "suffix",
	"realm", "username", "filename", "revision", "verifier", "txid", "merkle", "infohash", "cid", "address", "version", "opaque", "qop", "algorithm",
}

// openers are functions that give what is in a signature to who has the public key.
var openers = []string{"public_decrypt", "verify_recover", "bmodpow", "mod_exp", "modpow", "powm", "powmod"}

// connectedWords are of what names a connection, beside whose password they stand.
var connectedWords = []string{"dsn", "dbname", "database", "memcache"}

// isKnown says that a value is none that anybody would have to guess.
func (s side) isKnown() bool {
	if s.opened {
		return true
	}
	p := meaning(s.label)
	if p == purpose.Session || p == purpose.Token || p == purpose.Password || p == purpose.Key || holds([]string{s.label}, proofWords...) {
		return false
	}
	return p == purpose.Nonce && !holds([]string{s.label}, "state") || holds([]string{s.label}, knownWords...)
}

// secrets find what a MAC or a signature is made with.
var secrets = lazyregexp.New(`(?i)hmac|secret|passw|passphrase|\bpw\b|key(?:[^s]|\z)|salt|pepper|token|private|nonce|rsa|super::`)

type subsKey struct{}

// madeOpenly says that the file has a sub of that name whose text speaks of nothing
// secret: its signature is one of a schema, or of a file.
func (v view) madeOpenly(function string) bool {
	subs := v.f.Memo(subsKey{}, func() any {
		subs := map[string][]perlsrc.NodeID{}
		for n := range v.f.All(perlsrc.SubNode) {
			if name := v.t.Sub(n).Name; name != "" {
				subs[name] = append(subs[name], n)
			}
		}
		return subs
	}).(map[string][]perlsrc.NodeID)[function]
	return len(subs) > 0 && !slices.ContainsFunc(subs, func(n perlsrc.NodeID) bool {
		return secrets.Match(v.t.Text(v.t.Sub(n).Block))
	})
}

// servers are modules and classes of what answers requests.
var servers = []string{"CGI", "CGI::Simple", "CGI::Application", "CGI::Session", "Plack::Request", "Dancer", "Dancer2", "Catalyst", "Mojolicious::Lite", "Mojo::Base", "Apache2::RequestRec", "Apache2::Const", "HTTP::Daemon", "HTTP::Server::Simple"}

// isClient says that a file asks servers, and nothing in it says that it is one.
func (v view) isClient() bool {
	_, asks := v.f.Loads(clients...)
	_, answers := v.f.Loads(servers...)
	return asks && !answers && !v.calls("param", "params", "cookie", "cookies", "header_in", "body_parameters") && !v.f.Holds("HTTP_", "psgi")
}
