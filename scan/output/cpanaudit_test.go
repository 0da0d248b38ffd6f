package output

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/scan"
)

func TestCPANAuditStatus(t *testing.T) {
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 65, 2: 66, 61: 125, 62: 126, 63: 126, 1000: 126} {
		if got := CPANAuditStatus(n); got != want {
			t.Errorf("CPANAuditStatus(%d) = %d, want %d", n, got, want)
		}
	}
}

// TestCPANAuditCounts holds that the number the status is made of is the
// number that is printed.
func TestCPANAuditCounts(t *testing.T) {
	stream := recording(t, "everything.jsonl")
	var got audit
	if err := json.Unmarshal(print(t, "cpan-audit-json", Options{}, stream), &got); err != nil {
		t.Fatal(err)
	}
	sum := stream[len(stream)-1].Summary
	if want := sum.Affected + sum.Contradictory; got.Meta.Total != want {
		t.Errorf("total_advisories is %d, the summary has %d", got.Meta.Total, want)
	}
	listed := 0
	for _, d := range got.Dists {
		listed += len(d.Advisories)
	}
	if listed != got.Meta.Total {
		t.Errorf("total_advisories is %d, listed are %d", got.Meta.Total, listed)
	}
	if text := string(print(t, "cpan-audit", Options{}, stream)); strings.Count(text, "\n  * ") != listed {
		t.Errorf("the text does not list %d advisories:\n%s", listed, text)
	}
}

// TestTwoVersionsOfOneDistribution holds that neither hides the other, as it
// does in cpan-audit.
func TestTwoVersionsOfOneDistribution(t *testing.T) {
	one := scan.Finding{Verdict: advisory.StatusAffected, Component: scan.Component{Ref: "Foo-Bar@1", Dist: "Foo-Bar", Version: "1"}}
	two := one
	two.Component.Ref, two.Component.Version = "Foo-Bar@2", "2"
	got := string(print(t, "cpan-audit", Options{}, []scan.Message{{Finding: &one}, {Finding: &two}, {Summary: &scan.Summary{}}}))
	if want := "Foo-Bar (requires 1, 2) has 2 advisories\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin with %q", got, want)
	}
}

// program is the result of the real cpan-audit.
type program struct {
	Meta  map[string]any `json:"meta"`
	Dists map[string]struct {
		Version    string           `json:"version"`
		Advisories []map[string]any `json:"advisories"`
	} `json:"dists"`
	Errors []string `json:"errors"`
}

// TestLikeCPANAudit runs cpan-audit on one release, turns its JSON into a
// stream, and holds that the stream prints as the same lines and keys.
func TestLikeCPANAudit(t *testing.T) {
	testkit.NeedPerl(t, "CPAN::Audit")
	path := testkit.Need(t, "cpan-audit")
	run := func(args ...string) string {
		out, err := exec.Command(path, append(args, "dist", "Mojolicious", "8.0")...).Output()
		if _, found := err.(*exec.ExitError); err != nil && !found {
			t.Fatal(err)
		}
		return string(out)
	}
	text, raw := run("--ascii"), run("--json")
	var theirs program
	if err := json.Unmarshal([]byte(raw), &theirs); err != nil {
		t.Fatal(err)
	}
	stream := []scan.Message{{Config: &scan.Config{}}}
	for name, d := range theirs.Dists {
		for _, a := range d.Advisories {
			stream = append(stream, scan.Message{Finding: finding(name, d.Version, a)})
		}
	}
	if len(stream) < 3 {
		t.Fatalf("cpan-audit knows %d advisories, too few to compare", len(stream)-1)
	}
	stream = append(stream, scan.Message{Summary: &scan.Summary{}})

	if diff := cmp.Diff(sortedLines(text), sortedLines(string(print(t, "cpan-audit", Options{}, stream)))); diff != "" {
		t.Errorf("text (-cpan-audit +nacre):\n%s", diff)
	}

	var ours program
	if err := json.Unmarshal(print(t, "cpan-audit-json", Options{}, stream), &ours); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keys(theirs.Meta), keys(ours.Meta)); diff != "" {
		t.Errorf("keys of meta (-cpan-audit +nacre):\n%s", diff)
	}
	for name, d := range ours.Dists {
		var known []string
		for _, a := range theirs.Dists[name].Advisories {
			known = append(known, keys(a)...)
		}
		for _, a := range d.Advisories {
			for _, key := range keys(a) {
				if !slices.Contains(known, key) {
					t.Errorf("cpan-audit's advisories have no %s, only %q", key, known)
				}
			}
		}
	}
}

// finding is an advisory of cpan-audit's as one of a stream.
func finding(dist, version string, a map[string]any) *scan.Finding {
	texts := func(v any) (all []string) {
		switch v := v.(type) {
		case string:
			all = []string{v}
		case []any:
			for _, e := range v {
				all = append(all, e.(string))
			}
		}
		return all
	}
	f := &scan.Finding{Verdict: advisory.StatusAffected, Component: scan.Component{Ref: dist, Dist: cpan.Dist(dist), Version: version}}
	f.Advisory.ID = advisory.ID(a["id"].(string))
	f.Advisory.Title = strings.TrimSpace(a["description"].(string))
	f.Advisory.Affected = texts(a["affected_versions"])
	f.Advisory.Fixed = texts(a["fixed_versions"])
	for _, id := range texts(a["cves"]) {
		f.Advisory.Aliases = append(f.Advisory.Aliases, advisory.ID(id))
	}
	for _, url := range texts(a["references"]) {
		f.Advisory.References = append(f.Advisory.References, advisory.Reference{URL: url})
	}
	return f
}

func sortedLines(s string) []string {
	lines := slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	slices.Sort(lines)
	return lines
}

func keys(m map[string]any) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
