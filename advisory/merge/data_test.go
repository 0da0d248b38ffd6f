package merge

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nacre/advisory"
	"nacre/advisory/published"
	"nacre/internal/testkit"
)

func readReal(t *testing.T) (index, reports, records advisory.Batch) {
	t.Helper()
	reports, index, records = published.Batches(t, os.DirFS(testkit.Data(t)))
	return index, reports, records
}

// TestRealCounts holds the merge of the built JSON to counts that others have
// made of the same file.
func TestRealCounts(t *testing.T) {
	index, reports, _ := readReal(t)
	set, ledger := Merge([]advisory.Batch{index})
	if n := len(ledger.Entries); n != 2061 {
		t.Errorf("%d entries, want 2061", n)
	}
	if n := ledger.Count(Refused); n != 0 {
		t.Errorf("%d entries refused, want none", n)
	}
	if n := len(set.Owners); n != 8336 {
		t.Errorf("%d modules, want 8336", n)
	}
	// 21,743 rows, of which 739 repeat a version of the same distribution.
	releases := 0
	for _, known := range set.Releases {
		releases += len(known)
	}
	if want := 21743 - 739; releases != want {
		t.Errorf("%d releases, want %d", releases, want)
	}
	for kind, want := range map[Kind]int{
		Overlap:    18,
		MatchNone:  86,
		MatchAll:   130,
		OpenEnd:    3, // two of File-Path, one of mod_perl
		NoRange:    1, // ActivePerl
		Doubtful:   1, // Log-Any's bare fixed version
		Unreadable: 0,
		// Of entries that state fixed versions, all that leave any known
		// release neither affected nor fixed: also one from before the first
		// affected release, of which they say as little as of one below the fix.
		Gap: 70,
	} {
		if _, n := ledger.CountKind(kind); n != want {
			t.Errorf("%s: %d entries, want %d", kind, n, want)
		}
	}

	// Of the hand-made reports others count 17 ids that name another
	// distribution. Two of these are CPANSA-POSIX-2008-001 and -002, which are
	// right: the distribution is POSIX-2008.
	_, ledger = Merge([]advisory.Batch{reports})
	other := 0
	for _, c := range ledger.Contradictions {
		if c.Kind == OtherDist && slices.ContainsFunc(c.Where, func(w string) bool { return filepath.Dir(w) == "cpansa" }) {
			other++
		}
	}
	if want := 17 - 2; other != want {
		t.Errorf("%d ids name another distribution, want %d", other, want)
	}
}

// TestRealEntriesAreAccountedFor merges everything there is.
func TestRealEntriesAreAccountedFor(t *testing.T) {
	index, reports, records := readReal(t)
	batches := []advisory.Batch{index, reports, records}
	raw := 0
	for _, b := range batches {
		raw += len(b.Items)
	}
	set, ledger := Merge(batches)
	became, merged, refused := ledger.Count(Became), ledger.Count(Merged), ledger.Count(Refused)
	if raw != became+merged+refused || raw != len(ledger.Entries) {
		t.Errorf("%d entries were read: %d + %d + %d of %d are accounted for", raw, became, merged, refused, len(ledger.Entries))
	}
	if became != len(set.Records) {
		t.Errorf("%d entries made %d records", became, len(set.Records))
	}
	ids := map[string]bool{}
	for i := range set.Records {
		r := &set.Records[i]
		if ids[r.ID.Key()] {
			t.Errorf("%s is there twice", r.ID)
		}
		ids[r.ID.Key()] = true
		if i > 0 && set.Records[i-1].ID.Key() >= r.ID.Key() {
			t.Errorf("%s is out of order", r.ID)
		}
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		for j := range r.Affected {
			last := 0
			for _, s := range r.Affected[j].Statements {
				if s.Source < last || s.Source >= len(r.Sources) {
					t.Errorf("%s: a statement of source %d after one of %d, of %d", r.ID, s.Source, last, len(r.Sources))
				}
				last = s.Source
			}
		}
	}
	for _, e := range ledger.Entries {
		if e.Outcome == Refused && e.Reason == "" || e.Outcome != Refused && len(e.Records) == 0 {
			t.Errorf("%s is %s without a word", e.Where, e.Outcome)
		}
		for _, id := range e.Records {
			if !ids[id.Key()] {
				t.Errorf("%s is in %s, which is not there", e.Where, id)
			}
		}
	}

	// The other way round it is the same.
	slices.Reverse(batches)
	for _, b := range batches {
		slices.Reverse(b.Items)
	}
	again, ledgerAgain := Merge(batches)
	if text(t, set.Records) != text(t, again.Records) || text(t, ledger) != text(t, ledgerAgain) {
		t.Error("another order gives another result")
	}
}
