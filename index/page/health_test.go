package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/advisory/merge"
	"nacre/index"
)

// TestVerdictOnSources says in a sentence how the sources are.
func TestVerdictOnSources(t *testing.T) {
	today := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	source := func(name string, days int, problem string) index.Health {
		return index.Health{Name: name, Time: today.AddDate(0, 0, -days).Add(5 * time.Hour), Problem: problem}
	}
	undated := index.Health{Name: "OSV"}
	for _, test := range []struct {
		name    string
		sources []index.Health
		mood    string
		says    string
	}{
		{"all fresh", []index.Health{source("CPANSA", 7, ""), source("CNA", 0, "")}, "good", "Every source was read, and each has data of the last week."},
		{"stale", []index.Health{source("CPANSA", 8, ""), source("CNA", 0, "")}, "warn", "CPANSA said nothing new for over a week."},
		{"stale in two parts", []index.Health{source("CPANSA", 8, ""), source("CPANSA", 9, "")}, "warn", "CPANSA said nothing new for over a week."},
		{"failed", []index.Health{source("CPANSA", 0, ""), source("CNA", 0, "half a file")}, "bad", "CNA could not be read"},
		{"failed and stale", []index.Health{source("CPANSA", 30, ""), source("CNA", 0, "half a file")}, "bad", "CPANSA said nothing new"},
		{"without a date", []index.Health{undated, source("CNA", 0, "")}, "warn", "How old the data of OSV is, it does not say."},
		{"from tomorrow", []index.Health{source("CNA", -1, "")}, "good", "Every source"},
		{"none", nil, "warn", "No source is named."},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := (&Report{Day: today, Sources: test.sources}).verdict()
			if v.Mood != test.mood || !strings.Contains(v.Text, test.says) {
				t.Errorf("%s: %s; want %s: %s", v.Mood, v.Text, test.mood, test.says)
			}
		})
	}
}

// TestHealthOfAKeptIndex says that the index was not replaced, and why, on the page
// of health alone.
func TestHealthOfAKeptIndex(t *testing.T) {
	m := world(t)
	r := ReportOf(m)
	r.Kept, r.KeptOf = "The new one lacks <half> of the advisories.", m.Day.AddDate(0, 0, -2)
	f, err := Health(r)
	if err != nil {
		t.Fatal(err)
	}
	if f.Path != healthPath {
		t.Errorf("the page is %s", f.Path)
	}
	for _, want := range []string{"The index was not replaced", "lacks &lt;half&gt; of", "the build of 2026-11-21", "the build of 2026-11-23"} {
		if !strings.Contains(string(f.Data), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, gone := range []string{"skipped.json", `href="../advisory/`} {
		if strings.Contains(string(f.Data), gone) {
			t.Errorf("the page leads to %s, which is of another build, or not there", gone)
		}
	}
	f, err = Health(ReportOf(m))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(f.Data), "not replaced") || string(f.Data) != string(files(t, m)[healthPath]) {
		t.Error("the page by itself is not that of the index")
	}
}

// TestCVEReview shows the beginning of what to look up in the CVE List, and what a
// copy of a source stands for.
func TestCVEReview(t *testing.T) {
	r := Report{Site: index.DefaultSite(), Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	f, err := Health(r)
	if err != nil || strings.Contains(string(f.Data), "CVE List") {
		t.Errorf("of nothing something is said (%v)", err)
	}
	r.Sources = []index.Health{{
		Name: "CPANSA", From: "https://a.example/x.json", Problem: "the server answers 503", Kept: true,
		Since: advisory.DateOf(r.Day.AddDate(0, 0, -2)), KeptOf: advisory.DateOf(r.Day.AddDate(0, 0, -3)),
	}}
	r.CVEs = index.CVEReview{Missing: []cvelist.Missing{{ID: "CVE-2099-0404", Reason: "CPANSA <names> it"}}, More: 1000}
	for i := range 30 {
		r.CVEs.Candidates = append(r.CVEs.Candidates, cvelist.Review{ID: advisory.ID(fmt.Sprintf("CVE-2099-%04d", i)), Why: "a link leads to metacpan.org"})
	}
	if f, err = Health(r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"(1,031)", `href="../cve-review.json"`, "CVE-2099-0404: CPANSA &lt;names&gt; it", "(1,030)", "CVE-2099-0019: a link leads to", "and others",
		"the server answers 503", "since 2026-11-21", "The copy of 2026-11-20 is used.", "CPANSA could not be read",
	} {
		if !strings.Contains(string(f.Data), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(string(f.Data), "CVE-2099-0020") {
		t.Error("the page has the whole list")
	}
}

// TestRefusedByReason groups what was refused, and is as short for a hundred
// thousand entries as for a hundred.
func TestRefusedByReason(t *testing.T) {
	r := Report{Site: index.DefaultSite(), Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	for i := range 1000 {
		r.Ledger.Entries = append(r.Ledger.Entries,
			merge.Entry{Source: "CPANSA", Where: fmt.Sprint("a.yml#", i), Outcome: merge.Refused, Reason: "no id"},
			merge.Entry{Source: "CPANSA", Where: fmt.Sprint("b.yml#", i), Outcome: merge.Refused, Reason: fmt.Sprint("reason ", i)},
			merge.Entry{Source: "CPANSA", Where: fmt.Sprint("c.yml#", i), Outcome: merge.Became, Records: []advisory.ID{"CVE-2099-0001"}})
		r.Curated = append(r.Curated, index.Curated{Target: "CVE-2099-0001", Outcome: "applied"})
	}
	reasons := r.reasons()
	if len(reasons) != 1001 || reasons[0].Text != "no id" || reasons[0].Count != 1000 || len(reasons[0].Examples) != healthExamples {
		t.Errorf("%d reasons, the first %+v", len(reasons), reasons[0])
	}
	f, err := Health(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2,000 were refused", "941 other reasons are in the whole list", "1,000 applied", "And 700 more."} {
		if !strings.Contains(string(f.Data), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if len(f.Data) > 300_000 {
		t.Errorf("the page has %d bytes", len(f.Data))
	}
}

// TestChanges lists the newest changes by day, and says how many more there are.
func TestChanges(t *testing.T) {
	m := world(t)
	state := *m.State
	first := advisory.DateOf(m.Day.AddDate(0, 0, -10))
	state.History = append(state.History[:2:2],
		index.Change{Day: first, Kind: index.Withdrawn, ID: "CVE-2099-0004", Text: "twice"},
		index.Change{Day: first, Kind: index.Renamed, ID: "CPANSA-Foo-Bar-2099-01", Text: "it is part of another"},
		index.Change{Day: first, Kind: index.Gone, ID: "CVE-2099-9999", Dists: nil, Text: "no page"})
	for i := range 600 {
		state.History = append(state.History, index.Change{Day: first, Kind: index.Changed, ID: "CVE-2099-0001", Text: fmt.Sprint("text ", i)})
	}
	other := *m
	other.State = &state
	made, err := newShell().changes(t.Context(), &other)
	if err != nil {
		t.Fatal(err)
	}
	page := string(made[0].Data)
	for _, want := range []string{
		`<time datetime="2026-11-23">`, `<time datetime="2026-11-13">`, `<span class="badge withdrawn">withdrawn</span>`,
		`<a class="id" href="../advisory/CVE-2099-0001/index.html">CPANSA-Foo-Bar-2099-01</a>`, // where it is now
		`<span class="id">CVE-2099-9999</span>`,
		"text 494</span>", "And 105 more on this day.", "the newest 500 of 605",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page, "text 495") {
		t.Error("there are more than 500")
	}
}
