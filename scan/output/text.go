package output

import (
	"fmt"
	"io"
	"strings"

	"nacre/advisory"
	"nacre/scan"
	"nacre/terminal"
)

// Limits of the text for people: a value of the stream that is longer is cut,
// in columns, and of a list that is longer the rest is counted.
const (
	maxProse    = 600
	maxName     = 160
	maxEvidence = 3
	maxInfos    = 20 // notices, with all warnings
)

// short cuts a name; prose cuts what people wrote.
func short[S ~string](s S) string { return terminal.Cut(terminal.Visible(string(s)), maxName) }
func prose(s string) string       { return terminal.Cut(terminal.Visible(s), maxProse) }

// printText writes the text for people: first what it comes to, then what was
// looked at, what is wrong with the worst on top, what to do about it, and then
// what is less certain or less pressing. The counts are the last line, where a
// terminal shows them.
func printText(w io.Writer, s *stream, o Options) error {
	p := &page{Page: terminal.NewPage(o.Width, o.Color)}
	p.project = project(&s.config)
	p.head(s)

	parts := s.sections()
	var packages, doubtful []*withheld
	parts.open, packages = withhold(parts.open)
	parts.unjudged, doubtful = withhold(parts.unjudged)
	if len(parts.open) > 0 {
		p.section("FINDINGS")
		p.blocks(parts.open)
	}
	p.plan(s.fixes)
	if len(parts.admits) > 0 {
		p.section("ADMITS VULNERABLE VERSIONS")
		p.Para(say(dim, "Which version of these is used is not known. Some that may be are affected; raise the requirement, or name the perl, to be sure."))
		p.admitted(parts.admits, s.config.Options.Strict)
	}
	if len(parts.unjudged) > 0 {
		p.section("COULD NOT BE JUDGED")
		p.brief(parts.unjudged)
	}
	p.withheld(s, append(packages, doubtful...))
	p.ignored(parts.ignored)
	p.notices(s.notices)
	p.end(s)
	_, err := io.WriteString(w, p.String())
	return err
}

// head says what it comes to, what was looked at, and with which knowledge.
func (p *page) head(s *stream) {
	c, style := &s.config, boldRed
	switch s.mood() {
	case "unsure":
		style = yellow
	case "good":
		style = green
	}
	p.Para(say(bold, short(p.project)+": "), say(style, headline(s)))
	if said := outlook(s); said != "" {
		p.Para(say(plain, said))
	}
	p.Blank()
	p.Item(say(dim, "scanned"), say(plain, short(c.Path)+": "+parts(&c.Components)))
	p.Item(say(dim, "perl"), say(plain, perl(&c.Perl)))

	d := &c.Database
	size := fmt.Sprintf("%s on %s, built %s, %s old",
		count(d.Advisories, "advisory", "advisories"), count(d.Dists, "distribution", "distributions"),
		day(d.Built), count(d.AgeDays, "day", "days"))
	from := say(plain, short(d.Path)+": ")
	if d.Starter {
		from = say(boldRed, "ONLY THE BUILT-IN STARTER SET: ")
	}
	age := plain
	if d.Stale {
		age = yellow
	}
	p.Item(say(dim, "database"), from, say(age, size))
	for _, v := range d.Vendors {
		p.Item(say(dim, "vendor"), say(plain, short(v.Name)+": "+prose(list(v.Distros))))
	}
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
	p.Para(say(bold, heading))
	p.Blank()
}

// ignored writes what somebody has silenced, a few lines each.
func (p *page) ignored(findings []*scan.Finding) {
	if len(findings) == 0 {
		return
	}
	p.section("IGNORED")
	for _, f := range findings {
		p.Blank()
		p.Para(say(plain, short(called(&f.Component))+"  "+short(f.Advisory.ID)))
		p.Item(span{}, say(dim, prose(silenced(f.Ignored))))
	}
}

// notices writes what the reader must know beside the findings.
func (p *page) notices(notices []scan.Notice) {
	if len(notices) == 0 {
		return
	}
	p.section("NOTICES")
	for i, n := range warningsFirst(notices) {
		if i >= maxInfos && !warns(&n) {
			p.Item(say(dim, "info"), say(plain, number(len(notices)-i)+" more: nacre scan --format json tells them, too"))
			break
		}
		label := say(dim, "info")
		if warns(&n) {
			label = say(yellow, "warning")
		}
		text := prose(n.Text)
		if n.At.File != "" {
			text = short(place(n.At)) + ": " + text
		}
		p.Item(label, say(plain, text))
		if n.Hint != "" {
			p.Item(span{}, say(dim, "hint: "+prose(n.Hint)))
		}
	}
}

// end writes what it all comes to; the last line has the counts.
func (p *page) end(s *stream) {
	p.Blank()
	if s.summary == nil {
		p.Para(say(boldRed, "INCOMPLETE: the scan did not finish; this is what it had come to."))
		return
	}
	sum := s.summary
	p.Para(say(plain, fmt.Sprintf("Looked at %s; the database knows %s.",
		count(sum.Components, "component", "components"), theDists(sum))))
	if sum.VendorFixed > 0 {
		p.Para(say(plain, count(sum.VendorFixed, "flaw of an upstream version is", "flaws of upstream versions are")+" not in the packages, by what their vendors say."))
	}
	if sum.Withdrawn > 0 {
		p.Para(say(plain, count(sum.Withdrawn, "record that would match is", "records that would match are")+" withdrawn."))
	}
	if n := s.untold(); n > 0 {
		p.Para(say(plain, "Whether it is loaded, nothing that is here tells of "+count(n, "finding", "findings")+"."))
	}
	if sum.Partial {
		p.Para(say(boldRed, "INCOMPLETE: "), say(plain, "not everything could be judged; the notices say what."))
	}
	p.Para(say(bold, counts(sum)))
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
	}{{s.Admits, "admitted"}, {s.Ignored, "ignored"}, {s.Known, "known before"}, {s.Hidden, "left out as not loaded"}} {
		if c.n > 0 {
			all = append(all, number(c.n)+" "+c.word)
		}
	}
	return strings.Join(all, ", ")
}
