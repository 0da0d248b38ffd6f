package dbupdate

import (
	"errors"
	"io"
	"slices"
	"time"

	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"nacre/fault"
)

// signed is what a good signature says.
type signed struct {
	by   Fingerprint
	when time.Time
}

// verify checks a detached signature, armored or binary, of data against the
// keys that may sign. At the time now the key must be good and not only when
// it signed: the owner of an old key can write any date.
func verify(data io.Reader, signature []byte, keys []Key, now time.Time) (signed, error) {
	body, err := unarmor(signature, "PGP SIGNATURE")
	if err != nil {
		return signed{}, fault.Wrap(fault.Denied, err, "signature cannot be read").
			WithHint("%s", hintPair)
	}
	var ring openpgp.EntityList
	for _, k := range keys {
		ring = append(ring, k.entity)
	}
	sig, signer, err := openpgp.VerifyDetachedSignature(ring, data, body, config(now))
	if err != nil {
		return signed{}, denied(err)
	}
	by := fingerprintOf(signer)
	i := slices.IndexFunc(keys, func(k Key) bool { return k.Fingerprint == by })
	if keys[i].Problem != nil {
		return signed{}, denied(keys[i].Problem)
	}
	if sig.IssuerKeyId == nil {
		return signed{}, denied(pgperrors.ErrUnknownIssuer)
	}
	if _, ok := signer.SigningKeyById(now, *sig.IssuerKeyId, config(now)); !ok {
		return signed{}, denied(pgperrors.ErrKeyExpired)
	}
	return signed{by: by, when: sig.CreationTime.UTC()}, nil
}

const hintPair = "the data and its signature may just be changing: try again in ten minutes, and then tell the publisher"

// denied says what is wrong with a signature.
func denied(err error) error {
	var weak pgperrors.WeakAlgorithmError
	switch {
	case errors.Is(err, pgperrors.ErrUnknownIssuer):
		return fault.New(fault.Denied, "signature is by none of the accepted keys").
			WithHint("nacre db trust --list shows them; if the publisher announces a new key, accept it with nacre db trust")
	case errors.Is(err, pgperrors.ErrKeyExpired), errors.Is(err, pgperrors.ErrKeyRevoked), errors.As(err, &weak):
		return fault.Wrap(fault.Denied, err, "signature is by a key that is not good any more").
			WithHint("get the key as it is today and accept it again with nacre db trust")
	case errors.Is(err, pgperrors.ErrSignatureExpired):
		return fault.Wrap(fault.Denied, err, "signature is out of its time").
			WithHint("check this machine's clock")
	}
	return fault.Wrap(fault.Denied, err, "signature does not fit the data").WithHint("%s", hintPair)
}
