package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/advisory"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/inventory/check"
	"nacre/perlver"
	"nacre/scan"
)

// kinds are the rules that advice on requirements belongs to. That perl ships a
// module is no reason to change anything.
var kinds = map[inventory.CheckKind]string{
	inventory.Phantom:     "R01",
	inventory.TestPhantom: "R02",
	inventory.Zombie:      "R03",
	inventory.TestOnly:    "R04",
	inventory.Minimum:     "A01",
}

// titles say what was found about a module.
var titles = map[inventory.CheckKind]string{
	inventory.Phantom:     "%s is loaded, and not declared",
	inventory.TestPhantom: "%s is loaded by tests, and not declared for them",
	inventory.Zombie:      "%s is declared, and never loaded",
	inventory.TestOnly:    "%s is required at run time, and only tests load it",
	inventory.Minimum:     "the range of %s admits versions with known flaws",
}

// requirements compares what is declared with what is loaded, and with what is
// known to be vulnerable.
func (e *examination) requirements(ctx context.Context) error {
	if e.inv == nil {
		return nil
	}
	opt := check.Options{Now: e.opt.Now}
	if e.opt.Data != nil {
		opt.Modules, opt.Advisories = e.opt.Data, e.opt.Data
	}
	r, err := check.Run(ctx, e.fsys, e.inv, opt)
	if err != nil {
		return err
	}
	e.notices = append(e.notices, r.Notices...)
	for i := range r.Checks {
		c := &r.Checks[i]
		id, ok := kinds[c.Kind]
		if !ok {
			continue
		}
		var at inventory.Evidence
		if len(c.At) > 0 {
			at = c.At[0]
		}
		how := c.Why
		if c.Unless != "" {
			how += ", unless " + c.Unless
		}
		if len(c.Advisories) > 0 {
			how += " (" + strings.Join(c.Advisories[:min(len(c.Advisories), 5)], ", ") + ")"
		}
		change := c.Change
		if change != nil {
			how += "; " + e.wordsOf(change)
		}
		title := fmt.Sprintf(titles[c.Kind], c.Module)
		if c.Kind == inventory.Phantom && c.Module == "perl" {
			title = "perl " + strings.TrimPrefix(strings.TrimSuffix(c.Why, ", and no minimum is declared"), "it asks for perl ") + " is asked for, and not declared"
		}
		edits := e.editsOf(change)
		if c.Kind == inventory.Minimum && change != nil && change.Line == 0 {
			edits = nil // a floor of its own would make a requirement of tests one of run time
		}
		e.add(id, at.File, at.Line, title, how, edits...)
		if c.Module == "perl" && c.Kind == inventory.Phantom {
			e.out[len(e.out)-1].Why = Rules().Of("M09").Why
		}
		if change != nil && strings.Contains(change.After, "recommends") || c.Kind == inventory.Minimum && e.isMild(c.Module) {
			e.out[len(e.out)-1].Level = advice.Note
		}
	}
	return nil
}

// isMild reports whether a minimum of a module matters less: perl ships it, so
// that its version is perl's in most places, or it is not required at run time.
func (e *examination) isMild(m cpan.Module) bool {
	if h, ok := corelist.Lookup(m); ok && h.Removed.IsZero() {
		return true
	}
	return !slices.ContainsFunc(e.inv.Edges, func(x inventory.Edge) bool {
		return x.From < 0 && x.Module == m && (x.Scope == inventory.Runtime || x.Scope == inventory.Optional)
	})
}

// wordsOf says a change in the words of the file that it is made in.
func (e *examination) wordsOf(c *inventory.Change) string {
	after := oneLine(c.After)
	if c.File != cpanfile {
		if words, ok := e.tool.list(after); ok {
			return words
		}
		switch {
		case after == "" && e.tool.file != "":
			return "take it out of " + e.tool.file
		case after != "":
			return "declare it; a cpanfile would say: " + strings.TrimSuffix(after, ";")
		}
		return "take it away"
	}
	switch {
	case after == "":
		return "take it away"
	case c.Line == 0:
		return "add " + after
	}
	return "write " + after
}

// cpanfile is the file that changes are proposed of.
const cpanfile = "cpanfile"

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// editsOf is a change as edits of the cpanfile; of other files, which may be
// programs, nothing is proposed.
func (e *examination) editsOf(c *inventory.Change) []edit {
	if c == nil || c.File != cpanfile {
		return nil
	}
	text, ok := e.text(c.File)
	switch {
	case !ok, isGenerated(text), c.Before == "" && c.After == "":
		return nil
	case c.Before == "" && c.Line == 0:
		if !e.isOpen(text, c.After) {
			return nil
		}
		return []edit{{file: c.File, after: c.After}}
	case c.Before == "":
		return nil
	}
	return []edit{{file: c.File, line: c.Line, before: c.Before, after: c.After}}
}

// isOpen reports whether a line at the end of the cpanfile means what it says,
// which is found out once for all lines.
func (e *examination) isOpen(manifest, line string) bool {
	if e.open == nil {
		_, ok := scan.AppendStatement([]byte(manifest), line)
		e.open = &ok
	}
	return *e.open
}

// isGenerated reports whether a cpanfile says that a program writes it, which
// would undo what somebody changes.
func isGenerated(manifest string) bool {
	const head = 512
	return generated().MatchString(manifest[:min(len(manifest), head)])
}

var generated = lazy(`(?i)#.*(?:generated by|do not edit)`)

// maxIDs bounds the ids that one line lists.
const maxIDs = 10

// advisories asks what is known about this distribution itself.
func (e *examination) advisories(ctx context.Context) error {
	switch {
	case e.opt.Data == nil:
		return nil // a notice says so
	case e.dist == "":
		e.notices = append(e.notices, inventory.Notice{Text: "nothing here says the distribution's name: advisories on it were not looked up", Partial: e.opt.Archive != ""})
		return nil
	}
	records, err := e.opt.Data.ForDist(ctx, e.dist)
	if err != nil {
		return fmt.Errorf("advisories on %s: %w", e.dist, err)
	}
	this, _, unreadable := perlver.Approximate(e.version)
	told := e.named()
	var unnamed, unjudged []string
	for i := range records {
		r := &records[i]
		about := r.For(e.dist)
		if r.IsWithdrawn() || about == nil {
			continue
		}
		if e.version == "" || unreadable != nil {
			unjudged = append(unjudged, string(r.ID))
		} else {
			switch v := about.Compile().Judge(this); v.Status {
			case advisory.StatusUnknown:
				unjudged = append(unjudged, string(r.ID))
			case advisory.StatusAffected, advisory.StatusContradictory:
				e.add("A02", "", 0, fmt.Sprintf("%s is on this version: %s", r.ID, r.Title), v.Reason+"; mend it in the next release, and name the id in the changelog")
				continue
			}
		}
		ids, _ := r.AliasesFor(e.dist)
		ids = append(slices.Clone(ids), r.ID)
		var cves []string
		for _, id := range ids {
			if s := string(id); strings.HasPrefix(s, "CVE-") {
				cves = append(cves, s)
			}
		}
		if len(cves) > 0 && !slices.ContainsFunc(cves, func(id string) bool { return slices.Contains(told, id) }) {
			unnamed = append(unnamed, cves[len(cves)-1])
		}
	}
	if len(unjudged) > 0 {
		e.notices = append(e.notices, inventory.Notice{Text: "whether public advisories are on this version is not known: " + some(unjudged)})
	}
	if c := e.facts.Changes; c != nil && len(unnamed) > 0 {
		e.add("C03", c.File, 0, "public advisories that it does not name: "+some(unnamed), "add the id to the entry of the release that mended it; changing what is written about the past is fine here")
	}
	return nil
}

// some lists ids in order, not all of many.
func some(ids []string) string {
	slices.Sort(ids)
	list := strings.Join(ids[:min(len(ids), maxIDs)], ", ")
	if n := len(ids) - maxIDs; n > 0 {
		list += fmt.Sprintf(" and %d more", n)
	}
	return list
}
