package output

import (
	"fmt"
	"io"
	"strings"

	"nacre/advisory"
	"nacre/inventory"
	"nacre/scan"
	"nacre/terminal"
)

// Limits of the text for people: a value of the stream that is longer is cut,
// in columns, and of a list that is longer the rest is counted.
const (
	maxProse    = 600
	maxName     = 160
	maxEvidence = 3
)

// short cuts a name; prose cuts what people wrote.
func short[S ~string](s S) string { return terminal.Cut(terminal.Visible(string(s)), maxName) }
func prose(s string) string       { return terminal.Cut(terminal.Visible(s), maxProse) }

func printText(w io.Writer, s *stream, o Options) error {
	p := &page{Page: terminal.NewPage(o.Width, o.Color)}
	p.project = project(&s.config)
	p.head(&s.config)

	var open, admits, ignored []*scan.Finding
	for i := range s.findings {
		switch f := &s.findings[i]; {
		case f.Ignored != nil:
			ignored = append(ignored, f)
		case f.Known: // counted at the end
		case f.Admits:
			admits = append(admits, f)
		default:
			open = append(open, f)
		}
	}
	switch {
	case len(open) > 0:
		p.section("FINDINGS")
		p.blocks(open)
	case s.summary != nil:
		p.Blank()
		p.Para(span{plain, "Nothing was found that is known to be vulnerable."})
	}
	p.plan(s.fixes)
	if len(admits) > 0 {
		p.section("ADMITS VULNERABLE VERSIONS")
		p.Para(span{dim, "Known only by what is required: some of the releases that fit are affected. Raise the requirement to be sure."})
		p.blocks(admits)
	}
	p.ignored(ignored)
	p.notices(s.notices)
	p.end(s)
	_, err := io.WriteString(w, p.String())
	return err
}

// head says what was looked at, and with which knowledge.
func (p *page) head(c *scan.Config) {
	scanned := []span{{plain, "Scanned "}, {bold, short(c.Path)}}
	if c.Name != "" && c.Name != c.Path {
		scanned = append(scanned, span{plain, " (" + short(c.Name) + ")"})
	}
	p.Para(scanned...)
	p.Item(span{dim, "parts"}, span{plain, parts(&c.Components)})
	p.Item(span{dim, "perl"}, span{plain, perl(&c.Perl)})

	d := &c.Database
	size := fmt.Sprintf("%s on %s, built %s, %s old",
		count(d.Advisories, "advisory", "advisories"), count(d.Dists, "distribution", "distributions"),
		day(d.Built), count(d.AgeDays, "day", "days"))
	age := plain
	if d.Stale {
		age = yellow
	}
	if d.Starter {
		p.Item(span{dim, "database"}, span{boldRed, "ONLY THE BUILT-IN STARTER SET: "}, span{age, size}, span{
			plain,
			". It knows a small part of what is published, so finding nothing means little. " +
				"Run nacre db update for the rest.",
		})
		return
	}
	p.Item(span{dim, "database"}, span{plain, short(d.Path) + ": "}, span{age, size})
}

// parts counts what was looked at.
func parts(c *scan.Components) string {
	var s []string
	if c.Exact > 0 {
		s = append(s, count(c.Exact, "distribution", "distributions"))
	}
	if c.Required > 0 {
		s = append(s, number(c.Required)+" known only by requirement")
	}
	if c.Core > 0 {
		s = append(s, number(c.Core)+" inside perl")
	}
	if c.Interpreter > 0 {
		s = append(s, "perl itself")
	}
	if s == nil {
		return "none"
	}
	return strings.Join(s, ", ")
}

// perl says which perl the project runs on and who says so.
func perl(p *scan.Perl) string {
	s := short(p.Version)
	switch {
	case s == "":
		return "unknown: what it ships is not judged (name it with --perl)"
	case p.AtLeast:
		s += " or later"
	}
	if p.From != "" {
		s += ", by " + short(p.From)
	}
	if !p.InTable {
		s += "; what it ships is not known"
	}
	return s
}

// day is the day of a time of RFC 3339.
func day(t string) string {
	d, err := advisory.ParseDate(t)
	switch {
	case err != nil:
		return short(t)
	case d.IsZero():
		return "at an unknown time"
	}
	return d.String()
}

// section begins a part of the page.
func (p *page) section(heading string) {
	p.Blank()
	p.Para(span{bold, heading})
	p.Blank()
}

// blocks writes findings, one block for each component.
func (p *page) blocks(findings []*scan.Finding) {
	for i, f := range findings {
		if i == 0 || f.Component.Ref != findings[i-1].Component.Ref {
			p.component(f)
		}
		p.finding(f)
	}
}

// component heads a block.
func (p *page) component(f *scan.Finding) {
	c := &f.Component
	p.Blank()
	heading := []span{{bold, short(called(c))}}
	if about := about(c); about != "" {
		heading = append(heading, span{dim, "  " + about})
	}
	p.Para(heading...)

	if len(c.Evidence) > 0 {
		var seen []string
		for i, e := range c.Evidence {
			if i == maxEvidence {
				seen = append(seen, fmt.Sprintf("and %d more", len(c.Evidence)-i))
				break
			}
			seen = append(seen, sight(e))
		}
		p.Item(span{dim, "found in"}, span{plain, strings.Join(seen, ", ")})
	}
	for i, path := range f.Paths {
		label := span{dim, "path"}
		if i > 0 {
			label = span{dim, "or"}
		}
		p.Item(label, span{plain, route(p.project, path)})
	}
	if len(f.Paths) == 0 && c.Kind != "core" && c.Kind != "interpreter" {
		p.Item(span{dim, "path"}, span{plain, "unknown, probably test or removed"})
	}
	for _, n := range c.Notes {
		p.Item(span{dim, "note"}, span{plain, prose(n)})
	}
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

// finding writes one advisory of a block.
func (p *page) finding(f *scan.Finding) {
	a := &f.Advisory
	p.Blank()
	names := []span{{bold, short(a.ID)}}
	if len(a.Aliases) > 0 {
		names = append(names, span{dim, "  " + terminal.Cut(terminal.Visible(list(a.Aliases)), maxName)})
	}
	p.Item(grade(a.Severity), names...)
	p.Item(span{}, span{plain, prose(title(a))})
	if a.Library != "" {
		p.Item(span{}, span{plain, "in the bundled library " + short(a.Library)})
	}
	if a.Disputed {
		p.Item(span{}, span{plain, "disputed: the assigner marks this record so"})
	}
	verdict := span{plain, f.Verdict.String()}
	if f.Verdict != advisory.StatusAffected {
		verdict.Style = yellow
	}
	p.Item(span{}, verdict, span{plain, ": " + prose(f.Reason)})
	if f.Disagreement != "" {
		p.Item(span{}, span{yellow, "but another source says"}, span{plain, ": " + prose(f.Disagreement)})
	}
	for _, warning := range f.Warnings {
		p.Item(span{}, span{yellow, "doubt"}, span{plain, ": " + prose(warning)})
	}
	p.Item(span{}, span{plain, terminal.Cut(terminal.Visible(fixedIn(&f.Fixed)), maxProse)})
	if uri := home(a); uri != "" {
		p.Item(span{}, span{dim, short(uri)})
	}
	if !f.Counts && !f.Admits {
		p.Item(span{}, span{dim, "does not decide the exit status"})
	}
}

// grade is a severity as a label.
func grade(s advisory.Severity) span {
	switch s {
	case advisory.SeverityCritical:
		return span{boldRed, "CRITICAL"}
	case advisory.SeverityHigh:
		return span{red, "HIGH"}
	case advisory.SeverityMedium:
		return span{yellow, "MEDIUM"}
	case advisory.SeverityLow:
		return span{plain, "LOW"}
	}
	return span{yellow, "UNRATED"}
}

// plan writes the fix plan.
func (p *page) plan(fixes []scan.Fix) {
	if len(fixes) == 0 {
		return
	}
	p.section("FIX PLAN")
	note := sharedNote(fixes)
	if note != "" {
		p.Para(span{dim, sentence(note)})
	}
	for i := range fixes {
		f := &fixes[i]
		p.Blank()
		from, to := short(f.From), short(f.To)
		if from == "" {
			from = "any version"
		}
		if to == "" {
			p.Para(span{bold, short(f.Dist) + " " + from}, span{plain, "  no release that would do"})
		} else {
			p.Para(span{bold, short(f.Dist) + " " + from + " -> " + to})
		}
		if len(f.Clears) > 0 {
			p.Item(span{dim, "clears"}, span{plain, terminal.Cut(terminal.Visible(list(f.Clears)), maxProse)})
		}
		if len(f.Remaining) > 0 {
			p.Item(span{yellow, "remains"}, span{plain, terminal.Cut(terminal.Visible(list(f.Remaining)), maxProse) + ": no release is known that mends this"})
		}
		for _, b := range f.Blocked {
			p.Item(span{yellow, "blocked"}, span{plain, prose(blockers([]scan.Blocker{b}))})
		}
		p.change(f)
		for i, c := range f.Commands {
			label := span{dim, "run"}
			if i > 0 {
				label = span{dim, "or"}
			}
			p.command(label, prose(c))
		}
		if f.Note != "" && f.Note != note {
			p.Item(span{dim, "note"}, span{plain, prose(f.Note)})
		}
	}
}

// sharedNote is the note that all fixes with one carry, "" if they differ.
func sharedNote(fixes []scan.Fix) string {
	note := ""
	for _, f := range fixes {
		if f.Note != "" && note != "" && f.Note != note {
			return ""
		}
		if f.Note != "" {
			note = f.Note
		}
	}
	return note
}

// sentence gives a text a capital and a full stop.
func sentence(s string) string {
	s = prose(s)
	if s[0] >= 'a' && s[0] <= 'z' {
		s = string(s[0]-'a'+'A') + s[1:]
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// change writes the line of the cpanfile before and after.
func (p *page) change(f *scan.Fix) {
	if f.After == "" {
		return
	}
	label, at := "change", short(f.File)
	if f.Line > 0 {
		at += fmt.Sprintf(", line %d", f.Line)
	} else {
		label = "add to"
	}
	p.Item(span{dim, label}, span{plain, at})
	if f.Before != "" {
		p.Item(span{}, span{plain, "- " + prose(strings.TrimSpace(f.Before))})
	}
	p.Item(span{}, span{green, "+ " + prose(strings.TrimSpace(f.After))})
}

// command writes a command so that it can be copied: where it is too long for a
// line, it is continued as shells do, at a blank outside quotes.
func (p *page) command(label span, c string) {
	const more = " \\"
	for c != "" {
		line := c
		if len(line) > p.Room() {
			if at := lastArgument(c, p.Room()-len(more)); at > 0 {
				line = c[:at]
			}
		}
		c = strings.TrimLeft(c[len(line):], " ")
		if line = strings.TrimRight(line, " "); c != "" {
			line += more
		}
		p.Item(label, span{plain, line})
		label = span{}
	}
}

// lastArgument is where the last argument begins that has at most n bytes before
// the blank in front of it, 0 if there is none.
func lastArgument(c string, n int) int {
	at, quote := 0, byte(0)
	for i := range min(n+1, len(c)) {
		switch b := c[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"':
			quote = b
		case b == ' ':
			at = i + 1
		}
	}
	return at
}

// ignored writes what somebody has silenced, a few lines each.
func (p *page) ignored(findings []*scan.Finding) {
	if len(findings) == 0 {
		return
	}
	p.section("IGNORED")
	for _, f := range findings {
		p.Blank()
		p.Para(span{plain, short(called(&f.Component)) + "  " + short(f.Advisory.ID)})
		p.Item(span{}, span{dim, prose(silenced(f.Ignored))})
	}
}

// notices writes what the reader must know beside the findings.
func (p *page) notices(notices []scan.Notice) {
	if len(notices) == 0 {
		return
	}
	p.section("NOTICES")
	for _, n := range notices {
		label := span{dim, "info"}
		if n.Level == "warning" || n.Partial {
			label = span{yellow, "warning"}
		}
		text := prose(n.Text)
		if n.At.File != "" {
			text = short(place(n.At)) + ": " + text
		}
		p.Item(label, span{plain, text})
		if n.Hint != "" {
			p.Item(span{}, span{dim, "hint: " + prose(n.Hint)})
		}
	}
}

// end writes what it all comes to; the last line has the counts.
func (p *page) end(s *stream) {
	p.Blank()
	if s.summary == nil {
		p.Para(span{boldRed, "INCOMPLETE: the scan did not finish; this is what it had come to."})
		return
	}
	sum := s.summary
	p.Para(span{plain, fmt.Sprintf("Looked at %s; the database knows %s.",
		count(sum.Components, "component", "components"), theDists(sum))})
	if sum.Withdrawn > 0 {
		p.Para(span{plain, count(sum.Withdrawn, "record that would match is", "records that would match are") + " withdrawn."})
	}
	if sum.Partial {
		p.Para(span{boldRed, "INCOMPLETE: "}, span{plain, "not everything could be judged; the notices say what."})
	}
	p.Para(span{bold, counts(sum)})
}

// theDists says how many of the components are on record.
func theDists(s *scan.Summary) string {
	switch {
	case s.OnRecord == 0:
		return "none of their distributions"
	case s.OnRecord == s.Components:
		return "the distributions of all"
	case s.OnRecord == 1:
		return "the distribution of 1"
	}
	return "the distributions of " + number(s.OnRecord)
}

// counts is the summary in one line.
func counts(s *scan.Summary) string {
	all := []string{
		number(s.Affected) + " affected",
		number(s.Contradictory) + " contradictory",
		number(s.Unknown) + " unknown",
	}
	for _, c := range []struct {
		n    int
		word string
	}{{s.Admits, "admitted"}, {s.Ignored, "ignored"}, {s.Known, "known before"}} {
		if c.n > 0 {
			all = append(all, number(c.n)+" "+c.word)
		}
	}
	return strings.Join(all, ", ")
}
