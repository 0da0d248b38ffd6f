package output

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nacre/report/html"
	"nacre/scan"
)

// printHTML writes one file for a browser. It needs nothing else: no script, no
// font, no picture, and its policy forbids all of them, but for its own style by
// digest. What to do stands first, then what is wrong with the worst on top.
func printHTML(w io.Writer, s *stream, _ Options) error {
	title := short(project(&s.config)) + ": " + prose(headline(s))
	p := &htmlPage{project: project(&s.config)}
	p.plan(s.fixes)
	p.findings(s)
	p.about(s)
	foot := "The scan did not finish; this is what it had come to."
	if s.summary != nil {
		foot = sentence(counts(s.summary))
	}
	return html.Write(w, title,
		html.El("a", "class", "skip", "href", "#main").Says("Skip to the content"),
		htmlHead(s),
		html.El("nav", "aria-label", "Parts of this page").Of(html.El("ul").Of(append(p.nav, html.El("li").Of(html.El("a", "href", "#about").Says("What was looked at")))...)),
		html.El("main", "id", "main").Of(p.parts...),
		html.El("footer").Of(
			html.El("p").Says(foot),
			html.El("p", "class", "quiet").Says("Written by "+short(s.config.Tool)+". This page is one file: it runs no script and asks nothing of the network."),
		),
	)
}

// htmlHead says what it comes to.
func htmlHead(s *stream) html.Node {
	h := html.El("header", "class", "top "+s.mood()).Of(
		html.El("p", "class", "kind").Says("Known vulnerabilities of Perl dependencies"),
		html.El("h1").Says(short(project(&s.config))),
		html.El("p", "class", "headline").Says(prose(sentence(headline(s)))),
	)
	if said := outlook(s); said != "" {
		h = h.Of(html.El("p").Says(prose(said)))
	}
	h = h.Of(htmlBar(s))
	if s.config.Database.Starter {
		h = h.Of(htmlWarning("Only the built-in starter set was used.", "It knows a small part of what is published."))
	}
	if s.partial() {
		h = h.Of(htmlWarning("The answer is partial.", "The notices say what could not be judged."))
	}
	return h
}

func htmlWarning(head, text string) html.Node {
	return html.El("p", "class", "warning").Of(html.El("strong").Says(head), html.Text(" "+text))
}

// htmlBar is how many findings there are of each severity, as a bar with its
// key. Where nothing is found there is none.
func htmlBar(s *stream) html.Node {
	var n [len(ranks)]int
	for i := range s.findings {
		if f := &s.findings[i]; decided(f) && rank(f.Advisory.Severity) < len(n) {
			n[rank(f.Advisory.Severity)]++
		}
	}
	var shares []html.Share
	for i, severity := range ranks {
		shares = append(shares, html.Share{Class: word(severity), N: n[i], Text: number(n[i]) + " " + word(severity)})
	}
	return html.Bar("By severity:", shares)
}

// htmlPage is what is below the head: parts, and the list of them.
type htmlPage struct {
	project    string
	nav, parts []html.Node
}

// part adds a part with a heading, and how much is in it.
func (p *htmlPage) part(id, name string, n int, kids ...html.Node) {
	if n == 0 {
		return
	}
	p.nav = append(p.nav, html.El("li").Of(html.El("a", "href", "#"+id).Says(name), html.Text(" "), html.El("span", "class", "quiet").Says(number(n))))
	head := html.El("h2", "id", id+"-h").Of(html.Text(name+" "), html.El("span", "class", "quiet").Says("("+number(n)+")"))
	p.parts = append(p.parts, html.El("section", "id", id, "aria-labelledby", id+"-h").Of(head).Of(kids...))
}

// plan lays out the fixes: first what can be done.
func (p *htmlPage) plan(fixes []scan.Fix) {
	notes, commands := shared(fixes)
	var free, blocked, stuck, kids []html.Node
	for i := range fixes {
		switch f := &fixes[i]; {
		case f.To != "":
			free = append(free, htmlFix(f, notes, commands))
		case len(f.Blocked) > 0:
			blocked = append(blocked, htmlFix(f, notes, commands))
		default:
			said := slices.DeleteFunc(append([]string{few(f.Remaining)}, notesOf(f)...), func(s string) bool { return s == "" })
			stuck = append(stuck, htmlItem(string(f.Dist)+" "+f.From, strings.Join(said, "; ")))
		}
	}
	if len(notes) > 0 {
		kids = append(kids, html.El("p", "class", "quiet").Says(prose(sentence(strings.Join(notes, "; ")))))
	}
	kids = append(kids, free...)
	if len(commands) > 0 {
		kids = append(kids, html.El("article", "class", "card").Of(
			html.El("h3").Says("With all of that in the cpanfile"), html.El("p", "class", "where").Says("Run one of"), htmlCommands(commands)))
	}
	kids = append(kids, blocked...)
	if stuck != nil {
		kids = append(kids, html.El("article", "class", "card").Of(html.El("h3").Says("No release to update to"), html.El("ul").Of(stuck...)))
	}
	p.part("fixes", "What to do", len(fixes), kids...)
}

// htmlItem is an item of a list: what, and what of it.
func htmlItem(head, text string) html.Node {
	return html.El("li").Of(html.El("strong").Says(short(strings.TrimSpace(head))+":"), html.Text(" "+prose(text)))
}

// htmlCommands are commands of which one will do.
func htmlCommands(all []string) html.Node {
	code := html.El("code")
	for _, c := range all {
		code = code.Of(html.Text(prose(c) + "\n"))
	}
	return html.El("pre").Of(code)
}

// htmlFix is one fix, without the notes and commands that are told once for all.
func htmlFix(f *scan.Fix, told, commands []string) html.Node {
	head := html.El("h3").Of(html.Text(short(f.Dist) + " "))
	from := short(f.From)
	if from == "" {
		from = "any version"
	}
	if f.To == "" {
		head = head.Of(html.El("span", "class", "move").Says(from), html.Text(" "), html.Badge("medium", "blocked"))
	} else {
		head = head.Of(html.El("span", "class", "move").Of(
			html.Text(from+" "), html.El("span", "aria-hidden", "true").Says("→"), html.El("span", "class", "hidden").Says(" to "), html.Text(" "),
			html.El("strong", "class", "good").Says(short(f.To)),
		))
	}
	x := html.El("article", "class", "card").Of(head)
	if len(f.Clears) > 0 {
		x = x.Of(html.El("p").Says("Mends " + prose(few(f.Clears)) + "."))
	}
	if len(f.Remaining) > 0 {
		x = x.Of(html.El("p").Says("Remains: " + prose(few(f.Remaining)) + "; " + unmended(f.Remaining) + "."))
	}
	for _, b := range f.Blocked {
		x = x.Of(html.El("p").Says("In the way: " + prose(blockers([]scan.Blocker{b})) + "."))
	}
	diff := f.Patch
	where := "Change in " + short(f.File)
	if diff == "" && f.After != "" {
		if f.Before != "" {
			diff = "-" + f.Before + "\n"
		} else {
			where = "Add to " + short(f.File)
		}
		diff += "+" + f.After + "\n"
	}
	if diff != "" {
		x = x.Of(html.El("p", "class", "where").Says(where), html.Diff(diff, prose))
	}
	if own := without(f.Commands, commands); len(own) > 0 {
		label := "Run one of"
		if len(commands) > 0 && f.After != "" {
			label = "Or by hand"
		}
		x = x.Of(html.El("p", "class", "where").Says(label), htmlCommands(own))
	}
	if own := without(notesOf(f), told); len(own) > 0 {
		x = x.Of(html.El("p", "class", "quiet").Says(prose(sentence(strings.Join(own, "; ")))))
	}
	return x
}

// findings lays out the findings by part, and each part by component.
func (p *htmlPage) findings(s *stream) {
	all := s.sections()
	var packages, doubtful []*withheld
	all.open, packages = withhold(all.open)
	all.unjudged, doubtful = withhold(all.unjudged)
	p.part("findings", "Findings", len(all.open), p.components(all.open)...)
	p.part("admits", "Admits vulnerable versions", len(all.admits), append(
		[]html.Node{html.El("p").Says("Which version of these is used is not known. Some that may be are affected; raise the requirement, or name the perl, to be sure.")},
		p.admitted(all.admits, s.config.Options.Strict)...)...)
	p.part("unjudged", "Could not be judged", len(all.unjudged), append(
		[]html.Node{html.El("p").Says("These are neither found to be affected nor found to be clean.")},
		p.components(all.unjudged)...)...)
	p.withheld(s, append(packages, doubtful...))
	var ignored, known []html.Node
	for _, f := range all.ignored {
		ignored = append(ignored, htmlItem(called(&f.Component)+", "+string(f.Advisory.ID), silenced(f.Ignored)))
	}
	for i := range s.findings {
		if f := &s.findings[i]; f.Known && f.Ignored == nil {
			known = append(known, htmlItem(called(&f.Component)+", "+string(f.Advisory.ID), title(&f.Advisory)))
		}
	}
	p.part("ignored", "Ignored", len(ignored), html.El("ul", "class", "plain").Of(ignored...))
	p.part("known", "Known before", len(known), html.El("ul", "class", "plain").Of(known...))
}

// components groups findings by component.
func (p *htmlPage) components(findings []*scan.Finding) []html.Node {
	var all []html.Node
	for _, of := range byComponent(findings) {
		card := p.component(of[0])
		once := sameReach(of) != ""
		if once {
			card = card.Of(htmlReach(of[0].Reach)...)
		}
		for _, f := range of {
			card = card.Of(htmlFlaw(f, once))
		}
		all = append(all, card)
	}
	return all
}

// admitted lays out findings on components whose version is not known. What a
// perl ships is much, and is told in short, unless it counts.
func (p *htmlPage) admitted(findings []*scan.Finding, strict bool) []html.Node {
	inPerl := func(f *scan.Finding) bool { return !strict && dependsOnPerl(f) }
	all := p.components(slices.DeleteFunc(slices.Clone(findings), inPerl))
	findings = slices.DeleteFunc(slices.Clone(findings), func(f *scan.Finding) bool { return !inPerl(f) })
	if len(findings) > 0 {
		all = append(all, html.El("p").Says(whichPerl))
	}
	for _, of := range byComponent(findings) {
		var flaws []html.Node
		var severities [len(ranks) + 1]int
		for _, f := range of {
			severities[rank(f.Advisory.Severity)]++
			flaws = append(flaws, htmlName(f), html.El("p").Says(prose(title(&f.Advisory))))
		}
		card := htmlCard(&of[0].Component)
		all = append(all, card.Of(html.Folded(strings.TrimSuffix(count(len(of), "flaw", "flaws")+": "+graded(&severities), ": "), html.El("div", "class", "brief").Of(flaws...))))
	}
	return all
}

// withheld lays out what only the vendors of packages can tell, by source
// package.
func (p *htmlPage) withheld(s *stream, packages []*withheld) {
	n := 0
	kids := []html.Node{html.El("p").Says("The upstream versions of these have flaws, and those who package them mend flaws without changing the version. " +
		prose(strings.Join(missing(s.config.Database.Vendors, packages), " ")))}
	for _, w := range packages {
		n += w.flaws
		facts := html.El("dl", "class", "small").Of(fact("unknown", w.told()))
		for _, of := range w.parts {
			ids := html.El("dd")
			for i, id := range of.ids {
				if i > 0 {
					ids = ids.Of(html.Text(", "))
				}
				name := html.Text(short(id))
				if uri := home(&scan.Advisory{ID: id}); uri != "" {
					name = html.Outward(uri, short(id))
				}
				ids = ids.Of(name)
			}
			facts = facts.Of(html.El("div").Of(html.El("dt").Says(short(of.called)), ids))
		}
		facts = facts.Of(fact("packages", list(w.packages)))
		if len(w.changelog) > 0 {
			facts = facts.Of(fact("changelog", "names "+list(w.changelog)+", which is weak evidence of a fix"))
		}
		facts = facts.Of(fact("reach", w.reach()))
		if uri := link(w.page); uri != "" {
			facts = facts.Of(html.El("div").Of(html.El("dt").Says("tracker"), html.El("dd").Of(html.Outward(uri, short(uri)))))
		}
		if w.counts {
			facts = facts.Of(fact("status", "decides the exit status"))
		}
		kids = append(kids, html.El("article", "class", "card").Of(
			html.El("h3").Of(html.Text(short(w.heading())+" "), html.El("span", "class", "quiet").Says("source package")), facts))
	}
	p.part("withheld", "May be mended in the package", n, kids...)
}

// component heads the findings of a component: where it was seen, and who needs
// it.
func (p *htmlPage) component(f *scan.Finding) html.Node {
	c := &f.Component
	facts := html.El("dl", "class", "small")
	var seen []string
	for i, e := range c.Evidence {
		switch {
		case c.Kind == "core" && e.File == "":
			continue // the heading says as much
		case i == maxEvidence:
			seen = append(seen, "and "+number(len(c.Evidence)-i)+" more")
		case i < maxEvidence:
			seen = append(seen, sight(e))
		}
	}
	facts = facts.Of(fact("found in", strings.Join(seen, ", ")), fact("installed", carrier(c)))
	label := "path"
	for _, path := range f.Paths {
		if c.Kind == "interpreter" || len(path) == 1 && c.Direct {
			continue
		}
		facts = facts.Of(fact(label, route(p.project, path)))
		label = "or"
	}
	if pathless(f) {
		facts = facts.Of(fact("path", "unknown, probably test or removed"))
	}
	for _, n := range c.Notes {
		if !obvious(c, n) {
			facts = facts.Of(fact("note", n))
		}
	}
	x := htmlCard(c)
	if !facts.IsEmpty() {
		x = x.Of(facts)
	}
	return x
}

// htmlCard names a component.
func htmlCard(c *scan.Component) html.Node {
	head := html.El("h3").Of(html.Text(short(called(c))))
	if known := about(c); known != "" {
		head = head.Of(html.Text(" "), html.El("span", "class", "quiet").Says(known))
	}
	return html.El("article", "class", "card").Of(head)
}

// fact is a line of a list of facts; nothing where there is no text.
func fact(head, text string, more ...html.Node) html.Node {
	if text == "" {
		return html.Node{}
	}
	return html.El("div").Of(html.El("dt").Says(head), html.El("dd").Says(prose(text)).Of(more...))
}

// htmlName heads a finding.
func htmlName(f *scan.Finding) html.Node {
	a := &f.Advisory
	name := html.El("b").Says(short(a.ID))
	if page := home(a); page != "" {
		name = html.Outward(page, short(a.ID))
	}
	return html.El("h4").Of(html.Badge(word(a.Severity), word(a.Severity)), html.Text(" "), name, html.Text(" "), html.El("span", "class", "mended").Says(remedy(f)))
}

// htmlReach is whether something is loaded, and how.
func htmlReach(r *scan.Reach) []html.Node {
	if r == nil {
		return nil
	}
	unchained := *r
	unchained.Chain = nil
	said := []html.Node{html.El("dl", "class", "small").Of(fact("reach", reached(&unchained)))}
	if len(r.Chain) > 0 {
		said = append(said, htmlChain(r))
	}
	return said
}

// htmlFlaw is one finding, without what was told of all of them already.
func htmlFlaw(f *scan.Finding, reachTold bool) html.Node {
	a := &f.Advisory
	verdict := f.Verdict.String()
	if f.Admits {
		verdict = "possible"
	}
	facts := html.El("dl", "class", "small").Of(fact(verdict, grounds(f)), fact("but", f.Disagreement))
	for _, w := range f.Warnings {
		facts = facts.Of(fact("doubt", w))
	}
	facts = facts.Of(htmlVendor(f))
	if a.Library != "" {
		facts = facts.Of(fact("library", a.Library+", bundled"))
	}
	if a.Disputed {
		facts = facts.Of(fact("disputed", "the assigner marks this record so"))
	}
	if c := score(a.CVSS); c != nil {
		facts = facts.Of(fact("CVSS "+short(c.Version), strconv.FormatFloat(c.Base, 'f', 1, 64)+" "+c.Vector))
	}
	facts = facts.Of(fact("weakness", list(a.CWEs)), fact("also", otherNames(f)), fact("also in", list(f.Also)), fact("published", a.Published.String()))
	if !f.Counts {
		facts = facts.Of(fact("status", "does not decide the exit status"))
	}
	x := html.El("div", "class", "flaw").Of(htmlName(f), html.El("p").Says(prose(title(a))), facts)
	if !reachTold {
		x = x.Of(htmlReach(f.Reach)...)
	}
	var links []html.Node
	told := map[string]bool{"": true, home(a): true}
	for _, r := range a.References {
		uri := link(r.URL)
		if told[uri] {
			continue
		}
		told[uri] = true
		item := html.El("li")
		if r.Kind != "" {
			item = item.Of(html.Text(short(strings.ToLower(r.Kind)) + ": "))
		}
		links = append(links, item.Of(html.Outward(uri, short(uri))))
	}
	if links != nil {
		x = x.Of(html.Folded("References ("+number(len(links))+")", html.El("ul").Of(links...)))
	}
	return x
}

// htmlVendor is what the maker of the package says.
func htmlVendor(f *scan.Finding) html.Node {
	if f.Vendor != nil {
		if uri := link(f.Vendor.URL); uri != "" {
			return fact("vendor", vendored(f), html.Text(" "), html.Outward(uri, "the vendor's page"))
		}
	}
	return fact("vendor", vendored(f))
}

// htmlChain is the chain of loads by which something is loaded, or may be.
func htmlChain(r *scan.Reach) html.Node {
	steps := html.El("ol")
	for _, step := range r.Chain {
		what := string(step.Module)
		if what == "" {
			what = step.File
		}
		item := html.El("li").Of(html.El("code").Says(short(place(step.At))))
		if what != "" {
			item = item.Of(html.Text(" loads " + short(what)))
		}
		if step.Test {
			item = item.Of(html.Text(" (a test)"))
		}
		steps = steps.Of(item)
	}
	head := "How it is loaded"
	if r.State != "loaded" {
		head = "How it may be loaded"
	}
	return html.Folded(head+" ("+count(len(r.Chain), "step", "steps")+")", steps)
}

// about lays out the notices, and what was looked at with which knowledge.
func (p *htmlPage) about(s *stream) {
	var notices, more []html.Node
	for i, n := range warningsFirst(s.notices) {
		item := html.El("li")
		if warns(&n) {
			item = item.Of(html.Badge("medium", "warning"), html.Text(" "))
		}
		if at := place(n.At); at != "" {
			item = item.Of(html.El("code").Says(short(at)), html.Text(": "))
		}
		item = item.Of(html.Text(prose(n.Text)))
		if n.Hint != "" {
			item = item.Of(html.El("span", "class", "quiet").Says(" Hint: " + prose(n.Hint) + "."))
		}
		if warns(&n) || i < maxInfos {
			notices = append(notices, item)
		} else {
			more = append(more, item)
		}
	}
	all := []html.Node{html.El("ul", "class", "plain").Of(notices...)}
	if more != nil {
		all = append(all, html.Folded(number(len(more))+" more", html.El("ul", "class", "plain").Of(more...)))
	}
	p.part("notices", "Notices", len(s.notices), all...)

	c, d := &s.config, &s.config.Database
	facts := html.El("dl").Of(
		fact("scanned", short(c.Path)+": "+parts(&c.Components)),
		fact("when", c.Time),
		fact("perl", perl(&c.Perl)),
		fact("database", fmt.Sprintf("%s: %s on %s, built %s, %s old", short(d.Path), count(d.Advisories, "advisory", "advisories"),
			count(d.Dists, "distribution", "distributions"), day(d.Built), count(d.AgeDays, "day", "days"))),
	)
	for _, v := range d.Vendors {
		facts = facts.Of(fact("vendor", short(v.Name)+": "+list(v.Distros)))
	}
	if sum := s.summary; sum != nil {
		facts = facts.Of(fact("on record", theDists(sum)+", of "+count(sum.Components, "component", "components")))
		if sum.Withdrawn > 0 {
			facts = facts.Of(fact("withdrawn", count(sum.Withdrawn, "record that would match", "records that would match")))
		}
		if sum.VendorFixed > 0 {
			facts = facts.Of(fact("mended", count(sum.VendorFixed, "flaw of an upstream version is", "flaws of upstream versions are")+" not in the packages, by what their vendors say"))
		}
		if sum.Hidden > 0 {
			facts = facts.Of(fact("left out", count(sum.Hidden, "finding", "findings")+" of what the project is not seen to load"))
		}
	}
	p.parts = append(p.parts, html.El("section", "id", "about", "aria-labelledby", "about-h").Of(
		html.El("h2", "id", "about-h").Says("What was looked at"), facts))
}
