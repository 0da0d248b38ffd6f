package fetch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzResumable: a part is gone on with only where what is known of it fits the
// download, and else nothing is left of it.
func FuzzResumable(f *testing.F) {
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\"","total":9}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"W/\"a\""}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\"","total":-1}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://a.example/x","etag":"\"a\r\nHost: b\""}`), []byte("abc"))
	f.Add([]byte(`{"url":"https://b.example/x","etag":"\"a\""}`), []byte(""))
	f.Fuzz(func(t *testing.T, about, part []byte) {
		d := &Download{Address: "https://a.example/x", Part: filepath.Join(t.TempDir(), "part"), Max: 16}
		for name, text := range map[string][]byte{d.Part: part, d.Part + ".json": about} {
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, offset := d.resumable()
		if offset == 0 {
			if left, _ := filepath.Glob(d.Part + "*"); len(left) > 0 || p != (partial{}) {
				t.Errorf("nothing to go on with, and %v %+v is left", left, p)
			}
			return
		}
		control := func(r rune) bool { return r < ' ' || r == 0x7f }
		if offset != int64(len(part)) || offset >= d.Max || p.URL != d.Address || p.Total != 0 && p.Total <= offset ||
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
			return os.WriteFile(name, []byte(about+strings.Repeat(" ", maxAbout)), 0o600)
		}, 0},
		{"a link", func(name string) error {
			if err := os.WriteFile(name+".other", []byte(about), 0o600); err != nil {
				return err
			}
			return os.Symlink(name+".other", name)
		}, 0},
	} {
		d := &Download{Address: "https://a.example/x", Part: filepath.Join(t.TempDir(), "part"), Max: 16}
		if err := os.WriteFile(d.Part, []byte("abc"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.lay(d.Part + ".json"); err != nil {
			t.Skip("SKIPPED: no links here:", err)
		}
		if _, got := d.resumable(); got != c.want {
			t.Errorf("%s: goes on at %d, want %d", c.name, got, c.want)
		}
	}
}
