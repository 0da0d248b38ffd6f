package seal_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/sbom/seal"
)

// enclosed is a bill with a signature inside. What is signed is written out by
// hand: keys in order, no blanks, numbers and characters as RFC 8785 has them.
func enclosed(t testing.TB, algorithm string, key crypto.Signer) string {
	t.Helper()
	canonical := fmt.Sprintf(`{"bomFormat":"CycloneDX","components":[{"confidence":0.5,"name":"é€"}],"signature":{"algorithm":"%s"},"version":1}`, algorithm)
	digest := sha256.Sum256([]byte(canonical))
	var value []byte
	var err error
	switch k := key.(type) {
	case ed25519.PrivateKey:
		value = ed25519.Sign(k, []byte(canonical))
	case *ecdsa.PrivateKey:
		r, s, failed := ecdsa.Sign(rand.Reader, k, digest[:])
		if err = failed; err == nil {
			value = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}
	case *rsa.PrivateKey:
		if algorithm == "PS256" {
			value, err = rsa.SignPSS(rand.Reader, k, crypto.SHA256, digest[:], nil)
		} else {
			value, err = rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, digest[:])
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("{\"version\": 1,\n \"signature\": {\"value\": \"%s\", \"algorithm\": \"%s\"},\n"+
		" \"components\": [{\"name\": \"\\u00e9€\", \"confidence\": 5e-1}], \"bomFormat\": \"CycloneDX\"}",
		base64.RawURLEncoding.EncodeToString(value), algorithm)
}

func TestCheckEnclosed(t *testing.T) {
	mine, others := keys(t), keys(t)
	for algorithm, kind := range map[string]string{"Ed25519": "Ed25519", "ES256": "ECDSA", "RS256": "RSA", "PS256": "RSA"} {
		doc := enclosed(t, algorithm, mine[kind])
		_, public := pair(t, mine[kind])
		_, other := pair(t, others[kind])
		got, err := seal.CheckEnclosed([]byte(doc), other, public)
		alone, _ := seal.CheckEnclosed([]byte(doc), public)
		if err != nil || got.KeyID == "" || got != alone {
			t.Errorf("%s: %v, %v, %v", algorithm, got, alone, err)
		}
		for what, c := range map[string]struct {
			doc  string
			key  []byte
			kind fault.Kind
		}{
			"another key":       {doc, other, fault.Denied},
			"a changed bill":    {strings.Replace(doc, "€", "$", 1), public, fault.Denied},
			"another algorithm": {strings.Replace(doc, algorithm, "ES512", 1), public, fault.Denied},
			"an unknown one":    {strings.Replace(doc, algorithm, "HS256", 1), public, fault.Invalid},
			"several signers":   {strings.Replace(doc, `"value"`, `"signers": [], "value"`, 1), public, fault.Invalid},
			"a key twice":       {strings.Replace(doc, `{"version"`, `{"version": 2, "version"`, 1), public, fault.Invalid},
			"not UTF-8":         {strings.Replace(doc, "€", "\xff", 1), public, fault.Invalid},
			"XML":               {"<bom/>", public, fault.Invalid},
			"no signature":      {`{"bomFormat": "CycloneDX"}`, public, fault.NotFound},
			"no key":            {doc, []byte("key"), fault.Invalid},
		} {
			if _, err := seal.CheckEnclosed([]byte(c.doc), c.key); err == nil || fault.KindOf(err) != c.kind {
				t.Errorf("%s, %s: %v", algorithm, what, err)
			}
		}
	}
}

// FuzzCheckEnclosed: a signature holds for what has the values that were signed,
// and for nothing else.
func FuzzCheckEnclosed(f *testing.F) {
	key := keys(f)["Ed25519"]
	_, public := pair(f, key)
	signed := enclosed(f, "Ed25519", key)
	values := func(s string) (doc map[string]any, ok bool) {
		if json.Unmarshal([]byte(strings.TrimPrefix(s, "\ufeff")), &doc) != nil {
			return nil, false
		}
		sig, ok := doc["signature"].(map[string]any)
		delete(sig, "value")
		return doc, ok
	}
	want, _ := values(signed)
	f.Add(signed)
	f.Add(strings.Replace(signed, "5e-1", "0.50", 1))
	f.Add(strings.Replace(signed, "€", "\\ud800", 1))
	f.Add("\ufeff" + signed)
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := seal.CheckEnclosed([]byte(s), public); err != nil {
			return
		}
		if got, ok := values(s); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("holds for %s", s)
		}
	})
}
