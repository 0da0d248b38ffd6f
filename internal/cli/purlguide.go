package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/purl/guide"
	"nacre/terminal"
)

func newPurlGuide(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:     "guide [CASE]",
		Aliases: []string{"for"},
		Short:   "Say which package URL to write when",
		Long: `Print the guide to package URLs: for each use case the question, the package
URL, why, and what goes wrong. Without CASE the questions are listed. The whole
guide is docs/purl-guide.md.`,
		Example: `  nacre purl guide
  nacre purl guide 6`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p := newPrinter(env)
			if len(args) == 0 {
				for _, c := range guide.Cases() {
					p.Item(terminal.Span{Style: terminal.Bold, Text: c.ID}, terminal.Span{Text: c.Question})
				}
				p.Blank()
				p.text(0, "nacre purl guide CASE prints the answer.")
				return p.flush(env)
			}
			c, ok := guide.Find(args[0])
			if !ok {
				return fault.New(fault.Invalid, "purl guide: no such case: %s", fault.Quote(args[0])).
					WithHint("nacre purl guide lists the cases")
			}
			printCase(p, c)
			return p.flush(env)
		},
	}
}

// printCase writes a case of the guide.
func printCase(p printer, c guide.Case) {
	p.title(c.ID+". "+c.Title, "")
	p.text(0, c.Question)
	for _, a := range c.Answers {
		p.Blank()
		if a.When != "" {
			p.text(2, a.When)
		}
		if a.PURL != "" { // whole, so that it can be copied
			p.Line(terminal.Span{Style: terminal.Dim, Text: "  purl      "}, terminal.Span{Text: a.PURL})
		} else {
			p.field("purl", "none that names the upstream release")
		}
		p.field("ancestor", a.Ancestor)
		p.field("why", a.Why)
		p.field("in bills", a.Model)
		p.field("mind", strings.Join(a.Pitfalls, " "))
		for _, w := range a.Wrong {
			p.Item(terminal.Span{Style: terminal.Red, Text: "not"}, terminal.Span{Text: w.PURL + ": " + w.Why + " (" + w.Check + ")"})
		}
	}
}
