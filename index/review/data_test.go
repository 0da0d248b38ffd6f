package review_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/index"
	"nacre/index/review"
	"nacre/internal/testkit"
)

// TestRealData makes the list of the real data: every contradiction of advisories
// that stand, and every refused entry, is on it, and it fits a terminal.
func TestRealData(t *testing.T) {
	data := testkit.Data(t)
	reports, err := cpansa.ReadDir(os.DirFS(filepath.Join(data, "cpansa")))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	built, err := cpansa.ReadJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	cna, err := cve.ReadFS(os.DirFS(filepath.Join(data, "cve")))
	if err != nil {
		t.Fatal(err)
	}
	in := index.Input{Site: index.DefaultSite(), Now: time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)}
	in.Set, in.Ledger = merge.Merge([]advisory.Batch{reports, built, cna})
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	items := review.List(review.Input{Model: m})
	var got, want [2]int
	for _, it := range items {
		switch it.Kind {
		case review.Contradictory, review.Unfixed:
			got[0]++
		case review.Refused:
			got[1]++
		}
	}
	for _, c := range m.Ledger.Contradictions {
		if a := m.ByID(c.Record); c.Record == "" || !a.IsWithdrawn() {
			want[0]++
		}
	}
	want[1] = m.Ledger.Count(merge.Refused)
	if got != want || want[0] == 0 {
		t.Errorf("%d contradictory and %d refused, want %d and %d", got[0], got[1], want[0], want[1])
	}
	var b strings.Builder
	if err := review.WriteText(&b, items, review.Text{Width: 80}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if len([]rune(line)) > 81 {
			t.Errorf("wider than 80 columns: %s", line)
		}
	}
	t.Logf("%d items", len(items))
}
