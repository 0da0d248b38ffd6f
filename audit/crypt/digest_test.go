package crypt

import (
	"testing"

	"nacre/audit/purpose"
)

func TestDigestOf(t *testing.T) {
	for _, c := range []struct {
		function, algorithm string
		keyed               bool
	}{
		{"md5_hex", "md5", false},
		{"Digest::SHA::sha256_base64", "sha256", false},
		{"sha1_sum", "sha1", false},
		{"sha3_256_hex", "sha3256", false},
		{"crypt", "crypt", false},
		{"apache_md5_crypt", "apachemd5crypt", false},
		{"hmac_sha256_hex", "hmac", true},
		{"cmac_b64u", "cmac", true},
		{"encode_base64", "", false},
		{"share", "", false},
		{"hex", "", false},
	} {
		if algorithm, keyed := digestOf(c.function); algorithm != c.algorithm || keyed != c.keyed {
			t.Errorf("digestOf(%q) = %q, %v, want %q, %v", c.function, algorithm, keyed, c.algorithm, c.keyed)
		}
	}
}

func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		name string
		want purpose.Purpose
	}{
		{"storedpassword", purpose.Password},
		{"CRYPTO_KEY", purpose.Key},
		{"crypto_key", purpose.Key},
		{"primary_key", purpose.Harmless},
		{"key", purpose.None},
		{"client_secret", purpose.Key},
		{"password_field", purpose.Harmless},
		{"csrftoken", purpose.Token},
	} {
		if got := meaning(c.name); got != c.want {
			t.Errorf("meaning(%q) = %d, want %d", c.name, got, c.want)
		}
	}
}

// TestIsValue tells secrets from files that hold them and from words that turn
// something off.
func TestIsValue(t *testing.T) {
	for s, want := range map[string]bool{
		"s3cret": true, "the cat sat": true, "a/b+c=": true,
		"": false, "1": false, "none": false, "SHA256": false, "/etc/key": false, "server.pem": false, "id_rsa": false, "~/.key": false,
	} {
		if got := isValue(s); got != want {
			t.Errorf("isValue(%q) = %v", s, got)
		}
	}
}
