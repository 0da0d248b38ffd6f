package csaf_test

import (
	"testing"

	gocsaf "github.com/gocsaf/csaf/v3/util"

	"nacre/report/csaf"
)

// TestFileName compares names with those that the checker of gocsaf takes.
func TestFileName(t *testing.T) {
	for id, want := range map[string]string{
		"CVE-2099-0001":           "cve-2099-0001.json",
		"Example Company - 2019":  "example_company_-_2019.json",
		"RHBA-2019:0024":          "rhba-2019_0024.json",
		"2022__01 & more":         "2022_01_more.json",
		"CPANSA-Foo-Bar-2099.01+": "cpansa-foo-bar-2099_01+.json",
		"ö":                       "_.json",
	} {
		if got := csaf.FileName(id); got != want || gocsaf.CleanFileName(id) != want {
			t.Errorf("%q is in %s, for gocsaf in %s, want %s", id, got, gocsaf.CleanFileName(id), want)
		}
	}
}

func TestScored(t *testing.T) {
	all := []csaf.CVSS{
		{Version: "4.0", Vector: "four", Base: 9.3},
		{Version: "3.0", Vector: "old", Base: 5},
		{Version: "2.0", Vector: "two", Base: 7.5},
		{Version: "3.1", Vector: "new", Base: 7},
		{Version: "3.1", Vector: "second", Base: 1},
		{Version: "2.0", Vector: "second", Base: 1},
	}
	got := csaf.Scored(all, []string{"p"})
	if len(got) != 1 || got[0].V2 == nil || got[0].V3 == nil ||
		*got[0].V2 != (csaf.CVSS{Version: "2.0", Vector: "two", Base: 7.5}) ||
		*got[0].V3 != (csaf.CVSS{Version: "3.1", Vector: "new", Base: 7, Severity: "HIGH"}) {
		t.Errorf("%+v", got)
	}
	if got := csaf.Scored(all[:1], []string{"p"}); got != nil {
		t.Errorf("CVSS 4.0 has no field, and %+v", got)
	}
}
