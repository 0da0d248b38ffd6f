package output

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"nacre/advisory"
	"nacre/internal/testkit/document"
	"nacre/report/csaf"
	"nacre/report/csaf/rules"
	"nacre/scan"
)

// checkCSAF holds a document to the schema and to those mandatory tests of the
// standard (6.1) that what is written can break.
func checkCSAF(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	var whole any
	if err := json.Unmarshal(b, &whole); err != nil {
		t.Fatal(err)
	}
	if wrong, err := gocsaf.ValidateCSAF(whole); err != nil || len(wrong) > 0 {
		t.Fatalf("schema: %v %s\n%s", err, wrong, b)
	}
	var adv gocsaf.Advisory
	if err := json.Unmarshal(b, &adv); err != nil {
		t.Fatalf("gocsaf: %v", err)
	}
	if err := adv.Validate(); err != nil {
		t.Errorf("gocsaf: %v", err)
	}
	var doc csaf.Document
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range rules.Broken(&doc) {
		t.Errorf("6.1.%s\n%s", wrong, b)
	}
}

// TestCSAFRules holds that the tests of the tests fail where they should.
func TestCSAFRules(t *testing.T) {
	good := print(t, "csaf", Options{}, recording(t, "everything.jsonl"))
	for rule, spoil := range map[string]func(*csaf.Document){
		"1":     func(d *csaf.Document) { d.Vulnerabilities[0].Status.Affected[0] = "CSAFPID-9999" },
		"2":     func(d *csaf.Document) { d.Products.Products[1].ID = d.Products.Products[0].ID },
		"3":     func(d *csaf.Document) { d.Products.Relationships[0].Part = d.Products.Relationships[0].Product.ID },
		"6":     func(d *csaf.Document) { v := &d.Vulnerabilities[0].Status; v.NotAffected = v.Affected },
		"7":     func(d *csaf.Document) { v := &d.Vulnerabilities[1]; v.Scores = append(v.Scores, v.Scores[0]) },
		"8":     func(d *csaf.Document) { d.Vulnerabilities[1].Scores[0].V3.Base = 1 },
		"16":    func(d *csaf.Document) { d.Meta.Tracking.Version = "1" },
		"17":    func(d *csaf.Document) { d.Meta.Tracking.Status = "final" },
		"23":    func(d *csaf.Document) { d.Vulnerabilities[0].CVE = d.Vulnerabilities[1].CVE },
		"27.4":  func(d *csaf.Document) { d.Products = nil },
		"27.5":  func(d *csaf.Document) { d.Vulnerabilities[0].Notes = nil },
		"27.7":  func(d *csaf.Document) { d.Vulnerabilities[0].Status = csaf.Status{} },
		"27.8":  func(d *csaf.Document) { d.Vulnerabilities[0].CVE, d.Vulnerabilities[0].IDs = "", nil },
		"27.9":  func(d *csaf.Document) { d.Vulnerabilities[4].Flags, d.Vulnerabilities[4].Threats = nil, nil },
		"27.10": func(d *csaf.Document) { d.Vulnerabilities[0].Remediations = nil },
		"27.11": func(d *csaf.Document) { d.Vulnerabilities = nil },
		"29":    func(d *csaf.Document) { d.Vulnerabilities[0].Remediations[0].Products = nil },
		"32":    func(d *csaf.Document) { d.Vulnerabilities[4].Flags[0].Products = nil },
		"33":    func(d *csaf.Document) { v := &d.Vulnerabilities[4]; v.Flags = append(v.Flags, v.Flags[0]) },
	} {
		var doc csaf.Document
		if err := json.Unmarshal(good, &doc); err != nil {
			t.Fatal(err)
		}
		if wrong := rules.Broken(&doc); wrong != nil {
			t.Fatalf("the good document: %q", wrong)
		}
		spoil(&doc)
		wrong := rules.Broken(&doc)
		if !slices.ContainsFunc(wrong, func(w string) bool {
			return strings.HasPrefix(w, rule+":") || strings.HasPrefix(w, rule+" to ")
		}) {
			t.Errorf("test %s does not fail, but %q", rule, wrong)
		}
	}
}

// TestCSAFStatus follows each kind of finding into its status.
func TestCSAFStatus(t *testing.T) {
	doc := decoded[csaf.Document](t, "csaf", recording(t, "everything.jsonl"))
	for id, want := range map[string]string{
		"CVE-2099-0001":          "affected vendor_fix",
		"CPANSA-Foo-Bar-2099-02": "open none_available", // contradictory
		"CVE-2099-0002":          "open none_available", // unknown
		"CVE-2099-0003":          "affected vendor_fix",
		"CVE-2099-0004":          "not affected vulnerable_code_cannot_be_controlled_by_adversary",
		"CVE-2099-0005":          "affected none_available", // ignored without a justification
		"CVE-2099-0006":          "affected vendor_fix",     // in the baseline
		"CVE-2099-0009":          "open vendor_fix",         // admits
	} {
		at := slices.IndexFunc(doc.Vulnerabilities, func(v csaf.Vulnerability) bool {
			return v.CVE == id || v.CVE == "" && v.IDs[0].Text == id
		})
		if at < 0 {
			t.Errorf("%s is not there", id)
			continue
		}
		v, got := &doc.Vulnerabilities[at], ""
		switch {
		case v.Status.Affected != nil:
			got = "affected "
		case v.Status.UnderInvestigation != nil:
			got = "open "
		case v.Status.NotAffected != nil:
			got = "not affected " + v.Flags[0].Label
		}
		if v.Remediations != nil {
			got += v.Remediations[0].Category
		}
		if got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// TestCSAFOneFlawInTwoProducts holds that a flaw is one vulnerability, whatever
// has it, and that a product of which two things are said keeps the worse.
func TestCSAFOneFlawInTwoProducts(t *testing.T) {
	ignored := &scan.Ignored{By: "nacre.yaml", Reason: "never called", Justification: "vulnerable_code_not_in_execute_path"}
	stream := []scan.Message{{Config: &scan.Config{Schema: scan.Schema, Time: "2099-01-02T03:04:05Z", Name: "shop"}}}
	for _, f := range []struct {
		dist, place string
		ignored     *scan.Ignored
	}{{"Foo-Bar", "lib/a", nil}, {"Foo-Bar", "lib/b", ignored}, {"Foo-Baz", "", ignored}, {"Foo-Baz", "", nil}} {
		stream = append(stream, scan.Message{Finding: &scan.Finding{
			Component: scan.Component{Ref: f.dist + "@1", Dist: "Foo-Bar", Version: "1", Kind: "exact", Place: f.place},
			Advisory:  scan.Advisory{ID: "CPANSA-Foo-Bar-2099-01", Aliases: []advisory.ID{"CVE-2099-0001", "CVE-2099-0002"}},
			Verdict:   advisory.StatusAffected, Reason: "1 is in <2", Ignored: f.ignored,
			Reach: &scan.Reach{State: "not seen"}, Fixed: scan.FixedIn{Basis: "none"},
		}})
	}
	stream = append(stream, scan.Message{Summary: &scan.Summary{}})
	b := print(t, "csaf", Options{}, stream)
	checkCSAF(t, b)
	v := decoded[csaf.Document](t, "csaf", stream).Vulnerabilities
	if len(v) != 1 || v[0].CVE != "CVE-2099-0001" || len(v[0].Status.Affected) != 2 || len(v[0].Status.NotAffected) != 1 {
		t.Errorf("%s", b)
	}
}

// TestCSAFOfNothing holds that a scan without a finding is a document, too, and
// not one of the profile VEX, which needs a vulnerability.
func TestCSAFOfNothing(t *testing.T) {
	b := print(t, "csaf", Options{}, []scan.Message{
		{Config: &scan.Config{Schema: scan.Schema, Time: "2099-01-02T03:04:05Z"}}, {Summary: &scan.Summary{}},
	})
	checkCSAF(t, b)
	if !strings.Contains(string(b), "No known vulnerabilities.") {
		t.Errorf("%s", b)
	}
}
