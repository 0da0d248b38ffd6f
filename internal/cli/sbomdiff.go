package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/sbom/change"
	"nacre/terminal"
)

// changeTitles say for people what the kinds of changes are.
var changeTitles = map[change.Kind]string{
	change.Rehashed:     "Other bytes under the same version",
	change.Added:        "Added",
	change.Removed:      "Removed",
	change.Upgraded:     "Upgraded",
	change.Downgraded:   "Downgraded",
	change.Reversioned:  "Another version",
	change.Relicensed:   "Another licence",
	change.Resupplied:   "Another supplier or maker",
	change.Rescoped:     "Another scope",
	change.Rewired:      "Other needs",
	change.Recompleted:  "Another completeness",
	change.Learned:      "Declared unknown before, and no longer",
	change.Forgotten:    "Declared unknown now",
	change.Censored:     "Taken out, or back",
	change.OtherwiseNew: "Other attributes",
	change.Document:     "The bill itself",
}

func newSBOMDiff(env *Env) *cobra.Command {
	var format, failOn, out string
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what is different between two bills of materials",
		Long: `Compare two bills of materials of any formats: components that were added or
removed, up- and downgraded by the order of Perl's versions (of packages of a
system by its own), licences, suppliers, scopes, needs, completeness, and what
is declared unknown. Other bytes under the same version are an alarm, and come
first.

The status is 1 where something of the kinds of --fail-on changed: any
(default), never, or of these with commas between:

  ` + kindsText() + `

One of both files may be - for standard input.`,
		Example: `  nacre sbom diff Acme-Demo/bom-1.0.json Acme-Demo/bom.json
  nacre sbom diff Acme-Demo/bom-1.0.json Acme-Demo/bom.json --format markdown --fail-on hash,removed`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "text" && format != "json" && format != "markdown" {
				return command.Usage(c, fmt.Errorf("--format %q is none of text, json, markdown", format))
			}
			counts, err := changeKinds(failOn)
			if err != nil {
				return command.Usage(c, err)
			}
			if args[0] == "-" && args[1] == "-" {
				return command.Usage(c, fmt.Errorf("standard input is one bill, and two are needed"))
			}
			older, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			newer, err := readBill(env, args[1])
			if err != nil {
				return err
			}
			changes := change.Diff(older, newer)
			there := *env
			if out != "" { // no colours in a file
				there.IsTerminal = func(io.Writer) bool { return false }
			}
			if err := writeOut(env, out, func(w io.Writer) error { return writeChanges(&there, w, format, args, changes) }); err != nil {
				return err
			}
			if slices.ContainsFunc(changes, func(c change.Change) bool { return counts(c.Kind) }) {
				return command.Status(1)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, json (JSON Lines) or markdown")
	c.Flags().StringVar(&failOn, "fail-on", "any", "kinds of changes that make the status 1")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file")
	return c
}

// kindsText lists the kinds in lines of a terminal.
func kindsText() string {
	var lines []string
	line := ""
	for _, k := range change.Kinds() {
		if len(line)+len(k) > 70 {
			lines = append(lines, strings.TrimSuffix(line, " "))
			line = ""
		}
		line += string(k) + ", "
	}
	return strings.Join(append(lines, strings.TrimSuffix(line, ", ")), "\n  ")
}

// changeKinds reads --fail-on.
func changeKinds(s string) (func(change.Kind) bool, error) {
	switch s {
	case "any":
		return func(change.Kind) bool { return true }, nil
	case "never":
		return func(change.Kind) bool { return false }, nil
	}
	var wanted []change.Kind
	for word := range strings.SplitSeq(s, ",") {
		if !slices.Contains(change.Kinds(), change.Kind(word)) {
			return nil, fault.New(fault.Invalid, "--fail-on: no changes are of kind %s", fault.Quote(word))
		}
		wanted = append(wanted, change.Kind(word))
	}
	return func(k change.Kind) bool { return slices.Contains(wanted, k) }, nil
}

// changeLine is one line of nacre sbom diff --format json.
type changeLine struct {
	Change  *change.Change `json:"change,omitempty"`
	Summary *changeSummary `json:"summary,omitempty"`
}

type changeSummary struct {
	Old     string              `json:"old"`
	New     string              `json:"new"`
	Changes map[change.Kind]int `json:"changes"`
}

func writeChanges(env *Env, w io.Writer, format string, names []string, all []change.Change) error {
	counts := map[change.Kind]int{}
	for _, c := range all {
		counts[c.Kind]++
	}
	switch format {
	case "json":
		there := *env
		there.Stdout = w
		e, err := jsonLines(&there, "nacre.sbom.diff/1")
		for i := range all {
			if err == nil {
				err = e.Encode(changeLine{Change: &all[i]})
			}
		}
		if err == nil {
			err = e.Encode(changeLine{Summary: &changeSummary{nameOf(names[0]), nameOf(names[1]), counts}})
		}
		return err
	case "markdown":
		_, err := io.WriteString(w, change.Markdown(nameOf(names[0]), nameOf(names[1]), all))
		return err
	}
	p := newPrinter(env)
	p.title(nameOf(names[0])+" -> "+nameOf(names[1]), ": "+sumText(counts))
	for _, k := range change.Kinds() {
		if counts[k] == 0 {
			continue
		}
		style := terminal.Bold
		if k == change.Rehashed {
			style = terminal.BoldRed
		}
		p.Blank()
		p.Para(terminal.Span{Style: style, Text: changeTitles[k]})
		for i := range all {
			if all[i].Kind == k {
				p.text(2, all[i].String())
			}
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// sumText counts changes.
func sumText(counts map[change.Kind]int) string {
	var parts []string
	for _, k := range change.Kinds() {
		if counts[k] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[k], k))
		}
	}
	if len(parts) == 0 {
		return "nothing changed"
	}
	return strings.Join(parts, ", ")
}
