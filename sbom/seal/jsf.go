package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha256" // registers what crypto.Hash names
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/gowebpki/jcs"

	"nacre/fault"
	"nacre/jsondoc"
)

// CheckEnclosed checks the signature that stands inside a CycloneDX document in
// JSON (JSF 0.82: one signature, over the whole document but its own value, in
// the canonical form of RFC 8785) by public keys in PEM. A key that the document
// brings along proves nothing and is not used. That the signature does not hold is
// an error of kind fault.Denied, and a form that is not checked here, such as that
// of several signers, one of kind fault.Invalid. The canonical form has no white
// space and numbers as doubles, so unlike Check it holds values, not bytes.
func CheckEnclosed(bill []byte, keys ...[]byte) (Signature, error) {
	none := Signature{}
	if !bytes.HasPrefix(bytes.TrimLeft(bill, "\ufeff \t\r\n"), []byte("{")) {
		return none, fault.New(fault.Invalid, "the bill is no JSON, and a signature inside it is not checked here").
			WithHint("name the file of the signature with --signature")
	}
	doc, err := jsondoc.Parse(bill, jsondoc.Limits{Name: "bill", Unique: true})
	if err != nil {
		return none, err
	}
	if !utf8.Valid(bill) { // what is not UTF-8 is the same to the tree, and would be to the signature
		return none, fault.New(fault.Invalid, "the bill is not UTF-8").WithHint("check that the file is whole")
	}
	sig := doc.Get("signature")
	if !sig.Is(jsondoc.KindObject) {
		return none, fault.New(fault.NotFound, "the bill has no signature inside").WithHint("a signature in a file of its own is named with --signature")
	}
	for _, key := range [...]string{"signers", "chain", "excludes", "extensions"} {
		if sig.Get(key) != nil {
			return none, fault.New(fault.Invalid, "the signature inside has %s, which is not checked here", fault.Quote(key)).
				WithHint("have it checked by the program that signed it")
		}
	}
	algorithm := sig.Get("algorithm").Str()
	value, err := base64.RawURLEncoding.DecodeString(sig.Get("value").Str())
	if err != nil || len(value) == 0 {
		return none, fault.New(fault.Invalid, "the signature inside has no value in base64url")
	}
	if !slices.ContainsFunc(schemes[:], func(s scheme) bool { return s.name == algorithm }) {
		return none, fault.New(fault.Invalid, "the signature inside is by %s, which is not checked here", fault.Quote(algorithm)).
			WithHint("RS, PS and ES with 256, 384 and 512, and Ed25519 are")
	}
	sig.Remove("value")
	signed, err := jcs.Transform(doc.Append(nil))
	if err != nil {
		return none, fault.Wrap(fault.Invalid, err, "the bill has no canonical form")
	}
	for _, k := range keys {
		public, err := publicKey(k)
		if err != nil {
			return none, err
		}
		if holds(public, algorithm, signed, value) {
			id, err := keyID(k)
			return Signature{KeyID: id}, err
		}
	}
	return none, fault.New(fault.Denied, "the signature inside is by none of these keys, or the bill was changed").
		WithHint("ask its maker for the public key, by another way than the bill came")
}

func publicKey(b []byte) (crypto.PublicKey, error) {
	hint := "a public key is a PEM file; openssl pkey -in KEY -pubout makes it of the private one"
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fault.New(fault.Invalid, "read the key: is no PEM").WithHint("%s", hint)
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the key").WithHint("%s", hint)
	}
	return public, nil
}

// scheme is one of JSF's algorithms, by the names of RFC 7518 and RFC 8037.
type scheme struct {
	name string
	hash crypto.Hash
}

var schemes = [...]scheme{
	{"RS256", crypto.SHA256},
	{"RS384", crypto.SHA384},
	{"RS512", crypto.SHA512},
	{"PS256", crypto.SHA256},
	{"PS384", crypto.SHA384},
	{"PS512", crypto.SHA512},
	{"ES256", crypto.SHA256},
	{"ES384", crypto.SHA384},
	{"ES512", crypto.SHA512},
	{"Ed25519", 0},
}

// holds says whether a signature is by a key, which must be of the algorithm's
// kind.
func holds(public crypto.PublicKey, algorithm string, signed, value []byte) bool {
	i := slices.IndexFunc(schemes[:], func(s scheme) bool { return s.name == algorithm })
	hash := schemes[i].hash
	var digest []byte
	if hash != 0 {
		h := hash.New()
		h.Write(signed)
		digest = h.Sum(nil)
	}
	switch key := public.(type) {
	case ed25519.PublicKey:
		return algorithm == "Ed25519" && ed25519.Verify(key, signed, value)
	case *rsa.PublicKey:
		switch algorithm[:2] {
		case "RS":
			return rsa.VerifyPKCS1v15(key, hash, digest, value) == nil
		case "PS":
			return rsa.VerifyPSS(key, hash, digest, value, nil) == nil
		}
	case *ecdsa.PublicKey:
		size := (key.Curve.Params().BitSize + 7) / 8
		curve := map[string]int{"ES256": 256, "ES384": 384, "ES512": 521}[algorithm]
		if curve != key.Curve.Params().BitSize || len(value) != 2*size {
			return false
		}
		r, s := new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:])
		return ecdsa.Verify(key, digest, r, s)
	}
	return false
}
