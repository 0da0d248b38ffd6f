package publish

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/index/manifest"
)

// built is when the first index of these tests was made; each one is made a day
// after the one before, and expires a week later.
var built = time.Date(2099, 3, 1, 12, 0, 0, 0, time.UTC)

// key signs indexes; it is new in each run.
type key struct {
	note.Signer
	public string
}

func newKey(t testing.TB) key {
	t.Helper()
	secret, public, err := manifest.NewKey(rand.Reader, "advisories.example")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := manifest.ParseKey([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return key{s, public}
}

// site is an index to be built: its files by path.
type site map[string]string

// pages is the site of a sequence: two pages that all have, and some that are
// different in each.
func pages(sequence uint64) site {
	return site{
		"about/index.html":          "about",
		"assets/style.12345678.css": "p {}",
		"index.html":                fmt.Sprint("build ", sequence),
		"dist/Foo-Bar.json":         fmt.Sprintf(`{"build":%d}`, sequence),
		fmt.Sprintf("advisory/CVE-2099-%04d.json", sequence): "{}",
		manifest.DatabaseName:                                fmt.Sprint("database ", sequence),
	}
}

// terms are those of the index of a sequence.
func terms(sequence uint64) manifest.Terms {
	at := built.AddDate(0, 0, int(sequence))
	return manifest.Terms{Built: at, Database: at, Expires: at.AddDate(0, 0, 7)}
}

// write writes an index into a new folder.
func (s site) write(t testing.TB, sequence uint64, terms manifest.Terms, by ...key) string {
	t.Helper()
	dir := t.TempDir()
	s.writeTo(t, dir, sequence, terms, by...)
	return dir
}

func (s site) writeTo(t testing.TB, dir string, sequence uint64, terms manifest.Terms, by ...key) {
	t.Helper()
	var files []manifest.File
	for path, text := range s {
		sum := sha256.Sum256([]byte(text))
		files = append(files, manifest.File{Path: path, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
		put(t, filepath.Join(dir, path), text)
	}
	m, err := manifest.Make(manifest.Manifest{Generator: "nacred", Day: terms.Built.Format(time.DateOnly), Sequence: sequence}, files)
	if err != nil {
		t.Fatal(err)
	}
	var signers []note.Signer
	for _, k := range by {
		signers = append(signers, k)
	}
	list, seal, head, err := m.Notes(terms, signers...)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, manifest.ListName), string(list))
	put(t, filepath.Join(dir, manifest.SealName), string(seal))
	put(t, filepath.Join(dir, manifest.HeadName), string(head))
}

func put(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// open opens a built index.
func open(t testing.TB, dir string) *Built {
	t.Helper()
	b, err := Open(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// list is the releases in short: "42* 41", the current one with a star, one that
// was rolled back with a minus.
func list(t testing.TB, target Target) string {
	t.Helper()
	all, err := target.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, r := range all {
		word := fmt.Sprint(r.Sequence)
		if r.Current {
			word += "*"
		}
		if r.RolledBack {
			word += "-"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// whole checks that the current release is there and as it was listed.
func whole(t testing.TB, target Target, sequence uint64) {
	t.Helper()
	all, err := target.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	i := current(all)
	if i < 0 || sequence != 0 && all[i].Sequence != sequence {
		t.Fatalf("current is number %d of %+v, want sequence %d", i, all, sequence)
	}
	for _, r := range all {
		x, err := manifest.Load(context.Background(), target.open(r.Name), nil)
		if err != nil {
			t.Fatalf("release %s: %v", r.Name, err)
		}
		found, err := x.Manifest.Verify(context.Background(), target.open(r.Name), 4, nil)
		if err != nil || len(found) > 0 {
			t.Fatalf("release %s: %v, %v", r.Name, found, err)
		}
	}
}
