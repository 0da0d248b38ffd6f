package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/sbom/change"
)

func newSBOMMerge(env *Env) *cobra.Command {
	e := billEdit{env: env}
	var root string
	var hierarchical bool
	var authors []string
	c := &cobra.Command{
		Use:   "merge FILE FILE...",
		Short: "Join bills of materials to one",
		Long: `Join bills of materials of any formats. The same component of several bills
(the same package URL or else name, the same version, and no different digests)
becomes one; with --hierarchical each bill's components stay within what it is
of.

What one bill states and another does not is taken. Where two state different
values the first counts, and all of them stand in properties cpan:merge:FIELD.
Of statements of completeness the weakest counts; tools, authors and digests
are united, the strictest sharing limit holds, and each bill is linked as a
BOM-Link with the digest of its file.

One package with different digests is an alarm: both are kept, and the status is
1. The bills must be of one thing, or --root names the whole.`,
		Example: `  nacre sbom merge Acme-Demo/bom.json Acme-Demo/web.json --root acme@1.0 -o all.json
  nacre sbom merge --hierarchical --root pkg:generic/acme@1.0 Acme-Demo/bom.json Acme-Demo/web.json`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := e.ready(c); err != nil {
				return err
			}
			o := change.MergeOptions{Hierarchical: hierarchical}
			if root != "" {
				var err error
				if o.Root, err = thing(root); err != nil {
					return err
				}
			}
			var inputs []change.Input
			parts := []string{root, fmt.Sprint(hierarchical)}
			for _, name := range args {
				b, sum, err := e.read(name)
				if err != nil {
					return err
				}
				parts = append(parts, sum.Value)
				inputs = append(inputs, change.Input{Bill: b, Name: nameOf(name), Hash: sum})
			}
			like := inputs[0].Bill.Format
			var err error
			if o.Serial, err = e.serial(parts...); err != nil {
				return err
			}
			merged, report, err := change.Merge(inputs, o)
			if err != nil {
				return err
			}
			for _, a := range authors {
				p, err := party(a)
				if err != nil {
					return err
				}
				p.Person = true
				merged.Authors = append(merged.Authors, p)
			}
			e.stamp(merged)
			if err := e.write(merged, like); err != nil {
				return err
			}
			return e.mergeReport(&report)
		},
	}
	e.flags(c)
	c.Flags().StringVar(&root, "root", "", "what the whole is: NAME@VERSION, or a package URL")
	c.Flags().BoolVar(&hierarchical, "hierarchical", false, "keep each bill's components within what it is of")
	c.Flags().StringArrayVar(&authors, "author", nil, "who makes the joined bill, as in 'Ann Author <ann@example.org>'")
	return c
}

// mergeReport tells what a merge found.
func (e *billEdit) mergeReport(r *change.MergeReport) error {
	if err := reportLosses(e.env.Stderr, r.Losses, e.format); err != nil {
		return err
	}
	for _, c := range r.Conflicts {
		about := c.Name
		if about == "" {
			about = "the bill"
		}
		if err := e.tell("conflict", about+": "+c.Field+" is stated as "+strings.Join(c.Values, ", "), c); err != nil {
			return err
		}
	}
	for _, a := range r.Alarms {
		text := fmt.Sprintf("%s stands for different bytes: %s %s and %s", a.Name, a.Algorithm, a.Values[0], a.Values[1])
		if err := e.tell("alarm", text, a); err != nil {
			return err
		}
	}
	if len(r.Alarms) > 0 {
		return command.Status(1)
	}
	return nil
}
