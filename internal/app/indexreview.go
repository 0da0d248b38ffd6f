package app

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
	"nacre/index/review"
	"nacre/internal/command"
	"nacre/terminal"
)

func newIndexReview(env *Env) *cobra.Command {
	f := sourceFlags{site: index.DefaultSite()}
	var against, since, format string
	var most int
	c := &cobra.Command{
		Use:   "review --from SOURCE...",
		Short: "List what a person should look at",
		Long: `Read the sources and the corrections as a build does, write nothing, and list
what is worth a person's look, the most urgent first: sources that fail,
corrections that are wrong or no longer needed, what is new and changed since
the index in --against, what contradicts itself, ranges that end with a release
although newer ones exist and no fix is stated, entries that could not be used,
and what nobody has touched for long.

The exit status is 1 where there is anything to look at, and 3 where a source
could not be used, so that more may be.`,
		Example: "  nacred index review --from advisories --most 3",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if len(f.from) == 0 {
				return command.Usage(c, errors.New("--from SOURCE is missing"))
			}
			if format != "text" && format != "json" {
				return command.Usage(c, fmt.Errorf("--format %q is neither text nor json", format))
			}
			if most < 0 {
				return command.Usage(c, fmt.Errorf("--most %d is less than 0, which is all", most))
			}
			day, err := advisory.ParseDate(since)
			if err != nil {
				return command.Usage(c, fmt.Errorf("--since: %w", err))
			}
			b, err := f.builder(env)
			if err != nil {
				return err
			}
			if against != "" {
				if info, err := os.Stat(against); err != nil || !info.IsDir() {
					return fault.New(fault.NotFound, "--against %s is no folder", against).
						WithHint("name the folder of an index that nacred index build made, or leave it out")
				}
			}
			b.Out = against
			m, findings, err := b.Review(c.Context())
			if err != nil {
				return err
			}
			items := review.List(review.Input{Model: m, Findings: findings, Since: day})
			if format == "json" {
				err = review.WriteJSON(terminal.Inert(env.Stdout), items, generator())
			} else {
				err = review.WriteText(env.Stdout, items, review.Text{Width: env.Width, Color: env.Color(), Most: most})
			}
			switch {
			case err != nil:
				return err
			case slices.ContainsFunc(m.Sources, func(h index.Health) bool { return h.Problem != "" }):
				return command.Status(fault.Unavailable.ExitCode())
			case len(items) > 0:
				return command.Status(1)
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	f.add(flags)
	flags.StringVar(&against, "against", "", "the folder (`DIR`) of the index that is compared with")
	flags.StringVar(&since, "since", "", "the `DAY` of the last review, 2026-11-22: what is new since then")
	flags.IntVar(&most, "most", 20, "how many of one kind are shown, 0 for all (`N`)")
	flags.StringVar(&format, "format", "text", "text or json (JSON Lines)")
	return c
}
