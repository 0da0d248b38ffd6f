package output

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nacre/scan"
)

//go:embed html.css
var htmlStyle string

// printHTML writes one file for a browser. It needs nothing else: no script, no
// font, no picture, and its policy forbids all of them, but for its own style by
// digest. What to do stands first, then what is wrong with the worst on top.
func printHTML(w io.Writer, s *stream, _ Options) error {
	sum := sha256.Sum256([]byte(htmlStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	title := short(project(&s.config)) + ": " + prose(headline(s))
	head := []node{
		el("meta", "charset", "utf-8"),
		el("meta", "http-equiv", "Content-Security-Policy", "content", policy),
		el("meta", "name", "viewport", "content", "width=device-width, initial-scale=1"),
		el("meta", "name", "referrer", "content", "no-referrer"),
		el("meta", "name", "color-scheme", "content", "light dark"),
		el("title").says(title),
		{name: "style", text: htmlStyle},
	}
	p := &htmlPage{project: project(&s.config)}
	p.plan(s.fixes)
	p.findings(s)
	p.about(s)
	foot := "The scan did not finish; this is what it had come to."
	if s.summary != nil {
		foot = sentence(counts(s.summary))
	}
	return writePage(w, head, []node{
		el("a", "class", "skip", "href", "#main").says("Skip to the content"),
		htmlHead(s),
		el("nav", "aria-label", "Parts of this page").of(el("ul").of(append(p.nav, el("li").of(el("a", "href", "#about").says("What was looked at")))...)),
		el("main", "id", "main").of(p.parts...),
		el("footer").of(
			el("p").says(foot),
			el("p", "class", "quiet").says("Written by "+short(s.config.Tool)+". This page is one file: it runs no script and asks nothing of the network."),
		),
	})
}

// htmlHead says what it comes to.
func htmlHead(s *stream) node {
	h := el("header", "class", "top "+s.mood()).of(
		el("p", "class", "kind").says("Known vulnerabilities of Perl dependencies"),
		el("h1").says(short(project(&s.config))),
		el("p", "class", "headline").says(prose(sentence(headline(s)))),
	)
	if said := outlook(s); said != "" {
		h = h.of(el("p").says(prose(said)))
	}
	h = h.of(htmlBar(s))
	if s.config.Database.Starter {
		h = h.of(htmlWarning("Only the built-in starter set was used.", "It knows a small part of what is published."))
	}
	if s.partial() {
		h = h.of(htmlWarning("The answer is partial.", "The notices say what could not be judged."))
	}
	return h
}

func htmlWarning(head, text string) node {
	return el("p", "class", "warning").of(el("strong").says(head), txt(" "+text))
}

// htmlBar is how many findings there are of each severity, as a bar with its
// key. Where nothing is found there is none.
func htmlBar(s *stream) node {
	var n [len(ranks)]int
	all := 0
	for i := range s.findings {
		if f := &s.findings[i]; decided(f) && rank(f.Advisory.Severity) < len(n) {
			n[rank(f.Advisory.Severity)]++
			all++
		}
	}
	if all == 0 {
		return node{}
	}
	bar := el("svg", "viewBox", fmt.Sprintf("0 0 %d 24", all*100), "preserveAspectRatio", "none", "role", "img", "aria-labelledby", "bar-key")
	key := el("figcaption", "id", "bar-key").of(el("span", "class", "quiet").says("By severity:"))
	at := 0
	for i, severity := range ranks {
		if n[i] == 0 {
			continue
		}
		bar = bar.of(el("rect", "class", word(severity), "x", strconv.Itoa(at*100), "width", strconv.Itoa(n[i]*100), "height", "24"))
		at += n[i]
		said := number(n[i]) + " " + word(severity)
		if at < all {
			said += ","
		}
		key = key.of(txt(" "), el("span").of(el("i", "class", "dot "+word(severity)), txt(said)))
	}
	return el("figure", "class", "bar").of(bar, key)
}

// htmlPage is what is below the head: parts, and the list of them.
type htmlPage struct {
	project    string
	nav, parts []node
}

// part adds a part with a heading, and how much is in it.
func (p *htmlPage) part(id, name string, n int, kids ...node) {
	if n == 0 {
		return
	}
	p.nav = append(p.nav, el("li").of(el("a", "href", "#"+id).says(name), txt(" "), el("span", "class", "quiet").says(number(n))))
	head := el("h2", "id", id+"-h").of(txt(name+" "), el("span", "class", "quiet").says("("+number(n)+")"))
	p.parts = append(p.parts, el("section", "id", id, "aria-labelledby", id+"-h").of(head).of(kids...))
}

// plan lays out the fixes: first what can be done.
func (p *htmlPage) plan(fixes []scan.Fix) {
	notes, commands := shared(fixes)
	var free, blocked, stuck, kids []node
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
		kids = append(kids, el("p", "class", "quiet").says(prose(sentence(strings.Join(notes, "; ")))))
	}
	kids = append(kids, free...)
	if len(commands) > 0 {
		kids = append(kids, el("article", "class", "card").of(
			el("h3").says("With all of that in the cpanfile"), el("p", "class", "where").says("Run one of"), htmlCommands(commands)))
	}
	kids = append(kids, blocked...)
	if stuck != nil {
		kids = append(kids, el("article", "class", "card").of(el("h3").says("No release to update to"), el("ul").of(stuck...)))
	}
	p.part("fixes", "What to do", len(fixes), kids...)
}

// htmlItem is an item of a list: what, and what of it.
func htmlItem(head, text string) node {
	return el("li").of(el("strong").says(short(strings.TrimSpace(head))+":"), txt(" "+prose(text)))
}

// htmlCommands are commands of which one will do.
func htmlCommands(all []string) node {
	code := el("code")
	for _, c := range all {
		code = code.of(txt(prose(c) + "\n"))
	}
	return el("pre").of(code)
}

// htmlFix is one fix, without the notes and commands that are told once for all.
func htmlFix(f *scan.Fix, told, commands []string) node {
	head := el("h3").of(txt(short(f.Dist) + " "))
	from := short(f.From)
	if from == "" {
		from = "any version"
	}
	if f.To == "" {
		head = head.of(el("span", "class", "move").says(from), txt(" "), badge("medium", "blocked"))
	} else {
		head = head.of(el("span", "class", "move").of(
			txt(from+" "), el("span", "aria-hidden", "true").says("→"), el("span", "class", "hidden").says(" to "), txt(" "),
			el("strong", "class", "good").says(short(f.To)),
		))
	}
	x := el("article", "class", "card").of(head)
	if len(f.Clears) > 0 {
		x = x.of(el("p").says("Mends " + prose(few(f.Clears)) + "."))
	}
	if len(f.Remaining) > 0 {
		x = x.of(el("p").says("Remains: " + prose(few(f.Remaining)) + "; " + unmended(f.Remaining) + "."))
	}
	for _, b := range f.Blocked {
		x = x.of(el("p").says("In the way: " + prose(blockers([]scan.Blocker{b})) + "."))
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
		code := el("code")
		for text := range strings.Lines(diff) {
			text = prose(strings.TrimRight(text, "\r\n"))
			code = code.of(el("span", "class", htmlDiff(text)).says(text), txt("\n"))
		}
		x = x.of(el("p", "class", "where").says(where), el("pre").of(code))
	}
	if own := without(f.Commands, commands); len(own) > 0 {
		label := "Run one of"
		if len(commands) > 0 && f.After != "" {
			label = "Or by hand"
		}
		x = x.of(el("p", "class", "where").says(label), htmlCommands(own))
	}
	if own := without(notesOf(f), told); len(own) > 0 {
		x = x.of(el("p", "class", "quiet").says(prose(sentence(strings.Join(own, "; ")))))
	}
	return x
}

// htmlDiff is the class of a line of a patch.
func htmlDiff(text string) string {
	switch {
	case strings.HasPrefix(text, "+++ "), strings.HasPrefix(text, "--- "), strings.HasPrefix(text, "@@"):
		return "at"
	case strings.HasPrefix(text, "+"):
		return "add"
	case strings.HasPrefix(text, "-"):
		return "del"
	}
	return ""
}

// badge is a word in a colour.
func badge(class, text string) node { return el("span", "class", "badge "+class).says(text) }

// findings lays out the findings by part, and each part by component.
func (p *htmlPage) findings(s *stream) {
	all := s.sections()
	var packages, doubtful []*withheld
	all.open, packages = withhold(all.open)
	all.unjudged, doubtful = withhold(all.unjudged)
	p.part("findings", "Findings", len(all.open), p.components(all.open)...)
	p.part("admits", "Admits vulnerable versions", len(all.admits), append(
		[]node{el("p").says("Which version of these is used is not known. Some that may be are affected; raise the requirement, or name the perl, to be sure.")},
		p.admitted(all.admits, s.config.Options.Strict)...)...)
	p.part("unjudged", "Could not be judged", len(all.unjudged), append(
		[]node{el("p").says("These are neither found to be affected nor found to be clean.")},
		p.components(all.unjudged)...)...)
	p.withheld(s, append(packages, doubtful...))
	var ignored, known []node
	for _, f := range all.ignored {
		ignored = append(ignored, htmlItem(called(&f.Component)+", "+string(f.Advisory.ID), silenced(f.Ignored)))
	}
	for i := range s.findings {
		if f := &s.findings[i]; f.Known && f.Ignored == nil {
			known = append(known, htmlItem(called(&f.Component)+", "+string(f.Advisory.ID), title(&f.Advisory)))
		}
	}
	p.part("ignored", "Ignored", len(ignored), el("ul", "class", "plain").of(ignored...))
	p.part("known", "Known before", len(known), el("ul", "class", "plain").of(known...))
}

// components groups findings by component.
func (p *htmlPage) components(findings []*scan.Finding) []node {
	var all []node
	for _, of := range byComponent(findings) {
		card := p.component(of[0])
		once := sameReach(of) != ""
		if once {
			card = card.of(htmlReach(of[0].Reach)...)
		}
		for _, f := range of {
			card = card.of(htmlFlaw(f, once))
		}
		all = append(all, card)
	}
	return all
}

// admitted lays out findings on components whose version is not known. What a
// perl ships is much, and is told in short, unless it counts.
func (p *htmlPage) admitted(findings []*scan.Finding, strict bool) []node {
	inPerl := func(f *scan.Finding) bool { return !strict && dependsOnPerl(f) }
	all := p.components(slices.DeleteFunc(slices.Clone(findings), inPerl))
	findings = slices.DeleteFunc(slices.Clone(findings), func(f *scan.Finding) bool { return !inPerl(f) })
	if len(findings) > 0 {
		all = append(all, el("p").says(whichPerl))
	}
	for _, of := range byComponent(findings) {
		var flaws []node
		var severities [len(ranks) + 1]int
		for _, f := range of {
			severities[rank(f.Advisory.Severity)]++
			flaws = append(flaws, htmlName(f), el("p").says(prose(title(&f.Advisory))))
		}
		card := htmlCard(&of[0].Component)
		all = append(all, card.of(folded(strings.TrimSuffix(count(len(of), "flaw", "flaws")+": "+graded(&severities), ": "), el("div", "class", "brief").of(flaws...))))
	}
	return all
}

// withheld lays out what only the vendors of packages can tell, by source
// package.
func (p *htmlPage) withheld(s *stream, packages []*withheld) {
	n := 0
	kids := []node{el("p").says("The upstream versions of these have flaws, and those who package them mend flaws without changing the version. " +
		prose(strings.Join(missing(s.config.Database.Vendors, packages), " ")))}
	for _, w := range packages {
		n += w.flaws
		facts := el("dl", "class", "small").of(fact("unknown", w.told()))
		for _, of := range w.parts {
			ids := el("dd")
			for i, id := range of.ids {
				if i > 0 {
					ids = ids.of(txt(", "))
				}
				name := txt(short(id))
				if uri := home(&scan.Advisory{ID: id}); uri != "" {
					name = outward(uri, short(id))
				}
				ids = ids.of(name)
			}
			facts = facts.of(el("div").of(el("dt").says(short(of.called)), ids))
		}
		facts = facts.of(fact("packages", list(w.packages)))
		if len(w.changelog) > 0 {
			facts = facts.of(fact("changelog", "names "+list(w.changelog)+", which is weak evidence of a fix"))
		}
		facts = facts.of(fact("reach", w.reach()))
		if uri := link(w.page); uri != "" {
			facts = facts.of(el("div").of(el("dt").says("tracker"), el("dd").of(outward(uri, short(uri)))))
		}
		if w.counts {
			facts = facts.of(fact("status", "decides the exit status"))
		}
		kids = append(kids, el("article", "class", "card").of(
			el("h3").of(txt(short(w.heading())+" "), el("span", "class", "quiet").says("source package")), facts))
	}
	p.part("withheld", "May be mended in the package", n, kids...)
}

// component heads the findings of a component: where it was seen, and who needs
// it.
func (p *htmlPage) component(f *scan.Finding) node {
	c := &f.Component
	facts := el("dl", "class", "small")
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
	facts = facts.of(fact("found in", strings.Join(seen, ", ")), fact("installed", carrier(c)))
	label := "path"
	for _, path := range f.Paths {
		if c.Kind == "interpreter" || len(path) == 1 && c.Direct {
			continue
		}
		facts = facts.of(fact(label, route(p.project, path)))
		label = "or"
	}
	if pathless(f) {
		facts = facts.of(fact("path", "unknown, probably test or removed"))
	}
	for _, n := range c.Notes {
		if !obvious(c, n) {
			facts = facts.of(fact("note", n))
		}
	}
	x := htmlCard(c)
	if facts.kids != nil {
		x = x.of(facts)
	}
	return x
}

// htmlCard names a component.
func htmlCard(c *scan.Component) node {
	head := el("h3").of(txt(short(called(c))))
	if known := about(c); known != "" {
		head = head.of(txt(" "), el("span", "class", "quiet").says(known))
	}
	return el("article", "class", "card").of(head)
}

// fact is a line of a list of facts; nothing where there is no text.
func fact(head, text string) node {
	if text == "" {
		return node{}
	}
	return el("div").of(el("dt").says(head), el("dd").says(prose(text)))
}

// htmlName heads a finding.
func htmlName(f *scan.Finding) node {
	a := &f.Advisory
	name := el("b").says(short(a.ID))
	if page := home(a); page != "" {
		name = outward(page, short(a.ID))
	}
	return el("h4").of(badge(word(a.Severity), word(a.Severity)), txt(" "), name, txt(" "), el("span", "class", "mended").says(remedy(f)))
}

// htmlReach is whether something is loaded, and how.
func htmlReach(r *scan.Reach) []node {
	if r == nil {
		return nil
	}
	unchained := *r
	unchained.Chain = nil
	said := []node{el("dl", "class", "small").of(fact("reach", reached(&unchained)))}
	if len(r.Chain) > 0 {
		said = append(said, htmlChain(r))
	}
	return said
}

// htmlFlaw is one finding, without what was told of all of them already.
func htmlFlaw(f *scan.Finding, reachTold bool) node {
	a := &f.Advisory
	verdict := f.Verdict.String()
	if f.Admits {
		verdict = "possible"
	}
	facts := el("dl", "class", "small").of(fact(verdict, grounds(f)), fact("but", f.Disagreement))
	for _, w := range f.Warnings {
		facts = facts.of(fact("doubt", w))
	}
	facts = facts.of(htmlVendor(f))
	if a.Library != "" {
		facts = facts.of(fact("library", a.Library+", bundled"))
	}
	if a.Disputed {
		facts = facts.of(fact("disputed", "the assigner marks this record so"))
	}
	if c := score(a.CVSS); c != nil {
		facts = facts.of(fact("CVSS "+short(c.Version), strconv.FormatFloat(c.Base, 'f', 1, 64)+" "+c.Vector))
	}
	facts = facts.of(fact("weakness", list(a.CWEs)), fact("also", otherNames(f)), fact("also in", list(f.Also)), fact("published", a.Published.String()))
	if !f.Counts {
		facts = facts.of(fact("status", "does not decide the exit status"))
	}
	x := el("div", "class", "flaw").of(htmlName(f), el("p").says(prose(title(a))), facts)
	if !reachTold {
		x = x.of(htmlReach(f.Reach)...)
	}
	var links []node
	told := map[string]bool{"": true, home(a): true}
	for _, r := range a.References {
		uri := link(r.URL)
		if told[uri] {
			continue
		}
		told[uri] = true
		item := el("li")
		if r.Kind != "" {
			item = item.of(txt(short(strings.ToLower(r.Kind)) + ": "))
		}
		links = append(links, item.of(outward(uri, short(uri))))
	}
	if links != nil {
		x = x.of(folded("References ("+number(len(links))+")", el("ul").of(links...)))
	}
	return x
}

// htmlVendor is what the maker of the package says.
func htmlVendor(f *scan.Finding) node {
	said := fact("vendor", vendored(f))
	if f.Vendor == nil {
		return said
	}
	if uri := link(f.Vendor.URL); uri != "" {
		said.kids[1] = said.kids[1].of(txt(" "), outward(uri, "the vendor's page"))
	}
	return said
}

// htmlChain is the chain of loads by which something is loaded, or may be.
func htmlChain(r *scan.Reach) node {
	steps := el("ol")
	for _, step := range r.Chain {
		what := string(step.Module)
		if what == "" {
			what = step.File
		}
		item := el("li").of(el("code").says(short(place(step.At))))
		if what != "" {
			item = item.of(txt(" loads " + short(what)))
		}
		if step.Test {
			item = item.of(txt(" (a test)"))
		}
		steps = steps.of(item)
	}
	head := "How it is loaded"
	if r.State != "loaded" {
		head = "How it may be loaded"
	}
	return folded(head+" ("+count(len(r.Chain), "step", "steps")+")", steps)
}

// folded is what is shown when one asks for it; a browser does that without a
// script.
func folded(head string, kid node) node { return el("details").of(el("summary").says(head), kid) }

// outward is a link to the web, which learns nothing about this page.
func outward(uri, text string) node {
	return el("a", "href", uri, "rel", "noopener noreferrer").says(text)
}

// about lays out the notices, and what was looked at with which knowledge.
func (p *htmlPage) about(s *stream) {
	var notices, more []node
	for i, n := range warningsFirst(s.notices) {
		item := el("li")
		if warns(&n) {
			item = item.of(badge("medium", "warning"), txt(" "))
		}
		if at := place(n.At); at != "" {
			item = item.of(el("code").says(short(at)), txt(": "))
		}
		item = item.of(txt(prose(n.Text)))
		if n.Hint != "" {
			item = item.of(el("span", "class", "quiet").says(" Hint: " + prose(n.Hint) + "."))
		}
		if warns(&n) || i < maxInfos {
			notices = append(notices, item)
		} else {
			more = append(more, item)
		}
	}
	all := []node{el("ul", "class", "plain").of(notices...)}
	if more != nil {
		all = append(all, folded(number(len(more))+" more", el("ul", "class", "plain").of(more...)))
	}
	p.part("notices", "Notices", len(s.notices), all...)

	c, d := &s.config, &s.config.Database
	facts := el("dl").of(
		fact("scanned", short(c.Path)+": "+parts(&c.Components)),
		fact("when", c.Time),
		fact("perl", perl(&c.Perl)),
		fact("database", fmt.Sprintf("%s: %s on %s, built %s, %s old", short(d.Path), count(d.Advisories, "advisory", "advisories"),
			count(d.Dists, "distribution", "distributions"), day(d.Built), count(d.AgeDays, "day", "days"))),
	)
	for _, v := range d.Vendors {
		facts = facts.of(fact("vendor", short(v.Name)+": "+list(v.Distros)))
	}
	if sum := s.summary; sum != nil {
		facts = facts.of(fact("on record", theDists(sum)+", of "+count(sum.Components, "component", "components")))
		if sum.Withdrawn > 0 {
			facts = facts.of(fact("withdrawn", count(sum.Withdrawn, "record that would match", "records that would match")))
		}
		if sum.VendorFixed > 0 {
			facts = facts.of(fact("mended", count(sum.VendorFixed, "flaw of an upstream version is", "flaws of upstream versions are")+" not in the packages, by what their vendors say"))
		}
		if sum.Hidden > 0 {
			facts = facts.of(fact("left out", count(sum.Hidden, "finding", "findings")+" of what the project is not seen to load"))
		}
	}
	p.parts = append(p.parts, el("section", "id", "about", "aria-labelledby", "about-h").of(
		el("h2", "id", "about-h").says("What was looked at"), facts))
}
