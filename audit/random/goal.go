package random

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
)

// goal is what a value is for, by a name.
type goal struct {
	rule string // the rule that owns the value if rand made it; "" for no secret
	what string // for the message: "the session id"
	name string // the name that says so
	// sure is how clearly the name says it; 0 where it says nothing.
	sure     audit.Confidence
	severity audit.Severity
	short    bool // it counts for characters only
}

// beats compares goals: the clearer, and of these the graver. A token that is said
// to be one of a form is that.
func (g goal) beats(h goal) bool {
	switch {
	case h.rule == "RND01" && g.rule == "RND07":
		return g.sure > 0
	case h.rule == "RND07" && g.rule == "RND01":
		return h.sure == 0
	}
	return g.sure > h.sure || g.sure == h.sure && g.severity > h.severity
}

// kind is what one word of a name says.
type kind struct {
	rule, what string
	severity   audit.Severity
	// vague words say it only where cryptography or a login is near: state, seed, pin.
	vague bool
	// short words say it only of what was made into characters: sid, iv.
	short bool
}

var kinds = map[string]kind{
	"csrf":      {"RND07", "the token against forged requests", audit.Medium, false, false},
	"xsrf":      {"RND07", "the token against forged requests", audit.Medium, false, false},
	"captcha":   {"RND07", "the captcha", audit.Medium, false, false},
	"recaptcha": {"RND07", "the captcha", audit.Medium, false, false},

	"salt":  {"RND02", "the salt", audit.Medium, false, false},
	"salts": {"RND02", "the salt", audit.Medium, false, true},

	"nonce":   {"RND03", "the nonce", audit.Medium, false, false},
	"nonces":  {"RND03", "the nonce", audit.Medium, false, true},
	"cnonce":  {"RND03", "the client's nonce", audit.Medium, false, false},
	"cbc":     {"RND03", "the initialisation vector", audit.High, true, true},
	"iv":      {"RND03", "the initialisation vector", audit.High, false, true},
	"state":   {"RND03", stateOfLogin, audit.Medium, true, true},
	"secret":  {"RND03", "the secret", audit.Critical, false, false},
	"secrets": {"RND03", "the secret", audit.Critical, false, true},
	"passkey": {"RND03", "the key", audit.Critical, false, false},
	"privkey": {"RND03", "the private key", audit.Critical, false, false},
	"seed":    {"RND03", "the seed", audit.High, true, false},
	"entropy": {"RND03", entropy, audit.High, true, false},
	"prime":   {"RND03", "the prime", audit.High, true, false},
	"private": {"RND03", "the private key", audit.Critical, true, false},
	"priv":    {"RND03", "the private key", audit.Critical, true, false},
	"key":     {"RND03", "the key", audit.High, true, false},

	"session":    {"RND01", "the session id", audit.High, false, false},
	"sess":       {"RND01", "the session id", audit.High, false, false},
	"sessid":     {"RND01", "the session id", audit.High, false, false},
	"sessionid":  {"RND01", "the session id", audit.High, false, false},
	"sid":        {"RND01", "the session id", audit.High, false, true},
	"cookie":     {"RND01", "the cookie", audit.High, false, false},
	"token":      {"RND01", "the token", audit.High, false, false},
	"tokens":     {"RND01", "the token", audit.High, false, true},
	"apikey":     {"RND01", "the key of the interface", audit.High, false, false},
	"authcode":   {"RND01", "the authorisation code", audit.High, false, false},
	"otp":        {"RND01", "the one-time code", audit.High, false, false},
	"totp":       {"RND01", "the one-time code", audit.High, false, false},
	"verifier":   {"RND01", "the verifier", audit.High, true, false},
	"challenge":  {"RND01", "the challenge", audit.High, true, false},
	"ticket":     {"RND01", "the ticket", audit.High, true, false},
	"password":   {"RND01", "the password", audit.High, false, false},
	"passwd":     {"RND01", "the password", audit.High, false, false},
	"passphrase": {"RND01", "the passphrase", audit.High, false, false},
	"pw":         {"RND01", "the password", audit.High, false, false},
	"pwd":        {"RND01", "the password", audit.High, true, false},
	"pass":       {"RND01", "the password", audit.High, true, false},
	"pin":        {"RND01", "the PIN", audit.High, true, false},
}

// entropy is what bytes for any use are called.
const entropy = "what counts as entropy"

// stateOfLogin is what comes back from a login elsewhere, and says that it is ours.
const stateOfLogin = "the state of the login"

var code = kind{"RND01", "the code", audit.High, false, false}

// phrases are two words that together say what neither does.
var phrases = map[string]kind{
	"masking key": {"RND07", "the mask of the frame", audit.Low, false, false},
	"frame mask":  {"RND07", "the mask of the frame", audit.Low, false, false},
	"form key":    {"RND07", "the token of the form", audit.Medium, true, false},
	"form token":  {"RND07", "the token of the form", audit.Medium, false, false},

	"private key":           {"RND03", "the private key", audit.Critical, false, false},
	"initialization vector": {"RND03", "the initialisation vector", audit.High, false, false},
	"initialisation vector": {"RND03", "the initialisation vector", audit.High, false, false},
	"init vector":           {"RND03", "the initialisation vector", audit.High, false, false},

	"client random": {"RND03", "the random of the handshake", audit.High, false, false},
	"server random": {"RND03", "the random of the handshake", audit.High, false, false},

	"verification code": code, "verification key": code, "verify code": code, "verify key": code,
	"validation code": code, "validation key": code, "confirm code": code, "confirm key": code,
	"invite code": code, "invitation code": code, "registration code": code, "registration key": code,
	"recovery code": code, "backup code": code, "login code": code, "login key": code,
	"sms code": code, "security code": code, "secret code": code, "password key": code,

	"session key": {"RND01", "the session's key", audit.High, false, false},
}

// ofPurpose is what a purpose says where no single word does: in pairs such as
// "reset code" and "encryption key".
var ofPurpose = map[purpose.Purpose]kind{
	purpose.Salt:     kinds["salt"],
	purpose.Nonce:    kinds["nonce"],
	purpose.Session:  kinds["session"],
	purpose.Token:    code,
	purpose.Password: kinds["password"],
	purpose.Key:      {"RND03", "the key", audit.Critical, false, false},
}

// around is what surrounds a value: it decides about vague names.
type around struct {
	secure bool // the package, the sub or a loaded module is about cryptography or logins
	socket bool // about WebSocket
}

// goalOf tells what a name says that a value is for.
func goalOf(name string, a around) goal {
	words := purpose.Words(name)
	p := purpose.Of(name)
	for i := len(words) - 1; i >= 0; i-- {
		var k kind
		ok := false
		if i > 0 {
			k, ok = phrases[words[i-1]+" "+words[i]]
		}
		if !ok && words[i] == "mask" && a.socket {
			k, ok = phrases["frame mask"], true
		}
		if ok {
			return k.goal(name, a)
		}
	}
	if p == purpose.Harmless || another(name) {
		return goal{}
	}
	// The last word that says something decides, a clear one before a vague one.
	var best goal
	for i := len(words) - 1; i >= 0; i-- {
		if k, ok := kindOf(words[i]); ok {
			// The tokens_left are a number, and a token_weight is.
			k.short = k.short || slices.ContainsFunc(words[i+1:], func(w string) bool { return !generic(w) })
			if g := k.goal(name, a); g.sure > best.sure || g.rule == "RND07" {
				best = g
			}
		}
	}
	if best.sure < audit.Certain && p.Secret() && !slices.ContainsFunc(words, func(w string) bool { return kinds[w].vague && purpose.Of(w) == p }) {
		// A pair of words.
		return ofPurpose[p].goal(name, a)
	}
	return best
}

// kindOf gives what a word says, also one that is glued to another: gensalt, sessionid.
func kindOf(word string) (kind, bool) {
	if k, ok := kinds[word]; ok {
		return k, true
	}
	for _, before := range []string{"gen", "generate", "mk", "make", "new", "rand", "random", "create", "get"} {
		if rest, ok := strings.CutPrefix(word, before); ok {
			if k, ok := kinds[rest]; ok {
				k.vague = k.vague && !strings.HasPrefix(rest, "p") // randpass, mkpw, genpin
				return k, true
			}
		}
	}
	for _, last := range []string{"sessionid", "sessid", "session", "token", "password", "passwd", "salt", "nonce", "secret"} {
		if strings.HasSuffix(word, last) && len(word) <= len(last)+8 {
			if strings.HasPrefix(word, "csrf") || strings.HasPrefix(word, "xsrf") {
				return kinds["csrf"], true
			}
			return kinds[last], true
		}
	}
	return kind{}, false
}

func (k kind) goal(name string, a around) goal {
	g := goal{rule: k.rule, what: k.what, name: name, sure: audit.Certain, severity: k.severity, short: k.short}
	switch {
	case k.vague && a.secure:
		g.sure = audit.Likely
	case k.vague:
		return goal{}
	}
	return g
}

// ofPackage tells what the name of a package says that its subs make, where these
// are only called generate or new_id.
func ofPackage(pkg string) goal {
	var best goal
	for _, part := range strings.Split(pkg, "::") {
		words := purpose.Words(part)
		for i, w := range words {
			switch {
			case w == "forgery":
				w = "csrf" // AntiForgery
			case w == "sessions":
				w = "session"
			case w == "image" && i > 0 && words[i-1] == "security":
				w = "captcha"
			}
			k, ok := kindOf(w)
			if !ok || k.vague || i+1 < len(words) && slices.Contains(notItself, words[i+1]) {
				continue
			}
			if g := k.goal(part, around{}); !best.beats(g) {
				best = g
			}
		}
	}
	if best.sure > audit.Likely {
		best.sure = audit.Likely
	}
	return best
}

// otherWords in a name tell that its token or session is one of another trade: of a
// lock, a parser, a bill, a test.
var otherWords = []string{"lock", "parse", "parser", "lexer", "lex", "syntax", "grammar", "placeholder", "cancel", "bucket", "sep", "jar", "fake", "mock", "dummy", "log", "trace", "span"}

func another(name string) bool {
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(otherWords, w) })
}

// notItself are words behind the name of a secret that make it another thing:
// TokenParser, PasswordPolicy.
var notItself = []string{"parser", "parse", "policy", "scanner", "lexer", "reader", "stream", "counter", "ring", "types", "type", "filter"}

// generic reports whether a sub's name only says that something is made.
func generic(sub string) bool {
	for _, w := range purpose.Words(sub) {
		if !genericWord(w) {
			return false
		}
	}
	return true
}

// genericWord reports whether a word is a general one, or two of them glued: makerandom.
func genericWord(w string) bool {
	if len(w) < 2 || slices.Contains(genericWords, w) {
		return true
	}
	for i := 3; i <= len(w)-2 && len(w) < 16; i++ {
		if slices.Contains(genericWords, w[:i]) && slices.Contains(genericWords, w[i:]) {
			return true
		}
	}
	return false
}

// gives reports whether a sub's name may say what it returns: not where it does
// something with it, as set_password and check_token do.
func gives(sub string) bool {
	words := purpose.Words(sub)
	return len(words) == 0 || !slices.Contains([]string{"set", "check", "verify", "validate", "update", "store", "save", "log", "print", "clear", "delete", "remove", "send", "expire", "change", "parse", "count", "is", "has", "use", "handle", "process", "test", "load", "write", "require", "add", "match", "compare", "find", "lookup", "on", "dump", "show", "unset", "invalidate", "destroy", "close"}, words[0])
}

var genericWords = []string{"generate", "generates", "generator", "gen", "create", "new", "make", "mk", "build", "builder", "get", "id", "ids", "random", "rand", "string", "str", "hex", "unique", "uniq", "code", "value", "text", "default", "next", "hash", "digest", "bytes", "data", "md", "sha", "calc", "compute", "key", "init", "prepare", "for", "a", "the", "my", "do", "set", "fresh", "issue", "out", "ret", "result", "res", "rv", "s", "tmp", "buf", "rnd", "number", "num", "return", "self", "sub", "from", "with", "by", "digits", "chars", "letters", "octets", "entropy", "secure", "strong", "weak", "perl", "fallback", "gather", "read", "noise", "urandom", "output", "int", "integer", "byte", "buffer", "token", "rng", "prng", "source", "system"}

// secureWords make vague names clear.
var secureWords = []string{"crypt", "crypto", "cipher", "encrypt", "decrypt", "aes", "des", "rsa", "dsa", "dh", "ecc", "blowfish", "rijndael", "cbc", "gcm", "auth", "authen", "oauth", "openid", "oidc", "login", "logon", "password", "passwd", "session", "sasl", "scram", "ssl", "tls", "otp", "totp", "hotp", "secret", "secrets", "secure", "security", "csrf", "captcha", "cgi", "signature", "sign", "keychain", "pgp", "gpg", "jwt", "saml", "credentials", "hmac", "diffie", "hellman", "kex", "ssh", "bitcoin", "wallet", "radius", "kerberos"}

func secureName(name string) bool {
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(secureWords, w) })
}
