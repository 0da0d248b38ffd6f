package vex

import (
	"strings"
	"testing"

	govex "github.com/openvex/go-vex/pkg/vex"

	"nacre/advisory"
	"nacre/index"
)

// parsed is a document as the library of the format reads it.
func parsed(t testing.TB, name string, b []byte) *govex.VEX {
	t.Helper()
	doc, err := govex.Parse(b)
	if err != nil {
		t.Fatalf("%s: go-vex: %v", name, err)
	}
	if doc.Version < 1 || doc.Timestamp == nil || doc.Author == "" || doc.ID == "" || len(doc.Statements) == 0 {
		t.Errorf("%s: version %d, time %v, author %q, id %q, %d statements", name, doc.Version, doc.Timestamp, doc.Author, doc.ID, len(doc.Statements))
	}
	for i := range doc.Statements {
		if err := doc.Statements[i].Validate(); err != nil {
			t.Errorf("%s: go-vex: %v", name, err)
		}
	}
	return doc
}

// TestOpenVEXStatus asks go-vex what a document says of a release.
func TestOpenVEXStatus(t *testing.T) {
	all := files(t, model(t, input(t)))
	for _, c := range []struct{ id, product, want string }{
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.0", "not_affected"},
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.1", "affected"},
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.2", "affected"},
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.3", "fixed"},
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.3-after", "under_investigation"}, // no version that can be read
		{"CVE-2099-0001", "pkg:cpan/Foo-Bar@1.4", "fixed"},
		{"CVE-2099-0001", "pkg:cpan/Acme-Demo@0.2", "affected"},
		{"CVE-2099-0001", "pkg:cpan/Acme-Demo@0.3", ""}, // no known release
		{"CPANSA-Foo_Bar-2099-02", "pkg:cpan/Foo-Bar@1.1", "affected"},
		{"CPANSA-Foo_Bar-2099-02", "pkg:cpan/Foo-Bar@1.2", "under_investigation"}, // contradictory
		{"CPANSA-Foo_Bar-2099-02", "pkg:cpan/Foo-Bar@1.3", "fixed"},
		{"CPANSA-Foo-Bar-2099-03", "pkg:cpan/Foo-Bar@1.3", "under_investigation"}, // nobody can read the range
		{"CPANSA-Foo-Bar-2099-04", "pkg:cpan/Foo-Bar@1.0", "not_affected"},
		{"CPANSA-Foo-Baz-2099-01", "https://advisories.example/dist/Foo-Baz/", "under_investigation"},
		{"CVE-2099-0005", "pkg:cpan/Foo-Bar@1.0", "not_affected"}, // withdrawn: no release is
		{"CVE-2099-0007", "pkg:cpan/Foo-Bar@1.0", "not_affected"}, // by the source that decides
		{"CVE-2099-0007", "pkg:cpan/Foo-Bar@1.2", "not_affected"}, // nobody says that it is fixed, and one source that it is affected
		{"CVE-2099-0007", "pkg:cpan/Foo-Bar@1.3", "fixed"},
	} {
		name := "openvex/" + c.id + ".json"
		doc := parsed(t, name, all[name])
		got := ""
		if s := doc.Matches(c.id, c.product, nil); len(s) > 0 {
			got = string(s[0].Status)
		}
		if got != c.want {
			t.Errorf("%s of %s is %q, want %q", c.product, c.id, got, c.want)
		}
	}
	if b := all["openvex/CVE-2099-0006.json"]; b != nil {
		t.Errorf("an advisory that names no distribution has statements: %s", b)
	}
}

// TestOpenVEXNames says which words no statement may use: another CVE id is another
// flaw, and where sources differ, one of them does count the version.
func TestOpenVEXNames(t *testing.T) {
	doc := parsed(t, "CVE-2099-0007", files(t, model(t, input(t)))["openvex/CVE-2099-0007.json"])
	for _, s := range doc.Statements {
		if got := s.Vulnerability.Aliases; len(got) != 1 || got[0] != "CPANSA-Foo-Bar-2099-07" {
			t.Errorf("aliases %q", got)
		}
		if s.Status != govex.StatusNotAffected {
			continue
		}
		if strings.HasPrefix(s.ImpactStatement, "No source") || !strings.Contains(s.ImpactStatement, "CPANSA-Foo-Bar-2099-07 states as affected: <1.3. As fixed: >=1.3.") {
			t.Errorf("%q", s.ImpactStatement)
		}
	}
}

// TestOpenVEXAgainstRealData says of every known release what the index says.
func TestOpenVEXAgainstRealData(t *testing.T) {
	m := realModel(t)
	bytes, said := 0, 0
	for _, a := range m.Advisories {
		made, err := openVEXFile(m, a)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range made {
			bytes += len(f.Data)
			doc := parsed(t, f.Path, f.Data)
			status := map[string]govex.Status{}
			for _, s := range doc.Statements {
				for _, p := range s.Products {
					if old := status[p.ID]; old != "" {
						t.Errorf("%s: %s is %s and %s", f.Path, p.ID, old, s.Status)
					}
					status[p.ID] = s.Status
				}
			}
			said += len(status)
			for _, of := range a.Dists {
				compareStatus(t, f.Path, of, status)
			}
		}
	}
	t.Logf("%d statuses, %d bytes", said, bytes)
}

// compareStatus holds what a document says of releases to what the index says.
func compareStatus(t *testing.T, name string, of *index.Affected, status map[string]govex.Status) {
	t.Helper()
	for i, r := range of.Dist.Releases {
		id := purlOf(of.Dist, r.Version)
		if id == "" {
			continue
		}
		fits := false
		switch got := status[id]; of.Status[i] {
		case advisory.StatusAffected:
			fits = got == govex.StatusAffected
		case advisory.StatusContradictory, advisory.StatusUnknown:
			fits = got == govex.StatusUnderInvestigation
		case advisory.StatusFixed:
			fits = got == govex.StatusFixed
		case advisory.StatusClean:
			fits = got == govex.StatusNotAffected || got == govex.StatusFixed
		}
		if !fits {
			t.Errorf("%s: %s is %s, and the index says %s", name, id, status[id], of.Status[i])
		}
	}
}

// TestOpenVEXGrows holds that a document that says more has a greater version.
func TestOpenVEXGrows(t *testing.T) {
	before := input(t)
	first := model(t, before)
	next := input(t)
	next.Before, next.Kept = first.State, first.Set.Records
	next.Now = next.Now.AddDate(0, 0, 1)
	next.Set.Releases["Foo-Bar"] = append(next.Set.Releases["Foo-Bar"], advisory.Known{Version: "1.5"})
	second := model(t, next)
	next.Before = second.State
	next.Now = next.Now.AddDate(0, 0, 1)
	next.Set.Releases["Acme-Demo"] = append(next.Set.Releases["Acme-Demo"], advisory.Known{Version: "0.3"})
	third := model(t, next)
	last := 0
	for i, m := range []*index.Model{first, second, third} {
		name := "openvex/CVE-2099-0001.json"
		doc := parsed(t, name, files(t, m)[name])
		if doc.Version <= last {
			t.Errorf("build %d has version %d after %d", i+1, doc.Version, last)
		}
		last = doc.Version
		if updated := doc.LastUpdated != nil; updated != (i == 2) {
			t.Errorf("build %d says %v of its last change", i+1, doc.LastUpdated)
		}
		if !strings.HasPrefix(doc.Timestamp.Format("2006-01-02"), "2099-03-03") {
			t.Errorf("build %d was first made %v", i+1, doc.Timestamp)
		}
	}
}
