package index_test

import (
	"strings"
	"testing"

	"nacre/advisory"
)

// TestPromised says in which words a range is told, and whether a fix is stated
// that holds: each "/" begins another entry of the same source.
func TestPromised(t *testing.T) {
	for _, tt := range []struct {
		releases, entries      string
		words, fixed, promised string
	}{
		{"1.0 1.2", "<1.3 fixed >=1.3", "<1.3", ">=1.3", ">=1.3"}, // no list has it yet
		{"1.0 1.3", "<1.3 fixed >=1.3", "<1.3", ">=1.3", ""},      // 1.3 is Fixed itself
		{"1.0 1.2", "<1.3", "<1.3", "", ""},
		// A report says that nothing is affected, and two about copies of a library say
		// what is: to update to >0 mends nothing.
		{"0.1 0.2 0.3", "<0 fixed >0/>=0.1,<=0.2/>=0.3", "<0 | >=0.1,<=0.2 | >=0.3", ">0", ""},
		{"0.1 0.2", "<0.3 fixed >=0.2,<0.3/>=0.4,<0.5", "<0.3 | >=0.4,<0.5", ">=0.2,<0.3", ""}, // below what is affected
		{"", "<1.3 fixed >=1.3", "<1.3", ">=1.3", ">=1.3"},
		{"1.0", "rubbish fixed >=1.3", "rubbish", ">=1.3", ""}, // what is affected cannot be told
	} {
		r := record("CVE-2099-0001", "")
		first := r.Affected[0].Statements[0]
		r.Affected[0].Statements = nil
		for entry := range strings.SplitSeq(tt.entries, "/") {
			affected, fixed, states := strings.Cut(entry, " fixed ")
			s := first
			s.CPANSA = &advisory.CPANSA{Affected: []string{affected}}
			if states {
				s.CPANSA.Fixed = []string{fixed}
			}
			r.Affected[0].Statements = append(r.Affected[0].Statements, s)
		}
		set := advisory.Set{Records: []advisory.Record{r}, Releases: releases(strings.Fields(tt.releases)...)}
		of := build(t, nil, 1, set).ByDist("Foo-Bar").Advisories[0]
		if of.Range != tt.words || of.FixedRange != tt.fixed || of.Promised != tt.promised {
			t.Errorf("%s of %q: %q, fixed %q, promised %q; want %q, %q, %q",
				tt.entries, tt.releases, of.Range, of.FixedRange, of.Promised, tt.words, tt.fixed, tt.promised)
		}
	}
}
