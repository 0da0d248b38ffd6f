package record_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/index"
	"nacre/index/record"
	"nacre/index/sample"
	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write what the cases want")

// Each case is a folder of reports, and the files made of them.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		return sample.Listing(t, sample.Ordered(t, sample.Case(t, ar), record.Formats()), func(string) bool { return true })
	})
}

// An advisory has its own changes of the history, in its order.
func TestChanges(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/ordinary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	m := sample.Case(t, ar)
	m.State.History = []index.Change{
		{Kind: index.Changed, ID: "CVE-2099-0001", Text: "the second"},
		{Kind: index.Changed, ID: "CVE-2099-0003", Text: "of another"},
		{Kind: index.Appeared, ID: "CVE-2099-0001", Text: "the first"},
	}
	got, err := record.AdvisoryOf(m, m.ByID("CVE-2099-0001"))
	if err != nil || len(got.Changes) != 2 || got.Changes[0].Text != "the second" || got.Changes[1].Text != "the first" {
		t.Errorf("%+v, %v", got.Changes, err)
	}
}

// TestRealData holds that stretches are all releases with their verdicts, that
// the written ranges say the same, and that a record comes back as it is.
func TestRealData(t *testing.T) {
	m := sample.Model(t, os.DirFS(testkit.Data(t)))
	verdicts := 0
	for _, f := range sample.Ordered(t, m, record.Formats()) {
		id, ok := strings.CutPrefix(f.Path, "advisory/")
		if !ok {
			continue
		}
		a := m.ByID(advisory.ID(strings.TrimSuffix(id, ".json")))
		var got record.Advisory
		if err := json.Unmarshal(f.Data, &got); err != nil {
			t.Fatal(err)
		}
		if want, back := encode(t, a.Record), encode(t, got.Record); want != back {
			t.Errorf("the record of %s comes back as %s", a.ID, back)
		}
		for i, of := range a.Dists {
			mean := got.Affected[i]
			affected, unknown := perlver.ParseCPANSA(mean.Versions), perlver.ParseCPANSA(mean.UnknownVersions)
			at, left := -1, 0
			for k, r := range of.Dist.Releases {
				if left == 0 {
					if at++; mean.Verdicts[at].From != r.Version {
						t.Fatalf("%s on %s: stretch %d is not from %s", a.ID, of.Dist.Name, at, r.Version)
					}
					left = mean.Verdicts[at].Releases
				}
				left--
				v := mean.Verdicts[at]
				if v.Status != of.Status[k] || left == 0 && v.To != r.Version || v.Reason == "" {
					t.Errorf("%s on %s %s: %s, %+v", a.ID, of.Dist.Name, r.Version, of.Status[k], v)
				}
				if r.Parsed.IsZero() || len(r.Parsed.Warnings()) > 0 || a.IsWithdrawn() {
					continue
				}
				verdicts++
				in, _ := affected.Contains(r.Parsed)
				open, _ := unknown.Contains(r.Parsed)
				if (in == perlver.True) != v.Status.IsAffected() || (open == perlver.True) != (v.Status == advisory.StatusUnknown) {
					t.Errorf("%s on %s %s: %s, affected %v, unknown %v", a.ID, of.Dist.Name, r.Version, v.Status, mean.Versions, mean.UnknownVersions)
				}
			}
			if left != 0 || at != len(mean.Verdicts)-1 {
				t.Errorf("%s on %s: stretches are about more than the known releases", a.ID, of.Dist.Name)
			}
		}
	}
	if verdicts == 0 {
		t.Error("nothing was compared")
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What to look up in the CVE List is a file, and its counts are told: those beyond
// the list, too.
func TestCVEReview(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/ordinary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	m := sample.Case(t, ar)
	if text := fileOf(t, m, "cve-review.json"); !strings.Contains(text, `"missing":[],"candidates":[],"more":0`) {
		t.Errorf("of nothing: %s", text)
	}
	m.CVEs = index.CVEReview{
		Missing:    []cvelist.Missing{{ID: "CVE-2099-0404", Reason: "CPANSA names it"}},
		Candidates: []cvelist.Review{{ID: "CVE-2099-0007", Where: "cves/2099/0xxx/CVE-2099-0007.json", Why: "the product Foo::Bar has the name of a module"}},
		More:       3,
	}
	const want = `"missing":[{"id":"CVE-2099-0404","reason":"CPANSA names it"}],` +
		`"candidates":[{"id":"CVE-2099-0007","where":"cves/2099/0xxx/CVE-2099-0007.json","why":"the product Foo::Bar has the name of a module"}],"more":3`
	if text := fileOf(t, m, "cve-review.json"); !strings.Contains(text, want) {
		t.Errorf("%s, want %s", text, want)
	}
	if c := record.HealthOf(m).Counts; c.Missing != 1 || c.Candidates != 4 {
		t.Errorf("%+v", c)
	}
}

func fileOf(t *testing.T, m *index.Model, path string) string {
	t.Helper()
	for _, f := range sample.Ordered(t, m, record.Formats()) {
		if f.Path == path {
			return string(f.Data)
		}
	}
	t.Fatalf("%s is not there", path)
	return ""
}
