package output

import (
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/scan"
	"nacre/terminal"
)

// byComponent cuts sorted findings into those of each component.
func byComponent(findings []*scan.Finding) [][]*scan.Finding {
	var all [][]*scan.Finding
	for i, f := range findings {
		if i == 0 || seat(&f.Component) != seat(&findings[i-1].Component) {
			all = append(all, nil)
		}
		last := len(all) - 1
		all[last] = append(all[last], f)
	}
	return all
}

// sameReach is what several findings of a component have in common about
// whether it is loaded; "" where they are one, or differ.
func sameReach(findings []*scan.Finding) string {
	said := reached(findings[0].Reach)
	for _, f := range findings[1:] {
		if reached(f.Reach) != said {
			return ""
		}
	}
	if len(findings) == 1 {
		return ""
	}
	return said
}

// blocks writes findings, one block for each component.
func (p *page) blocks(findings []*scan.Finding) {
	for _, of := range byComponent(findings) {
		p.component(of[0], func(string) bool { return false })
		once := sameReach(of) != ""
		if once {
			p.reach(say(dim, "reach"), of[0])
		}
		for _, f := range of {
			p.finding(f, once)
		}
	}
}

// brief writes findings that are less pressing, one block for each component.
// A note that several components share is told once, and so is the reason of
// several findings.
func (p *page) brief(findings []*scan.Finding) {
	all, notes := byComponent(findings), map[string]int{}
	for _, of := range all {
		for _, n := range of[0].Component.Notes {
			if notes[n]++; notes[n] == 2 && !obvious(&of[0].Component, n) {
				p.Para(say(dim, prose(sentence(n))))
			}
		}
	}
	for _, of := range all {
		p.component(of[0], func(note string) bool { return notes[note] > 1 })
		once := sameReach(of) != ""
		if once {
			p.reach(say(dim, "reach"), of[0])
		}
		said := ""
		for _, f := range of {
			p.line(f)
			if why := grounds(f); why != said && !slices.Contains(f.Component.Notes, f.Reason) {
				p.Item(span{}, say(dim, prose(why)))
				said = why
			}
			p.doubts(f)
			if !once {
				p.reach(span{}, f)
			}
		}
	}
}

// line writes a finding in a line or two.
func (p *page) line(f *scan.Finding) {
	p.Item(grade(f.Advisory.Severity), say(bold, short(f.Advisory.ID)), say(plain, "  "+remedy(f)))
	p.Item(span{}, say(plain, prose(title(&f.Advisory))))
}

// dependsOnPerl says whether a finding would be another one if the perl were
// known.
func dependsOnPerl(f *scan.Finding) bool {
	c := &f.Component
	return c.Kind == "core" || c.Kind == "interpreter" || c.Dist == "perl"
}

// admitted writes findings on components whose version is not known. Where
// that is because the perl is not known, there are many, and no reason for each
// is told unless they count.
func (p *page) admitted(findings []*scan.Finding, strict bool) {
	inPerl := func(f *scan.Finding) bool { return !strict && dependsOnPerl(f) }
	p.brief(slices.DeleteFunc(slices.Clone(findings), inPerl))
	findings = slices.DeleteFunc(slices.Clone(findings), func(f *scan.Finding) bool { return !inPerl(f) })
	if len(findings) > 0 {
		p.Blank()
		p.Para(say(dim, whichPerl+" With --strict they count, and it is said why they are here."))
	}
	for _, of := range byComponent(findings) {
		c := &of[0].Component
		p.Blank()
		p.Para(say(bold, short(called(c))), say(dim, "  "+about(c)))
		for _, f := range of {
			p.line(f)
		}
	}
}

// whichPerl goes before what a perl may ship.
const whichPerl = "Which of these apply depends on the perl: name it with --perl."

// component heads a block, without the notes that were told already.
func (p *page) component(f *scan.Finding, told func(note string) bool) {
	c := &f.Component
	p.Blank()
	heading := []span{say(bold, short(called(c)))}
	if about := about(c); about != "" {
		heading = append(heading, say(dim, "  "+about))
	}
	p.Para(heading...)

	var seen []string
	for i, e := range c.Evidence {
		switch {
		case c.Kind == "core" && e.File == "":
			continue // the table of core modules: the heading says so
		case i == maxEvidence:
			seen = append(seen, fmt.Sprintf("and %d more", len(c.Evidence)-i))
		case i < maxEvidence:
			seen = append(seen, sight(e))
		}
	}
	if len(seen) > 0 {
		p.Item(say(dim, "found in"), say(plain, strings.Join(seen, ", ")))
	}
	if from := carrier(c); from != "" {
		p.Item(say(dim, "installed"), say(plain, short(from)))
	}
	p.paths(f)
	for _, n := range c.Notes {
		if !obvious(c, n) && !told(n) {
			p.Item(say(dim, "note"), say(plain, prose(n)))
		}
	}
}

// obvious says whether a note tells only that what perl ships has the version
// number of the module that it is named after.
func obvious(c *scan.Component, note string) bool {
	return c.Kind == "core" && strings.HasSuffix(note, " of "+string(cpan.ModuleFromDist(c.Dist)))
}

// paths writes how the project comes to need a component. Everything needs
// perl, and that the project itself requires it stands in the heading.
func (p *page) paths(f *scan.Finding) {
	c := &f.Component
	if c.Kind == "interpreter" {
		return
	}
	label := "path"
	for _, path := range f.Paths {
		if len(path) == 1 && c.Direct {
			label = "also"
			continue
		}
		p.Item(say(dim, label), say(plain, route(p.project, path)))
		label = "or"
	}
	if pathless(f) {
		p.Item(say(dim, "path"), say(plain, "unknown, probably test or removed"))
	}
}

// pathless says whether a component of a project has no path to it. What is
// installed needs none.
func pathless(f *scan.Finding) bool {
	c := &f.Component
	return len(f.Paths) == 0 && !c.Direct && c.Kind != "core" && c.Kind != "interpreter" && !c.Itself && c.Package == nil && c.Place == ""
}

// about says how a component is known, where that is not the common way.
func about(c *scan.Component) string {
	var s []string
	switch c.Kind {
	case "core":
		s = append(s, "inside perl")
	case "required":
		s = append(s, "by requirement only")
	}
	if byName(c) {
		s = append(s, "by name")
	}
	if c.Itself {
		s = append(s, "what is scanned")
	}
	if c.Direct {
		s = append(s, "required directly")
	}
	switch c.Scope {
	case "", "runtime", "merged", "shipped":
	default:
		s = append(s, "for "+short(c.Scope))
	}
	return strings.Join(s, ", ")
}

// sight is one evidence: "cpanfile.snapshot:12", "META.json (provides)". What
// the file's name says already is not said again.
func sight(e inventory.Evidence) string {
	at := short(place(e))
	how := strings.TrimSpace(strings.TrimPrefix(e.How, e.File[strings.LastIndexByte(e.File, '/')+1:]))
	switch {
	case how == "":
		return at
	case at == "":
		return short(how)
	}
	return at + " (" + short(how) + ")"
}

// route is a path from the project to a component.
func route(project string, path []string) string {
	steps := []string{short(project)}
	for _, step := range path {
		steps = append(steps, short(step))
	}
	return strings.Join(steps, " > ")
}

// finding writes one advisory of a block, without what was told of all of them
// already.
func (p *page) finding(f *scan.Finding, reachTold bool) {
	a := &f.Advisory
	p.Blank()
	p.line(f)
	if a.Library != "" {
		p.Item(span{}, say(plain, "in the bundled library "+short(a.Library)))
	}
	if a.Disputed {
		p.Item(span{}, say(plain, "disputed: the assigner marks this record so"))
	}
	verdict := say(plain, f.Verdict.String())
	if f.Verdict != advisory.StatusAffected {
		verdict.Style = yellow
	}
	p.Item(span{}, verdict, say(plain, ": "+prose(grounds(f))))
	p.doubts(f)
	if !reachTold {
		p.reach(span{}, f)
	}
	if uri := home(a); uri != "" {
		p.Item(span{}, say(dim, short(uri)))
	}
	if f.Vendor != nil {
		if uri := link(f.Vendor.URL); uri != "" {
			p.Item(span{}, say(dim, short(uri)))
		}
		if said := hearsay(f); said != "" {
			p.Item(span{}, say(dim, strings.TrimSpace(said)))
		}
	}
	if names := otherNames(f); names != "" {
		p.Item(span{}, say(dim, "also "+terminal.Cut(terminal.Visible(names), maxName)))
	}
	if !f.Counts {
		p.Item(span{}, say(dim, "does not decide the exit status"))
	}
}

// doubts writes what speaks against a verdict.
func (p *page) doubts(f *scan.Finding) {
	if f.Disagreement != "" {
		p.Item(span{}, say(yellow, "but another source says"), say(plain, ": "+prose(f.Disagreement)))
	}
	for _, warning := range f.Warnings {
		p.Item(span{}, say(yellow, "doubt"), say(plain, ": "+prose(warning)))
	}
}

// reach writes whether the project loads what is flawed, and how.
func (p *page) reach(label span, f *scan.Finding) {
	switch r := f.Reach; {
	case r == nil, untold(f):
	case r.State == "loaded" && r.What == "" && len(r.Chain) == 0 && (f.Component.Itself || f.Component.Kind == "interpreter"):
		// what is scanned, and what runs it
	default:
		p.Item(label, say(plain, prose(reached(r))))
	}
}

// untold says whether nothing that is here tells if what is flawed is loaded: in
// a project that is only locked, of most of it. The end of the page counts them.
func untold(f *scan.Finding) bool {
	r := f.Reach
	return r != nil && r.State == "unknown" && len(r.Chain) == 0 && r.At.How != "source"
}

// grounds is a finding's reason. Which of the advisory's names the range is
// from matters only where sources disagree.
func grounds(f *scan.Finding) string {
	why := f.Reason
	if f.Disagreement != "" {
		return why
	}
	for _, id := range append([]advisory.ID{f.Advisory.ID}, f.Advisory.Aliases...) {
		if id != "" {
			why = strings.ReplaceAll(why, " ("+string(id)+")", "")
		}
	}
	return why
}

// remedy says in a few words in which version a flaw is mended, of a package in
// which version of that.
func remedy(f *scan.Finding) string {
	switch {
	case f.Vendor == nil:
		return mended(&f.Fixed)
	case f.Vendor.Fixed == "":
		return "no fixed package is known"
	}
	return "fixed in package version " + short(f.Vendor.Fixed)
}

// mended says in a few words in which version a flaw is mended.
func mended(f *scan.FixedIn) string {
	switch {
	case len(f.Versions) == 0:
		return "no fixed release is known"
	case f.Basis == "inferred":
		return "fixed in " + short(list(f.Versions)) + " (inferred)"
	}
	return "fixed in " + short(list(f.Versions))
}

// fixes are the versions that mend a finding: of what a package carries those of
// the package, whatever upstream has released.
func fixes(f *scan.Finding) []string {
	switch {
	case f.Vendor == nil:
		return f.Fixed.Versions
	case f.Vendor.Fixed == "":
		return nil
	}
	return []string{f.Vendor.Fixed}
}

// otherNames are the advisory's other names. One flaw may have a CPANSA id
// for each of many distributions: those of others are counted.
func otherNames(f *scan.Finding) string {
	var names []string
	others := 0
	for _, id := range f.Advisory.Aliases {
		if id.IsCPANSA() && !strings.HasPrefix(id.Key(), "cpansa-"+strings.ToLower(string(f.Component.Dist))+"-") {
			others++
			continue
		}
		names = append(names, string(id))
	}
	if others > 0 {
		names = append(names, count(others, "CPANSA id of another distribution", "CPANSA ids of other distributions"))
	}
	return list(names)
}

// grade is a severity as a label.
func grade(s advisory.Severity) span {
	switch s {
	case advisory.SeverityCritical:
		return say(boldRed, "CRITICAL")
	case advisory.SeverityHigh:
		return say(red, "HIGH")
	case advisory.SeverityMedium:
		return say(yellow, "MEDIUM")
	case advisory.SeverityLow:
		return say(plain, "LOW")
	}
	return say(yellow, "UNRATED")
}
