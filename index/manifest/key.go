package manifest

import (
	"crypto/ed25519"
	"encoding/base64"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

// maxKey is the most that a key's file may have, in bytes; one has some 100.
const maxKey = 4 << 10

// NewKey makes a key with a name, out of random bytes: the line that is kept
// secret, and the verifier key that everybody may have. All keys of one index
// have the same name, a host for example.
func NewKey(random io.Reader, name string) (secret, verifier string, err error) {
	secret, verifier, err = note.GenerateKey(random, name)
	if err == nil {
		_, err = note.NewVerifier(verifier)
	}
	if err != nil {
		return "", "", fault.Wrap(fault.Invalid, err, "make a key of name %.60q", name).
			WithHint("a name has no blank and no + in it, like advisories.example")
	}
	return secret, verifier, nil
}

// ParseKey reads the file of a secret key, one line as NewKey makes it, and
// gives what signs with it and its verifier key. No error repeats any of it.
func ParseKey(text []byte) (signer note.Signer, verifier string, err error) {
	line := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	hint := "a key is a file with one line that begins with PRIVATE+KEY+, as nacred index keygen writes it"
	if len(text) > maxKey {
		return nil, "", fault.New(fault.Invalid, "read key: larger than %d bytes (limit: key size)", maxKey).WithHint("%s", hint)
	}
	signer, bad := note.NewSigner(line)
	if bad != nil {
		return nil, "", fault.New(fault.Invalid, "read key: no signing key").WithHint("%s", hint)
	}
	// PRIVATE+KEY+name+hash+data, and data is a byte for the algorithm and a seed.
	data, bad := base64.StdEncoding.DecodeString(strings.SplitN(line, "+", 5)[4])
	if bad != nil || len(data) != 1+ed25519.SeedSize {
		return nil, "", fault.New(fault.Invalid, "read key: no Ed25519 key").WithHint("%s", hint)
	}
	public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	verifier, err = note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, "", fault.Wrap(fault.Invalid, err, "read key")
	}
	return signer, verifier, nil
}
