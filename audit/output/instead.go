package output

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/terminal"
)

// mostInstead bounds the lines of code that are shown; explain has all.
const mostInstead = 8

// instead writes what the rules that found something say to do, the gravest
// first: of each its first words, and the code that follows them at once.
func instead(p *terminal.Page, told []*audit.Finding, o Options) {
	begun := false
	for _, f := range byWeight(told) {
		fix := slices.Collect(blocks(o.doc(f.Rule).Fix))
		if len(fix) == 0 {
			continue
		}
		if !begun {
			begun = true
			p.Blank()
			p.Para(say(terminal.Bold, "INSTEAD"))
		}
		p.Blank()
		label := say(terminal.Plain, f.Rule)
		if !fix[0].code {
			p.Item(label, say(terminal.Plain, fix[0].text))
			label, fix = span{}, fix[1:]
		}
		if len(fix) == 0 || !fix[0].code {
			continue
		}
		lines := slices.Collect(strings.Lines(fix[0].text))
		for _, line := range lines[:min(len(lines), mostInstead)] {
			p.Item(label, say(terminal.Green, terminal.Cut(terminal.Visible(strings.TrimRight(line, "\n")), p.Room())))
			label = span{}
		}
	}
}
