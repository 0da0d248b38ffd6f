package build

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write fixed.txt anew from the advisories")

// TestFixed holds the table of modules against the advisories: of each module that
// it names, all flaws with a CVE and one version in which they were fixed.
func TestFixed(t *testing.T) {
	src, err := os.ReadFile(filepath.Join(testkit.Data(t), "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var db struct {
		Module2dist map[string]string
		Dists       map[string]struct {
			Advisories []struct {
				CVEs     []string        `json:"cves"`
				Affected json.RawMessage `json:"affected_versions"`
				Fixed    json.RawMessage `json:"fixed_versions"`
				Embedded json.RawMessage `json:"embedded_vulnerability"`
			}
		}
	}
	if err := json.Unmarshal(src, &db); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(fixedText, "\n\n")
	var lines []string
	for module := range table(fixedText) {
		dist := cmp.Or(db.Module2dist[module], strings.ReplaceAll(module, "::", "-"))
		for _, a := range db.Dists[dist].Advisories {
			var affected, fixed []string
			if json.Unmarshal(a.Affected, &affected) != nil || json.Unmarshal(a.Fixed, &fixed) != nil || len(a.CVEs) == 0 || len(fixed) != 1 || a.Embedded != nil {
				continue
			}
			version, ok := strings.CutPrefix(fixed[0], ">=")
			if _, err := perlver.Parse(version); err != nil || !ok || a.CVEs[0] == "CVE-2016-1238" {
				continue
			}
			for _, r := range affected {
				from, ok := strings.CutSuffix(r, "<"+version)
				if !ok || from != "" && !strings.HasSuffix(from, ",") {
					continue
				}
				from = strings.TrimPrefix(strings.TrimSuffix(from, ","), ">=")
				lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", module, version, a.CVEs[0], from)))
				break
			}
		}
	}
	slices.Sort(lines)
	want := head + "\n\n" + strings.Join(slices.Compact(lines), "\n") + "\n"
	if *update {
		if err := os.WriteFile("fixed.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != fixedText {
		t.Errorf("fixed.txt is not what the advisories say (go test -update writes it):\n%s", want)
	}
}

// TestLibraries holds the table of libraries against the advisories: the flaw is
// one of that library, and they name the version in which it was fixed.
func TestLibraries(t *testing.T) {
	dir := filepath.Join(testkit.Data(t), "cpansa", "external_reports")
	known := map[string][]string{"pcre": {"libpcre"}, "pcre2": {"libpcre2"}, "jquery-ui": {"jqueryui"}, "reveal.js": {"reveal"}, "chart.js": {"chartjs"}}
	for name, flaws := range table(librariesText) {
		file := name
		if known[name] != nil {
			file = known[name][0]
		}
		src, err := os.ReadFile(filepath.Join(dir, file+".yml"))
		if err != nil {
			t.Error(err)
			continue
		}
		var report struct {
			Advisories []struct {
				CVE      string
				Text     string `yaml:"description"`
				Affected any    `yaml:"affected_versions"`
				Fixed    any    `yaml:"fixed_versions"`
			}
		}
		if err := yaml.Unmarshal(src, &report); err != nil {
			t.Error(err)
			continue
		}
		for _, f := range flaws {
			says := regexp.MustCompile(`(?:<|>=|before |prior to (?:version )?|In versions prior to |Starting with |in version |v)` + regexp.QuoteMeta(f.fixed) + `\b`)
			found := false
			for _, a := range report.Advisories {
				found = found || a.CVE == f.id && says.MatchString(fmt.Sprint(a.Affected, " ", a.Fixed, " ", a.Text))
			}
			if !found {
				t.Errorf("%s: no advisory %s says that %s fixed it", name, f.id, f.fixed)
			}
		}
	}
}
