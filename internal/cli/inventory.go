package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/perlver"
	"nacre/terminal"
)

func newInventory(env *Env) *cobra.Command {
	var perl, format, out, database string
	var pick pick
	var everything, checked bool
	c := &cobra.Command{
		Use:   "inventory [PATH]",
		Short: "List what a project is made of",
		Long: `List the distributions that a project, an installation or an image uses, with
who requires them and where that is written.

` + placeHelp + `

Perl itself and what it ships belong to the list. Which perl that is, --perl
says, or else the one that is installed there, or else what the project declares
as a minimum.

With --check the sources of the project, which is a folder or a release, are
read as well, and advice takes the list's place: what they load and nothing
declares, what is declared and nothing loads or only tests do, which minimums
admit versions with known flaws, and what perl ships anyway. Each comes with the
line of the cpanfile to change. It is advice, and never a failure.

The status is 0, or 3 where the list is known to be incomplete.`,
		Example: `  nacre inventory examples/petshop
  nacre inventory --check examples/petshop
  nacre inventory --perl 5.36.0 --format json examples/petshop
  echo Plack==1.0047 | nacre inventory -`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return fault.New(fault.Invalid, "inventory: no such format: %s", format).
					WithHint("use --format text or --format json")
			}
			path := "."
			if len(args) == 1 {
				path = args[0]
			}
			set, err := openDB(env, database)
			if err != nil {
				return err
			}
			defer set.Close()
			set.note(env)
			p, err := openPlace(c.Context(), env, path, pick)
			if err != nil {
				return err
			}
			defer p.Close()
			inv, err := p.read(c.Context(), set.inventory(perl))
			if err != nil {
				return err
			}
			var checks []inventory.Check
			if checked {
				if checks, err = checkInventory(c.Context(), env, p, &inv, set); err != nil {
					return err
				}
			}
			write := func(w io.Writer) error {
				page := terminal.NewPage(env.Width, out == "" && env.Color())
				switch {
				case checked:
					return writeChecked(w, page, &inv, path, format, checks)
				case format == "json":
					return inv.Encode(w, path)
				}
				printInventory(page, &inv, path, everything)
				_, err := io.WriteString(w, page.String())
				return err
			}
			if out == "" {
				err = write(env.Stdout)
			} else {
				err = files.Replace(out, write)
			}
			if err == nil && inv.Partial() {
				return command.Status(3)
			}
			return err
		},
	}
	c.Flags().StringVar(&perl, "perl", "", "the perl that runs the project, as perl -v prints it")
	c.Flags().StringVar(&format, "format", "text", "text or json")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	c.Flags().BoolVar(&everything, "all", false, "list what perl ships and nothing requires, too")
	c.Flags().BoolVar(&checked, "check", false, "advise on what is declared, against what the sources load")
	pick.flags(c.Flags())
	dbFlag(c.Flags(), &database)
	return c
}

// unopened says why a path could not be opened.
func unopened(path string, err error) error {
	return fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", path).WithHint("name the folder of a project, one that you can read")
}

// unwrapped is an error without the path that it names.
func unwrapped(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// inFolder says in which folder an error arose, unless that is this one.
func inFolder(path string, err error) error {
	if err == nil || path == "." {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// inventory are the options of an inventory that is made with this database.
func (d *database) inventory(perl string) all.Options {
	return all.Options{Perl: perl, Modules: d.DB}
}

// printInventory writes an inventory for people: a heading with the perl, a
// block for each component, what is in doubt, and what was left out.
func printInventory(p *terminal.Page, inv *inventory.Inventory, path string, everything bool) {
	dim := func(s string) terminal.Span { return terminal.Span{Style: terminal.Dim, Text: s} }
	text := func(s string) terminal.Span { return terminal.Span{Text: s} }

	p.Para(text("Inventory of "), terminal.Span{Style: terminal.Bold, Text: path})
	p.Para(text(aboutPerl(&inv.Perl)))
	in := inv.Requirers()
	hidden := 0
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Scope == inventory.Shipped && !everything {
			hidden++
			continue
		}
		p.Blank()
		p.Para(terminal.Span{Style: terminal.Bold, Text: c.Ref()}, dim("  "+about(c)))
		if purl := c.PURL(); purl != "" {
			p.Item(dim("purl"), text(purl))
		}
		if len(c.Evidence) > 0 {
			p.Item(dim("found in"), text(some(c.Evidence, maxSeen)))
		}
		switch by := requirers(inv, in[i]); {
		case len(by) > 0:
			p.Item(dim("needed by"), text(some(by, maxSeen)))
		case c.Place == "" && !c.Itself && (c.Kind == inventory.Exact || c.Kind == inventory.Required):
			p.Item(dim("needed by"), text("nobody that is known"))
		}
		for _, n := range c.Notes {
			p.Item(dim("note"), text(n))
		}
	}
	p.Blank()
	for _, n := range inv.Notices {
		p.Item(terminal.Span{Style: terminal.Yellow, Text: "notice"}, text(strings.TrimSuffix(n.Text+" ("+n.At.String()+")", " ()")))
	}
	p.Blank()
	total := counted(len(inv.Components)-hidden, "component")
	if hidden > 0 {
		total += ", and " + counted(hidden, "distribution") + " inside perl that nothing here requires (--all lists them)"
	}
	if inv.Partial() {
		total += "; the list is not complete"
	}
	p.Para(text(total + "."))
}

// counted is "1 component" or "2 components".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// maxSeen is how many requirers, or pieces of evidence, the text names.
const maxSeen = 4

// about says how a component is known and what it is for.
func about(c *inventory.Component) string {
	s := c.Scope.String()
	if c.Itself {
		s += ", what is looked at"
	}
	if c.Direct {
		s += ", required directly"
	}
	switch {
	case c.Requirement != nil && c.Requirement.IsAny():
		s += ", any version"
	case c.Requirement != nil:
		s += ", " + rangeText(c.Requirement)
	case len(c.Shipped) == 1:
		s += ", " + c.Shipped[0] + " in perl"
	case len(c.Shipped) > 0:
		s += fmt.Sprintf(", %s to %s in perl", c.Shipped[0], c.Shipped[len(c.Shipped)-1])
	}
	return s
}

// rangeText is a requirement with its minimum marked as one: on its own it
// would look like an exact version.
func rangeText(r *perlver.Requirement) string {
	s := r.String()
	if strings.HasPrefix(strings.TrimLeft(s, "<>=!"), " ") {
		return s
	}
	return ">= " + s
}

// aboutPerl says which perl runs the project, and who says so.
func aboutPerl(p *inventory.Perl) string {
	switch {
	case p.Version.IsZero():
		return "Perl is not known, nor what it ships: name it with --perl"
	case p.AtLeast:
		return fmt.Sprintf("Perl %s or later, by %s", p.Version, p.From)
	}
	return fmt.Sprintf("Perl %s, by %s", p.Version, p.From)
}

// requirers names who requires a component, each once, the project first.
func requirers(inv *inventory.Inventory, edges []inventory.Edge) []string {
	var by []string
	seen := map[int]bool{}
	for _, e := range edges {
		if seen[e.From] {
			continue
		}
		seen[e.From] = true
		if e.From < 0 {
			by = append([]string{"the project (" + e.Evidence.String() + ")"}, by...)
		} else {
			by = append(by, inv.Components[e.From].Ref())
		}
	}
	return by
}

// some joins the first values and counts the rest.
func some[T any](values []T, most int) string {
	var s []string
	for i, v := range values {
		if i == most {
			s = append(s, fmt.Sprintf("%d more", len(values)-most))
			break
		}
		s = append(s, fmt.Sprint(v))
	}
	return strings.Join(s, ", ")
}
