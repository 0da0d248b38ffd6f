package cpansa_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/internal/testkit"
)

// memo remembers in a map and counts what it did not know.
type memo struct {
	m      map[cpansa.Sum]string
	missed int
}

func (m *memo) Get(sum cpansa.Sum) (string, bool) {
	s, ok := m.m[sum]
	if !ok {
		m.missed++
	}
	return s, ok
}
func (m *memo) Put(sum cpansa.Sum, packed string) { m.m[sum] = packed }

// same says whether two readings gave the same, errors included.
func same(t testing.TB, a, b advisory.Batch) bool {
	t.Helper()
	var texts [2]string
	for i, batch := range []advisory.Batch{a, b} {
		var refused []string
		for j := range batch.Items {
			refused = append(refused, fmt.Sprint(batch.Items[j].Refused))
			batch.Items[j].Refused = nil
		}
		text, err := json.Marshal(batch)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text) + strings.Join(refused, "\n")
		for j := range batch.Items { // which the caller compares again
			if batch.Items[j].Record == nil {
				batch.Items[j].Refused = errors.New(refused[j])
			}
		}
	}
	return texts[0] == texts[1]
}

// What is read with a memo, empty or full, is what is read without one, and a
// document that was parsed once is not parsed again.
func TestMemo(t *testing.T) {
	fsys := os.DirFS(filepath.Join(testkit.Data(t), "cpansa"))
	plainDir, err := cpansa.ReadDir(fsys)
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(fsys, "cpan-security-advisory.json")
	if err != nil {
		t.Fatal(err)
	}
	plainIndex, err := cpansa.ReadJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	m := &memo{m: map[cpansa.Sum]string{}}
	r := cpansa.Reader{Memo: m}
	for _, what := range []string{"an empty memo", "a full one", "a damaged one"} {
		m.missed = 0
		if what == "a damaged one" {
			for sum, packed := range m.m {
				m.m[sum] = packed[:len(packed)-1]
			}
		}
		dir, err := r.ReadDir(fsys)
		if err != nil {
			t.Fatal(err)
		}
		index, err := r.ReadJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if !same(t, plainDir, dir) {
			t.Errorf("%s: the folder is another", what)
		}
		if !same(t, plainIndex, index) {
			t.Errorf("%s: the index is another", what)
		}
		if (m.missed > 0) != (what == "an empty memo") {
			t.Errorf("%s: %d documents were not known", what, m.missed)
		}
	}
}

// FuzzMemo: whatever a report or an index is, a memo changes nothing.
func FuzzMemo(f *testing.F) {
	seeds(f, ".yml", func(data []byte) { f.Add(data) })
	seeds(f, ".json", func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"cpansa/a.yml": {Data: data}, "external_reports/b.yml": {Data: data}}
		r := cpansa.Reader{Memo: &memo{m: map[cpansa.Sum]string{}}}
		plain, err := cpansa.ReadDir(fsys)
		if err != nil {
			t.Fatal(err)
		}
		plainIndex, plainErr := cpansa.ReadJSON(bytes.NewReader(data))
		for range 2 {
			b, err := r.ReadDir(fsys)
			if err != nil || !same(t, plain, b) {
				t.Errorf("%v, or another folder", err)
			}
			b, err = r.ReadJSON(bytes.NewReader(data))
			if (err == nil) != (plainErr == nil) || !same(t, plainIndex, b) {
				t.Errorf("%v and %v, or another index", plainErr, err)
			}
		}
	})
}

// fixed gives one text for every document.
type fixed string

func (f fixed) Get(cpansa.Sum) (string, bool) { return string(f), true }
func (f fixed) Put(cpansa.Sum, string)        {}

// FuzzPacked: whatever a memo gives, reading ends in a sound batch.
func FuzzPacked(f *testing.F) {
	for _, s := range []string{"", "1", "1\x02\x03abc", "1\x04\x01\x01a\x02\x01b", "1\x03\xff\xff\xff\xff\x0f", "1d\x03Foo\x04\x00", "1m\x00\x01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, packed string) {
		r := cpansa.Reader{Memo: fixed(packed)}
		const report = "distribution: Foo\nadvisories: [{id: CPANSA-Foo-2099-01}]\n"
		if b, err := r.ReadDir(fstest.MapFS{"a.yml": {Data: []byte(report)}}); err == nil {
			sound(t, &b)
		}
		if b, err := r.ReadJSON(strings.NewReader(`{"dists":{}}`)); err == nil {
			sound(t, &b)
		}
	})
}
