package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

// Terms are what a publisher says in the notes beside what is in the index.
type Terms struct {
	Built    time.Time // when the index was made
	Database time.Time // when its database was made, as that says; unused without one
	Expires  time.Time // when a newer note will have taken the place of this one
	NextKey  string    // the verifier key that follows the signing one; "" for none
}

// Notes gives the three files that complete a folder, signed by each signer:
// the list, its note and, where DatabaseName is listed, the note of the
// database, else nil. Times are cut to the second. The signers have one name,
// which is that of the next key, too.
func (m *Manifest) Notes(t Terms, signers ...note.Signer) (list, seal, head []byte, err error) {
	for _, s := range signers {
		if s.Name() != signers[0].Name() {
			return nil, nil, nil, fault.New(fault.Invalid, "sign: keys of two names, %.60q and %.60q", signers[0].Name(), s.Name()).
				WithHint("all keys of one index have the same name")
		}
	}
	if t.NextKey != "" {
		next, err := note.NewVerifier(t.NextKey)
		switch {
		case err != nil: // and no word of it: it may be a secret one
			return nil, nil, nil, fault.New(fault.Invalid, "next key: no verifier key").
				WithHint("name what nacred index keygen --public FILE prints of the key that is going to follow")
		case len(signers) > 0 && next.Name() != signers[0].Name():
			return nil, nil, nil, fault.New(fault.Invalid, "next key: its name is %.60q, and that of the signing key %.60q", next.Name(), signers[0].Name()).
				WithHint("all keys of one index have the same name")
		}
	}
	if list, err = m.Bytes(); err != nil {
		return nil, nil, nil, err
	}
	sum := sha256.Sum256(list)
	s := Seal{m.Sequence, second(t.Built), second(t.Expires), int64(len(list)), hex.EncodeToString(sum[:]), t.NextKey}
	if _, err := ParseSeal(s.Text()); err != nil {
		return nil, nil, nil, err // what no reader would take is not signed
	}
	if seal, err = Sign(s.Text(), signers...); err != nil {
		return nil, nil, nil, err
	}
	f, ok := m.File(DatabaseName)
	if !ok {
		return list, seal, nil, nil
	}
	h := Head{m.Sequence, second(t.Database), second(t.Expires), f.Size, f.SHA256, f.Path, t.NextKey}
	if _, err := ParseHead(h.Text()); err != nil {
		return nil, nil, nil, err
	}
	head, err = Sign(h.Text(), signers...)
	return list, seal, head, err
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
