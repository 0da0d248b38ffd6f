package dbupdate

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"nacre/advisory/db"
	"nacre/fault"
	"nacre/internal/testkit"
)

// keyDay is when the keys of these tests are made, unless they say otherwise.
var keyDay = today.AddDate(-1, 0, 0)

// newKey makes a key; every run has its own.
func newKey(t *testing.T, c packet.Config) *openpgp.Entity {
	t.Helper()
	made := keyDay
	c.Time = func() time.Time { return made }
	if c.Algorithm == 0 {
		c.Algorithm = packet.PubKeyAlgoEdDSA
	}
	e, err := openpgp.NewEntity("Publisher", "", "publisher@advisories.example", &c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// export is the file that a publisher hands out.
func export(t *testing.T, e *openpgp.Entity) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.Serialize(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func armored(t *testing.T, kind string, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := armor.Encode(&out, kind, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// detached signs data at a time.
func detached(t *testing.T, e *openpgp.Entity, data []byte, at time.Time, change func(*packet.Config)) []byte {
	t.Helper()
	c := &packet.Config{Time: func() time.Time { return at }}
	if change != nil {
		change(c)
	}
	var b bytes.Buffer
	if err := openpgp.DetachSign(&b, []*openpgp.Entity{e}, bytes.NewReader(data), c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// feed is what CPANSA's maintainer puts on the server.
type feed struct {
	*world
	key *openpgp.Entity
}

func newFeed(t *testing.T) *feed {
	t.Helper()
	f := &feed{newWorld(t), newKey(t, packet.Config{})}
	f.trust(f.key)
	f.Sources = []Source{{
		Kind: KindCPANSA, URL: f.url("/feed.json"), Signature: f.url("/feed.json.gpg"),
		Fingerprints: []Fingerprint{fingerprintOf(f.key)},
	}}
	return f
}

// trust accepts a key whatever state it is in.
func (f *feed) trust(e *openpgp.Entity) {
	f.Helper()
	k := Key{Fingerprint: fingerprintOf(e), entity: e}
	if err := f.Trust.Accept(k); err != nil {
		f.Fatal(err)
	}
}

// text is a built JSON of a time with one advisory.
func text(made time.Time) []byte {
	return fmt.Appendf(nil, `{"meta":{"commit":"abc","epoch":%d},"module2dist":{"Foo::Bar":"Foo-Bar"},
"dists":{"Foo-Bar":{"main_module":"Foo::Bar","versions":[{"version":"1.2","date":"2099-01-01T00:00:00"}],
"advisories":[{"id":"CPANSA-Foo-Bar-2099-01","distribution":"Foo-Bar","cves":["CVE-2099-0001"],
"affected_versions":["<1.3"],"fixed_versions":[">=1.3"],"description":"Foo::Bar follows links.",
"references":["https://foo.example/"],"reported":"2099-01-02","severity":"high"}]}}}
`, made.Unix())
}

func (f *feed) put(data, signature []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files["/feed.json"], f.files["/feed.json.gpg"] = data, signature
}

func (f *feed) publish(made time.Time) {
	f.Helper()
	data := text(made)
	f.put(data, armored(f.T, "PGP SIGNATURE", detached(f.T, f.key, data, made, nil)))
}

func (f *feed) open() *db.DB {
	f.Helper()
	content, err := os.ReadFile(f.File)
	if err != nil {
		f.Fatal(err)
	}
	d, err := db.Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		f.Fatal(err)
	}
	return d
}

func TestCPANSAUpdates(t *testing.T) {
	f := newFeed(t)
	made := today.AddDate(0, 0, -2)
	f.publish(made)
	r := f.update()
	if !r.Changed || r.Signer != string(fingerprintOf(f.key)) || r.Info.Records != 1 || !r.Info.Built.Equal(made) || len(r.Info.Notes) > 0 {
		t.Errorf("result %+v", r)
	}
	records, err := f.open().ByID(t.Context(), "CPANSA-Foo-Bar-2099-01")
	if err != nil || len(records) != 1 || records[0].ID != "CVE-2099-0001" {
		t.Errorf("found %v, %v", records, err)
	}
	f.asked()
	if r = f.update(); r.Changed || r.Signer != string(fingerprintOf(f.key)) {
		t.Errorf("second update: %+v", r)
	}
	if got := f.asked(); len(got) != 1 || !strings.HasPrefix(got[0], "/feed.json If-None-Match=") {
		t.Errorf("asked %q", got)
	}
	data := text(made.Add(time.Hour))
	f.put(data, detached(t, f.key, data, made, nil)) // a binary signature
	if r = f.update(); !r.Changed {
		t.Errorf("third update: %+v", r)
	}
}

func TestCPANSARefuses(t *testing.T) {
	other := newKey(t, packet.Config{})
	for _, c := range []struct {
		name string
		make func(f *feed, data []byte) (sent, signature []byte)
		kind fault.Kind
		want string
	}{
		{"a key that is not accepted", func(_ *feed, b []byte) ([]byte, []byte) {
			return b, detached(t, other, b, today, nil)
		}, fault.Denied, "by none of the accepted keys"},
		{"other data", func(f *feed, b []byte) ([]byte, []byte) {
			return bytes.Replace(b, []byte("<1.3"), []byte("<1.1"), 1), detached(t, f.key, b, today, nil)
		}, fault.Denied, "does not fit the data"},
		{"the signature of the data before", func(f *feed, b []byte) ([]byte, []byte) {
			return b, f.files["/feed.json.gpg"]
		}, fault.Denied, "does not fit the data"},
		{"a signature that claims the accepted key", func(f *feed, b []byte) ([]byte, []byte) {
			s := detached(t, other, b, today, nil)
			s = bytes.ReplaceAll(s, other.PrimaryKey.Fingerprint, f.key.PrimaryKey.Fingerprint)
			return b, bytes.ReplaceAll(s, other.PrimaryKey.Fingerprint[12:], f.key.PrimaryKey.Fingerprint[12:])
		}, fault.Denied, "does not fit the data"},
		{"no signature", func(_ *feed, b []byte) ([]byte, []byte) { return b, nil }, fault.Unavailable, "404 Not Found"},
		{"an empty signature", func(_ *feed, b []byte) ([]byte, []byte) { return b, []byte{} }, fault.Unavailable, "the answer is empty"},
		{"a signature of no kind", func(_ *feed, b []byte) ([]byte, []byte) { return b, []byte("hello, world") }, fault.Denied, "signature"},
		{"half a signature", func(f *feed, b []byte) ([]byte, []byte) {
			s := armored(t, "PGP SIGNATURE", detached(t, f.key, b, today, nil))
			return b, s[:len(s)/2]
		}, fault.Denied, "signature"},
		{"a key for a signature", func(f *feed, b []byte) ([]byte, []byte) {
			return b, armored(t, "PGP PUBLIC KEY BLOCK", export(t, f.key))
		}, fault.Denied, "not a PGP SIGNATURE"},
		{"a huge signature", func(_ *feed, b []byte) ([]byte, []byte) {
			return b, make([]byte, maxSignature+1)
		}, fault.Unavailable, "limit: signature size"},
		{"a signature of tomorrow", func(f *feed, b []byte) ([]byte, []byte) {
			return b, detached(t, f.key, b, today.AddDate(0, 0, 1), nil)
		}, fault.Denied, "out of its time"},
		{"a signature that has expired", func(f *feed, b []byte) ([]byte, []byte) {
			return b, detached(t, f.key, b, today.AddDate(0, 0, -3), func(c *packet.Config) { c.SigLifetimeSecs = 86400 })
		}, fault.Denied, "out of its time"},
		{"a signature over SHA-1", func(f *feed, b []byte) ([]byte, []byte) { return b, sha1Signature(t, f.key, b) }, fault.Denied, "does not fit"},
		{"older data", func(f *feed, _ []byte) ([]byte, []byte) {
			b := text(today.AddDate(0, 0, -9))
			return b, detached(t, f.key, b, today, nil)
		}, fault.Denied, "(a rollback)"},
		{"data of the future", func(f *feed, _ []byte) ([]byte, []byte) {
			b := text(today.AddDate(0, 0, 9))
			return b, detached(t, f.key, b, today, nil)
		}, fault.Denied, "made on 2099-03-10, and today is 2099-03-01"},
		{"half of the data", func(f *feed, b []byte) ([]byte, []byte) {
			b = b[:len(b)/2]
			return b, detached(t, f.key, b, today, nil)
		}, fault.Unavailable, "read the CPANSA index"},
		{"no advisory", func(f *feed, _ []byte) ([]byte, []byte) {
			b := []byte(`{"meta":{},"dists":{}}`)
			return b, detached(t, f.key, b, today, nil)
		}, fault.Unavailable, "no advisory"},
		{"another document", func(f *feed, _ []byte) ([]byte, []byte) {
			b := []byte(`{"hello":"world"}`)
			return b, detached(t, f.key, b, today, nil)
		}, fault.Unavailable, "not the built index"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFeed(t)
			f.publish(today.AddDate(0, 0, -2))
			f.update()
			data := text(today.AddDate(0, 0, -1))
			sent, signature := c.make(f, data)
			f.put(sent, signature)
			if signature == nil {
				delete(f.files, "/feed.json.gpg")
			}
			f.refused(c.kind, c.want)
			f.publish(today)
			if r := f.update(); !r.Changed || !r.Info.Built.Equal(today) {
				t.Errorf("after the lie: %+v", r)
			}
		})
	}
}

// sha1Signature signs as programs did that nobody should trust any more; the
// library does so only when it is asked to sign with the packet itself.
func sha1Signature(t *testing.T, e *openpgp.Entity, data []byte) []byte {
	t.Helper()
	s := &packet.Signature{
		Version: 4, SigType: packet.SigTypeBinary, PubKeyAlgo: e.PrimaryKey.PubKeyAlgo, Hash: crypto.SHA1,
		CreationTime: today.Add(-time.Hour), IssuerKeyId: &e.PrimaryKey.KeyId, IssuerFingerprint: e.PrimaryKey.Fingerprint,
	}
	h := crypto.SHA1.New()
	h.Write(data)
	plain := false
	c := &packet.Config{NonDeterministicSignaturesViaNotation: &plain}
	if err := s.Sign(h, e.PrivateKey, c); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Serialize(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The published JSON of a day, signed here, becomes a database.
func TestRealData(t *testing.T) {
	data, err := os.ReadFile(testkit.Data(t) + "/cpansa/cpan-security-advisory.json")
	if err != nil {
		t.Fatal(err)
	}
	f := newFeed(t)
	f.put(data, detached(t, f.key, data, today, nil))
	r := f.update()
	if made := time.Date(2026, 8, 16, 0, 0, 0, 0, time.UTC); r.Info.Records < 600 || r.Info.Dists < 400 || r.Info.Built.Truncate(24*time.Hour) != made {
		t.Errorf("result %+v", r.Info)
	}
	if r = f.update(); r.Changed {
		t.Error("it is taken for new again")
	}
}

// The server lies about the JSON as it does about a database of an index; here
// stand the lies that only this way meets.
func TestCPANSAServerLies(t *testing.T) {
	for _, c := range []struct {
		name  string
		lie   func(w http.ResponseWriter, b []byte)
		want  string
		parts []string
	}{
		{"a size beyond the limit", func(w http.ResponseWriter, _ []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(maxJSON+1))
			w.WriteHeader(200)
		}, "limit: size of the CPANSA index", nil},
		{"an end too early", func(w http.ResponseWriter, b []byte) {
			w.Header().Set("ETag", tag(b))
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			w.Write(b[:50])
		}, "unexpected EOF", resumable},
		{"a login page", func(w http.ResponseWriter, _ []byte) {
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte("<html>"))
		}, "web page", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFeed(t)
			f.publish(today.AddDate(0, 0, -2))
			f.update()
			f.publish(today)
			f.lies(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/feed.json" {
					c.lie(w, f.files["/feed.json"])
				}
				return r.URL.Path == "/feed.json"
			})
			f.refused(fault.Unavailable, c.want, c.parts...)
			f.lies(nil)
			f.update()
		})
	}
}

func TestUnchangedThoughNothingIsThere(t *testing.T) {
	f := newFeed(t)
	f.lies(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusNotModified)
		return true
	})
	f.refused(fault.Unavailable, "304 Not Modified")
}

func TestKeysThatAreNotGood(t *testing.T) {
	month := uint32(30 * 86400)
	for _, c := range []struct {
		name string
		make func() *openpgp.Entity
		want string
	}{
		{"expired", func() *openpgp.Entity { return newKey(t, packet.Config{KeyLifetimeSecs: month}) }, "key expired"},
		{"revoked", func() *openpgp.Entity {
			e := newKey(t, packet.Config{})
			if err := e.Revoke(packet.KeyRetired, "", &packet.Config{Time: func() time.Time { return today.AddDate(0, 0, -1) }}); err != nil {
				t.Fatal(err)
			}
			return e
		}, "revoked"},
		{"short", func() *openpgp.Entity {
			return newKey(t, packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 1024})
		}, "too weak"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFeed(t)
			f.publish(today.AddDate(0, 0, -2))
			f.update()
			bad := c.make()
			_, err := ReadKey(bytes.NewReader(export(t, bad)), fingerprintOf(bad), today)
			if fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), c.want) {
				t.Errorf("accepted with %v, want %q", err, c.want)
			}
			// Accepted while it was good, and the signature says it was made then.
			f.trust(bad)
			f.Sources[0].Fingerprints = nil
			data := text(today)
			f.put(data, detached(t, bad, data, keyDay.AddDate(0, 0, 7), func(c *packet.Config) { c.MinRSABits = 1024 }))
			f.refused(fault.Denied, "update: check "+f.Sources[0].URL+": signature")
		})
	}
}

func TestTrustIsNeeded(t *testing.T) {
	f := newFeed(t)
	f.publish(today)
	fingerprint := fingerprintOf(f.key)
	f.update()
	f.asked()

	// Nobody is asked for data that nobody could check.
	if err := f.Trust.Remove(fingerprint); err != nil {
		t.Fatal(err)
	}
	f.refused(fault.Denied, "no key is accepted that may sign for")
	f.trust(newKey(t, packet.Config{})) // not of the source's list
	f.refused(fault.Denied, "no key is accepted that may sign for")
	f.Sources[0].Fingerprints = nil
	if got := f.asked(); len(got) > 0 {
		t.Errorf("asked %q", got)
	}
	// The database rests on a key that is not accepted any more: it is fetched
	// and checked again though the server's file is the same.
	f.refused(fault.Denied, "by none of the accepted keys")
	f.trust(f.key)
	if r := f.update(); r.Changed {
		t.Errorf("result %+v", r)
	}
}

func TestUnsigned(t *testing.T) {
	f := newFeed(t)
	f.publish(today)
	delete(f.files, "/feed.json.gpg")
	f.Unsigned = true
	r := f.update()
	if r.Signer != "" || len(f.open().Info().Notes) != 1 || !strings.Contains(f.open().Info().Notes[0], "signature of the data was not checked") {
		t.Errorf("result %+v, notes %q", r, f.open().Info().Notes)
	}
	if r = f.update(); r.Changed {
		t.Errorf("second update: %+v", r)
	}
	// It is not taken for signed data later, and does not shut it out.
	f.Unsigned = false
	f.refused(fault.Unavailable, "404 Not Found")
	f.publish(today.AddDate(0, 0, -1))
	if r = f.update(); !r.Changed || r.Signer == "" || len(f.open().Info().Notes) > 0 {
		t.Errorf("signed again: %+v", r)
	}
}

func TestReadKey(t *testing.T) {
	one, two := newKey(t, packet.Config{}), newKey(t, packet.Config{KeyLifetimeSecs: 3 * 365 * 86400})
	both := slices.Concat(export(t, one), export(t, two))
	for _, file := range [][]byte{both, armored(t, "PGP PUBLIC KEY BLOCK", both)} {
		k, err := ReadKey(bytes.NewReader(file), fingerprintOf(two), today)
		if err != nil || k.Fingerprint != fingerprintOf(two) || !k.Expires.Equal(keyDay.Add(3*365*24*time.Hour)) {
			t.Errorf("read %+v, %v", k, err)
		}
	}
	var secret bytes.Buffer
	if err := one.SerializePrivateWithoutSigning(&secret, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		kind fault.Kind
		want string
	}{
		{"another key", export(t, two), fault.Denied, "holds another key: " + fingerprintOf(two).String()},
		{"a secret key", secret.Bytes(), fault.Invalid, "holds a secret key"},
		{"a signature", armored(t, "PGP SIGNATURE", detached(t, one, nil, today, nil)), fault.Invalid, "not a PGP PUBLIC KEY BLOCK"},
		{"nothing", nil, fault.Invalid, "no key in it"},
		{"a text", []byte("hello\n"), fault.Invalid, "read key"},
		{"half a key", export(t, one)[:60], fault.Invalid, "read key"},
		{"a huge file", make([]byte, maxKey+1), fault.Invalid, "limit: key size"},
	} {
		_, err := ReadKey(bytes.NewReader(c.file), fingerprintOf(one), today)
		if fault.KindOf(err) != c.kind || !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestTrustFolder(t *testing.T) {
	trust := Trust(t.TempDir() + "/keys")
	if keys, err := trust.Keys(today); err != nil || len(keys) != 0 {
		t.Errorf("without a folder: %v, %v", keys, err)
	}
	one, two := newKey(t, packet.Config{}), newKey(t, packet.Config{})
	for _, e := range []*openpgp.Entity{one, two, one} {
		k, err := ReadKey(bytes.NewReader(export(t, e)), fingerprintOf(e), today)
		if err != nil {
			t.Fatal(err)
		}
		if err := trust.Accept(k); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := trust.Keys(today)
	if err != nil || len(keys) != 2 || keys[0].Fingerprint > keys[1].Fingerprint {
		t.Errorf("keys %v, %v", keys, err)
	}
	if err := trust.Remove(fingerprintOf(one)); err != nil {
		t.Fatal(err)
	}
	if err := trust.Remove(fingerprintOf(one)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("removed twice: %v", err)
	}
	// A file that was exchanged is noticed.
	if err := os.WriteFile(trust.file(fingerprintOf(two)), export(t, one), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Keys(today); err == nil || !strings.Contains(err.Error(), "not the key that its name says") {
		t.Errorf("an exchanged file: %v", err)
	}
}

// FuzzReadKey: whatever a key file holds, it is read or refused.
func FuzzReadKey(f *testing.F) {
	f.Add([]byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n"))
	f.Add([]byte{0x98, 0x33, 0x04, 0x66, 0x00, 0x00, 0x00, 0x16})
	f.Fuzz(func(t *testing.T, file []byte) {
		want := Fingerprint(strings.Repeat("A", 40))
		if k, err := ReadKey(bytes.NewReader(file), want, today); err == nil && k.Fingerprint != want {
			t.Errorf("gave the key %s", k.Fingerprint)
		}
	})
}

// FuzzVerify: no signature that a fuzzer makes is good.
func FuzzVerify(f *testing.F) {
	f.Add([]byte("-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n"))
	f.Add([]byte{0x88, 0x75, 0x04, 0x00, 0x16, 0x0a})
	e, err := openpgp.NewEntity("P", "", "p@advisories.example", &packet.Config{
		Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return keyDay },
	})
	if err != nil {
		f.Fatal(err)
	}
	keys := []Key{{Fingerprint: fingerprintOf(e), entity: e}}
	f.Fuzz(func(t *testing.T, signature []byte) {
		if _, err := verify(io.LimitReader(strings.NewReader("data"), 4), signature, keys, today); err == nil {
			t.Error("it is taken for good")
		}
	})
}
