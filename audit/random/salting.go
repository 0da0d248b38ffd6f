package random

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// A salt is no secret: it harms only where passwords are stored that it is foretold.
// The salt of a checksum, of names in a cache, of a filter or of shards may be any
// number, and that of a cipher, a message or a handshake must only be another each
// time.

// passwordWords tell that passwords are hashed.
var passwordWords = []string{
	"password", "passwords", "passwd", "passphrase", "passwort", "pass", "pw", "pwd", "plain", "plaintext", "cleartext",
	"credential", "credentials", "htpasswd", "ssha", "smd", "pbkdf", "scrypt", "argon", "kdf", "eksblowfish", "crypted",
}

// saltingWords tell it in the name of a package or sub.
var saltingWords = []string{"crypt", "salted"}

// sealed tell that it is not a password's hash but a cipher, a message or a visit
// that the salt is for.
var sealed = purpose.NewSet("encrypt encrypted encryption decrypt decryption cipher ciphertext seal token tokens nonce session sessions cookie cookies csrf captcha message packet iv uuid guid id signature sign hmac mac oauth radius cbc aes rijndael")

// storedWords are of passwords in the names of subs.
var storedWords = []string{"password", "passwords", "passwd", "htpasswd", "ssha", "crypted"}

// peopleWords are of packages whose salts are of passwords, since they are about
// people.
var peopleWords = []string{"user", "users", "account", "accounts", "member", "members", "customer", "admin"}

// otherSalts tell in the name of a sub that its salt is one of another thing.
var otherSalts = purpose.NewSet("cache cached checksum etag tmp temp tempfile filename file path dir url uri link shard bucket bloom boundary variant experiment element widget shuffle sort sample colour color dom css anonymize fixture fixtures")

// cryptLetters find the 64 letters that crypt writes its salts in.
var cryptLetters = lazyregexp.New(`\./(?:0-?[19]|[aA]-?[bBzZ])|['"]\.['"]\s*,\s*['"]/['"]|qw\s*[(\[{<|/]\s*\.\s+/\s`)

// ofPassword tells how clearly a salt is one of a password: by what stands in the
// subs that it is in, or at least by what the file is about.
func (v *view) ofPassword(u use) audit.Confidence {
	var subs []string
	for _, at := range v.places(u) {
		region := v.t.EnclosingSub(at)
		if region == 0 {
			region = v.t.EnclosingStatement(at)
		} else {
			subs = append(subs, v.f.SubName(at))
		}
		if v.hashesIn(region) {
			return audit.Certain
		}
	}
	if slices.ContainsFunc(append(subs, u.name, u.first), func(s string) bool { return says(s, passwordWords, saltingWords) }) {
		return audit.Certain
	}
	pkg := v.t.EnclosingPackage(u.source.node)
	if sealed.In(pkg[strings.LastIndex(pkg, ":")+1:]) || slices.ContainsFunc(append(subs, u.name, u.first), func(s string) bool { return otherSalts.In(s) || sealed.In(s) }) {
		return audit.Possible
	}
	for _, s := range subs {
		if s == "" {
			continue
		}
		for n := range v.f.Called(s) {
			if v.hashesIn(v.t.EnclosingSub(n)) {
				return audit.Likely
			}
		}
	}
	if v.aboutPasswords() || says(v.t.EnclosingPackage(u.source.node), passwordWords, saltingWords, peopleWords) || slices.ContainsFunc(subs, forCrypt) {
		return audit.Likely
	}
	return audit.Possible
}

// forCrypt reports whether a sub is called as what makes the salts of crypt is
// called everywhere: gensalt, mksalt.
func forCrypt(sub string) bool {
	sub = strings.ToLower(strings.ReplaceAll(sub, "_", ""))
	return strings.Contains(sub, "gensalt") || strings.Contains(sub, "mksalt")
}

// places gives where a value is, from its source to its end.
func (v *view) places(u use) []perlsrc.NodeID {
	at := []perlsrc.NodeID{u.source.node}
	for _, s := range u.steps {
		at = append(at, s.Node)
	}
	return append(at, u.end)
}

// says reports whether a name holds one of these words, also behind another: newpw.
func says(name string, lists ...[]string) bool {
	for _, w := range purpose.Words(name) {
		if slices.ContainsFunc(lists, func(l []string) bool { return slices.Contains(l, w) }) {
			return true
		}
		for _, last := range []string{"password", "passwd", "passphrase", "crypt", "pw"} {
			if strings.HasSuffix(w, last) && w != "crypt" && w != "encrypt" && w != "decrypt" {
				return true
			}
		}
	}
	return false
}

type hashesKey perlsrc.NodeID

// hashers finds modules that hash passwords.
var hashers = lazyregexp.New(`\A(?:Crypt::(?:Eksblowfish|PBKDF2|Bcrypt|Argon2|PasswdMD5|UnixCrypt|SaltedHash|Passphrase|ScryptKDF|ScryptPure|Password|SmbHash)|Authen::Passphrase|Authen::Htpasswd|Apache::Htpasswd|Digest::Bcrypt)\b`)

// maxLooked bounds how much of one sub is looked at.
const maxLooked = 4000

// hashesIn reports whether a sub or statement hashes passwords: it speaks of one
// beside a call that hashes or makes a salted value, and of no cipher; or there is
// crypt of what is none of its own making.
func (v *view) hashesIn(region perlsrc.NodeID) bool {
	if region == 0 {
		return false
	}
	return v.f.Memo(hashesKey(region), func() any {
		looked := 0
		speaks, hashes := false, false
		for n := range v.t.All(region, perlsrc.TermNode, perlsrc.CallNode) {
			if looked++; looked > maxLooked {
				break
			}
			callee := v.t.Callee(n)
			switch {
			case v.t.Nodes[n].Kind == perlsrc.TermNode:
				text := string(v.t.Text(n))
				speaks = speaks || len(text) < 60 && (strings.HasPrefix(text, "$") || bareword.MatchString(text)) && says(text, passwordWords)
			case callee == "crypt":
				if v.hashes(n) {
					return true
				}
			case (callee == "add" || callee == "update") && bytes.Contains(v.t.Text(n), []byte("salt")):
				hashes = true // $digest->add($password . $salt)
			case hashing.MatchString(audit.Unqualified(callee)):
				hashes = true
				speaks = speaks || says(callee, passwordWords)
			case says(callee, passwordWords):
				speaks = true
			}
			if speaks && hashes {
				return true
			}
		}
		return false
	}).(bool)
}

// hashing finds what hashes, by its name.
var hashing = lazyregexp.New(`(?i)hash|digest|\A(?:unix_|apache_)?(?:md[245]|sha_?[0-9]?)|hmac|pbkdf|scrypt|bcrypt|argon|_crypt\z|\Acrypt_|crypted|salted|ssha|\Aderive|htpasswd`)

var bareword = lazyregexp.New(`\A[A-Za-z_]\w*\z`)

// throwaway find what nobody types as a password.
var throwaway = lazyregexp.New(`(?i)\b(?:rand|time|times|localtime|gmtime|hostname)\b|\$\$|\$(?:\w*_)?(?:name|user|username|host|hostname|id|time|now|file|filename|path|pid|count|i|n)\b`)

// hashes reports whether a crypt is one of a password: of a variable or an argument
// that nothing says to be another thing.
func (v *view) hashes(crypt perlsrc.NodeID) bool {
	c := v.t.Call(crypt)
	if c.Method || len(c.Args) == 0 {
		return false
	}
	text := v.t.Text(c.Args[0])
	if throwaway.Match(text) || !variable.Match(text) {
		return false
	}
	origins, _ := v.g.Origins(c.Args[0])
	for _, o := range origins {
		if throwaway.Match(v.t.Text(o.Node)) && len(v.t.Text(o.Node)) < 60 {
			return false
		}
	}
	return true
}

var variable = lazyregexp.New(`[$@]\w|\b(?:shift|pop|param|<STDIN>)\b`)

type passwordsKey struct{}

// aboutPasswords reports whether a file is about passwords: by its packages, its
// subs and attributes, or the modules that it loads.
func (v *view) aboutPasswords() bool {
	return v.f.Memo(passwordsKey{}, func() any {
		if v.f.Role == audit.Program && says(v.f.Path, passwordWords, saltingWords) || cryptLetters.Match(v.f.Src) {
			return true
		}
		for name := range v.subs {
			if says(name, storedWords) {
				return true
			}
		}
		// A salt and a password that meet in one sub.
		for sub := range v.f.All(perlsrc.SubNode) {
			if bytes.Contains(v.t.Text(sub), []byte("salt")) && v.hashesIn(sub) {
				return true
			}
		}
		for n := range v.f.Calls("has") {
			for a := range v.t.Args(n) {
				if name, ok := v.t.Literal(a); ok && says(name, passwordWords) {
					return true
				}
				break
			}
		}
		for _, l := range v.f.Facts().Loads {
			if hashers.MatchString(l.Module) {
				return true
			}
		}
		return false
	}).(bool)
}
