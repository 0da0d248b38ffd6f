package curation_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/cpan"
	"nacre/curation"
	"nacre/internal/testkit"
	"nacre/perlver"
)

// TestRealData applies overlays to the real data. Every record that none of them
// is about is the same, to the last field; of the others every verdict is the same
// that the overlay does not speak about.
func TestRealData(t *testing.T) {
	reports, built, cna := published.Batches(t, os.DirFS(testkit.Data(t)))
	batches := []advisory.Batch{reports, built, cna}
	set, err := curation.Read(fstest.MapFS{"real.yaml": {Data: []byte(`
- correct: CVE-2020-16154
  dist: App-cpanminus
  affected: "==1.7043"
  reason: For this test.
  role: triage
  date: 2026-11-23
- false-positive: CVE-2024-45321
  dist: App-cpanminus
  reason: For this test.
  role: triage
  date: 2026-11-23
- false-positive: CVE-2018-12015
  reason: For this test.
  role: triage
  date: 2026-11-23
- complete: CVE-2025-40910
  dist: Net-IP-LPM
  routines: lookup
  reason: For this test.
  role: triage
  date: 2026-11-23
`)}})
	if err != nil {
		t.Fatal(err)
	}
	applied := set.Apply(batches)
	before, _ := merge.Merge(batches)
	after, _ := merge.Merge(applied.Batches)
	for _, o := range applied.Outcomes(after.Releases) {
		if o.State != curation.InForce {
			t.Errorf("%s: %s: %s", o.Overlay.Target(), o.State, o.Text)
		}
	}
	about := map[advisory.ID]bool{}
	for i := range set.Overlays {
		about[set.Overlays[i].IDs[0]] = true
	}
	if len(before.Records) != len(after.Records) {
		t.Fatalf("%d records, and %d with overlays", len(before.Records), len(after.Records))
	}
	judged, changed := 0, 0
	for i := range before.Records {
		was, is := &before.Records[i], &after.Records[i]
		if !about[was.ID] {
			if d := cmp.Diff(was, is, cmp.AllowUnexported(advisory.Date{})); d != "" {
				t.Errorf("%s: -before +after:\n%s", was.ID, d)
			}
		}
		for j := range is.Affected {
			d := is.Affected[j].Dist
			one, other := was.For(d).Compile(), is.For(d).Compile()
			for _, k := range after.Releases[d] {
				v, err := perlver.Parse(k.Version)
				if err != nil {
					continue
				}
				judged++
				a, b := one.Judge(v).Status, other.Judge(v).Status
				if want := corrected(is.ID, d, k.Version, a); b != want {
					t.Errorf("%s on %s %s: %s, want %s", is.ID, d, k.Version, b, want)
				}
				if a != b {
					changed++
				}
			}
		}
	}
	if !is(&after, "CVE-2018-12015").IsWithdrawn() {
		t.Error("CVE-2018-12015 is not withdrawn")
	}
	if judged < 50_000 || changed == 0 {
		t.Errorf("%d verdicts, %d of them changed", judged, changed)
	}
	t.Logf("%d records, %d verdicts, %d changed", len(after.Records), judged, changed)
}

// corrected is the verdict by the overlays, where the sources say was.
func corrected(id advisory.ID, d cpan.Dist, version string, was advisory.Status) advisory.Status {
	switch {
	case id == "CVE-2020-16154" && d == "App-cpanminus" && version == "1.7043":
		return advisory.StatusAffected
	case (id == "CVE-2020-16154" || id == "CVE-2024-45321") && d == "App-cpanminus":
		return advisory.StatusClean
	}
	return was
}

func is(set *advisory.Set, id advisory.ID) *advisory.Record {
	for i := range set.Records {
		if set.Records[i].ID == id {
			return &set.Records[i]
		}
	}
	return &advisory.Record{}
}

// BenchmarkApply measures what a folder of overlays costs a build of the real
// data.
func BenchmarkApply(b *testing.B) {
	reports, err := cpansa.ReadDir(os.DirFS(filepath.Join(testkit.Data(b), "cpansa")))
	if err != nil {
		b.Fatal(err)
	}
	set := &curation.Set{}
	for i := range reports.Items {
		r := reports.Items[i].Record
		if r == nil || i%10 > 0 {
			continue
		}
		set.Overlays = append(set.Overlays, curation.Overlay{
			Kind: curation.Correct, IDs: []advisory.ID{r.ID}, Dist: r.Affected[0].Dist, File: "a.yaml", Line: i, Affected: []string{"<1"},
		})
	}
	merged, _ := merge.Merge([]advisory.Batch{reports})
	for b.Loop() {
		set.Apply([]advisory.Batch{reports}).Outcomes(merged.Releases)
	}
	b.ReportMetric(float64(len(set.Overlays)), "overlays")
}
