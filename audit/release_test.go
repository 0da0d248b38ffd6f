package audit_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nacre/audit"
)

// TestUnreadMeta: a META that cannot be read is told, and the answer lacks
// something where no other says the same.
func TestUnreadMeta(t *testing.T) {
	const broken, whole = `{"name":"Foo-Bar","version":`, "name: Foo-Bar\nversion: 1.20\n"
	const told = "META.json cannot be read: line 1: no JSON: unexpected EOF"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"alone":      {map[string]string{"META.json": broken}, []string{":0 note: " + told + " (partial true)"}},
		"META.yml":   {map[string]string{"META.json": broken, "META.yml": whole}, []string{":0 note: " + told + " (partial false)"}},
		"as it is":   {map[string]string{"META.yml": whole}, nil},
		"a checkout": {map[string]string{"lib/Foo.pm": "1;\n"}, nil},
	} {
		if d := gocmp.Diff(c.want, run(t, c.files, audit.Options{})); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}
