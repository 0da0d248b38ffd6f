package app

import "github.com/spf13/cobra"

func newIndex(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "index",
		Short: "Build, review, publish and roll back the index",
		Long: `The index is a folder of static files. Build makes it out of the sources, review
lists what a person should look at, publish puts it where readers find it.
docs/operate.md shows the nightly job.`,
		Example: "  nacred index build --from advisories --unsigned -o www",
	}
	c.AddCommand(newIndexBuild(env), newIndexReview(env), newIndexKeygen(env), newIndexSign(env),
		newIndexPublish(env), newIndexReleases(env), newIndexRollback(env))
	return c
}
