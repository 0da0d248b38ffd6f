package osvdir

import (
	"slices"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// TestAbove says where a range begins that OSV has no way to say: its beginning is
// no part of it.
func TestAbove(t *testing.T) {
	for _, tt := range []struct{ element, releases, events, list string }{
		{">1.3", "1.3 1.5", "introduced v1.300.0.1", "1.5"},
		{">1.3", "1.3", "introduced v1.300.0.1", ""}, // 1.4 is affected, should it come
		{">1.3", "1.3 1.30000000000000001", "introduced 1.30000000000000001", "1.30000000000000001"},
		{">1.3,<1.5", "1.3 1.5", "introduced v1.300.0.1, fixed 1.5", ""},
		{">1.3,<=1.5", "1.3 1.5", "introduced v1.300.0.1, last affected 1.5", "1.5"},
		{">0", "0.1", "introduced 0", "0.1"},
		{">0", "", "introduced 0", ""},
		{">0", "0 0.1", "introduced v0.0.0.1", "0.1"},
	} {
		of := judged(tt.element, tt.releases)
		ranges, list, warnings := versions(of)
		var events []string
		for _, r := range ranges {
			for _, e := range r.Events {
				for _, of := range []struct{ word, version string }{{"introduced ", e.Introduced}, {"fixed ", e.Fixed}, {"last affected ", e.LastAffected}} {
					if of.version != "" {
						events = append(events, of.word+of.version)
					}
				}
			}
		}
		if got := strings.Join(events, ", "); got != tt.events || strings.Join(list, " ") != tt.list || len(warnings) != 1 {
			t.Errorf("%s of %q: %s, %q, %q; want %s, %s and a warning", tt.element, tt.releases, got, list, warnings, tt.events, tt.list)
		}
	}
}

// judged is what elements, with | between them, say of releases.
func judged(elements, releases string) *index.Affected {
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
	return of
}

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
		of := judged(elements, releases)
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
		if !slices.ContainsFunc(warnings, func(w string) bool { return !strings.HasPrefix(w, "the range above ") }) && !inGap(of, v) {
			check(v)
		}
	})
}

// inGap says whether a version lies between where a run begins and where the range
// does that is written for it.
func inGap(of *index.Affected, v perlver.Version) bool {
	runs, _ := of.Judge.Runs(advisory.Status.IsAffected)
	return slices.ContainsFunc(runs, func(r advisory.Run) bool {
		from := after(of.Dist, r)
		return r.After && v.Compare(r.From) >= 0 && v.Compare(from) <= 0
	})
}
