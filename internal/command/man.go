package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"nacre/fault"
	"nacre/internal/files"
)

func (p Program) man(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a folder",
		Long: `Write one manual page for each command into DIR, which is made where it is
missing. Pages that are there already are replaced.`,
		Example: "  " + p.Name + " man share/man/man1",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := args[0]
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fault.Wrap(fault.KindOf(err), err, "man").WithHint("name a folder that can be written")
			}
			return writePages(c.Root(), dir, env.Now())
		},
	}
}

// writePages writes the page of c and those of the commands below it.
func writePages(c *cobra.Command, dir string, now time.Time) error {
	c.InitDefaultHelpFlag()
	name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
	write := func(w io.Writer) error {
		_, err := w.Write(page(c, now))
		return err
	}
	if err := files.Replace(filepath.Join(dir, name), write); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "man").WithHint("name a folder that can be written")
	}
	for _, sub := range listed(c) {
		if err := writePages(sub, dir, now); err != nil {
			return err
		}
	}
	return nil
}

// listed are the commands below c that its help lists.
func listed(c *cobra.Command) []*cobra.Command {
	var subs []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			subs = append(subs, sub)
		}
	}
	return subs
}

// page is the manual page of one command in the macros of man(7). It is
// written here because cobra/doc gets there by way of Markdown, and would link
// a Markdown parser and a second YAML parser into a program that needs
// neither.
func page(c *cobra.Command, now time.Time) []byte {
	var b bytes.Buffer
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(&b, ".TH %s 1 %s %s\n", roff(strings.ToUpper(name)), now.UTC().Format(time.DateOnly), c.Root().Name())
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	if c.Long != "" {
		fmt.Fprintf(&b, ".SH DESCRIPTION\n.nf\n%s\n.fi\n", roff(c.Long))
	}
	options(&b, "OPTIONS", c.NonInheritedFlags())
	options(&b, "OPTIONS OF EVERY COMMAND BELOW", c.InheritedFlags())
	if c.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	fmt.Fprint(&b, `.SH EXIT STATUS
.TP
.B 0
Done, nothing found.
.TP
.B 1
Findings at or above the chosen level.
.TP
.B 2
Wrong usage or wrong input.
.TP
.B 3
Not completed, or the answer is partial.
`)
	var also []string
	if c.HasParent() {
		also = append(also, strings.ReplaceAll(c.Parent().CommandPath(), " ", "-"))
	}
	for _, sub := range listed(c) {
		also = append(also, strings.ReplaceAll(sub.CommandPath(), " ", "-"))
	}
	if len(also) > 0 {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1)\n", strings.Join(mapRoff(also), " (1),\n.BR "))
	}
	return b.Bytes()
}

// options writes one entry for each visible flag.
func options(b *bytes.Buffer, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		arg, text := pflag.UnquoteUsage(f)
		flag := "--" + f.Name
		if f.Shorthand != "" {
			flag = "-" + f.Shorthand + ", " + flag
		}
		if f.Value.Type() == "string" && f.DefValue != "" {
			text += fmt.Sprintf(" (default %q)", f.DefValue)
		}
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(flag+" "+arg)), roff(text))
	})
}

func mapRoff(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = roff(n)
	}
	return out
}

// roff quotes text for man(7): a backslash, a hyphen that is to be copied as
// one, and a line that would begin a request.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
