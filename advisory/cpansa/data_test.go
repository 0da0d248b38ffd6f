package cpansa_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/perlver"
)

// real is the real database, read both ways, once.
var real struct {
	sync.Once
	folder, index advisory.Batch
	err           error
}

func realData(t *testing.T) (folder, index *advisory.Batch) {
	dir := filepath.Join(testkit.Data(t), "cpansa")
	real.Do(func() {
		if real.folder, real.err = cpansa.ReadDir(os.DirFS(dir)); real.err != nil {
			return
		}
		var f *os.File
		if f, real.err = os.Open(filepath.Join(dir, "cpan-security-advisory.json")); real.err != nil {
			return
		}
		defer f.Close()
		real.index, real.err = cpansa.ReadJSON(f)
	})
	if real.err != nil {
		t.Fatal(real.err)
	}
	return &real.folder, &real.index
}

// kind is what sort of report an item comes from.
func kind(it *advisory.Item) string {
	if folder, _, ok := strings.Cut(it.Where, "/"); ok {
		return folder
	}
	return it.Where
}

// counts tallies words and compares them with what is expected.
func counts(t *testing.T, what string, got map[string]int, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// The numbers of the state of August 2026.
func TestRealCounts(t *testing.T) {
	folder, index := realData(t)

	entries, files, ids := map[string]int{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	for i := range folder.Items {
		it := &folder.Items[i]
		k := kind(it)
		if files[k] == nil {
			files[k], ids[k] = map[string]bool{}, map[string]bool{}
		}
		entries[k]++
		file, _, _ := strings.Cut(it.Where, "#")
		files[k][file] = true
		ids[k][it.Native] = true
	}
	counts(t, "entries", entries, map[string]int{"cpansa": 722, "generated_reports": 1339, "external_reports": 392})
	counts(t, "files with entries", map[string]int{
		"cpansa": len(files["cpansa"]), "generated_reports": len(files["generated_reports"]), "external_reports": len(files["external_reports"]),
	}, map[string]int{"cpansa": 381, "generated_reports": 600, "external_reports": 50}) // one more of each has no advisories
	counts(t, "distinct ids", map[string]int{
		"cpansa": len(ids["cpansa"]), "generated_reports": len(ids["generated_reports"]),
	}, map[string]int{"cpansa": 714, "generated_reports": 287})

	all, cves := map[string]bool{}, map[advisory.ID]int{}
	severities, some := map[string]int{}, map[string]int{}
	for _, it := range index.Items {
		all[it.Native] = true
		severities[it.Record.Severity.String()]++
		s := it.Record.Affected[0].Statements[0].CPANSA
		for _, is := range []struct {
			what string
			so   bool
		}{
			{"no fixed versions", len(s.Fixed) == 0},
			{"no affected versions", len(s.Affected) == 0},
			{"no CVE", !it.Record.ID.IsCVE()},
			{"no reported date", it.Record.Reported.IsZero()},
			{"a library's name", it.Record.Affected[0].Library != nil},
			{"several elements", len(s.Affected) > 1},
		} {
			if is.so {
				some[is.what]++
			}
		}
		some["elements"] += len(s.Affected)
		for _, id := range append(slices.Clone(it.Record.Aliases), it.Record.ID) {
			if id.IsCVE() {
				cves[id]++
			}
		}
	}
	shared := 0
	for _, n := range cves {
		if n > 1 {
			shared++
		}
	}
	some["distinct ids"], some["distinct CVEs"], some["CVEs in several entries"] = len(all), len(cves), shared
	counts(t, "entries of the index with", some, map[string]int{
		"no fixed versions": 1501, "no affected versions": 1, "no reported date": 57,
		// 102 have no text under cves; three more have one that is no CVE
		// (two of the form X-CVE-, one CVE-0000-0000).
		"no CVE": 105,
		// 1,339 by the generated ids, and 12 that say so in words.
		"a library's name": 1351,
		"several elements": 44,
		"elements":         2120,
		"distinct ids":     1001,
		// 678 texts less the three that are no CVE.
		"distinct CVEs":           675,
		"CVEs in several entries": 73,
	})
	// null and "" 948, minor 1 + low 25, moderate 6 + medium 507.
	counts(t, "severities", severities, map[string]int{"unknown": 948, "low": 26, "medium": 513, "high": 217, "critical": 357})

	rows, dual, dates := 0, 0, 0
	for _, known := range index.Releases {
		for _, k := range known {
			rows++
			if k.Perl != "" {
				dual++
			}
			if !k.Date.IsZero() {
				dates++
			}
		}
	}
	counts(t, "the index", map[string]int{
		"entries": len(index.Items), "distributions with releases": len(index.Releases), "main modules": len(index.Main),
		"modules": len(index.Owners), "releases": rows, "releases of a perl": dual, "dates": dates,
		"releases of perl": len(index.Releases["perl"]), "warnings": len(index.Warnings),
	}, map[string]int{
		"entries": 2061, "distributions with releases": 415, "main modules": 415,
		"modules": 8336, "releases": 21743, "releases of a perl": 386, "dates": 21743,
		"releases of perl": 569, "warnings": 0,
	})
	if got := index.Source.Commit; got != "62f1f98ee6eb001809730162c18a5b150d41c2f3" {
		t.Errorf("commit %s", got)
	}
}

// Every doubt about an entry, by kind.
func TestRealWarnings(t *testing.T) {
	folder, _ := realData(t)
	got := map[string]int{}
	for i := range folder.Items {
		it := &folder.Items[i]
		for _, w := range it.Warnings {
			for _, name := range []string{
				"names another distribution", "spells the distribution", "references are missing", "references are empty",
				`severity "" is read as unknown`, `severity "minor" is read as low`, `severity "moderate" is read as medium`,
				"affected_versions are not stated", "which is no CVE id", "stands for a CVE id to come",
				"that is carried is not stated", "used from outside",
			} {
				if strings.Contains(w, name) {
					got[kind(it)+": "+name]++
					w = ""
				}
			}
			if w != "" {
				t.Errorf("%s: %s", it.Where, w)
			}
		}
	}
	counts(t, "warnings", got, map[string]int{
		// Three of the eleven name none at all: CPANSA--2026-...
		"cpansa: names another distribution":                       11,
		"cpansa: spells the distribution":                          3,
		"cpansa: references are missing":                           5,
		"cpansa: references are empty":                             2,
		`cpansa: severity "" is read as unknown`:                   6,
		`cpansa: severity "minor" is read as low`:                  1,
		`cpansa: severity "moderate" is read as medium`:            5,
		"cpansa: affected_versions are not stated":                 1,
		"cpansa: that is carried is not stated":                    4,
		"cpansa: used from outside":                                1,
		`generated_reports: severity "moderate" is read as medium`: 1,
		"generated_reports: which is no CVE id":                    2,
		"generated_reports: stands for a CVE id to come":           1,
	})
	var lack []string
	for _, w := range folder.Warnings {
		if strings.Contains(w, " lack ") {
			lack = append(lack, w)
		}
	}
	// How old the generated reports are, and no names: see TestRealDistributions.
	want := []string{"reports of distributions lack 2623 ranges that carry an affected version, of 203 advisories of libraries"}
	if diff := cmp.Diff(want, lack); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// key is what makes an entry the same in the folders and in the index.
func key(it *advisory.Item) string {
	r := it.Record
	a := r.Affected[0]
	s := a.Statements[0].CPANSA
	var aliases []string
	for _, id := range r.Aliases {
		if !strings.HasPrefix(string(id), "GHSA-") {
			aliases = append(aliases, string(id))
		}
	}
	return fmt.Sprintf("%s %s %q %q %q %q %s %s %q", a.Dist, r.ID, aliases, it.Native, s.Affected, s.Fixed, r.Severity, r.Reported, r.References)
}

// ids gives every id that the records of a batch state of each distribution,
// but for those of GitHub, which the index lacks.
func ids(b *advisory.Batch) map[cpan.Dist]map[advisory.ID]bool {
	out := map[cpan.Dist]map[advisory.ID]bool{}
	for _, it := range b.Items {
		if it.Record == nil {
			continue
		}
		for _, a := range it.Record.Affected {
			if out[a.Dist] == nil {
				out[a.Dist] = map[advisory.ID]bool{}
			}
			for _, id := range append(slices.Clone(it.Record.Aliases), it.Record.ID) {
				if !strings.HasPrefix(string(id), "GHSA-") {
					out[a.Dist][id] = true
				}
			}
		}
	}
	return out
}

// The three folders accuse the distributions that the index accuses, of the
// same, and no others. What external_reports could be turned round into, and
// generated_reports do not have, is published by nobody.
func TestRealDistributions(t *testing.T) {
	folder, index := realData(t)
	if diff := cmp.Diff(ids(index), ids(folder)); diff != "" {
		t.Errorf("-index +folders:\n%s", diff)
	}
}

// The folders and the index give the same ids, CVEs and ranges, and what one
// of them lacks is listed here.
func TestRealFolderIsIndex(t *testing.T) {
	folder, index := realData(t)
	inFolder, inIndex := map[string]int{}, map[string]int{}
	texts := map[string]int{} // descriptions, by key
	more := map[string]int{}
	for i := range folder.Items {
		it := &folder.Items[i]
		if it.Refused != nil {
			if kind(it) == "external_reports" {
				more["libraries' advisories, which become no record"]++
				continue
			}
			t.Errorf("refused: %v", it.Refused)
			continue
		}
		inFolder[key(it)]++
		texts[key(it)+it.Record.Description]++
		ghsa := map[advisory.ID]bool{}
		for _, id := range it.Record.Aliases {
			if strings.HasPrefix(string(id), "GHSA-") {
				ghsa[id] = true
			}
		}
		if len(ghsa) > 0 {
			more["entries with GHSA ids"]++
		}
		a := it.Record.Affected[0]
		if a.Darkpan {
			more["entries that are marked darkpan"]++
		}
		if a.Library != nil && len(a.Library.Bundled) > 0 {
			more["entries with versions of the library carried"]++
		}
		if a.Library != nil && len(a.Library.Affected) > 0 {
			more["entries with the library's own range"]++
		}
		if kind(it) == "generated_reports" && a.Library != nil {
			more["entries that name the library's report"]++
		}
	}
	less := map[string]int{}
	for i := range index.Items {
		it := &index.Items[i]
		if it.Refused != nil {
			t.Errorf("refused: %v", it.Refused)
			continue
		}
		inIndex[key(it)]++
		if texts[key(it)+it.Record.Description]--; texts[key(it)+it.Record.Description] < 0 {
			less["descriptions that are encoded twice"]++
			if !strings.ContainsAny(it.Record.Description, "ÂÃâ") {
				t.Errorf("%s: the descriptions differ", it.Where)
			}
		}
		if a := it.Record.Affected[0]; a.Library != nil && len(a.Library.Bundled) > 0 {
			less["entries with versions of the library carried"]++
		}
		if a := it.Record.Affected[0]; a.Library != nil && len(a.Library.Affected) > 0 {
			less["entries with the library's own range"]++
		}
	}
	if diff := cmp.Diff(inFolder, inIndex); diff != "" {
		t.Errorf("the folders and the index differ (-folders +index):\n%s", diff)
	}
	counts(t, "what the folders have, and the index does not but for what follows", more, map[string]int{
		"entries with GHSA ids":                         1907,
		"entries that are marked darkpan":               47,
		"entries with versions of the library carried":  1346,
		"entries with the library's own range":          1040,
		"entries that name the library's report":        1339,
		"libraries' advisories, which become no record": 392,
	})
	counts(t, "of these the index has, and what is worse in it", less, map[string]int{
		"entries with versions of the library carried": 7, // embedded_vulnerability
		"entries with the library's own range":         2,
		"descriptions that are encoded twice":          15,
	})
	counts(t, "what only the index has, but for one main module", map[string]int{
		"distributions with releases": len(index.Releases) - len(folder.Releases),
		"modules":                     len(index.Owners) - len(folder.Owners),
		"main modules":                len(index.Main) - len(folder.Main),
	}, map[string]int{"distributions with releases": 415, "modules": 8336, "main modules": 414})
}

// The library that the index keeps only in an id is the one that the folders
// name, wherever it is read.
func TestRealLibraryNames(t *testing.T) {
	folder, index := realData(t)
	named := map[string]string{} // by distribution and id
	for _, b := range []*advisory.Batch{folder, index} {
		for _, it := range b.Items {
			if it.Record == nil {
				continue
			}
			a := it.Record.Affected[0]
			name := ""
			if a.Library != nil {
				name = a.Library.Name
			}
			k := string(a.Dist) + " " + it.Native
			if b == folder {
				named[k] = name
			} else if named[k] != name {
				t.Errorf("%s: library %q in the folders, %q in the index", k, named[k], name)
			}
		}
	}
}

// verdicts judges every known version of every distribution by all entries on
// it.
func verdicts(t *testing.T, b *advisory.Batch, releases map[cpan.Dist][]advisory.Known) map[string]int {
	judges := map[cpan.Dist]map[string][]advisory.Judge{}
	for _, it := range b.Items {
		if it.Record == nil {
			continue
		}
		a := it.Record.Affected[0]
		if judges[a.Dist] == nil {
			judges[a.Dist] = map[string][]advisory.Judge{}
		}
		judges[a.Dist][it.Native] = append(judges[a.Dist][it.Native], a.Compile())
	}
	out := map[string]int{}
	for dist, known := range releases {
		for _, k := range known {
			v, err := perlver.Parse(k.Version)
			if err != nil {
				out["unreadable "+string(dist)]++
				continue
			}
			for native, list := range judges[dist] {
				for _, j := range list {
					out[fmt.Sprintf("%s %s %s %s", dist, k.Version, native, j.Judge(v).Status)]++
				}
			}
		}
	}
	return out
}

func TestRealVerdicts(t *testing.T) {
	folder, index := realData(t)
	f, i := verdicts(t, folder, index.Releases), verdicts(t, index, index.Releases)
	if !maps.Equal(f, i) {
		n := 0
		for k := range f {
			if f[k] != i[k] && n < 20 {
				t.Errorf("%s: %d times by the folders, %d by the index", k, f[k], i[k])
				n++
			}
		}
		t.Fatal("the verdicts differ")
	}
	got, unreadable := map[string]int{}, 0
	for k, n := range f {
		if strings.HasPrefix(k, "unreadable ") {
			unreadable += n
			continue
		}
		got[k[strings.LastIndexByte(k, ' ')+1:]] += n
	}
	got["versions that cannot be read"] = unreadable
	counts(t, "verdicts", got, map[string]int{
		"affected": 59462, "fixed": 25692, "clean": 161611, "contradictory": 260,
		"versions that cannot be read": 100,
	})
}

// What entries of the index say about the known releases of their
// distribution.
func TestRealEntries(t *testing.T) {
	_, index := realData(t)
	got := map[string]int{}
	for _, it := range index.Items {
		a := it.Record.Affected[0]
		j := a.Compile()
		affected, judged, contradictory := 0, 0, false
		for _, k := range index.Releases[a.Dist] {
			v, err := perlver.Parse(k.Version)
			if err != nil {
				continue
			}
			judged++
			switch j.Judge(v).Status {
			case advisory.StatusContradictory:
				contradictory = true
				affected++
			case advisory.StatusAffected:
				affected++
			case advisory.StatusUnknown:
				got["releases that are unknown"]++
			}
		}
		switch {
		case judged == 0:
			got["of distributions without releases"]++
		case affected == 0:
			got["match none"]++
		case affected == judged:
			got["match all"]++
		}
		if contradictory {
			got["contradict themselves"]++
		}
	}
	counts(t, "entries", got, map[string]int{
		"contradict themselves": 18, "match all": 130, "match none": 86, "of distributions without releases": 45,
	})
}
