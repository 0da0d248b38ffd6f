package output

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/report/sarif"
	"nacre/terminal"
)

// baseID is the id in SARIF of the folder that paths begin in.
const baseID = "PROJECTROOT"

// warning stands first in the help of each rule: services show the help beside
// a result, and some show results to everybody.
const warning = "Before you upload this: a finding that is true is a vulnerability. Code scanning of a public repository may show it to everybody; keep it to those who maintain the code, and report privately what is new."

func printSARIF(w io.Writer, s *stream, o Options) error {
	run := sarif.Run{
		URIBases:    map[string]sarif.ArtifactLocation{baseID: {Description: &sarif.Text{Text: "the folder that paths begin in"}}},
		Invocations: []sarif.Invocation{sarifInvocation(s)},
		Results:     []sarif.Result{},
	}
	run.Tool.Driver.Name, run.Tool.Driver.Version = "nacre", ""
	if name, version, ok := strings.Cut(s.config.Tool, " "); ok {
		run.Tool.Driver.Name, run.Tool.Driver.Version = name, version
	}
	rules := map[string]int{}
	seen := map[string]int{}
	for i := range s.findings {
		f := &s.findings[i]
		at, known := rules[f.Rule]
		if !known {
			at = len(run.Tool.Driver.Rules)
			rules[f.Rule] = at
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule(f, o.doc(f.Rule)))
		}
		// Two findings of a recorded stream may have one fingerprint.
		seen[f.Fingerprint]++
		r := sarif.Result{
			RuleID: f.Rule, RuleIndex: at, Level: sarifLevel(f),
			Message:      sarif.Text{Text: sarif.Unlinked(sarif.Clip(sentence(f.Message), sarif.MaxText))},
			Locations:    []sarif.Location{{Physical: place(s.config.At(f.File), f.Line)}},
			Fingerprints: map[string]string{"nacreAudit/v1": f.Fingerprint + ":" + strconv.Itoa(seen[f.Fingerprint])},
			Properties:   map[string]any{"confidence": f.Confidence, "severity": f.Severity, "cwe": f.CWE},
		}
		if f.Sub != "" {
			r.Locations[0].Logical = []sarif.LogicalLocation{{Name: f.Sub, QualifiedName: f.Package + "::" + f.Sub, Kind: "function"}}
		}
		told := map[int]bool{}
		for _, st := range f.Steps {
			if st.Line > 0 && !told[st.Line] && st.Line != f.Line {
				told[st.Line] = true
				r.Related = append(r.Related, sarif.Location{Physical: place(s.config.At(f.File), st.Line), Message: &sarif.Text{Text: sarif.Unlinked(sarif.Clip(st.What, sarif.MaxText))}})
			}
		}
		if s.config.Options.Baseline != "" {
			r.Baseline = sarif.Added
			if f.Known {
				r.Baseline = sarif.Unchanged
			}
		}
		if f.Allowed != nil {
			r.Suppressions = []sarif.Suppression{{Kind: "inSource", Status: "accepted", Justification: sarif.Clip(f.Allowed.Reason, sarif.MaxText)}}
		}
		run.Results = append(run.Results, r)
	}
	return sarif.New(run).Write(terminal.Inert(w))
}

// place is a line of a file; nil for the release as a whole.
func place(file string, line int) *sarif.PhysicalLocation {
	if file == "" {
		return nil
	}
	p := &sarif.PhysicalLocation{Artifact: sarif.ArtifactLocation{URI: sarif.FileURI(file), BaseID: baseID}}
	if line > 0 {
		p.Region = &sarif.Region{StartLine: line}
	}
	return p
}

// sarifRule is a rule, with its file as help.
func sarifRule(f *audit.Finding, d *audit.Doc) sarif.Rule {
	help := []string{warning, d.What, d.Why, d.Fix}
	help = append(help, d.References...)
	var text []string
	for _, h := range help {
		if h != "" {
			text = append(text, h)
		}
	}
	r := sarif.Rule{
		ID:               f.Rule,
		ShortDescription: &sarif.Text{Text: sarif.Clip(sentence(f.Title), sarif.MaxText)},
		Help:             &sarif.Text{Text: strings.Join(text, "\n\n")},
		Default:          &sarif.Default{Level: sarif.Warning},
		Properties:       &sarif.RuleProperties{Tags: []string{"security"}},
	}
	tagged := map[string]bool{}
	for _, id := range slices.Concat(d.CWE, f.CWE) {
		if n, err := strconv.ParseUint(strings.TrimPrefix(id, "CWE-"), 10, 32); err == nil && !tagged[id] {
			tagged[id] = true
			r.Properties.Tags = append(r.Properties.Tags, sarif.CWETag(n))
		}
	}
	return r
}

// sarifLevel is an error for what is severe and more than possible.
func sarifLevel(f *audit.Finding) sarif.Level {
	switch {
	case f.Confidence == audit.Possible.String() || f.Severity == audit.Low.String():
		return sarif.Note
	case f.Severity == audit.Medium.String():
		return sarif.Warning
	}
	return sarif.Error
}

// sarifInvocation says how the audit went.
func sarifInvocation(s *stream) sarif.Invocation {
	run := sarif.Invocation{Successful: s.summary != nil && !s.summary.Partial}
	if s.summary == nil {
		run.Notifications = append(run.Notifications, sarif.Notification{Level: sarif.Error, Message: sarif.Text{Text: "the audit did not finish"}})
	}
	for _, n := range s.notes {
		note := sarif.Notification{Level: sarif.Note, Message: sarif.Text{Text: sarif.Unlinked(sarif.Clip(n.What, sarif.MaxText))}}
		if n.Partial {
			note.Level = sarif.Warning
		}
		if at := place(s.config.At(n.File), n.Line); at != nil {
			note.Locations = []sarif.Location{{Physical: at}}
		}
		run.Notifications = append(run.Notifications, note)
	}
	if s.summary != nil {
		run.Notifications = append(run.Notifications, sarif.Notification{Level: sarif.Note, Message: sarif.Text{Text: fmt.Sprintf("%s. %s", counts(s), warning)}})
	}
	return run
}
