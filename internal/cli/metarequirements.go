package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/meta"
	"nacre/terminal"
)

// mergedRequirement is one line of nacre meta requirements --format json.
type mergedRequirement struct {
	Module string            `json:"module"`
	Range  string            `json:"range"`
	Error  string            `json:"error,omitempty"`
	From   []statedElsewhere `json:"from"`

	hint string
}

// statedElsewhere is where a requirement stands.
type statedElsewhere struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Phase    string `json:"phase"`
	Relation string `json:"relation"`
	Feature  string `json:"feature,omitempty"`
	Range    string `json:"range"`
}

func newMetaRequirements(env *Env) *cobra.Command {
	var format string
	var phases, relations, features []string
	c := &cobra.Command{
		Use:   "requirements FILE...",
		Short: "Join the requirements of META and MYMETA files",
		Long: `Join what META and MYMETA files require of each module: all must hold. By
default these are the requirements to configure, build, test and run; optional
features count where --feature names them. Requirements that no version can meet
together are named, with the files and lines where they stand.

The status is 1 where requirements contradict each other or cannot be read, and
0 else. A file whose dynamic_config is 1 may get other requirements when it is
configured; that is said on standard error.`,
		Example: `  nacre meta requirements Foo-Bar/META.json
  nacre meta requirements --phase runtime --format json Foo-Bar/META.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			if err := checkPick(phases, relations); err != nil {
				return command.Usage(c, err)
			}
			known := map[string]bool{} // features
			// What cannot be read at all has no phase or relation, and counts.
			pick := func(p meta.Prereq) bool {
				return (p.Phase == "" || slices.Contains(phases, p.Phase)) &&
					(p.Relation == "" || slices.Contains(relations, p.Relation)) &&
					(p.Feature == "" || slices.Contains(features, p.Feature))
			}
			var all []meta.Prereq
			var places []string // the file of each
			for _, name := range args {
				d, err := readMeta(env, name)
				if err != nil {
					return err
				}
				m, err := d.Meta()
				if err != nil {
					return fmt.Errorf("read %s: %w", name, err)
				}
				if m.DynamicConfig {
					fmt.Fprintf(env.Stderr, "nacre: %s: dynamic_config is not 0, so that its requirements are not final\n", terminal.Visible(name))
				}
				for _, f := range d.Fields().Features {
					known[f.Name] = true
				}
				for _, p := range m.Prereqs {
					known[p.Feature] = true
					if pick(p) {
						all, places = append(all, p), append(places, name)
					}
				}
			}
			for _, name := range features {
				if !known[name] {
					return fault.New(fault.Invalid, "no file has the optional feature %s", fault.Quote(name)).
						WithHint("look under optional_features of the file for its name")
				}
			}
			merged := joined(meta.Merge(all), all, places)
			if asJSON {
				err = writeRequirements(env, merged)
			} else {
				err = printRequirements(env, merged)
			}
			if err == nil && slices.ContainsFunc(merged, func(m mergedRequirement) bool { return m.Error != "" }) {
				return command.Status(1)
			}
			return err
		},
	}
	formatFlag(c, &format)
	c.Flags().StringSliceVar(&phases, "phase", []string{"configure", "build", "test", "runtime"}, "the phases, with commas between")
	c.Flags().StringSliceVar(&relations, "relation", []string{"requires"}, "the relations, with commas between")
	c.Flags().StringSliceVar(&features, "feature", nil, "count this optional feature, too")
	return c
}

// checkPick refuses phases and relations that no file has, of which nothing at
// all would be required, and ranges to stay out of, which cannot be joined.
func checkPick(phases, relations []string) error {
	custom := func(s string) bool { return strings.HasPrefix(strings.ToLower(s), "x_") }
	for _, p := range phases {
		if !slices.Contains([]string{"configure", "build", "test", "runtime", "develop"}, p) && !custom(p) {
			return fmt.Errorf("--phase %q is none of configure, build, test, runtime, develop, and what begins with x_", p)
		}
	}
	for _, r := range relations {
		switch {
		case r == "conflicts":
			return fmt.Errorf("--relation conflicts: ranges to stay out of cannot be joined with each other or with requirements")
		case !slices.Contains([]string{"requires", "recommends", "suggests"}, r) && !custom(r):
			return fmt.Errorf("--relation %q is none of requires, recommends, suggests, and what begins with x_", r)
		}
	}
	return nil
}

// joined puts the places beside what was merged.
func joined(merged []meta.Merged, all []meta.Prereq, places []string) []mergedRequirement {
	lines := make([]mergedRequirement, len(merged))
	for i, m := range merged {
		line := &lines[i]
		line.Module, line.Range = string(m.Module), m.Requirement.String()
		if m.Err != nil {
			line.Error, line.Range, line.hint = m.Err.Error(), "", fault.HintOf(m.Err)
		}
		for _, n := range m.From {
			p := all[n]
			line.From = append(line.From, statedElsewhere{places[n], p.Line, p.Phase, p.Relation, p.Feature, p.Range})
		}
	}
	return lines
}

func writeRequirements(env *Env, merged []mergedRequirement) error {
	out, err := jsonLines(env, "nacre.meta-requirements/1")
	if err != nil {
		return err
	}
	for _, m := range merged {
		if err := out.Encode(struct {
			Requirement mergedRequirement `json:"requirement"`
		}{m}); err != nil {
			return err
		}
	}
	return nil
}

// printRequirements writes a table, and below it what cannot be met.
func printRequirements(env *Env, merged []mergedRequirement) error {
	p := newPrinter(env)
	rows := [][]terminal.Span{{{Text: "module"}, {Text: "versions"}}}
	for _, m := range merged {
		if m.Error == "" {
			rows = append(rows, []terminal.Span{{Text: m.Module}, {Text: m.Range}})
		}
	}
	switch {
	case len(rows) > 1:
		p.Table(rows...)
	case len(merged) == 0:
		p.text(0, "Nothing is required.")
	}
	gap := len(rows) > 1
	for _, m := range merged {
		if m.Error == "" {
			continue
		}
		if gap {
			p.Blank()
		}
		gap = true
		p.Item(terminal.Span{Style: terminal.Red, Text: "error"}, terminal.Span{Text: m.Error})
		for _, f := range m.From {
			where := strings.TrimSpace(fmt.Sprintf("%s:%d %s %s %s", f.File, f.Line, f.Phase, f.Relation, f.Range))
			p.Item(terminal.Span{Style: terminal.Dim, Text: "from"}, terminal.Span{Text: where})
		}
		p.field("hint", m.hint)
	}
	return p.flush(env)
}
