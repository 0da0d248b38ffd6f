package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/internal/sources"
	"nacre/terminal"
)

func newDB(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "Build, fetch and look into the advisory database",
		Long: `The advisory database is one file, by default nacre.db in the user's data folder
(NACRE_DATA, or what the system has for it). nacre db update fetches it; nacre
db build makes one out of the sources themselves, without any network.`,
		Example: "  nacre db info",
	}
	c.AddCommand(newDBBuild(env), newDBInfo(env), newDBShow(env), newDBVerify(env), newDBLint(env),
		newDBUpdate(env), newDBTrust(env))
	return c
}

// formatFlag is the flag --format of a command that prints text or JSON Lines.
func formatFlag(c *cobra.Command, format *string) {
	c.Flags().StringVar(format, "format", "text", "text or json (JSON Lines, the first line names the schema)")
}

// isJSONFormat reads the flag --format.
func isJSONFormat(c *cobra.Command, format string) (bool, error) {
	switch format {
	case "text":
		return false, nil
	case "json":
		return true, nil
	}
	return false, command.Usage(c, fmt.Errorf("--format %q is neither text nor json", format))
}

// schemaLine is the first line of a JSON Lines stream.
type schemaLine struct {
	Config struct {
		Schema string `json:"schema"`
		Tool   string `json:"tool"`
	} `json:"config"`
}

// jsonLines gives an encoder of lines after writing the schema's line.
func jsonLines(env *Env, schema string) (*json.Encoder, error) {
	e := json.NewEncoder(terminal.Inert(env.Stdout))
	e.SetEscapeHTML(false)
	var first schemaLine
	first.Config.Schema, first.Config.Tool = schema, toolName()
	return e, e.Encode(first)
}

// sourceFlag is the flag --from; further paths may follow it as arguments.
func sourceFlag(c *cobra.Command, from *[]string) {
	c.Flags().StringArrayVar(from, "from", nil, "a source: folder, file or zip; may be repeated")
}

// sourcesOf reads the sources that --from and the arguments name.
func sourcesOf(env *Env, c *cobra.Command, from, args []string) (*sources.Result, error) {
	if len(from) == 0 {
		return nil, command.Usage(c, errors.New("--from PATH is missing"))
	}
	return readSources(c.Context(), env, slices.Concat(from, args))
}

func newDBBuild(env *Env) *cobra.Command {
	var from []string
	var output string
	c := &cobra.Command{
		Use:   "build --from PATH... -o FILE",
		Short: "Make a database out of the sources",
		Long: `Read every source, join what they say, and write one database. A source is a
checkout of cpan-security-advisory, its built JSON (also .gz), a CVE record or a
folder of them, the CVE List or its zips, an OSV record, folder or zip, a list
of releases, or a folder of such folders; what it is, its content says.

Security data of those who package Perl may stand beside them, so that a scan
can judge packages of an operating system: the JSON of Debian's security
tracker, a file of Alpine's secdb, OSV records of Debian, Alpine or Red Hat. Of
it is taken what is about packages of Perl, or about a flaw that the advisories
name. Beside such data, a database will do as the source of advisories, as nacre
db update fetches it.

The file is replaced only when the new one is whole. The same sources and
SOURCE_DATE_EPOCH give the same bytes. What was not taken, and what in the data
cannot be right, nacre db lint lists.`,
		Example: "  nacre db build --from advisories -o nacre.db",
		RunE: func(c *cobra.Command, args []string) error {
			if output == "" {
				return command.Usage(c, errors.New("-o FILE is missing"))
			}
			s, err := sourcesOf(env, c, from, args)
			if err != nil {
				return err
			}
			defer s.Close()
			set, ledger := s.Merge()
			if len(set.Records) == 0 && len(s.Batches) == 0 {
				return fault.New(fault.Invalid, "the sources have no advisory, only security data of vendors").
					WithHint("name a source of advisories too: a database, a checkout of cpan-security-advisory, or its built JSON")
			}
			if len(set.Records) == 0 {
				return fault.New(fault.Invalid, "the sources have no advisory, %d entries were refused", ledger.Count(merge.Refused)).
					WithHint("nacre db lint with the same --from says why")
			}
			vendors, err := s.Vendors(&set)
			if err != nil {
				return err
			}
			// The age of a database is that of what it knows, not of the file.
			built := set.Time()
			if s.Base != nil {
				built = s.BaseTime
			}
			if built.IsZero() {
				built = env.Now()
			}
			err = files.Replace(output, func(w io.Writer) error {
				return db.Write(w, set, built)
			})
			if err != nil {
				return err
			}
			d, err := openFile(output)
			if err != nil {
				return err
			}
			defer d.Close()
			info := d.Info()
			fmt.Fprintf(env.Stdout, "wrote %s, %d bytes\n", output, info.Size)
			fmt.Fprintf(env.Stdout, "%d advisories (%d withdrawn) on %d distributions, %d releases, %d modules\n",
				info.Records, info.Withdrawn, info.Dists, info.Releases, info.Modules)
			if s.Base == nil {
				fmt.Fprintf(env.Stdout, "%d entries read: %d made an advisory, %d were merged into one, %d refused\n",
					len(ledger.Entries), ledger.Count(merge.Became), ledger.Count(merge.Merged), ledger.Count(merge.Refused))
			}
			if s.HasVendors() {
				for _, f := range vendors.Feeds {
					fmt.Fprintln(env.Stdout, feedText(f))
				}
				fmt.Fprintf(env.Stdout, "%d statements of vendors about other packages were passed over, %d entries could not be read\n",
					vendors.Other, len(vendors.Skipped)+vendors.More)
			}
			return nil
		},
	}
	sourceFlag(c, &from)
	c.Flags().StringVarP(&output, "output", "o", "", "the file to write")
	return c
}

// infoLine is the second line of nacre db info --format json.
type infoLine struct {
	Info struct {
		Path          string            `json:"path"`
		Starter       bool              `json:"starter,omitempty"`
		Format        string            `json:"format"`
		Built         string            `json:"built"`
		AgeDays       int               `json:"age_days"`
		Size          int64             `json:"size"`
		Digest        string            `json:"sha256"`
		Advisories    int               `json:"advisories"`
		Withdrawn     int               `json:"withdrawn"`
		Distributions int               `json:"distributions"`
		Releases      int               `json:"releases"`
		Modules       int               `json:"modules"`
		Sources       []advisory.Source `json:"sources,omitempty"`
		Notes         []string          `json:"notes,omitempty"`
		// Vendors is the security data of vendors.
		Vendors []advisory.VendorFeed `json:"vendors,omitempty"`
	} `json:"info"`
}

func newDBInfo(env *Env) *cobra.Command {
	var path, format string
	c := &cobra.Command{
		Use:     "info",
		Short:   "Say what a database holds, how old it is and where it came from",
		Example: "  nacre db info",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			d, err := openDB(env, path)
			if err != nil {
				return err
			}
			defer d.Close()
			info := d.Info()
			if asJSON {
				out, err := jsonLines(env, "nacre.db.info/1")
				if err != nil {
					return err
				}
				var line infoLine
				i := &line.Info
				i.Path, i.Starter = d.path, d.starter
				i.Format = fmt.Sprintf("%d.%d", info.Major, info.Minor)
				i.Built, i.AgeDays = info.Built.Format(time.RFC3339), d.age(env.Now())
				i.Size, i.Digest = info.Size, info.Digest
				i.Advisories, i.Withdrawn, i.Distributions = info.Records, info.Withdrawn, info.Dists
				i.Releases, i.Modules = info.Releases, info.Modules
				i.Sources, i.Notes, i.Vendors = info.Sources, info.Notes, info.Feeds
				return out.Encode(line)
			}
			d.note(env)
			p := newPrinter(env)
			p.field("file", d.path)
			p.field("format", fmt.Sprintf("%d.%d", info.Major, info.Minor))
			p.field("built", fmt.Sprintf("%s, %d days ago", info.Built.Format(time.RFC3339), d.age(env.Now())))
			p.field("size", fmt.Sprintf("%d bytes", info.Size))
			p.field("sha256", info.Digest)
			p.field("records", fmt.Sprintf("%d advisories, of these %d withdrawn", info.Records, info.Withdrawn))
			p.field("on", fmt.Sprintf("%d distributions", info.Dists))
			p.field("releases", fmt.Sprint(info.Releases))
			p.field("modules", fmt.Sprint(info.Modules))
			for _, s := range info.Sources {
				p.field("source", sourceText(s))
				if s.Attribution != "" {
					p.field("", s.Attribution)
				}
			}
			for _, f := range info.Feeds {
				p.field("vendor", feedText(f))
			}
			for _, n := range info.Notes {
				p.field("note", n)
			}
			return p.flush(env)
		},
	}
	dbFlag(c.Flags(), &path)
	formatFlag(c, &format)
	return c
}

// feedText is the security data of a vendor on one line.
func feedText(f advisory.VendorFeed) string {
	when := "of an unstated day"
	if !f.Time.IsZero() {
		when = "of " + f.Time.Format(time.DateOnly)
	}
	return fmt.Sprintf("%s %s: %d statements on %s", f.Name, when, f.Statements, joinText(f.Distros, ", "))
}

// sourceText is a source on one line.
func sourceText(s advisory.Source) string {
	text := s.Name
	if s.Commit != "" {
		text += " at " + s.Commit
	}
	if !s.Time.IsZero() {
		text += " of " + s.Time.Format(time.DateOnly)
	}
	if s.Licence != "" {
		text += ", " + s.Licence
	}
	return text
}

func newDBShow(env *Env) *cobra.Command {
	var path, format string
	c := &cobra.Command{
		Use:   "show ID|DIST",
		Short: "Show an advisory, or all advisories on a distribution",
		Long: `Show the advisory with an id (CVE, CPANSA, GHSA or any alias, in any case), or
all on a distribution: what each source says, in its own words, and from which
source every field came (with --format json).`,
		Example: `  nacre db show CVE-2020-16154
  nacre db show App-cpanminus --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			d, err := openDB(env, path)
			if err != nil {
				return err
			}
			defer d.Close()
			var records []advisory.Record
			if id, err := advisory.ParseID(args[0]); err == nil {
				if records, err = d.ByID(c.Context(), id); err != nil {
					return err
				}
			}
			if len(records) == 0 {
				if records, err = d.ForDist(c.Context(), cpan.Dist(args[0])); err != nil {
					return err
				}
			}
			d.note(env)
			if len(records) == 0 {
				err := fault.New(fault.NotFound, "no advisory %s, and none on a distribution of that name", quoted(args[0]))
				hint, broken := hintFor(c.Context(), d, args[0])
				if broken != nil {
					return broken
				}
				return err.WithHint("%s", cmp.Or(hint, "nacre db info says how old the database is"))
			}
			if asJSON {
				out, err := jsonLines(env, "nacre.advisory/1")
				if err != nil {
					return err
				}
				for i := range records {
					if err := out.Encode(&records[i]); err != nil {
						return err
					}
				}
				return nil
			}
			p := newPrinter(env)
			for i := range records {
				if i > 0 {
					p.Blank()
				}
				p.record(&records[i])
			}
			return p.flush(env)
		},
	}
	dbFlag(c.Flags(), &path)
	formatFlag(c, &format)
	return c
}

// toolName names this program in what it writes.
func toolName() string { return "nacre " + command.ThisBuild().Version }
