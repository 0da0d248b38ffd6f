// Package sample makes models for the tests of the index's forms: out of a few
// files, or out of the real data.
//
//	m := sample.Case(t, ar)                             // a case of testkit.Cases
//	m := sample.Model(t, os.DirFS(testkit.Data(t)))     // ../shared/data
//	files := sample.Files(t, m, Formats())              // by their paths
//	files := sample.Ordered(t, m, Formats())            // in order of path
//
// The day of the real data is 2026-08-20, that of a case 2099-03-03; the site is
// that of index.DefaultSite.
package sample

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/cpan"
	"nacre/index"
)

// Case gives the model of the files of a case: reports of CPANSA, and where they
// are there the built file beside them, CVE records in the folder cve, and paths of
// releases in the file releases.
func Case(t testing.TB, ar *txtar.Archive) *index.Model {
	t.Helper()
	folder := fstest.MapFS{}
	for _, f := range ar.Files {
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	reports, err := cpansa.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	batches := []advisory.Batch{reports}
	if built, ok := folder["cpan-security-advisory.json"]; ok {
		b, err := cpansa.ReadJSON(bytes.NewReader(built.Data))
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	if _, err := folder.Stat("cve"); err == nil {
		records, err := folder.Sub("cve")
		if err != nil {
			t.Fatal(err)
		}
		b, err := cve.ReadFS(records)
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	if list, ok := folder["releases"]; ok {
		b := advisory.Batch{Releases: map[cpan.Dist][]advisory.Known{}}
		for path := range strings.FieldsSeq(string(list.Data)) {
			r := cpan.ParsePath(path)
			b.Releases[r.Dist] = append(b.Releases[r.Dist], advisory.Known{Version: r.Version, Author: r.Author})
		}
		batches = append(batches, b)
	}
	return concluded(t, time.Date(2099, 3, 3, 3, 4, 5, 0, time.UTC), batches)
}

// Model gives the model of the real data.
func Model(t testing.TB, data fs.FS) *index.Model {
	t.Helper()
	reports, built, records := published.Batches(t, data)
	return concluded(t, time.Date(2026, 8, 20, 3, 4, 5, 0, time.UTC), []advisory.Batch{reports, built, records})
}

func concluded(t testing.TB, now time.Time, batches []advisory.Batch) *index.Model {
	t.Helper()
	in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: now}
	in.Set, in.Ledger = merge.Merge(batches)
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Files gives all files that formats make of a model, by path. A path that comes
// twice fails the test.
func Files(t testing.TB, m *index.Model, formats []index.Format) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, f := range Ordered(t, m, formats) {
		all[f.Path] = f.Data
	}
	return all
}

// Ordered gives the same in order of path.
func Ordered(t testing.TB, m *index.Model, formats []index.Format) []index.File {
	t.Helper()
	var all []index.File
	add := func(made []index.File, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, made...)
	}
	for _, f := range formats {
		if f.Advisory != nil {
			for _, a := range m.Advisories {
				add(f.Advisory(m, a))
			}
		}
		if f.Dist != nil {
			for _, d := range m.Dists {
				add(f.Dist(m, d))
			}
		}
		if f.Whole != nil {
			add(f.Whole(t.Context(), m))
		}
	}
	slices.SortFunc(all, func(a, b index.File) int { return strings.Compare(a.Path, b.Path) })
	for i := range all {
		if i > 0 && all[i].Path == all[i-1].Path {
			t.Errorf("%s is made twice", all[i].Path)
		}
	}
	return all
}

// Listing is how a case wants files: their paths, and below each its JSON where
// shown says so.
func Listing(t testing.TB, files []index.File, shown func(path string) bool) string {
	t.Helper()
	var out bytes.Buffer
	for _, f := range files {
		out.WriteString(f.Path + "\n")
		if !shown(f.Path) {
			continue
		}
		if err := json.Indent(&out, f.Data, "", " "); err != nil {
			t.Errorf("%s: %v", f.Path, err)
		}
	}
	return out.String()
}
