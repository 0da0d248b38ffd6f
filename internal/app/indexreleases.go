package app

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/internal/publish"
	"nacre/terminal"
)

func newIndexReleases(env *Env) *cobra.Command {
	var f targetFlags
	var format string
	c := &cobra.Command{
		Use:   "releases --to TARGET",
		Short: "List what was published",
		Long: `List the releases that are kept, newest first, and which of them is the current
one.

` + targetText,
		Example: `  nacred index build --from advisories --unsigned -o www
  mkdir -p public
  nacred index publish www --to public
  nacred index releases --to public`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return command.Usage(c, fmt.Errorf("--format %q is neither text nor json", format))
			}
			target, err := f.target(env, c)
			if err != nil {
				return err
			}
			all, err := target.Releases(c.Context())
			if err != nil {
				return err
			}
			if format == "json" {
				return writeReleases(env, all)
			}
			if len(all) == 0 {
				fmt.Fprintln(env.Stdout, "nothing is published there")
			}
			for _, r := range all {
				fmt.Fprintln(env.Stdout, releaseText(r))
			}
			return nil
		},
	}
	f.add(c)
	c.Flags().StringVar(&format, "format", "text", "text or json (JSON Lines)")
	return c
}

func releaseText(r publish.Release) string {
	text := fmt.Sprintf("%-20s  its note cannot be read", r.Name)
	if !r.Built.IsZero() {
		text = fmt.Sprintf("%-20s  built %s, expires %s", r.Name, r.Built.Format("2006-01-02 15:04"), r.Expires.Format("2006-01-02"))
	}
	switch {
	case r.Current:
		text += "  current"
	case r.RolledBack:
		text += "  rolled back"
	}
	return text
}

// writeReleases writes nacred.releases/1: a line that names the schema, and one
// for each release.
func writeReleases(env *Env, all []publish.Release) error {
	e := json.NewEncoder(terminal.Inert(env.Stdout))
	var first struct {
		Config struct {
			Schema string `json:"schema"`
			Tool   string `json:"tool"`
		} `json:"config"`
	}
	first.Config.Schema, first.Config.Tool = "nacred.releases/1", generator()
	if err := e.Encode(first); err != nil {
		return err
	}
	for _, r := range all {
		if err := e.Encode(struct {
			Release publish.Release `json:"release"`
		}{r}); err != nil {
			return err
		}
	}
	return nil
}
