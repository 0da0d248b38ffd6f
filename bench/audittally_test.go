package bench

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"nacre/audit"
)

// near is how many lines a finding may be off its place: where a statement has
// several lines, a rule may tell another of them.
const near = 2

// at gives the strongest finding of a place's rules at lines of its file; 0
// where there is none.
func (a audited) at(p place, lines []int) (strongest audit.Confidence) {
	for _, f := range a[p.release()] {
		c, err := audit.ParseConfidence(f.Confidence)
		if err != nil || c <= strongest || f.File != p.file || !slices.Contains(p.rules, f.Rule) {
			continue
		}
		if slices.ContainsFunc(lines, func(l int) bool { return max(l-f.Line, f.Line-l) <= near }) {
			strongest = c
		}
	}
	return strongest
}

// tally counts advisories.
type tally struct{ n, of int }

func (c *tally) add(yes bool) {
	c.of++
	if yes {
		c.n++
	}
}

func (c tally) String() string {
	if c.of == 0 {
		return "none"
	}
	low, high := wilson(c.n, c.of)
	return fmt.Sprintf("%d of %d\t%.0f %%\t(%.0f to %.0f)", c.n, c.of, 100*float64(c.n)/float64(c.of), 100*low, 100*high)
}

// wilson is the 95 % interval of a share: E. B. Wilson, Probable inference, the
// law of succession, and statistical inference, 1927.
func wilson(n, of int) (low, high float64) {
	const z = 1.959964
	p, m := float64(n)/float64(of), float64(of)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	off := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-off), min(1, middle+off)
}

// known is what was seen of one advisory on one release.
type known struct {
	rule               string
	open               bool
	best               audit.Confidence // in the release
	repaired, vanished bool             // there is repaired source; nothing likely is found in it
}

// tell says in lines what was found of a half's advisories. What was missed is
// named for the tuning half alone.
func tell(places []place, half string, source, repaired audited) string {
	seen := map[string]*known{}
	left := 0
	for _, p := range places {
		if p.half != half {
			continue
		}
		if _, ok := source[p.release()]; !ok {
			left++
			continue
		}
		key := p.dist + " " + p.advisory
		k := seen[key]
		if k == nil {
			k = &known{rule: p.rules[0], open: p.open, vanished: true}
			seen[key] = k
		}
		k.best = max(k.best, source.at(p, p.lines))
		if _, ok := repaired[p.release()]; ok && p.fixedLines != nil {
			k.repaired = true
			k.vanished = k.vanished && repaired.at(p, p.fixedLines) < audit.Likely
		}
	}
	var likely, possible, quiet, vanished, perl tally
	var missed []string
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		k := seen[key]
		if !k.open {
			quiet.add(k.best < audit.Likely)
			if k.best >= audit.Likely {
				missed = append(missed, k.rule+" "+key+" is fixed, and found")
			}
			continue
		}
		likely.add(k.best >= audit.Likely)
		possible.add(k.best >= audit.Possible)
		if k.rule != "XS01" {
			perl.add(k.best >= audit.Likely)
		}
		switch {
		case k.best < audit.Possible:
			missed = append(missed, k.rule+" "+key+" is not found")
		case k.best < audit.Likely:
			missed = append(missed, k.rule+" "+key+" is possible only")
		}
		if k.repaired && k.best >= audit.Likely {
			vanished.add(k.vanished)
			if !k.vanished {
				missed = append(missed, k.rule+" "+key+" is found in repaired source")
			}
		}
	}
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  found, likely and above\t%s\n", likely)
	fmt.Fprintf(w, "    without XS01\t%s\n", perl)
	fmt.Fprintf(w, "  found, possible and above\t%s\n", possible)
	fmt.Fprintf(w, "  quiet in releases that are fixed\t%s\n", quiet)
	fmt.Fprintf(w, "  found, and vanished in repaired source\t%s\n", vanished)
	fmt.Fprintf(w, "  rows left out\t%d\n", left)
	w.Flush()
	if half == "tuning" {
		for _, m := range missed {
			fmt.Fprintf(&out, "  %s\n", m)
		}
	}
	return out.String()
}

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		n, of     int
		low, high float64
	}{
		{0, 10, 0, 0.2775},
		{10, 10, 0.7225, 1},
		{8, 10, 0.4902, 0.9433},
		{50, 100, 0.4038, 0.5962},
	} {
		low, high := wilson(c.n, c.of)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.n, c.of, low, high, c.low, c.high)
		}
	}
}

// TestTruthIsTold is the account of a made-up table: what counts as found, and
// what as vanished.
func TestTruthIsTold(t *testing.T) {
	row := func(dist, advisory, file string, open bool, fixed []int) place {
		return place{
			dist: dist, version: "1", half: "tuning", rules: []string{"RND01", "RND05"}, advisory: advisory,
			file: file, lines: []int{10, 20}, open: open, fixedLines: fixed,
		}
	}
	find := func(rule, file string, line int, confidence audit.Confidence) audit.Finding {
		return audit.Finding{Rule: rule, File: file, Line: line, Confidence: confidence.String()}
	}
	places := []place{
		row("Acme-A", "found by its rule", "a", true, []int{12}),
		row("Acme-A", "found by another right one, two lines off", "b", true, []int{12}),
		row("Acme-A", "in two files, found in one", "c", true, nil),
		row("Acme-A", "in two files, found in one", "d", true, nil),
		row("Acme-A", "possible only", "e", true, nil),
		row("Acme-A", "found by a wrong rule", "f", true, nil),
		row("Acme-A", "three lines off", "g", true, nil),
		row("Acme-A", "repaired and quiet", "h", false, nil),
		row("Acme-A", "repaired and found", "i", false, nil),
		row("Acme-B", "not there", "a", true, nil),
	}
	source := audited{"Acme-A-1": {
		find("RND01", "a", 10, audit.Certain),
		find("RND05", "b", 22, audit.Likely),
		find("RND01", "d", 20, audit.Likely),
		find("RND01", "e", 20, audit.Possible),
		find("RND02", "f", 10, audit.Certain),
		find("RND01", "g", 13, audit.Certain),
		find("RND01", "h", 20, audit.Possible),
		find("RND01", "i", 20, audit.Likely),
	}}
	repaired := audited{"Acme-A-1": {find("RND01", "a", 12, audit.Possible), find("RND01", "b", 12, audit.Likely)}}
	got := tell(places, "tuning", source, repaired)
	var words []string
	for line := range strings.Lines(got) {
		words = append(words, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"found, likely and above 3 of 6 50 % (19 to 81)",
		"without XS01 3 of 6 50 % (19 to 81)",
		"found, possible and above 4 of 6 67 % (30 to 90)",
		"quiet in releases that are fixed 1 of 2 50 % (9 to 91)",
		"found, and vanished in repaired source 1 of 2 50 % (9 to 91)",
		"rows left out 1",
		"RND01 Acme-A found by a wrong rule is not found",
		"RND01 Acme-A found by another right one, two lines off is found in repaired source",
		"RND01 Acme-A possible only is possible only",
		"RND01 Acme-A repaired and found is fixed, and found",
		"RND01 Acme-A three lines off is not found",
	}
	if !slices.Equal(words, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(words, "\n"), strings.Join(want, "\n"))
	}
}
