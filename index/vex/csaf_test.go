package vex

import (
	"bytes"
	"encoding/json"
	"flag"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"
	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/index"
	"nacre/internal/testkit"
	"nacre/report/csaf"
	"nacre/report/csaf/rules"
)

var update = flag.Bool("update", false, "write what the cases give")

// checkCSAF holds a document to the schema, to the checks of gocsaf's model and to
// the mandatory tests.
func checkCSAF(t testing.TB, name string, b []byte) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(b, &whole); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if wrong, err := gocsaf.ValidateCSAF(whole); err != nil || len(wrong) > 0 {
		t.Errorf("%s: schema: %v %s", name, err, wrong)
	}
	var adv gocsaf.Advisory
	if err := json.Unmarshal(b, &adv); err != nil {
		t.Errorf("%s: gocsaf: %v", name, err)
	} else if err := adv.Validate(); err != nil {
		t.Errorf("%s: gocsaf: %v", name, err)
	}
	var doc csaf.Document
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, wrong := range rules.Broken(&doc) {
		t.Errorf("%s: 6.1.%s", name, wrong)
	}
	if got := csaf.FileName(doc.Meta.Tracking.ID); got != path.Base(name) {
		t.Errorf("%s: the id %s belongs to %s", name, doc.Meta.Tracking.ID, got)
	}
	if year := doc.Meta.Tracking.Initial[:4]; year != path.Base(path.Dir(name)) {
		t.Errorf("%s: first released in %s", name, year)
	}
}

// checkProvider holds the other files to their schemas.
func checkProvider(t testing.TB, all map[string][]byte) {
	t.Helper()
	for name, validate := range map[string]func(any) ([]string, error){
		"csaf/provider-metadata.json": gocsaf.ValidateProviderMetadata,
		folder + "feed.json":          gocsaf.ValidateROLIE,
	} {
		var doc any
		if err := json.Unmarshal(all[name], &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if wrong, err := validate(doc); err != nil || len(wrong) > 0 {
			t.Errorf("%s: %v %s", name, err, wrong)
		}
	}
}

// isDocument says whether a file is a CSAF document.
func isDocument(name string) bool {
	return strings.HasPrefix(name, folder) && strings.HasSuffix(name, ".json") && name != folder+"feed.json"
}

func TestCSAFValid(t *testing.T) {
	all := files(t, model(t, input(t)))
	for name, b := range all {
		if isDocument(name) {
			checkCSAF(t, name, b)
		}
	}
	checkProvider(t, all)
}

func TestCSAFAgainstRealData(t *testing.T) {
	all := files(t, realModel(t))
	n, bytes := 0, 0
	for name, b := range all {
		if isDocument(name) {
			checkCSAF(t, name, b)
			n, bytes = n+1, bytes+len(b)
		}
	}
	checkProvider(t, all)
	t.Logf("%d documents, %d bytes", n, bytes)
}

// decoded is the document of an advisory.
func decoded(t testing.TB, m *index.Model, id advisory.ID) csaf.Document {
	t.Helper()
	made, err := csafFiles(m, m.ByID(id))
	if err != nil {
		t.Fatal(err)
	}
	var doc csaf.Document
	if err := json.Unmarshal(made[0].Data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestCSAFStatus is what documents say of products, and of what to do.
func TestCSAFStatus(t *testing.T) {
	m := model(t, input(t))
	for _, c := range []struct {
		id                    advisory.ID
		affected, open, fixed string
		remedies              string
	}{
		{
			"CVE-2099-0001", "Foo-Bar@1.1 Foo-Bar@1.2 Acme-Demo@0.1 Acme-Demo@0.2", "Foo-Bar@1.3-after", "Foo-Bar@1.3",
			"vendor_fix: Update Foo-Bar to 1.3 or later.; none_available: No fixed release of Acme-Demo is known.",
		},
		{"CPANSA-Foo_Bar-2099-02", "Foo-Bar@1.0 Foo-Bar@1.1", "Foo-Bar@1.2 Foo-Bar@1.3-after", "Foo-Bar@1.3", "vendor_fix: Update Foo-Bar to 1.3 or later."},
		{"CPANSA-Foo-Bar-2099-03", "", "Foo-Bar@1.0 Foo-Bar@1.1 Foo-Bar@1.2 Foo-Bar@1.3 Foo-Bar@1.3-after Foo-Bar@1.4", "", ""},
		{"CPANSA-Foo-Bar-2099-05", "Acme-Old@<0.5 Acme-Old@>=0.7|<0.8 Acme-Old@0.9", "", "", "none_available: No fixed release of Acme-Old is known."},
		{"CPANSA-Foo-Baz-2099-01", "", "Foo-Baz", "", ""},
		{"CPANSA-Foo-Bar-2099-08", "Acme-Old@<0.5 Acme-Old@>=0.7", "", "", "none_available: No fixed release of Acme-Old is known."},
		{"CPANSA-Foo-Bar-2099-09", "", "Acme-Old", "", ""},
	} {
		doc := decoded(t, m, c.id)
		if doc.Meta.Category != csaf.Advisory || len(doc.Vulnerabilities) != 1 {
			t.Errorf("%s is a %s with %d vulnerabilities", c.id, doc.Meta.Category, len(doc.Vulnerabilities))
			continue
		}
		v := &doc.Vulnerabilities[0]
		var remedies []string
		for _, r := range v.Remediations {
			remedies = append(remedies, r.Category+": "+r.Details)
		}
		for what, lists := range map[string][2]string{
			"affected": {strings.Join(v.Status.Affected, " "), c.affected},
			"open":     {strings.Join(v.Status.UnderInvestigation, " "), c.open},
			"fixed":    {strings.Join(v.Status.Fixed, " "), c.fixed},
			"remedies": {strings.Join(remedies, "; "), c.remedies},
		} {
			if lists[0] != lists[1] {
				t.Errorf("%s: %s are %q, want %q", c.id, what, lists[0], lists[1])
			}
		}
		if len(v.Status.NotAffected) > 0 {
			t.Errorf("%s says that something is not affected", c.id)
		}
	}
}

// TestCSAFDocument is a whole document, and one of an advisory that is withdrawn.
func TestCSAFDocument(t *testing.T) {
	m := model(t, input(t))
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		doc := decoded(t, m, advisory.ID(strings.TrimSpace(string(ar.Files[0].Data))))
		var b strings.Builder
		if err := doc.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	})
}

// TestCSAFVersions follows a document through builds: one that concludes the same,
// one that concludes otherwise, and one after a new release that is clean.
func TestCSAFVersions(t *testing.T) {
	var before *index.Model
	for _, c := range []struct {
		name, now, version, current string
		change                      func(in *index.Input)
	}{
		{"first", "2099-03-03T04:05:06Z", "1.0.0", "2099-03-03T00:00:00Z", func(*index.Input) {}},
		{"the same", "2099-03-04T04:05:06Z", "1.0.0", "2099-03-03T00:00:00Z", func(*index.Input) {}},
		{"a clean release", "2100-01-01T04:05:06Z", "1.0.0", "2099-03-03T00:00:00Z", func(in *index.Input) {
			in.Set.Releases["Foo-Bar"] = append(in.Set.Releases["Foo-Bar"], advisory.Known{Version: "1.5"})
		}},
		{"an affected release", "2100-01-02T04:05:06Z", "1.21000102.40506", "2100-01-02T04:05:06Z", func(in *index.Input) {
			in.Set.Releases["Acme-Demo"] = append(in.Set.Releases["Acme-Demo"], advisory.Known{Version: "0.3"})
		}},
	} {
		in := input(t)
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		in.Now = now
		if c.change(&in); before != nil {
			in.Before, in.Kept = before.State, before.Set.Records
		}
		m := model(t, in)
		before = m
		doc := decoded(t, m, "CVE-2099-0001")
		if got := doc.Meta.Tracking; got.Version != c.version || got.Current != c.current || got.Initial != "2099-03-03T00:00:00Z" {
			t.Errorf("%s: %+v, want version %s of %s", c.name, got, c.version, c.current)
		}
		for _, wrong := range rules.Broken(&doc) {
			t.Errorf("%s: 6.1.%s", c.name, wrong)
		}
	}
}

// TestCSAFOrder is how the lists are sorted.
func TestCSAFOrder(t *testing.T) {
	in := input(t)
	in.Before, in.Kept = model(t, in).State, nil
	in.Now = in.Now.AddDate(1, 0, 0)
	in.Set.Records[3].Title = "another title"
	m := model(t, in)
	all := files(t, m)
	lines := strings.Split(string(all[folder+"changes.csv"]), "\n")
	if want := `"2099/cpansa-foo-bar-2099-04.json","2100-03-03T04:05:06Z"`; lines[0] != want || lines[1] != `"2099/cpansa-foo-bar-2099-03.json","2099-03-03T04:05:06Z"` {
		t.Errorf("changes.csv begins %q, want %q", lines[:2], want)
	}
	if names := strings.Split(strings.TrimSpace(string(all[folder+"index.txt"])), "\n"); !slices.IsSorted(names) || len(names) != len(m.Advisories) {
		t.Errorf("index.txt is %q", names)
	}
	if !bytes.Equal(all["csaf/provider-metadata.json"], all[".well-known/csaf/provider-metadata.json"]) {
		t.Error("the two files of metadata differ")
	}
	if !strings.Contains(string(all["csaf/provider-metadata.json"]), `"last_updated": "2100-03-03T04:05:06Z"`) {
		t.Errorf("%s", all["csaf/provider-metadata.json"])
	}
}

// TestTrackingID holds that two ids do not come to one file.
func TestTrackingID(t *testing.T) {
	names := map[string]advisory.ID{}
	for id, want := range map[advisory.ID]string{
		"CVE-2099-0001":          "csaf/white/2099/cve-2099-0001.json",
		"CPANSA-Foo-Bar-2099-01": "csaf/white/2099/cpansa-foo-bar-2099-01.json",
		"a.b":                    "csaf/white/2099/a_b-2e7336dc.json",
		"a_b":                    "csaf/white/2099/a_b-648fa9b3.json",
		"a..b":                   "csaf/white/2099/a_b-f62b4241.json",
		"a~b":                    "csaf/white/2099/a_b-941528e5.json",
	} {
		a := &index.Advisory{Record: &advisory.Record{ID: id}, FirstSeen: advisory.DateOf(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))}
		got := CSAFPath(a)
		if old := names[got]; old != "" {
			t.Errorf("%s and %s are both %s", id, old, got)
		}
		if names[got] = id; got != want {
			t.Errorf("%s is at %s, want %s", id, got, want)
		}
	}
}
