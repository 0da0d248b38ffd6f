package dbupdate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/fault"
)

// TestReadStateRefuses: what is no state is never taken for a new beginning.
func TestReadStateRefuses(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"empty", ""},
		{"null", "null"},
		{"an object without a schema", "{}"},
		{"another schema", `{"schema":"nacre.update/2","installed":{}}`},
		{"an unknown key", `{"schema":"nacre.update/1","installed":{},"more":1}`},
		{"cut off", `{"schema":"nacre.update/1","installed":{`},
		{"two", `{"schema":"nacre.update/1","installed":{}} {}`},
		{"large", `{"schema":"nacre.update/1","installed":{}}` + strings.Repeat(" ", maxState)},
	} {
		name := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(name, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := readState(name); err == nil {
			t.Errorf("%s: read as %+v", c.name, s)
		}
	}
}

// FuzzReadState: what is read has its schema and all its maps, and is the same
// after it was written and read again.
func FuzzReadState(f *testing.F) {
	f.Add([]byte(`{"schema":"nacre.update/1","installed":{"source":"https://a.example/x","unsigned":true}}`))
	f.Add([]byte(`{"schema":"nacre.update/1","installed":{},"indexes":{"a":null,"b":{"sequence":3,"sha256":"00","expires":"2099-01-01T00:00:00Z","learned":[{"key":"k","by":"l"}],"retired":["l"]}}}`))
	f.Add([]byte(`{"schema":"nacre.update/1","installed":{},"made":{"https://a.example/x":"2099-01-01T00:00:00+01:00"}}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, text []byte) {
		name := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := readState(name)
		if err != nil {
			if fault.KindOf(err) != fault.Conflict && fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind of %v", err)
			}
			return
		}
		if s.Schema != stateSchema || s.Indexes == nil || s.Made == nil {
			t.Fatalf("read as %+v", s)
		}
		for index, l := range s.Indexes {
			if l == nil {
				t.Fatalf("index %q is nil", index)
			}
		}
		if err := s.write(name); err != nil {
			t.Fatal(err)
		}
		again, err := readState(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s, again, cmp.AllowUnexported(state{}, installed{}, lineage{}, learned{})); d != "" {
			t.Errorf("read again (-first, +again):\n%s", d)
		}
	})
}

// FuzzResumable: a part is gone on with only where what is known of it fits the
// download, and else nothing is left of it.
func FuzzResumable(f *testing.F) {
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\"","total":9}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"W/\"a\""}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\"","total":-1}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\r\nHost: b\""}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://b.example/x","etag":"\"a\""}`), []byte(""))
	f.Fuzz(func(t *testing.T, about, part []byte) {
		d := &download{address: "https://a.example/x", part: filepath.Join(t.TempDir(), "part"), max: 16}
		for name, text := range map[string][]byte{d.part: part, d.part + ".json": about} {
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, offset := d.resumable()
		if offset == 0 {
			if left, _ := filepath.Glob(d.part + "*"); len(left) > 0 || p != (partial{}) {
				t.Errorf("nothing to go on with, and %v %+v is left", left, p)
			}
			return
		}
		control := func(r rune) bool { return r < ' ' || r == 0x7f }
		if offset != int64(len(part)) || offset >= d.max || p.URL != d.address || p.Total != 0 && p.Total <= offset ||
			!strings.HasPrefix(p.ETag, `"`) || strings.ContainsFunc(p.ETag, control) {
			t.Errorf("goes on at %d of %+v", offset, p)
		}
	})
}

// TestResumablePlainFile: what is known of a part is a plain file of a bounded
// size; anything else is removed with the part.
func TestResumablePlainFile(t *testing.T) {
	about := `{"url":"https://a.example/x","etag":"\"a\""}`
	for _, c := range []struct {
		name string
		lay  func(name string) error
		want int64
	}{
		{"a plain file", func(name string) error { return os.WriteFile(name, []byte(about), 0o600) }, 3},
		{"large", func(name string) error {
			return os.WriteFile(name, []byte(about+strings.Repeat(" ", maxState)), 0o600)
		}, 0},
		{"a link", func(name string) error {
			if err := os.WriteFile(name+".other", []byte(about), 0o600); err != nil {
				return err
			}
			return os.Symlink(name+".other", name)
		}, 0},
	} {
		d := &download{address: "https://a.example/x", part: filepath.Join(t.TempDir(), "part"), max: 16}
		if err := os.WriteFile(d.part, []byte("abc"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.lay(d.part + ".json"); err != nil {
			t.Skip("SKIPPED: no links here:", err)
		}
		if _, got := d.resumable(); got != c.want {
			t.Errorf("%s: goes on at %d, want %d", c.name, got, c.want)
		}
	}
}
