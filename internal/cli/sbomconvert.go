package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/internal/command"
	"nacre/terminal"
)

func newSBOMConvert(env *Env) *cobra.Command {
	var to, out, format string
	var failOnLoss bool
	c := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write a bill in another format, and list what is lost",
		Long: `Read a bill of materials of any format and write it in another one. What the
other format has no place for is listed on standard error, by its place in the
file that was read (a JSON pointer), and goes no further; so is a signature
inside, which a change makes void. FILE - is standard input.

The formats: ` + wrapped(formats.Names()) + `

A name without a version is cyclonedx-1.6, cyclonedx-xml-1.6, spdx-2.3 or
spdx-tag-value-2.3. A bill written in the format it was read from is the same.`,
		Example: `  nacre sbom convert examples/bill.json --to spdx-2.3
  nacre sbom convert examples/bill.json --to cyclonedx-1.7 --fail-on-loss`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usage(c, fmt.Errorf("--format %q is neither text nor json", format))
			}
			target, err := formats.Parse(to)
			if err != nil {
				return err
			}
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			doc, losses, err := formats.Write(bill, target)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			write := func(w io.Writer) error {
				if out == "" && target.Encoding == "json" {
					w = terminal.Inert(w)
				}
				_, err := w.Write(doc)
				return err
			}
			if err := writeOut(env, out, write); err != nil {
				return err
			}
			if err := reportLosses(env.Stderr, losses, format); err != nil {
				return err
			}
			if failOnLoss && len(losses) > 0 {
				return command.Status(1)
			}
			return nil
		},
	}
	c.Flags().StringVar(&to, "to", "cyclonedx-1.6", "the format to write")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	c.Flags().StringVar(&format, "format", "text", "how to list what was lost: text or json")
	c.Flags().BoolVar(&failOnLoss, "fail-on-loss", false, "exit with status 1 where something was lost")
	return c
}

// wrapped gives words in lines of a terminal, the first of them shorter.
func wrapped(words []string) string {
	var b strings.Builder
	width := len("The formats: ")
	for i, w := range words {
		if i > 0 {
			b.WriteByte(',')
			if width += len(w) + 2; width > 78 {
				b.WriteByte('\n')
				width = len(w)
			} else {
				b.WriteByte(' ')
			}
		} else {
			width += len(w)
		}
		b.WriteString(w)
	}
	return b.String() + "."
}

// reportLosses lists what a format could not take over.
func reportLosses(w io.Writer, losses []bom.Loss, format string) error {
	if format == "json" {
		w = terminal.Inert(w)
	}
	for _, l := range losses {
		if format == "json" {
			line, err := json.Marshal(struct {
				Pointer string `json:"pointer"`
				What    string `json:"what"`
			}{l.Pointer, l.What})
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
				return err
			}
			continue
		}
		where := l.Pointer
		if where == "" {
			where = "the document"
		}
		if _, err := fmt.Fprintf(w, "nacre: lost: %s: %s\n", terminal.Visible(where), terminal.Visible(l.What)); err != nil {
			return err
		}
	}
	if len(losses) > 0 && format == "text" {
		if _, err := fmt.Fprintf(w, "nacre: %d lost\n", len(losses)); err != nil {
			return err
		}
	}
	return nil
}
