package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
	"golang.org/x/mod/sumdb/note"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/index/manifest"
	"nacre/internal/dbupdate"
)

// updater is a person with a data folder who runs commands.
type updater struct {
	*testing.T
	data string
	now  time.Time
}

func (u *updater) run(stdin []byte, terminal bool, args ...string) (stdout, stderr string, status int) {
	u.Helper()
	var out, err bytes.Buffer
	status = Program().Run(context.Background(), args, &Env{
		Stdin: bytes.NewReader(stdin), Stdout: &out, Stderr: &err, Width: 80,
		Now:        func() time.Time { return u.now },
		IsTerminal: func(io.Writer) bool { return terminal },
		Getenv: func(name string) string {
			if name == "NACRE_DATA" {
				return u.data
			}
			return ""
		},
	})
	return out.String(), err.String(), status
}

// TestUpdateFromCPANSA goes the way of docs/updating.md: accept the key, fetch,
// look, fetch again, take the key back.
func TestUpdateFromCPANSA(t *testing.T) {
	u := &updater{t, t.TempDir(), time.Date(2099, 3, 1, 0, 0, 0, 0, time.UTC)}
	clock := &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return u.now }}
	key, err := openpgp.NewEntity("Publisher", "", "publisher@advisories.example", clock)
	if err != nil {
		t.Fatal(err)
	}
	var public, signature bytes.Buffer
	if err := key.Serialize(&public); err != nil {
		t.Fatal(err)
	}
	data := fmt.Sprintf(`{"meta":{"epoch":%d},"module2dist":{},"dists":{"Foo-Bar":{"versions":[],"advisories":[
{"id":"CPANSA-Foo-Bar-2099-01","cves":["CVE-2099-0001"],"affected_versions":["<1.3"],"description":"Foo"}]}}}`,
		u.now.AddDate(0, 0, -1).Unix())
	if err := openpgp.DetachSign(&signature, []*openpgp.Entity{key}, strings.NewReader(data), clock); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "text/plain")
		body := data
		if strings.HasSuffix(r.URL.Path, ".gpg") {
			body = signature.String()
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(body))
	}))
	defer server.Close()
	fingerprint := fmt.Sprintf("%X", key.PrimaryKey.Fingerprint)
	list := "sources:\n- kind: cpansa\n  url: " + server.URL + "/feed.json\n  fingerprints: [" + fingerprint + "]\n"
	if err := os.WriteFile(filepath.Join(u.data, dbupdate.SourcesFile), []byte(list), 0o644); err != nil {
		t.Fatal(err)
	}

	if _, stderr, status := u.run(nil, false, "db", "update"); status != 3 || !strings.Contains(stderr, "nacre db trust "+fingerprint) {
		t.Errorf("without a key: status %d\n%s", status, stderr)
	}
	shown := dbupdate.Fingerprint(fingerprint).String()
	stdout, stderr, status := u.run(public.Bytes(), false, "db", "trust", shown, "--key", "-")
	if want := "accepted the key with the fingerprint\n  " + shown + "\n  created 2099-03-01\n"; status != 0 || stdout != want {
		t.Errorf("trust: status %d\n%s%s", status, stdout, stderr)
	}
	stdout, stderr, status = u.run(nil, false, "db", "update")
	want := filepath.Join(u.data, "nacre.db") + ` updated
1 advisories (0 withdrawn) on 1 distributions, built 2099-02-28 00:00 UTC
from ` + server.URL + `/feed.json
signed by ` + shown + "\n"
	said := "contacting " + server.URL + "/feed.json\ncontacting " + server.URL + "/feed.json.gpg\n"
	if status != 0 || stdout != want || stderr != said {
		t.Errorf("update: status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, stderr, status = u.run(nil, false, "db", "show", "CVE-2099-0001"); status != 0 || !strings.Contains(stdout, "Foo-Bar") {
		t.Errorf("show: status %d\n%s%s", status, stdout, stderr)
	}
	stdout, stderr, status = u.run(nil, true, "db", "update")
	if status != 0 || !strings.Contains(stdout, "is up to date") || strings.Contains(stderr, ".gpg") {
		t.Errorf("second update: status %d\n%s%s", status, stdout, stderr)
	}
	if stdout, _, status = u.run(nil, false, "db", "trust", "--remove", fingerprint); status != 0 || !strings.Contains(stdout, shown) {
		t.Errorf("remove: status %d\n%s", status, stdout)
	}
	// Without a signature it says so on every terminal and in the database.
	stdout, stderr, status = u.run(nil, true, "db", "update", "--insecure-unsigned", "--db", filepath.Join(u.data, "other.db"))
	if status != 0 || !strings.Contains(stderr, "warning: the signature of the data was not checked") ||
		!strings.Contains(stderr, "\r") || strings.Contains(stdout, "signed by") {
		t.Errorf("unsigned: status %d\n%s%q", status, stdout, stderr)
	}
	if stdout, _, _ = u.run(nil, false, "db", "info", "--db", filepath.Join(u.data, "other.db")); !strings.Contains(stdout, "--insecure-unsigned") {
		t.Errorf("info does not tell:\n%s", stdout)
	}
}

// TestUpdateFromIndex: one address and its key on the command line, and a note
// that has expired.
func TestUpdateFromIndex(t *testing.T) {
	u := &updater{t, t.TempDir(), time.Date(2099, 3, 20, 0, 0, 0, 0, time.UTC)}
	built := time.Date(2099, 3, 1, 0, 0, 0, 0, time.UTC)
	var content bytes.Buffer
	set := advisory.Set{Records: []advisory.Record{{ID: "CVE-2099-0001", Affected: []advisory.Affected{{Dist: "Foo-Bar"}}}}}
	if err := db.Write(&content, set, built); err != nil {
		t.Fatal(err)
	}
	secret, key, err := note.GenerateKey(rand.Reader, "advisories.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	head := manifest.Head{
		Sequence: 7, Built: built, Expires: built.AddDate(0, 0, 7), Size: int64(content.Len()),
		SHA256: fmt.Sprintf("%x", sha256.Sum256(content.Bytes())), File: "nacre-7.db",
	}
	signed, err := note.Sign(&note.Note{Text: head.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		body := signed
		if r.URL.Path == "/nacre-7.db" {
			body = content.Bytes()
		}
		w.Write(body)
	}))
	defer server.Close()

	path := filepath.Join(u.data, "some.db")
	stdout, stderr, status := u.run(nil, false, "db", "update", "--db", path, "--source", server.URL+"/index", "--index-key", key)
	if status != 0 || !strings.Contains(stdout, "sequence 7, signed by advisories.example\n") ||
		!strings.Contains(stderr, "warning: the index of advisories.example has expired on 2099-03-08, 12 days ago") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content.Bytes()) {
		t.Errorf("the database is not the one that was published (%v)", err)
	}
}
