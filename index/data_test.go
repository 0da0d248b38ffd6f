package index_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/index"
	"nacre/internal/testkit"
)

// realInput is the real data, merged.
func realInput(t *testing.T) index.Input {
	t.Helper()
	reports, built, cna := published.Batches(t, os.DirFS(testkit.Data(t)))
	in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2026, 8, 20, 3, 4, 5, 0, time.UTC)}
	in.Set, in.Ledger = merge.Merge([]advisory.Batch{reports, built, cna})
	return in
}

// TestRealData says of every known release what the verdict on it says, for all
// advisories, and the same twice.
func TestRealData(t *testing.T) {
	in := realInput(t)
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Advisories) != len(in.Set.Records) {
		t.Errorf("%d advisories of %d records", len(m.Advisories), len(in.Set.Records))
	}
	fixed, unfixed, judged := 0, 0, 0
	for _, a := range m.Advisories {
		if m.ByID(a.ID) != a {
			t.Errorf("%s is not found by its id", a.ID)
		}
		for _, of := range a.Dists {
			for i, r := range of.Dist.Releases {
				want := advisory.StatusUnknown
				if !r.Parsed.IsZero() {
					want = of.Affected.Judge(r.Parsed).Status
				}
				if got := of.Verdict(i).Status; got != of.Status[i] || got != want {
					t.Errorf("%s on %s %s: %s, %s with words, want %s", a.ID, of.Dist.Name, r.Version, of.Status[i], got, want)
				}
				listed := slices.Contains(of.Known, r.Version)
				if hit := want == advisory.StatusAffected || want == advisory.StatusContradictory; hit != listed {
					t.Errorf("%s on %s %s: %s, listed as affected: %v", a.ID, of.Dist.Name, r.Version, want, listed)
				}
				judged++
			}
			if of.Fixed != "" {
				fixed++
			}
			if of.Unfixed {
				unfixed++
				if of.Fixed != "" && of.Status[of.Dist.Latest].IsClean() {
					t.Errorf("%s on %s is unfixed and fixed in %s", a.ID, of.Dist.Name, of.Fixed)
				}
			}
		}
	}
	t.Logf("%d advisories, %d distributions, %d verdicts; fixed in a known release %d, latest affected %d",
		len(m.Advisories), len(m.Dists), judged, fixed, unfixed)

	again, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := m.State.Encode()
	b, _ := again.State.Encode()
	if string(a) != string(b) {
		t.Error("the same input gives another state")
	}
	in.Before, in.Kept = m.State, m.Set.Records
	next, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := next.State.Encode()
	if string(a) != string(c) {
		t.Error("a build after the same one has another state")
	}
	for i, x := range m.Advisories {
		if y := next.Advisories[i]; x.Digest != y.Digest {
			t.Errorf("%s has another digest in the next build", x.ID)
		}
	}
}
