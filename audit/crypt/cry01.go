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

// protocolWords tell that a digest of a password is what a protocol asks for,
// which no author can change: HTTP's Digest, APOP, CRAM, RADIUS, the handshakes
// of databases.
var protocolWords = []string{
	"realm", "nonce", "cnonce", "challenge", "banner", "timestamp", "scramble", "authenticator", "ha", "apop", "ntlm", "lm", "sasl", "cram", "greeting",
	"authzid", "opaque", "radius", "handshake", "pdf", "digestmd", "scram", "rfb", "mschap", "chap", "imap", "pop", "smtp", "snmp", "engineid", "jabber",
	"xmpp", "pg", "pgpp", "postgres", "tacacs", "ipmi", "sip", "streamid", "pwned", "hibp", "breach", "breached", "leaked", "nt", "soap", "wsse", "created", "flickr",
}

// connectionWords tell that the password is one among the things that name a
// connection, whose digest is a key of a cache; or that a digest only names a file.
var connectionWords = []string{"dsn", "host", "hostname", "port", "server", "database", "dbname", "cache", "etag", "filename", "tmp", "memcache", "url", "uri"}

// clients are what a program asks a server with, which may want a password hashed.
var clients = []string{"LWP::UserAgent", "LWP::Simple", "HTTP::Tiny", "HTTP::Request", "HTTP::Request::Common", "Mojo::UserAgent", "WWW::Mechanize", "Furl", "IO::Socket", "IO::Socket::INET", "IO::Socket::SSL", "Net::Telnet", "AnyEvent::HTTP", "REST::Client", "SOAP::Lite", "XMLRPC::Lite"}

// senders are functions and methods that send what they are given to somebody else,
// who may want a password hashed that way.
var senders = []string{"send", "send_cmd", "send_command", "send_request", "syswrite", "command", "cmd", "privmsg", "post", "put", "get", "post_form", "request", "call", "send_raw", "sendline", "send_line"}

// fastHashes finds passwords under digests that are made to be fast.
func fastHashes(p *audit.Pass) {
	v := look(p)
	for n := range v.f.Calls(digestNames...) {
		c := v.t.Call(n)
		algorithm, _ := digestOf(c.Callee)
		if algorithm == "" || c.Method && len(c.Args) == 0 {
			continue
		}
		if strings.HasSuffix(algorithm, "crypt") {
			v.fastHash(n, audit.Certain, algorithm, "the password is hashed by "+audit.Unqualified(c.Callee)+", which is made to be fast")
			continue
		}
		v.fastDigest(n, c.Args, algorithm, audit.Unqualified(c.Callee))
	}
	for n := range v.f.Calls("add") {
		c := v.t.Call(n)
		for range 4 { // $digest->reset->add($x)
			if before := v.t.Call(c.Invocant); v.kind(c.Invocant) == perlsrc.CallNode && before.Method && before.Invocant != 0 && before.Class == "" {
				c.Invocant, c.Class = before.Invocant, before.Class
			}
		}
		class, _ := v.of(c, digestClassNames...)
		if class == "" && c.Invocant != 0 && holds([]string{v.label(c.Invocant)}, "md5", "sha", "digest", "ctx") {
			class = "Digest"
		}
		if class != "" {
			v.fastDigest(n, c.Args, digestClasses[class], class)
		}
	}
	for n := range v.f.Calls("crypt") {
		if c := v.t.Call(n); !c.Method && len(c.Args) == 2 {
			v.oldCrypt(n, c)
		}
	}
	v.oldPassphrases()
	v.passwordsInSQL()
}

func (v view) fastHash(n perlsrc.NodeID, confidence audit.Confidence, algorithm, message string) {
	severity := audit.Medium
	if weakDigest(algorithm) {
		severity = audit.High
	}
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: severity, Message: message})
}

func (v view) fastDigest(n perlsrc.NodeID, args []perlsrc.NodeID, algorithm, by string) {
	var m made
	for _, a := range args {
		x := v.made(a)
		m.names, m.through, m.origins = append(m.names, x.names...), append(m.through, x.through...), append(m.origins, x.origins...)
	}
	place := v.place(n)
	what, found := v.passwordAmong(m.names)
	if !found && holds(m.names, "salt", "salts") && holds(m.names, "plain", "plaintext", "clear", "cleartext", "cleardata", "word", "pw", "phrase") {
		what, found = "the text that is salted", true
	}
	if !found && hashesPasswords(v.f.SubName(n)) && !allConstant(m.origins) {
		what, found = quoted("the password given to", v.f.SubName(n)), true
	}
	if !found || holds(m.names, protocolWords...) || holds([]string{place}, protocolWords...) || v.iterated(n) {
		return
	}
	confidence, compared := audit.Likely, false
	sinks, _ := v.f.Flow().Sinks(n)
	for _, s := range sinks {
		names := append(s.Names, s.Key, v.label(s.At))
		switch {
		case s.Kind == flow.Passed && (slices.Contains(slowHashes, audit.Unqualified(s.Callee)) || slices.Contains(readers, s.Callee)):
			return // the first of two hashes
		case holds(names, protocolWords...) || holds(s.Through, "hmac") || slices.Contains(s.Through, "^"):
			return // the answer to what a server asked
		case s.Kind == flow.Passed && slices.Contains(senders, audit.Unqualified(s.Callee)):
			confidence = audit.Possible
		case holds(names, connectionWords...):
			confidence = audit.Possible
		case s.Kind == flow.Indexed || holds(names, "cache"):
			confidence = audit.Possible
		case s.Kind == flow.Compared:
			compared = true
		}
	}
	_, asks := v.f.Loads(clients...)
	if asks = asks || holds([]string{v.t.EnclosingPackage(n)}, "webservice", "www", "client"); asks && !compared && !hashesPasswords(v.f.SubName(n)) {
		confidence = audit.Possible // what a server wants to be sent
	}
	if holds(m.names, connectionWords...) || v.inPath(n) || slices.Contains(m.through, "rand") || slices.Contains(m.through, "time") {
		confidence = audit.Possible // it names a connection, or makes a token
	}
	if confidence == audit.Likely && holds([]string{v.f.SubName(n)}, "password", "passwd", "hash", "encrypt", "crypt") && weakDigest(algorithm) {
		confidence = audit.Certain
	}
	v.fastHash(n, confidence, algorithm, fmt.Sprintf("%s is hashed by %s, which is made to be fast: who gets the result tries billions of guesses a second", what, by))
}

// inPath says that a digest is a part of a file's name: "$dir/" . md5_hex($x).
func (v view) inPath(n perlsrc.NodeID) bool {
	up := v.t.Nodes[n].Parent
	if v.kind(up) != perlsrc.ExprNode {
		return false
	}
	for c := range v.t.Children(up) {
		if s, ok := v.t.Literal(c); ok && (s == "/" || strings.HasPrefix(s, "/") && !strings.Contains(s, " ") || strings.HasSuffix(s, "/") && !strings.Contains(s, "://")) {
			return true
		}
	}
	return false
}

// passwordAmong finds the name that says that a password is hashed.
func (v view) passwordAmong(names []string) (what string, ok bool) {
	for _, s := range names {
		if meaning(s) == purpose.Password && !isCount(s) && !v.isFolder(s) && !holds([]string{s}, "hash", "hashed", "md", "sha", "type", "field", "file", "digest", "pin") {
			return quoted("the password", s), true
		}
	}
	return "", false
}

// hashesPasswords says that a sub's name is about making the hash of a password.
func hashesPasswords(sub string) bool {
	ws := purpose.Words(sub)
	return slices.ContainsFunc(ws, func(w string) bool { return purpose.Of(w) == purpose.Password }) &&
		slices.ContainsFunc(ws, func(w string) bool {
			return slices.Contains([]string{"hash", "encrypt", "crypt", "encode", "digest", "salt", "hashed", "encrypted"}, w)
		})
}

func allConstant(origins []flow.Origin) bool {
	return len(origins) > 0 && !slices.ContainsFunc(origins, func(o flow.Origin) bool { return o.Kind != flow.Constant })
}

// iterated says that a digest is made again and again of its own result, which
// is a key derivation by hand: another rule's.
func (v view) iterated(n perlsrc.NodeID) bool {
	for by, why := v.t.Conditional(n); by != 0; by, why = v.t.Conditional(by) {
		if why != "for" && why != "foreach" && why != "while" {
			continue
		}
		d := v.t.Dest(n)
		if d.Use != perlsrc.Assigned || len(d.Targets) == 0 {
			return false
		}
		target := v.label(d.Targets[0])
		for _, x := range v.names(n) {
			if x.text == target {
				return true
			}
		}
	}
	return false
}

var (
	modernSalt = lazyregexp.New(`\\?\$(5|6|7|2[abxy]?|y|gy|argon2[a-z]*|sha1|scrypt)\\?\$`)
	md5Salt    = lazyregexp.New(`\\?\$(1|apr1|md5)\\?\$`)
)

// oldCrypt is about perl's crypt, whose salt says how it hashes: two characters
// are DES, which sees eight bytes of a password.
func (v view) oldCrypt(n perlsrc.NodeID, c perlsrc.Call) {
	salt := c.Args[1]
	text := string(v.t.Text(salt))
	m := v.made(salt)
	for _, o := range m.origins {
		if o.Kind == flow.Constant {
			text += " " + o.Name + " " + string(v.t.Text(o.Node))
		}
	}
	value, constant := v.constant(salt)
	if word := v.made(c.Args[0]); slices.Contains(word.through, "rand") || v.constantSide(c.Args[0]) {
		return // no password: a way to make letters
	}
	switch {
	case modernSalt.MatchString(text) || schemeOf.MatchString(text) && !md5Salt.MatchString(text):
	case md5Salt.MatchString(text):
		v.fastHash(n, audit.Certain, "md5", "the password is hashed by the crypt of $1$, which is MD5")
	case v.isStored(salt):
		// It hashes as the stored hash says.
	case constant && len(value) >= 2 && len(value) < 9:
		v.fastHash(n, audit.Certain, "crypt", "crypt with a salt of two characters is DES, and the salt is the same for everybody")
	case v.shortSalt(salt) || slices.Contains(m.through, "substr"):
		v.fastHash(n, audit.Certain, "crypt", "crypt with a salt of two characters is DES, which sees eight bytes of a password")
	case slices.Contains(m.through, "rand") || slices.Contains(m.through, "join"):
		v.fastHash(n, audit.Likely, "crypt", "crypt with a salt of plain characters is DES, which sees eight bytes of a password")
	case holds([]string{v.label(salt)}, "salt"):
		v.fastHash(n, audit.Possible, "crypt", "crypt hashes as its salt says, which is DES where that is two characters")
	}
}

// schemeOf finds that a salt tells by a dollar how it hashes, as '$' . $id . '$' does.
var schemeOf = lazyregexp.New(`['"]\\?\$['"]|['"]\\?\$(?:%[sd]|\$?\w*)\\?\$`)

// storedSalt are words of what holds the whole hash, which crypt reads its salt from.
var storedSalt = []string{"stored", "crypted", "encrypted", "hash", "hashed", "hashes", "saved", "enc", "digest", "correct", "shadow", "expected", "real", "existing", "known"}

// isStored says that what stands in a salt's place is the hash that is there: by
// its name, or since crypt's answer is compared with it.
func (v view) isStored(salt perlsrc.NodeID) bool {
	label := v.label(salt)
	if v.kind(v.bare(salt)) == perlsrc.CallNode && v.t.Callee(v.bare(salt)) == "substr" {
		return false // its first two characters only
	}
	if label == "" || holds([]string{label}, "salt") {
		return false
	}
	if holds([]string{label}, storedSalt...) || meaning(label) == purpose.Password {
		return true
	}
	call := v.t.Nodes[salt].Parent
	for v.kind(call) == perlsrc.ListNode {
		call = v.t.Nodes[call].Parent
	}
	up := v.t.Nodes[call].Parent
	if v.kind(up) != perlsrc.ExprNode {
		return false
	}
	left, right, op := v.sidesOf(up)
	other := left
	if v.bare(left) == call {
		other = right
	}
	return (op == "eq" || op == "ne") && v.label(other) == label
}

// shortSalt says that a salt is the first two characters of something.
func (v view) shortSalt(n perlsrc.NodeID) bool {
	n = v.bare(n)
	if v.kind(n) != perlsrc.CallNode || v.t.Callee(n) != "substr" {
		return false
	}
	long := v.t.Call(n).Args
	if len(long) < 3 {
		return false
	}
	length, known := v.number(long[2])
	return !known || length == 2
}

// oldSchemes are the classes that hash a password as people did once.
var oldSchemes = map[string]string{
	"Authen::Passphrase::DESCrypt": "crypt", "Authen::Passphrase::BigCrypt": "crypt", "Authen::Passphrase::MD5Crypt": "md5", "Authen::Passphrase::SaltedDigest": "digest",
	"Authen::Passphrase::LANManager": "md4", "Authen::Passphrase::NTHash": "md4", "Authen::Passphrase::MySQL323": "md5", "Authen::Passphrase::MySQL41": "sha1", "Authen::Passphrase::VMSPurdy": "crypt",
	"Crypt::SaltedHash": "sha1",
}

// hashOptions are settings of frameworks that choose a password's hash.
var hashOptions = []string{"password_hash_type", "encode_args", "password_digest", "hash_algorithm", "password_hash", "digest_algorithm"}

// oldPassphrases finds classes and settings that hash passwords fast.
func (v view) oldPassphrases() {
	for n := range v.f.Calls("new") {
		c := v.t.Call(n)
		algorithm, ok := oldSchemes[c.Class]
		if !ok {
			continue
		}
		if c.Class == "Crypt::SaltedHash" {
			by := "SHA-1"
			if a, ok := v.option(c.Args, "algorithm"); ok {
				if s, ok := v.constant(a); ok && s != "" {
					by = s
				}
			}
			v.fastHash(n, audit.Likely, algorithm, "Crypt::SaltedHash hashes the password once by "+by+", which is made to be fast: who gets the result tries billions of guesses a second")
			continue
		}
		if _, creates := v.option(c.Args, "passphrase"); creates {
			v.fastHash(n, audit.Certain, algorithm, "the password is hashed by "+c.Class+", which is made to be fast")
		}
	}
	if !slices.ContainsFunc(hashOptions, func(s string) bool { return strings.Contains(string(v.f.Src), s) }) {
		return
	}
	for n := range v.f.All(perlsrc.TermNode, perlsrc.HashNode) {
		key, ok := v.t.Key(n)
		if !ok || !slices.Contains(hashOptions, key) {
			continue
		}
		value, _ := v.t.Literal(n)
		if v.kind(n) == perlsrc.HashNode {
			if a, ok := v.option([]perlsrc.NodeID{n}, "algorithm"); ok {
				value, _ = v.t.Literal(a)
			}
		}
		algorithm, _ := digestOf(strings.ReplaceAll(value, "-", ""))
		if algorithm != "" {
			v.fastHash(n, audit.Likely, algorithm, "the setting "+key+" hashes passwords by "+value+", which is made to be fast")
		}
	}
}

// sqlHash finds a database's digest of a password.
var sqlHash = lazyregexp.New(`(?i)\b\w*(?:password|passwd|pass)\w*\s*=\s*(md5|sha1?|old_password|password|encrypt)\s*\(|(?i)\binsert\b[^;]*\b\w*(?:password|passwd)\w*\b[^;]*\bvalues\b[^;]*\b(md5|sha1?|old_password|password|encrypt)\s*\(`)

func (v view) passwordsInSQL() {
	for n := range v.f.Calls("do", "prepare", "prepare_cached", "selectrow_array", "selectrow_arrayref", "selectrow_hashref", "selectall_arrayref", "query", "execute") {
		c := v.t.Call(n)
		if !c.Method || len(c.Args) == 0 {
			continue
		}
		text := string(v.t.Text(c.Args[0]))
		if s, ok := v.constant(c.Args[0]); ok && s != "" {
			text = s
		}
		m := sqlHash.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		by := strings.ToUpper(m[1] + m[2])
		v.fastHash(n, audit.Likely, "md5", "the database hashes the password by "+by+", which is made to be fast")
	}
}
