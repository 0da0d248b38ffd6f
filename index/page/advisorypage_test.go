package page

import (
	"testing"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// TestTimeline says when the index itself changed something: not on the first build,
// which takes the day from the sources.
func TestTimeline(t *testing.T) {
	day := func(n int) advisory.Date { return advisory.DateOf(time.Date(2099, 1, n, 0, 0, 0, 0, time.UTC)) }
	for _, tt := range []struct {
		name            string
		first, modified int
		want            string
	}{
		{"the first build", 9, 3, ""},
		{"the first build, of today's data", 9, 9, ""},
		{"a later one", 9, 12, "2099-01-12"},
	} {
		a := &index.Advisory{Record: &advisory.Record{Reported: day(2)}, FirstSeen: day(tt.first), Modified: day(tt.modified).Time().Add(time.Hour)}
		got := ""
		for _, m := range timeline(a) {
			if m.What == changedHere {
				got = m.Day
			}
		}
		if got != tt.want || timeline(a)[0] != (moment{"2099-01-02", "Reported"}) {
			t.Errorf("%s: %q, want %q, in %v", tt.name, got, tt.want, timeline(a))
		}
	}
}
