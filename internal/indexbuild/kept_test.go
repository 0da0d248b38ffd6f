package indexbuild

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nacre/fault"
	"nacre/index/manifest"
)

// TestDamagedState carries on no sequence and no record that is not what was
// written.
func TestDamagedState(t *testing.T) {
	for _, path := range []string{"state.json", manifest.DatabaseName} {
		w := newWorld(t)
		w.build()
		w.b.Now = clock(2)
		name := filepath.Join(w.out, path)
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if path == "state.json" {
			text = bytes.Replace(text, []byte(`"sequence": 1`), []byte(`"sequence": 9`), 1)
		} else {
			text[len(text)-1] ^= 1
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := w.b.Build(t.Context()); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.HintOf(err), "nacre db verify") {
			t.Errorf("%s: %v, hint %q", path, err, fault.HintOf(err))
		}
	}
}

// TestRefusedTwice: what is refused in one night is no measure of the next.
func TestRefusedTwice(t *testing.T) {
	w := newWorld(t)
	w.write("02packages.details.txt", packages("Foo-1.0 Foo-1.1 Foo-1.2 Foo-1.3 Bar-1.0"))
	w.build()
	w.write("02packages.details.txt", packages("Foo-1.0"))
	for day := 2; day < 5; day++ {
		w.b.Now = clock(day)
		if r := w.build(); !strings.Contains(r.Refused, "known releases would be gone") {
			t.Errorf("day %d: %q", day, r.Refused)
		}
	}
}

// packages is 02packages.details.txt of releases.
func packages(releases string) string {
	all := strings.Fields(releases)
	text := fmt.Sprintf("File: 02packages.details.txt\nLine-Count: %d\n\n", len(all))
	for i, r := range all {
		text += fmt.Sprintf("Module%d 1 A/AU/AUTHOR/%s.tar.gz\n", i, r)
	}
	return text
}

// TestWithdrawnAndGone: a record that a source withdrew and then drops stays for
// good, with the source's reason.
func TestWithdrawnAndGone(t *testing.T) {
	w := newWorld(t)
	w.b.MaxLoss = 1
	w.b.Sources = append(w.b.Sources, filepath.Join(filepath.Dir(w.source), "cve"))
	name := "../cve/CVE-2099-0001.json"
	w.write(name, cveRecord("CVE-2099-0001", ""))
	w.write("../cve/CVE-2099-0002.json", cveRecord("CVE-2099-0002", ""))
	w.build()
	w.write(name, cveRecord("CVE-2099-0001", "It is no flaw."))
	w.b.Now = clock(2)
	if a := w.build().Model.ByID("CVE-2099-0001"); a == nil || a.WithdrawnReason != "It is no flaw." {
		t.Fatalf("rejected, it is %+v", a)
	}
	w.remove(name)
	var modified time.Time
	for day := 3; day < 6; day++ {
		w.b.Now = clock(day)
		r := w.build()
		a := r.Model.ByID("CVE-2099-0001")
		if r.Refused != "" || a == nil || !a.Gone || a.WithdrawnReason != "It is no flaw." {
			t.Fatalf("day %d: refused %q, what is left is %+v", day, r.Refused, a)
		}
		if day > 3 && a.Modified != modified {
			t.Errorf("day %d: it changes from build to build", day)
		}
		modified = a.Modified
	}
}

// cveRecord is a record of the CVE List about Foo, rejected where there is a reason.
func cveRecord(id, rejected string) string {
	state, text := "PUBLISHED", `"descriptions":[{"lang":"en","value":"Foo follows links."}],
"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo","product":"Foo","vendor":"AUTHOR","defaultStatus":"unaffected",
"versions":[{"version":"0","lessThan":"1.3","status":"affected","versionType":"custom"}]}]`
	if rejected != "" {
		state, text = "REJECTED", fmt.Sprintf(`"rejectedReasons":[{"lang":"en","value":%q}]`, rejected)
	}
	const org = `"00000000-0000-4000-8000-000000000000"`
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"state":%q,
"assignerOrgId":%s,"assignerShortName":"CPANSec"},"containers":{"cna":{"providerMetadata":{"orgId":%[3]s,"shortName":"CPANSec"},%[4]s}}}`,
		id, state, org, text)
}

// TestCorrections: one that goes is nothing, all that go are a folder that was
// forgotten.
func TestCorrections(t *testing.T) {
	w := newWorld(t)
	overlay := func(dist string) string {
		return fmt.Sprintf("- correct: CPANSA-%[1]s-2099-01\n  dist: %[1]s\n  affected: ['<1.1']\n  reason: It came later.\n  role: triage\n  date: 2099-01-01\n", dist)
	}
	w.b.Curation = fstest.MapFS{"a.yaml": {Data: []byte(overlay("Foo"))}, "b.yaml": {Data: []byte(overlay("Bar"))}}
	w.build()
	for name, none := range map[string]fs.FS{"no folder": nil, "an empty folder": fstest.MapFS{}} {
		w.b.Curation = none
		if r := w.build(); r.Refused != "all 2 corrections would be gone" {
			t.Errorf("%s: %q", name, r.Refused)
		}
	}
	for _, left := range []fstest.MapFS{{"a.yaml": {Data: []byte(overlay("Foo"))}}, {}} {
		w.b.Curation = left
		if r := w.build(); r.Refused != "" {
			t.Errorf("one goes, and %d are left: %s", len(left), r.Refused)
		}
	}
}

// TestForgotten: without a kind of source that was there no advisory need be gone
// for the index to be worse.
func TestForgotten(t *testing.T) {
	w := newWorld(t)
	w.write("../cve/CVE-2099-0001.json", cveRecord("CVE-2099-0001", ""))
	cves := filepath.Join(filepath.Dir(w.source), "cve")
	w.b.Sources = append(w.b.Sources, cves)
	w.build()
	w.b.Sources = []string{w.source}
	for range 2 {
		if r := w.build(); r.Refused != "no source of kind CVE is left, and the build before had one" {
			t.Errorf("%q", r.Refused)
		}
	}
	w.b.MaxLoss = 1
	for range 2 {
		if r := w.build(); r.Refused != "" {
			t.Errorf("where all may go: %q", r.Refused)
		}
		w.b.MaxLoss = 0.3
	}
}
