package vex

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
	"nacre/index/sample"
	"nacre/internal/testkit"
)

// records are one advisory of each kind that documents tell apart.
const records = `[
{"id": "CVE-2099-0001", "aliases": ["CPANSA-Foo-Bar-2099-01", "CVE-2099-1001", "GHSA-xxxx-yyyy-zzzz"],
 "title": "Foo::Bar before 1.3 for Perl follows links while unpacking", "description": "It follows links.",
 "severity": "high", "cwes": ["CWE-59"], "published": "2099-01-02", "reported": "2099-01-01",
 "cvss": [{"version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "base": 9.8},
          {"version": "4.0", "vector": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "base": 9.3}],
 "references": [{"kind": "FIX", "url": "https://example.org/fix?a=<b>|c"}, {"kind": "WEB", "url": "http:///nowhere"}],
 "sources": [{"name": "CPANSA", "id": "CPANSA-Foo-Bar-2099-01", "licence": "CC-BY-SA-4.0", "attribution": "by the example security group"}],
 "affected": [{"dist": "Foo-Bar", "statements": [{"source": 0, "entry": "CPANSA-Foo-Bar-2099-01", "cpansa": {"affected": [">=1.1,<1.3"], "fixed": [">=1.3"]}}]},
              {"dist": "Acme-Demo", "statements": [{"source": 0, "entry": "CPANSA-Foo-Bar-2099-01", "cpansa": {"affected": [">=0.1"]}}]}]},
{"id": "CPANSA-Foo_Bar-2099-02", "title": "said to be both ]]> \u202e\u0007", "severity": "unknown",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Foo-Bar", "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["<=1.2"], "fixed": [">=1.2"]}}]}]},
{"id": "CPANSA-Foo-Bar-2099-03", "title": "a range that nobody can read", "severity": "low", "disputed": true,
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Foo-Bar", "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["some"]}}]}]},
{"id": "CPANSA-Foo-Bar-2099-04", "title": "before the first known release", "severity": "low",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Foo-Bar", "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["<0.5"]}}]}]},
{"id": "CPANSA-Foo-Bar-2099-05", "title": "of releases that nobody knows", "severity": "low",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Acme-Old", "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["<0.5", ">=0.7, <0.8", "==0.9"]}}]}]},
{"id": "CPANSA-Foo-Baz-2099-01", "title": "of what is not on CPAN", "severity": "low",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Foo-Baz", "darkpan": true, "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["all"]}}]}]},
{"id": "CVE-2099-0005", "title": "a mistake", "severity": "unknown", "withdrawn": "2099-02-03", "withdrawn_reason": "not a vulnerability.",
 "affected": [{"dist": "Foo-Bar"}]},
{"id": "CVE-2099-0006", "severity": "medium"},
{"id": "CVE-2099-0007", "aliases": ["CPANSA-Foo-Bar-2099-07", "CVE-2099-1007"], "title": "of which two sources differ", "severity": "low",
 "sources": [{"name": "CPANSec", "id": "CVE-2099-0007"}, {"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Foo-Bar", "statements": [
   {"source": 0, "entry": "CVE-2099-0007", "cve": {"defaultStatus": "unaffected", "versions": [{"status": "affected", "version": "1.1", "lessThanOrEqual": "1.1"}]}},
   {"source": 1, "entry": "CPANSA-Foo-Bar-2099-07", "cpansa": {"affected": ["<1.3"], "fixed": [">=1.3"]}}]}]},
{"id": "CPANSA-Foo-Bar-2099-08", "title": "of releases that nobody knows, by several entries", "severity": "low",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Acme-Old", "statements": [
   {"source": 0, "entry": "x", "cpansa": {"affected": ["<0.5"]}}, {"source": 0, "entry": "y", "cpansa": {"affected": [">=0.7"]}}]}]},
{"id": "CPANSA-Foo-Bar-2099-09", "title": "of releases that nobody knows, in part said to be both", "severity": "low",
 "sources": [{"name": "CPANSA", "id": "x"}],
 "affected": [{"dist": "Acme-Old", "statements": [{"source": 0, "entry": "x", "cpansa": {"affected": ["<0.5"], "fixed": ["==0.4"]}}]}]}
]`

// input is what the index of records is made of, as of the third of March.
func input(t testing.TB) index.Input {
	t.Helper()
	in := index.Input{
		Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2099, 3, 3, 4, 5, 6, 0, time.UTC),
		Set: advisory.Set{Releases: map[cpan.Dist][]advisory.Known{}},
	}
	if err := json.Unmarshal([]byte(records), &in.Set.Records); err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"1.0", "1.1", "1.2", "1.3", "1.3-after", "1.4"} {
		in.Set.Releases["Foo-Bar"] = append(in.Set.Releases["Foo-Bar"], advisory.Known{Version: v})
	}
	in.Set.Releases["Acme-Demo"] = []advisory.Known{{Version: "0.1"}, {Version: "0.2"}}
	return in
}

// realModel is the index of the real data.
func realModel(t testing.TB) *index.Model {
	t.Helper()
	return sample.Model(t, os.DirFS(testkit.Data(t)))
}

func model(t testing.TB, in index.Input) *index.Model {
	t.Helper()
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// files are all files that the formats make of a model, by path.
func files(t testing.TB, m *index.Model) map[string][]byte {
	t.Helper()
	return sample.Files(t, m, Formats())
}
