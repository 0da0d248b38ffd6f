package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"nacre/archive"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/sbom/seal"
	"nacre/terminal"
)

func newSBOMVerify(env *Env) *cobra.Command {
	var format string
	var everything bool
	c := &cobra.Command{
		Use:   "verify FILE DIR",
		Short: "Check recorded digests against files",
		Long: `Compute the digests that a bill records, of the files below a folder: archives
of releases, wherever they lie in it, or the files of an installed tree. A
component whose file is not there, or for which the bill records no digest, is
named. With --all, files that are in no component are named too. Requirements
name no release, so there is nothing to check of them; they are counted.

The status is 0 where every component was checked and has the recorded digests,
1 where one differs or a file could not be read, and 3 where a component could
not be checked, or none was.`,
		Example: `  tar -czf Foo-Bar-1.20.tar.gz Foo-Bar
  nacre sbom make Foo-Bar-1.20.tar.gz -o bill.json
  nacre sbom verify bill.json .`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			if info, err := os.Stat(args[1]); err != nil || !info.IsDir() {
				if err == nil {
					err = fault.New(fault.Invalid, "is no folder")
				}
				return fault.Wrap(fault.Invalid, unwrapped(err), "open %s", args[1]).WithHint("name the folder that the archives or the installed files are in")
			}
			tree, err := files.OpenTree(args[1])
			if err != nil {
				return unopened(args[1], err)
			}
			defer tree.Close()
			watch := newWatch(env, args[1])
			results, err := seal.Files(c.Context(), bill, watch.tree(archive.RootFS(tree)), everything)
			watch.clear()
			if err != nil {
				return err
			}
			return printVerified(env, asJSON, everything, results)
		},
	}
	c.Flags().BoolVar(&everything, "all", false, "name files that are in no component, too")
	formatFlag(c, &format)
	return c
}

func printVerified(env *Env, asJSON, everything bool, results []seal.Result) error {
	v := verified{counts: map[seal.State]int{}}
	for _, r := range results {
		v.counts[r.State]++
		if r.State == seal.Same && (r.Algorithm == "MD5" || r.Algorithm == "SHA-1") {
			v.weak++
		}
	}
	for _, s := range seal.States() { // what was looked for and not found is 0
		if s != seal.Unrecorded || everything {
			v.counts[s] += 0
		}
	}
	var err error
	if asJSON {
		err = v.json(env, results)
	} else {
		err = v.text(env, results)
	}
	if err != nil {
		return err
	}
	switch {
	case v.counts[seal.Differs]+v.counts[seal.Unreadable] > 0:
		return command.Status(1)
	case v.counts[seal.NoFile]+v.counts[seal.NoDigest] > 0, v.counts[seal.Same] == 0:
		return command.Status(3)
	}
	return nil
}

// verified counts what holding a bill to files came to.
type verified struct {
	counts map[seal.State]int
	weak   int // of the same, those by a digest that can be forged
}

func (v verified) json(env *Env, results []seal.Result) error {
	out, err := jsonLines(env, "nacre.sbom.verify/1")
	if err != nil {
		return err
	}
	for _, r := range results {
		if err := out.Encode(map[string]seal.Result{"result": r}); err != nil {
			return err
		}
	}
	return out.Encode(map[string]map[seal.State]int{"summary": v.counts})
}

func (v verified) text(env *Env, results []seal.Result) error {
	p := terminal.NewPage(env.Width, env.Color())
	item := func(label, text string) {
		if text != "" {
			p.Item(terminal.Span{Style: terminal.Dim, Text: label}, terminal.Span{Text: text})
		}
	}
	for _, r := range results {
		style := terminal.Yellow
		switch r.State {
		case seal.Same, seal.NotAFile:
			continue
		case seal.Differs, seal.Unreadable:
			style = terminal.Red
		}
		p.Para(terminal.Span{Style: style, Text: string(r.State) + ": "}, terminal.Span{Text: cmp.Or(r.Name, r.File)})
		if r.Name != "" {
			item("file", r.File)
		}
		if r.State == seal.Differs {
			item("recorded", r.Algorithm+" "+r.Recorded)
			item("found", r.Algorithm+" "+r.Found)
		}
		item("because", r.Detail)
	}
	n := v.counts
	var counts []string
	for _, state := range seal.States() {
		if count, ok := n[state]; ok {
			counts = append(counts, fmt.Sprintf("%s: %d", state, count))
		}
	}
	p.Para(terminal.Span{Text: strings.Join(counts, ", ")})
	if v.weak > 0 {
		p.Para(terminal.Span{Style: terminal.Yellow, Text: fmt.Sprintf("%d of the same by MD5 or SHA-1 alone, which can be forged", v.weak)})
	}
	if n[seal.Same]+n[seal.Differs]+n[seal.Unreadable] == 0 {
		p.Para(terminal.Span{Style: terminal.Yellow, Text: "nothing could be checked"})
	}
	_, err := io.WriteString(env.Stdout, p.String())
	return err
}
