package crypt

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

var secretWords = []string{"secret", "Secret", "SECRET", "passw", "Passw", "PASSW", "hmac", "HMAC", "Crypt", "key", "KEY", "token", "TOKEN", "JWT", "jwt", "DBI", "login"}

// keyed are functions and methods that take a key at a position.
var keyed = []struct {
	calls   []string
	modules []string
	at      int // -1 for the last
	method  bool
	what    string
}{
	{[]string{"hmac_md5", "hmac_md5_hex", "hmac_sha1", "hmac_sha1_hex", "hmac_sha1_base64", "hmac_sha224_hex", "hmac_sha256", "hmac_sha256_hex", "hmac_sha256_base64", "hmac_sha384", "hmac_sha384_hex", "hmac_sha384_base64", "hmac_sha512", "hmac_sha512_hex", "hmac_sha512_base64", "hmac_sha1_sum"}, nil, -1, false, "the key of the MAC"},
	{[]string{"hmac", "hmac_hex", "hmac_b64", "hmac_b64u"}, []string{"Crypt::Mac::HMAC"}, 1, false, "the key of the MAC"},
	{[]string{"new"}, []string{"Crypt::Mac::HMAC", "Crypt::Cipher", "Crypt::AuthEnc::GCM", "Crypt::AuthEnc::CCM", "Crypt::AuthEnc::EAX", "Crypt::AuthEnc::OCB"}, 1, true, "the key"},
	{[]string{"new"}, []string{"Digest::HMAC", "Digest::HMAC_MD5", "Digest::HMAC_SHA1", "Crypt::RC4", "Crypt::Rijndael", "Crypt::AuthEnc::ChaCha20Poly1305", "Crypt::Blowfish", "Crypt::Blowfish_PP", "Crypt::DES", "Crypt::DES_EDE3", "Crypt::Twofish", "Crypt::Twofish2", "Crypt::TEA", "Crypt::XTEA", "Crypt::CAST5", "Crypt::CAST5_PP", "Crypt::Rijndael_PP", "Crypt::OpenSSL::AES", "Crypt::IDEA", "Crypt::Tea_JS"}, 0, true, "the key"},
	{[]string{"encrypt", "decrypt"}, []string{"Crypt::Mode::CBC", "Crypt::Mode::CTR", "Crypt::Mode::ECB", "Crypt::Mode::CFB", "Crypt::Mode::OFB"}, 1, true, "the key of the cipher"},
	{[]string{"gcm_encrypt_authenticate", "gcm_decrypt_verify", "ccm_encrypt_authenticate", "ccm_decrypt_verify", "eax_encrypt_authenticate", "ocb_encrypt_authenticate"}, []string{"Crypt::AuthEnc::GCM", "Crypt::AuthEnc::CCM", "Crypt::AuthEnc::EAX", "Crypt::AuthEnc::OCB"}, 1, false, "the key of the cipher"},
	{[]string{"RC4"}, []string{"Crypt::RC4", "Crypt::RC4::XS"}, 0, false, "the key of the cipher"},
	{[]string{"encode", "decode"}, []string{"JSON::WebToken", "JSON::WebToken::Base"}, 1, true, "the key of the web token"},
	{[]string{"encode_jwt", "decode_jwt"}, []string{"JSON::WebToken"}, 1, false, "the key of the web token"},
	{[]string{"login", "auth", "auth_password"}, []string{"Net::FTP", "Net::FTPSSL", "Net::SMTP", "Net::SMTP::SSL", "Net::IMAP::Simple", "Net::POP3", "Mail::POP3Client", "Net::SSH2", "Net::SSH::Perl", "Net::Telnet"}, 1, true, "the password"},
	{[]string{"credentials"}, []string{"LWP::UserAgent", "WWW::Mechanize"}, 3, true, "the password"},
	{[]string{"connect", "connect_cached"}, []string{"DBI"}, 2, true, "the password of the database"},
}

// keyOptions are constructors and functions whose options hold a key.
var keyOptions = []struct {
	call    string
	classes []string
	keys    []string
	what    string
}{
	{"new", []string{"Crypt::CBC"}, []string{"key", "pass", "passphrase"}, "the passphrase of the cipher"},
	{"new", []string{"Mojo::JWT"}, []string{"secret"}, "the key of the web token"},
	{"new", []string{"Plack::Middleware::Session::Cookie", "Plack::Session::Store::Cookie"}, []string{"secret"}, "the secret of the sessions"},
	{"encode_jwt", nil, []string{"key"}, "the key of the web token"},
	{"decode_jwt", nil, []string{"key"}, "the key of the web token"},
	{"enable", nil, []string{"secret"}, "the secret of the middleware"},
	{"enable_if", nil, []string{"secret"}, "the secret of the middleware"},
}

// writtenSecrets finds keys and passwords that the source holds.
func writtenSecrets(p *audit.Pass) {
	v := look(p)
	if v.f.Role == audit.Test || v.f.Role == audit.Author {
		return // what only tests know is no secret
	}
	for _, k := range keyed {
		for n := range v.f.Calls(k.calls...) {
			c := v.t.Call(n)
			at := k.at
			if at < 0 {
				at = len(c.Args) - 1
			}
			if c.Method != k.method || at < 0 || at >= len(c.Args) || k.at < 0 && at == 0 {
				continue
			}
			if k.method {
				if class, sure := v.of(c, k.modules...); class == "" || !sure && k.calls[0] == "new" {
					continue
				}
			} else if k.modules != nil && v.module(c, k.modules...) == "" {
				continue
			}
			if k.at < 0 && v.constantSide(c.Args[0]) {
				continue // all is known: a probe
			}
			if k.calls[0] == "login" && v.isGuest(c.Args) || k.calls[0] == "connect" && files.Match(v.t.Text(c.Args[0])) {
				continue
			}
			v.written(c.Args[at], k.what)
		}
	}
	for _, k := range keyOptions {
		for n := range v.f.Calls(k.call) {
			c := v.t.Call(n)
			if k.classes != nil && !slices.Contains(k.classes, c.Class) {
				continue
			}
			if value, ok := v.option(c.Args, k.keys...); ok {
				v.written(value, k.what)
			}
		}
	}
	v.appSecrets()
	v.sources()
	v.ownNames()
	v.mixedIn()
	v.openers()
	v.privateKeys()
	v.namedSecrets()
}

// files are databases that are files, and ask for no password.
var files = lazyregexp.New(`(?i)\bdbi:(?:sqlite|csv|dbm|file|mem|sponge|examplep|anydata|xbase|excel)\b`)

// isGuest says that somebody logs in as nobody.
func (v view) isGuest(args []perlsrc.NodeID) bool {
	for _, a := range args {
		if s, ok := v.constant(a); ok && isNobody(s) {
			return true
		}
		if slices.ContainsFunc(v.origins(a), func(o flow.Origin) bool { return isConstant(o) && isNobody(o.Name) }) {
			return true
		}
	}
	return false
}

// isShow says that a node is of an example, a build or a mock: everybody's example
// has a secret, and a build asks a test's database.
func (v view) isShow(n perlsrc.NodeID) bool {
	return v.f.Role == audit.Example || v.f.Role == audit.Build || v.isMock(n) ||
		holds([]string{v.t.EnclosingPackage(n)}, "example", "examples", "sample", "demo")
}

// isMock says that a node's package stands in for another in tests.
func (v view) isMock(n perlsrc.NodeID) bool {
	return holds([]string{v.t.EnclosingPackage(n)}, "test", "tests", "mock", "mocked", "fake", "dummy")
}

func isNobody(s string) bool {
	return strings.Contains(s, "anonymous") || strings.Contains(s, "@") || s == "ftp" || s == "guest"
}

func (v view) told(n perlsrc.NodeID, confidence audit.Confidence, message string) {
	secret := func(o flow.Origin) bool { return isConstant(o) && isValue(o.Name) }
	if sub := v.f.SubName(n); v.isShow(n) || strings.Contains(strings.ToLower(sub), "cache") || holds([]string{sub}, "etag", "checksum", "shard", "bucket", "fingerprint") {
		confidence = audit.Possible
	}
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: audit.High, Message: message, Steps: v.way(n, secret)})
}

// written reports a key that is, or may by default be, one of the source.
func (v view) written(n perlsrc.NodeID, what string) {
	if s, ok := v.constant(n); ok {
		if isValue(s) {
			v.told(n, audit.Certain, what+" is written in the source, where everybody can read it")
		}
		return
	}
	origins := v.origins(n)
	for _, o := range origins {
		if o.Kind == flow.Constant && isValue(o.Name) && o.Direct && !v.isNameOf(o) {
			v.told(n, audit.Likely, what+" is one that is written in the source, where everybody can read it, unless somebody sets another")
			return
		}
	}
}

// isNameOf says that a constant became one of a list of names and values, in which
// it has no name of its own: so it is a name, most likely.
func (v view) isNameOf(o flow.Origin) bool {
	if _, named := v.t.Key(o.Node); named {
		return false
	}
	return slices.ContainsFunc(o.Steps, func(s flow.Step) bool {
		return strings.HasPrefix(s.What, "assigned to %")
	})
}

// isValue says that a constant can be a secret: it is there, and no number or
// word that turns something off.
func isValue(s string) bool {
	return len(s) > 2 && !isPath.MatchString(s) && !slices.Contains([]string{"undef", "none", "SHA1", "SHA256", "SHA512", "MD5", "anonymous"}, s)
}

// isPath is the name of a file, in which a key may be.
var isPath = lazyregexp.New(`\A(?:~?/|\.\.?/|[A-Za-z]:\\)|\.(?:pem|key|crt|cer|der|p12|pfx|conf|txt|json|ya?ml|ini)\z|\Aid_[a-z0-9]+\z`)

// appSecrets is about the secrets that an application of a framework signs its
// cookies with: written down, or its own name.
func (v view) appSecrets() {
	for n := range v.f.Calls("secrets", "secret") {
		c := v.t.Call(n)
		if !c.Method || len(c.Args) != 1 {
			continue
		}
		v.appSecret(c.Args[0], "the secret that signs", false)
	}
	for n := range v.f.Calls("set", "setting") {
		c := v.t.Call(n)
		if len(c.Args) == 2 && !c.Method {
			if s, _ := v.t.Literal(c.Args[0]); isSecretName(s) {
				v.appSecret(c.Args[1], "the secret that signs", false)
			}
		}
	}
	for n := range v.f.Calls("has") {
		c := v.t.Call(n)
		if len(c.Args) < 2 {
			continue
		}
		s, _ := v.t.Literal(c.Args[0])
		if !isSecretName(s) {
			continue
		}
		name, value := quoted("the secret", s), c.Args[len(c.Args)-1]
		if k := v.kind(c.Args[1]); len(c.Args) > 2 || k == perlsrc.HashNode || k == perlsrc.ListNode {
			var ok bool
			if value, ok = v.option(c.Args[1:], "default"); !ok {
				continue
			}
		}
		if v.kind(value) != perlsrc.SubNode {
			v.appSecret(value, name, true)
			continue
		}
		for statement := range v.t.Children(v.t.Sub(value).Block) {
			last := v.bare(statement)
			if v.kind(last) == perlsrc.CallNode && v.t.Callee(last) == "return" {
				last = v.t.Arg(last, 0)
			}
			if v.t.Nodes[statement].Next == 0 && last != 0 {
				v.appSecret(last, name, true)
			}
		}
	}
}

func isSecretName(s string) bool {
	return meaning(s) == purpose.Key && holds([]string{s}, "secret", "secrets", "private", "encryption", "signing", "hmac", "key")
}

// appSecret is about one value that becomes a secret of that name, maybe only where
// nobody sets another.
func (v view) appSecret(n perlsrc.NodeID, name string, unset bool) {
	values := []perlsrc.NodeID{n}
	if v.kind(n) == perlsrc.ArrayNode {
		values = slices.Collect(v.t.Children(n))
	}
	for _, value := range values {
		if c := v.t.Call(value); v.kind(value) == perlsrc.CallNode && (c.Callee == "moniker" || c.Callee == "ref") {
			v.told(value, audit.Certain, name+" is the application's own name, which everybody knows")
			continue
		}
		if s, ok := v.constant(value); ok && unset && isValue(s) {
			v.told(value, audit.Certain, name+" is one that is written in the source, where everybody can read it, unless somebody sets another")
			continue
		}
		v.written(value, name)
	}
}

// looksSecret is a value that a person chose as a key: letters and digits, or a
// long one.
var (
	looksSecret = lazyregexp.New(`\A[A-Za-z0-9+/=!@#%^&*.,;?~_-]{6,200}\z`)
	hasDigit    = lazyregexp.New(`[0-9]`)
	hasLetter   = lazyregexp.New(`[A-Za-z]`)
	algorithms  = lazyregexp.New(`(?i)\A(hmac[-_]?)?(sha|md|rs|hs|es|aes|utf|base|iso|latin|rsa|rc|des|ripemd|blake)[-_]?[0-9]|[-_]|\A[0-9.]+\z|\A[0-9a-f]{8}-[0-9a-f]{4}-`)
	common      = []string{"changeme", "letmein", "admin", "root", "guest", "default", "qwerty", "passw0rd", "password1", "password123", "s3cret", "s3kr1t", "secret123", "topsecret", "123456", "12345678", "mypassword", "mysecret", "opensesame"}
)

// namedSecrets finds literals that are given to a variable, a field or an option
// whose name says that it is a secret.
func (v view) namedSecrets() {
	for n := range v.f.All(perlsrc.TermNode) {
		if v.t.Token(n).Kind != perlsrc.Quote {
			continue
		}
		s, ok := v.t.Literal(n)
		if !ok || len(s) < 4 {
			continue
		}
		confidence := chosen(s)
		if confidence == 0 {
			continue
		}
		name := v.givenTo(n)
		if v.isFolder(name) {
			continue
		}
		switch p := meaning(name); {
		case p == purpose.Password || p == purpose.Key && !holds([]string{name}, "seed", "prime"):
		case p == purpose.Token && holds([]string{name}, "api", "apikey", "auth", "access", "secret", "bearer"):
		default:
			continue
		}
		if holds([]string{name}, "prompt", "label", "message", "msg", "text", "hash", "hint", "title", "mask", "attr", "id", "selector", "param", "key_id", "encoding", "method", "algo", "algorithm", "scheme", "source", "chars", "alphabet", "bad", "wrong", "invalid", "missing", "error", "err", "errors", "code") || mentions(s, name) {
			continue
		}
		v.told(n, confidence, called(meaning(name), name)+" is written in the source, where everybody can read it")
	}
}

// chosen says how much a literal looks like a secret.
func chosen(s string) audit.Confidence {
	switch {
	case slices.Contains(common, strings.ToLower(s)):
		return audit.Likely
	case !looksSecret.MatchString(s) || algorithms.MatchString(s):
		return 0
	case hasDigit.MatchString(s) && hasLetter.MatchString(s) && len(s) >= 8:
		return audit.Likely
	case hasLetter.MatchString(s) && strings.ContainsAny(s, "!@#%^&*?~"):
		return audit.Possible
	}
	return 0
}

// mentions says that a value only repeats what it is: 'password2', 'oauth_token1'.
func mentions(value, name string) bool {
	words := purpose.Words(value)
	if slices.ContainsFunc(words, func(w string) bool {
		return purpose.Of(w) != purpose.None && w != "pass" || slices.Contains([]string{"your", "my", "xxx", "xxxx", "example", "field", "input", "type", "key"}, w)
	}) && !slices.Contains(common, strings.ToLower(value)) {
		return true
	}
	return strings.EqualFold(value, name)
}

var isWord = lazyregexp.New(`\A-?\w+\z`)

// givenTo names what a literal is given to, itself or as what stands in where
// nothing is set; "" where it only passes by.
func (v view) givenTo(n perlsrc.NodeID) string {
	if key, ok := v.t.Key(n); ok && key != "default" && isWord.MatchString(key) {
		if parent := v.t.Nodes[n].Parent; v.kind(parent) == perlsrc.CallNode {
			if c := v.t.Call(parent); !c.Method && c.Callee != "new" && c.Callee != "connect" {
				return "" // foo($password, 'x1') has no keys; foo(password => 'x1') is seldom
			}
		}
		return key
	}
	d := v.t.Dest(n)
	if d.Key != "default" && d.Direct && d.Use == perlsrc.Assigned && isWord.MatchString(d.Key) {
		return d.Key
	}
	if d.Use == perlsrc.Assigned && d.Direct && len(d.Targets) == 1 {
		if k := v.kind(d.Targets[0]); k == perlsrc.ListNode {
			return ""
		}
		if d.Index > 0 {
			return ""
		}
		return v.label(d.Targets[0])
	}
	if name := v.destination(n); name != "" && d.Use == perlsrc.Passed {
		return name
	}
	return ""
}
