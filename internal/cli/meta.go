package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/meta"
	"nacre/terminal"
)

func newMeta(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "meta",
		Short: "Check, convert and compare META.json, META.yml and MYMETA files",
		Long: `Check what a distribution says about itself against the CPAN::Meta
specification, bring it from one version of the specification to another,
compare two files by what they mean, and join requirements. Nothing of the
distribution is run.`,
		Example: "  nacre meta check Foo-Bar/META.json",
	}
	c.AddCommand(newMetaCheck(env), newMetaUpgrade(env), newMetaDiff(env), newMetaRequirements(env), metaDirCommand(env))
	return c
}

// metaHint is what to do about a file that cannot be read.
const metaHint = "name a META.json, META.yml, MYMETA.json or MYMETA.yml that you can read; - is standard input"

// readMeta reads one file, or standard input for -.
func readMeta(env *Env, name string) (*meta.Document, error) {
	r, err := openMeta(env, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d, err := meta.ReadDocument(name, r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return d, nil
}

// openMeta opens a regular file, or standard input.
func openMeta(env *Env, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(env.Stdin), nil
	}
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "open %s: is no file", name).WithHint(metaHint)
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(name)
	}
	if err != nil {
		kind := fault.KindOf(err)
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the path is named before it
		}
		return nil, fault.Wrap(kind, err, "open %s", name).WithHint(metaHint)
	}
	return f, nil
}

// tool is what a converted file says of the program that converted it.
func metaTool(compat bool) string {
	if compat {
		return ""
	}
	return toolName()
}

func newMetaUpgrade(env *Env) *cobra.Command {
	var to, out string
	var compat bool
	c := &cobra.Command{
		Use:   "upgrade FILE",
		Short: "Bring a file to version 2 or 1.4 of the specification",
		Long: `Bring a META or MYMETA file to another version of the specification, by the
rules of CPAN::Meta::Converter: one version after the other, with each result
checked. A file of that version already is cleaned up. To 2 it is written as
JSON, to 1.4 as YAML.

Keys keep their order and numbers their digits. What had to be left out is
listed on standard error.`,
		Example: `  nacre meta upgrade Foo-Bar/META.json
  nacre meta upgrade Foo-Bar/META.json --to 1.4 -o META.yml`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if to != string(meta.Spec2) && to != string(meta.Spec14) {
				return command.Usage(c, fmt.Errorf("--to %q is neither 2 nor 1.4", to))
			}
			d, err := readMeta(env, args[0])
			if err != nil {
				return err
			}
			made, losses, err := d.Convert(meta.ConvertOptions{To: meta.Spec(to), Tool: metaTool(compat)})
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, l := range losses {
				fmt.Fprintf(env.Stderr, "nacre: %s\n", terminal.Visible(loss(l)))
			}
			write := func(w io.Writer) error {
				b := made.Tree.Append(nil)
				if to == string(meta.Spec14) {
					b = made.AppendYAML(nil)
				}
				_, err := w.Write(b)
				return err
			}
			switch {
			case out != "":
				return files.Replace(out, write)
			case to == string(meta.Spec14) && !env.IsTerminal(env.Stdout):
				return write(env.Stdout) // what makes JSON inert is no YAML
			}
			return write(terminal.Inert(env.Stdout))
		},
	}
	c.Flags().StringVar(&to, "to", "2", "the version to bring it to: 2 or 1.4")
	c.Flags().BoolVar(&compat, "compat", false, "write the same generated_by as CPAN::Meta::Converter 2.150010")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	return c
}

// loss is one line about what a conversion left out.
func loss(l meta.Loss) string {
	return strings.TrimSpace(fmt.Sprintf("spec %s: %s: %s", l.Step, l.At(), l.Message))
}
