package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

// Sign gives the note of a text, that of a Head or a Seal, with a signature by
// each signer. Without a signer it is the text alone, which no reader accepts
// that was not told to take an index of whoever made it ([OpenUnsigned]).
func Sign(text string, signers ...note.Signer) ([]byte, error) {
	if len(signers) == 0 {
		return []byte(text), nil
	}
	b, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "sign")
	}
	return b, nil
}

// OpenHead reads the note of an index that at least one of the verifier keys has
// signed, and gives the keys that did. An error of kind Denied says that none
// did or that a signature is wrong; one of kind Invalid that it is no such note.
func OpenHead(body []byte, keys []string) (Head, []string, error) {
	return headForm.open(body, keys)
}

// OpenSeal is OpenHead for the note of a manifest.
func OpenSeal(body []byte, keys []string) (Seal, []string, error) {
	h, signers, err := sealForm.open(body, keys)
	return h.seal(), signers, err
}

// OpenUnsigned reads both notes without a look at who signed them, if anybody
// did; the head may be nil where an index has none.
func OpenUnsigned(seal, head []byte) (s Seal, h Head, err error) {
	if s, err = ParseSeal(unsigned(seal)); err == nil && head != nil {
		h, err = ParseHead(unsigned(head))
	}
	return s, h, err
}

// unsigned is the text of a note without its signatures.
func unsigned(body []byte) string {
	if i := bytes.Index(body, []byte("\n\n")); i >= 0 {
		body = body[:i+1]
	}
	return string(body)
}

func (f form) open(body []byte, keys []string) (Head, []string, error) {
	if len(body) > MaxNote {
		return Head{}, nil, fault.New(fault.Invalid, "%s is larger than %d bytes (limit: %s size)", f.noun, MaxNote, f.noun)
	}
	var known []note.Verifier
	byID := map[string]string{}
	for _, k := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		v, err := note.NewVerifier(k)
		if err != nil {
			return Head{}, nil, fault.Wrap(fault.Invalid, err, "key %.60q", k)
		}
		known = append(known, v)
		byID[keyID(v.Name(), v.KeyHash())] = k
	}
	n, err := note.Open(body, note.VerifierList(known...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return Head{}, nil, fault.New(fault.Denied, "the index is signed by none of the keys that are accepted").
			WithHint("if its publisher announces a new key, accept that one: in sources.yaml for updates, with --key to verify")
	case errors.As(err, &invalid):
		return Head{}, nil, fault.Wrap(fault.Denied, err, "the index is not what was signed").
			WithHint("try again, and then tell the publisher")
	case err != nil:
		return Head{}, nil, fault.Wrap(fault.Invalid, err, "no signed note").
			WithHint("the address is not the one of an index of Nacre, or the index is not signed")
	}
	head, err := f.parse(n.Text)
	if err != nil {
		return Head{}, nil, err
	}
	if head.NextKey != "" {
		next, err := note.NewVerifier(head.NextKey)
		if err != nil || next.Name() != n.Sigs[0].Name {
			return Head{}, nil, fault.New(fault.Invalid, "next-key of the %s has another name than the key that signed", f.noun)
		}
	}
	var signers []string
	for _, sig := range n.Sigs {
		signers = append(signers, byID[keyID(sig.Name, sig.Hash)])
	}
	return head, signers, nil
}

func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }
