package crypt

import (
	"maps"
	"slices"
	"strings"

	"nacre/audit"
)

// digestOf tells which digest a function or method gives by its name: "md5" of
// md5_hex and md5_base64, "sha1" of sha1_sum; keyed is set for a MAC, as
// hmac_sha256_hex. It is empty for other functions.
func digestOf(function string) (algorithm string, keyed bool) {
	f := strings.ToLower(audit.Unqualified(function))
	if i := strings.Index(f, "hmac"); i >= 0 {
		return "hmac", true
	}
	for _, suffix := range []string{"_hex", "_base64", "_b64", "_b64u", "_sum", "_bytes", "sum", "hex", "_utf8"} {
		f = strings.TrimSuffix(f, suffix)
	}
	f = strings.ReplaceAll(f, "_", "")
	switch {
	case slices.Contains([]string{"cmac", "omac", "pmac", "xcbc", "f9", "pelican", "poly1305", "siphash"}, f):
		return f, true
	case slices.Contains([]string{"md2", "md4", "md5", "sha", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512224", "sha512256", "sha3256", "sha3512", "ripemd160", "rmd160", "whirlpool", "tiger192", "blake2b512", "blake2b256", "blake2s256", "apachemd5crypt", "unixmd5crypt", "crypt", "blake3", "sha3384"}, f):
		return f, false
	}
	return "", false
}

// slowHashes are the functions that make a password's hash as it should be.
var slowHashes = []string{"bcrypt", "bcrypt_hash", "argon2", "argon2i_pass", "argon2d_pass", "argon2id_pass", "scrypt_hash", "scrypt_raw", "scrypt_hex", "scrypt_b64", "pbkdf2", "pbkdf2_hex", "pbkdf2_base64", "PBKDF2", "PBKDF2_hex", "derive", "derive_hex"}

// digestClasses are the classes whose add and digest give a digest, and which.
var digestClasses = map[string]string{
	"Digest::MD5": "md5", "Digest::SHA": "sha", "Digest::SHA1": "sha1", "Digest::MD4": "md4", "Digest::MD2": "md2",
	"Digest::SHA::PurePerl": "sha", "Digest::Perl::MD5": "md5", "Digest::SHA2": "sha", "Digest::Whirlpool": "whirlpool", "Digest": "digest",
	"Crypt::Digest": "digest", "Crypt::Digest::SHA1": "sha1", "Crypt::Digest::MD5": "md5", "Crypt::Digest::SHA256": "sha256", "Crypt::Digest::SHA512": "sha512",
}

var digestClassNames = slices.Sorted(maps.Keys(digestClasses))

// finishers are the methods that give the digest of what was added.
var finishers = []string{"digest", "hexdigest", "b64digest", "base64digest", "b64mac", "hexmac", "mac"}

// digestNames are the functions that digestOf knows as digests without a key, in
// the forms that people write.
var digestNames = func() (all []string) {
	for _, d := range []string{"md2", "md4", "md5", "sha", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "ripemd160", "rmd160", "whirlpool", "blake2b_256", "blake2b_512"} {
		for _, form := range []string{"", "_hex", "_base64", "_b64", "_b64u", "_sum", "_bytes", "_utf8"} {
			all = append(all, d+form)
		}
	}
	return append(all, "md5sum", "unix_md5_crypt", "apache_md5_crypt")
}()

// weakDigest says whether a digest is broken besides being fast.
func weakDigest(algorithm string) bool {
	a := strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(algorithm))
	return slices.Contains([]string{"md2", "md4", "md5", "sha", "sha1", "crypt", "apachemd5crypt", "unixmd5crypt", "digest"}, a)
}
