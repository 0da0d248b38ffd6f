package publish

import (
	"fmt"
	"testing"
)

func TestParseName(t *testing.T) {
	for name, want := range map[string]uint64{
		"42-e3b0c44298fc": 42, "1-000000000000": 1, "18446744073709551615-e3b0c44298fc": 1<<64 - 1,
		"": 0, "42": 0, "42-": 0, "0-e3b0c44298fc": 0, "042-e3b0c44298fc": 0, "-1-e3b0c44298fc": 0, "+1-e3b0c44298fc": 0,
		"42-E3B0C44298FC": 0, "42-e3b0c44298f": 0, "42-e3b0c44298fc0": 0, "42-e3b0c44298f/": 0,
		".new-42-e3b0c44298fc": 0, "42-e3b0c44298fc.rolled-back": 0, "18446744073709551616-e3b0c44298fc": 0,
	} {
		r, ok := parseName(name)
		if ok != (want != 0) || ok && (r.Sequence != want || r.Name != name) {
			t.Errorf("%q is read as %+v, %v", name, r, ok)
		}
	}
}

// FuzzPointer: what is read out of current.json is the name of a release, and
// nothing else is a part of a path.
func FuzzPointer(f *testing.F) {
	f.Add([]byte(`{"schema":"nacre.current/1","release":"42-e3b0c44298fc"}`))
	f.Add([]byte(`{"schema":"nacre.current/1","release":"../42-e3b0c44298fc"}`))
	f.Add([]byte(`{"schema":"nacre.current/2"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		name, err := parsePointer(text)
		if err != nil {
			return
		}
		r, ok := parseName(name)
		if !ok || r.Sequence == 0 || len(name) != len(fmt.Sprint(r.Sequence))+1+digestDigits {
			t.Fatalf("%q names %q", text, name)
		}
	})
}
