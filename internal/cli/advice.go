package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/internal/command"
	"nacre/terminal"
)

// failOnFlag is the flag --fail-on of a check-up.
func failOnFlag(c *cobra.Command, word *string) {
	c.Flags().StringVar(word, "fail-on", string(advice.Warning), "the least level that makes the status 1: error, warning, note, or never")
}

// checkFlags reads the flags --format and --fail-on.
func checkFlags(c *cobra.Command, format, failOn string) (asJSON bool, least advice.Level, err error) {
	if asJSON, err = isJSONFormat(c, format); err != nil {
		return false, "", err
	}
	if least, err = advice.ParseLevel(failOn); err != nil {
		return false, "", command.Usage(c, err)
	}
	return asJSON, least, nil
}

// statusOfFindings is the exit status that findings ask for.
func statusOfFindings(all []advice.Finding, least advice.Level) error {
	for i := range all {
		if all[i].Level.Reaches(least) {
			return command.Status(1)
		}
	}
	return nil
}

// adviceStyles are the colours of levels.
var adviceStyles = map[advice.Level]terminal.Style{
	advice.Error:   terminal.Red,
	advice.Warning: terminal.Yellow,
	advice.Note:    terminal.Dim,
}

// printAdvice writes findings for people. Why is said once for a rule, where
// it comes first.
func printAdvice(p *terminal.Page, all []advice.Finding) {
	dim := func(s string) terminal.Span { return terminal.Span{Style: terminal.Dim, Text: s} }
	told := map[string]bool{}
	for i := range all {
		f := &all[i]
		p.Blank()
		p.Para(terminal.Span{Style: adviceStyles[f.Level], Text: string(f.Level)}, terminal.Span{Text: "  "},
			terminal.Span{Style: terminal.Bold, Text: f.Title}, dim("  "+f.ID))
		if f.File != "" {
			at := f.File
			if f.Line > 0 {
				at = fmt.Sprintf("%s:%d", f.File, f.Line)
			}
			p.Item(dim("at"), terminal.Span{Text: at})
		}
		if !told[f.ID+f.Why] {
			told[f.ID+f.Why] = true
			p.Item(dim("why"), terminal.Span{Text: f.Why})
		}
		p.Item(dim("how"), terminal.Span{Text: f.How})
	}
}

// tally counts findings in words: "1 error, 2 warnings, no notes".
func tally(all []advice.Finding) string {
	n := advice.Count(all)
	var s []string
	for _, c := range []struct {
		n    int
		what string
	}{{n.Errors, "error"}, {n.Warnings, "warning"}, {n.Notes, "note"}} {
		if c.n > 0 {
			s = append(s, counted(c.n, c.what))
		}
	}
	return strings.Join(s, ", ")
}
