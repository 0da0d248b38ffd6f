package output

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"nacre/audit"
	"nacre/terminal"
)

// The rules of the text: one line says what it comes to; then the files, those
// with the gravest findings first, and in each the findings by line, with the
// code that is meant, how the value comes there, and the change that mends it
// where there is one; then what the rules say to write instead, what is left out
// or could not be read; and last, whom to tell, and the counts.

type span = terminal.Span

func say(s terminal.Style, text string) span { return span{Style: s, Text: terminal.Visible(text)} }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// severityStyle is the colour of a severity's word.
func severityStyle(s string) terminal.Style {
	switch s {
	case "critical", "high":
		return terminal.BoldRed
	case "medium":
		return terminal.Yellow
	}
	return terminal.Plain
}

func printText(w io.Writer, s *stream, o Options) error {
	p := terminal.NewPage(o.Width, o.Color)
	p.Para(say(terminal.Bold, subject(&s.config)+": "), say(terminal.Plain, headline(s)))
	file, last := "", (*audit.Finding)(nil)
	told := s.told()
	for _, f := range told {
		if f.Likeness > 0 {
			alike(p, s.config.At(f.File), f)
			continue
		}
		if f.File != file {
			file = f.File
			p.Blank()
			head := []span{say(terminal.Bold, cmp.Or(s.config.At(file), "the release"))}
			if f.Role != "" {
				head = append(head, say(terminal.Dim, "  "+f.Role))
			}
			p.Para(head...)
			last = nil
		}
		if last != nil && again(last, f) {
			p.Item(lineLabel(f), code(f, p.Room()))
			continue
		}
		finding(p, f)
		last = f
	}
	instead(p, told, o)
	quiet(p, s)
	notes(p, s)
	end(p, s, o)
	_, err := io.WriteString(w, p.String())
	return err
}

// subject is what was looked at.
func subject(c *audit.Config) string {
	if c.Name != "" {
		return strings.TrimSpace(c.Name + " " + c.Version)
	}
	return c.Path
}

func headline(s *stream) string {
	if s.summary == nil {
		return "the audit did not finish"
	}
	n := s.summary.Counted()
	switch {
	case n > 0 && s.config.Options.Like != "":
		return count(n, "place", "places") + " like " + s.config.Options.Like
	case n > 0:
		return count(n, "finding", "findings") + " (" + severities(s.summary) + ")"
	case s.summary.Partial:
		return "nothing found in what could be read"
	case s.config.Options.Like != "" && s.summary.Files > 0:
		return fmt.Sprintf("nothing is like %s by %d %%", s.config.Options.Like, s.config.Options.Likeness)
	case s.summary.Files == 0:
		return "no Perl is there to look at"
	case s.summary.Below > 0 && s.config.Options.Confidence != audit.Possible.String():
		return "nothing " + s.config.Options.Confidence + " was found"
	}
	return "nothing found"
}

// finding writes one finding.
func finding(p *terminal.Page, f *audit.Finding) {
	p.Blank()
	p.Item(lineLabel(f),
		say(severityStyle(f.Severity), f.Severity), say(terminal.Dim, ", "+f.Confidence+"  "),
		say(terminal.Plain, f.Rule+" "), say(terminal.Dim, strings.Join(f.CWE, " ")))
	p.Item(span{}, say(terminal.Plain, sentence(f.Message)))
	if f.Code != "" {
		p.Item(span{}, code(f, p.Room()))
	}
	for i, st := range way(f) {
		label := span{}
		if i == 0 {
			label = say(terminal.Dim, "by way of")
		}
		p.Item(label, say(terminal.Dim, terminal.Cut(terminal.Visible(fmt.Sprintf("%d: %s", st.Line, untabbed(st.What))), p.Room())))
	}
	if f.Fix != nil {
		p.Item(say(terminal.Dim, "fix"), say(terminal.Plain, f.Fix.Title))
		_, hunk, _ := strings.Cut(f.Fix.Diff, "\n@@")
		for line := range strings.Lines(hunk) {
			line = strings.TrimRight(line, "\r\n")
			if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-") {
				style := terminal.Green
				if line[0] == '-' {
					style = terminal.Red
				}
				p.Item(span{}, say(style, terminal.Cut(terminal.Visible(line), p.Room())))
			}
		}
	}
}

// alike writes a place of a like shape. Such come by likeness, not by file.
func alike(p *terminal.Page, at string, f *audit.Finding) {
	p.Blank()
	head := []span{say(terminal.Bold, fmt.Sprintf("%s:%d", at, f.Line))}
	if f.Sub != "" {
		head = append(head, say(terminal.Dim, "  in "+f.Sub))
	}
	p.Item(say(terminal.Plain, fmt.Sprintf("%d %%", f.Likeness)), head...)
	p.Item(span{}, code(f, p.Room()))
}

func lineLabel(f *audit.Finding) span { return say(terminal.Dim, fmt.Sprintf("line %d", f.Line)) }

// again reports whether two findings of a file differ in their lines alone.
func again(a, b *audit.Finding) bool {
	return a.Rule == b.Rule && a.Message == b.Message && a.Severity == b.Severity && a.Confidence == b.Confidence &&
		a.Fix == nil && b.Fix == nil && slices.Equal(a.CWE, b.CWE) && b.Code != ""
}

// code is the line that is meant, from before the place that is meant where the
// line is longer than there is room.
func code(f *audit.Finding, room int) span {
	const before = 12 // columns of the line that are kept before the place
	text := untabbed(f.Code)
	if at := f.Column - 1; at > before && at < len(text) && len(text) > room {
		from := min(at-before, len(text)-room+len("..."))
		for from > 0 && !utf8.RuneStart(text[from]) {
			from--
		}
		if from > 0 {
			text = "..." + text[from:]
		}
	}
	return say(terminal.Bold, terminal.Cut(terminal.Visible(text), room))
}

// untabbed has blanks for tabs, which a terminal would be shown as text.
func untabbed(s string) string { return strings.ReplaceAll(s, "\t", " ") }

// way is how a value comes to a finding, without the finding's line itself.
func way(f *audit.Finding) []audit.Step {
	n := len(f.Steps)
	if n > 0 && f.Steps[n-1].Line == f.Line && f.Steps[n-1].What == f.Code {
		return f.Steps[:n-1]
	}
	return f.Steps
}

// sentence is a message with a full stop, and with a capital unless it begins
// with a name of the source.
func sentence(s string) string {
	if s == "" {
		return s
	}
	switch first, _, _ := strings.Cut(s, " "); first {
	case "a", "an", "the", "this", "it", "nothing", "nobody", "something", "what", "who", "no", "all", "one", "each", "every", "text", "between":
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	return s + "."
}

// quiet writes what stands by a comment or was known.
func quiet(p *terminal.Page, s *stream) {
	begun := false
	for i := range s.findings {
		f := &s.findings[i]
		if f.Allowed == nil {
			continue
		}
		if !begun {
			begun = true
			p.Blank()
			p.Para(say(terminal.Bold, "ALLOWED BY THE SOURCE"))
			p.Blank()
		}
		p.Item(say(terminal.Dim, f.Rule), say(terminal.Plain, fmt.Sprintf("%s:%d: ", s.config.At(f.File), f.Line)), say(terminal.Dim, f.Allowed.Reason))
	}
}

// notes writes what could not be read, the worse first.
func notes(p *terminal.Page, s *stream) {
	if len(s.notes) == 0 {
		return
	}
	all := slices.Clone(s.notes)
	slices.SortStableFunc(all, func(a, b audit.Note) int {
		switch {
		case a.Partial == b.Partial:
			return 0
		case a.Partial:
			return -1
		}
		return 1
	})
	p.Blank()
	p.Para(say(terminal.Bold, "NOTES"))
	p.Blank()
	for _, n := range all {
		label := say(terminal.Dim, "info")
		if n.Partial {
			label = say(terminal.Yellow, "not read")
		}
		at := s.config.At(n.File)
		if n.Line > 0 {
			at += fmt.Sprintf(":%d", n.Line)
		}
		if at != "" {
			at += ": "
		}
		p.Item(label, say(terminal.Plain, at+n.What))
	}
}

// end writes whom to tell, and the counts.
func end(p *terminal.Page, s *stream, o Options) {
	p.Blank()
	if s.summary == nil {
		p.Para(say(terminal.BoldRed, "INCOMPLETE: "), say(terminal.Plain, "the audit did not finish; this is what it had come to."))
		return
	}
	sum := s.summary
	if secret(s) {
		p.Para(say(terminal.Bold, "Report privately what is new. "), say(terminal.Plain, private(&s.config)))
		p.Blank()
	}
	if id := firstRule(s, o); id != "" {
		p.Para(say(terminal.Dim, "nacre audit explain "+id+" says what the rule looks for and why, with examples."))
		p.Blank()
	}
	if sum.Partial {
		p.Para(say(terminal.BoldRed, "INCOMPLETE: "), say(terminal.Plain, "not everything could be read; the notes say what."))
	}
	p.Para(say(terminal.Bold, counts(s)))
}

// firstRule is the gravest rule that found something and has a file; "" for none.
func firstRule(s *stream, o Options) string {
	for _, f := range byWeight(s.told()) {
		if len(o.doc(f.Rule).References) > 0 {
			return f.Rule
		}
	}
	return ""
}

// published is the rule whose findings everybody can read already: a release
// admits a version that an advisory names.
const published = "BLD03"

// secret reports whether there is something that nobody may have published.
func secret(s *stream) bool {
	return slices.ContainsFunc(s.findings, func(f audit.Finding) bool {
		return f.Rule != published
	})
}

// private says whom to tell.
func private(c *audit.Config) string {
	text := "A finding that is true is a vulnerability, and in something that others use it belongs to its maintainers first: not into a public tracker, a pull request, or code scanning that everybody can see. "
	if len(c.Contacts) > 0 {
		return text + "This release names " + strings.ReplaceAll(strings.Join(c.Contacts, ", "), "mailto:", "") + "."
	}
	return text + "Nothing here names a contact for that. The CPAN Security Group helps: cpan-security@security.metacpan.org."
}

// severities counts the findings, the gravest first; "" where there are none.
func severities(sum *audit.Summary) string {
	var all []string
	for _, c := range []struct {
		n    int
		word string
	}{{sum.Critical, "critical"}, {sum.High, "high"}, {sum.Medium, "medium"}, {sum.Low, "low"}} {
		if c.n > 0 {
			all = append(all, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	return strings.Join(all, ", ")
}

// below says what findings that are not told lack.
func below(c *audit.Config) string {
	if c.Options.Severity == audit.Low.String() {
		return "less certain (--confidence possible)"
	}
	return "less certain or less severe"
}

// counts is the summary in one line.
func counts(s *stream) string {
	c, sum := &s.config, s.summary
	found := severities(sum)
	if c.Options.Like != "" && found != "" {
		found = fmt.Sprintf("%d like it", sum.Counted())
	}
	all := []string{cmp.Or(found, "no findings")}
	for _, k := range []struct {
		n    int
		word string
	}{{sum.Allowed, "allowed"}, {sum.Known, "known before"}, {sum.Old, "in old lines"}, {sum.Below, below(c)}} {
		if k.n > 0 {
			all = append(all, fmt.Sprintf("%d %s", k.n, k.word))
		}
	}
	text := strings.Join(all, ", ") + "; " + count(sum.Files, "file", "files")
	if sum.Skipped > 0 {
		text += fmt.Sprintf(", and %s not looked at", count(sum.Skipped, "test or tool", "tests and tools"))
	}
	return text
}
