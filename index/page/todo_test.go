package page

import (
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
	"nacre/perlver"
)

// TestFixNamed says that a release is only called the fix where a source names it.
func TestFixNamed(t *testing.T) {
	cpansa := func(affected string, fixed ...string) advisory.Statement {
		return advisory.Statement{CPANSA: &advisory.CPANSA{Affected: strings.Split(affected, " | "), Fixed: fixed}}
	}
	cve := func(v perlver.CVEVersion) advisory.Statement {
		return advisory.Statement{CVE: &advisory.CVE{DefaultStatus: "unaffected", Versions: []perlver.CVEVersion{v}}}
	}
	itself := cpansa("<=1.3", ">=1.3") // of another source, which contradicts itself
	itself.Source = 1
	for _, tt := range []struct {
		says  []advisory.Statement
		fixed string
		named bool
	}{
		{[]advisory.Statement{cve(perlver.CVEVersion{Version: "0", LessThanOrEqual: "1.2", Status: "affected"}), itself}, "1.3", true},
		{[]advisory.Statement{cpansa("<1.3", ">=1.3")}, "1.3", true},
		{[]advisory.Statement{cpansa("<1.3")}, "1.3", true},
		{[]advisory.Statement{cpansa(">=1.1, < 1.30")}, "1.3", true}, // the same version, written another way
		{[]advisory.Statement{cpansa("<=1.2")}, "1.3", false},
		{[]advisory.Statement{cpansa("1.1 | ==1.2")}, "1.3", false},
		{[]advisory.Statement{cpansa("<1.25")}, "1.3", true},         // which was never released
		{[]advisory.Statement{cpansa("<1.2 | ==1.2")}, "1.3", false}, // the end is not that of all
		{[]advisory.Statement{cpansa("<=1.2", ">1.2")}, "1.3", true},
		{[]advisory.Statement{cve(perlver.CVEVersion{Version: "0", LessThan: "1.3", Status: "affected"})}, "1.3", true},
		{[]advisory.Statement{cve(perlver.CVEVersion{Version: "0", LessThanOrEqual: "1.2", Status: "affected"})}, "1.3", false},
		{[]advisory.Statement{cve(perlver.CVEVersion{Version: "0", LessThanOrEqual: "1.2", Status: "affected"}), cpansa("<=1.2", ">=1.3")}, "1.3", true},
		{[]advisory.Statement{cpansa(">0")}, "", false},
	} {
		r := advisory.Record{ID: "CVE-2099-0001", Affected: []advisory.Affected{{Dist: "Foo-Bar", Statements: tt.says}}, Sources: []advisory.Source{{Name: "one"}, {Name: "two"}}}
		m, err := index.New(index.Input{
			Site: index.DefaultSite(), Now: time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC), Ledger: merge.Ledger{},
			Set: advisory.Set{Records: []advisory.Record{r}, Releases: map[cpan.Dist][]advisory.Known{"Foo-Bar": {{Version: "1.0"}, {Version: "1.1"}, {Version: "1.2"}, {Version: "1.3"}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		of := m.Advisories[0].Dists[0]
		if got := fixNamed(of); of.Fixed != tt.fixed || got != tt.named {
			t.Errorf("%s: %q, named %v; want %q, %v", of.Range, of.Fixed, got, tt.fixed, tt.named)
		}
		text, _ := todo(of, nil)
		if strings.Contains(text, "No source names 1.3 as the fix") != (tt.fixed != "" && !tt.named) {
			t.Errorf("%s: %s", of.Range, text)
		}
	}
}

// TestTodoNoRange does not send a reader to a range that nobody states.
func TestTodoNoRange(t *testing.T) {
	for _, releases := range [][]advisory.Known{nil, {{Version: "1.0"}}} {
		r := advisory.Record{ID: "CVE-2099-0001", Sources: []advisory.Source{{Name: "one"}}, Affected: []advisory.Affected{
			{Dist: "Foo-Bar", Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{}}}},
		}}
		m, err := index.New(index.Input{
			Site: index.DefaultSite(), Now: time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC),
			Set: advisory.Set{Records: []advisory.Record{r}, Releases: map[cpan.Dist][]advisory.Known{"Foo-Bar": releases}},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := "Which versions of Foo-Bar are affected is stated by no source. Look at the references."
		if text, mood := todo(m.Advisories[0].Dists[0], nil); text != want || mood != "warn" {
			t.Errorf("%d releases: %s (%s)", len(releases), text, mood)
		}
	}
}
