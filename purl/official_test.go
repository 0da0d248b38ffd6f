package purl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"nacre/internal/testkit"
	"nacre/purl"
)

// parts is what the official cases call the components of a package URL.
type parts struct {
	Type       string            `json:"type"`
	Namespace  string            `json:"namespace"`
	Name       string            `json:"name"`
	Version    string            `json:"version"`
	Qualifiers map[string]string `json:"qualifiers"`
	Subpath    string            `json:"subpath"`
}

// The cases of package-url/purl-spec for the types that a bill of materials of
// Perl meets.
func TestOfficialCases(t *testing.T) {
	folder := filepath.Join(testkit.Data(t), "purl")
	for file, want := range map[string]int{"cpan": 35, "deb": 0, "generic": 0, "github": 0} {
		b, err := os.ReadFile(filepath.Join(folder, file+"-test.json"))
		if err != nil {
			t.Fatal(err)
		}
		var cases struct {
			Tests []struct {
				Description string          `json:"description"`
				Type        string          `json:"test_type"`
				Input       json.RawMessage `json:"input"`
				Want        json.RawMessage `json:"expected_output"`
				Fails       bool            `json:"expected_failure"`
			} `json:"tests"`
		}
		if err := json.Unmarshal(b, &cases); err != nil {
			t.Fatal(err)
		}
		if n := len(cases.Tests); n == 0 || want > 0 && n != want {
			t.Errorf("%s: %d cases", file, n)
		}
		for _, c := range cases.Tests {
			var p purl.PURL
			var err error
			if c.Type == "build" {
				in := decode[parts](t, c.Input)
				p, err = purl.New(in.Type, in.Namespace, in.Name, in.Version, in.Qualifiers, in.Subpath)
			} else {
				p, err = purl.Parse(decode[string](t, c.Input))
			}
			if (err != nil) != c.Fails {
				t.Errorf("%s: %s: %s: %v", file, c.Description, c.Input, err)
			}
			if c.Fails || err != nil {
				continue
			}
			if c.Type != "parse" {
				if want := decode[string](t, c.Want); p.String() != want {
					t.Errorf("%s: %s: got %s, want %s", file, c.Input, p, want)
				}
				continue
			}
			in := decode[parts](t, c.Want)
			want, err := purl.New(in.Type, in.Namespace, in.Name, in.Version, in.Qualifiers, in.Subpath)
			if err != nil || p.String() != want.String() || p.Namespace() != in.Namespace || p.Name() != in.Name || p.Version() != in.Version || p.Subpath() != in.Subpath || len(p.Qualifiers()) != len(in.Qualifiers) {
				t.Errorf("%s: %s: got %s, want %+v", file, c.Input, p, in)
			}
			for k, v := range in.Qualifiers {
				if p.Qualifier(k) != v {
					t.Errorf("%s: %s: qualifier %s is %q, want %q", file, c.Input, k, p.Qualifier(k), v)
				}
			}
		}
	}
}

func decode[T any](t *testing.T, raw json.RawMessage) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}
