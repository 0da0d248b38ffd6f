package vex

import (
	"encoding/json"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/report/csaf"
)

// TestRenamed builds in two years, in the second of which an advisory has a CVE id:
// the document of its old id stays where it is, and says which one follows.
func TestRenamed(t *testing.T) {
	in := input(t)
	first := model(t, in)
	in.Before, in.Kept, in.Now = first.State, first.Set.Records, in.Now.AddDate(1, 0, 0)
	r := &in.Set.Records[3]
	old := r.ID
	r.ID, r.Aliases = "CVE-2099-0009", []advisory.ID{old}
	m := model(t, in)
	all := files(t, m)
	const name = folder + "2099/cpansa-foo-bar-2099-04.json"
	checkCSAF(t, name, all[name])
	checkProvider(t, all)
	var doc csaf.Document
	if err := json.Unmarshal(all[name], &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Meta.Category != csaf.Base || doc.Products != nil || len(doc.Vulnerabilities) > 0 ||
		doc.Meta.Title != "Withdrawn: CPANSA-Foo-Bar-2099-04: before the first known release" {
		t.Errorf("%s", all[name])
	}
	if got := doc.Meta.Tracking; got.ID != string(old) || got.Initial != "2099-03-03T00:00:00Z" ||
		got.Current != "2100-03-03T04:05:06Z" || got.Version != "1.21000303.40506" {
		t.Errorf("%+v", got)
	}
	if got := doc.Meta.Notes[0].Text; got != "The advisory is withdrawn since 2100-03-03: CPANSA-Foo-Bar-2099-04 is part of CVE-2099-0009 now." {
		t.Errorf("it says %q", got)
	}
	last := doc.Meta.References[len(doc.Meta.References)-1]
	if path := strings.TrimPrefix(last.URL, m.Site.URL); path != folder+"2100/cve-2099-0009.json" || all[path] == nil {
		t.Errorf("it leads to %+v", last)
	}
	for list, want := range map[string]string{
		"index.txt":       "2099/cpansa-foo-bar-2099-04.json\n",
		"changes.csv":     `"2099/cpansa-foo-bar-2099-04.json","2100-03-03T04:05:06Z"` + "\n",
		"2099/index.html": `href="cpansa-foo-bar-2099-04.json.sha512"`,
		"feed.json":       `"id": "CPANSA-Foo-Bar-2099-04"`,
	} {
		if strings.Count(string(all[folder+list]), want) != 1 {
			t.Errorf("%s has not %q once", list, want)
		}
	}
	if all[name+".sha256"] == nil || all[name+".sha512"] == nil {
		t.Error("the digests of the document are gone")
	}
	if all["openvex/CPANSA-Foo-Bar-2099-04.json"] != nil || !strings.Contains(string(all["openvex/CVE-2099-0009.json"]), string(old)) {
		t.Error("OpenVEX makes statements under the old id, or the new one does not name it")
	}
}
