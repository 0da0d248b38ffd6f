package perlver_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"nacre/perlver"
)

// rows reads a table of testdata: one row a line, columns between tabs, lines
// that start with # left out. No table may lose its rows unnoticed.
func rows(t *testing.T, name string, atLeast int) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\n"), "\n") {
		if !strings.HasPrefix(line, "#") {
			table = append(table, strings.Split(line, "\t"))
		}
	}
	if len(table) < atLeast {
		t.Fatalf("%s has %d rows, want at least %d", name, len(table), atLeast)
	}
	return table
}

func unquote(t *testing.T, s string) string {
	t.Helper()
	u, err := strconv.Unquote(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return u
}

func parse(t testing.TB, s string) perlver.Version {
	t.Helper()
	v, err := perlver.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func yes(b bool, y string) string {
	if b {
		return y
	}
	return "-"
}

func TestParse(t *testing.T) {
	for _, row := range rows(t, "parse.txt", 87) {
		text := unquote(t, row[0])
		v, err := perlver.Parse(text)
		lax, strict := yes(perlver.IsLax(text), "y"), yes(perlver.IsStrict(text), "y")
		var got []string
		if err != nil {
			reason, _ := strings.CutPrefix(err.Error(), "version "+row[0]+": ")
			got = []string{row[0], "error: " + reason, lax, strict}
		} else {
			// The components with the zeros at their end are in the normal
			// form; a decimal version may have fewer than that pads.
			c := strings.ReplaceAll(strings.TrimPrefix(v.Normal(), "v"), ".", ",")
			if want := strings.Count(row[1], ","); want < 2 && !v.IsDotted() {
				parts := strings.Split(c, ",")
				c = strings.Join(parts[:want+1], ",")
			}
			kind := "decimal"
			if v.IsDotted() {
				kind = "dotted"
			}
			bang := ""
			if v.Warnings() != nil {
				bang = "!"
			}
			got = []string{row[0], "[" + c + "]" + bang, kind, yes(v.IsAlpha(), "y"), lax, strict, v.Normal(), v.Numify()}
			if v.String() != text {
				t.Errorf("Parse(%s).String() = %q", row[0], v.String())
			}
		}
		if g, w := strings.Join(got, " | "), strings.Join(row, " | "); g != w {
			t.Errorf("got  %s\nwant %s", g, w)
		}
		exact, err := perlver.ParseExact(text)
		if clean := !strings.HasPrefix(row[1], "error") && !strings.HasSuffix(row[1], "!"); (err == nil) != clean {
			t.Errorf("ParseExact(%s) = %v, %v", row[0], exact, err)
		}
	}
}

func TestOrder(t *testing.T) {
	signs := map[string]int{"<": -1, "=": 0, ">": 1}
	for _, row := range rows(t, "order.txt", 55) {
		a, b, want := parse(t, row[0]), parse(t, row[2]), signs[row[1]]
		if got, back := a.Compare(b), b.Compare(a); got != want || back != -want {
			t.Errorf("%s against %s: %d and back %d, want %s", a, b, got, back, row[1])
		}
		if a.Equal(b) != (want == 0) || (a.Key() == b.Key()) != (want == 0) {
			t.Errorf("%s (key %s) and %s (key %s), want %s", a, a.Key(), b, b.Key(), row[1])
		}
	}
}

func TestWarningsNameWhatIsIgnored(t *testing.T) {
	for text, want := range map[string]string{
		"1.2 3":         `ignored after the version: " 3"`,
		"1.2\x00x":      "ignored from the NUL byte on",
		"99999999999.1": "a number above 2147483647 is read as 2147483647, and what follows it is dropped",
	} {
		if got := strings.Join(parse(t, text).Warnings(), "; "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if w := parse(t, "1.2").Warnings(); w != nil {
		t.Errorf("1.2 warns: %q", w)
	}
}

func TestZeroVersion(t *testing.T) {
	var none perlver.Version
	if !none.IsZero() || parse(t, "0").IsZero() {
		t.Error("the zero Version is no version, and the version 0 is one")
	}
	if none.Key() != "" || parse(t, "0").Key() != "0" {
		t.Error("their keys must differ")
	}
	r := perlver.ParseCPANSA([]string{">=0"})
	if got, why := r.Contains(none); got != perlver.Unknown || why == "" {
		t.Errorf("no version is %v in >=0 (%s)", got, why)
	}
}

func TestApproximate(t *testing.T) {
	for _, c := range []struct{ text, note string }{
		{"1.2", ""},
		{"1.2 ", ""},
		{"undef", ""},
		{"2.00-TRIAL", "compared as 2.00: -TRIAL dropped"},
		{"2.00-TRIAL2", "compared as 2.00: -TRIAL2 dropped"},
		{"2.00-trial", "compared as 2.00: -trial dropped"},
		{"5.36.1-RC2", "compared as 5.36.1: -RC2 dropped"},
		{"1.5-withoutworldwriteables", "compared as 1.5: -withoutworldwriteables dropped"},
		{"1.5-TRIAL-withoutworldwriteables", "compared as 1.5: -withoutworldwriteables dropped, -TRIAL dropped"},
		{"0.03-1", "compared as 0.03: revision -1 dropped"},
		{"1.2-3", "compared as 1.2: revision -3 dropped"},
		{"V1.0", "compared as v1.0: V lowered"},
		{"V1.0-TRIAL", "compared as v1.0: V lowered, -TRIAL dropped"},
		{"1_11", "compared as 1.11: a guess, _ taken for a dot"},
		{"2.00a", "compared as 2.00: a dropped"},
		{"2.00-beta", "compared as 2.00: -beta dropped"},
		{"0.16_rc1", "compared as 0.16: _rc1 dropped"},
		{"0.01-alpha2", "compared as 0.01: -alpha2 dropped"},
		{"1.2.3-r4", "compared as 1.2.3: -r4 dropped"},
		{"3.02_", "compared as 3.02: _ at the end dropped"},
	} {
		v, note, err := perlver.Approximate(c.text)
		if err != nil || note != c.note {
			t.Errorf("%q: note %q, error %v; want %q", c.text, note, err, c.note)
		}
		if want, _, ok := strings.Cut(strings.TrimPrefix(c.note, "compared as "), ": "); ok && !v.Equal(parse(t, want)) {
			t.Errorf("%q: compared as %s, want %s", c.text, v, want)
		}
	}
	for _, text := range []string{"", "latest", "0.1__2", "1e5", "-1", "-TRIAL", "v", "V", "a", "1.2 beta 3", "\xff", "_", "1.2,3"} {
		if v, note, err := perlver.Approximate(text); err == nil {
			t.Errorf("%q is compared as %s (%s), want an error", text, v, note)
		}
	}
}

func TestRequirements(t *testing.T) {
	for _, row := range rows(t, "requirements.txt", 40) {
		var all perlver.Requirement
		var err error
		for q := range strings.SplitSeq(row[0], " ; ") {
			var r perlver.Requirement
			if r, err = perlver.ParseRequirement(unquote(t, q)); err != nil {
				break
			}
			if (unquote(t, q) == "") != (r.Warnings() != nil) {
				t.Errorf("%s: warnings %q", q, r.Warnings())
			}
			if all, err = all.And(r); err != nil {
				break
			}
		}
		if want, ok := strings.CutPrefix(row[1], "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want %s", row[0], err, want)
			}
			continue
		}
		if err != nil || all.String() != row[1] {
			t.Errorf("%s: stored %q, error %v; want %q", row[0], all, err, row[1])
			continue
		}
		if all.IsAny() != (row[1] == "0") {
			t.Errorf("%s: IsAny = %v", row[0], all.IsAny())
		}
		for text := range strings.FieldsSeq(row[2]) {
			name, not := strings.CutPrefix(text, "!")
			v := parse(t, name)
			in, _ := all.Range().Contains(v)
			if all.Accepts(v) == not || (in == perlver.True) == not {
				t.Errorf("%s: accepts %s: %v, its range: %v", row[0], name, all.Accepts(v), in)
			}
		}
	}
}

func TestRequirementMinimum(t *testing.T) {
	for text, want := range map[string]string{"1.3": "1.3", "> 1.3": "1.3", "== 1.3": "1.3", ">= 1, >= 2": "2", "< 3": "none", "0": "0"} {
		r, err := perlver.ParseRequirement(text)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if v, ok := r.Minimum(); ok {
			got = v.String()
		}
		if got != want {
			t.Errorf("minimum of %s is %s, want %s", text, got, want)
		}
	}
}
