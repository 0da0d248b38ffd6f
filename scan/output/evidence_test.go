package output

import (
	"strings"
	"testing"

	"nacre/bom/cyclonedx"
	"nacre/report/csaf"
	"nacre/report/openvex"
	"nacre/scan"
)

// TestNotSeenIsEvidence holds that what is not seen to be loaded is told in each
// VEX document, and alone makes nothing not affected: a name that comes from a
// configuration is in no source.
func TestNotSeenIsEvidence(t *testing.T) {
	type outcome struct {
		vex     openvex.Status
		why     openvex.Justification
		state   cyclonedx.State
		because cyclonedx.Justification
		csaf    int // of the products that are not affected
	}
	outcomes := func(stream []scan.Message, evidence string) (all []outcome) {
		for _, s := range decoded[openvex.Document](t, "openvex", stream).Statements {
			all = append(all, outcome{vex: s.Status, why: s.Justification})
			if !strings.Contains(s.StatusNotes, evidence) {
				t.Errorf("openvex, %s: %s", s.Vulnerability.Name, s.StatusNotes)
			}
		}
		for i, v := range decoded[cyclonedx.VEX](t, "cyclonedx", stream).Vulnerabilities {
			all[i].state, all[i].because = v.Analysis.State, v.Analysis.Justification
			if !strings.Contains(v.Analysis.Detail, evidence) {
				t.Errorf("cyclonedx, %s: %s", v.ID, v.Analysis.Detail)
			}
		}
		doc := decoded[csaf.Document](t, "csaf", stream)
		for _, v := range doc.Vulnerabilities {
			all[0].csaf += len(v.Status.NotAffected)
		}
		if b := print(t, "csaf", Options{}, stream); !strings.Contains(string(b), evidence) {
			t.Errorf("csaf: %s", b)
		}
		return all
	}
	stream := recording(t, "everything.jsonl")
	before := outcomes(stream, "")
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Reach = &scan.Reach{State: "not seen"}
		}
	}
	after := outcomes(stream, "ot seen to be loaded")
	if len(before) == 0 || len(after) != len(before) {
		t.Fatalf("%d statements, then %d", len(before), len(after))
	}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("%d became\n%+v, was\n%+v", i, after[i], before[i])
		}
	}
}
