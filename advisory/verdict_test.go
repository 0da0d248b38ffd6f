package advisory_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/perlver"
)

func version(t *testing.T, s string) perlver.Version {
	t.Helper()
	v, err := perlver.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// elements reads a column of testdata/verdicts.txt.
func elements(t *testing.T, s string) []string {
	t.Helper()
	if s == "[]" {
		return nil
	}
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		t.Fatalf("column %s", s)
	}
	return strings.Split(s[1:len(s)-1], " | ")
}

func TestVerdictTable(t *testing.T) {
	f, err := os.Open("testdata/verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "; ")
		if len(c) != 5 {
			t.Fatalf("row %q", line)
		}
		rows++
		a := one(0, "CPANSA-Foo-Bar-2099-01", elements(t, c[2]), elements(t, c[3]))
		got := a.Judge(version(t, c[1]))
		if got.Status.String() != c[4] {
			t.Errorf("row %s: %s of %s, fixed %s: %s (%s), want %s", c[0], c[1], c[2], c[3], got.Status, got.Reason, c[4])
		}
		if !strings.HasSuffix(got.Reason, "(CPANSA-Foo-Bar-2099-01)") {
			t.Errorf("row %s: the reason does not name the entry: %s", c[0], got.Reason)
		}
	}
	if rows != 37 {
		t.Errorf("%d rows, want 37", rows)
	}
}

// one is an Affected with one CPANSA statement.
func one(source int, entry string, affected, fixed []string) *advisory.Affected {
	return &advisory.Affected{Dist: "Foo-Bar", Statements: []advisory.Statement{
		{Source: source, Entry: entry, CPANSA: &advisory.CPANSA{Affected: affected, Fixed: fixed}},
	}}
}

func TestVerdictReason(t *testing.T) {
	long := []string{"==1.01", "==1.02", "==1.03", "==1.04", "==1.05", "==1.06", "==1.07", "==1.08", "==1.09", "==1.10"}
	for _, c := range []struct {
		name            string
		version         string
		affected, fixed []string
		want            string
	}{
		{"affected quotes the range", "1.29", []string{"<1.3"}, nil, "1.29 is in <1.3 (X-1)"},
		{"fixed quotes the fixed range", "1.3", []string{"<1.3"}, []string{">=1.3"}, "1.3 is in fixed >=1.3 (X-1)"},
		{"clean quotes the range", "1.3", []string{"<1.3"}, nil, "1.3 is outside <1.3 (X-1)"},
		{"contradictory quotes both", "1.03", []string{"==1.03"}, []string{">=1.03"}, "1.03 is in affected ==1.03 and in fixed >=1.03 (X-1)"},
		{"a long range is cut", "2", long, nil, "2 is outside ==1.01 | ==1.02 | ==1.03 | ==1.04 | ==1.05 | ==1.06 | ==1.07 ... (X-1)"},
	} {
		if got := one(0, "X-1", c.affected, c.fixed).Judge(version(t, c.version)).Reason; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A reason costs what it quotes, and not what the record states.
func TestReasonOfManyEvents(t *testing.T) {
	const n = 10_000
	changes, events := make([]perlver.CVEChange, n), make([]perlver.OSVEvent, n)
	for i := range n {
		changes[i] = perlver.CVEChange{At: "1.5", Status: "affected"}
		events[i] = perlver.OSVEvent{Introduced: "1.5"}
	}
	for _, c := range []struct {
		name string
		is   advisory.Statement
		want string
	}{
		{
			"changes of CVE",
			advisory.Statement{CVE: &advisory.CVE{Versions: []perlver.CVEVersion{{Version: "1", LessThan: "2", Status: "affected", Changes: changes}}}},
			"1.2 is in 1 < 2, affected at 1.5, affected at 1.5, affected at 1.5, af ... (X-1)",
		},
		{
			"events of OSV",
			advisory.Statement{OSV: &advisory.OSV{Ranges: []perlver.OSVRange{{Type: "ECOSYSTEM", Events: events}}}},
			"1.2 is outside introduced 1.5, introduced 1.5, introduced 1.5, introduced 1 ... (X-1)",
		},
	} {
		c.is.Entry = "X-1"
		a := advisory.Affected{Dist: "Foo-Bar", Statements: []advisory.Statement{c.is}}
		j, v := a.Compile(), version(t, "1.2")
		if got := j.Judge(v).Reason; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := testing.AllocsPerRun(1, func() { j.Judge(v) }); got > 100 {
			t.Errorf("%s: %v allocations for %d", c.name, got, n)
		}
	}
}

// The leading source decides. Statements are given as source, affected, fixed.
func TestVerdictOfSeveralStatements(t *testing.T) {
	cve := func(status string, versions ...perlver.CVEVersion) advisory.Statement {
		return advisory.Statement{Entry: "CVE-2099-0001", CVE: &advisory.CVE{DefaultStatus: status, Versions: versions}}
	}
	below := func(bound string) perlver.CVEVersion {
		return perlver.CVEVersion{Version: "0", LessThan: bound, Status: "affected"}
	}
	cpansa := func(source int, affected, fixed string) advisory.Statement {
		s := &advisory.CPANSA{}
		if affected != "" {
			s.Affected = []string{affected}
		}
		if fixed != "" {
			s.Fixed = []string{fixed}
		}
		return advisory.Statement{Source: source, Entry: "CPANSA-Foo-Bar-2099-01", CPANSA: s}
	}
	osv := advisory.Statement{Entry: "GHSA-1", OSV: &advisory.OSV{Ranges: []perlver.OSVRange{
		{Type: "ECOSYSTEM", Events: []perlver.OSVEvent{{Introduced: "0"}, {Fixed: "1.3"}}},
	}, Versions: []string{"2.5"}}}
	for _, c := range []struct {
		name         string
		version      string
		statements   []advisory.Statement
		want         string
		disagreement bool
	}{
		{"nothing is stated", "1.2", nil, "unknown", false},
		{"an empty statement", "1.2", []advisory.Statement{{Entry: "X"}}, "unknown", false},
		{"both say affected", "1.2", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "<1.3", "")}, "affected", false},
		{"the CNA says clean, CPANSA affected", "1.4", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "<1.5", "")}, "clean", true},
		{"the CNA says affected, CPANSA fixed", "1.2", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "<1.1", ">=1.1")}, "affected", true},
		{"the CNA says affected, CPANSA both", "1.2", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "<1.3", ">=1.1")}, "affected", true},
		{"the CNA cannot tell, CPANSA says affected", "1.2", []advisory.Statement{cve("unaffected", below("n/a")), cpansa(1, "<1.3", "")}, "affected", true},
		{"the CNA cannot tell, CPANSA says clean", "1.4", []advisory.Statement{cve("unaffected", below("n/a")), cpansa(1, "<1.3", "")}, "unknown", false},
		{"the CNA says affected, CPANSA cannot tell", "1.2", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "all", "")}, "affected", false},
		{"the CNA says clean, CPANSA cannot tell", "1.4", []advisory.Statement{cve("unaffected", below("1.3")), cpansa(1, "all", "")}, "clean", false},
		{"one of two entries of a source says affected", "1.2", []advisory.Statement{cpansa(0, "<1.1", ">=1.1"), cpansa(0, "==1.2", "")}, "affected", false},
		{"one of two entries of a source cannot tell", "1.4", []advisory.Statement{cpansa(0, "<1.1", ">=1.1"), cpansa(0, "all", "")}, "unknown", false},
		{"no version is affected", "9", []advisory.Statement{cve("unaffected"), cpansa(1, ">1", "")}, "clean", true},
		{"the default status is unknown", "9", []advisory.Statement{cve("", below("1.3"))}, "unknown", false},
		{"OSV range", "1.2", []advisory.Statement{osv}, "affected", false},
		{"OSV list, equal by order and not by text", "2.500", []advisory.Statement{osv}, "affected", false},
		{"OSV outside", "1.3", []advisory.Statement{osv}, "clean", false},
		{"a version with text after it is never clean", "1.4;", []advisory.Statement{cpansa(0, "<1.3", "")}, "unknown", false},
		{"a version with text after it may be affected", "1.2;", []advisory.Statement{cpansa(0, "<1.3", "")}, "affected", false},
	} {
		a := advisory.Affected{Dist: "Foo-Bar", Statements: c.statements}
		got := a.Judge(version(t, c.version))
		if got.Status.String() != c.want || (got.Disagreement != "") != c.disagreement {
			t.Errorf("%s: %s (%s; disagreement %q), want %s", c.name, got.Status, got.Reason, got.Disagreement, c.want)
		}
		if got.Reason == "" {
			t.Errorf("%s: no reason", c.name)
		}
	}
}

func TestVerdictWarnings(t *testing.T) {
	for _, c := range []struct{ fixed, want string }{
		{"soon", "fixed versions: "},
		{"1.3", "is read as >=1.3"},
	} {
		got := one(0, "X-1", []string{"<1.3"}, []string{c.fixed}).Judge(version(t, "1.2"))
		if len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], c.want) {
			t.Errorf("fixed %q: warnings %q, want one with %q", c.fixed, got.Warnings, c.want)
		}
	}
}

func TestStatusText(t *testing.T) {
	for _, s := range []advisory.Status{
		advisory.StatusClean, advisory.StatusFixed, advisory.StatusUnknown,
		advisory.StatusContradictory, advisory.StatusAffected,
	} {
		b, _ := s.MarshalText()
		var back advisory.Status
		if err := back.UnmarshalText(b); err != nil || back != s {
			t.Errorf("%s comes back as %s, %v", s, back, err)
		}
		if clean := s == advisory.StatusClean || s == advisory.StatusFixed; s.IsClean() != clean {
			t.Errorf("%s: IsClean is %v", s, s.IsClean())
		}
	}
	var s advisory.Status
	if err := s.UnmarshalText([]byte("perhaps")); err == nil {
		t.Error("an unknown word is read")
	}
}
