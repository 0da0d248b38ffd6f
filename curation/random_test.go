package curation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/curation"
)

// TestRandom makes up small worlds, with ids that are shared in every way. Whatever
// the order of entries and overlays, the result is the same; a record that shares no
// id with an overlay, over any number of steps, is as it was; and an overlay either
// has a target or a reason why not.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	ids := []string{"CVE-2099-0001", "CVE-2099-0002", "CVE-2099-0003", "CPANSA-Foo-2099-01", "CPANSA-Foo-2099-02", "CPANSA-Bar-2099-01", "GHSA-2222-3333-4444", "GHSA-5555-6666-7777"}
	dists := []string{"Foo", "Bar"}
	states := map[curation.State]int{}
	for round := range 1000 {
		var lines []string
		for range 2 + r.IntN(6) {
			line := pick("CPANSA", "CPANSA", "CPANSec", "OSV", "mitre")
			for range 1 + r.IntN(2) {
				line += " " + pick(ids...)
			}
			if r.IntN(5) > 0 {
				line += " dist=" + pick(dists...) + " affected=" + pick("<1", "<2", "==1|==2", "latest")
			}
			lines = append(lines, line)
		}
		batches := sources(t, strings.Join(lines, "\n"))
		known := map[cpan.Dist][]advisory.Known{"Foo": {{Version: "0.5"}, {Version: "1"}, {Version: "2"}}}
		set := &curation.Set{}
		for i := range 1 + r.IntN(3) {
			o := curation.Overlay{
				Kind: curation.Kinds()[r.IntN(len(curation.Kinds()))], IDs: []advisory.ID{advisory.ID(pick(ids...))},
				Dist: cpan.Dist(pick(dists...)), File: "a.yaml", Line: i + 1, Reason: "x", Role: "triage",
				Affected: []string{pick("<1", ">=0")}, Title: "T", Modules: []cpan.Module{"M"},
			}
			switch o.Kind {
			case curation.Link:
				o.IDs, o.Dist = append(o.IDs, advisory.ID(pick(ids...))), ""
			case curation.Allow:
				o.IDs = []advisory.ID{advisory.ID(pick(ids[:3]...))}
			}
			set.Overlays = append(set.Overlays, o)
		}
		applied := set.Apply(batches)
		after, ledger := merge.Merge(applied.Batches)
		got := text(t, after.Records)
		for _, o := range applied.Outcomes(known) {
			states[o.State]++
			if o.Text == "" || o.State == "" || o.State != curation.NoTarget && o.Record == "" {
				t.Fatalf("round %d: %s %s: %q %q\n%s\n%s", round, o.Overlay.Kind, o.Overlay.Target(), o.State, o.Text, strings.Join(lines, "\n"), got)
			}
		}
		applied.Lint(applied.Outcomes(known), known, advisory.Date{})
		for _, e := range ledger.Entries {
			if merge.IsCuration(e.Source) && e.Outcome == merge.Became {
				t.Fatalf("round %d: %s %s: %s\n%s\n%s", round, e.Where, e.Outcome, e.Reason, strings.Join(lines, "\n"), got)
			}
		}

		before, _ := merge.Merge(batches)
		for i := range before.Records {
			was := &before.Records[i]
			if !reached(set, before.Records, was) && !strings.Contains(got, text(t, was)) {
				t.Fatalf("round %d: %s is another one\n%s\n%s", round, was.ID, strings.Join(lines, "\n"), got)
			}
		}

		slices.Reverse(lines)
		slices.Reverse(set.Overlays)
		batches = sources(t, strings.Join(lines, "\n"))
		again, _ := merge.Merge(set.Apply(batches).Batches)
		if back := text(t, again.Records); places(back) != places(got) {
			t.Fatalf("round %d: another order, another result\n%s\n%s\n%s", round, strings.Join(lines, "\n"), got, back)
		}
	}
	if states[curation.InForce] < 300 || states[curation.CaughtUp] < 30 || states[curation.NoTarget] < 300 {
		t.Errorf("the worlds are poor: %v", states)
	}
}

// reached says whether ids lead from an overlay to a record.
func reached(set *curation.Set, all []advisory.Record, r *advisory.Record) bool {
	ids := map[advisory.ID]bool{r.ID: true}
	for grown := true; grown; {
		n := len(ids)
		for i := range all {
			these := append([]advisory.ID{all[i].ID}, all[i].Aliases...)
			if slices.ContainsFunc(these, func(id advisory.ID) bool { return ids[id] }) {
				for _, id := range these {
					ids[id] = true
				}
			}
		}
		grown = len(ids) > n
	}
	return slices.ContainsFunc(set.Overlays, func(o curation.Overlay) bool {
		return slices.ContainsFunc(o.IDs, func(id advisory.ID) bool { return ids[id] })
	})
}

// places leaves out which line of its source an entry has: it is another one in
// another order.
func places(text string) string {
	for n := range 9 {
		text = strings.ReplaceAll(text, fmt.Sprintf("#%d", n), "#")
	}
	return text
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
