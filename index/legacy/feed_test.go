package legacy_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/index"
	"nacre/index/legacy"
	"nacre/index/sample"
	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write what the cases want")

// Each case is a folder of reports, and the files made of them.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		return sample.Listing(t, sample.Ordered(t, sample.Case(t, ar), legacy.Formats()), func(string) bool { return true })
	})
}

// record is what Test::CVE and the import of MetaCPAN take of a record.
type record struct {
	ID               string   `json:"cpansa_id"`
	AffectedVersions []string `json:"affected_versions"`
	CVEs             []string `json:"cves"`
	Reported         *string  `json:"reported"`
	Severity         *string  `json:"severity"`
	Description      *string  `json:"description"`
	Distribution     string   `json:"distribution"`
	VersionRange     []string `json:"version_range"`
}

// clause is all that both readers understand alike: MetaCPAN's knows no ==, and
// for Test::CVE a version alone makes the list true for every version.
var clause = regexp.MustCompile(`^(<=|>=|<|>)(v?[0-9][0-9.]*(?:_[0-9]+)?|\.[0-9]+(?:_[0-9]+)?)$`)

// reports says whether Test::CVE reports a record for a version: the elements are
// alternatives, the clauses of one hold together, and an empty list is true.
func reports(t *testing.T, r *record, v perlver.Version) bool {
	if len(r.AffectedVersions) == 0 {
		return true
	}
	for _, element := range r.AffectedVersions {
		holds := true
		for text := range strings.SplitSeq(element, ",") {
			c := clause.FindStringSubmatch(text)
			if c == nil {
				t.Fatalf("%s: clause %q", r.ID, text)
			}
			w, err := perlver.ParseExact(c[2])
			if err != nil {
				t.Fatal(err)
			}
			order := v.Compare(w)
			holds = holds && map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[c[1]]
		}
		if holds {
			return true
		}
	}
	return false
}

func TestRealData(t *testing.T) {
	m := sample.Model(t, os.DirFS(testkit.Data(t)))
	files := map[string][]byte{}
	for _, f := range sample.Ordered(t, m, legacy.Formats()) {
		files[f.Path] = f.Data
	}
	t.Run("feed", func(t *testing.T) { feed(t, m, files) })
	t.Run("for Test::CVE", func(t *testing.T) { single(t, m, files) })
	t.Run("built file", func(t *testing.T) { builtFile(t, m, files[built]) })
	t.Run("cpan-audit", func(t *testing.T) { auditQueries(t, m, files[built]) })
}

// feed holds what readers make of the feed to the verdicts of the index, for
// every known release.
func feed(t *testing.T, m *index.Model, files map[string][]byte) {
	var feed map[string][]record
	if err := json.Unmarshal(files["cpansa-feed.json"], &feed); err != nil {
		t.Fatal(err)
	}
	var meta struct {
		Records, Distributions int
		Skipped, Partial       []struct {
			ID           advisory.ID
			Distribution string
			Reason       string
		}
	}
	if err := json.Unmarshal(files["cpansa-feed.meta.json"], &meta); err != nil {
		t.Fatal(err)
	}
	partial := map[string]bool{}
	for _, l := range meta.Partial {
		partial[string(l.ID)+" "+l.Distribution] = true
	}
	skipped := map[string]bool{}
	for _, l := range meta.Skipped {
		skipped[string(l.ID)+" "+l.Distribution] = true
	}
	records, verdicts, listed := 0, 0, 0
	for _, d := range m.Dists {
		left := feed[string(d.Name)]
		var alone map[string][]record
		if data := files["cpansa-feed/"+string(d.Name)+".json"]; data != nil {
			if err := json.Unmarshal(data, &alone); err != nil || len(alone) != 1 || len(alone[string(d.Name)]) != len(left) {
				t.Errorf("the feed of %s alone has %d records, %v", d.Name, len(alone[string(d.Name)]), err)
			}
		} else if len(left) > 0 {
			t.Errorf("%s has no feed of its own", d.Name)
		}
		for _, of := range d.Advisories {
			name := string(of.Advisory.ID) + " " + string(d.Name)
			if skipped[name] {
				listed++
				for i, s := range of.Status {
					if s.IsAffected() && !of.Darkpan {
						t.Errorf("%s is skipped, and %s is %s", name, d.Releases[i].Version, s)
					}
				}
				continue
			}
			r := &left[0]
			left = left[1:]
			records++
			if r.ID == "" || r.CVEs == nil || r.Reported == nil || r.Description == nil || r.Distribution != string(d.Name) ||
				!slices.Equal(r.AffectedVersions, r.VersionRange) {
				t.Errorf("%s: %+v", name, r)
			}
			open := len(r.AffectedVersions) == 0
			if open && !partial[name] {
				t.Errorf("%s has no versions, and the feed does not say why", name)
			}
			for i, s := range of.Status {
				v := d.Releases[i].Parsed
				if v.IsZero() || s == advisory.StatusUnknown {
					continue
				}
				verdicts++
				if want := s.IsAffected(); reports(t, r, v) != want && !open {
					t.Errorf("%s %s: %s, and the feed says %v of %v", name, v, s, !want, r.AffectedVersions)
				}
			}
		}
		if len(left) > 0 {
			t.Errorf("%d further records about %s", len(left), d.Name)
		}
	}
	if records != meta.Records || len(feed) != meta.Distributions || listed != len(meta.Skipped) || records == 0 {
		t.Errorf("%d records of %d distributions, %d skipped; %+v", records, len(feed), listed, meta)
	}
	t.Logf("%d records, %d skipped, %d in part, %d verdicts, %d bytes, with aliases %d",
		records, listed, len(partial), verdicts, len(files["cpansa-feed.json"]), len(files["cpansa-feed-aliases.json"]))
}

// single holds that the file for Test::CVE has no list of several elements, and
// reports as many records for a release as the other one, and the same.
func single(t *testing.T, m *index.Model, files map[string][]byte) {
	var plain, parted map[string][]record
	for path, to := range map[string]*map[string][]record{"cpansa-feed.json": &plain, "cpansa-feed-aliases.json": &parted} {
		if err := json.Unmarshal(files[path], to); err != nil {
			t.Fatal(err)
		}
	}
	several := 0
	for _, d := range m.Dists {
		all, ones := plain[string(d.Name)], parted[string(d.Name)]
		for i := range ones {
			if len(ones[i].AffectedVersions) > 1 || !slices.Equal(ones[i].AffectedVersions, ones[i].VersionRange) {
				t.Errorf("%s has %q", ones[i].ID, ones[i].AffectedVersions)
			}
		}
		several += len(ones) - len(all)
		for _, r := range d.Releases {
			if r.Parsed.IsZero() {
				continue
			}
			said := func(records []record) (said []string) {
				for i := range records {
					if reports(t, &records[i], r.Parsed) {
						said = append(said, records[i].ID+" "+strings.Join(records[i].CVEs, " "))
					}
				}
				return said
			}
			if want, got := said(all), said(ones); !slices.Equal(want, got) {
				t.Errorf("%s %s: %q, and for Test::CVE %q", d.Name, r.Version, want, got)
			}
		}
	}
	if several == 0 {
		t.Error("no record has several ranges")
	}
}
