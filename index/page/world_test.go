package page

import (
	"fmt"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/fault"
	"nacre/index"
)

// nasty is what no text of an advisory should be.
const nasty = "<script>alert(1)</script>\" onload='alert(2)' \u202eesrever\u202c \u2067\u200b\x1b[31mred\x00\u009b {{.}} ${7*7} </title> &lt;b&gt; " +
	"</textarea></svg></noscript><style>*{display:none}</style> <!-- <![CDATA[ ]]> javascript:alert(1) <a href=javascript:alert(1)> " +
	"IamasinglewordthatisverylongandhasnoplacewhereitmaybebrokenunlessthepagethatshowsitsaysthatitmaybebrokenanywhereatallwhichitshouldsayforwhatstrangerswriteIIIIIII "

// world is a small index with every state that an advisory or a distribution can
// be in, made up.
func world(t testing.TB) *index.Model {
	t.Helper()
	date := func(s string) advisory.Date {
		d, err := advisory.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	b := advisory.Batch{
		Source: advisory.Source{
			Name: "CPANSA", Commit: "0123456789abcdef0123456789abcdef01234567", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC),
			Licence: "CC0-1.0", Attribution: "CPAN Security Advisory database",
		},
		Releases: map[cpan.Dist][]advisory.Known{}, Owners: map[cpan.Module]cpan.Dist{}, Main: map[cpan.Dist]cpan.Module{},
	}
	release := func(d cpan.Dist, m cpan.Module, first int, versions ...string) {
		for i, v := range versions {
			b.Releases[d] = append(b.Releases[d], advisory.Known{Version: v, Date: time.Date(first+i, time.Month(1+i*5%12), 3, 0, 0, 0, 0, time.UTC)})
		}
		if m != "" {
			b.Main[d], b.Owners[m] = m, d
		}
	}
	release("Foo-Bar", "Foo::Bar", 2018, "1.0", "1.1", "1.2", "1.3_01", "1.3", "1.4")
	b.Owners["Foo::Bar::Unpack"] = "Foo-Bar"
	release("Acme-Demo", "Acme::Demo", 2009, "0.01", "0.02", "0.03")
	release("Acme-Zip", "Acme::Zip", 2012, "2.0", "2.1", "2.2", "2.3", "2.4")
	release("Acme-"+cpan.Dist("Quite-Long-Name-Of-A-Distribution-That-Has-To-Break-Somewhere-On-A-Telephone"), "", 2024, "1")
	var many []string
	for i := range 140 {
		many = append(many, fmt.Sprintf("5.%03d", i))
	}
	for i, v := range many {
		b.Releases["Acme-Often"] = append(b.Releases["Acme-Often"], advisory.Known{Version: v, Date: time.Date(2005, 1, 1+i*50, 0, 0, 0, 0, time.UTC)})
	}
	add := func(r advisory.Record, dists ...string) *advisory.Record {
		r.Sources = []advisory.Source{b.Source}
		r.Sources[0].ID, r.Sources[0].File = string(r.ID), fmt.Sprintf("cpansa/%s.yml#1", r.ID)
		for i := 0; i+2 < len(dists); i += 3 {
			a := r.Add(cpan.Dist(dists[i]))
			c := &advisory.CPANSA{Affected: []string{dists[i+1]}}
			if dists[i+2] != "" {
				c.Fixed = []string{dists[i+2]}
			}
			a.Statements = []advisory.Statement{{Source: 0, Entry: string(r.ID), CPANSA: c}}
		}
		r.ProvideAll(0)
		b.Items = append(b.Items, advisory.Item{Where: r.Sources[0].File, Native: string(r.ID), Record: &r})
		return &r
	}
	one := add(advisory.Record{
		ID: "CVE-2099-0001", Aliases: []advisory.ID{"CPANSA-Foo-Bar-2099-01"}, Title: "Foo::Bar before 1.3 for Perl follows links while unpacking",
		Description: "Foo::Bar does not look where a link leads.\n\nAn archive can write outside its folder.", Severity: advisory.SeverityHigh,
		CVSS: []advisory.CVSS{{Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N", Base: 6.5}},
		CWEs: []string{"CWE-22", "CWE-59"}, Reported: date("2021-03-01"), Published: date("2021-03-05"),
		References: []advisory.Reference{{Kind: "FIX", URL: "https://example.org/fix/1"}, {Kind: "REPORT", URL: "http://example.org/report?a=1&b=<2>"}},
	}, "Foo-Bar", "<1.3", ">=1.3")
	one.Affected[0].Modules, one.Affected[0].Files, one.Affected[0].Routines = []cpan.Module{"Foo::Bar"}, []string{"lib/Foo/Bar.pm"}, []string{"Foo::Bar::unpack"}
	add(advisory.Record{ID: "CVE-2099-0002", Title: "Acme::Demo believes every certificate", Severity: advisory.SeverityCritical, CWEs: []string{"CWE-295"}, Reported: date("2019-11-02")}, "Acme-Demo", ">=0.01", "")
	library := add(advisory.Record{ID: "CVE-2099-0003", Title: "Acme::Zip carries a library with a buffer overflow", Severity: advisory.SeverityMedium, CWEs: []string{"CWE-120"}, Reported: date("2014-05-02")},
		"Acme-Zip", "<=2.2", ">2.2", "Acme-Demo", "<0.02", "")
	library.Affected[1].Library = &advisory.Library{Name: "zlib", Bundled: []advisory.Bundled{{Releases: "<=2.2", Version: "1.2.3"}}, Affected: []string{"<1.2.5"}}
	add(advisory.Record{ID: "CVE-2099-0004", Title: "Withdrawn: Foo::Bar was thought to be affected", Withdrawn: date("2026-01-02"), WithdrawnReason: "It is the same as another one.", Reported: date("2025-12-30")}, "Foo-Bar", "<1", "")
	add(advisory.Record{ID: "CPANSA-Acme-Often-2023-01", Title: "Acme::Often runs what it is given", Severity: advisory.SeverityLow, Reported: date("2023-06-01")}, "Acme-Often", ">=5.020,<5.070", ">=5.070")
	add(advisory.Record{ID: "CVE-2099-0005", Title: "Acme::Often is said to be affected and fixed", Severity: advisory.SeverityHigh, Published: date("2025-04-01"), CWEs: []string{"CWE-78"}}, "Acme-Often", ">=5.100", ">=5.120")
	add(advisory.Record{ID: "CVE-2099-0006", Title: "Nobody states a range"}, "Acme-Often", "nonsense", "")
	add(advisory.Record{ID: "GHSA-2345-6789-cfgh", Title: "A distribution that is nowhere", Published: date("2026-10-01")}, "Acme-Gone", "<3", "").Affected[0].Darkpan = true
	add(advisory.Record{
		ID: "CVE-2099-0007", Title: nasty, Description: nasty + "\n" + nasty, Severity: advisory.SeverityMedium, Reported: date("2026-11-01"),
		References: []advisory.Reference{{Kind: "WEB", URL: "javascript:alert(1)"}, {Kind: "WEB", URL: "https://example.org/\"><script>alert(3)</script>"}},
	},
		"Acme-Quite-Long-Name-Of-A-Distribution-That-Has-To-Break-Somewhere-On-A-Telephone", "<2", "")
	add(advisory.Record{ID: "CVE-2099-0008", Title: "Acme::Demo writes its password into a log", Severity: advisory.SeverityLow, CWEs: []string{"CWE-532"}, Reported: date("2026-11-10")}, "Acme-Demo", "<0.03", ">=0.03")
	b.Items = append(b.Items,
		advisory.Item{Where: "cpansa/CPANSA-Broken.yml#1", Native: "CPANSA-Broken-2020-01", Refused: fault.New(fault.Invalid, "no affected versions are stated %s", nasty)},
		advisory.Item{Where: "cpansa/CPANSA-Broken.yml#2", Native: "CPANSA-Broken-2020-02", Refused: fault.New(fault.Invalid, "no affected versions are stated %s", nasty)})
	in := index.Input{
		Site: index.DefaultSite(), Generator: "nacred v0.1.0", Now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC),
		Sources: []index.Health{
			{Name: "CPANSA", From: "cpan-security-advisory", Commit: b.Source.Commit, Time: b.Source.Time, Licence: "CC0-1.0", Attribution: b.Source.Attribution, Entries: 12, Refused: 2},
			{Name: "OSV", From: "osv.zip", Time: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Licence: "CC-BY-4.0", Attribution: "OSV contributors", Entries: 40},
			{Name: "CVE List", From: "cvelist " + nasty, Problem: "half a file: " + nasty, Since: date("2026-11-20")},
		},
		Curated: []index.Curated{
			{Where: "curation/ranges.yaml:3", Kind: "range", Target: "CVE-2099-0001 Foo-Bar", Reason: "the fix is in 1.3", Role: "triage", Date: date("2026-10-02"), Outcome: "applied"},
			{Where: "curation/ranges.yaml:12", Kind: "range", Target: "CVE-2099-0099", Reason: nasty, Role: "triage", Date: date("2026-09-02"), Outcome: "no-target"},
		},
		Security: map[cpan.Dist]index.Security{"Foo-Bar": {Policy: "https://example.org/security", Contact: "security@example.org", From: "Foo-Bar-1.4"}},
	}
	in.Set, in.Ledger = merge.Merge([]advisory.Batch{b})
	// Two builds, so that there is something to say of what changed.
	before := in
	before.Now = in.Now.AddDate(0, 0, -3)
	before.Set.Records = append([]advisory.Record(nil), in.Set.Records[:len(in.Set.Records)-2]...)
	first, err := index.New(before)
	if err != nil {
		t.Fatal(err)
	}
	in.Before, in.Kept = first.State, first.Set.Records
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
