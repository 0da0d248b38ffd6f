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
				return noRule(rules, args[0], "rule")
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

// namesRule reports whether a word is a rule's id, or its family's letters.
func namesRule(word string, r *audit.Rule) bool {
	return strings.EqualFold(word, r.Doc.ID) || strings.EqualFold(word, familyOf(r.Doc.ID))
}

// familyOf gives the letters of an id: RND of RND01.
func familyOf(id string) string { return strings.TrimRight(id, "0123456789") }

// noRule is the error of a word that names no rule; its hint tells which ones may
// be meant: those of the same family, or else the nearest.
func noRule(all []*audit.Rule, word, what string) error {
	err := fault.New(fault.Invalid, "audit: no %s is called %.20q", what, word)
	var same, ids []string
	for _, r := range all {
		if strings.EqualFold(familyOf(r.Doc.ID), familyOf(word)) {
			same = append(same, r.Doc.ID)
		}
		ids = append(ids, strings.ToLower(r.Doc.ID))
	}
	if len(same) > 0 {
		return err.WithHint("of that family there are %s", strings.Join(same, ", "))
	}
	if near := fault.Nearest(word, ids); near != "" {
		return err.WithHint("did you mean %s? nacre audit rules lists all", strings.ToUpper(near))
	}
	return err.WithHint("nacre audit rules lists them")
}
