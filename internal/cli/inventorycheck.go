package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/check"
	"nacre/inventory/single"
	"nacre/terminal"
)

// checkInventory compares what a place says that it requires with what its
// sources load. What could not be read is added to the inventory's notices.
func checkInventory(ctx context.Context, env *Env, p *place, inv *inventory.Inventory, set *database) ([]inventory.Check, error) {
	if _, one := p.FS.(single.FS); one || p.FS == nil {
		return nil, fault.New(fault.Invalid, "inventory --check: %s holds no sources", p.path).
			WithHint("name the folder of a project, or a release")
	}
	r, err := check.Run(ctx, p.FS, inv, check.Options{Modules: set.DB, Advisories: set.DB, Now: env.Now()})
	p.watch.clear()
	if err != nil {
		return nil, fmt.Errorf("inventory --check: %w", inFolder(p.path, err))
	}
	inv.Notices = append(inv.Notices, r.Notices...)
	return r.Checks, nil
}

// headings say for people what each kind of advice is about.
var headings = map[inventory.CheckKind]string{
	inventory.Phantom:     "Loaded, and not declared (phantom)",
	inventory.TestPhantom: "Loaded by tests, and not declared for them",
	inventory.Zombie:      "Declared, and never loaded (zombie)",
	inventory.TestOnly:    "Required at run time, and loaded by tests only",
	inventory.Minimum:     "Minimums below a fix",
	inventory.InCore:      "Shipped with perl, where a system does not package that apart",
}

// tallies say how many there are of each kind.
var tallies = map[inventory.CheckKind]string{
	inventory.Phantom:     "%d not declared",
	inventory.TestPhantom: "%d not declared for tests",
	inventory.Zombie:      "%d never loaded",
	inventory.TestOnly:    "%d for tests only",
	inventory.Minimum:     "%d below a fix",
	inventory.InCore:      "%d in perl",
}

// printChecks writes advice for people: a block for each kind, and what was in
// doubt, and the counts.
func printChecks(p *terminal.Page, inv *inventory.Inventory, path string, checks []inventory.Check) {
	text := func(s string) terminal.Span { return terminal.Span{Text: s} }
	dim := func(s string) terminal.Span { return terminal.Span{Style: terminal.Dim, Text: s} }
	bold := func(s string) terminal.Span { return terminal.Span{Style: terminal.Bold, Text: s} }

	p.Para(text("What "), bold(path), text(" declares, against what its sources load"))
	p.Para(text(aboutPerl(&inv.Perl)))
	var counts []string
	for _, kind := range inventory.CheckKinds() {
		n := 0
		for i := range checks {
			c := &checks[i]
			if c.Kind != kind {
				continue
			}
			if n++; n == 1 {
				p.Blank()
				p.Para(bold(headings[kind]))
			}
			p.Blank()
			name := []terminal.Span{bold(string(c.Module))}
			if c.Dist != "" && strings.ReplaceAll(string(c.Module), "::", "-") != string(c.Dist) {
				name = append(name, dim("  of "+string(c.Dist)))
			}
			p.Para(name...)
			p.Item(dim("at"), text(places(c.At)))
			p.Item(dim("why"), text(c.Why))
			if c.Unless != "" {
				p.Item(dim("unless"), text(c.Unless))
			}
			if len(c.Advisories) > 0 {
				p.Item(dim("flaws"), text(some(c.Advisories, maxSeen)))
			}
			printChange(p, c)
		}
		if n > 0 {
			counts = append(counts, fmt.Sprintf(tallies[kind], n))
		}
	}
	p.Blank()
	for _, n := range inv.Notices {
		p.Item(terminal.Span{Style: terminal.Yellow, Text: "notice"}, text(strings.TrimSuffix(n.Text+" ("+places([]inventory.Evidence{n.At})+")", " ()")))
	}
	p.Blank()
	switch {
	case len(counts) > 0:
		p.Para(text(strings.Join(counts, ", ") + ". This is advice: look at each before you change it."))
	case !inv.Partial():
		p.Para(text("What is declared and what is loaded agree."))
	}
	if inv.Partial() {
		p.Para(text("Not everything could be read: there may be more to say, and some of this may be wrong."))
	}
}

// places are files and lines, without how they were read.
func places(at []inventory.Evidence) string {
	var s []string
	for _, e := range at {
		if e.File != "" {
			e.How = ""
		}
		if p := e.String(); !slices.Contains(s, p) {
			s = append(s, p)
		}
	}
	return some(s, maxSeen)
}

// printChange writes what to change, and in which file.
func printChange(p *terminal.Page, c *inventory.Check) {
	ch := c.Change
	if ch == nil {
		return
	}
	where, words := inventory.Evidence{File: ch.File, Line: ch.Line}, ""
	if ch.File != "cpanfile" && ch.After != "" {
		words = ", as a cpanfile would say it"
	}
	told := slices.ContainsFunc(c.At, func(e inventory.Evidence) bool { return e.File == ch.File && e.Line == ch.Line })
	if !told || words != "" {
		p.Item(terminal.Span{Style: terminal.Dim, Text: "in"}, terminal.Span{Text: where.String() + words})
	}
	change := func(style terminal.Style, sign, lines string) {
		for l := range strings.SplitSeq(lines, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				p.Item(terminal.Span{Style: style, Text: sign}, terminal.Span{Text: l})
			}
		}
	}
	if ch.Before == "" && ch.After == "" {
		change(terminal.Red, "-", "the requirement of "+string(c.Module))
	}
	change(terminal.Red, "-", ch.Before)
	change(terminal.Green, "+", ch.After)
}

// writeChecked writes an inventory with advice, in a format.
func writeChecked(w io.Writer, page *terminal.Page, inv *inventory.Inventory, path, format string, checks []inventory.Check) error {
	if format == "json" {
		return inv.EncodeChecked(w, path, checks)
	}
	printChecks(page, inv, path, checks)
	_, err := io.WriteString(w, page.String())
	return err
}
