package app

import (
	"fmt"

	"github.com/spf13/cobra"

	"nacre/internal/publish"
)

func newIndexRollback(env *Env) *cobra.Command {
	var f targetFlags
	c := &cobra.Command{
		Use:   "rollback [RELEASE] --to TARGET",
		Short: "Switch back to an older release",
		Long: `Make another release the current one, in one step: the one before, or RELEASE,
which is a name or a sequence that nacred index releases lists. Every file of
it is checked first. What was current is marked, so that a nightly job does
not publish it again; the next index with a higher sequence is published as
always.

Readers who update with nacre db update have seen the newer sequence. They
keep the newer database, and say that there was a rollback, until the next
index is published; so build one soon, without what was wrong. docs/operate.md
tells more.

` + targetText,
		Example: `  nacred index build --from advisories --unsigned -o www
  mkdir -p public
  nacred index publish www --to public
  SOURCE_DATE_EPOCH=1791000000 nacred index build --from advisories --unsigned -o www
  nacred index publish www --to public
  nacred index rollback --to public`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			target, err := f.target(env, c)
			if err != nil {
				return err
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			r, err := publish.Rollback(c.Context(), target, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(env.Stdout, "release %s is the current one of %s, built %s\n", r.Name, f.to, r.Built.Format("2006-01-02 15:04 UTC"))
			if r.Expires.Before(env.Now()) {
				fmt.Fprintf(env.Stderr, "warning: it has expired on %s, and readers are warned; publish a new one soon\n", r.Expires.Format("2006-01-02 15:04 UTC"))
			}
			return nil
		},
	}
	f.add(c)
	return c
}
