package crypt

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
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
	public bool // what it is made of is no secret: a file's checksum, an ETag
}

// words of what is hashed without a secret.
var publicWords = []string{"etag", "checksum", "checksums", "file", "files", "filename", "path", "content", "contents", "cache", "body", "revision", "commit", "version", "page", "template", "url", "uri", "signature_method", "method", "type", "fingerprint", "tree", "blob", "mtime", "schema", "source", "node", "position", "line", "document", "doc", "image", "archive", "package", "module", "dist", "tarball", "release", "lexer", "parser"}

// words of a value that proves who made a message.
var proofWords = []string{"hmac", "mac", "signature", "sig", "signed"}

// words that tell a token of a person from a token of a grammar or a tracker.
var personWords = []string{"csrf", "xsrf", "api", "auth", "access", "session", "secret", "captcha", "reset", "otp", "totp", "csrftoken", "authenticity", "bearer", "apikey", "refresh", "sid", "challenge"}

// sameWords are of subs that ask whether settings changed.
var sameWords = []string{"connect", "connection", "reconnect", "equal", "equals", "changed", "diff", "differs", "merge", "update", "set", "cached", "clone", "same", "pool", "configure", "reload"}

// A signature may be that of a method, a mac an address of Ethernet, a sig a
// signal; these words in a file say that it is about cryptography.
var (
	signing = lazyregexp.New(`(?i)hmac|\bsha_?[0-9]|md5|\brsa|crypt|digest|secret`)
	macing  = lazyregexp.New(`(?i)hmac|cmac|poly1305|crypt::mac|digest::|secret`)
)

// isProof says that a name is that of a signature or MAC.
func (v view) isProof(label string) bool {
	if !holds([]string{label}, proofWords...) {
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

// words of two passwords that one person types.
var typedWords = []string{"confirm", "confirmation", "again", "repeat", "repeated", "retype", "retyped", "new", "old", "second", "first", "check", "copy", "previous", "last"}

func comparisons(p *audit.Pass) {
	v := look(p)
	for n := range v.f.All(perlsrc.ExprNode) {
		kids := slices.Collect(v.t.Children(n))
		if len(kids) != 2 {
			continue
		}
		switch op := v.t.Operator(kids[1]); op {
		case "eq", "ne", "cmp", "==", "!=", "lt", "gt", "~~":
			v.compare(n, kids[0], kids[1], op)
		case "=~", "!~":
			if v.kind(kids[1]) == perlsrc.TermNode && v.t.Token(kids[1]).Kind == perlsrc.Match && v.t.Nodes[kids[1]].Child != 0 {
				v.compare(n, kids[0], v.t.Nodes[kids[1]].Child, op)
			}
		}
	}
	v.unequalLengths()
}

func (v view) compare(n, left, right perlsrc.NodeID, op string) {
	if v.isPlain(left) || v.isPlain(right) || v.bothHashed(left, right) {
		return
	}
	a, b := v.side(left), v.side(right)
	if (a.asked || b.asked) && meaning(a.label) == purpose.Token && meaning(b.label) == purpose.Token {
		a.weight, b.weight = max(a.weight, named), max(b.weight, named) // param('token') eq $token
	}
	if a.weight < b.weight {
		a, b = b, a
	}
	checks := v.checksPasswords(n) && (op == "eq" || op == "ne")
	if !checks && (a.weight == plain || a.weight == hashed && b.weight == plain && !b.sent) {
		return
	}
	if v.constantSide(left) || v.constantSide(right) {
		return
	}
	confidence := a.with(b, op)
	if checks && confidence < audit.Likely && a.isHash() && b.isHash() {
		confidence = audit.Likely
	}
	if confidence == 0 {
		return
	}
	if confidence == audit.Likely && a.weight == named && b.weight == named && holds([]string{v.f.SubName(n)}, sameWords...) {
		confidence = audit.Possible // whether somebody's own settings are still the same
	}
	if confidence == audit.Likely && a.weight < derived && !a.asked && !b.asked && (holds([]string{a.label, b.label}, beforeWords...) || v.takesOver(n, left, right, op)) {
		confidence = audit.Possible
	}
	v.pass.Report(audit.Found{
		Node: n, Confidence: confidence, Severity: a.severity(),
		Message: fmt.Sprintf("%s is compared by %s, whose time tells how many of its first bytes were guessed", a.what, op),
		Steps: v.way(a.node, func(o flow.Origin) bool {
			return slices.ContainsFunc(o.Through, func(f string) bool { return audit.Unqualified(f) == a.by })
		}),
	})
}

// bothHashed says that both sides are hashed by one function before they are
// compared, which is how eq is made harmless.
func (v view) bothHashed(left, right perlsrc.NodeID) bool {
	left, right = v.bare(left), v.bare(right)
	if v.kind(left) != perlsrc.CallNode || v.kind(right) != perlsrc.CallNode || v.t.Callee(left) != v.t.Callee(right) {
		return false
	}
	algorithm, _ := digestOf(v.t.Callee(left))
	return algorithm != "" && algorithm != "crypt"
}

// checksPasswords says that a comparison stands in a sub that says by its name,
// or by its package's, that it checks passwords.
func (v view) checksPasswords(n perlsrc.NodeID) bool {
	sub := v.f.SubName(n)
	if !holds([]string{sub}, "check", "verify", "validate", "valid", "match", "matches", "compare", "authenticate", "is", "test") {
		return false
	}
	return purpose.Most(purpose.Words(sub)...) == purpose.Password ||
		holds([]string{v.t.EnclosingPackage(n)}, "password", "passwords", "passwd", "passphrase", "crypt", "salted", "authen", "credential", "htpasswd")
}

// isHash says that a side may be the hash of a password, where passwords are
// checked: nothing says that it is something else.
func (s side) isHash() bool {
	if s.public || meaning(s.label) == purpose.Harmless || holds([]string{s.label}, typedWords...) {
		return false
	}
	return s.weight >= hashed || holds(s.names, "guess", "try", "saved", "stored", "crypted", "encrypted", "enc", "given", "generated", "computed", "calculated", "real", "orig", "original", "expected", "again", "got", "correct", "right", "supplied", "typed", "entered", "submitted", "candidate", "attempt")
}

// isPlain says cheaply that a value is no secret: a literal, undef, a number.
func (v view) isPlain(n perlsrc.NodeID) bool {
	n = v.bare(n)
	if _, ok := v.t.Literal(n); ok {
		return true
	}
	if v.kind(n) == perlsrc.CallNode {
		c := v.t.Call(n)
		return slices.Contains(asked, c.Callee) || c.Bare && !c.Method && (c.Callee == strings.ToUpper(c.Callee) || c.Callee == "undef")
	}
	if v.kind(n) == perlsrc.ExprNode {
		// Arithmetic has no first bytes.
		for c := range v.t.Children(n) {
			switch v.t.Operator(c) {
			case "+", "-", "*", "/", "%", "&", "|", "**", "<<", ">>":
				return true
			}
		}
	}
	return false
}

// constantSide says that a value is always one of the source.
func (v view) constantSide(n perlsrc.NodeID) bool {
	_, ok := v.constant(n)
	return ok
}

func (v view) side(n perlsrc.NodeID) side {
	n = v.bare(n)
	s := side{node: n, label: v.label(n)}
	direct := v.names(n)
	for _, x := range direct {
		s.names = append(s.names, x.text)
	}
	s.asked = v.isSent(n)
	s.sent = s.asked
	s.stored = v.kind(n) == perlsrc.AccessNode
	s.public = holds(s.names, publicWords...) && !v.isProof(s.label)
	s.what = "the value"
	if s.label != "" {
		s.what = "the value of " + s.label
	}
	p := meaning(s.label)
	if v.isFolder(s.label) {
		p = purpose.None
	}
	switch {
	case p != purpose.Harmless && v.isProof(s.label):
		s.weight = named
	case p == purpose.Password && !holds([]string{s.label}, "pin") || p == purpose.Key && !holds([]string{s.label}, "prime", "seed"):
		s.weight = named
	case (p == purpose.Token || p == purpose.Session || p == purpose.Nonce) && (holds(s.names, personWords...) || holds([]string{v.place(n)}, "csrf", "xsrf", "captcha", "otp", "totp", "auth")):
		s.weight = named
	case holds([]string{s.label}, "digest", "hash", "md5", "sha1", "sha256", "hexdigest", "crypted", "hashed"):
		s.weight = hashed
	}
	// Who asks flow about every comparison pays for it; a plain name that
	// nothing says anything of may still hold a MAC.
	m := v.made(n)
	s.sent = s.sent || m.param || m.captured || slices.ContainsFunc(m.through, isRemote)
	v.derive(&s, m)
	return s
}

// derive sees what a side is made of.
func (v view) derive(s *side, m made) {
	for _, f := range m.through {
		algorithm, keyed := digestOf(f)
		switch {
		case keyed:
			s.by, s.weight, s.what = f, derived, "the MAC made by "+f
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
			if isSecret {
				s.by, s.weight, s.what = f, derived, fmt.Sprintf("the digest by %s of %s", f, hash)
				return
			}
			s.weight = max(s.weight, hashed)
		case v.isMaker(f):
			s.by, s.weight, s.what = f, derived, "what "+f+" gives"
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
	verb := slices.ContainsFunc(ws, func(w string) bool {
		return slices.Contains([]string{"compute", "calculate", "calc", "make", "generate", "gen", "create", "hash", "crypt", "encrypt", "sign", "build", "expected"}, w)
	})
	thing := slices.ContainsFunc(ws, func(w string) bool {
		return slices.Contains([]string{"signature", "sig", "hmac", "mac", "password", "passwd", "pass", "pw"}, w)
	})
	return verb && thing && v.speaks(signing) && !slices.Contains(ws, "method") && !slices.Contains(ws, "base")
}

// isSent says that an expression itself reads what somebody sent.
func (v view) isSent(n perlsrc.NodeID) bool {
	for _, x := range v.names(n) {
		if x.call && isRemote(x.text) {
			return true
		}
	}
	return false
}

// with says how sure it is that comparing a with b, which weighs no more, tells
// of a secret.
func (a side) with(b side, op string) audit.Confidence {
	number := op == "==" || op == "!="
	order := op == "cmp" || op == "lt" || op == "gt" || op == "~~"
	switch {
	case order && a.weight < derived:
		return 0
	case a.public && a.weight < derived || b.public && b.weight < named && a.weight < derived:
		return 0
	case number && !holds([]string{a.label, b.label}, "otp", "totp", "captcha"):
		return 0
	case a.weight == derived && b.weight >= hashed:
		return audit.Certain
	case a.weight == derived:
		return audit.Likely
	case holds([]string{a.label, b.label}, "name", "names", "key", "salt", "iv", "count", "type", "version", "method", "class", "mode", "length") && meaning(a.label) != purpose.Key && meaning(a.label) != purpose.Token:
		return 0
	case meaning(a.label) == purpose.Session && a.weight == named && !b.asked && !a.asked:
		return audit.Possible
	case a.weight == named && b.weight == named && !a.sent && !b.sent && a.label == b.label && meaning(a.label) < purpose.Token:
		return audit.Possible // the signatures of two things
	case a.weight == named && b.weight == named:
		return a.both(b)
	case a.weight == named && b.weight == hashed:
		return audit.Likely
	case a.weight == named && b.sent && !a.sent:
		return audit.Likely
	case a.weight == named && a.sent && b.stored && meaning(a.label) == purpose.Password:
		return audit.Likely
	case a.weight == named && a.sent && b.label != "" && !b.sent:
		return audit.Possible
	case a.weight == hashed:
		return audit.Possible
	}
	return 0
}

// both is about two values whose names say that they are secrets.
func (a side) both(b side) audit.Confidence {
	typed := holds([]string{a.label, b.label}, typedWords...)
	switch {
	case typed && meaning(a.label) == purpose.Password:
		return 0
	case meaning(a.label) == purpose.Password && a.label != b.label && (a.sent && b.sent || strings.TrimRight(a.label, "0123456789") == strings.TrimRight(b.label, "0123456789")):
		return 0
	}
	return audit.Likely
}

func (a side) severity() audit.Severity {
	if a.weight == hashed {
		return audit.Low
	}
	return audit.Medium
}

// unequalLengths finds a comparison that means to take the same time always, and
// ends at once where the lengths differ: the length is told.
func (v view) unequalLengths() {
	for n := range v.f.Calls("length") {
		sub := strings.ToLower(v.f.SubName(n))
		if !strings.Contains(sub, "constant_time") && !strings.Contains(sub, "consttime") && !strings.Contains(sub, "secure_comp") && !strings.Contains(sub, "secure_eq") && !strings.Contains(sub, "timing_safe") {
			continue
		}
		expr := v.t.Nodes[n].Parent
		if v.kind(expr) != perlsrc.ExprNode || v.t.Nodes[expr].Child != n {
			continue
		}
		other := v.t.Nodes[n].Next
		if op := v.t.Operator(other); op != "!=" && op != "==" || v.t.Callee(other) != "length" {
			continue
		}
		if by, _ := v.t.Conditional(expr); by == 0 && v.t.Dest(expr).Use != perlsrc.Condition {
			continue
		}
		v.pass.Report(audit.Found{
			Node: expr, Confidence: audit.Likely, Severity: audit.Low,
			Message: "the comparison ends at once where the lengths differ, which tells the length of the secret",
		})
	}
}
