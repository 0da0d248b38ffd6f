package app

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/internal/publish"
)

func newIndexPublish(env *Env) *cobra.Command {
	var f targetFlags
	var verifiers []string
	var o publish.Options
	c := &cobra.Command{
		Use:   "publish DIR --to TARGET",
		Short: "Put a built index where readers find it",
		Long: `Check that every file of the index in DIR is as its list says, write it as a
new release, and then switch to it in one step. Whoever reads meanwhile gets
the old one whole, or the new one. The same index again is no new release;
where its notes were signed anew, they are replaced.

` + targetText + `

An index is refused that is older than one which was published, that was rolled
back, or that nobody has signed whom the readers of the current one know.`,
		Example: `  nacred index build --from advisories --unsigned -o www
  mkdir -p public
  nacred index publish www --to public`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			target, err := f.target(env, c)
			if err != nil {
				return err
			}
			if o.Keep < 2 {
				return command.Usage(c, fmt.Errorf("--keep %d is less than 2, the current release and the one before it", o.Keep))
			}
			b, err := publish.Open(c.Context(), args[0], verifiers)
			if err != nil {
				return err
			}
			defer b.Close()
			o.Seen = showFiles(env)
			r, err := publish.Publish(c.Context(), target, b, o)
			if r != nil {
				tellPublished(env, f.to, r)
			}
			return err
		},
	}
	f.add(c)
	flags := c.Flags()
	flags.StringArrayVar(&verifiers, "verifier", nil, "a verifier `KEY`, one of which must have signed; may be repeated")
	flags.IntVar(&o.Keep, "keep", 10, "how many releases stay (`N`)")
	flags.BoolVar(&o.Force, "force", false, "publish what would be refused")
	return c
}

// showFiles shows on a terminal how many files are done, where it takes more than
// a second.
func showFiles(env *Env) publish.Seen {
	if !env.IsTerminal(env.Stderr) {
		return nil
	}
	begin, last := time.Now(), time.Time{} // not env's, which may stand
	return func(done, all int) {
		now := time.Now()
		switch {
		case done == all && !last.IsZero():
			fmt.Fprint(env.Stderr, "\r\x1b[K")
			last = time.Time{}
		case done < all && now.Sub(begin) > time.Second && now.Sub(last) > time.Second/5:
			fmt.Fprintf(env.Stderr, "\r%d of %d files\x1b[K", done, all)
			last = now
		}
	}
}

func tellPublished(env *Env, to string, r *publish.Result) {
	switch {
	case r.New:
		fmt.Fprintf(env.Stdout, "published %s to %s, now the current release\n", r.Release.Name, to)
		fmt.Fprintf(env.Stdout, "%d files written, %d shared with the release before, %d there already\n",
			r.Written.New, r.Written.Shared, r.Written.Kept)
	case r.Written.New > 0:
		fmt.Fprintf(env.Stdout, "%s is the current release of %s already; %d files of it were mended\n", r.Release.Name, to, r.Written.New)
	case r.Renewed:
		fmt.Fprintf(env.Stdout, "%s is the current release of %s already; its notes are new\n", r.Release.Name, to)
	default:
		fmt.Fprintf(env.Stdout, "%s is the current release of %s already\n", r.Release.Name, to)
	}
	fmt.Fprintf(env.Stdout, "it expires %s\n", r.Release.Expires.Format("2006-01-02 15:04 UTC"))
	if r.Release.Expires.Before(env.Now()) {
		fmt.Fprintln(env.Stderr, "warning: that is past, and readers are warned; sign it anew, or build it again")
	}
	for _, name := range r.Removed {
		fmt.Fprintf(env.Stdout, "removed the old release %s\n", name)
	}
	if !r.Signed {
		fmt.Fprintln(env.Stderr, "note: the index is not signed; readers refuse it unless they are told otherwise")
	}
}
