package output

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/bom/cyclonedx"
	"nacre/inventory"
	"nacre/report/openvex"
	"nacre/scan"
)

// twice is a stream in which a release is there twice, and a flaw ignored in one
// of the two places.
func twice() []scan.Message {
	flaw := func(place string, n int, s advisory.Severity) *scan.Finding {
		return &scan.Finding{
			Component: scan.Component{Ref: "Foo-Bar@1.2", Dist: "Foo-Bar", Version: "1.2", Kind: "exact", Scope: "runtime", Place: place},
			Advisory:  scan.Advisory{ID: advisory.ID(fmt.Sprintf("CVE-2099-%04d", n)), Title: "a made-up flaw", Severity: s},
			Verdict:   advisory.StatusAffected, Reason: "1.2 is in <1.3", Counts: true,
		}
	}
	harmless := flaw("opt/app", 1, advisory.SeverityMedium)
	harmless.Counts = false
	harmless.Ignored = &scan.Ignored{By: "nacre.yaml", Reason: "no", Justification: "vulnerable_code_not_in_execute_path"}
	return []scan.Message{
		{Config: &scan.Config{Schema: scan.Schema, Tool: "nacre v0.1.0", Time: "2099-07-01T12:00:00Z", Path: "rootfs"}},
		{Finding: harmless},
		{Finding: flaw("opt/app", 2, advisory.SeverityCritical)},
		{Finding: flaw("opt/app", 3, advisory.SeverityLow)},
		{Finding: flaw("usr/share/perl5", 1, advisory.SeverityMedium)},
		{Finding: flaw("usr/share/perl5", 2, advisory.SeverityCritical)},
		{Summary: &scan.Summary{Components: 2, OnRecord: 2, Affected: 4, Ignored: 1, Status: 1}},
	}
}

// The same release in two folders is two components, each with its own findings.
func TestTwice(t *testing.T) {
	text := string(print(t, "text", Options{}, twice()))
	if !strings.Contains(text, "4 known vulnerabilities in 2 components") {
		t.Error(text)
	}
	text, _, _ = strings.Cut(text, "IGNORED")
	got := regexp.MustCompile(`installed in \S+|CVE-2099-\d+  `).FindAllString(text, -1)
	want := []string{
		"installed in opt/app", "CVE-2099-0002  ", "CVE-2099-0003  ",
		"installed in usr/share/perl5", "CVE-2099-0002  ", "CVE-2099-0001  ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\n%s", got, text)
	}

	vex := decoded[cyclonedx.VEX](t, "cyclonedx", twice())
	if len(vex.Components) != 2 || vex.Components[0].Ref != "Foo-Bar@1.2" || vex.Components[1].Ref != "Foo-Bar@1.2 in usr/share/perl5" {
		t.Errorf("%+v", vex.Components)
	}
	for _, v := range vex.Vulnerabilities {
		harmless := v.ID == "CVE-2099-0001" && v.Affects[0].Ref == "Foo-Bar@1.2"
		if (v.Analysis.State == cyclonedx.NotAffected) != harmless {
			t.Errorf("%s of %s is %s", v.ID, v.Affects[0].Ref, v.Analysis.State)
		}
	}
}

// A package URL does not say which of two copies is meant. A document that says
// of one URL that it is affected and that it is not would acquit both.
func TestTwiceInOneURL(t *testing.T) {
	got := map[string]openvex.Status{}
	for _, s := range decoded[openvex.Document](t, "openvex", twice()).Statements {
		name := s.Vulnerability.Name
		if _, said := got[name]; said || s.Status != openvex.Affected || s.Justification != "" || s.ActionStatement == "" {
			t.Errorf("%+v", s)
		}
		got[name] = s.Status
	}
	if len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// What is said of each finding of a component alike is said once, and of a long
// chain the middle is counted.
func TestReachOnce(t *testing.T) {
	stream := twice()
	var chain []scan.Step
	for i := range 40 {
		s := scan.Step{}
		s.At.File, s.At.Line = fmt.Sprintf("lib/M%d.pm", i), i+1
		chain = append(chain, s)
	}
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Reach = &scan.Reach{State: "loaded", What: "Foo::Bar", Chain: chain}
		}
	}
	const said = "loaded: Foo::Bar, by lib/M0.pm:1, lib/M1.pm:2, lib/M2.pm:3, 35 more, lib/M38.pm:39, lib/M39.pm:40"
	text := strings.Join(strings.Fields(string(print(t, "text", Options{}, stream))), " ")
	if n := strings.Count(text, "reach "+said); n != 2 || strings.Count(text, "loaded:") != 2 {
		t.Errorf("said %d times: %s", n, text)
	}
	html := string(print(t, "html", Options{}, stream))
	if n := strings.Count(html, "How it is loaded (40 steps)"); n != 2 {
		t.Errorf("%d chains", n)
	}
}

// A page that does not say whether something is loaded says of how many.
func TestUntoldReach(t *testing.T) {
	stream := twice()
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Reach = &scan.Reach{State: "unknown", Why: "Foo-Baz@1 requires it, and is not here to be read"}
		}
	}
	if text := string(print(t, "text", Options{}, stream)); !strings.Contains(text, "Whether it is loaded, nothing that is here tells of 4 findings.") {
		t.Error(text)
	}
}

// An id is never cut: of many, some are counted.
func TestManyIDs(t *testing.T) {
	stream := twice()
	fix := &scan.Fix{Dist: "Foo-Bar", From: "1.2", To: "1.3"}
	for n := range 100 {
		fix.Clears = append(fix.Clears, advisory.ID(fmt.Sprintf("CVE-2099-%04d", n)))
	}
	fix.Remaining = fix.Clears
	stream = slices.Insert(stream, len(stream)-1, scan.Message{Fix: fix})
	for _, format := range []string{"text", "html", "markdown"} {
		got := strings.Join(strings.Fields(string(print(t, format, Options{}, stream))), " ")
		if n := strings.Count(got, "CVE-2099-0011, and 88 more"); n != 2 {
			t.Errorf("%s says so %d times: %s", format, n, got)
		}
	}
}

// much is a stream with a perl of any version, and with many notices, a warning
// last.
func much() []scan.Message {
	stream := twice()
	var more []scan.Message
	for n := range 30 {
		more = append(more, scan.Message{Finding: &scan.Finding{
			Component: scan.Component{Ref: "perl", Dist: "perl", Range: ">= 0", Kind: "required", Scope: "runtime", Direct: true},
			Advisory:  scan.Advisory{ID: advisory.ID(fmt.Sprintf("CVE-2098-%04d", n)), Title: "another made-up flaw"},
			Verdict:   advisory.StatusAffected, Admits: true, Reason: "9 of 10 known releases are affected",
			Reach: &scan.Reach{State: "loaded", What: "strict"},
		}})
	}
	for n := range 30 {
		more = append(more, scan.Message{Notice: &scan.Notice{Level: "info", Text: fmt.Sprintf("notice %d", n)}})
	}
	more = append(more, scan.Message{Notice: &scan.Notice{Level: "warning", Text: "a warning"}})
	return slices.Insert(stream, len(stream)-1, more...)
}

// What any perl may have is listed without reasons, whoever asks for that perl,
// unless it counts.
func TestAnyPerl(t *testing.T) {
	for _, strict := range []bool{false, true} {
		stream := much()
		stream[0].Config.Options.Strict = strict
		for _, format := range []string{"text", "html"} {
			got := string(print(t, format, Options{}, stream))
			if !strings.Contains(got, "CVE-2098-0029") || strings.Contains(got, "9 of 10 known releases") != strict {
				t.Errorf("%s with strict %v:\n%s", format, strict, got)
			}
		}
	}
	got := string(print(t, "github", Options{}, much()))
	if !strings.Contains(got, "title=perl::30 flaws of what perl ships may apply") || strings.Contains(got, "CVE-2098-") {
		t.Error(got)
	}
}

// The root of a system has no name.
func TestNameOfRoot(t *testing.T) {
	for path, want := range map[string]string{"/": "system", "//": "system", "/srv/shop/": "shop", ".": "project", "": "project"} {
		if got := project(&scan.Config{Path: path}); got != want {
			t.Errorf("%q is called %q", path, got)
		}
	}
}

// Notices do not swamp a page: warnings come first, all of them, and of the others
// some are told in the text and some folded in HTML.
func TestManyNotices(t *testing.T) {
	text := string(print(t, "text", Options{}, much()))
	if !strings.Contains(text, "warning   a warning") || strings.Count(text, "  info      notice ") != 19 || !strings.Contains(text, "  info      11 more: ") {
		t.Error(text)
	}
	html := string(print(t, "html", Options{}, much()))
	shown, folded, ok := strings.Cut(html, "<summary>11 more</summary>")
	if !ok || strings.Count(shown, "notice ") != 19 || strings.Count(folded, "notice ") != 11 {
		t.Error(html)
	}
}

// What is left out is not praised.
func TestMood(t *testing.T) {
	for want, sum := range map[string]*scan.Summary{
		"bad":    {Contradictory: 1, Status: 1},
		"unsure": {Hidden: 2},
		"good":   {Admits: 3, Ignored: 1},
	} {
		if got := (&stream{summary: sum}).mood(); got != want {
			t.Errorf("%+v is %s", sum, got)
		}
	}
	if got := (&stream{}).mood(); got != "bad" {
		t.Errorf("a scan that did not finish is %s", got)
	}
}

// Each format says of a distribution that no record names how it got its name.
func TestByName(t *testing.T) {
	stream := twice()
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Component.ByName = true
		}
	}
	for _, format := range []string{"text", "html", "markdown", "sarif", "openvex", "cyclonedx", "csaf", "junit", "csv", "github"} {
		if got := string(print(t, format, Options{}, stream)); !strings.Contains(strings.ToLower(got), "by name") {
			t.Errorf("%s does not say so:\n%s", format, got)
		}
	}
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Component.Package = &inventory.Package{Name: "libfoo-bar-perl", Dist: "Foo-Bar"}
		}
	}
	if got := string(print(t, "text", Options{}, stream)); strings.Contains(got, "by name") {
		t.Errorf("the papers of its package name it:\n%s", got)
	}
}
