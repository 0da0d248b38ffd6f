package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/dbupdate"
	"nacre/internal/fetch"
	"nacre/internal/publish"
)

// reader is a stranger who updates a database from what is published.
type reader struct {
	*testing.T
	u *dbupdate.Updater
}

func newReader(t *testing.T, address, key string) reader {
	dir := t.TempDir()
	return reader{t, &dbupdate.Updater{
		File: filepath.Join(dir, "nacre.db"), Trust: dbupdate.Trust(filepath.Join(dir, "keys")),
		Sources: []dbupdate.Source{{Kind: dbupdate.KindIndex, URL: address, Keys: []string{key}}},
		Now:     func() time.Time { return time.Date(2099, 4, 1, 0, 0, 0, 0, time.UTC) },
	}}
}

// holds updates, and checks which sequence the database is of.
func (r reader) holds(sequence uint64) {
	r.Helper()
	result, err := r.u.Update(context.Background())
	if err != nil {
		r.Fatalf("update: %v", err)
	}
	if result.Sequence != sequence || result.Info.Records != int(sequence) {
		r.Errorf("the database is of sequence %d and has %d advisories, want %d", result.Sequence, result.Info.Records, sequence)
	}
}

// numbered writes a signed index of a sequence, whose database has as many
// advisories.
func numbered(t *testing.T, sequence uint64, secret string) string {
	t.Helper()
	made := time.Date(2099, 3, int(sequence), 0, 0, 0, 0, time.UTC)
	var set advisory.Set
	for n := range sequence {
		set.Records = append(set.Records, advisory.Record{
			ID: advisory.ID(fmt.Sprintf("CVE-2099-%04d", n+1)), Affected: []advisory.Affected{{Dist: "Foo-Bar"}},
		})
	}
	var b bytes.Buffer
	if err := db.Write(&b, set, made); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var list []manifest.File
	for name, text := range map[string][]byte{manifest.DatabaseName: b.Bytes(), "index.html": fmt.Appendf(nil, "<p>%d", sequence)} {
		sum := sha256.Sum256(text)
		list = append(list, manifest.File{Path: name, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := manifest.Make(manifest.Manifest{Day: made.Format(time.DateOnly), Sequence: sequence}, list)
	if err != nil {
		t.Fatal(err)
	}
	signer, _, err := manifest.ParseKey([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	text, seal, head, err := m.Notes(manifest.Terms{Built: made, Database: made, Expires: made.AddDate(1, 0, 0)}, signer)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{manifest.ListName: text, manifest.SealName: seal, manifest.HeadName: head} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// serve gives the address of a server. All releases of these tests are of one
// second, which is as much as times tell a server, so it is not asked by them.
func serve(t *testing.T, h http.Handler) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("If-Modified-Since")
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestReaders: whoever runs nacre db update gets what is published, in a folder
// and in a bucket; is not led back by a rollback, and takes what comes after it.
func TestReaders(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T) (target publish.Target, address string)
	}{
		{"folder", func(t *testing.T) (publish.Target, string) {
			dir := t.TempDir()
			return &publish.Folder{Dir: dir}, serve(t, http.FileServer(http.Dir(filepath.Join(dir, "current"))))
		}},
		{"bucket that is shown as it is", func(t *testing.T) (publish.Target, string) {
			backend := s3mem.New()
			if err := backend.CreateBucket("advisories"); err != nil {
				t.Fatal(err)
			}
			address := serve(t, gofakes3.New(backend, gofakes3.WithLogger(gofakes3.StdLog(log.New(io.Discard, "", 0)))).Server())
			b, err := publish.NewBucket(publish.Place{Address: "s3://advisories/www", Endpoint: address, Region: "us-east-1"},
				func(name string) string {
					return map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "s"}[name]
				})
			if err != nil {
				t.Fatal(err)
			}
			b.Stable = true
			return b, address + "/advisories/www"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			secret, key, err := manifest.NewKey(rand.Reader, "advisories.example")
			if err != nil {
				t.Fatal(err)
			}
			target, address := c.make(t)
			put := func(sequence uint64) {
				t.Helper()
				b, err := publish.Open(ctx, numbered(t, sequence, secret), []string{key})
				if err != nil {
					t.Fatal(err)
				}
				defer b.Close()
				if _, err := publish.Publish(ctx, target, b, publish.Options{Keep: 10}); err != nil {
					t.Fatal(err)
				}
			}
			r := newReader(t, address+"/"+manifest.HeadName, key)
			put(1)
			r.holds(1)
			put(2)
			r.holds(2)
			if _, err := publish.Rollback(ctx, target, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := r.u.Update(ctx); fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "a rollback") {
				t.Errorf("after a rollback: %v", err)
			}
			newReader(t, address+"/"+manifest.HeadName, key).holds(1) // somebody who was not there
			put(3)
			r.holds(3)

			// And everything that is published can be verified from outside.
			site, err := fetch.OpenSite(address, func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			x, err := manifest.Load(ctx, site.Open, []string{key})
			if err != nil {
				t.Fatal(err)
			}
			found, err := x.Manifest.Verify(ctx, site.Open, 2, nil)
			if err != nil || len(found) != 0 || x.Seal.Sequence != 3 {
				t.Errorf("sequence %d: found %v, %v", x.Seal.Sequence, found, err)
			}
		})
	}
}
