package osvdir

import (
	"slices"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// FuzzVersions holds what is written for any statement to its verdict on the
// known releases, and on a further version where nothing is left out.
func FuzzVersions(f *testing.F) {
	f.Add(">=1.0,<1.3|>1.4", "1.0 1.1 1.3 1.5", "1.2")
	f.Add("<=1.2|1.20_01|1.7|!=7", "1.20_01 1.2 1.7", "1.20_01")
	f.Add("undef|latest", "0 1", "0")
	f.Add(">1,<2|>2,<=3|=3.5", "3.5 3 2", "2.5")
	f.Fuzz(func(t *testing.T, elements, releases, text string) {
		v, err := perlver.ParseExact(text)
		if err != nil || len(elements)+len(releases) > 400 {
			return
		}
		stated := &advisory.Affected{Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: strings.Split(elements, "|")}}}}
		of := &index.Affected{Affected: stated, Judge: stated.Compile(), Dist: &index.Dist{}}
		for version := range strings.FieldsSeq(releases) {
			if parsed, err := perlver.ParseExact(version); err == nil {
				of.Dist.Releases = append(of.Dist.Releases, index.Release{Known: advisory.Known{Version: version}, Parsed: parsed})
			}
		}
		slices.SortStableFunc(of.Dist.Releases, func(a, b index.Release) int { return a.Parsed.Compare(b.Parsed) })
		for _, r := range of.Dist.Releases {
			if of.Judge.Status(r.Parsed).IsAffected() {
				of.Known = append(of.Known, r.Version)
			}
		}
		known := slices.Clone(of.Known)
		ranges, list, warnings := versions(of)
		if !slices.Equal(known, of.Known) {
			t.Fatal("what was concluded has changed")
		}
		said := perlver.ParseOSV(ranges, list)
		check := func(v perlver.Version) {
			in, why := said.Contains(v)
			nothing := len(ranges)+len(list) == 0
			if want := of.Judge.Status(v).IsAffected(); (in == perlver.True) != want || in == perlver.Unknown && !nothing {
				t.Fatalf("%s in %q: %s, want %v: %v %q, %s", v, elements, in, want, ranges, list, why)
			}
		}
		for _, r := range of.Dist.Releases {
			check(r.Parsed)
			if slices.Contains(list, r.Version) != of.Judge.Status(r.Parsed).IsAffected() {
				t.Fatalf("%q in %q: listed %v", r.Version, elements, list)
			}
		}
		if len(warnings) == 0 {
			check(v)
		}
	})
}
