// Package seal holds a bill of materials to bytes: the digests that it records to
// the files themselves, and a signature to the bill.
//
// A signature is a file beside the bill: a DSSE envelope around an in-toto
// statement, whose subject is the bill by name and SHA-256 and whose predicate is
// the bill itself.
//
//	{"payloadType": "application/vnd.in-toto+json",
//	 "payload": "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEi...",
//	 "signatures": [{"keyid": "5a1c...", "sig": "MEUCIQ..."}]}
//
// Promised: a signature that is reported good was made by one of the keys that the
// caller trusts, over exactly these bytes. A digest that is reported good was
// computed of the file that is named beside it; what no file was found for is
// said. Not promised: who holds a key, and since when.
//
// Sources: DSSE 1.0.2, in-toto attestation framework 1 (Statement v1; predicate
// types https://cyclonedx.org/bom and https://spdx.dev/Document), RFC 8032.
package seal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/secure-systems-lab/go-securesystemslib/signerverifier"

	"nacre/bom"
	"nacre/fault"
)

const (
	payloadType   = "application/vnd.in-toto+json"
	statementType = "https://in-toto.io/Statement/v1"
)

// MaxEnvelope bounds a file with a signature, in bytes: it holds the bill twice
// as long.
const MaxEnvelope = 3 * bom.MaxSize

// maxSignatures bounds an envelope: each signature costs a pass over the bill for
// each key.
const maxSignatures = 64

type statement struct {
	Type          string          `json:"_type"`
	Subject       []subject       `json:"subject"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"` // "sha256" to lower-case hex
}

// predicates are the types of statements by the formats that they are about.
var predicates = map[string]string{
	"CycloneDX": "https://cyclonedx.org/bom",
	"SPDX":      "https://spdx.dev/Document",
}

// isPredicate reports whether a type of statement is one of bills; some tools put
// the version of the format behind it.
func isPredicate(s string) bool {
	for _, p := range predicates {
		if s == p || strings.HasPrefix(s, p+"/") {
			return true
		}
	}
	return false
}

// Sign gives the envelope for a bill: its bytes, the name that it goes by, its
// format, and a private key in PEM (Ed25519, ECDSA on P-256 to P-521, or RSA).
func Sign(ctx context.Context, bill []byte, name string, format bom.Format, key []byte) ([]byte, error) {
	if format.Encoding != "json" {
		return nil, fault.New(fault.Invalid, "sign %s: a statement carries JSON, and this is %s", fault.Quote(name), format).
			WithHint("convert it first: nacre sbom convert")
	}
	signer, err := open(key)
	if err != nil {
		return nil, err
	}
	s256, s512 := sha256.Sum256(bill), sha512.Sum512(bill)
	payload, err := marshal(statement{
		Type:          statementType,
		Subject:       []subject{{Name: name, Digest: map[string]string{"sha256": hex.EncodeToString(s256[:]), "sha512": hex.EncodeToString(s512[:])}}},
		PredicateType: predicates[format.Name],
		Predicate:     bill,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "sign %s", fault.Quote(name))
	}
	envelope, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "sign %s", fault.Quote(name))
	}
	signed, err := envelope.SignPayload(ctx, payloadType, payload)
	if errors.Is(err, signerverifier.ErrNotPrivateKey) {
		return nil, fault.New(fault.Invalid, "the key is a public one").WithHint("sign with the private key; the public one is for those who verify")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "sign %s", fault.Quote(name))
	}
	out, err := json.Marshal(signed)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "sign %s", fault.Quote(name))
	}
	return append(out, '\n'), nil
}

// Signature is a signature that holds.
type Signature struct {
	KeyID string // of the public key, as securesystemslib and in-toto compute it: SHA-256, hex
	Name  string // of the bill, as the signer called it; "" where the bill carries the signature
}

// Check reports by which of the keys (public ones in PEM) an envelope signs a
// bill. That none does, or that it signs other bytes, is an error of kind
// fault.Denied.
func Check(ctx context.Context, bill, envelope []byte, keys ...[]byte) ([]Signature, error) {
	var e dsse.Envelope
	if err := json.Unmarshal(envelope, &e); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the signature").
			WithHint("it is a DSSE envelope in JSON, as nacre sbom sign writes it")
	}
	if len(e.Signatures) > maxSignatures {
		return nil, fault.New(fault.Invalid, "the envelope has more than %d signatures (limit: signatures)", maxSignatures).
			WithHint("each is tried by each key over the whole bill; ask its maker for an envelope with those that matter")
	}
	if e.PayloadType != payloadType {
		return nil, fault.New(fault.Invalid, "the signature is over %s, not over a statement of in-toto", fault.Quote(e.PayloadType))
	}
	var verifiers []dsse.Verifier
	seen := map[string]bool{} // the library writes to standard output of a key that is there twice
	for _, k := range keys {
		id, err := keyID(k)
		if err != nil {
			return nil, err
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		v, err := open(k)
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, v)
	}
	verifier, err := dsse.NewEnvelopeVerifier(verifiers...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the keys")
	}
	accepted, payload, err := verifier.VerifyAndDecode(ctx, &e)
	if err != nil {
		return nil, fault.New(fault.Denied, "the signature is by none of these keys, or what it signs was changed").
			WithHint("ask its maker for the public key, by another way than the bill came")
	}
	var s statement
	if err := json.Unmarshal(payload, &s); err != nil || s.Type != statementType {
		return nil, fault.New(fault.Invalid, "what is signed is no statement of in-toto")
	}
	if !isPredicate(s.PredicateType) { // a key may sign other things of the same bytes, as a verdict on them
		return nil, fault.New(fault.Denied, "what is signed is a statement of type %s, not one that carries a bill", fault.Quote(s.PredicateType)).
			WithHint("ask its maker for the signature of the bill")
	}
	sum := sha256.Sum256(bill)
	for _, sub := range s.Subject {
		if sub.Digest["sha256"] != hex.EncodeToString(sum[:]) {
			continue
		}
		var found []Signature
		for _, a := range accepted {
			found = append(found, Signature{KeyID: a.KeyID, Name: sub.Name})
		}
		return found, nil
	}
	return nil, fault.New(fault.Denied, "the signature holds, but is over other bytes than this bill").
		WithHint("the bill was changed after it was signed, or the signature belongs to another one")
}

// NewKey makes an Ed25519 key, in PEM: the private half and the public one.
func NewKey(random io.Reader) (private, public []byte, err error) {
	pub, priv, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Unavailable, err, "make a key")
	}
	b, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "make a key")
	}
	p, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "make a key")
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: p}), nil
}

// open reads a key.
func open(key []byte) (dsse.SignerVerifier, error) {
	k, err := signerverifier.LoadKey(key)
	if err == nil {
		var v dsse.SignerVerifier
		switch k.KeyType {
		case signerverifier.ED25519KeyType:
			v, err = signerverifier.NewED25519SignerVerifierFromSSLibKey(k)
		case signerverifier.ECDSAKeyType:
			v, err = signerverifier.NewECDSASignerVerifierFromSSLibKey(k)
		case signerverifier.RSAKeyType:
			v, err = signerverifier.NewRSAPSSSignerVerifierFromSSLibKey(k)
		default:
			err = signerverifier.ErrUnknownKeyType
		}
		if err == nil {
			return v, nil
		}
	}
	return nil, fault.Wrap(fault.Invalid, err, "read the key").
		WithHint("a key is a PEM file; openssl genpkey -algorithm ed25519 makes one, openssl pkey -pubout its public half")
}

// keyID is what a key is called: see Signature.
func keyID(key []byte) (string, error) {
	v, err := open(key)
	if err != nil {
		return "", err
	}
	return v.KeyID()
}

// marshal writes JSON without the escapes that only HTML asks for.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
