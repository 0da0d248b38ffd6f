package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/cpan"
	"nacre/internal/command"
	"nacre/inventory"
	"nacre/sbom"
	"nacre/sbom/change"
)

func newSBOMEnrich(env *Env) *cobra.Command {
	e := billEdit{env: env}
	var mirror, from, database string
	c := &cobra.Command{
		Use:   "enrich FILE",
		Short: "Fill what a bill does not know, from a mirror or from you",
		Long: `Fill attributes that a bill of materials does not state, and never those that it
does. The sources, one or both:

  --mirror DIR   a CPAN mirror or a part of one: digests, authors, licences,
                 links and descriptions of the releases that it holds
  --from FILE    a bill of any format with what you know yourself: of components
                 with the same package URL or else name, and the same version

Each value says where it comes from. Where a source contradicts what the bill
states, the statement stays, the contradiction is told, and the status is 1.
What was redacted stays so.`,
		Example: `  nacre sbom enrich Acme-Demo/bom.json --from Acme-Demo/web.json -o known.json
  nacre sbom enrich Acme-Demo/bom.json --mirror cpan`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := e.ready(c); err != nil {
				return err
			}
			switch {
			case mirror == "" && from == "":
				return command.Usage(c, fmt.Errorf("no source: --mirror DIR or --from FILE expected"))
			case args[0] == "-":
				return command.Usage(c, fmt.Errorf("standard input is read once, and the bill twice: name a file"))
			}
			bill, _, err := e.read(args[0])
			if err != nil {
				return err
			}
			revision := max(bill.Revision, 1) + 1
			var all change.EnrichReport
			add := func(r change.EnrichReport) {
				all.Filled = append(all.Filled, r.Filled...)
				all.Contradictions = append(all.Contradictions, r.Contradictions...)
			}
			if from != "" { // what an operator says counts before
				source, err := readBill(env, from)
				if err != nil {
					return err
				}
				add(change.Enrich(bill, source, bom.Operator, nameOf(from)))
			}
			if mirror != "" {
				source, err := fromMirror(c.Context(), env, args[0], mirror, database)
				if err != nil {
					return err
				}
				add(change.Enrich(bill, source, "", ""))
			}
			if len(all.Filled) > 0 {
				e.stamp(bill)
				bill.Revision = revision // one edit, however many sources
			}
			if err := e.write(bill, bill.Format); err != nil {
				return err
			}
			return e.enrichReport(&all)
		},
	}
	e.flags(c)
	mirrorFlag(c.Flags(), &mirror)
	c.Flags().StringVar(&from, "from", "", "a bill with what you know")
	dbFlag(c.Flags(), &database)
	return c
}

// fromMirror makes a bill of what a mirror knows of the components of a bill.
func fromMirror(ctx context.Context, env *Env, path, mirror, database string) (*bom.Bill, error) {
	f := &makeFlags{mirror: mirror, database: database, noPerl: true}
	m := billMaker{env: env, flags: f, path: path}
	made, _, err := m.make(ctx, sbom.Options{
		Type: bom.Build, Phases: sbom.Phases(), NoPerl: true, Created: env.Now(), Random: rand.Reader,
		Version: command.ThisBuild().Version, Notice: func(string) {},
	}, func(ctx context.Context, in sbom.Input, opt sbom.Options) (*bom.Bill, error) {
		placed(in.Inventory, in.Mirror)
		return sbom.Make(ctx, in, opt)
	})
	if err != nil {
		return nil, err
	}
	for c := range made.All() {
		for i := range c.Origins {
			if strings.HasSuffix(c.Origins[i].Detail, byIndex) {
				c.Origins[i].From = bom.Index
			}
		}
	}
	return made, nil
}

// byIndex says how the path of a release was found.
const byIndex = "as the mirror's index has it"

// placed finds the archive of each release that a mirror's index knows one of:
// of the same version, and where an author is stated of that author.
func placed(inv *inventory.Inventory, m sbom.Mirror) {
	for i := range inv.Components {
		c := &inv.Components[i]
		if c.Kind != inventory.Exact || c.Path != "" || c.Package != nil || c.Elsewhere != "" || c.Guessed || c.ByName {
			continue
		}
		found := ""
		for _, r := range m.Releases(c.Dist) {
			if r.Version != c.Version || c.Author != "" && r.Author != c.Author || r.Path == found {
				continue
			}
			if found != "" { // two of them: nobody can tell which
				found = ""
				break
			}
			found = r.Path
		}
		if found != "" {
			c.Path, c.Author = found, cpan.ParsePath(found).Author
			c.Evidence = []inventory.Evidence{{How: byIndex}}
		}
	}
}

// enrichReport tells what was filled, and what contradicts.
func (e *billEdit) enrichReport(r *change.EnrichReport) error {
	for _, f := range r.Filled {
		if e.reportLines {
			if err := e.tell("filled", "", f); err != nil {
				return err
			}
		}
	}
	if !e.reportLines {
		if err := e.tell("enriched", count(len(r.Filled), "attribute")+" filled", nil); err != nil {
			return err
		}
	}
	for _, c := range r.Contradictions {
		text := fmt.Sprintf("%s: %s is stated as %s, and the source has %s", c.Name, c.Field, c.Stated, c.Found)
		if err := e.say("differs", "contradiction", text, c); err != nil {
			return err
		}
	}
	if len(r.Contradictions) > 0 {
		return command.Status(1)
	}
	return nil
}
