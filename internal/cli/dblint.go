package cli

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/advisory/vendor"
	"nacre/fault"
	"nacre/internal/command"
)

// lintLine is one line of nacre db lint --format json; one field is set.
type lintLine struct {
	Entry         *merge.Entry         `json:"entry,omitempty"`
	Contradiction *merge.Contradiction `json:"contradiction,omitempty"`
	Warning       *lintWarning         `json:"warning,omitempty"`
	Vendor        *advisory.VendorFeed `json:"vendor,omitempty"`
	Skipped       *vendor.Skip         `json:"skipped,omitempty"`
	Summary       *lintSummary         `json:"summary,omitempty"`
}

// lintWarning is a reader's doubt about a source as a whole.
type lintWarning struct {
	Source string `json:"source"`
	Text   string `json:"text"`
}

type lintSummary struct {
	Entries        int                `json:"entries"`
	Became         int                `json:"became"`
	Merged         int                `json:"merged"`
	Refused        int                `json:"refused"`
	Advisories     int                `json:"advisories"`
	Darkpan        int                `json:"darkpan"`
	Contradictions map[merge.Kind]int `json:"contradictions"`
	// VendorOther and VendorSkipped count what vendors say about other
	// packages, and entries of theirs that could not be read.
	VendorOther   int `json:"vendor_other,omitempty"`
	VendorSkipped int `json:"vendor_skipped,omitempty"`
}

func newDBLint(env *Env) *cobra.Command {
	var from []string
	var format string
	var strict bool
	c := &cobra.Command{
		Use:   "lint --from PATH...",
		Short: "Account for every entry of the sources; list what cannot be right",
		Long: `Read and join the sources as nacre db build does, and say of every raw entry
whether it made an advisory, was merged into one, or was refused and why; then
list what in the data cannot be right as it stands, by kind.

--format json lists every entry, text only those that were refused.`,
		Example: "  nacre db lint --from advisories",
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			s, err := sourcesOf(env, c, from, args)
			if err != nil {
				return err
			}
			defer s.Close()
			if s.Base != nil {
				return fault.New(fault.Invalid, "a database is no source whose entries could be accounted for").
					WithHint("name what it was built from")
			}
			set, ledger := s.Merge()
			said, err := s.Vendors(&set)
			if err != nil {
				return err
			}
			sum := lintSummary{
				Entries: len(ledger.Entries), Became: ledger.Count(merge.Became),
				Merged: ledger.Count(merge.Merged), Refused: ledger.Count(merge.Refused),
				Advisories: len(set.Records), Contradictions: map[merge.Kind]int{},
				VendorOther: said.Other, VendorSkipped: len(said.Skipped) + said.More,
			}
			for i := range set.Records {
				for j := range set.Records[i].Affected {
					if set.Records[i].Affected[j].Darkpan {
						sum.Darkpan++
						break
					}
				}
			}
			for _, k := range merge.Kinds() {
				sum.Contradictions[k], _ = ledger.CountKind(k)
			}
			var warnings []lintWarning
			for _, b := range s.Batches {
				for _, w := range b.Warnings {
					warnings = append(warnings, lintWarning{b.Source.Name, w})
				}
			}
			if asJSON {
				err = lintJSON(env, &ledger, warnings, &said, &sum)
			} else {
				err = lintText(env, &ledger, warnings, &said, &sum)
			}
			if err == nil && strict && len(ledger.Contradictions) > 0 {
				return command.Status(1)
			}
			return err
		},
	}
	sourceFlag(c, &from)
	formatFlag(c, &format)
	c.Flags().BoolVar(&strict, "strict", false, "exit with 1 where anything cannot be right")
	return c
}

func lintJSON(env *Env, l *merge.Ledger, warnings []lintWarning, said *vendor.Batch, sum *lintSummary) error {
	out, err := jsonLines(env, "nacre.db.lint/1")
	if err != nil {
		return err
	}
	write := func(e *json.Encoder, line lintLine) {
		if err == nil {
			err = e.Encode(line)
		}
	}
	for i := range l.Entries {
		write(out, lintLine{Entry: &l.Entries[i]})
	}
	for i := range l.Contradictions {
		write(out, lintLine{Contradiction: &l.Contradictions[i]})
	}
	for i := range warnings {
		write(out, lintLine{Warning: &warnings[i]})
	}
	for i := range said.Feeds {
		write(out, lintLine{Vendor: &said.Feeds[i]})
	}
	for i := range said.Skipped {
		write(out, lintLine{Skipped: &said.Skipped[i]})
	}
	write(out, lintLine{Summary: sum})
	return err
}

func lintText(env *Env, l *merge.Ledger, warnings []lintWarning, said *vendor.Batch, sum *lintSummary) error {
	p := newPrinter(env)
	perSource := map[string]*[3]int{}
	for _, e := range l.Entries {
		if perSource[e.Source] == nil {
			perSource[e.Source] = &[3]int{}
		}
		perSource[e.Source][e.Outcome]++
	}
	row := func(name string, n [3]int) {
		p.linef("%-20s %8d %8d %8d %8d", quoted(name), n[0]+n[1]+n[2], n[0], n[1], n[2])
	}
	p.linef("%-20s %8s %8s %8s %8s", "entries", "read", "became", "merged", "refused")
	for _, name := range slices.Sorted(maps.Keys(perSource)) {
		row(name, *perSource[name])
	}
	row("all", [3]int{sum.Became, sum.Merged, sum.Refused})
	p.Blank()
	p.linef("%d advisories, %d of them on distributions that are not on CPAN", sum.Advisories, sum.Darkpan)

	p.Blank()
	p.linef("%-54s %10s %8s", "what cannot be right", "statements", "entries")
	for _, k := range merge.Kinds() {
		n, entries := l.CountKind(k)
		p.linef("%-54s %10d %8d", k.Words(), n, entries)
	}

	var refused []merge.Entry
	for _, e := range l.Entries {
		if e.Outcome == merge.Refused {
			refused = append(refused, e)
		}
	}
	if len(refused) > 0 {
		p.Blank()
		p.linef("refused (%d)", len(refused))
	}
	for _, e := range refused {
		p.text(2, cmp.Or(strings.TrimSpace(e.Where+" "+e.Native), e.Source))
		p.text(4, e.Reason)
	}
	last := merge.Kind("")
	for _, c := range l.Contradictions {
		if c.Kind != last {
			n, _ := l.CountKind(c.Kind)
			p.Blank()
			p.linef("%s (%d)", c.Kind.Words(), n)
			last = c.Kind
		}
		name := string(c.Dist)
		if c.Record != "" {
			name += " " + string(c.Record)
		}
		if c.Entry != "" && c.Entry != string(c.Record) {
			name += " " + c.Entry
		}
		p.text(2, name)
		p.text(4, c.Text)
	}
	if len(warnings) > 0 {
		p.Blank()
		p.linef("doubts about a source (%d)", len(warnings))
	}
	for _, w := range warnings {
		p.text(2, w.Source+": "+w.Text)
	}
	if len(said.Feeds) > 0 || sum.VendorSkipped > 0 {
		p.Blank()
		p.linef("what vendors say (%d about other packages)", said.Other)
	}
	for _, f := range said.Feeds {
		p.text(2, feedText(f))
	}
	if sum.VendorSkipped > 0 {
		p.Blank()
		p.linef("of vendors' data, not read (%d)", sum.VendorSkipped)
	}
	for _, s := range said.Skipped {
		p.text(2, s.Where)
		p.text(4, s.Why)
	}
	if said.More > 0 {
		p.linef("  and %d more", said.More)
	}
	return p.flush(env)
}
