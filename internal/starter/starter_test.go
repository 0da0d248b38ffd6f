package starter

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/perlver"
)

// source reads the set's sources in the tree.
func source(t *testing.T) advisory.Set {
	t.Helper()
	set, err := ReadSource(strings.NewReader(read(t, "starter.jsonl")), strings.NewReader(read(t, "releases.jsonl")))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFileIsMadeOfItsSources(t *testing.T) {
	set := source(t)
	var records, releases, built bytes.Buffer
	if err := WriteSource(&records, &releases, set); err != nil {
		t.Fatal(err)
	}
	if records.String() != read(t, "starter.jsonl") {
		t.Error("starter.jsonl is not as it would be written")
	}
	if releases.String() != read(t, "releases.jsonl") {
		t.Error("releases.jsonl is not as it would be written")
	}
	if err := WriteDB(&built, set); err != nil {
		t.Fatal(err)
	}
	if built.String() != file {
		t.Errorf("starter.db is not what its sources give (%d bytes, %d are embedded): run go generate ./internal/starter", built.Len(), len(file))
	}
}

func TestOpen(t *testing.T) {
	if len(file) > 250<<10 {
		t.Errorf("the set has %d bytes, more than 250 KiB", len(file))
	}
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := d.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	if n := d.Info().Records; n < 120 {
		t.Errorf("%d advisories, want at least 120", n)
	}
	records, err := d.ForDist(ctx, "Spreadsheet-ParseExcel")
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1 || records[0].ID != "CVE-2023-7101" {
		t.Errorf("Spreadsheet-ParseExcel has %v", records)
	}
	if owner, err := d.OwnerOf(ctx, "LWP::UserAgent"); owner != "libwww-perl" || err != nil {
		t.Errorf("LWP::UserAgent belongs to %q, %v", owner, err)
	}
}

// What people read is ours: one plain line, no description.
func TestTitles(t *testing.T) {
	for _, r := range source(t).Records {
		switch {
		case r.Title == "" || strings.TrimSpace(r.Title) != r.Title || len(r.Title) > 100 || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: title %q", r.ID, r.Title)
		case r.Description != "":
			t.Errorf("%s has a description", r.ID)
		}
		if by := r.Provenance["title"]; len(by) != 1 || r.Sources[by[0]].Name != "Nacre" {
			t.Errorf("%s: the title is not said to be ours", r.ID)
		}
		for _, s := range r.Sources {
			if s.Licence == "" || s.Name != "Nacre" && s.Attribution == "" {
				t.Errorf("%s: %s states no licence or no attribution", r.ID, s.Name)
			}
		}
	}
}

func TestReleases(t *testing.T) {
	day := time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		known advisory.Known
		text  string
	}{
		{advisory.Known{Version: "1.2", Date: day}, "1.2 2099-01-02"},
		{advisory.Known{Version: "v1.2.3"}, "v1.2.3 -"},
		{advisory.Known{Version: "1.2", Date: day, Perl: "5.99"}, "1.2 2099-01-02 5.99"},
	} {
		text, err := formatRelease(c.known)
		if err != nil || text != c.text {
			t.Errorf("formatRelease(%v) = %q, %v, want %q", c.known, text, err, c.text)
		}
		back, err := parseRelease(text)
		if again, _ := formatRelease(back); err != nil || again != c.text {
			t.Errorf("parseRelease(%q) = %v, %v", text, back, err)
		}
	}
	for _, bad := range []advisory.Known{{}, {Version: "1 2"}, {Version: "1", Perl: "5 6"}} {
		if text, err := formatRelease(bad); err == nil {
			t.Errorf("formatRelease(%v) = %q, want an error", bad, text)
		}
	}
	for _, bad := range []string{"", "1.2", "1.2 soon", "1.2 - 5 6", " -"} {
		if known, err := parseRelease(bad); err == nil {
			t.Errorf("parseRelease(%q) = %v, want an error", bad, known)
		}
	}
}

func TestReadSourceRefuses(t *testing.T) {
	const line = `{"dist":"Foo-Bar","releases":["1.2 2099-01-02"]}`
	for _, c := range []struct{ name, records, releases, err string }{
		{"an unknown field", `{"id":"CVE-2099-0001","note":1}`, line, "read record 1: "},
		{"no JSON", `{}`, "Foo-Bar", "read distribution 1: "},
		{"a release without a day", `{}`, `{"dist":"Foo-Bar","releases":["1.2"]}`, `read releases of Foo-Bar: release "1.2"`},
	} {
		_, err := ReadSource(strings.NewReader(c.records), strings.NewReader(c.releases))
		if err == nil || !strings.HasPrefix(err.Error(), c.err) {
			t.Errorf("%s: error = %v, want %q", c.name, err, c.err)
		}
	}
}

// Every fact is what the full data says, and of the distributions of the set
// none is left out.
func TestFactsAreThoseOfTheData(t *testing.T) {
	real, set := realData(t), source(t)
	about := func(d cpan.Dist) bool { _, ok := set.Releases[d]; return ok }
	var want []advisory.Record
	for _, r := range real.Records {
		r.Affected = slices.DeleteFunc(slices.Clone(r.Affected), func(a advisory.Affected) bool { return !about(a.Dist) })
		// Links whose host the data leaves out lead nowhere.
		r.References = slices.DeleteFunc(slices.Clone(r.References), func(r advisory.Reference) bool {
			return strings.Contains(r.URL, "://package-host.example/")
		})
		if len(r.Affected) > 0 {
			want = append(want, r)
		}
	}
	ours := slices.Clone(set.Records)
	for i := range ours {
		ours[i].Sources = ours[i].Sources[:len(ours[i].Sources)-1] // the title's
	}
	if diff := cmp.Diff(want, ours, cmpopts.IgnoreFields(advisory.Record{}, "Title", "Description", "Provenance"),
		cmpopts.EquateEmpty(), cmp.Comparer(func(a, b advisory.Date) bool { return a == b })); diff != "" {
		t.Errorf("records (- data, + set):\n%.4000s", diff)
	}
	for i := range min(len(want), len(ours)) {
		real, ours := want[i].Provenance, ours[i].Provenance
		delete(real, "description")
		delete(real, "title")
		delete(ours, "title")
		if diff := cmp.Diff(real, ours); diff != "" {
			t.Errorf("provenance of %s: %s", want[i].ID, diff)
		}
	}
	for d, known := range set.Releases {
		days := make([]advisory.Known, len(real.Releases[d]))
		for i, k := range real.Releases[d] {
			k.Date = advisory.DateOf(k.Date).Time()
			days[i] = k
		}
		if diff := cmp.Diff(days, known, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("releases of %s: %s", d, diff)
		}
		if set.Main[d] != real.Main[d] {
			t.Errorf("main module of %s: %q, the data says %q", d, set.Main[d], real.Main[d])
		}
	}
	for m, d := range real.Owners {
		if about(d) && set.Owners[m] != d {
			t.Errorf("%s belongs to %s, the set says %q", m, d, set.Owners[m])
		}
	}
	for m, d := range set.Owners {
		if real.Owners[m] != d {
			t.Errorf("%s belongs to %q, the set says %s", m, real.Owners[m], d)
		}
	}
}

// The embedded file gives the verdict of the full data on every known release.
func TestVerdictsAreThoseOfTheData(t *testing.T) {
	real := realData(t)
	records := map[cpan.Dist][]advisory.Record{}
	for _, r := range real.Records {
		for _, a := range r.Affected {
			records[a.Dist] = append(records[a.Dist], r)
		}
	}
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for dist, err := range d.Dists() {
		if err != nil {
			t.Fatal(err)
		}
		ours, err := d.ForDist(context.Background(), dist)
		if err != nil {
			t.Fatal(err)
		}
		if len(ours) != len(records[dist]) {
			t.Errorf("%s has %d advisories, the data has %d", dist, len(ours), len(records[dist]))
			continue
		}
		for i := range ours {
			a, b := ours[i].For(dist).Compile(), records[dist][i].For(dist).Compile()
			for _, k := range real.Releases[dist] {
				v, err := perlver.Parse(k.Version)
				if err != nil {
					continue // no version, no verdict
				}
				judged++
				if x, y := a.Judge(v), b.Judge(v); x.Status != y.Status || x.Reason != y.Reason {
					t.Errorf("%s %s, %s: %s (%s), the data says %s (%s)", dist, k.Version, ours[i].ID, x.Status, x.Reason, y.Status, y.Reason)
				}
			}
		}
	}
	t.Logf("%d verdicts", judged)
	if judged == 0 {
		t.Error("nothing was judged")
	}
}

func realData(t *testing.T) advisory.Set {
	t.Helper()
	folder, index, cves := published.Batches(t, os.DirFS(testkit.Data(t)))
	set, _ := merge.Merge([]advisory.Batch{folder, index, cves})
	return set
}
