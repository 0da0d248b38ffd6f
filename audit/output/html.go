package output

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/report/html"
	"nacre/terminal"
)

// maxShown is how long a text from outside may be on a page, in columns.
const maxShown = 600

func shown(s string) string { return terminal.Cut(terminal.Visible(s), maxShown) }

// printHTML writes one file for a browser: what it comes to, the files with
// their findings, the rules that spoke, and what was not read.
func printHTML(w io.Writer, s *stream, o Options) error {
	title := shown(subject(&s.config) + ": " + headline(s))
	p := &pageParts{}
	p.files(s)
	p.allowed(s)
	p.rules(s, o)
	p.notes(s)
	foot := "The audit did not finish; this is what it had come to."
	if s.summary != nil {
		foot = sentence(counts(s))
	}
	return html.Write(w, title,
		html.El("a", "class", "skip", "href", "#main").Says("Skip to the content"),
		pageHead(s),
		html.El("nav", "aria-label", "Parts of this page").Of(html.El("ul").Of(p.nav...)),
		html.El("main", "id", "main").Of(p.parts...),
		html.El("footer").Of(
			html.El("p").Says(foot),
			html.El("p", "class", "quiet").Says("Written by "+shown(s.config.Tool)+". This page is one file: it runs no script and asks nothing of the network."),
		),
	)
}

func pageHead(s *stream) html.Node {
	mood, n := "unsure", 0
	if s.summary != nil {
		n = s.summary.Counted()
		switch {
		case n > 0:
			mood = "bad"
		case !s.summary.Partial && s.summary.Files > 0:
			mood = "good"
		}
	}
	h := html.El("header", "class", "top "+mood).Of(
		html.El("p", "class", "kind").Says("Audit of Perl source"),
		html.El("h1").Says(shown(subject(&s.config))),
		html.El("p", "class", "headline").Says(shown(sentence(headline(s)))),
	)
	if s.summary != nil && s.config.Options.Like == "" {
		of := map[string]int{"critical": s.summary.Critical, "high": s.summary.High, "medium": s.summary.Medium, "low": s.summary.Low}
		var shares []html.Share
		for _, c := range []string{"critical", "high", "medium", "low"} {
			shares = append(shares, html.Share{Class: c, N: of[c], Text: strconv.Itoa(of[c]) + " " + c})
		}
		h = h.Of(html.Bar("By severity:", shares))
	}
	if secret(s) {
		h = h.Of(html.El("p", "class", "warning").Of(html.El("strong").Says("Report privately what is new."), html.Text(" "+shown(private(&s.config)))))
	}
	if s.summary == nil || s.summary.Partial {
		h = h.Of(html.El("p", "class", "warning").Of(html.El("strong").Says("The answer is partial."), html.Text(" The notes say what could not be read.")))
	}
	return h
}

// pageParts is what is below the head: parts, and the list of them.
type pageParts struct{ nav, parts []html.Node }

func (p *pageParts) part(id, name string, n int, kids ...html.Node) {
	if n == 0 {
		return
	}
	p.nav = append(p.nav, html.El("li").Of(html.El("a", "href", "#"+id).Says(name), html.Text(" "), html.El("span", "class", "quiet").Says(strconv.Itoa(n))))
	head := html.El("h2", "id", id+"-h").Of(html.Text(name+" "), html.El("span", "class", "quiet").Says("("+strconv.Itoa(n)+")"))
	p.parts = append(p.parts, html.El("section", "id", id, "aria-labelledby", id+"-h").Of(head).Of(kids...))
}

// files lays out the findings by file.
func (p *pageParts) files(s *stream) {
	var cards []html.Node
	var card html.Node
	file, n := "\x00", 0
	for _, f := range s.told() {
		n++
		if f.File != file {
			cards = append(cards, card)
			file = f.File
			card = html.El("article", "class", "card").Of(html.El("h3").Of(html.El("code").Says(shown(cmp.Or(s.config.At(file), "the release"))), html.El("span", "class", "quiet").Says(" "+shown(f.Role))))
		}
		card = card.Of(findingNode(f))
	}
	p.part("findings", "Findings", n, append(cards, card)...)
}

func findingNode(f *audit.Finding) html.Node {
	if f.Likeness > 0 {
		return html.El("div", "class", "flaw").Of(
			html.El("h4").Of(html.El("span").Says(fmt.Sprintf("line %d", f.Line)), html.El("span", "class", "mended").Says(fmt.Sprintf("%d %% alike", f.Likeness))),
			html.El("pre").Of(html.El("code").Says(shown(f.Code))),
		)
	}
	n := html.El("div", "class", "flaw").Of(
		html.El("h4").Of(html.Badge(f.Severity, f.Severity), html.El("span").Says("line "+strconv.Itoa(f.Line)),
			html.El("a", "href", "#rule-"+f.Rule).Says(f.Rule), html.El("span", "class", "mended").Says(strings.TrimSuffix(f.Confidence+", "+shown(strings.Join(f.CWE, " ")), ", "))),
		html.El("p").Says(shown(sentence(f.Message))),
	)
	if f.Code != "" {
		n = n.Of(html.El("pre").Of(html.El("code").Says(shown(untabbed(f.Code)))))
	}
	if steps := way(f); len(steps) > 0 {
		list := html.El("ul", "class", "plain")
		for _, st := range steps {
			list = list.Of(html.El("li").Of(html.Text(fmt.Sprintf("line %d: ", st.Line)), html.El("code").Says(shown(untabbed(st.What)))))
		}
		n = n.Of(html.Folded("How the value comes there", list))
	}
	if f.Fix != nil {
		n = n.Of(html.El("p", "class", "where").Says("Fix: "+shown(f.Fix.Title)), html.Diff(f.Fix.Diff, shown))
	}
	return n
}

// allowed lists what the source or the baseline lets stand.
func (p *pageParts) allowed(s *stream) {
	list, n := html.El("ul", "class", "plain"), 0
	for i := range s.findings {
		f := &s.findings[i]
		why := "known before"
		switch {
		case f.Allowed != nil:
			why = f.Allowed.Reason
		case !f.Known:
			continue
		}
		n++
		list = list.Of(html.El("li").Of(html.El("code").Says(shown(fmt.Sprintf("%s:%d", s.config.At(f.File), f.Line))), html.Text(" "+f.Rule+": "+shown(why))))
	}
	p.part("allowed", "Not counted", n, list)
}

// rules explains each rule that spoke.
func (p *pageParts) rules(s *stream, o Options) {
	seen := map[string]bool{}
	var cards []html.Node
	for i := range s.findings {
		f := &s.findings[i]
		if seen[f.Rule] {
			continue
		}
		seen[f.Rule] = true
		d := o.doc(f.Rule)
		card := html.El("article", "class", "card", "id", "rule-"+f.Rule).Of(html.El("h3").Says(f.Rule + ": " + shown(f.Title)))
		for _, part := range []struct{ head, text string }{{"What", d.What}, {"Why", d.Why}, {"What to do", d.Fix}} {
			if part.text != "" {
				card = card.Of(html.El("h4").Says(part.head)).Of(paragraphs(part.text)...)
			}
		}
		cards = append(cards, card)
	}
	p.part("rules", "Rules", len(cards), cards...)
}

// paragraphs is a little Markdown: paragraphs and code.
func paragraphs(text string) []html.Node {
	var all []html.Node
	for part := range blocks(text) {
		if part.code {
			all = append(all, html.El("pre").Of(html.El("code").Says(part.text)))
		} else {
			all = append(all, inline(html.El("p"), part.text))
		}
	}
	return all
}

// inline gives a paragraph its text, with what stands in backticks as code.
func inline(n html.Node, text string) html.Node {
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			n = n.Of(html.El("code").Says(part))
		} else {
			n = n.Of(html.Text(part))
		}
	}
	return n
}

// notes lists what could not be read.
func (p *pageParts) notes(s *stream) {
	list := html.El("ul", "class", "plain")
	for _, n := range s.notes {
		item := html.El("li")
		if n.Partial {
			item = item.Of(html.Badge("medium", "not read"), html.Text(" "))
		}
		if n.File != "" {
			at := s.config.At(n.File)
			if n.Line > 0 {
				at += fmt.Sprintf(":%d", n.Line)
			}
			item = item.Of(html.El("code").Says(shown(at)), html.Text(" "))
		}
		list = list.Of(item.Of(html.Text(shown(n.What))))
	}
	p.part("notes", "Notes", len(s.notes), list)
}
