package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/meta/directory"
	"nacre/terminal"
)

// metaDirCommand is nacre meta directory.
func metaDirCommand(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "directory",
		Short: "Check the folder CPAN-META/, or write what belongs into it",
		Long: `CPAN-META/ lies in the root of a distribution and of its repository, and holds
what the drafts of CPAN metadata version 3 describe. They are experimental, and
nothing that installs a distribution needs it.`,
	}
	c.AddCommand(newMetaDirCheck(env), newMetaDirNew(env))
	return c
}

// checkedFolder is what meta directory check says of one path.
type checkedFolder struct {
	Path     string           `json:"path"`
	Exists   bool             `json:"exists"`
	Files    []string         `json:"files"`
	Findings []advice.Finding `json:"findings"`
	advice.Counts
}

func newMetaDirCheck(env *Env) *cobra.Command {
	var format, failOn string
	c := &cobra.Command{
		Use:   "check [PATH]",
		Short: "Check CPAN-META/ of a checkout or a release",
		Long: `Check CPAN-META/ in PATH, a checkout or a release, here if it is left out: that
its files have well-known names, and automation-policy.json strictly, with the
known slips of the drafts explained. That there is no such folder is fine.

The status is 1 where a finding reaches --fail-on, and 0 else.`,
		Example: `  nacre meta directory check examples/petshop`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, least, err := checkFlags(c, format, failOn)
			if err != nil {
				return err
			}
			path := "."
			if len(args) == 1 {
				path = args[0]
			}
			p, err := openPlace(c.Context(), env, path, pick{whole: true})
			if err != nil {
				return err
			}
			defer p.Close()
			if p.FS == nil {
				return fault.New(fault.Invalid, "%s is neither a folder nor a release", path)
			}
			var known directory.Facts
			if f, ok := metaFields(p.FS); ok {
				known.Dist = cpan.Dist(f.Name)
			}
			r, err := directory.Check(c.Context(), p.FS, known)
			p.watch.clear()
			if err != nil {
				return inFolder(path, err)
			}
			if asJSON {
				err = writeFolder(env, path, r)
			} else {
				err = printFolder(env, path, r)
			}
			if err != nil {
				return err
			}
			return statusOfFindings(r.Findings, least)
		},
	}
	formatFlag(c, &format)
	failOnFlag(c, &failOn)
	return c
}

func writeFolder(env *Env, path string, r directory.Report) error {
	out, err := jsonLines(env, "nacre.meta-directory/1")
	if err != nil {
		return err
	}
	f := checkedFolder{path, r.Exists, append([]string{}, r.Files...), append([]advice.Finding{}, r.Findings...), advice.Count(r.Findings)}
	return out.Encode(struct {
		Directory checkedFolder `json:"directory"`
	}{f})
}

func printFolder(env *Env, path string, r directory.Report) error {
	p := newPrinter(env)
	what := directory.Name + " of " + path
	switch {
	case len(r.Findings) > 0:
		p.title(what, ": "+tally(r.Findings))
		printAdvice(p.Page, r.Findings)
	case r.Exists:
		p.title(what, ": nothing to mend in "+counted(len(r.Files), "file"))
	default:
		p.title(what, ": there is none, and none is needed")
	}
	return p.flush(env)
}

func newMetaDirNew(env *Env) *cobra.Command {
	var template, dist, document, out string
	var force bool
	var list strings.Builder
	for _, t := range directory.Templates() {
		fmt.Fprintf(&list, "\n  %-20s %s", t.Name, t.For)
	}
	c := &cobra.Command{
		Use:   "new",
		Short: "Write an automation-policy.json",
		Long: `Write an automation-policy.json, which says what programs may do to a
distribution. It belongs into CPAN-META/. The templates:
` + list.String(),
		Example: `  nacre meta directory new --template issues-only
  nacre meta directory new --template human-supervised --document AI_POLICY.md -o automation-policy.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if template == "" {
				return command.Usage(c, errors.New("--template NAME is missing"))
			}
			if dist != "" {
				if _, err := cpan.ParseDist(dist); err != nil {
					return command.Usage(c, err)
				}
			}
			text, err := directory.New(directory.Template(template), cpan.Dist(dist), document)
			if err != nil {
				return fmt.Errorf("meta directory new: %w", err)
			}
			if template == string(directory.FullAutomation) {
				fmt.Fprintln(env.Stderr, "note: the drafts discourage this one: let a person merge or release")
			}
			return writeNew(env, "meta directory new", out, string(text), force)
		},
	}
	c.Flags().StringVar(&template, "template", "", "the template's `NAME`")
	c.Flags().StringVar(&dist, "dist", "", "the distribution's `NAME`, to be written down; may be left out")
	c.Flags().StringVar(&document, "document", "", "`PATH` of a page for people, as in AI_POLICY.md; may be left out")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	c.Flags().BoolVar(&force, "force", false, "replace the file if there is one")
	return c
}

// writeNew writes a text that a command has made: to a file that is not there
// yet, or to standard output.
func writeNew(env *Env, command, name, text string, force bool) error {
	if name == "" {
		_, err := io.WriteString(env.Stdout, text)
		return err
	}
	switch info, err := os.Lstat(name); {
	case err == nil && info.IsDir():
		return fault.New(fault.Invalid, "%s: %s is a folder", command, terminal.Visible(name)).
			WithHint("name the file in it")
	case err == nil && !force:
		return fault.New(fault.Conflict, "%s: %s exists already", command, terminal.Visible(name)).
			WithHint("look at it first; --force replaces it")
	}
	return files.Replace(name, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
