package advisory_test

import (
	"testing"

	"nacre/advisory"
	"nacre/perlver"
)

// TestLeadingWords says in which words a range is told: all that one source
// states, and nothing of the sources behind it.
func TestLeadingWords(t *testing.T) {
	cpansa := func(source int, affected string, fixed ...string) advisory.Statement {
		return advisory.Statement{Source: source, CPANSA: &advisory.CPANSA{Affected: []string{affected}, Fixed: fixed}}
	}
	long := ">=1.0000001,<1.0000002,>=1.0000001,<1.0000002,>=1.0000001,<1.0000002"
	for _, tt := range []struct {
		says            []advisory.Statement
		affected, fixed string
	}{
		{nil, "", ""},
		{[]advisory.Statement{cpansa(0, "<1.3", ">=1.3")}, "<1.3", ">=1.3"},
		// An entry about the distribution, and two about copies of a library in it.
		{[]advisory.Statement{cpansa(0, "<0", ">0"), cpansa(0, ">=0.1,<=0.2"), cpansa(0, ">=0.3"), cpansa(0, ">=0.3")}, "<0 | >=0.1,<=0.2 | >=0.3", ">0"},
		{[]advisory.Statement{cpansa(0, "<1.3"), cpansa(1, "<1.4", ">=1.4")}, "<1.3", ""},
		{[]advisory.Statement{{Source: 0, CPANSA: &advisory.CPANSA{}}, cpansa(1, "<1.4", ">=1.4")}, "<1.4", ">=1.4"},
		{[]advisory.Statement{cpansa(0, long), cpansa(0, "<9")}, long + " | <9", ""}, // nothing is cut
		{[]advisory.Statement{{CVE: &advisory.CVE{Versions: []perlver.CVEVersion{
			{Status: "affected", Version: "0", LessThan: "1.3"}, {Status: "affected", Version: "1.5", LessThanOrEqual: "1.7"},
		}}}}, "0 < 1.3 | 1.5 <= 1.7", ""},
	} {
		a := advisory.Affected{Statements: tt.says}
		if affected, fixed := a.LeadingWords(); affected != tt.affected || fixed != tt.fixed {
			t.Errorf("%+v: %q, %q; want %q, %q", tt.says, affected, fixed, tt.affected, tt.fixed)
		}
	}
}

// TestWholeWords holds that a statement which quotes cut can be had whole.
func TestWholeWords(t *testing.T) {
	long := ">=1.0000001,<1.0000002,>=1.0000001,<1.0000002,>=1.0000001,<1.0000002"
	s := advisory.Statement{CPANSA: &advisory.CPANSA{Affected: []string{long, "<9"}, Fixed: []string{">=9", long}}}
	if a, f := s.WholeWords(); a != long+" | <9" || f != ">=9 | "+long {
		t.Errorf("%q, %q", a, f)
	}
	if a, f := s.Words(); a == long+" | <9" || f == ">=9 | "+long {
		t.Errorf("not cut: %q, %q", a, f)
	}
}
