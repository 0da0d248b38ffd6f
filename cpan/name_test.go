package cpan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/testkit"
)

func TestParseDist(t *testing.T) {
	for _, c := range []struct{ in, err, hint string }{
		{in: "Foo"},
		{in: "Foo-Bar"},
		{in: "libwww-perl"},
		{in: "perl"},
		{in: "Foo_Bar"},
		{in: "Task-Deprecations5_14"},
		{in: "Crypt-PBKDF2"},
		{in: "Foo-5"},
		{in: "Foo-v2"},
		{in: "Foo+Bar"},
		{in: strings.Repeat("x", 255)},
		{"", `distribution "": is empty`, "as in libwww-perl"},
		{"Foo::Bar", `distribution "Foo::Bar": is a module's name`, `often "Foo-Bar"`},
		{"Foo:Bar", `distribution "Foo:Bar": has a : in it`, ""},
		{"Foo Bar", `distribution "Foo Bar": has a blank in it`, ""},
		{"Foo\n", `distribution "Foo\n": has a blank in it`, ""},
		{"Foo\x00", `distribution "Foo\x00": has a character in it that cannot be seen`, ""},
		{"Foo\u202e", `distribution "Foo\u202e": has a character in it that cannot be seen`, ""},
		{"Foo\xff", `distribution "Foo\xff": is not UTF-8`, ""},
		{"../Foo", `distribution "../Foo": has a / in it`, ""},
		{strings.Repeat("x", 256), `distribution "` + strings.Repeat("x", 80) + `"...: is longer than 255 bytes (limit: name length)`, ""},
		{"Foo-Bar-1.23", `distribution "Foo-Bar-1.23": carries a version`, `is "Foo-Bar", its version "1.23"`},
		{"Foo-v1.2.3_4", `distribution "Foo-v1.2.3_4": carries a version`, `its version "v1.2.3_4"`},
		{"Foo-1.2-TRIAL3", `distribution "Foo-1.2-TRIAL3": carries a version`, `its version "1.2-TRIAL3"`},
		{"Foo-Bar-1.23.tar.gz", `distribution "Foo-Bar-1.23.tar.gz": is an archive's name`, `is "Foo-Bar", its version "1.23"`},
		{"Foo.tar.xz", `distribution "Foo.tar.xz": is an archive's name`, "leave out .tar.xz"},
	} {
		d, err := cpan.ParseDist(c.in)
		if c.err == "" {
			if err != nil || string(d) != c.in {
				t.Errorf("%q: got %q, %v", c.in, d, err)
			}
			continue
		}
		if err == nil || err.Error() != c.err || d != "" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: got %q, %v; want %s", c.in, d, err, c.err)
		} else if hint := fault.HintOf(err); hint == "" || !strings.Contains(hint, c.hint) {
			t.Errorf("%q: hint %q, want %q in it", c.in, hint, c.hint)
		}
	}
}

func TestParseAuthor(t *testing.T) {
	for _, in := range []string{"AUTHOR", "AB", "A1", "A-B", "ABCDEFGHI"} {
		if a, err := cpan.ParseAuthor(in); err != nil || string(a) != in {
			t.Errorf("%q: got %q, %v", in, a, err)
		}
	}
	for in, hint := range map[string]string{
		"author":     "upper case: AUTHOR",
		"":           "as in AUTHOR",
		"A":          "two to nine",
		"ABCDEFGHIJ": "two to nine",
		"1AB":        "two to nine",
		"A_B":        "two to nine",
		"AU/AUTHOR":  "two to nine",
		"AUTHOR\n":   "two to nine",
	} {
		if a, err := cpan.ParseAuthor(in); err == nil || a != "" || !strings.Contains(fault.HintOf(err), hint) {
			t.Errorf("%q: got %q, %v with hint %q", in, a, err, fault.HintOf(err))
		}
	}
}

func TestParseModule(t *testing.T) {
	for _, in := range []string{"Foo", "Foo::Bar", "_Foo::2", "perl", "Foo'Bar", "strict", "Foo::Bär", "Ünder::Foo"} {
		if m, err := cpan.ParseModule(in); err != nil || string(m) != in {
			t.Errorf("%q: got %q, %v", in, m, err)
		}
	}
	for in, hint := range map[string]string{
		"":                       "identifiers",
		"Foo::":                  "identifiers",
		"::Foo":                  "identifiers",
		"Foo:Bar":                "identifiers",
		"Foo:::Bar":              "identifiers",
		"1Foo":                   "identifiers",
		"Foo Bar":                "identifiers",
		"Foo\x00":                "identifiers",
		"Foo\xff":                "identifiers",
		strings.Repeat("x", 256): "identifiers",
		"Foo-Bar":                "distribution's name",
		"Foo/Bar.pm":             "is Foo::Bar",
	} {
		if m, err := cpan.ParseModule(in); err == nil || m != "" || !strings.Contains(fault.HintOf(err), hint) {
			t.Errorf("%q: got %q, %v with hint %q", in, m, err, fault.HintOf(err))
		}
	}
}

// What is in the advisory data is a name: a rule that refuses one is too strict.
func TestNamesOfTheAdvisoryData(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(testkit.Data(t), "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Module2Dist map[string]string          `json:"module2dist"`
		Dists       map[string]json.RawMessage `json:"dists"`
	}
	if err := json.Unmarshal(b, &data); err != nil {
		t.Fatal(err)
	}
	for m, d := range data.Module2Dist {
		if _, err := cpan.ParseModule(m); err != nil {
			t.Error(err)
		}
		if _, err := cpan.ParseDist(d); err != nil {
			t.Error(err)
		}
	}
	for d := range data.Dists {
		if _, err := cpan.ParseDist(d); err != nil {
			t.Error(err)
		}
	}
	if len(data.Dists) < 400 || len(data.Module2Dist) < 8000 {
		t.Errorf("only %d distributions and %d modules", len(data.Dists), len(data.Module2Dist))
	}
}

// What parses is what was given, and a distribution's archive is called by it.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"Foo-Bar", "Foo::Bar", "Foo'Bar", "AUTHOR", "Foo-1.2", "x.tar.gz", "Foo-v1.2-TRIAL", "\u202e", "Bär"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := cpan.ParseDist(s); err == nil && (string(d) != s || strings.ContainsAny(s, "/\n\x00 ")) {
			t.Errorf("dist %q: %q", s, d)
		}
		if a, err := cpan.ParseAuthor(s); err == nil && string(a) != s {
			t.Errorf("author %q: %q", s, a)
		}
		if m, err := cpan.ParseModule(s); err == nil {
			if d := string(cpan.DistFromModule(m)); string(m) != s || strings.Contains(d, ":") {
				t.Errorf("module %q: %q, %q", s, m, d)
			}
		}
	})
}
