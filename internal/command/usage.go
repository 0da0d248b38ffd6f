package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// showUsage writes what a help has below its text, as cobra does, but no wider
// than a terminal of 80 columns: cobra does not wrap what flags say.
func showUsage(c *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:")
	if c.Runnable() {
		fmt.Fprintf(&b, "\n  %s", c.UseLine())
	}
	subs := listed(c)
	if len(subs) > 0 {
		fmt.Fprintf(&b, "\n  %s [command]", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\n\nExamples:\n%s", c.Example)
	}
	if len(subs) > 0 {
		b.WriteString("\n\nAvailable Commands:")
		for _, sub := range subs {
			fmt.Fprintf(&b, "\n  %-*s %s", sub.NamePadding(), sub.Name(), sub.Short)
		}
	}
	for _, part := range [...]struct {
		name  string
		flags *pflag.FlagSet
	}{{"Flags", c.LocalFlags()}, {"Global Flags", c.InheritedFlags()}} {
		if part.flags.HasAvailableFlags() {
			// pflag lets a line be up to 5 columns longer than it is told.
			fmt.Fprintf(&b, "\n\n%s:\n%s", part.name, strings.TrimRight(part.flags.FlagUsagesWrapped(75), "\n"))
		}
	}
	if len(subs) > 0 {
		fmt.Fprintf(&b, "\n\nUse \"%s [command] --help\" for more about a command.", c.CommandPath())
	}
	_, err := fmt.Fprintln(c.OutOrStderr(), b.String())
	return err
}
