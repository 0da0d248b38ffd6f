package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/fault"
	"nacre/internal/files"
	"nacre/limit"
	"nacre/sbom/draw"
	"nacre/terminal"
)

// newSBOM is the group of what makes, checks, compares and changes bills of
// materials.
func newSBOM(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "sbom",
		Short: "Make, check, compare and change bills of materials",
		Long: `A bill of materials says what a piece of software is made of. Those that Nacre
makes say of every attribute where it comes from, and name what is not known.

Bills are read in CycloneDX 1.2 to 1.7 (JSON and XML) and SPDX 2.2, 2.3 (JSON
and tag-value) and 3.0.1. - is standard input.`,
		Example: "  nacre sbom tree examples/bill.json",
	}
	c.AddCommand(newSBOMCheck(env), newSBOMConvert(env), newSBOMDiff(env), newSBOMEnrich(env), newSBOMGraph(env), newSBOMKey(env), newSBOMList(env), newSBOMMake(env), newSBOMMerge(env), newSBOMRedact(env), newSBOMResolve(env),
		newSBOMSign(env), newSBOMTree(env),
		newSBOMVerify(env), newSBOMVerifySignature(env))
	return c
}

// readBill reads a bill of materials, from standard input for "-".
func readBill(env *Env, path string) (*bom.Bill, error) {
	b, err := billBytes(env, path)
	if err != nil {
		return nil, err
	}
	bill, err := formats.Read(b)
	if err != nil {
		return nil, inFolder(nameOf(path), err)
	}
	return bill, nil
}

// billBytes gives the bytes of a bill, within the limit of one.
func billBytes(env *Env, path string) ([]byte, error) {
	in := env.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", path).
				WithHint("name a bill of materials; nacre sbom make writes one")
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fault.New(fault.Invalid, "%s is a folder, not a bill", path).
				WithHint("make a bill of it first: nacre sbom make %s", path)
		}
		in = f
	}
	b, err := limit.ReadAll(in, bom.MaxSize, "bill size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", nameOf(path))
	}
	return b, nil
}

func nameOf(path string) string {
	if path == "-" {
		return stdinName
	}
	return path
}

// writeOut writes to standard output, or to a file, whole or not at all.
func writeOut(env *Env, out string, write func(io.Writer) error) error {
	if out != "" {
		return files.Replace(out, write)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	_, err := env.Stdout.Write(b.Bytes())
	return err
}

func newSBOMTree(env *Env) *cobra.Command {
	var why string
	var depth int
	var all bool
	c := &cobra.Command{
		Use:   "tree FILE",
		Short: "Show who needs what, as a tree",
		Long: `Show the components of a bill as a tree, from what the bill is of down to what
is needed last. A component is opened where it is nearest to the top, and only
named elsewhere. With --why, show the way to one component.`,
		Example: `  nacre sbom tree examples/bill.json
  nacre sbom tree --why TimeDate examples/bill.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			opt := draw.Options{Width: env.Width, Color: env.Color(), Depth: depth, All: all}
			return writeOut(env, "", func(w io.Writer) error {
				if why != "" {
					return draw.Why(w, bill, why, opt)
				}
				return draw.Tree(w, bill, opt)
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "show wherever perl, or what it ships, is needed")
	c.Flags().IntVar(&depth, "depth", 0, "show this many levels below the top (default all)")
	c.Flags().StringVar(&why, "why", "", "show the way to the component of this `NAME`, package URL or reference")
	return c
}

func newSBOMList(env *Env) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "list FILE",
		Short: "List components with licences and what is not known",
		Long: `List all components of a bill in a table: name, version, what the product needs
it for, licence, and the attributes that the bill says were looked for and are
not known.`,
		Example: `  nacre sbom list examples/bill.json
  nacre sbom list --format json examples/bill.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			return writeOut(env, "", func(w io.Writer) error {
				if asJSON {
					return encodeList(w, bill)
				}
				return draw.List(w, bill, draw.Options{Width: env.Width, Color: env.Color()})
			})
		},
	}
	formatFlag(c, &format)
	return c
}

// listLine is a component in nacre sbom list --format json.
type listLine struct {
	Ref      string   `json:"ref"`
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`
	Range    string   `json:"range,omitempty"` // vers, where no version is known
	Scope    string   `json:"scope,omitempty"`
	PURL     string   `json:"purl,omitempty"`
	Licenses []string `json:"licenses"`
	Unknown  []string `json:"unknown"`
	Redacted []string `json:"redacted"`
	Root     bool     `json:"root,omitempty"` // what the bill is of
	In       string   `json:"in,omitempty"`   // the ref of what it is shipped inside of
}

// encodeList writes a bill's components as JSON Lines, in the bill's order.
func encodeList(w io.Writer, bill *bom.Bill) error {
	enc := json.NewEncoder(terminal.Inert(w))
	enc.SetEscapeHTML(false)
	var head schemaLine
	head.Config.Schema, head.Config.Tool = "nacre.sbom.list/1", toolName()
	if err := enc.Encode(head); err != nil {
		return err
	}
	in := map[*bom.Component]string{}
	for c := range bill.All() {
		for _, p := range c.Parts {
			in[p] = c.Ref
		}
		l := listLine{
			Ref: c.Ref, Name: c.Name, Version: c.Version, Range: c.Range, Scope: string(c.Scope), PURL: c.PURL, Root: c == bill.Root, In: in[c],
			Licenses: []string{}, Unknown: append([]string{}, c.Unknown...), Redacted: append([]string{}, c.Redacted...),
		}
		for _, x := range c.Licenses {
			l.Licenses = append(l.Licenses, x.String())
		}
		if err := enc.Encode(struct {
			Component listLine `json:"component"`
		}{l}); err != nil {
			return err
		}
	}
	return nil
}

func newSBOMGraph(env *Env) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "graph FILE",
		Short: "Draw who needs what, as an SVG picture",
		Long: `Draw the components of a bill as an SVG picture, which every browser shows. It
is read from left to right; each component stands once, behind the one nearest
to the left that needs it, and thin lines lead to it from all others, but for
perl. Resting on a box shows its licence and package URL.`,
		Example: "  nacre sbom graph examples/bill.json -o graph.svg",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			return writeOut(env, out, func(w io.Writer) error { return draw.Graph(w, bill) })
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	return c
}
