package cli

import (
	"fmt"
	"strings"

	"nacre/advice"
	"nacre/bom/schema"
	"nacre/sbom/profile"
	"nacre/terminal"
)

// gradeTexts say in words what a profile's grade is.
var gradeTexts = map[profile.Grade]string{
	profile.Passes: "passes", profile.PassesDeclared: "passes, with gaps that the bill declares", profile.Fails: "fails",
}

var gradeStyles = map[profile.Grade]terminal.Style{
	profile.Passes: terminal.Green, profile.PassesDeclared: terminal.Yellow, profile.Fails: terminal.Red,
}

// writeText tells what was found in one file.
func (k *sbomChecking) writeText(v *sbomVerdict, ok bool) error {
	p := newPrinter(k.env)
	if !k.isFirst {
		p.Line()
	}
	k.isFirst = false
	p.title(v.file, fmt.Sprintf(": %s, %s", v.bill.Format, count(v.components, "component")))
	switch {
	case v.schema == "":
		p.field("schema", "there is none for this format")
	case len(v.problems) == 0:
		p.field("schema", "followed: "+v.schema)
	default:
		n := count(len(v.problems), "place")
		if len(v.problems) == schema.MaxProblems {
			n = "more than " + n
		}
		p.Item(terminal.Span{Style: terminal.Red, Text: "schema"}, terminal.Span{Text: "not followed at " + n + ": " + v.schema})
	}
	for i, problem := range v.problems {
		if i == 2*maxShown {
			p.text(10, fmt.Sprintf("and %d more", len(v.problems)-i))
			break
		}
		p.text(10, locus(problem.Pointer, problem.Line, "")+": "+problem.Message)
	}
	p.field("rules", rulesText(v.counts))
	for _, g := range v.groups {
		printRule(p, &g)
	}
	for i := range v.reports {
		p.Blank()
		k.printReport(p, v, &v.reports[i])
	}
	return p.flush(k.env)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func rulesText(c advice.Counts) string {
	if c == (advice.Counts{}) {
		return "nothing to say"
	}
	return count(c.Errors, "error") + ", " + count(c.Warnings, "warning") + ", " + count(c.Notes, "note")
}

// printRule writes the problems of one rule.
func printRule(p printer, g *ruleGroup) {
	p.Blank()
	times := ""
	if g.n > 1 {
		times = fmt.Sprintf(" (%d times)", g.n)
	}
	p.At(2, terminal.Span{Style: levelStyles[g.level], Text: string(g.level) + " " + g.id}, terminal.Span{Text: " " + g.first[0].Message + times})
	for i, one := range g.first {
		text := locus(one.Pointer, one.Line, one.Name)
		if i > 0 && one.Message != g.first[0].Message {
			text += ": " + one.Message
		}
		p.text(4, "at "+text)
	}
	if g.first[0].How != "" {
		p.text(4, "mend: "+g.first[0].How)
	}
}

// locus is where something stands, for people.
func locus(pointer string, line int, name string) string {
	if pointer == "" {
		pointer = "the document"
	}
	if line > 0 {
		pointer += fmt.Sprintf(" (line %d)", line)
	}
	if name != "" {
		pointer += " " + name
	}
	return pointer
}

// printReport writes what a profile found, as a table.
func (k *sbomChecking) printReport(p printer, v *sbomVerdict, r *profile.Report) {
	grade := gradeTexts[r.Grade]
	if k.strict && r.Grade == profile.PassesDeclared {
		grade = "fails: gaps that the bill declares"
	}
	p.Para(terminal.Span{Style: terminal.Bold, Text: r.Profile.Title + " " + r.Profile.Version}, terminal.Span{Text: ": "},
		terminal.Span{Style: gradeStyles[r.Grade], Text: grade})
	p.text(2, fmt.Sprintf("%d%% of what is required passes, %d of %s whole", r.Score, r.Sound, count(r.Components, "component")))
	p.Line(terminal.Span{Style: terminal.Dim, Text: fmt.Sprintf("  %-35s %-9s %11s %8s %7s", "check", "level", "passed", "declared", "missing")})
	for i := range r.Tallies {
		t := &r.Tallies[i]
		if t.Asked == 0 && r.Shut {
			continue
		}
		if t.Asked == 0 {
			p.Line(terminal.Span{Style: terminal.Dim, Text: fmt.Sprintf("  %-35s %-9s %11s", t.Rule.Title, t.Rule.Level, "-")})
			continue
		}
		style := gradeStyles[t.Grade()]
		if t.Rule.Level != profile.Required && t.Grade() == profile.Fails {
			style = terminal.Plain
		}
		p.Line(terminal.Span{Style: style, Text: strings.TrimRight(fmt.Sprintf("  %-35s %-9s %11s %8s %7s", t.Rule.Title, t.Rule.Level,
			fmt.Sprintf("%d/%d", t.Passed, t.Asked), orBlank(t.Unknown+t.Redacted), orBlank(t.Failed)), " ")})
		if t.Redacted > 0 {
			p.text(4, fmt.Sprintf("%d of those declared were taken out, %d are not known", t.Redacted, t.Unknown))
		}
		if t.Rule.Level == profile.Optional || t.Failed == 0 {
			continue
		}
		for _, g := range t.First {
			text := locus(g.Pointer, g.Line, g.Name)
			if g.Note != "" {
				text += ": " + g.Note
			}
			p.text(4, text)
		}
		if more := t.Failed - len(t.First); more > 0 {
			p.text(4, fmt.Sprintf("and %d more", more))
		}
		p.text(4, "how: "+t.Rule.How)
	}
	if r.Shut {
		p.text(4, "nothing else is asked of a bill in this format")
	}
	if r.Profile.Note != "" {
		p.field("note", r.Profile.Note)
	}
}

func orBlank(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
