package review_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index/review"
	"nacre/index/sample"
	"nacre/internal/testkit"
)

// TestRealData makes the list of the real data: every contradiction of advisories
// that stand, and every refused entry, is on it, and it fits a terminal.
func TestRealData(t *testing.T) {
	m := sample.Model(t, os.DirFS(testkit.Data(t)))
	items := review.List(review.Input{Model: m})
	type said struct {
		kind merge.Kind // "" is refused
		id   advisory.ID
		dist cpan.Dist
		text string
	}
	got, want := map[said]int{}, map[said]int{}
	for _, it := range items {
		switch it.Kind {
		case review.Contradictory, review.Unfixed:
			got[said{merge.Kind(it.Rule), it.ID, it.Dist, it.Text}] += len(it.Where)
		case review.Refused:
			got[said{"", it.ID, "", it.Text}] += len(it.Where)
		}
	}
	for _, c := range m.Ledger.Contradictions {
		if a := m.ByID(c.Record); c.Record == "" || !a.IsWithdrawn() {
			want[said{c.Kind, c.Record, c.Dist, c.Text}] += len(c.Where)
		}
	}
	for _, e := range m.Ledger.Entries {
		if e.Outcome == merge.Refused {
			want[said{"", advisory.ID(e.Native), "", e.Reason}]++
		}
	}
	if d := cmp.Diff(want, got); d != "" || len(want) < 100 {
		t.Errorf("-what is wrong +what is listed:\n%s", d)
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
