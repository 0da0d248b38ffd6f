package random

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// Who seeds a generator asks for numbers that repeat, and that a forked process
// repeats them is what he was promised. It harms where numbers that nobody can
// foretell are promised.

// promises tell in the name of a package, a sub or a program that what it gives
// cannot be foretold.
var promises = []string{
	"secure", "secret", "secrets", "crypt", "crypto", "csprng", "entropy", "token", "tokens", "session", "sessions", "auth", "password", "passwords", "passwd", "passphrase",
	"nonce", "nonces", "salt", "cipher", "encrypt", "urandom", "csrf", "challenge", "ticket", "apikey",
}

// unforetold reports whether a kept generator is there for what nobody may
// foretell: by what it is seeded with, the names around it, or the subs
// of its file that are named after a secret.
func (v *view) unforetold(n perlsrc.NodeID) bool {
	c := v.t.Call(n)
	if v.seededWell(c) {
		return true
	}
	said := func(name string) bool {
		return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(promises, w) })
	}
	if said(v.t.EnclosingPackage(n)) || said(v.f.SubName(n)) || v.f.Role == audit.Program && said(v.f.Path) || v.subs["random_bytes"] {
		return true
	}
	for name := range v.subs {
		if gives(name) && (said(name) || goalOf(name, around{}).sure > 0) {
			return true
		}
	}
	return false
}

// seededWell reports whether a generator is seeded with good bytes, which nobody
// does for numbers that shall repeat.
func (v *view) seededWell(c perlsrc.Call) bool {
	for _, a := range c.Args {
		if len(v.goodIn(a)) > 0 || strings.Contains(string(v.t.Text(a)), "Crypt::Random::Seed") {
			return true
		}
		origins, _ := v.g.Origins(a)
		for _, o := range origins {
			if _, ok := slices.BinarySearch(v.goodSources(), o.Node); ok {
				return true
			}
		}
	}
	return false
}
