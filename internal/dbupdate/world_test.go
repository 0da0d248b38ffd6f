package dbupdate

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/fault"
	"nacre/index/manifest"
)

// today is what the clock of these tests shows.
var today = time.Date(2099, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a user with a data folder, and a server on this machine.
type world struct {
	*testing.T
	*Updater
	server *httptest.Server

	mu    sync.Mutex
	files map[string][]byte // by path
	// lie answers a request instead of the honest server; false: it does not.
	lie  func(w http.ResponseWriter, r *http.Request) bool
	seen []string // requests: path and the headers that ask for less
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, files: map[string][]byte{}}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.server.Close)
	dir := t.TempDir()
	w.Updater = &Updater{
		File: filepath.Join(dir, "nacre.db"), Trust: Trust(filepath.Join(dir, "keys")),
		Now: func() time.Time { return today },
	}
	return w
}

func (w *world) serve(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ask := r.URL.Path
	for _, name := range []string{"Range", "If-Range", "If-None-Match"} {
		if v := r.Header.Get(name); v != "" {
			ask += " " + name + "=" + strings.Trim(v, `"`)
		}
	}
	w.seen = append(w.seen, ask)
	if w.lie != nil && w.lie(out, r) {
		return
	}
	body, ok := w.files[r.URL.Path]
	if !ok {
		http.NotFound(out, r)
		return
	}
	out.Header().Set("ETag", tag(body))
	out.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(out, r, "", time.Time{}, bytes.NewReader(body))
}

// tag is the strong tag of a file.
func tag(body []byte) string { return `"` + sum(body)[:8] + `"` }

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// lies sets the server's lie, nil for none.
func (w *world) lies(lie func(http.ResponseWriter, *http.Request) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lie = lie
}

func (w *world) url(path string) string { return w.server.URL + path }

// update runs an update that must succeed.
func (w *world) update() Result {
	w.Helper()
	r, err := w.Update(context.Background())
	if err != nil {
		w.Fatalf("update: %v (hint: %s)", err, fault.HintOf(err))
	}
	return r
}

// refused runs an update that must fail with want in its error and of the kind,
// and leave everything as it was but for the parts.
func (w *world) refused(kind fault.Kind, want string, parts ...string) {
	w.Helper()
	before := w.folder()
	_, err := w.Update(context.Background())
	if err == nil || !strings.Contains(err.Error(), want) || fault.KindOf(err) != kind {
		w.Errorf("update ends with %v (%v), want %q (%v)", err, fault.KindOf(err), want, kind)
	}
	if err != nil && fault.HintOf(err) == "" {
		w.Errorf("no hint with %v", err)
	}
	after := w.folder()
	for name, content := range before {
		if now, ok := after[name]; (!ok || now != content) && !slices.Contains(parts, name) {
			if name == "nacre.db.part" || name == "nacre.db.part.json" {
				continue // a part may go
			}
			w.Errorf("%s has changed", name)
		}
	}
	for name := range after {
		_, ok := before[name]
		if !ok && !slices.Contains(parts, name) {
			w.Errorf("%s was left behind", name)
		}
	}
	for _, name := range parts {
		if _, ok := after[name]; !ok {
			w.Errorf("%s is not there to go on with", name)
		}
	}
}

var resumable = []string{"nacre.db.part", "nacre.db.part.json"}

// folder is the content of the user's folder, without the keys.
func (w *world) folder() map[string]string {
	w.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(filepath.Dir(w.File))
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(filepath.Dir(w.File), e.Name()))
		if err != nil {
			w.Fatal(err)
		}
		all[e.Name()] = string(content)
	}
	return all
}

// holds says that the database is these bytes.
func (w *world) holds(want []byte) {
	w.Helper()
	got, err := os.ReadFile(w.File)
	if err != nil || !bytes.Equal(got, want) {
		w.Errorf("the database is not the one that was published (%v)", err)
	}
}

// asked forgets the requests so far and gives them.
func (w *world) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen
	w.seen = nil
	return seen
}

// database makes a database with one advisory whose description has n bytes
// that do not pack.
func database(t *testing.T, built time.Time, n int) []byte {
	t.Helper()
	filler := make([]byte, n/2)
	if _, err := rand.Read(filler); err != nil {
		t.Fatal(err)
	}
	return databaseOf(t, advisory.Set{Records: []advisory.Record{{
		ID: "CVE-2099-0001", Description: hex.EncodeToString(filler),
		Affected: []advisory.Affected{{Dist: "Foo-Bar"}},
	}}}, built)
}

func databaseOf(t *testing.T, set advisory.Set, built time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := db.Write(&b, set, built); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// publisher signs the notes of one index. Its keys are new in every run.
type publisher struct {
	signer note.Signer
	key    string // the verifier key
}

func newPublisher(t *testing.T, name string) publisher {
	t.Helper()
	secret, key, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return publisher{signer, key}
}

func sign(t *testing.T, text string, by ...publisher) []byte {
	t.Helper()
	var signers []note.Signer
	for _, p := range by {
		signers = append(signers, p.signer)
	}
	out, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// index is what a publisher puts on the server.
type index struct {
	*world
	by publisher
}

func newIndex(t *testing.T) *index {
	t.Helper()
	i := &index{newWorld(t), newPublisher(t, "advisories.example")}
	i.Sources = []Source{{Kind: KindIndex, URL: i.url("/index"), Keys: []string{i.by.key}}}
	return i
}

// head describes a database of today.
func (i *index) head(sequence uint64, content []byte) manifest.Head {
	return manifest.Head{
		Sequence: sequence, Built: today, Expires: today.AddDate(0, 0, 7), Size: int64(len(content)),
		SHA256: sum(content), File: fmt.Sprintf("nacre-%d.db", sequence),
	}
}

// publish puts a database and its note on the server; change, where it is not
// nil, changes the note before it is signed.
func (i *index) publish(sequence uint64, change func(*manifest.Head)) []byte {
	i.Helper()
	content := database(i.T, today, 2000)
	h := i.head(sequence, content)
	if change != nil {
		change(&h)
	}
	i.put(h.Text(), fmt.Sprintf("/nacre-%d.db", sequence), content)
	return content
}

func (i *index) put(text, path string, content []byte, by ...publisher) {
	i.Helper()
	if len(by) == 0 {
		by = []publisher{i.by}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.files["/index"] = sign(i.T, text, by...)
	if content != nil {
		i.files[path] = content
	}
}
