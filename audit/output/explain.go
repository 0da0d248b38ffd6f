package output

import (
	"strings"

	"nacre/audit"
	"nacre/terminal"
)

// Explain writes a rule's file for people.
func Explain(p *terminal.Page, d *audit.Doc) {
	p.Para(say(terminal.Bold, d.ID), say(terminal.Plain, "  "+d.Title))
	p.Para(say(terminal.Dim, strings.Join(append(append([]string{}, d.CWE...), d.CERT...), " ")))
	section := func(title, text string) {
		p.Blank()
		p.Para(say(terminal.Bold, title))
		prose(p, text)
	}
	section("What it looks for", d.What)
	section("Why", d.Why)
	example(p, "Insecure", &d.Insecure)
	example(p, "Secure", &d.Secure)
	section("What to do", d.Fix)
	if len(d.References) > 0 {
		p.Blank()
		p.Para(say(terminal.Bold, "Read more"))
		for _, r := range d.References {
			p.Line(say(terminal.Plain, "  "+r))
		}
	}
}

// prose writes a rule's text.
func prose(p *terminal.Page, text string) {
	for b := range blocks(text) {
		if !b.code {
			p.At(2, say(terminal.Plain, b.text))
			continue
		}
		for line := range strings.Lines(b.text) {
			p.Line(say(terminal.Dim, "    "+strings.TrimRight(line, "\n")))
		}
	}
}

// example writes the files of an example, without what marks what is found.
func example(p *terminal.Page, title string, c *audit.Case) {
	p.Blank()
	p.Para(say(terminal.Bold, title))
	for _, f := range c.Files {
		p.Line(say(terminal.Dim, "  "+f.Name))
		for line := range strings.Lines(string(f.Data)) {
			line, found := audit.CutWant(strings.TrimRight(line, "\r\n"))
			style := terminal.Plain
			if found {
				style = terminal.BoldRed
			}
			p.Line(say(style, "    "+line))
		}
	}
}
