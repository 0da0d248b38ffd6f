package advisory_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// full is a record with every field set.
func full() advisory.Record {
	day := func(d int) advisory.Date { return advisory.DateOf(time.Date(2099, 1, d, 0, 0, 0, 0, time.UTC)) }
	r := advisory.Record{
		ID: "CVE-2099-0001", Aliases: []advisory.ID{"CPANSA-Foo-Bar-2099-01"},
		Title: "Foo::Bar before 1.3 follows links", Description: "It does.\nReally.",
		Severity:   advisory.SeverityHigh,
		CVSS:       []advisory.CVSS{{Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Base: 9.8}},
		CWEs:       []string{"CWE-59"},
		References: []advisory.Reference{{Kind: "FIX", URL: "https://foo.example/fix"}},
		Reported:   day(1), Published: day(2), Modified: day(3), Withdrawn: day(4),
		WithdrawnReason: "made up", Disputed: true,
		Affected: []advisory.Affected{{
			Dist: "Foo-Bar", Modules: nil, Files: []string{"lib/Foo/Bar.pm"}, Routines: []string{"unpack"}, Darkpan: true,
			Library: &advisory.Library{Name: "zfoo", Bundled: []advisory.Bundled{{Releases: ">=1.0,<1.3", Version: "0.9"}, {Releases: "<1.0"}}, Affected: []string{"<1.0"}},
			Statements: []advisory.Statement{
				{Source: 0, Entry: "CVE-2099-0001", CVE: &advisory.CVE{DefaultStatus: "unaffected", Versions: []perlver.CVEVersion{
					{Version: "0", Status: "affected", LessThan: "1.3", VersionType: "custom", Changes: []perlver.CVEChange{{At: "1.2", Status: "unaffected"}}},
				}}},
				{Source: 1, Entry: "CPANSA-Foo-Bar-2099-01", CPANSA: &advisory.CPANSA{Affected: []string{"<1.3"}, Fixed: []string{">=1.3"}}},
				{Source: 2, Entry: "GHSA-1", OSV: &advisory.OSV{Ranges: []perlver.OSVRange{{Type: "ECOSYSTEM", Events: []perlver.OSVEvent{{Introduced: "0"}, {Fixed: "1.3"}}}}, Versions: []string{"1.2"}}},
			},
		}},
		Sources: []advisory.Source{
			{Name: "CPANSec", ID: "CVE-2099-0001", File: "x.json"},
			{Name: "CPANSA", ID: "CPANSA-Foo-Bar-2099-01", File: "cpansa/CPANSA-Foo-Bar.yml#1", Commit: "0a0a", Time: time.Unix(4070908800, 0).UTC(), Licence: "Artistic-2.0", Attribution: "x"},
			{Name: "OSV", ID: "GHSA-1"},
		},
	}
	r.ProvideAll(0)
	return r
}

func TestRecordJSONRoundTrip(t *testing.T) {
	for _, r := range []advisory.Record{full(), {ID: "CPANSA-Foo-Bar-2099-01"}} {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back advisory.Record
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if diff := cmp.Diff(r, back, cmp.AllowUnexported(advisory.Date{})); diff != "" {
			t.Errorf("%s does not come back (-want +got):\n%s", r.ID, diff)
		}
	}
}

// A record that states nothing carries no empty fields, and its severity.
func TestRecordJSONOfLittle(t *testing.T) {
	b, err := json.Marshal(advisory.Record{ID: "CPANSA-Foo-Bar-2099-01"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"id":"CPANSA-Foo-Bar-2099-01","severity":"unknown"}`; string(b) != want {
		t.Errorf("%s, want %s", b, want)
	}
}

func TestProvideAll(t *testing.T) {
	r := full()
	var keys map[string]json.RawMessage
	b, _ := json.Marshal(r)
	if err := json.Unmarshal(b, &keys); err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		if key == "sources" || key == "provenance" {
			continue
		}
		if _, ok := r.Provenance[key]; !ok {
			t.Errorf("no provenance of %s", key)
		}
		delete(r.Provenance, key)
	}
	if len(r.Provenance) > 0 {
		t.Errorf("provenance of what is no field: %v", r.Provenance)
	}
}

func TestRecordNames(t *testing.T) {
	r := full()
	for id, want := range map[advisory.ID]bool{"cve-2099-0001": true, "cpansa-foo-bar-2099-01": true, "CVE-2099-0002": false} {
		if r.Has(id) != want {
			t.Errorf("Has(%s) is %v", id, !want)
		}
	}
	if r.For("Foo-Bar") == nil || r.For("foo-bar") != nil {
		t.Error("For does not tell cases apart")
	}
	if !r.IsWithdrawn() {
		t.Error("a withdrawn record is not")
	}
	r.Withdrawn, r.WithdrawnReason = advisory.Date{}, ""
	if r.IsWithdrawn() {
		t.Error("a record is withdrawn without date and reason")
	}
}

func TestCheckNamesTheBound(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(*advisory.Record)
	}{
		{"description length", func(r *advisory.Record) { r.Description = strings.Repeat("x", advisory.MaxText+1) }},
		{"title length", func(r *advisory.Record) { r.Title = strings.Repeat("x", advisory.MaxLine+1) }},
		{"aliases", func(r *advisory.Record) { r.Aliases = make([]advisory.ID, advisory.MaxAliases+1) }},
		{"references", func(r *advisory.Record) { r.References = make([]advisory.Reference, advisory.MaxReferences+1) }},
		{"affected distributions", func(r *advisory.Record) { r.Affected = make([]advisory.Affected, advisory.MaxAffected+1) }},
		{"files", func(r *advisory.Record) { r.Affected[0].Files = make([]string, advisory.MaxPlaces+1) }},
		{"versions", func(r *advisory.Record) {
			r.Affected[0].Statements[1].CPANSA.Affected = make([]string, advisory.MaxVersions+1)
		}},
		{"versions", func(r *advisory.Record) {
			r.Affected[0].Statements[2].OSV.Ranges[0].Events = make([]perlver.OSVEvent, advisory.MaxVersions+1)
		}},
		{"text length", func(r *advisory.Record) {
			r.Affected[0].Statements[0].CVE.Versions[0].LessThan = strings.Repeat("1", advisory.MaxLine+1)
		}},
		{"text length", func(r *advisory.Record) {
			r.Affected[0].Library.Bundled[0].Version = strings.Repeat("1", advisory.MaxLine+1)
		}},
	} {
		r := full()
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		c.make(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), "(limit: "+c.name+")") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// FuzzRecord holds a record that JSON gives to judging and writing it without
// harm, and to coming back equal.
func FuzzRecord(f *testing.F) {
	b, _ := json.Marshal(full())
	f.Add(b, "1.2")
	f.Add([]byte(`{"id":"X","severity":"minor","affected":[{"dist":"Foo","statements":[{"source":-1,"entry":""},{"source":0,"cpansa":{"affected":[">=1,<2","latest"]}}]}]}`), "0.90_01")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		var r advisory.Record
		if json.Unmarshal(data, &r) != nil || r.Check() != nil {
			return
		}
		v, err := perlver.Parse(text)
		if err != nil {
			v = perlver.Version{}
		}
		for i := range r.Affected {
			got := r.Affected[i].Judge(v)
			if got.Reason == "" {
				t.Errorf("%s without a reason", got.Status)
			}
			if v.IsZero() && got.Status != advisory.StatusUnknown {
				t.Errorf("no version is %s", got.Status)
			}
		}
		first, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back advisory.Record
		if err := json.Unmarshal(first, &back); err != nil {
			t.Fatalf("%s does not come back: %v", first, err)
		}
		if second, _ := json.Marshal(back); string(first) != string(second) {
			t.Errorf("written twice:\n%s\n%s", first, second)
		}
	})
}

// One flaw in many distributions has an id in each: the ones elsewhere are only
// counted.
func TestAliasesFor(t *testing.T) {
	entry := func(id string) []advisory.Statement { return []advisory.Statement{{Entry: id}} }
	r := advisory.Record{
		ID:      "CVE-2099-0001",
		Aliases: []advisory.ID{"CVE-2099-0002", "CPANSA-Acme-2099-1", "CPANSA-Bar-2099-1", "CPANSA-Foo-2099-1", "GHSA-aaaa-bbbb-cccc"},
		Affected: []advisory.Affected{
			{Dist: "Acme", Statements: entry("CPANSA-Acme-2099-1")},
			{Dist: "Bar", Statements: entry("cpansa-bar-2099-1")},
			{Dist: "Foo", Statements: append(entry("CPANSA-Foo-2099-1"), entry("CVE-2099-0001")...)},
		},
	}
	for _, test := range []struct {
		dist   cpan.Dist
		ids    []advisory.ID
		others int
	}{
		{"Foo", []advisory.ID{"CPANSA-Foo-2099-1", "CVE-2099-0002", "GHSA-aaaa-bbbb-cccc"}, 2},
		{"Bar", []advisory.ID{"CPANSA-Bar-2099-1", "CVE-2099-0002", "GHSA-aaaa-bbbb-cccc"}, 2},
		{"Nothing", []advisory.ID{"CVE-2099-0002", "GHSA-aaaa-bbbb-cccc"}, 3},
	} {
		ids, others := r.AliasesFor(test.dist)
		if !slices.Equal(ids, test.ids) || others != test.others {
			t.Errorf("AliasesFor(%s) = %v, %d", test.dist, ids, others)
		}
	}
}
