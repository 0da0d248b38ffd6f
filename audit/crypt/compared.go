package crypt

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// weight is how much it tells of a secret that a value is compared with.
type weight uint8

const (
	plain   weight = iota
	hashed         // a digest, of what is not known
	named          // its name says that it is a secret
	derived        // made here by a MAC, or as the hash of a password or of a secret
)

// side is one of two values that are compared.
type side struct {
	node   perlsrc.NodeID
	by     string // the function that derived it
	weight weight
	what   string // for the message: "the HMAC", "$password"
	label  string
	names  []string
	asked  bool // the expression itself reads it out of a request
	stored bool // it is read out of an object or a table
	sent   bool // somebody sends it: a parameter, a header, an argument
	typed  bool // who started the program types it
	forged bool // who guesses it forges a message
	public bool // what it is made of is no secret: a file's checksum, an ETag
	opened bool // it comes out of a signature by a public key
}

// words of what is hashed without a secret.
var publicWords = []string{"etag", "checksum", "checksums", "file", "files", "filename", "path", "content", "contents", "cache", "body", "revision", "commit", "version", "page", "template", "url", "uri", "signature_method", "method", "type", "fingerprint", "tree", "blob", "mtime", "schema", "source", "node", "position", "line", "document", "doc", "image", "archive", "package", "module", "dist", "tarball", "release", "lexer", "parser", "websocket", "socket"}

// words of a value that proves who made a message.
var proofWords = []string{"hmac", "mac", "signature", "sig", "signed"}

// words that tell a token of a person from a token of a grammar or a tracker.
var personWords = []string{"csrf", "xsrf", "api", "auth", "access", "session", "secret", "captcha", "reset", "otp", "totp", "csrftoken", "authenticity", "bearer", "apikey", "verification", "webhook", "refresh", "sid", "challenge"}

// prompts are functions that ask who sits at the terminal.
var prompts = []string{"prompt", "ReadLine", "prompt_password", "password_prompt", "getpass", "ask_password", "prompt_for_password"}

// sameWords are of subs that ask whether settings changed.
var sameWords = []string{"connect", "connection", "reconnect", "equal", "equals", "changed", "diff", "differs", "merge", "update", "set", "cached", "clone", "same", "pool", "configure", "reload"}

// A signature may be that of a method, a mac an address of Ethernet, a sig a
// signal; these words in a file say that it is about cryptography.
var (
	signing = lazyregexp.New(`(?i)hmac|\bsha(?:_?[0-9]|\b)|\brsa|crypt|secret`)
	macing  = lazyregexp.New(`(?i)hmac|cmac|poly1305|crypt::mac|digest::|secret`)
)

// words beside a mac that is the address of a network's card, and beside a
// signature that is of a sub.
var (
	cardWords = []string{"address", "addr", "src", "dst", "dest", "ether", "ethernet", "arp", "if", "iface", "interface", "interfaces", "nic", "vlan", "lease", "station", "stations", "hw", "hardware", "bssid", "ap", "port", "dhcp", "wifi", "lan", "router", "switch", "vm", "bridge"}
	subWords  = []string{"types", "type", "method", "methods", "function", "sub", "args", "arguments", "params", "prototype"}
)

// isProof says that a value of these names, of which one says best what it is, is
// a signature or MAC.
func (v view) isProof(label string, names ...string) bool {
	if !holds([]string{label}, proofWords...) || label == "SIG" {
		return false
	}
	switch words := purpose.Words(label); {
	case slices.Contains(words, "hmac"):
	case slices.Contains(words, "mac") && holds(append(names, label), cardWords...):
		return false
	case slices.Contains(words, "signature") && holds([]string{label}, subWords...):
		return false
	}
	if holds([]string{label}, "mac", "sig") && !holds([]string{label}, "signature", "hmac") {
		return v.speaks(macing)
	}
	return v.speaks(signing)
}

// speaks says whether a file matches a pattern, and looks once.
func (v view) speaks(of *lazyregexp.Regexp) bool {
	return v.f.Memo(of, func() any { return of.Match(v.f.Src) }).(bool)
}

func (v view) side(n perlsrc.NodeID) side {
	n = v.bare(n)
	s := side{node: n, label: v.label(n)}
	direct := v.names(n)
	for _, x := range direct {
		s.names = append(s.names, x.text)
	}
	s.asked = v.isSent(n) || slices.ContainsFunc(s.names, isHeader)
	s.sent = s.asked
	s.stored = v.kind(n) == perlsrc.AccessNode
	s.public = holds(s.names, publicWords...) && !v.isProof(s.label, s.names...)
	p := meaning(s.label)
	if v.isFolder(s.label) || isCount(s.label) {
		p = purpose.None
	}
	s.what = called(p, s.label)
	switch {
	case p != purpose.Harmless && v.isProof(s.label, s.names...):
		s.weight, s.what, s.forged = named, quoted("the signature", s.label), true
		if holds([]string{s.label}, "hmac", "mac") {
			s.what = quoted("the MAC", s.label)
		}
	case p == purpose.Password && !holds([]string{s.label}, "pin") || p == purpose.Key && !holds([]string{s.label}, "prime", "seed"):
		s.weight = named
	case (p == purpose.Token || p == purpose.Session || p == purpose.Nonce) && (holds(s.names, personWords...) || holds([]string{v.place(n)}, "csrf", "xsrf", "captcha", "otp", "totp", "auth")):
		s.weight = named
	case holds([]string{s.label}, "digest", "hash", "md5", "sha1", "sha256", "hexdigest", "crypted", "hashed"):
		s.weight, s.what = hashed, quoted("the digest", s.label)
	}
	// Who asks flow about every comparison pays for it; a plain name that
	// nothing says anything of may still hold a MAC.
	m := v.made(n)
	s.typed = slices.ContainsFunc(m.through, func(f string) bool { return slices.Contains(prompts, f) })
	s.stored = s.stored || slices.ContainsFunc(m.through, isLookup)
	s.sent = s.sent || m.param || m.captured || slices.ContainsFunc(m.names, isHeader) || slices.ContainsFunc(m.through, isRemote)
	s.opened = slices.ContainsFunc(m.through, func(f string) bool { return slices.Contains(openers, f) })
	v.derive(&s, m)
	return s
}

// isCount says that a pass is one of several, and no word that lets in.
func isCount(label string) bool {
	return holds([]string{label}, "pass") && holds([]string{label}, "max", "min", "num", "number", "count", "current", "total", "last", "first", "next")
}

// noSecrets says that two values that are compared are not what the name of one
// says by itself: numbers of passes, addresses of network cards, a password and
// the same typed again.
func (a side) noSecrets(b side) bool {
	for _, s := range []side{a, b} {
		if isCount(s.label) || s.weight == named && holds([]string{s.label}, "mac") && !holds([]string{s.label}, "hmac") && holds(slices.Concat(a.names, b.names), cardWords...) {
			return true
		}
	}
	long, short := strings.ToLower(a.label), strings.ToLower(b.label)
	if len(long) < len(short) {
		long, short = short, long
	}
	return meaning(short) == purpose.Password && len(long) == len(short)+1 && strings.HasSuffix(long, short)
}

// called says for people what a value is, by the purpose of its name.
func called(p purpose.Purpose, label string) string {
	switch p {
	case purpose.Password:
		return quoted("the password", label)
	case purpose.Key:
		return quoted("the secret", label)
	case purpose.Token:
		return quoted("the token", label)
	case purpose.Session:
		return quoted("the session id", label)
	case purpose.Nonce:
		return quoted("the one-time value", label)
	}
	return quoted("the value", label)
}

// quoted puts a name behind what it is the name of, where it says more.
func quoted(what, label string) string {
	if label == "" || strings.HasSuffix(what, " "+strings.ToLower(label)) {
		return what
	}
	return fmt.Sprintf("%s %q", what, label)
}

// derive sees what a side is made of.
func (v view) derive(s *side, m made) {
	for _, f := range m.through {
		algorithm, keyed := digestOf(f)
		switch {
		case keyed && slices.Contains(m.through, "rand"):
			// No MAC of anything, but a way to make letters.
		case keyed:
			s.by, s.weight, s.what, s.forged = f, derived, "the MAC made by "+f, true
			return
		case algorithm == "crypt" || strings.HasSuffix(algorithm, "crypt") || slices.Contains(slowHashes, f):
			s.by, s.weight, s.what = f, derived, "the password's hash made by "+f
			return
		case algorithm != "" || slices.Contains(finishers, f) && s.weight < derived:
			hash, isSecret := secret(m.names, purpose.Password)
			if holds(m.names, publicWords...) && !isSecret {
				s.public = true
			}
			if !isSecret && holds(m.names, "ha") && holds(m.names, "nonce", "cnonce") {
				hash, isSecret = "HA1 and a nonce", true
			}
			if isSecret && holds(m.names, connectedWords...) {
				s.public, isSecret = true, false // the name of a connection
			}
			if isSecret {
				s.by, s.weight, s.what = f, derived, fmt.Sprintf("the digest by %s of %s", f, hash)
				s.forged = meaning(hash) != purpose.Password
				return
			}
			if s.weight < hashed {
				s.what = "the digest made by " + f
			}
			s.weight = max(s.weight, hashed)
		case v.isMaker(f):
			s.by, s.weight, s.what = f, derived, "what "+f+" gives"
			s.forged = meaning(f) != purpose.Password
		}
	}
}

// isMaker says by a function's name that it makes a MAC or a password's hash:
// compute_signature, _hash_password.
func (v view) isMaker(function string) bool {
	if f := strings.ToLower(function); !strings.Contains(f, "sig") && !strings.Contains(f, "mac") && !strings.Contains(f, "pass") && !strings.Contains(f, "pw") {
		return false
	}
	ws := purpose.Words(function)
	if len(ws) < 2 {
		return function == "sign" && v.speaks(signing)
	}
	if v.madeOpenly(function) {
		return false
	}
	verb := slices.ContainsFunc(ws, func(w string) bool {
		return slices.Contains([]string{"compute", "calculate", "calc", "make", "generate", "gen", "create", "hash", "crypt", "encrypt", "sign", "build", "expected"}, w)
	})
	thing := slices.ContainsFunc(ws, func(w string) bool {
		return slices.Contains([]string{"signature", "sig", "hmac", "mac", "password", "passwd", "pass", "pw"}, w)
	})
	return verb && thing && v.speaks(signing) && !slices.Contains(ws, "method") && !slices.Contains(ws, "base")
}

// isLookup says by a function's name that it gives a password that is kept.
func isLookup(function string) bool {
	return meaning(function) == purpose.Password && holds([]string{function}, "get", "fetch", "lookup", "find", "stored", "saved", "load", "db")
}

// isHeader says that a key is that of a request's header in PSGI and CGI.
func isHeader(name string) bool { return strings.HasPrefix(name, "HTTP_") }

// isSent says that an expression itself reads what somebody sent.
func (v view) isSent(n perlsrc.NodeID) bool {
	for _, x := range v.names(n) {
		if x.call && isRemote(x.text) {
			return true
		}
	}
	return false
}

// isHash says that a side may be the hash of a password, where passwords are
// checked: nothing says that it is something else.
func (s side) isHash() bool {
	if s.public || meaning(s.label) == purpose.Harmless || holds([]string{s.label}, typedWords...) {
		return false
	}
	return s.weight >= hashed || holds(s.names, "guess", "try", "saved", "stored", "crypted", "encrypted", "enc", "given", "generated", "computed", "calculated", "real", "orig", "original", "expected", "again", "got", "correct", "right", "supplied", "typed", "entered", "submitted", "candidate", "attempt")
}
