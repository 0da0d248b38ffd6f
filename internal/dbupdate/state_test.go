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
