package advice

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSort(t *testing.T) {
	got := Sort([]Finding{
		{ID: "S08", Level: Note},
		{ID: "S07", Level: Warning, File: "b"},
		{ID: "S07", Level: Warning, File: "a", Line: 9},
		{ID: "S07", Level: Warning, File: "a", Line: 2},
		{ID: "S07", Level: Warning, File: "a", Line: 2},
		{ID: "S10", Level: Error},
	})
	want := []Finding{
		{ID: "S10", Level: Error},
		{ID: "S07", Level: Warning, File: "a", Line: 2},
		{ID: "S07", Level: Warning, File: "a", Line: 9},
		{ID: "S07", Level: Warning, File: "b"},
		{ID: "S08", Level: Note},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Count(got); got != (Counts{1, 3, 1}) {
		t.Error(got)
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		level   Level
		failOn  string
		reaches bool
	}{
		{Error, "error", true},
		{Error, "note", true},
		{Warning, "error", false},
		{Warning, "warning", true},
		{Note, "warning", false},
		{Note, "note", true},
		{Error, "never", false},
	} {
		least, err := ParseLevel(c.failOn)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.level.Reaches(least); got != c.reaches {
			t.Errorf("%s reaches %s: %v", c.level, c.failOn, got)
		}
	}
	if _, err := ParseLevel("high"); err == nil {
		t.Error("high is a level")
	}
}
