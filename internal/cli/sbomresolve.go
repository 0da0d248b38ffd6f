package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/internal/command"
	"nacre/sbom"
)

func newSBOMResolve(env *Env) *cobra.Command {
	f := makeFlags{phases: "all"}
	c := &cobra.Command{
		Use:   "resolve BILL [PATH]",
		Short: "Put exact releases in the place of a source bill's ranges",
		Long: `Make a build bill of a source bill: what it requires as a range becomes the
release that a lock file in PATH pins, or that is installed there, with what
that one needs in turn. What is not there stays a range, and so does what is
there at a version that the range does not allow: a note names it, and the bill
says that it is not complete. The rest of the source bill stays as it is.

PATH is what nacre sbom make looks at, here if it is left out. Without PATH, and
with --mirror, the newest releases that the mirror's index names and the ranges
allow are chosen, as an installer would, with what their META requires.

The status is 0, or 3 where something stays a range, or a note says what could
not be read.`,
		Example: `  nacre sbom make --type source examples/petshop -o source.json
  nacre sbom resolve source.json examples/petshop --perl 5.36.0 -o build.json`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			path := "."
			switch {
			case len(args) == 2:
				path = args[1]
			case f.mirror != "":
				path = ""
			}
			return f.resolve(c.Context(), env, args[0], path)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", "as of sbom make (default that of BILL)")
	flags.StringVarP(&f.out, "output", "o", "", "write to this file")
	flags.StringArrayVar(&f.authors, "author", nil, "who makes the bill, as in 'Ann Author <ann@example.org>'")
	flags.StringVar(&f.manufacturer, "manufacturer", "", "who answers for what the bill is of: 'Name <mail or address>'")
	flags.StringVar(&f.repository, "repository-url", "", "the address of the private repository that releases of no author's folder are from")
	flags.BoolVar(&f.reproducible, "reproducible", false, "the same input gives the same bytes, serial number and time included")
	flags.StringVar(&f.perl, "perl", "", "the perl that runs the project, as perl -v prints it")
	mirrorFlag(flags, &f.mirror)
	f.pick.flags(flags)
	dbFlag(flags, &f.database)
	return c
}

func (f *makeFlags) resolve(ctx context.Context, env *Env, bill, path string) error {
	source, err := readBill(env, bill)
	if err != nil {
		return err
	}
	format := source.Format
	if f.format != "" {
		if format, err = formats.Parse(f.format); err != nil {
			return err
		}
	}
	m := billMaker{env: env, flags: f, path: cmp.Or(path, ".")}
	opt, err := m.options()
	if err != nil {
		return err
	}
	opt.Format = format.String()
	open := false
	opt.Notice = func(text string) {
		open = true
		m.note(text)
	}
	if path == "" {
		return m.choose(ctx, source, opt, format, &open)
	}
	made, partial, err := m.make(ctx, opt, func(ctx context.Context, in sbom.Input, opt sbom.Options) (*bom.Bill, error) {
		return sbom.Resolve(ctx, source, in, opt)
	})
	if err != nil {
		return err
	}
	open = open || partial
	return m.resolved(ctx, made, format, &open)
}

// resolved writes what was resolved.
func (m *billMaker) resolved(ctx context.Context, made *bom.Bill, format bom.Format, open *bool) error {
	if _, err := m.write(ctx, made, format, m.flags.out); err != nil {
		return err
	}
	if *open {
		return command.Status(3)
	}
	return nil
}

// choose resolves a bill by nothing but the index of a mirror.
func (m *billMaker) choose(ctx context.Context, source *bom.Bill, opt sbom.Options, format bom.Format, open *bool) error {
	mirror, done, err := openMirror(m.flags.mirror)
	if err != nil {
		return err
	}
	defer done()
	p := &place{watch: newWatch(m.env, m.flags.mirror)} // for its temporary files
	defer p.Close()
	known, err := newMirrored(mirror, p.spool)
	if err != nil {
		return err
	}
	inv, err := sbom.Choose(ctx, source, known, m.flags.perl)
	if err != nil {
		return err
	}
	made, err := sbom.Resolve(ctx, source, sbom.Input{Inventory: inv, Mirror: known, Name: "what was chosen"}, opt)
	if err != nil {
		return err
	}
	return m.resolved(ctx, made, format, open)
}
