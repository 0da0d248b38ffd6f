package perlver_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"nacre/perlver"
)

// check asks for v in r; an unknown answer must say why, and no other may.
func check(t *testing.T, what string, r perlver.Range, v, want string) {
	t.Helper()
	got, why := r.Contains(parse(t, v))
	if got.String() != want {
		t.Errorf("%s in %s: %v (%s), want %s", v, what, got, why, want)
	}
	if (got == perlver.Unknown) != (why != "") {
		t.Errorf("%s in %s is %v with the reason %q", v, what, got, why)
	}
}

func TestCPANSA(t *testing.T) {
	for _, row := range rows(t, "cpansa.txt", 49) {
		lists := [2][]string{}
		for i, cell := range row[1:3] {
			if cell != "[]" {
				lists[i] = strings.Split(cell, " | ")
			}
		}
		check(t, "affected "+row[1], perlver.ParseCPANSA(lists[0]), row[0], row[3])
		check(t, "fixed "+row[2], perlver.ParseCPANSAFixed(lists[1]), row[0], row[4])
	}
}

func TestCPANSASaysWhatItDoubts(t *testing.T) {
	r := perlver.ParseCPANSA([]string{"<1.3", "latest", ">=1.0 || <0.5"})
	want := []string{`clause "latest": non-numeric data`, `clause ">=1.0 || <0.5": non-numeric data`}
	if got := r.Unreadable(); !slices.Equal(got, want) {
		t.Errorf("unreadable %q, want %q", got, want)
	}
	if _, why := r.Contains(parse(t, "1.4")); why != want[0] {
		t.Errorf("the reason is %q, want %q", why, want[0])
	}
	if r := perlver.ParseCPANSA([]string{"1.05"}); len(r.Warnings()) != 0 {
		t.Errorf("a bare affected version warns: %q", r.Warnings())
	}
	if r := perlver.ParseCPANSAFixed([]string{"1.05"}); len(r.Warnings()) != 1 {
		t.Errorf("a bare fixed version warns %q, want one warning", r.Warnings())
	}
	if !perlver.ParseCPANSA(nil).IsZero() || !perlver.ParseCPANSAFixed(nil).IsZero() || r.IsZero() {
		t.Error("IsZero must be true for the empty lists and only for them")
	}
}

func TestCNA(t *testing.T) {
	probes := []string{"0", "1", "1.49", "1.5", "2", "2.4999", "2.5", "2.5001", "3"}
	for _, row := range rows(t, "cna.txt", 22) {
		r, err := perlver.ParseCNA([]string{row[0]})
		if want, ok := strings.CutPrefix(row[1], "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: error %v, want %s", row[0], err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", row[0], err)
			continue
		}
		f := strings.Fields(strings.ReplaceAll(row[1], "-", " "+"- "))
		for i := range f {
			f[i] = strings.ReplaceAll(f[i], "-", "")
		}
		same := perlver.ParseCVE("unaffected", []perlver.CVEVersion{
			{Version: f[0], LessThan: f[1], LessThanOrEqual: f[2], Status: "affected"},
		})
		for _, p := range probes {
			want, _ := same.Contains(parse(t, p))
			check(t, row[0], r, p, want.String())
		}
	}
	if r, err := perlver.ParseCNA(nil); err != nil || !r.IsZero() {
		t.Errorf("no element: %v, %v", r, err)
	}
}

func TestCNAVerdicts(t *testing.T) {
	verdict := map[string]string{"affected": "true", "unaffected": "false"}
	for _, row := range rows(t, "cve.txt", 15) {
		r, err := perlver.ParseCNA([]string{row[0]})
		if err != nil {
			t.Fatal(err)
		}
		check(t, row[0], r, row[1], verdict[row[2]])
	}
}

func TestCVE(t *testing.T) {
	const (
		simple  = `[{"version":"1.5","lessThan":"1.9","status":"affected"}]`
		changes = `[{"version":"1","lessThan":"*","status":"affected","changes":[{"at":"1.5","status":"unaffected"},{"at":"1.7","status":"affected"}]}]`
		badAt   = `[{"version":"1","lessThan":"2","status":"affected","changes":[{"at":"n/a","status":"unaffected"}]}]`
		first   = `[{"version":"1.5","status":"unaffected"},{"version":"1","lessThan":"2","status":"affected"}]`
		prose   = `[{"version":"before 1.2","status":"affected"}]`
		half    = `[{"version":"1.0","lessThan":"unspecified","status":"affected"}]`
		git     = `[{"version":"1.0","versionType":"git","status":"affected"}]`
		besides = `[{"version":"0","lessThan":"*","versionType":"semver","status":"affected"},{"version":"1.5","lessThan":"1.9","versionType":"custom","status":"affected"}]`
		both    = `[{"version":"1.0","lessThan":"2","lessThanOrEqual":"2","status":"affected"}]`
		unknown = `[{"version":"1.0","lessThan":"2","status":"unknown"}]`
		harm    = `[{"version":"n/a","status":"unaffected"}]`
	)
	for _, c := range []struct{ otherwise, versions, v, want string }{
		{"unaffected", simple, "1.5", "true"},
		{"unaffected", simple, "1.9", "false"},
		{"affected", simple, "1.9", "true"},
		{"unknown", simple, "1.9", "unknown"},
		{"", simple, "1.9", "unknown"},
		{"", simple, "1.6", "true"},
		{"", "[]", "1.6", "unknown"},
		{"affected", "[]", "1.6", "true"},
		{"odd", simple, "1.9", "unknown"},
		{"unaffected", changes, "1.4", "true"},
		{"unaffected", changes, "1.5", "false"},
		{"unaffected", changes, "1.69", "false"},
		{"unaffected", changes, "1.7", "true"},
		{"unaffected", changes, "9", "true"},
		{"unaffected", changes, "0.9", "false"},
		{"unaffected", badAt, "1.5", "unknown"},
		{"unaffected", badAt, "2", "false"},
		{"affected", first, "1.5", "false"},
		{"affected", first, "1.6", "true"},
		{"unaffected", prose, "1.0", "unknown"},
		{"affected", prose, "1.0", "true"}, // whatever the prose says, the answer is the same
		{"unaffected", half, "1.5", "unknown"},
		{"unaffected", half, "0.9", "false"},
		{"unaffected", git, "1.0", "unknown"},
		{"unaffected", besides, "1.0", "false"}, // the git entry is not about releases of CPAN
		{"unaffected", besides, "1.6", "true"},
		{"unaffected", both, "1.5", "unknown"},
		{"unaffected", both, "0.9", "false"},
		{"unaffected", unknown, "1.5", "unknown"},
		{"unaffected", unknown, "2.5", "false"},
		{"unaffected", harm, "1.5", "false"},
		{"affected", harm, "1.5", "unknown"},
	} {
		var versions []perlver.CVEVersion
		if err := json.Unmarshal([]byte(c.versions), &versions); err != nil {
			t.Fatal(err)
		}
		check(t, c.versions+" default "+c.otherwise, perlver.ParseCVE(c.otherwise, versions), c.v, c.want)
	}
}

func TestCVEWarnings(t *testing.T) {
	for versions, want := range map[string]string{
		`[{"version":"1","lessThan":"2","status":"affected"},{"version":"2","lessThan":"3","status":"affected"}]`:                          "",
		`[{"version":"1","lessThanOrEqual":"2","status":"affected"},{"version":"2","lessThan":"3","status":"affected"}]`:                   "overlap",
		`[{"version":"1","lessThan":"*","status":"affected"},{"version":"5","status":"affected"}]`:                                         "overlap",
		`[{"version":"3","status":"affected"},{"version":"3.0","status":"unaffected"}]`:                                                    "overlap",
		`[{"version":"3","lessThan":"2","status":"affected"}]`:                                                                             "empty",
		`[{"version":"3","status":"broken"}]`:                                                                                              "read as unknown",
		`[{"version":"3","status":"affected","versionType":"rpm"}]`:                                                                        "read as Perl versions",
		`[{"version":"f00d","status":"affected","versionType":"git"}]`:                                                                     "",
		`[{"version":"f00d","status":"affected","versionType":"git"},{"version":"3","status":"affected"}]`:                                 "passed over",
		`[{"version":"3","status":"affected","versionType":"custom"}]`:                                                                     "",
		`[{"version":"3","status":"affected","changes":[{"at":"3","status":"unaffected"}]}]`:                                               "no upper bound",
		`[{"version":"1","lessThan":"*","status":"affected","changes":[{"at":"3","status":"unaffected"},{"at":"2","status":"affected"}]}]`: "not in order",
	} {
		var vs []perlver.CVEVersion
		if err := json.Unmarshal([]byte(versions), &vs); err != nil {
			t.Fatal(err)
		}
		got := perlver.ParseCVE("unaffected", vs).Warnings()
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%s warns %q, want %q", versions, got, want)
		}
	}
}

func TestOSV(t *testing.T) {
	events := func(list string) string { return `[{"type":"ECOSYSTEM","events":[` + list + `]}]` }
	var (
		early    = events(`{"introduced":"0"},{"fixed":"1.4"}`)
		last     = events(`{"introduced":"1.0"},{"last_affected":"1.4"}`)
		shuffled = events(`{"fixed":"1.4"},{"introduced":"2.0"},{"introduced":"1.0"},{"last_affected":"2.10"}`)
		open     = events(`{"introduced":"1.0"}`)
		limit    = events(`{"introduced":"1.0"},{"limit":"1.5"},{"limit":"1.3"}`)
		endless  = events(`{"introduced":"1.0"},{"limit":"1.5"},{"limit":"*"}`)
		badLimit = events(`{"introduced":"1.0"},{"limit":"1.5"},{"limit":"n/a"}`)
		badFix   = events(`{"introduced":"1.0"},{"fixed":"latest"}`)
		badIntro = events(`{"introduced":"n/a"},{"introduced":"1.0"},{"fixed":"1.4"}`)
		one      = events(`{"introduced":"1.5"},{"last_affected":"1.5"}`)
		never    = events(`{"introduced":"1.5"},{"fixed":"1.5"}`)
		again    = events(`{"fixed":"1.5"},{"introduced":"1.5"}`)
		headless = events(`{"fixed":"1.5"}`)
		double   = events(`{"introduced":"1.0","fixed":"1.5"}`)
		git      = `[{"type":"GIT","events":[{"introduced":"0"}]}]`
		mixed    = `[{"type":"SEMVER","events":[{"introduced":"0"}]},{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":"1.4"}]}]`
	)
	for _, c := range []struct{ ranges, list, v, want string }{
		{early, "", "undef", "true"},
		{early, "", "1.39", "true"},
		{early, "", "1.4", "false"},
		{early, "", "1.40", "false"},
		{early, "1.5 1.6", "1.60", "true"}, // equal for version.pm, different as text
		{early, "1.5 1.6", "1.7", "false"},
		{early, "1.5 n/a", "1.5", "true"},
		{early, "1.5 n/a", "1.7", "unknown"},
		{last, "", "1.4", "true"},
		{last, "", "1.400", "true"},
		{last, "", "1.41", "false"},
		{last, "", "0.9", "false"},
		{shuffled, "", "1.2", "true"},
		{shuffled, "", "1.5", "false"},
		{shuffled, "", "2.1", "true"},
		{shuffled, "", "2.2", "false"},
		{open, "", "99", "true"},
		{limit, "", "1.4", "true"},
		{limit, "", "1.5", "false"},
		{endless, "", "9", "true"},
		{badLimit, "", "1.4", "true"},
		{badLimit, "", "1.6", "unknown"},
		{badLimit, "", "0.9", "false"},
		{badFix, "", "1.5", "unknown"},
		{badFix, "", "0.9", "false"},
		{badIntro, "", "1.2", "true"},
		{badIntro, "", "1.5", "unknown"},
		{one, "", "1.5", "true"},
		{one, "", "1.6", "false"},
		{never, "", "1.5", "false"},
		{again, "", "1.5", "true"},
		{headless, "", "1.2", "unknown"},
		{double, "", "1.2", "unknown"},
		{git, "", "1.2", "unknown"},
		{git, "1.2", "1.2", "true"},
		{mixed, "", "1.2", "true"},
		{mixed, "", "1.5", "false"}, // the SEMVER range is not about releases of CPAN
		{git, "1.2", "1.3", "false"},
		{git, "n/a", "1.3", "unknown"},
		{"[]", "1.5 2.00-TRIAL", "1.5", "true"},
		{"[]", "1.5 2.00-TRIAL", "1.6", "false"},
		{"[]", "1.5 2.00-TRIAL", "2.00", "unknown"},
		{"[]", "1.5 1_11", "1.110", "unknown"},
		{"[]", "1.5 99999999999", "99999999998", "unknown"}, // both are read as 2147483647
		{`[{"type":"RPM","events":[{"introduced":"0"}]}]`, "1.2", "1.3", "unknown"},
		{"[]", "", "1.2", "unknown"},
		{"[]", "1.2", "1.3", "false"},
		{events(""), "", "1.2", "unknown"},
	} {
		var ranges []perlver.OSVRange
		if err := json.Unmarshal([]byte(c.ranges), &ranges); err != nil {
			t.Fatal(err)
		}
		check(t, c.ranges+" "+c.list, perlver.ParseOSV(ranges, strings.Fields(c.list)), c.v, c.want)
	}
	for ranges, warns := range map[string]bool{one: true, never: true, early: false, git: false, mixed: true, shuffled: false, `[{"events":[{"introduced":"0"}]}]`: true} {
		r, err := perlver.ReadRange(perlver.OSV, ranges)
		if err != nil || (len(r.Warnings()) == 1) != warns {
			t.Errorf("%s warns %q, error %v; want a warning: %v", ranges, r.Warnings(), err, warns)
		}
	}
}

func TestReadRange(t *testing.T) {
	for _, c := range []struct {
		grammar perlver.Grammar
		text    string
		want    string // for version 1.2, or part of the error
	}{
		{perlver.CPANSA, `["<1.3"]`, "true"},
		{perlver.CPANSA, `"<1.1"`, "false"},
		{perlver.CPANSA, `[]`, "unknown"},
		{perlver.CPANSA, `["latest"]`, "unknown"},
		{perlver.CPANSA, `<1.3`, "invalid character"},
		{perlver.CPANSA, `[1.3]`, "another shape"},
		{perlver.CPANSA, `["<1.3",null]`, "null"},
		{perlver.CPANSA, `null`, "null"},
		{perlver.CPANSA, `{}`, "another shape"},
		{perlver.CPANSA, ``, "unexpected EOF"},
		{perlver.CPANSA, `["<1.3"`, "unexpected EOF"},
		{perlver.CPANSA, `["<1.3"] x`, "text after"},
		{perlver.CPANSA, `"<1.3" "<1.3"`, "text after"},
		{perlver.CNA, `"1.0 < 1.3"`, "true"},
		{perlver.CNA, `["1.3", "< 1.1"]`, "false"},
		{perlver.CNA, `[]`, "unknown"},
		{perlver.CNA, `[">=1.2"]`, "non-numeric data"},
		{perlver.CVE, `[{"version":"1.0","lessThan":"2","status":"affected"}]`, "true"},
		{perlver.CVE, `[{"version":"1.0","status":"affected"}]`, "false"},
		{perlver.CVE, `[]`, "unknown"},
		{perlver.CVE, `[{"version":1.0,"status":"affected"}]`, "another shape"},
		{perlver.CVE, `{"versions":[]}`, "another shape"},
		{perlver.CVE, `[null]`, "null"},
		{perlver.OSV, `[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]`, "true"},
		{perlver.OSV, `[]`, "unknown"},
		{perlver.OSV, `[{"type":"ECOSYSTEM","events":["0"]}]`, "another shape"},
		{perlver.Meta, `>= 1.1, < 1.3`, "true"},
		{perlver.Meta, `>= 1.3`, "false"},
		{perlver.Meta, `["1.3"]`, "non-numeric data"},
		{"semver", `1.3`, "no such grammar"},
	} {
		r, err := perlver.ReadRange(c.grammar, c.text)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			answer, _ := r.Contains(parse(t, "1.2"))
			got = answer.String()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %s, want %s", c.grammar, c.text, got, c.want)
		}
	}
}

func TestZeroRangeIsUnknown(t *testing.T) {
	var r perlver.Range
	check(t, "nothing", r, "1.2", "unknown")
	if !r.IsZero() {
		t.Error("the zero Range states something")
	}
}

// TestLongInputsEnd reads inputs of which each part could make each other part
// dearer: with a cost that is quadratic the test would go on for many minutes.
func TestLongInputsEnd(t *testing.T) {
	const n = 200_000
	long := "v1" + strings.Repeat(".0", n)
	t.Run("a long version in a list of short ones", func(t *testing.T) {
		r := perlver.ParseCPANSA(slices.Repeat([]string{"==1.0.1"}, n))
		check(t, "the list", r, long, "false")
	})
	t.Run("a long version with many changes", func(t *testing.T) {
		changes := slices.Repeat([]perlver.CVEChange{{At: "1.5", Status: "unaffected"}}, n)
		r := perlver.ParseCVE("unaffected", []perlver.CVEVersion{{Version: long, LessThan: "2", Status: "affected", Changes: changes}})
		check(t, "the entry", r, "1.4", "true")
		check(t, "the entry", r, "1.5", "false")
	})
	t.Run("many entries that overlap", func(t *testing.T) {
		entries := slices.Repeat([]perlver.CVEVersion{{Version: long, LessThan: "*", Status: "affected"}}, 2)
		entries = append(entries, slices.Repeat([]perlver.CVEVersion{{Version: "1", LessThan: "*", Status: "affected"}}, n)...)
		r := perlver.ParseCVE("unaffected", entries)
		check(t, "the entries", r, "1.5", "true")
		if w := r.Warnings(); len(w) > 40 {
			t.Errorf("%d warnings", len(w))
		}
	})
	t.Run("many events at one version", func(t *testing.T) {
		events := slices.Repeat([]perlver.OSVEvent{{Introduced: "1.5"}, {Fixed: "1.5"}, {Limit: "2"}}, n)
		r := perlver.ParseOSV([]perlver.OSVRange{{Type: "ECOSYSTEM", Events: events}}, nil)
		check(t, "the events", r, "1.5", "false")
	})
	t.Run("many exclusions", func(t *testing.T) {
		r, err := perlver.ParseRequirement(strings.Repeat("!= 1.5\x00,", n) + "!= 1.6")
		if err != nil || r.String() != "!= 1.5, != 1.6" {
			t.Errorf("%s, %v", r, err)
		}
		if w := r.Warnings(); len(w) != 1 {
			t.Errorf("%d warnings, want one", len(w))
		}
	})
	t.Run("an error about a long range", func(t *testing.T) {
		_, err := perlver.ParseRequirement(strings.Repeat("!= "+long+"1, ", 5) + "!= 1.5, == 1.5")
		if err == nil || len(err.Error()) > 500 {
			t.Errorf("error %.600v", err)
		}
	})
}
