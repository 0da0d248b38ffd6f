package build

import (
	"fmt"
	"slices"

	"nacre/audit"
	"nacre/audit/requirement"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/meta"
	"nacre/perlver"
)

// zero is the version that asks for any.
var zero, _ = perlver.Parse("0")

// low is a requirement whose minimum has flaws, and the version in which the last
// of them is fixed.
type low struct {
	at    meta.Prereq
	least perlver.Version
	flaws []flaw
	fixed perlver.Version
}

// minimums finds requirements whose minimum lets in versions with published flaws:
// one finding of a module, and one of modules that share their flaws.
func minimums(p *audit.Pass) {
	stated := requirement.Of(p.Release)
	all := lows(stated)
	var flaws []flaw
	for _, l := range all {
		flaws = append(flaws, l.flaws...)
	}
	used, known := uses(p.Release, flaws)
	told := map[string]bool{} // ids
	report := func(l low, flaws []flaw, sure audit.Confidence, but string) {
		if !slices.ContainsFunc(flaws, func(f flaw) bool { return !told[f.id] }) {
			return
		}
		for _, f := range l.flaws {
			told[f.id] = true
		}
		p.Report(audit.Found{
			Path: stated.File, Line: l.at.Line, Confidence: sure, Severity: audit.Medium,
			Message: fmt.Sprintf("the requirement of %s %s lets in versions with %s; %s", l.at.Module, l.least, list(flaws), remedy(l, flaws)+but),
			Fix:     raised(p.Release, l),
		})
	}
	for _, l := range all {
		report(l, slices.DeleteFunc(slices.Clone(l.flaws), func(f flaw) bool { return known && !used[f] }), audit.Likely, "")
	}
	for _, l := range all {
		report(l, l.flaws, audit.Possible, "; nothing that is installed here seems to use what they are in")
	}
}

// remedy says which version to ask for, where some of its flaws are told.
func remedy(l low, told []flaw) string {
	switch {
	case l.fixed.IsAlpha():
		return "ask for a stable release after " + l.fixed.String()
	case slices.ContainsFunc(told, func(f flaw) bool { return f.fixed == l.fixed.String() }):
		return "ask for " + l.fixed.String()
	}
	return "ask for " + l.fixed.String() + ", where others are fixed, too"
}

// lows gives the requirements that are too low, the greatest minimum of a module.
func lows(stated requirement.Stated) []low {
	known := table(fixedText)
	var all []low
	for _, r := range stated.Prereqs {
		if r.Err != nil || known[string(r.Module)] == nil {
			continue
		}
		least, at, ok := stated.Least(string(r.Module))
		if !ok || at.Line != r.Line || at.Range != r.Range || least.Equal(zero) {
			continue // no minimum is meant, or another line has a greater one
		}
		flaws, fixed := below(slices.DeleteFunc(slices.Clone(known[string(r.Module)]), func(f flaw) bool {
			from, _, ok := f.begins()
			return ok && !f.isIn(least) && !r.Requirement.Accepts(from)
		}), least)
		if len(flaws) == 0 || !r.Requirement.Accepts(least) || ships(stated, string(r.Module), fixed) {
			continue
		}
		all = append(all, low{r, least, flaws, fixed})
	}
	return all
}

// ships reports whether every perl that the release runs on brings the module at a
// version or a later one.
func ships(stated requirement.Stated, module string, version perlver.Version) bool {
	perl, _, ok := stated.Least("perl")
	if !ok {
		return false
	}
	texts, always := corelist.VersionsSince(perl, cpan.Module(module))
	if !always || len(texts) == 0 {
		return false
	}
	for _, text := range texts {
		if v, err := perlver.Parse(text); err != nil || v.Compare(version) < 0 {
			return false
		}
	}
	return true
}
