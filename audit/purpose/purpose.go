// Package purpose tells by names what a value is for: a variable, a hash key, a
// sub or a package called session_id, mkToken or Acme::CSRF says so, and one
// called $delay or pick_port does, too.
//
//	purpose.Of("new_session_id") == purpose.Session
//	purpose.Of("randomDelay") == purpose.Harmless
//
// A name is cut into words at underscores, "::", digits and capitals, and where a
// word ends in a known one: accesstoken, storedpassword. The last word that means
// something decides: a token_timeout is a time, a salt_length a number, a
// cookie_name a name. Some words only mean something beside others: the key of
// an encryption_key, the state of an oauth_state.
//
// Not promised: that a name tells the truth, or that it is in English.
package purpose

import (
	"strings"
	"unicode"
)

// Purpose is what a value is for.
type Purpose uint8

// The purposes, from what matters least.
const (
	None     Purpose = iota // the name says nothing
	Harmless                // a delay, a port, a sample, a colour, a temporary name, a cache key, a boundary
	ID                      // an identifier that need not be secret: id, uuid, request_id
	Salt                    // salt
	Nonce                   // nonce, iv, cnonce, state
	Session                 // session id, cookie, sid
	Token                   // token, csrf, captcha, challenge, ticket, reset code, otp, api key
	Password                // password, passphrase, pin
	Key                     // secret, private key, encryption key, seed, prime, DH
)

// Secret reports whether guessing the value would harm somebody.
func (p Purpose) Secret() bool { return p >= Salt }

// Of tells what a name says.
func Of(name string) Purpose {
	ws := Words(name)
	for i := len(ws) - 1; i >= 0; i-- {
		if i > 0 {
			if p, ok := pairs[ws[i-1]+" "+ws[i]]; ok {
				if p != None {
					return p
				}
				i--
				continue
			}
		}
		switch p := word(ws[i]); {
		case ws[i] == "state" && len(ws) > 1 && (i == 0 || !logins[ws[i-1]]):
			// Most states are those of a machine.
		case ws[i] == "name" && len(ws) > 1:
			return Harmless
		case p == ID:
			// A session's id is more than an id.
			for _, w := range ws[:i] {
				if q := word(w); q.Secret() {
					return q
				}
			}
			return ID
		case p != None:
			return p
		}
	}
	return None
}

// word tells what a single word says, also one that ends in a known one.
func word(w string) Purpose {
	if p, ok := words[w]; ok {
		return p
	}
	for i := 2; i < len(w)-1; i++ {
		if p, ok := pairs[w[:i]+" "+w[i:]]; ok {
			return p
		}
		if p := words[w[i:]]; p.Secret() && len(w)-i >= 4 && !falseEnds[w] && glued[w[i:]] {
			return p
		}
	}
	return None
}

// Most gives the purpose that the names together say, which a value bore one
// after the other: the weightiest secret, or what the last of them that says
// anything says. What was a secret and is now a delay is harmless; what is now
// in an address or a file, is still there.
func Most(names ...string) Purpose {
	most, last := None, None
	for _, name := range names {
		p := Of(name)
		if p.Secret() {
			most = max(most, p)
		}
		if p == Harmless && most != None && holds(name) {
			continue
		}
		if p != None {
			last = p
		}
	}
	if last == Harmless {
		return Harmless
	}
	return max(most, last)
}

// holds says whether a name is of something that other things are written into.
func holds(name string) bool {
	ws := Words(name)
	return len(ws) > 0 && holders[ws[len(ws)-1]]
}

// Words cuts a name into its words, in lower case: "new_sessionID" is new,
// session, id.
func Words(name string) []string {
	var out []string
	start := -1
	rs := []rune(name)
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(string(rs[start:end])))
		}
		start = -1
	}
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r):
			flush(i)
			continue
		case start >= 0 && unicode.IsUpper(r) && (unicode.IsLower(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])):
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(rs))
	return out
}
