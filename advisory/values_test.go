package advisory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
)

func TestParseID(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"CVE-2099-0001", "CVE-2099-0001"},
		{" cve-2099-0001\n", "CVE-2099-0001"},
		{"ghsa-CCCC-ffff-HHHH", "GHSA-cccc-ffff-hhhh"},
		{"CPANSA-Foo-Bar-2099-01", "CPANSA-Foo-Bar-2099-01"},
		{"CPANSA--2099-0001", "CPANSA--2099-0001"},
		{"X-CVE-2099-0001", "X-CVE-2099-0001"},
		{"", ""},
		{"  ", ""},
		{"CVE 2099", ""},
		{"a/b", ""},
		{`a\b`, ""},
		{"a\x00b", ""},
		{"a\x1bb", ""},
		{"\xff", ""},
		{strings.Repeat("x", 201), ""},
	} {
		got, err := advisory.ParseID(c.in)
		if (err != nil) != (c.want == "") || string(got) != c.want {
			t.Errorf("%.30q: %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

func TestIDKinds(t *testing.T) {
	for _, c := range []struct {
		id          advisory.ID
		cve, cpansa bool
	}{
		{"CVE-2099-0001", true, false},
		{"cve-2099-12345", true, false},
		{"CVE-2099-001", false, false},
		{"CVE-2099_0001", false, false},
		{"X-CVE-2099-0001", false, false},
		{"CVE-20x9-0001", false, false},
		{"CPANSA-Foo-2099-01", false, true},
		{"CPANSA-", false, false},
	} {
		if c.id.IsCVE() != c.cve || c.id.IsCPANSA() != c.cpansa {
			t.Errorf("%s: CVE %v, CPANSA %v", c.id, c.id.IsCVE(), c.id.IsCPANSA())
		}
	}
}

func TestSortIDs(t *testing.T) {
	got := advisory.SortIDs([]advisory.ID{
		"GHSA-cccc-ffff-hhhh", "CPANSA-B-2099-01", "CVE-2099-0002", "X-1", "cve-2099-0001", "CPANSA-a-2099-01", "CVE-2099-0001", "cpansa-b-2099-01",
	})
	want := []advisory.ID{"CVE-2099-0001", "CVE-2099-0002", "CPANSA-a-2099-01", "CPANSA-B-2099-01", "GHSA-cccc-ffff-hhhh", "X-1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"", "", true},
		{"2099-01-02", "2099-01-02", true},
		{"2099-01-02T23:59:59.000Z", "2099-01-02", true},
		{"2099-01-02 10:00:00", "2099-01-02", true},
		{"2099-1-2", "", false},
		{"2099-02-30", "", false},
		{"02.01.2099", "", false},
		{"2099-01-02x", "", false},
	} {
		got, err := advisory.ParseDate(c.in)
		if (err == nil) != c.ok || got.String() != c.want {
			t.Errorf("%q: %s, %v, want %q", c.in, got, err, c.want)
		}
	}
	zone := time.FixedZone("", 2*60*60)
	if got := advisory.DateOf(time.Date(2099, 1, 2, 1, 0, 0, 0, zone)).String(); got != "2099-01-01" {
		t.Errorf("a time east of Greenwich is the day %s", got)
	}
}

func TestParseSeverity(t *testing.T) {
	for _, c := range []struct {
		in   string
		want advisory.Severity
		ok   bool
	}{
		{"", advisory.SeverityUnknown, true},
		{"none", advisory.SeverityUnknown, true},
		{"unknown", advisory.SeverityUnknown, true},
		{"minor", advisory.SeverityLow, true},
		{"low", advisory.SeverityLow, true},
		{"moderate", advisory.SeverityMedium, true},
		{"MODERATE", advisory.SeverityMedium, true},
		{" High ", advisory.SeverityHigh, true},
		{"critical", advisory.SeverityCritical, true},
		{"dreadful", advisory.SeverityUnknown, false},
	} {
		got, err := advisory.ParseSeverity(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %s, %v", c.in, got, err)
		}
	}
}

// A severity that nobody stated counts as high for a threshold.
func TestSeverityAtLeast(t *testing.T) {
	for _, c := range []struct {
		is, threshold advisory.Severity
		want          bool
	}{
		{advisory.SeverityUnknown, advisory.SeverityHigh, true},
		{advisory.SeverityUnknown, advisory.SeverityCritical, false},
		{advisory.SeverityMedium, advisory.SeverityHigh, false},
		{advisory.SeverityCritical, advisory.SeverityHigh, true},
		{advisory.SeverityLow, advisory.SeverityLow, true},
	} {
		if got := c.is.AtLeast(c.threshold); got != c.want {
			t.Errorf("%s at least %s: %v", c.is, c.threshold, got)
		}
	}
}

func TestCleanText(t *testing.T) {
	for _, c := range []struct {
		in, text, line string
		dropped        int
	}{
		{" plain\n", "plain", "plain", 0},
		{"a\r\nb\rc\td", "a\nb\nc\td", "a b c d", 0},
		{"red \x1b[31mred", "red [31mred", "red [31mred", 1},
		{"a\x00b", "ab", "ab", 1},
		{"a\u202eb\u2066c", "abc", "abc", 2},
		{"a\xffb", "a\ufffdb", "a\ufffdb", 1},
		{"ältere Fassung", "ältere Fassung", "ältere Fassung", 0},
	} {
		if text, n := advisory.CleanText(c.in); text != c.text || n != c.dropped {
			t.Errorf("%q: %q, %d dropped, want %q, %d", c.in, text, n, c.text, c.dropped)
		}
		if line, _ := advisory.CleanLine(c.in); line != c.line {
			t.Errorf("%q as a line: %q, want %q", c.in, line, c.line)
		}
	}
}

func TestParseReference(t *testing.T) {
	for _, c := range []struct {
		in         string
		doubt, has string // part of the doubt; the link that is kept
	}{
		{"https://foo.example/x?a=1#b", "", "https://foo.example/x?a=1#b"},
		{" HTTP://foo.example \n", "", "HTTP://foo.example"},
		{"ftp://foo.example/x", "", "ftp://foo.example/x"},
		{"foo.example/x", "no scheme", "foo.example/x"},
		{"foo.example:8080/x", "no scheme", "foo.example:8080/x"},
		{"/x:y", "no scheme", "/x:y"},
		{"javascript:alert(1)", "left out", ""},
		{"data:text/html,x", "left out", ""},
		{"https:foo", "left out", ""},
		{"https://", "left out", ""},
		{"https://foo.example/a b", "left out", ""},
		{"https://foo.example/\x1b[31m", "left out", ""},
		{"https://foo.example/\u202e", "left out", ""},
		{"https://foo.example/" + strings.Repeat("x", 2048), "longer than", ""},
		{"", "empty", ""},
	} {
		ref, doubt, ok := advisory.ParseReference("FIX", c.in)
		if ok != (c.has != "") || ref.URL != c.has || (doubt == "") != (c.doubt == "") || !strings.Contains(doubt, c.doubt) {
			t.Errorf("%.40q: %q, doubt %q, %v", c.in, ref.URL, doubt, ok)
		}
		if ok && ref.Kind != "FIX" {
			t.Errorf("%q: kind %s", c.in, ref.Kind)
		}
	}
}

func TestAddReference(t *testing.T) {
	var r advisory.Record
	for _, ref := range []advisory.Reference{{"WEB", "a"}, {"FIX", "b"}, {"FIX", "a"}, {"WEB", "b"}} {
		r.AddReference(ref)
	}
	if want := []advisory.Reference{{"FIX", "a"}, {"FIX", "b"}}; !slices.Equal(r.References, want) {
		t.Errorf("%v, want %v", r.References, want)
	}
}

// The scores are those of the examples of the specifications' user guides.
func TestParseCVSS(t *testing.T) {
	for _, c := range []struct {
		in, version, vector string
		base                float64
	}{
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
		{"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.0", "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
		{"AV:N/AC:L/Au:N/C:N/I:N/A:C", "2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8},
		{"(AV:N/AC:L/Au:N/C:N/I:N/A:C)", "2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8},
		{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3},
		{"CVSS:3.1/AV:N", "", "", 0},
		{"CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "", "", 0},
		{"CVSS:9.9/AV:N", "", "", 0},
		{"", "", "", 0},
		{strings.Repeat("A", 500), "", "", 0},
	} {
		got, err := advisory.ParseCVSS(c.in)
		if (err != nil) != (c.version == "") || got.Version != c.version || got.Vector != c.vector || got.Base != c.base {
			t.Errorf("%.60q: %+v, %v", c.in, got, err)
		}
	}
}

func TestCWEs(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"CWE-79", "CWE-79"},
		{" cwe-79 Improper Neutralization", "CWE-79"},
		{"CWE-079: x", "CWE-79"},
		{"CWE-79x", ""},
		{"CWE-", ""},
		{"CWE-0", ""},
		{"NVD-CWE-noinfo", ""},
		{"n/a", ""},
		{"CWE-99999999999", ""},
	} {
		if got, ok := advisory.ParseCWE(c.in); got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, %v", c.in, got, ok)
		}
	}
	got := advisory.SortCWEs([]string{"CWE-427", "CWE-79", "CWE-1188", "CWE-79"})
	if want := []string{"CWE-79", "CWE-427", "CWE-1188"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
