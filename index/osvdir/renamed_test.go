package osvdir_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"nacre/advisory"
	"nacre/advisory/merge"
	readosv "nacre/advisory/osv"
	"nacre/index"
	"nacre/index/osvdir"
	"nacre/index/sample"
)

// TestRenamed builds two days: on the second an advisory has a CVE id, and one of
// a CVE id is part of another. Their old ids keep a record everywhere.
func TestRenamed(t *testing.T) {
	record := func(id advisory.ID, aliases ...advisory.ID) advisory.Record {
		return advisory.Record{ID: id, Aliases: aliases, Title: "Foo::Bar follows links", Affected: []advisory.Affected{{Dist: "Foo-Bar"}}}
	}
	in := index.Input{Site: index.DefaultSite(), Now: time.Date(2099, 1, 1, 3, 4, 5, 0, time.UTC)}
	in.Set.Records = []advisory.Record{record("CPANSA-Foo-Bar-2099-01"), record("CVE-2099-0002"), record("CVE-2099-0003")}
	first, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Before, in.Kept, in.Now = first.State, first.Set.Records, in.Now.AddDate(0, 0, 1)
	in.Set.Records = []advisory.Record{record("CVE-2099-0001", "CPANSA-Foo-Bar-2099-01", "CVE-2099-0002"), record("CVE-2099-0003")}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range sample.Ordered(t, m, osvdir.Formats()) {
		files[f.Path] = f.Data
	}
	s := schema(t)
	for id, want := range map[string]string{
		"CPANSA-Foo-Bar-2099-01": `"aliases":["CVE-2099-0001"],`,
		"CVE-2099-0002":          `"related":["CVE-2099-0001"],`, // another flaw, which the same record is about
	} {
		want := `{"schema_version":"1.7.5","id":"` + id + `","modified":"2099-01-02T03:04:05Z","withdrawn":"2099-01-02T03:04:05Z",` + want +
			`"summary":"` + id + ` is part of CVE-2099-0001 now","details":"It was called: Foo::Bar follows links",` +
			`"references":[{"type":"ADVISORY","url":"` + m.Site.URL + `advisory/CVE-2099-0001/"}],` +
			`"database_specific":{"ecosystem":"CPAN is not on OSV's list of ecosystems; go by the package URL",` +
			`"url":"` + m.Site.URL + `advisory/` + id + `/","withdrawn_reason":"` + id + ` is part of CVE-2099-0001 now"}}` + "\n"
		for _, path := range []string{"osv/" + id + ".json", "vulndb/ID/" + id + ".json"} {
			if string(files[path]) != want {
				t.Errorf("%s is %s, want %s", path, files[path], want)
			}
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(want))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Error(err)
		}
	}
	if got := string(files["vulndb/index/db.json"]); got != `{"modified":"2099-01-02T03:04:05Z"}`+"\n" {
		t.Errorf("db.json is %s", got)
	}
	var vulns []struct{ ID, Modified string }
	if err := json.Unmarshal(files["vulndb/index/vulns.json"], &vulns); err != nil || len(vulns) != 4 ||
		vulns[0].ID != "CPANSA-Foo-Bar-2099-01" || vulns[2].ID != "CVE-2099-0002" || vulns[2].Modified != "2099-01-02T03:04:05Z" {
		t.Errorf("vulns.json is %s", files["vulndb/index/vulns.json"])
	}
	if strings.Contains(string(files["vulndb/index/modules.json"]), "CVE-2099-0002") {
		t.Error("a scan finds what is part of another record")
	}
	z, err := zip.NewReader(bytes.NewReader(files["osv/all.zip"]), int64(len(files["osv/all.zip"])))
	if err != nil {
		t.Fatal(err)
	}
	batch, err := readosv.ReadFS(z)
	if err != nil || len(batch.Items) != 4 {
		t.Fatalf("%d items, %v", len(batch.Items), err)
	}
	withdrawn := 0
	for _, it := range batch.Items {
		if it.Refused != nil {
			t.Error(it.Refused)
		} else if it.Record.IsWithdrawn() {
			withdrawn++
		}
	}
	if withdrawn != 2 {
		t.Errorf("%d records of all.zip are withdrawn", withdrawn)
	}
	// An index that is made of this one has the advisories that stand, and no others.
	set, _ := merge.Merge([]advisory.Batch{batch})
	if r := set.Records; len(r) != 2 || r[0].ID != "CVE-2099-0001" || r[0].IsWithdrawn() || r[1].ID != "CVE-2099-0003" {
		t.Errorf("all.zip is read as %+v", r)
	}
}

// TestRenamedModified: db.json is of the renaming, where nothing else is as new.
func TestRenamedModified(t *testing.T) {
	at := time.Date(2099, 5, 6, 7, 8, 9, 0, time.UTC)
	in := index.Input{Site: index.DefaultSite(), Now: at.AddDate(-1, 0, 0)}
	in.Set.Records = []advisory.Record{{ID: "CVE-2099-0001"}}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	m.Renamed = []index.Rename{{ID: "CPANSA-Foo-Bar-2099-01", To: "CVE-2099-0001", Modified: at}}
	for _, f := range whole(t, m) {
		if f.Path == "vulndb/index/db.json" && string(f.Data) != `{"modified":"2099-05-06T07:08:09Z"}`+"\n" {
			t.Errorf("db.json is %s", f.Data)
		}
	}
}
