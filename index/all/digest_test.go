package all_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
	"nacre/index/all"
)

// input is of three advisories on two distributions.
func input() index.Input {
	record := func(id advisory.ID, range_ string, dists ...cpan.Dist) advisory.Record {
		r := advisory.Record{
			ID: id, Title: "Follows links", Description: "It follows links.", Severity: advisory.SeverityHigh, CWEs: []string{"CWE-59"},
			References: []advisory.Reference{{URL: "https://example.org/" + string(id), Kind: advisory.KindFix}},
			Sources:    []advisory.Source{{Name: "CPANSA", ID: string(id)}},
		}
		for _, d := range dists {
			r.Affected = append(r.Affected, advisory.Affected{Dist: d, Statements: []advisory.Statement{{
				Entry: string(id), CPANSA: &advisory.CPANSA{Affected: []string{range_}},
			}}})
		}
		return r
	}
	return index.Input{
		Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC),
		Set: advisory.Set{
			Records: []advisory.Record{
				record("CPANSA-Acme-Demo-2099-01", "<0.2", "Acme-Demo"),
				record("CVE-2099-0001", "<1.3", "Foo-Bar"),
				record("CVE-2099-0002", "<1.2", "Acme-Demo", "Foo-Bar"),
			},
			Releases: map[cpan.Dist][]advisory.Known{
				"Acme-Demo": {{Version: "0.1", Author: "AUTHOR"}, {Version: "0.2", Author: "AUTHOR"}},
				"Foo-Bar":   {{Version: "1.2"}, {Version: "1.3"}},
			},
			Main:   map[cpan.Dist]cpan.Module{"Foo-Bar": "Foo::Bar"},
			Owners: map[cpan.Module]cpan.Dist{"Foo::Bar": "Foo-Bar"},
		},
		Sources: []index.Health{{Name: "CPANSA", From: "cpansa", Entries: 3}},
	}
}

// made are the files of each advisory and each distribution, and its digest.
func made(t *testing.T, in index.Input) (map[string]index.Digest, map[string]map[string]string) {
	t.Helper()
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	digests, files := map[string]index.Digest{}, map[string]map[string]string{}
	add := func(unit string, digest index.Digest, made []index.File, err error) {
		if err != nil {
			t.Fatal(err)
		}
		digests[unit] = digest
		if files[unit] == nil {
			files[unit] = map[string]string{}
		}
		for _, f := range made {
			files[unit][f.Path] = string(f.Data)
		}
	}
	for _, f := range all.Formats() {
		for _, a := range m.Advisories {
			if f.Advisory != nil {
				made, err := f.Advisory(m, a)
				add(string(a.ID), a.Digest, made, err)
			}
		}
		for _, d := range m.Dists {
			if f.Dist != nil {
				made, err := f.Dist(m, d)
				add(string(d.Name), d.Digest, made, err)
			}
		}
	}
	return digests, files
}

// TestDigests changes one thing after the other that an index is made of: files of
// an advisory or a distribution whose digest stays are the same, since a build
// takes them over.
func TestDigests(t *testing.T) {
	first, err := index.New(input())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(in *index.Input){
		"day":             func(in *index.Input) { in.Now = in.Now.AddDate(1, 0, 0) },
		"generator":       func(in *index.Input) { in.Generator = "nacred of tomorrow" },
		"site":            func(in *index.Input) { in.Site.Contact = "mailto:index@example.org" },
		"title":           func(in *index.Input) { in.Set.Records[0].Title = "Another title" },
		"aliases":         func(in *index.Input) { in.Set.Records[0].Aliases = []advisory.ID{"CVE-2099-0009"} },
		"withdrawn":       func(in *index.Input) { in.Set.Records[2].WithdrawnReason = "no flaw" },
		"one record less": func(in *index.Input) { in.Set.Records = in.Set.Records[1:] },
		"a release": func(in *index.Input) {
			in.Set.Releases["Foo-Bar"] = append(in.Set.Releases["Foo-Bar"], advisory.Known{Version: "1.4"})
		},
		"an author": func(in *index.Input) { in.Set.Releases["Foo-Bar"][0].Author = "AUTHOR" },
		"a date": func(in *index.Input) {
			in.Set.Releases["Foo-Bar"][1].Date = time.Date(2098, 1, 2, 0, 0, 0, 0, time.UTC)
		},
		"developer": func(in *index.Input) { in.Set.Releases["Foo-Bar"][1].Developer = true },
		"a perl's":  func(in *index.Input) { in.Set.Releases["Foo-Bar"][1].Perl = "5.99.0" },
		"module":    func(in *index.Input) { in.Set.Main["Foo-Bar"] = "Foo" },
		"modules":   func(in *index.Input) { in.Set.Owners["Foo"] = "Foo-Bar" },
		"policy": func(in *index.Input) {
			in.Security = map[cpan.Dist]index.Security{"Foo-Bar": {Policy: "SECURITY.md", From: "Foo-Bar-1.3"}}
		},
		"sources": func(in *index.Input) { in.Sources[0].Problem = "it is a page" },
		"curated": func(in *index.Input) {
			in.Curated = []index.Curated{{Where: "Foo-Bar.yaml:1", Kind: "correct", Target: "CVE-2099-0001 of Foo-Bar"}}
		},
		"an entry": func(in *index.Input) {
			in.Ledger.Entries = []merge.Entry{{Source: "CPANSA", Where: "Foo-Bar.yml", Records: []advisory.ID{"CVE-2099-0001"}}}
		},
		"a doubt": func(in *index.Input) {
			in.Ledger.Contradictions = []merge.Contradiction{{Kind: merge.Gap, Record: "CVE-2099-0001", Dist: "Foo-Bar", Text: "1.2 is neither"}}
		},
		"a build before": func(in *index.Input) { in.Before, in.Now = first.State, in.Now.AddDate(0, 0, 1) },
		"a changed record": func(in *index.Input) {
			in.Before, in.Now, in.Set.Records[0].Title = first.State, in.Now.AddDate(0, 0, 1), "Another title"
		},
		"a history": func(in *index.Input) {
			before := *first.State
			before.History = []index.Change{{Kind: index.Changed, ID: "CVE-2099-0001", Text: "its title"}}
			in.Before = &before
		},
		"a commit": func(in *index.Input) { in.Set.Records[0].Sources[0].Commit = "0123456789abcdef" },
	} {
		wasDigests, was := made(t, input())
		in := input()
		change(&in)
		isDigests, is := made(t, in)
		for unit, files := range is {
			if isDigests[unit] != wasDigests[unit] {
				continue
			}
			if d := cmp.Diff(was[unit], files); d != "" {
				t.Errorf("%s: %s is another one, and its digest is the same: %s", name, unit, d)
			}
		}
	}
}
