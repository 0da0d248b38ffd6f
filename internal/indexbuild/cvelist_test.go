package indexbuild

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/index"
	"nacre/index/all"
	"nacre/index/record"
)

// cveOfCPAN is a record of the CNA about Foo-Bar before a version.
func cveOfCPAN(id, before string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1",
"cveMetadata":{"cveId":%q,"assignerShortName":"CPANSec","state":"PUBLISHED","datePublished":"2099-01-02T00:00:00Z","dateUpdated":"2099-01-02T00:00:00Z"},
"containers":{"cna":{"providerMetadata":{"shortName":"CPANSec"},"title":"Foo::Bar before %[2]s for Perl follows links",
"descriptions":[{"lang":"en","value":"Foo::Bar before %[2]s for Perl follows links while unpacking."}],
"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar","product":"Foo::Bar","vendor":"AUTHOR","defaultStatus":"unaffected",
"versions":[{"version":"0","status":"affected","lessThan":%[2]q,"versionType":"custom"}]}]}}}`, id, before)
}

// cveOfOthers is a record that is not marked as one of CPAN.
func cveOfOthers(id, product, link string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"assignerShortName":"mitre","state":"PUBLISHED","dateUpdated":"2099-01-01T00:00:00Z"},
"containers":{"cna":{"providerMetadata":{"shortName":"mitre"},"descriptions":[{"lang":"en","value":"%[2]s copies too much."}],
"affected":[{"vendor":"n/a","product":%[2]q,"versions":[{"version":"n/a","status":"affected"}]}],"references":[{"url":%[3]q}]}}}`, id, product, link)
}

// cveRejected is a record that was rejected, which says no longer what it was about.
func cveRejected(id string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"assignerShortName":"CPANSec","state":"REJECTED","dateRejected":"2099-01-03T00:00:00Z","dateUpdated":"2099-01-03T00:00:00Z"},
"containers":{"cna":{"providerMetadata":{"shortName":"CPANSec"},"rejectedReasons":[{"lang":"en","value":"It is the same as CVE-2099-0002."}]}}}`, id)
}

// put writes files, by their names below a folder.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// newList is an index of a checkout of the CVE List, reports, two lists of releases
// and a correction, in all its real forms.
func newList(t *testing.T) (*Builder, string) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"cvelistV5/README.md":                         "# CVE List V5",
		"cvelistV5/cves/delta.json":                   `{"numberOfChanges":0}`,
		"cvelistV5/cves/2099/0xxx/CVE-2099-0001.json": cveOfCPAN("CVE-2099-0001", "1.3"),
		"cvelistV5/cves/2099/0xxx/CVE-2099-0002.json": cveOfCPAN("CVE-2099-0002", "1.2"),
		"cvelistV5/cves/2099/0xxx/CVE-2099-0003.json": cveRejected("CVE-2099-0003"),
		"cvelistV5/cves/2098/1xxx/CVE-2098-1005.json": cveOfOthers("CVE-2098-1005", "Perl", "https://example.org/5"),
		"cvelistV5/cves/2098/1xxx/CVE-2098-1006.json": cveOfOthers("CVE-2098-1006", "Foo::Qux", "https://example.org/6"),
		"cvelistV5/cves/2098/1xxx/CVE-2098-1007.json": cveOfOthers("CVE-2098-1007", "qux", "https://metacpan.org/dist/Foo-Qux"),
		"reports/cpansa/CPANSA-Foo-Bar.yml": `---
advisories:
- affected_versions: ['<1.1']
  cves: [CVE-2099-0404]
  description: Foo::Bar before 1.1 writes its password into the log.
  fixed_versions: ['>=1.1']
  github_security_advisory: []
  id: CPANSA-Foo-Bar-2099-01
  references: []
  reported: 2099-01-01
  severity: low
cpansa_version: 2
distribution: Foo-Bar
last_checked: 4070995200
latest_version: 1.3
metacpan: https://example.org/dist/Foo-Bar
`,
		"02packages.details.txt": "File: 02packages.details.txt\nLine-Count: 3\n\n" +
			"Foo::Bar 1.3 A/AU/AUTHOR/Foo-Bar-1.3.tar.gz\n" +
			"Foo::Bar::More 1.3 A/AU/AUTHOR/Foo-Bar-1.3.tar.gz\n" +
			"Qux::Only 1 O/OT/OTHER/Qux-Only-1.tar.gz\n",
		"releases.jsonl": `{"author":"OTHER","name":"Foo-Bar-1.0","distribution":"Foo-Bar","version":"1.0","date":"2097-01-02T03:04:05","status":"backpan","maturity":"released","main_module":"Foo::Bar"}
{"author":"AUTHOR","name":"Foo-Bar-1.2","distribution":"Foo-Bar","version":"1.2","date":"2098-01-02T03:04:05","status":"cpan","maturity":"released","main_module":"Foo::Bar"}
{"author":"AUTHOR","name":"Foo-Bar-1.3","distribution":"Foo-Bar","version":"1.3","date":"2099-01-02T03:04:05","status":"latest","maturity":"released","main_module":"Foo::Bar"}
{"author":"PORTER","name":"perl-5.10.0","distribution":"perl","version":"5.010000","date":"2097-12-18T00:00:00","status":"cpan","maturity":"released","main_module":"perl"}
`,
		"curation/perl.yaml": `- allow: CVE-2098-1005
  dist: perl
  reason: perl itself.
  role: triage
  date: 2099-01-01
`,
	}
	for n := range 36 { // most of the list is about something else
		files[fmt.Sprintf("cvelistV5/cves/2099/0xxx/CVE-2099-%04d.json", 500+n)] = cveOfOthers(fmt.Sprintf("CVE-2099-%04d", 500+n), "libfoo", "https://example.org")
	}
	put(t, dir, files)
	return &Builder{
		Site: siteOfTests, Generator: "nacred test", Now: clock(4), Formats: all.Formats(), Health: all.Health,
		Sources: []string{
			filepath.Join(dir, "cvelistV5"), filepath.Join(dir, "reports"), filepath.Join(dir, "02packages.details.txt"), filepath.Join(dir, "releases.jsonl"),
		},
		Curation: os.DirFS(filepath.Join(dir, "curation")), Out: filepath.Join(dir, "site"), Work: filepath.Join(dir, "work"),
		Program: []byte("this program"), MaxLoss: 0.6,
	}, dir
}

func buildAll(t *testing.T, b *Builder) map[string]string {
	t.Helper()
	r, err := b.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Refused != "" {
		t.Fatalf("refused: %s", r.Refused)
	}
	wholeIndex(t, b.Out)
	return tree(t, b.Out)
}

// What lists of releases say reaches the forms that others read, who released what
// too; so do the releases of a distribution that only a correction names.
func TestReleases(t *testing.T) {
	b, _ := newList(t)
	made := buildAll(t, b)
	var feed map[string][]struct {
		ID       string   `json:"cve_id"`
		Releases []string `json:"affected_releases"`
	}
	if err := json.Unmarshal([]byte(made["cpansa-feed.json"]), &feed); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range feed["Foo-Bar"] {
		got[r.ID] = strings.Join(r.Releases, " ")
	}
	for id, want := range map[string]string{
		"CVE-2099-0001": "OTHER/Foo-Bar-1.0 AUTHOR/Foo-Bar-1.2",
		"CVE-2099-0002": "OTHER/Foo-Bar-1.0",
		"CVE-2099-0404": "OTHER/Foo-Bar-1.0",
	} {
		if got[id] != want {
			t.Errorf("the feed says of %s: affected are %q, want %q", id, got[id], want)
		}
	}
	for path, want := range map[string]bool{
		"metacpan/cve/release/OTHER/Foo-Bar-1.0.json":  true,
		"metacpan/cve/release/AUTHOR/Foo-Bar-1.2.json": true,
		"dist/Qux-Only.json":                           false,
	} {
		if _, ok := made[path]; ok != want {
			t.Errorf("%s is there: %v", path, ok)
		}
	}
	if text := made["metacpan/cve/release/AUTHOR/Foo-Bar-1.2.json"]; !strings.Contains(text, "CVE-2099-0001") || strings.Contains(text, "CVE-2099-0002") {
		t.Errorf("of 1.2 it is said: %s", text)
	}
	var perl record.Dist
	if err := json.Unmarshal([]byte(made["dist/perl.json"]), &perl); err != nil {
		t.Fatal(err)
	}
	if len(perl.Releases) != 1 || perl.Releases[0].Author != "PORTER" {
		t.Errorf("of perl %+v is known", perl.Releases)
	}
}

// What is to be looked up in the CVE List is told, on the page and for the review.
func TestCVEReview(t *testing.T) {
	b, _ := newList(t)
	made := buildAll(t, b)
	var told record.CVEReview
	if err := json.Unmarshal([]byte(made["cve-review.json"]), &told); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(told.Missing) != "[{CVE-2099-0404 CPANSA names it}]" {
		t.Errorf("missing are %v", told.Missing)
	}
	if len(told.Candidates) != 2 || told.Candidates[0].ID != "CVE-2098-1006" || told.Candidates[1].ID != "CVE-2098-1007" {
		t.Errorf("candidates are %v", told.Candidates)
	}
	for _, want := range []string{"CVE-2099-0404: CPANSA names it", "CVE-2098-1006: a product is called Foo::Qux", "cve-review.json"} {
		if !strings.Contains(made["health/index.html"], want) {
			t.Errorf("the page of health does not say %q", want)
		}
	}
	m, _, err := b.Review(t.Context())
	if err != nil || len(m.CVEs.Missing) != 1 || len(m.CVEs.Candidates) != 2 {
		t.Errorf("%+v, %v", m.CVEs, err)
	}
}

// A record of the CNA is rejected, and says no longer what it was about. It stays,
// withdrawn, with the reason, where people look for it; the change is told once.
func TestRejected(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(fmt.Sprintf("work lost %v", lost), func(t *testing.T) {
			b, dir := newList(t)
			buildAll(t, b)
			put(t, dir, map[string]string{"cvelistV5/cves/2099/0xxx/CVE-2099-0001.json": cveRejected("CVE-2099-0001")})
			for day := 5; day <= 7; day++ {
				if lost {
					if err := os.RemoveAll(b.Work); err != nil {
						t.Fatal(err)
					}
				}
				b.Now = clock(day)
				made := buildAll(t, b)
				of := made["advisory/CVE-2099-0001.json"]
				for _, want := range []string{`"withdrawn":"2099-01-03"`, `"withdrawn_reason":"It is the same as CVE-2099-0002."`, `"dist":"Foo-Bar"`, `"title":"Foo::Bar before 1.3 for Perl follows links"`} {
					if !strings.Contains(of, want) {
						t.Errorf("day %d: no %s in %s", day, want, of)
					}
				}
				if strings.Contains(of, `"gone":true`) || strings.Contains(made["skipped.json"], "CVE-2099-0001") {
					t.Errorf("day %d: it is told as gone, or as skipped", day)
				}
				if !strings.Contains(made["dist/Foo-Bar.json"], `"id":"CVE-2099-0001"`) || !strings.Contains(made["dist/Foo-Bar/index.html"], "CVE-2099-0001") {
					t.Errorf("day %d: Foo-Bar has lost it", day)
				}
				if strings.Contains(made["metacpan/cve/release/AUTHOR/Foo-Bar-1.2.json"], "CVE-2099-0001") {
					t.Errorf("day %d: a release is still affected", day)
				}
				state, err := index.ParseState([]byte(made[stateName]))
				if err != nil {
					t.Fatal(err)
				}
				about := slices.DeleteFunc(state.History, func(c index.Change) bool { return c.ID != "CVE-2099-0001" })
				if len(about) != 1 || about[0].Kind != index.Withdrawn || about[0].Day.String() != "2099-01-05" {
					t.Errorf("day %d: the history says %+v", day, about)
				}
				if !strings.Contains(made["changes/index.html"], "CVE-2099-0001") {
					t.Errorf("day %d: the page of changes does not tell", day)
				}
			}
			// It was a mistake, and it stands again.
			again := strings.Replace(cveOfCPAN("CVE-2099-0001", "1.3"), `"dateUpdated":"2099-01-02`, `"dateUpdated":"2099-01-08`, 1)
			put(t, dir, map[string]string{"cvelistV5/cves/2099/0xxx/CVE-2099-0001.json": again})
			b.Now = clock(8)
			if of := buildAll(t, b)["advisory/CVE-2099-0001.json"]; strings.Contains(of, `"withdrawn_reason"`) || !strings.Contains(of, `"kind":"returned"`) {
				t.Errorf("it does not stand again: %s", of)
			}
		})
	}
}
