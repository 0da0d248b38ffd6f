package check

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/scan"
)

// minimums tells which requirements admit versions with known flaws, and the
// lowest minimum that does not. It is a scan of the requirements alone, whatever
// a lock or an installer has chosen.
func (c *checker) minimums(ctx context.Context) error {
	if c.opt.Advisories == nil {
		return nil
	}
	asked := c.asked()
	if len(asked.Components) == 0 {
		return nil
	}
	var got answers
	if _, err := scan.Run(ctx, asked, c.opt.Advisories, scan.RunOptions{
		Now: c.opt.Now, Project: c.fsys, Options: scan.Options{Strict: true},
	}, &got); err != nil {
		return fmt.Errorf("judge what the requirements admit: %w", err)
	}
	flaws := map[string][]string{} // by component
	for _, f := range got.findings {
		if f.Ignored == nil && f.Verdict >= advisory.StatusContradictory {
			flaws[f.Component.Ref] = append(flaws[f.Component.Ref], string(f.Advisory.ID))
		}
	}
	fixes := map[cpan.Dist]int{}
	for i := range got.fixes {
		first(fixes, got.fixes[i].Dist, i)
	}
	for i := range asked.Components {
		comp := &asked.Components[i]
		of := flaws[comp.Ref()]
		if at, ok := fixes[comp.Dist]; ok && len(of) > 0 {
			c.minimum(comp, &got.fixes[at], of)
		}
	}
	return nil
}

// asked is the inventory of what the project requires, known by the ranges
// alone.
func (c *checker) asked() inventory.Inventory {
	inv := inventory.Inventory{Name: c.inv.Name}
	at := map[cpan.Dist]int{}
	var ranges [][]string
	for i := range c.declared {
		d := &c.declared[i]
		comp := &c.inv.Components[d.To]
		if comp.Kind == inventory.Interpreter || comp.Dist == "" || comp.Dist == "perl" {
			continue
		}
		n, ok := at[comp.Dist]
		if !ok {
			n = len(inv.Components)
			at[comp.Dist] = n
			inv.Components = append(inv.Components, inventory.Component{Kind: inventory.Required, Dist: comp.Dist, Direct: true, Scope: d.Scope})
			ranges = append(ranges, nil)
		}
		made := &inv.Components[n]
		made.Scope = min(made.Scope, d.Scope)
		made.Modules = append(made.Modules, d.Module)
		made.Evidence = append(made.Evidence, d.Evidence)
		if d.Range != "" {
			ranges[n] = append(ranges[n], d.Range)
		}
		e := d.Edge
		e.To = n
		inv.Edges = append(inv.Edges, e)
	}
	for n := range inv.Components {
		// Ranges that contradict each other are a notice of the inventory.
		r, _ := perlver.ParseRequirement(strings.Join(ranges[n], ", "))
		inv.Components[n].Requirement = &r
	}
	return inv
}

// answers collects a scan's stream.
type answers struct {
	findings []*scan.Finding
	fixes    []scan.Fix
}

func (a *answers) Handle(m scan.Message) error {
	switch {
	case m.Finding != nil:
		a.findings = append(a.findings, m.Finding)
	case m.Fix != nil:
		a.fixes = append(a.fixes, *m.Fix)
	}
	return nil
}

// minimum tells about one distribution.
func (c *checker) minimum(comp *inventory.Component, fix *scan.Fix, flaws []string) {
	module := comp.Modules[0]
	if fix.Module != "" {
		module = cpan.Module(fix.Module)
	}
	out := inventory.Check{
		Kind: inventory.Minimum, Module: module, Dist: comp.Dist, At: comp.Evidence, Advisories: flaws,
	}
	admits := "any version is allowed"
	if !comp.Requirement.IsAny() {
		admits = rangeText(*comp.Requirement) + " is asked for"
	}
	n := fmt.Sprintf("%d known flaws", len(flaws))
	if len(flaws) == 1 {
		n = "a known flaw"
	}
	switch {
	case fix.To != "":
		out.Why = fmt.Sprintf("%s, which admits versions with %s; %s is the lowest without", admits, n, fix.To)
		if len(fix.Remaining) > 0 {
			out.Why += fmt.Sprintf(", but for %s, which no known release mends", joined(fix.Remaining))
		}
		for note := range strings.SplitSeq(fix.Note, "; ") {
			if note != "" && !strings.HasPrefix(note, "prerequisites ") { // true of every release
				out.Why += "; " + note
			}
		}
	case len(fix.Blocked) > 0:
		out.Why = fmt.Sprintf("%s, and all known releases of that have %s; %s", admits, n, fix.Note)
	default:
		return // there is no better minimum
	}
	if fix.To != "" {
		out.Change = &inventory.Change{
			File: cmp.Or(fix.File, c.file()), Line: fix.Line, Before: fix.Before,
			After: cmp.Or(fix.After, line("requires", module, ">= "+fix.To, comp.Scope)),
		}
	}
	c.checks = append(c.checks, out)
}

func joined[T ~string](ids []T) string {
	var s []string
	for _, id := range ids {
		s = append(s, string(id))
	}
	return strings.Join(s, ", ")
}
