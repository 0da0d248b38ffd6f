package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// TestTally counts what can be told, and what cannot.
func TestTally(t *testing.T) {
	day := func(s string) advisory.Date {
		d, err := advisory.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	m := &index.Model{Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	for i, c := range []struct {
		reported, released string // "" is not stated
		unfixed            bool
		withdrawn          bool
	}{
		{"2026-01-10", "2026-01-09", false, false},  // before the report
		{"2026-01-10", "2026-01-10", false, false},  // on its day
		{"2026-01-10", "2026-01-17", false, false},  // 7 days: within a week
		{"2026-01-10", "2026-01-18", false, false},  // 8 days: within 30
		{"2020-01-01", "2026-01-01", false, false},  // later
		{"", "2026-01-01", false, false},            // no day of the report
		{"2026-01-10", "unknown", false, false},     // a release without a day
		{"2026-08-26", "", true, false},             // 89 days old
		{"2026-08-25", "", true, false},             // 90 days old
		{"", "", true, false},                       // as old as nobody knows
		{"0021-03-01", "2026-01-01", false, false},  // a slip of the pen
		{"2026-01-10", "2026-01-09", true, true},    // withdrawn
		{"2027-01-01", "2027-01-01", false, false},  // not yet
		{"2016-11-24", "", true, false},             // not quite ten years old
		{"2016-11-22", "", true, false},             // and just over
		{"2026-01-10", "developer's", false, false}, // the fix is in none that is known
		{"2025-11-23", "2026-11-23", false, false},  // 365 days: within a year
		{"2024-11-23", "2026-11-23", false, false},  // 730 days: within two
		{"2024-11-22", "2026-11-23", false, false},  // 731 days: later
		{"2026-11-23", "2026-11-23", false, false},  // today
	} {
		d := &index.Dist{Name: "Foo-Bar", Latest: -1}
		of := &index.Affected{Affected: &advisory.Affected{}, Dist: d, Unfixed: c.unfixed}
		switch c.released {
		case "", "developer's":
		case "unknown":
			of.Fixed, d.Releases = "1.1", []index.Release{{Known: advisory.Known{Version: "1.1"}}}
		default:
			of.Fixed, d.Releases = "1.1", []index.Release{{Known: advisory.Known{Version: "1.1", Date: day(c.released).Time().Add(23 * time.Hour)}}}
		}
		r := &advisory.Record{ID: advisory.ID(fmt.Sprintf("CVE-2099-%04d", i)), Severity: advisory.SeverityHigh}
		if c.reported != "" {
			r.Reported = day(c.reported)
		}
		if c.withdrawn {
			r.WithdrawnReason = "twice"
		}
		m.Advisories = append(m.Advisories, &index.Advisory{Record: r, Dists: []*index.Affected{of}})
	}
	got := tally(m)
	for _, test := range []struct {
		what      string
		got, want any
	}{
		{"that stand", got.stand, 19},
		{"withdrawn", got.withdrawn, 1},
		{"with a date", got.dated, 15},
		{"without one that can be", got.undated, 4},
		{"years", fmt.Sprint(got.firstYear, got.lastYear), "2016 2026"},
		{"of 2026, by severity", got.years[2026], [5]int{0, 9, 0, 0, 0}},
		{"on a distribution", got.pairs, 19},
		{"without a fix", got.noFix, 6},
		{"fixed without a report", got.noReport, 1},
		{"fixed without a day", got.noRelease, 1},
		{"told", got.mended, 11},
		{"times", fmt.Sprint(got.fixDays), "[4 1 1 0 1 1 3]"},
		{"half of those after the report", got.median(), 730},
		{"unfixed", got.unfixed, 5},
		{"unfixed without a date", got.unfixedUndated, 1},
		{"ages", fmt.Sprint(got.ages[0][1], got.ages[1][1], got.ages[4][1], got.ages[5][1]), "1 1 1 1"},
		{"without a weakness", got.noWeakness, 19},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", test.what, test.got, test.want)
		}
	}
}

// TestStatistics says of how many each number could be told, and gives each
// drawing's numbers as a table.
func TestStatistics(t *testing.T) {
	page := string(files(t, world(t))[statisticsPath])
	for _, want := range []string{
		"as of 2026-11-23", "8 advisories of 9. 1 without a date is left out.",
		"It can be told of 5 of 10. For 5 no release with a fix is known.",
		"5 of 9 advisories name one or several",
		`<th scope="row">CWE-22 Path traversal</th><td class="num">1</td>`,
		`<th scope="row">2021</th><td class="num">0</td><td class="num">1</td><td class="num">0</td><td class="num">0</td><td class="num">0</td><td class="num">1</td>`,
		`<th scope="row">A CVE id</th><td class="num">7</td><td class="num">78 %</td>`,
		`<th scope="row">A flaw in an embedded library</th><td class="num">1</td><td class="num">11 %</td>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(page, "<svg class=\"chart "); n != 5 {
		t.Errorf("%d drawings", n)
	}
}

// TestNothingToCount makes the pages of an index of nothing.
func TestNothingToCount(t *testing.T) {
	page := string(files(t, long(0))[statisticsPath])
	if strings.Contains(page, "NaN") || !strings.Contains(page, "0 advisories") {
		t.Error(page)
	}
}
