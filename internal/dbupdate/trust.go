package dbupdate

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"nacre/fault"
	"nacre/internal/files"
	"nacre/limit"
)

// What keys and signatures may be, in bytes. Keys with many certifications by
// others reach some 100 KiB.
const (
	maxKey       = 1 << 20
	maxSignature = 64 << 10
)

// Fingerprint is the fingerprint of an OpenPGP primary key: 40 upper-case hex
// digits, 64 for a key of version 6.
type Fingerprint string

// ParseFingerprint reads a fingerprint with blanks or without, in any case,
// with or without 0x. Shorter names of a key are refused: anybody can make a
// key that has the same one.
func ParseFingerprint(s string) (Fingerprint, error) {
	plain := strings.ToUpper(strings.Join(strings.Fields(s), ""))
	plain = strings.TrimPrefix(plain, "0X")
	if _, err := hex.DecodeString(plain); err != nil || len(plain) != 40 && len(plain) != 64 {
		return "", fault.New(fault.Invalid, "%.80q is not the fingerprint of a key", s).
			WithHint("it has 40 hex digits (64 for a key of version 6); a shorter key id is not enough")
	}
	return Fingerprint(plain), nil
}

// String gives the fingerprint in groups of four, as programs show it.
func (f Fingerprint) String() string {
	var groups []string
	for group := range slices.Chunk([]byte(f), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

func fingerprintOf(e *openpgp.Entity) Fingerprint {
	return Fingerprint(strings.ToUpper(hex.EncodeToString(e.PrimaryKey.Fingerprint)))
}

// Trust is a folder that holds the OpenPGP keys that the user has accepted,
// each in a file of its fingerprint, "FINGERPRINT.pgp", binary and without
// anything secret.
type Trust string

// Key is an accepted key.
type Key struct {
	Fingerprint Fingerprint
	Created     time.Time
	Expires     time.Time // zero where it never does
	// Problem says why the key signs nothing now: that it has expired, was
	// revoked, or is too weak. Nil for a good one.
	Problem error
	entity  *openpgp.Entity
}

// ReadKey reads the key with a fingerprint out of a key file, armored or
// binary, which may hold others too. A file with secret keys is refused, and
// so is a key that cannot sign at the time now.
func ReadKey(r io.Reader, want Fingerprint, now time.Time) (Key, error) {
	keys, err := readKeys(r, now)
	if err != nil {
		return Key{}, err
	}
	var others []string
	for _, k := range keys {
		if k.Fingerprint != want {
			others = append(others, k.Fingerprint.String())
			continue
		}
		if k.Problem != nil {
			return Key{}, fault.Wrap(fault.Denied, k.Problem, "key %s", want).
				WithHint("ask its owner for the key as it is today")
		}
		return k, nil
	}
	return Key{}, fault.New(fault.Denied, "the file holds another key: %s", strings.Join(others, ", ")).
		WithHint("do not accept it unless its owner states that fingerprint at a place you trust")
}

func readKeys(r io.Reader, now time.Time) ([]Key, error) {
	text, err := limit.ReadAll(r, maxKey, "key size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read key")
	}
	body, err := unarmor(text, "PGP PUBLIC KEY BLOCK")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read key")
	}
	list, err := openpgp.ReadKeyRing(body)
	if err == nil && len(list) == 0 {
		err = errors.New("no key in it")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read key").
			WithHint("the file is what gpg --export writes, with --armor or without")
	}
	var keys []Key
	for _, e := range list {
		if e.PrivateKey != nil || slices.ContainsFunc(e.Subkeys, func(s openpgp.Subkey) bool { return s.PrivateKey != nil }) {
			return nil, fault.New(fault.Invalid, "read key: the file holds a secret key").
				WithHint("export the public key; a secret one stays with its owner")
		}
		keys = append(keys, describe(e, now))
	}
	return keys, nil
}

// unarmor gives the binary form of text, which may have it already.
func unarmor(text []byte, kind string) (io.Reader, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("-----BEGIN ")) {
		return bytes.NewReader(text), nil
	}
	block, err := armor.Decode(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if block.Type != kind {
		return nil, fault.New(fault.Invalid, "it is a %.40q, not a %s", block.Type, kind)
	}
	return block.Body, nil
}

// config are the library's own rules (no SHA-1 or MD5 in signatures of data,
// RSA from 2047 bits on, neither DSA nor ElGamal) at the time now.
func config(now time.Time) *packet.Config {
	return &packet.Config{Time: func() time.Time { return now }}
}

// describe says what a key is at the time now.
func describe(e *openpgp.Entity, now time.Time) Key {
	k := Key{Fingerprint: fingerprintOf(e), Created: e.PrimaryKey.CreationTime.UTC(), entity: e}
	self, err := e.VerifyPrimaryKey(now, config(now))
	if self != nil && self.KeyLifetimeSecs != nil && *self.KeyLifetimeSecs != 0 {
		k.Expires = k.Created.Add(time.Duration(*self.KeyLifetimeSecs) * time.Second)
	}
	if err != nil {
		k.Problem = err
	} else if _, ok := e.SigningKey(now, config(now)); !ok {
		k.Problem = errors.New("it cannot sign, or is too weak")
	}
	return k
}

// Accept stores a key that ReadKey has read.
func (t Trust) Accept(k Key) error {
	if err := os.MkdirAll(string(t), 0o755); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "store key")
	}
	return files.Replace(t.file(k.Fingerprint), func(w io.Writer) error {
		return k.entity.Serialize(w)
	})
}

func (t Trust) file(f Fingerprint) string { return filepath.Join(string(t), string(f)+".pgp") }

// Keys gives the accepted keys by fingerprint, as they are at the time now.
func (t Trust) Keys(now time.Time) ([]Key, error) {
	entries, err := os.ReadDir(string(t))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read accepted keys")
	}
	var keys []Key
	for _, entry := range entries { // sorted by name
		name, ok := strings.CutSuffix(entry.Name(), ".pgp")
		if !ok {
			continue
		}
		k, err := t.key(Fingerprint(name), now)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func (t Trust) key(want Fingerprint, now time.Time) (Key, error) {
	f, err := os.Open(t.file(want))
	if err != nil {
		return Key{}, fault.Wrap(fault.KindOf(err), err, "read accepted key")
	}
	defer f.Close()
	keys, err := readKeys(f, now)
	if err == nil && (len(keys) != 1 || keys[0].Fingerprint != want) {
		err = fault.New(fault.Invalid, "it is not the key that its name says")
	}
	if err != nil {
		return Key{}, fault.Wrap(fault.KindOf(err), err, "read accepted key %s", t.file(want)).
			WithHint("remove the file, and accept the key again with nacre db trust")
	}
	return keys[0], nil
}

// Remove takes an accepted key back.
func (t Trust) Remove(f Fingerprint) error {
	err := os.Remove(t.file(f))
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "key %s is not among those accepted", f).
			WithHint("nacre db trust --list shows them")
	}
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "remove key")
	}
	return nil
}

// candidates are the keys that may sign for a source. It is an error if there
// is none, and the error says how to accept one.
func (t Trust) candidates(s *Source, now time.Time) ([]Key, error) {
	keys, err := t.Keys(now)
	if err != nil {
		return nil, err
	}
	if len(s.Fingerprints) > 0 {
		keys = slices.DeleteFunc(keys, func(k Key) bool { return !slices.Contains(s.Fingerprints, k.Fingerprint) })
	}
	if len(keys) == 0 {
		const flag = "or --insecure-unsigned takes the data as it comes"
		err := fault.New(fault.Denied, "no key is accepted that may sign for %s", s.URL)
		if len(s.Fingerprints) == 0 {
			return nil, err.WithHint("nacre db trust FINGERPRINT --key FILE accepts one; %s", flag)
		}
		f := s.Fingerprints[0]
		return nil, err.WithHint("get the key, for example from %s%s, then: nacre db trust %s --key FILE; %s", keyserver, string(f), string(f), flag)
	}
	return keys, nil
}

// keyserver is where GPG_README.md of the advisory database finds its keys.
const keyserver = "https://keys.openpgp.org/vks/v1/by-fingerprint/"
