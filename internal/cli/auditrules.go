package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"nacre/audit"
	auditall "nacre/audit/all"
	auditoutput "nacre/audit/output"
	"nacre/fault"
	"nacre/terminal"
)

// newAuditRules lists the rules.
func newAuditRules(env *Env) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "rules",
		Short:   "List what audit looks for",
		Example: "  nacre audit rules",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			rules, err := auditall.Rules()
			if err != nil {
				return err
			}
			if asJSON {
				e, err := jsonLines(env, "nacre.audit.rules/1")
				for _, r := range rules {
					if err == nil {
						err = e.Encode(docLine(&r.Doc))
					}
				}
				return err
			}
			p := newPrinter(env)
			for _, r := range rules {
				p.Item(terminal.Span{Style: terminal.Bold, Text: r.Doc.ID}, terminal.Span{Text: r.Doc.Title},
					terminal.Span{Style: terminal.Dim, Text: "  " + strings.Join(r.Doc.CWE, " ")})
			}
			return p.flush(env)
		},
	}
	formatFlag(c, &format)
	return c
}

// ruleLine is a rule as JSON.
type ruleLine struct {
	Rule       string   `json:"rule"`
	Title      string   `json:"title"`
	CWE        []string `json:"cwe"`
	CERT       []string `json:"cert,omitempty"`
	Critic     []string `json:"perl_critic,omitempty"`
	What       string   `json:"what"`
	Why        string   `json:"why"`
	Fix        string   `json:"fix"`
	References []string `json:"references"`
}

func docLine(d *audit.Doc) ruleLine {
	return ruleLine{d.ID, d.Title, d.CWE, d.CERT, d.Critic, d.What, d.Why, d.Fix, d.References}
}

// newAuditExplain shows a rule's file.
func newAuditExplain(env *Env) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "explain RULE",
		Short:   "Say what a rule looks for, why, and what to write instead",
		Example: "  nacre audit explain RND01",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			rules, err := auditall.Rules()
			if err != nil {
				return err
			}
			d, ok := ruleDocs(rules)(strings.ToUpper(args[0]))
			if !ok {
				return fault.New(fault.NotFound, "audit: no rule is called %.20q", args[0]).WithHint("nacre audit rules lists them")
			}
			if asJSON {
				e, err := jsonLines(env, "nacre.audit.rules/1")
				if err != nil {
					return err
				}
				return e.Encode(docLine(d))
			}
			p := newPrinter(env)
			auditoutput.Explain(p.Page, d)
			return p.flush(env)
		},
	}
	formatFlag(c, &format)
	return c
}
