package indexbuild

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/index/all"
)

// TestRenamed: on the second day an advisory has a CVE id. What lay under its old id
// is there and says so, but for OpenVEX and the short texts, and the builds after change none of it.
func TestRenamed(t *testing.T) {
	w := newWorld(t)
	w.b.Formats, w.b.Health = all.Formats(), all.Health
	w.b.Work, w.b.Program = t.TempDir(), []byte("this program")
	w.build()
	const old, now = "CPANSA-Foo-2099-01", "CVE-2099-0001"
	before := tree(t, w.out)
	if before["advisory/"+old+".json"] == "" {
		t.Fatal("the first day has no such advisory")
	}
	w.cve("Foo", now)
	w.write("../cve/"+now+".json", cveRecord(now, ""))
	w.b.Sources = append(w.b.Sources, filepath.Join(filepath.Dir(w.source), "cve"))
	w.b.Now = clock(2)
	if r := w.build(); r.Refused != "" || r.Model.ByID(old).ID != now {
		t.Fatalf("refused %q, the record is %+v", r.Refused, r.Model.ByID(old))
	}
	second := tree(t, w.out)
	var left []string
	for path := range before {
		if _, ok := second[path]; !ok {
			left = append(left, path)
		}
	}
	slices.Sort(left)
	// Short texts announce an advisory, and go with its id.
	want := []string{"openvex/" + old + ".json", "text/" + old + ".180.txt", "text/" + old + ".280.txt"}
	if d := cmp.Diff(want, left); d != "" {
		t.Error(d)
	}
	for path, want := range map[string]string{
		"advisory/" + old + ".json":                      `"to":"CVE-2099-0001"`,
		"advisory/" + old + "/index.html":                now,
		"osv/" + old + ".json":                           `"withdrawn":"2099-01-02T03:04:05Z"`,
		"vulndb/ID/" + old + ".json":                     `"withdrawn":"2099-01-02T03:04:05Z"`,
		"vulndb/index/db.json":                           "2099-01-02T03:04:05Z",
		"vulndb/index/vulns.json":                        `"id":"` + old + `"`,
		"csaf/white/2099/cpansa-foo-2099-01.json":        "csaf_base",
		"csaf/white/changes.csv":                         `"2099/cpansa-foo-2099-01.json","2099-01-02T03:04:05Z"`,
		"state.json":                                     `"renamed": [`,
		"vulndb/ID/" + old + ".json.gz":                  "",
		"csaf/white/2099/cpansa-foo-2099-01.json.sha256": "",
	} {
		if text, ok := second[path]; !ok || !strings.Contains(text, want) {
			t.Errorf("%s has not %q: %.300s", path, want, text)
		}
	}

	// Another build of the same, with what was noted and without it, and one of the
	// day after, in which only what is of the day changes.
	for range 2 {
		w.build()
		if d := cmp.Diff(second, tree(t, w.out)); d != "" {
			t.Errorf("built again: %s", d)
		}
		w.b.Work = ""
	}
	w.b.Now = clock(3)
	w.build()
	third := tree(t, w.out)
	for path := range maps.Keys(second) {
		if strings.Contains(strings.ToLower(path), strings.ToLower(old)) && third[path] != second[path] {
			t.Errorf("%s changes from day to day", path)
		}
	}
	var states [2]struct{ Renamed json.RawMessage }
	for i, of := range []map[string]string{second, third} {
		if err := json.Unmarshal([]byte(of["state.json"]), &states[i]); err != nil {
			t.Fatal(err)
		}
	}
	if string(states[0].Renamed) != string(states[1].Renamed) || len(states[0].Renamed) == 0 {
		t.Errorf("%s became %s", states[0].Renamed, states[1].Renamed)
	}
}

// cve gives the report of a distribution a CVE id.
func (w *world) cve(dist, id string) {
	w.Helper()
	name := filepath.Join("cpansa", "CPANSA-"+dist+".yml")
	text := tree(w.T, w.source)[name]
	with := strings.Replace(text, "cves: []", fmt.Sprintf("cves: [%s]", id), 1)
	if with == text {
		w.Fatalf("%s names no CVE ids", name)
	}
	w.write(name, with)
}
