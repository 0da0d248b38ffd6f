package seal_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/secure-systems-lab/go-securesystemslib/signerverifier"

	"nacre/bom"
	"nacre/fault"
	"nacre/sbom/seal"
)

var (
	bill   = []byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "<Foo-Bar>"}]}` + "\n")
	format = bom.Format{Name: "CycloneDX", Version: "1.6", Encoding: "json"}
)

// pair gives a key in PEM, and its public half.
func pair(t testing.TB, key crypto.Signer) (private, public []byte) {
	t.Helper()
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: p})
}

func keys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	_, ed, err1 := ed25519.GenerateKey(rand.Reader)
	ec, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	r, err3 := rsa.GenerateKey(rand.Reader, 2048)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	return map[string]crypto.Signer{"Ed25519": ed, "ECDSA": ec, "RSA": r}
}

func TestSign(t *testing.T) {
	ctx := context.Background()
	all := keys(t)
	for name, key := range all {
		private, public := pair(t, key)
		signed, err := seal.Sign(ctx, bill, "bill.json", format, private)
		if err != nil {
			t.Fatal(name, err)
		}
		_, other := pair(t, keys(t)[name])
		got, err := seal.Check(ctx, bill, signed, other, public)
		if err != nil || len(got) != 1 || got[0].Name != "bill.json" || got[0].KeyID == "" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		for what, c := range map[string]struct {
			bill, signed, key []byte
			kind              fault.Kind
		}{
			"another key":       {bill, signed, other, fault.Denied},
			"a changed bill":    {bytes.Replace(bill, []byte("Foo"), []byte("Fob"), 1), signed, public, fault.Denied},
			"a bill with blank": {append(bytes.Clone(bill), ' '), signed, public, fault.Denied},
			"a changed payload": {bill, changed(t, signed), public, fault.Denied},
			"no signature":      {bill, []byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}`), public, fault.Denied},
			"another type":      {bill, bytes.Replace(signed, []byte("in-toto"), []byte("in_toto"), 1), public, fault.Invalid},
			"no envelope":       {bill, []byte("-----BEGIN"), public, fault.Invalid},
			"no key":            {bill, signed, []byte("key"), fault.Invalid},
		} {
			if got, err := seal.Check(ctx, c.bill, c.signed, c.key); err == nil || fault.KindOf(err) != c.kind || got != nil {
				t.Errorf("%s, %s: %v, %v", name, what, got, err)
			}
		}
	}
	private, public, err := seal.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := seal.Sign(ctx, bill, "bill.json", format, private)
	if got, failed := seal.Check(ctx, bill, signed, public, public); err != nil || failed != nil || len(got) != 1 {
		t.Errorf("a key that is there twice: %v, %v, %v", got, err, failed)
	}
	many := bytes.Replace(signed, []byte(`"signatures":[`), []byte(`"signatures":[`+strings.Repeat(`{"keyid":"","sig":""},`, 64)), 1)
	if _, err := seal.Check(ctx, bill, many, public); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "limit: signatures") {
		t.Errorf("65 signatures: %v", err)
	}
	for predicate, kind := range map[string]fault.Kind{
		"https://cyclonedx.org/bom/v1.6":           0,
		"https://spdx.dev/Document":                0,
		"https://cyclonedx.org/bomb":               fault.Denied,
		"https://slsa.dev/verification_summary/v1": fault.Denied,
	} {
		if _, err := seal.Check(ctx, bill, verdict(t, predicate, private), public); (err == nil) != (kind == 0) || err != nil && fault.KindOf(err) != kind {
			t.Errorf("a statement of type %s: %v", predicate, err)
		}
	}
	if signed, err := seal.Sign(ctx, bill, "bill.json", format, private); err != nil {
		t.Error(err)
	} else if _, err := seal.Check(ctx, bill, signed, public); err != nil {
		t.Error(err)
	}
	if _, err := seal.Sign(ctx, bill, "bill.json", format, public); fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
		t.Errorf("signed with a public key: %v", err)
	}
	if _, err := seal.Sign(ctx, bill, "bill.xml", bom.Format{Name: "CycloneDX", Version: "1.6", Encoding: "xml"}, private); fault.HintOf(err) == "" {
		t.Errorf("signed XML: %v", err)
	}
}

// verdict signs a statement of another type about the bill.
func verdict(t *testing.T, predicate string, private []byte) []byte {
	t.Helper()
	key, err := signerverifier.LoadKey(private)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := signerverifier.NewED25519SignerVerifierFromSSLibKey(key)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		t.Fatal(err)
	}
	payload := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"bill.json","digest":{"sha256":"%x"}}],"predicateType":"%s","predicate":{}}`,
		sha256.Sum256(bill), predicate)
	e, err := envelope.SignPayload(context.Background(), "application/vnd.in-toto+json", []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// changed gives an envelope whose payload says something else.
func changed(t *testing.T, signed []byte) []byte {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(signed, &e); err != nil {
		t.Fatal(err)
	}
	payload, err := base64.StdEncoding.DecodeString(e["payload"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(payload, []byte(`<Foo-Bar>`)) {
		t.Errorf("the payload does not hold the bill as it is: %s", payload)
	}
	e["payload"] = base64.StdEncoding.EncodeToString(bytes.Replace(payload, []byte("Foo"), []byte("Fob"), 1))
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzCheck(f *testing.F) {
	private, public := pair(f, keys(f)["Ed25519"])
	signed, err := seal.Sign(context.Background(), bill, "bill.json", format, private)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed, []byte(bill))
	f.Add([]byte("{}"), []byte(bill))
	f.Fuzz(func(t *testing.T, envelope, b []byte) {
		_, err := seal.Check(context.Background(), b, envelope, public)
		if err == nil && !bytes.Equal(b, bill) {
			t.Error("a signature over something else holds")
		}
	})
}

func TestFiles(t *testing.T) {
	text := []byte("the archive")
	s256, s512, weak := fmt.Sprintf("%x", sha256.Sum256(text)), fmt.Sprintf("%x", sha512.Sum512(text)), fmt.Sprintf("%x", md5.Sum(text))
	fsys := fstest.MapFS{
		"authors/id/A/AU/AUTHOR/Foo-Bar-1.20.tar.gz": {Data: text},
		"deep/er/Old-Thing-1.tar.gz":                 {Data: text},
		"lib/A.pm":                                   {Data: text},
		"other/lib/A.pm":                             {Data: []byte("another")},
		"lib.txt":                                    {Data: text},
	}
	good := []bom.Hash{{Algorithm: "SHA-512", Value: s512}, {Algorithm: "SHA-256", Value: s256}}
	component := func(name, version, purl string, hashes ...bom.Hash) *bom.Component {
		return &bom.Component{Ref: name, Type: "library", Name: name, Version: version, PURL: purl, Hashes: hashes, Pointer: "/components/0"}
	}
	file := component("lib/A.pm", "1", "", good...)
	file.Type = "file"
	gone := component("A.pm", "1", "", good...) // no file of this path, though one of this name
	gone.Type = "file"
	b := &bom.Bill{Components: []*bom.Component{
		component("Foo-Bar", "1.20", "pkg:cpan/Foo-Bar@1.20?author=AUTHOR&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-Bar-1.20.tar.gz", good...),
		component("Foo-Bar changed", "1.20", "pkg:cpan/Foo-Bar@1.20?distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-Bar-1.20.tar.gz",
			bom.Hash{Algorithm: "SHA-256", Value: s256}, bom.Hash{Algorithm: "SHA-512", Value: s512[1:] + "0"}),
		component("Old-Thing", "1", "pkg:cpan/Old-Thing@1", bom.Hash{Algorithm: "MD5", Value: weak}),
		component("Missing", "2", "pkg:cpan/Missing@2", good...),
		component("Streebog", "2", "pkg:cpan/Streebog@2", bom.Hash{Algorithm: "Streebog-256", Value: s256}),
		file, gone,
		{Ref: "range", Name: "Try-Tiny", Range: "vers:cpan/*"},
		{Ref: "perl", Name: "perl", Properties: []bom.Property{{Name: "cpan:prereq:range", Value: "5.036"}}, Parts: []*bom.Component{{Ref: "Carp", Name: "Carp"}}},
		{Ref: "nothing stated", Name: "Nobody"},
		// The lock file speaks of it; it is not it.
		{Ref: "locked", Name: "Locked", Version: "1", PURL: "pkg:cpan/Locked@1", Hashes: good, Evidence: bom.Evidence{Occurrences: []bom.Occurrence{{Location: "lib.txt", Line: 3}}}},
		{Ref: "found", Name: "Found", Version: "1", PURL: "pkg:cpan/Old-Thing@1", Hashes: good, Evidence: bom.Evidence{Occurrences: []bom.Occurrence{{Location: "deep/er/Old-Thing-1.tar.gz"}}}},
		{Ref: "installed", Name: "Installed", Version: "1", PURL: "pkg:cpan/Installed@1", References: []bom.Reference{{Type: "distribution", Hashes: good}}, Parts: []*bom.Component{file}},
	}}
	b.Root = &bom.Component{Ref: "root", Name: "petshop", Version: "1"}
	results, err := seal.Files(context.Background(), b, fsys, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		got = append(got, fmt.Sprintf("%s|%s|%s|%s", r.Name, r.State, r.File, r.Algorithm))
	}
	want := []string{
		"petshop 1|not a file||",
		"Foo-Bar 1.20|same|authors/id/A/AU/AUTHOR/Foo-Bar-1.20.tar.gz|SHA-256",
		"Foo-Bar changed 1.20|differs|authors/id/A/AU/AUTHOR/Foo-Bar-1.20.tar.gz|SHA-512",
		"Old-Thing 1|same|deep/er/Old-Thing-1.tar.gz|MD5",
		"Missing 2|no file||",
		"Streebog 2|no digest||",
		"lib/A.pm 1|same|lib/A.pm|SHA-256",
		"A.pm 1|no file||",
		"Try-Tiny|not a file||",
		"perl|not a file||",
		"Carp|not a file||",
		"Nobody|no digest||",
		"Locked 1|no file||",
		"Found 1|same|deep/er/Old-Thing-1.tar.gz|SHA-256",
		"Installed 1|not a file||",
		"lib/A.pm 1|same|lib/A.pm|SHA-256",
		"|not in bill|lib.txt|",
		"|not in bill|other/lib/A.pm|",
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := seal.Files(ctx, b, fsys, false); err == nil {
		t.Error("goes on after the end")
	}
}

// counted counts how often a file is opened.
type counted struct {
	fs.FS
	opened map[string]int
}

func (c counted) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

// A bill of many components that are all one file does not have it read anew for
// each.
func TestFilesReadsOnce(t *testing.T) {
	b := &bom.Bill{}
	for i := range 1000 {
		c := &bom.Component{Name: "Foo-Bar", Version: "1", PURL: "pkg:cpan/Foo-Bar@1", Hashes: []bom.Hash{{Algorithm: "SHA-256", Value: fmt.Sprint(i)}}}
		if i%2 > 0 {
			c.Hashes[0].Algorithm = "SHA3-512"
		}
		b.Components = append(b.Components, c)
	}
	fsys := counted{fstest.MapFS{"Foo-Bar-1.tar.gz": {Data: []byte("x")}}, map[string]int{}}
	results, err := seal.Files(context.Background(), b, fsys, false)
	if err != nil || len(results) != 1000 || results[999].State != seal.Differs {
		t.Fatal(err, len(results))
	}
	if n := fsys.opened["Foo-Bar-1.tar.gz"]; n != 2 {
		t.Errorf("opened %d times", n)
	}
}
