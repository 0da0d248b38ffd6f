package scan

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

func TestReadSettings(t *testing.T) {
	got, err := ReadSettings(strings.NewReader(`# what matters to us
fail-on: high
fail-on-unknown: true
strict: false
only-fixed: true
perl: 5.10        # a number to YAML, a version to us
db: data/nacre.db
max-db-age: 14
ignore:
  - id: cve-2099-0001
    distribution: Foo-Bar
    versions: "<1.5"
    path: Foo-Bar < Baz
    reason: |
      the parser is never given
      input from outside
    expires: 2099-06-30
    justification: vulnerable_code_not_in_execute_path
  - {id: CPANSA-Foo-Baz-2099-1, reason: seen, expires: "2099-01-01", versions: ["<1.10", "==2.0"]}
`))
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) advisory.Date {
		d, err := advisory.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := Settings{
		FailOn: "high", FailOnUnknown: true, OnlyFixed: true, Perl: "5.10", DB: "data/nacre.db", MaxDBAge: "14",
		Ignores: []Ignore{
			{
				ID: "CVE-2099-0001", Dist: "Foo-Bar", Versions: []string{"<1.5"}, Path: []cpan.Dist{"Foo-Bar", "Baz"},
				Reason: "the parser is never given input from outside", Expires: day("2099-06-30"),
				Justification: "vulnerable_code_not_in_execute_path", Line: 10,
			},
			{ID: "CPANSA-Foo-Baz-2099-1", Versions: []string{"<1.10", "==2.0"}, Reason: "seen", Expires: day("2099-01-01"), Line: 19},
		},
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b advisory.Date) bool { return a == b })); d != "" {
		t.Error(d)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n", "ignore:\n", "ignore: []\n"} {
		if s, err := ReadSettings(strings.NewReader(empty)); err != nil || len(s.Ignores) > 0 {
			t.Errorf("%q: %+v %v", empty, s, err)
		}
	}
}

// TestReadSettingsRefuses: every mistake is an error with its line and a hint.
func TestReadSettingsRefuses(t *testing.T) {
	ignore := func(lines string) string { return "ignore:\n  - " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n" }
	whole := "id: CVE-2099-0001\nreason: seen\nexpires: 2099-06-30\n"
	for _, c := range []struct{ name, yaml, want, hint string }{
		{"unknown key", "perl: 5.36.0\nfail_on: high\n", `nacre.yaml line 2: unknown key "fail_on"`, "did you mean fail-on?"},
		{"unknown key, far off", "colour: red\n", `nacre.yaml line 1: unknown key "colour"`, "there are author, db, fail-on"},
		{"unknown key of an ignore", ignore(whole + "expire: 2099-06-30"), `line 5: unknown key "expire"`, "did you mean expires?"},
		{"twice", "perl: a\nperl: b\n", "twice", "keep one"},
		{"unknown key, short", "a: 1\n", `nacre.yaml line 1: unknown key "a"`, "there are author, db, fail-on"},
		{"unknown key, short and near", "pel: 1\n", `nacre.yaml line 1: unknown key "pel"`, "did you mean perl?"},
		{"unknown key, cut off", "fail: high\n", `nacre.yaml line 1: unknown key "fail"`, "did you mean fail-on?"},
		{"a list for a value", "perl: [5.36.0]\n", "line 1: a list, where one value", "write a single value"},
		{"a map for a value", "perl: {a: b}\n", "line 1: a map, where one value", "write a single value"},
		{"no id", ignore("reason: seen\nexpires: 2099-06-30"), "line 2: an ignore without id", "name the advisory"},
		{"no reason", ignore("id: CVE-2099-0001\nexpires: 2099-06-30"), "line 2: the ignore of CVE-2099-0001 has no reason", "say why"},
		{"blank reason", ignore("id: CVE-2099-0001\nreason: ' '\nexpires: 2099-06-30"), "line 3: a value is missing", ""},
		{"no expiry", ignore("id: CVE-2099-0001\nreason: seen"), "line 2: the ignore of CVE-2099-0001 does not expire", "say when"},
		{"no date", ignore("id: CVE-2099-0001\nreason: seen\nexpires: never"), `line 4: expires: date "never"`, "write a day as YYYY-MM-DD"},
		{"a time", ignore("id: CVE-2099-0001\nreason: seen\nexpires: 2099-06-30T00:00:00Z"), "line 4: expires: date", ""},
		{"no clause", ignore(whole + "versions: before 1.5"), "line 5: versions: clause", "write clauses like"},
		{"no clauses", ignore(whole + "versions: []"), "line 5: versions is empty", "leave it out"},
		{"a module", ignore(whole + "distribution: Foo::Bar"), "line 5: distribution: distribution", "Foo-Bar"},
		{"no path", ignore(whole + "path: 'Foo-Bar <'"), "line 5: path", ""},
		{"no justification", ignore(whole + "justification: vulnerable_code_not_in_path"), "line 5: unknown justification", "there are component_not_present"},
		{"near justification", ignore(whole + "justification: component_not_presnt"), "line 5: unknown justification", "did you mean component_not_present?"},
		{"no list", "ignore: CVE-2099-0001\n", "line 1: ignore is not a list", "start each entry"},
		{"no map", "- a\n", "line 1: nacre.yaml is not a map", "docs/nacre-yaml.md"},
		{"ignore is text", "ignore:\n  - CVE-2099-0001\n", "line 2: an ignore is not a map", ""},
		{"no severity", "fail-on: bad\n", `line 1: no such severity: "bad"`, "use low"},
		{"no boolean", "strict: yes please\n", "line 1: neither true nor false", "write true or false"},
		{"no age", "max-db-age: a week\n", `line 1: no such age: "a week"`, "give days"},
		{"an alias", "perl: &a 5.36.0\ndb: *a\n", "line 2: aliases are not read", "write the value out"},
		{"two documents", "perl: 5.36.0\n---\nperl: 5.36.0\n", "more than one document", "take out the line ---"},
		{"not YAML", "perl: [\n", "nacre.yaml is no YAML", "docs/nacre-yaml.md"},
		{"not UTF-8", "perl: \xff\n", "not UTF-8", ""},
		{"deep", strings.Repeat("[", 100), "nacre.yaml is no YAML", ""},
		{"huge", "# " + strings.Repeat("x", maxSettings), "limit: nacre.yaml size", ""},
		{"many", "ignore:\n" + strings.Repeat("  - a\n", maxIgnores+1), "limit: ignores", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadSettings(strings.NewReader(c.yaml))
			if err == nil || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("error %v", err)
			}
			if fault.HintOf(err) == "" {
				t.Errorf("no hint: %v", err)
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) {
				t.Errorf("error %q, hint %q; want %q, %q", err, fault.HintOf(err), c.want, c.hint)
			}
		})
	}
}

func TestParseAge(t *testing.T) {
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{"7": 7 * day, "30d": 30 * day, "36h": 36 * time.Hour, "0": 0, "-1h": 0, "week": 0, "": 0, "d": 0, "1000000": 0, "0h": 0} {
		if got, err := ParseAge(s); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v %v", s, got, err)
		}
	}
}

// TestDocumentedSettings: the example of the document is read as it stands.
func TestDocumentedSettings(t *testing.T) {
	doc, err := os.ReadFile("../docs/nacre-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(doc, -1)
	if len(examples) == 0 {
		t.Fatal("the document has no example")
	}
	for _, e := range examples {
		if _, err := ReadSettings(strings.NewReader(string(e[1]))); err != nil {
			t.Errorf("%v in\n%s", err, e[1])
		}
	}
	for _, key := range append(settingKeys, ignoreKeys...) {
		if !strings.Contains(string(doc), "`"+key+"`") {
			t.Errorf("the document does not describe %s", key)
		}
	}
	for _, j := range justifications {
		if !strings.Contains(string(doc), "`"+j+"`") {
			t.Errorf("the document does not name %s", j)
		}
	}
}

func FuzzReadSettings(f *testing.F) {
	f.Add("fail-on: high\nignore:\n  - id: CVE-2099-0001\n    reason: r\n    expires: 2099-06-30\n    versions: [\"<1\"]\n    path: A < B\n")
	f.Add("a: &a [*a, *a]\n")
	f.Add("ignore: [{id: x}, {id: y, <<: z}]")
	f.Add("? [a]\n: b\n")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ReadSettings(strings.NewReader(s))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind of %v", err)
			}
			if fault.HintOf(err) == "" {
				t.Errorf("no hint: %v", err)
			}
			return
		}
		for _, g := range got.Ignores {
			if g.ID == "" || g.Reason == "" || g.Expires.IsZero() || g.Line < 1 {
				t.Errorf("an ignore without a reason: %+v", g)
			}
		}
	})
}
