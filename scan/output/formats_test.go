package output

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/bom/cyclonedx"
	"nacre/internal/testkit/document"
	"nacre/inventory"
	"nacre/report/openvex"
	"nacre/report/sarif"
	"nacre/scan"
	"nacre/terminal"
)

// decoded is a recorded stream in a format, read back.
func decoded[T any](t *testing.T, format string, stream []scan.Message) (doc T) {
	t.Helper()
	if err := json.Unmarshal(print(t, format, Options{}, stream), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestWhatEachFindingBecomes follows each kind of finding into each format.
func TestWhatEachFindingBecomes(t *testing.T) {
	type outcome struct {
		level      sarif.Level
		baseline   sarif.BaselineState
		suppressed bool
		vex        openvex.Status
		why        openvex.Justification
		state      cyclonedx.State
		because    cyclonedx.Justification
	}
	want := map[string]outcome{
		"CVE-2099-0001":          {level: "error", baseline: "new", vex: "affected", state: "exploitable"},
		"CPANSA-Foo-Bar-2099-02": {level: "error", baseline: "new", vex: "under_investigation", state: "in_triage"}, // contradictory
		"CVE-2099-0002":          {level: "note", baseline: "new", vex: "under_investigation", state: "in_triage"},  // unknown
		"CVE-2099-0003":          {level: "note", baseline: "new", vex: "affected", state: "exploitable"},           // low
		"CVE-2099-0004": {
			level: "error", baseline: "new", suppressed: true, // ignored with a justification
			vex: "not_affected", why: "vulnerable_code_cannot_be_controlled_by_adversary",
			state: "not_affected", because: "requires_environment",
		},
		"CVE-2099-0005": {level: "warning", baseline: "new", suppressed: true, vex: "affected", state: "exploitable"}, // without one
		"CVE-2099-0006": {level: "warning", baseline: "unchanged", vex: "affected", state: "exploitable"},             // in the baseline
		"CVE-2099-0007": {level: "error", baseline: "new", vex: "affected", state: "exploitable"},                     // inside perl
		"CVE-2099-0008": {level: "note", baseline: "new", vex: "affected", state: "exploitable"},
		"CVE-2099-0009": {level: "note", baseline: "new", vex: "under_investigation", state: "in_triage"}, // admits
	}
	stream := recording(t, "everything.jsonl")
	got := map[string]outcome{}
	for _, r := range decoded[sarif.Log](t, "sarif", stream).Runs[0].Results {
		got[r.RuleID] = outcome{level: r.Level, baseline: r.Baseline, suppressed: len(r.Suppressions) == 1}
	}
	for _, s := range decoded[openvex.Document](t, "openvex", stream).Statements {
		o := got[s.Vulnerability.Name]
		o.vex, o.why = s.Status, s.Justification
		got[s.Vulnerability.Name] = o
	}
	for _, v := range decoded[cyclonedx.VEX](t, "cyclonedx", stream).Vulnerabilities {
		o := got[v.ID]
		o.state, o.because = v.Analysis.State, v.Analysis.Justification
		got[v.ID] = o
	}
	for id, w := range want {
		if got[id] != w {
			t.Errorf("%s became\n%+v, want\n%+v", id, got[id], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d findings, want %d", len(got), len(want))
	}
}

// TestFingerprintsAreStable holds that a result stays the same to a code
// scanning service while the version changes and lines move, and that no two
// results are the same.
func TestFingerprintsAreStable(t *testing.T) {
	prints := func(stream []scan.Message) map[string]string {
		all := map[string]string{}
		for _, r := range decoded[sarif.Log](t, "sarif", stream).Runs[0].Results {
			print := r.Fingerprints["nacreFinding/v1"]
			if other, twice := all[print]; twice {
				t.Errorf("%s and %s have one fingerprint", other, r.RuleID)
			}
			all[print] = r.RuleID
		}
		return all
	}
	before := prints(recording(t, "everything.jsonl"))
	moved := recording(t, "everything.jsonl")
	for _, m := range moved {
		if m.Finding != nil {
			m.Finding.Component.Version += "1"
			m.Finding.Component.Evidence[0].Line += 7
			m.Finding.Reason = "another"
		}
	}
	for print, id := range prints(moved) {
		if before[print] != id {
			t.Errorf("%s has another fingerprint", id)
		}
	}
}

// TestDocumentIDs holds that a document's id is made of what it says.
func TestDocumentIDs(t *testing.T) {
	stream := recording(t, "everything.jsonl")
	vex := decoded[openvex.Document](t, "openvex", stream).ID
	bom := decoded[cyclonedx.VEX](t, "cyclonedx", stream).Serial
	stream[1].Finding.Reason = "another"
	if decoded[openvex.Document](t, "openvex", stream).ID == vex {
		t.Errorf("two OpenVEX documents are both called %s", vex)
	}
	if decoded[cyclonedx.VEX](t, "cyclonedx", stream).Serial == bom {
		t.Errorf("two CycloneDX documents have the number %s", bom)
	}
}

func TestOpenVEXNeedsATime(t *testing.T) {
	if _, err := tryPrint("openvex", Options{}, []scan.Message{{Config: &scan.Config{Time: "yesterday"}}}); err == nil {
		t.Error("a document without a timestamp is written")
	}
}

// TestLargeScans prints 5,000 findings with fixes: Markdown stays within what
// a comment may have and says what it left out; the others leave nothing out.
func TestLargeScans(t *testing.T) {
	const n = 5000
	stream := []scan.Message{{Config: &scan.Config{Time: "2099-07-01T12:00:00Z"}}}
	for i := range n {
		ref := fmt.Sprintf("Foo-%d@1", i)
		stream = append(stream, scan.Message{Finding: &scan.Finding{
			Component: scan.Component{Ref: ref, Version: "1", PURL: fmt.Sprintf("pkg:cpan/Foo-%d@1", i)},
			Advisory:  scan.Advisory{ID: advisory.ID(fmt.Sprintf("CVE-2099-%d", 10000+i)), Title: strings.Repeat("long ", 2000)},
			Verdict:   advisory.StatusAffected, Counts: true,
		}})
	}
	for i := range n {
		stream = append(stream, scan.Message{Fix: &scan.Fix{Component: fmt.Sprintf("Foo-%d@1", i), From: "1", To: "2", Patch: "+x\n"}})
		stream = append(stream, scan.Message{Notice: &scan.Notice{Level: "info", Text: strings.Repeat("word ", 50)}})
	}
	stream = append(stream, scan.Message{Summary: &scan.Summary{Affected: n, Status: 1}})
	for format, check := range map[string]func(testing.TB, []byte){"markdown": checkMarkdown, "text": document.Text} {
		check(t, print(t, format, Options{}, stream))
	}
	if md := string(print(t, "markdown", Options{}, stream)); !strings.Contains(md, "more, which do not fit here") || !strings.Contains(md, "5,000 affected") {
		t.Error("Markdown does not say what it left out")
	}
	if got := len(decoded[sarif.Log](t, "sarif", stream).Runs[0].Results); got != n {
		t.Errorf("SARIF has %d results, want %d", got, n)
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain ~ text":       "plain ~ text",
		"真珠層 é 👍":            "真珠層 é 👍",
		"\x1b[31m":           `\x1b[31m`,
		"a\tb\nc\r":          `a\tb\nc\r`,
		"\u202egnp.exe":      `\u202egnp.exe`,
		"\u009b":             `\u009b`,
		"\x9b\xff":           `\x9b\xff`,
		"\x00\x7f":           `\x00\x7f`,
		"a\u00a0b\u3000c":    "a b c",
		"\U000e0041":         `\U000e0041`,
		"a\u200bb\ufeff":     `a\u200bb\ufeff`,
		"\u2028\u2029\u2066": `\u2028\u2029\u2066`,
	} {
		if got := terminal.Visible(in); got != want {
			t.Errorf("terminal.Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b=c&d#e":      "https://example.org/a?b=c&d#e",
		"HTTP://example.org:8080":            "http://example.org:8080",
		"https://example.org/ä(1)[2]|<x>\"'": "https://example.org/%C3%A4%281%29%5B2%5D%7C%3Cx%3E%22%27",
		"https://example.org/%41%zz":         "https://example.org/%41%25zz",
		"https://example.org/\x1b\u202e":     "https://example.org/%1B%E2%80%AE",
		"https://user@example.org/":          "", // a user hides the host
		"https://exa mple.org/":              "",
		"https:///etc/x":                     "",
		"javascript:alert(1)":                "",
		"file:///x":                          "",
		"//example.org/":                     "",
		"":                                   "",
		"https://example.org/" + strings.Repeat("x", maxLink): "",
	} {
		if got := link(in); got != want {
			t.Errorf("link(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestCommandsCanBeCopied holds that a long command is continued outside of
// its quotes.
func TestCommandsCanBeCopied(t *testing.T) {
	p := &page{Page: terminal.NewPage(44, false)}
	p.command(say(dim, "run"), `cpm install "Foo::Bar~>= 1.0, < 2, != 1.5" --with-test`)
	want := `  run       cpm install \
            "Foo::Bar~>= 1.0, < 2, != 1.5" \
            --with-test
`
	if got := p.String(); got != want {
		t.Errorf("got\n%s want\n%s", got, want)
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}

// TestReasonsOfWhatPerlAdmits holds that a finding inside a perl that is not
// known is told in short, and in full where it counts.
func TestReasonsOfWhatPerlAdmits(t *testing.T) {
	const reason = "2 of 4 versions that perl 5.36.0 and later ship are affected"
	for _, strict := range []bool{false, true} {
		var b strings.Builder
		h, err := New("text", &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []scan.Message{
			{Config: &scan.Config{Schema: scan.Schema, Options: scan.Options{Strict: strict}}},
			{Finding: &scan.Finding{
				Component: scan.Component{Ref: "Foo-Bar", Dist: "Foo-Bar", Kind: "core", Scope: "shipped"},
				Advisory:  scan.Advisory{ID: "CVE-2099-0001", Title: "Foo::Bar reads too far"},
				Verdict:   advisory.StatusAffected, Admits: true, Counts: strict, Reason: reason,
			}},
			{Summary: &scan.Summary{Admits: 1}},
		} {
			if err := h.Handle(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(b.String()), " ")
		if !strings.Contains(text, "CVE-2099-0001") || strings.Contains(text, reason) != strict {
			t.Errorf("strict %v:\n%s", strict, b.String())
		}
	}
}

// A component that is named in very many files does not make a document of them.
func TestManyPlaces(t *testing.T) {
	stream := twice()
	for n := range 50_000 {
		f := stream[1].Finding
		f.Component.Evidence = append(f.Component.Evidence, inventory.Evidence{File: fmt.Sprintf("lib/%d/MYMETA.json", n), Line: 1})
	}
	r := decoded[sarif.Log](t, "sarif", stream).Runs[0].Results[0]
	if len(r.Related) != maxRelated {
		t.Errorf("%d related locations", len(r.Related))
	}
}
