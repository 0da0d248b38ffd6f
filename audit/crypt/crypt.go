// Package crypt holds the audit's rules about cryptography that is there and
// does not hold: passwords under a fast digest, secrets compared byte by byte or
// written into the source, old ciphers and keys, answers of a check that are
// misread.
//
//	return hmac_sha256_hex($body, $key) eq $req->header('X-Signature');
//
// is a finding of CRY04, since eq stops at the first byte that differs, and the
// time it takes tells how much of a forged signature is right already.
//
//	return md5_hex($page) eq $req->header('If-None-Match');
//
// is none: nothing there is secret. What a value is for is told by its names
// (nacre/audit/purpose), by what it is made of and by what is done with it
// (nacre/perlsrc/flow).
//
// Promised: what the modules named in the rules do by default is what their
// documentation says of the releases before a fix. Not promised: that a cipher
// or protocol written by hand is understood.
//
// Sources: RFC 8017, RFC 8018, RFC 8725; NIST SP 800-38A, 800-57, 800-131A,
// 800-132; OWASP's Password Storage Cheat Sheet; the documentation of the
// modules that the rules name.
package crypt

import (
	_ "embed"

	"nacre/audit"
)

//go:embed CRY01.txtar
var cry01 string

//go:embed CRY02.txtar
var cry02 string

//go:embed CRY03.txtar
var cry03 string

//go:embed CRY04.txtar
var cry04 string

//go:embed CRY05.txtar
var cry05 string

//go:embed CRY06.txtar
var cry06 string

//go:embed CRY07.txtar
var cry07 string

//go:embed CRY08.txtar
var cry08 string

//go:embed CRY09.txtar
var cry09 string

// Rules gives the rules, not yet compiled.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: cry01, Perl: fastHashes, Words: []string{"md5", "MD5", "sha1", "sha2", "sha3", "sha5", "SHA", "crypt", "md4", "MD4", "Digest", "PASSWORD(", "password_hash", "encode_args", "Passphrase"}},
		{Text: cry02, Perl: longPasswords, Words: []string{"bcrypt", "Bcrypt", "Blowfish", "$2a", "$2b", "$2x", "$2y", "$2$"}},
		{Text: cry03, Perl: cheapDerivations, Words: []string{"PBKDF", "pbkdf", "crypt", "Crypt", "argon2", "sha1", "sha2", "sha3", "sha5", "md5", "Passphrase"}},
		{Text: cry04, Perl: comparisons, Native: memoryComparisons, Words: []string{"eq", "ne", "==", "!=", "cmp", "=~", "!~", "memcmp", "memNE", "memEQ", "bcmp", "strEQ", "strNE", "strnEQ", "strnNE", "strncmp"}},
		{Text: cry05, Perl: blockModes, Words: []string{"Crypt", "crypt", "ecb", "ECB"}},
		{Text: cry06, Perl: writtenSecrets, Words: secretWords},
		{Text: cry07, Perl: weakKeys, Words: []string{"DSA", "::RSA", "RSA_generate", "rsa:", "genrsa", "ssh-keygen", "PKCS10", "use_pkcs1_padding", "use_sha1_hash", "use_md5_hash", "EVP_sha1", "EVP_md5", "XML::Sig", "openssl"}},
		{Text: cry08, Perl: chosenAlgorithms, Words: []string{"jwt", "JWT", "WebToken", "{alg}", "'alg'", "->alg", "eq 'none'", "eq \"none\"", "ne 'none'"}},
		{Text: cry09, Perl: misreadAnswers, Native: misreadAnswersC, Words: []string{"erif", "check", "valid", "slow_eq", "secure_compare", "DKIM", "SPF", "LDAP", "pam_"}},
	}
}
