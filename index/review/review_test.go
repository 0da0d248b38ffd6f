package review_test

import (
	"flag"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cvelist"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/curation"
	"nacre/index"
	"nacre/index/review"
	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// TestCases runs testdata/*.txtar: the folder before/ is CPANSA as it was on the
// first of January 2099, now/ as it is a day later, curation/ the corrections, and
// "releases" has the known releases of a distribution a line, with their days.
// What is wanted is the list as text and as JSON.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		files := fstest.MapFS{}
		for _, f := range ar.Files {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		first := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
		before, _ := build(t, files, "before", first, nil)
		now, applied := build(t, files, "now", first.AddDate(0, 0, 1), before)
		today := advisory.DateOf(now.Day)
		findings := applied.Lint(applied.Outcomes(now.Set.Releases), now.Set.Releases, today)
		items := review.List(review.Input{Model: now, Findings: findings, Since: today})
		var b strings.Builder
		if err := review.WriteText(&b, items, review.Text{Width: 80, Most: 3}); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
		if err := review.WriteJSON(&b, items, "nacred test"); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if !strings.HasPrefix(line, "{") && len([]rune(line)) > 81 {
				t.Errorf("wider than 80 columns: %s", line)
			}
		}
		return b.String()
	})
}

func build(t *testing.T, files fs.FS, folder string, now time.Time, before *index.Model) (*index.Model, *curation.Applied) {
	t.Helper()
	sub, err := fs.Sub(files, folder)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := cpansa.ReadDir(sub)
	if err != nil {
		t.Fatal(err)
	}
	corrections, err := fs.Sub(files, "curation")
	if err != nil {
		t.Fatal(err)
	}
	set := &curation.Set{}
	if _, err := fs.Stat(files, "curation"); err == nil {
		if set, err = curation.Read(corrections); err != nil {
			t.Fatal(err)
		}
	}
	applied := set.Apply([]advisory.Batch{reports, releases(t, files)})
	in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: now}
	in.Set, in.Ledger = merge.Merge(applied.Batches)
	in.Sources = []index.Health{
		{Name: "CPANSA", From: "cpansa", Time: time.Date(2098, 12, 20, 0, 0, 0, 0, time.UTC)},
		{Name: "CVE", From: "cvelist", Problem: "the folder is not there", Since: advisory.DateOf(now)},
		{Name: "releases", From: "02packages", Time: now},
	}
	if before != nil {
		in.Before, in.Kept = before.State, before.Set.Records
		in.CVEs = index.CVEReview{
			Missing:    []cvelist.Missing{{ID: "CVE-2099-0404", Reason: "CPANSA names it"}},
			Candidates: []cvelist.Review{{ID: "CVE-2099-0007", Where: "cves/2099/0xxx/CVE-2099-0007.json", Why: "a link leads to metacpan.org, and no product has a collectionURL of CPAN"}},
			More:       3,
		}
	}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m, applied
}

// releases reads lines as "Foo-Bar 1.0@2090-01-02 1.1@2090-02-03".
func releases(t *testing.T, files fs.FS) advisory.Batch {
	t.Helper()
	b := advisory.Batch{Source: advisory.Source{Name: "releases"}, Releases: map[cpan.Dist][]advisory.Known{}}
	text, err := fs.ReadFile(files, "releases")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		for _, w := range words[1:] {
			version, date, _ := strings.Cut(w, "@")
			d, err := advisory.ParseDate(date)
			if err != nil {
				t.Fatal(err)
			}
			b.Releases[cpan.Dist(words[0])] = append(b.Releases[cpan.Dist(words[0])], advisory.Known{Version: version, Date: d.Time()})
		}
	}
	return b
}

// TestNothing: an index without anything to look at says so.
func TestNothing(t *testing.T) {
	m, err := index.New(index.Input{Site: index.DefaultSite(), Now: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := review.WriteText(&b, review.List(review.Input{Model: m}), review.Text{}); err != nil || b.String() != "nothing to look at\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
