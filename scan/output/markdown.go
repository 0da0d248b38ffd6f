package output

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/scan"
	"nacre/terminal"
)

// Bounds of a Markdown document, in bytes. GitHub refuses a comment of more
// than 65,536 characters; each part of the document has its share, and what does
// not fit is counted.
const (
	maxTable    = 20_000
	maxPlan     = 38_000
	maxDoubtful = 48_000
	maxMarkdown = 58_000
)

// markdown is a document in the making.
type markdown struct {
	b    strings.Builder
	full bool // something did not fit
}

// add adds a piece if the document stays within a bound.
func (m *markdown) add(bound int, piece string) bool {
	if m.b.Len()+len(piece) > bound {
		m.full = true
		return false
	}
	m.b.WriteString(piece)
	return true
}

func printMarkdown(w io.Writer, s *stream, _ Options) error {
	m := &markdown{}
	m.head(s)
	parts := s.sections()
	told := slices.Concat(parts.open, parts.admits, parts.unjudged)
	var packages, doubtful []*withheld
	parts.open, packages = withhold(parts.open)
	parts.unjudged, doubtful = withhold(parts.unjudged)
	m.table(maxTable, "", parts.open)
	m.plan(s.fixes)
	m.table(maxDoubtful, "Admits vulnerable versions", parts.admits)
	m.table(maxDoubtful, "Could not be judged", parts.unjudged)
	m.withheld(s, append(packages, doubtful...))
	m.details("How they got here, and why", told, func(f *scan.Finding) string { return detail(project(&s.config), f) })
	m.details("Ignored", parts.ignored, func(f *scan.Finding) string {
		return "- " + strong(called(&f.Component)) + ": " + named(&f.Advisory) + ", " + quiet(silenced(f.Ignored), maxProse) + "\n"
	})
	m.notices(s.notices)
	m.foot(s)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// head says what it comes to.
func (m *markdown) head(s *stream) {
	m.b.WriteString("## Perl dependencies: " + headline(s) + "\n\n")
	if said := outlook(s); said != "" {
		m.b.WriteString(said + "\n\n")
	}
	if s.config.Database.Starter {
		m.b.WriteString("> **Only the built-in starter set was used.** It knows a small part of what is published.\n\n")
	}
	if s.partial() {
		m.b.WriteString("> **The answer is partial.** The notices say what could not be judged.\n\n")
	}
}

// table lists findings.
func (m *markdown) table(bound int, heading string, findings []*scan.Finding) {
	if len(findings) == 0 {
		return
	}
	if heading != "" {
		m.add(bound, "### "+heading+"\n\n")
	}
	m.add(bound, "| Severity | Component | Advisory | What | Fixed in |\n|---|---|---|---|---|\n")
	for i, f := range findings {
		a := &f.Advisory
		what := quiet(title(a), 200)
		if f.Verdict != advisory.StatusAffected {
			what = "**" + f.Verdict.String() + "**: " + what
		}
		fixed := "none known"
		if v := fixes(f); len(v) > 0 {
			fixed = code(list(v))
		}
		row := "| " + word(a.Severity) + " | " + strong(called(&f.Component)) + " | " + named(a) + " | " + what + " | " + fixed + " |\n"
		if !m.add(bound, row) {
			m.b.WriteString(fmt.Sprintf("\n%s more, which do not fit here.\n", number(len(findings)-i)))
			break
		}
	}
	m.b.WriteString("\n")
}

// plan lists fixes.
func (m *markdown) plan(fixes []scan.Fix) {
	if len(fixes) == 0 {
		return
	}
	m.b.WriteString("### Fix plan\n\n")
	notes, _ := shared(fixes)
	if len(notes) > 0 {
		m.b.WriteString(quiet(sentence(strings.Join(notes, "; ")), maxProse) + "\n\n")
	}
	for i := range fixes {
		if !m.add(maxPlan, markdownFix(&fixes[i])) {
			m.b.WriteString(fmt.Sprintf("- %s more, which do not fit here.\n", number(len(fixes)-i)))
			break
		}
	}
	m.b.WriteString("\n")
}

// markdownFix is one item of the plan.
func markdownFix(f *scan.Fix) string {
	var b strings.Builder
	b.WriteString("- " + strong(string(f.Dist)) + " " + code(f.From))
	if f.To != "" {
		b.WriteString(" to " + code(f.To) + " clears " + quiet(few(f.Clears), maxProse))
	} else {
		b.WriteString(": no release that would do")
	}
	if len(f.Remaining) > 0 {
		b.WriteString("; no release is known that mends " + quiet(few(f.Remaining), maxProse))
	}
	if len(f.Blocked) > 0 {
		b.WriteString("; blocked: " + quiet(blockers(f.Blocked), maxProse))
	}
	b.WriteString("\n")
	diff := f.Patch
	if diff == "" && f.After != "" {
		if f.Before != "" {
			diff = "-" + f.Before + "\n"
		}
		diff += "+" + f.After + "\n"
	}
	if diff != "" {
		b.WriteString("\n" + fenced("diff", diff))
	}
	if len(f.Commands) > 0 {
		b.WriteString("\n" + fenced("sh", strings.Join(f.Commands, "\n# or\n")))
	}
	return b.String()
}

// details folds a list away.
func (m *markdown) details(heading string, findings []*scan.Finding, one func(*scan.Finding) string) {
	if len(findings) == 0 {
		return
	}
	const end = "\n</details>\n\n"
	if !m.add(maxMarkdown, "<details><summary>"+heading+" ("+number(len(findings))+")</summary>\n\n") {
		return
	}
	for i, f := range findings {
		if !m.add(maxMarkdown, one(f)) {
			m.b.WriteString(fmt.Sprintf("- %s more, which do not fit here.\n", number(len(findings)-i)))
			break
		}
	}
	m.b.WriteString(end)
}

// detail is where a finding comes from.
func detail(project string, f *scan.Finding) string {
	var b strings.Builder
	c := &f.Component
	b.WriteString("- " + strong(called(c)) + ", " + named(&f.Advisory) + ": " + f.Verdict.String() + ", " + quiet(reason(f)+loading(f), maxProse) + "\n")
	for i, e := range c.Evidence {
		if i == maxEvidence {
			break
		}
		b.WriteString("  - in " + code(place(e)) + "\n")
	}
	for _, path := range f.Paths {
		b.WriteString("  - by " + quiet(route(project, path), maxProse) + "\n")
	}
	if pathless(f) {
		b.WriteString("  - path unknown, probably test or removed\n")
	}
	return b.String()
}

// notices lists what the reader must know.
func (m *markdown) notices(notices []scan.Notice) {
	if len(notices) == 0 {
		return
	}
	if !m.add(maxMarkdown, "<details><summary>Notices ("+number(len(notices))+")</summary>\n\n") {
		return
	}
	for i, n := range warningsFirst(notices) {
		line := "- "
		if warns(&n) {
			line += "**warning** "
		}
		if n.At.File != "" {
			line += code(place(n.At)) + ": "
		}
		line += quiet(n.Text, maxProse)
		if n.Hint != "" {
			line += " (hint: " + quiet(n.Hint, maxProse) + ")"
		}
		if !m.add(maxMarkdown, line+"\n") {
			m.b.WriteString(fmt.Sprintf("- %s more, which do not fit here.\n", number(len(notices)-i)))
			break
		}
	}
	m.b.WriteString("\n</details>\n\n")
}

// foot says what was looked at, with which knowledge.
func (m *markdown) foot(s *stream) {
	if m.full {
		m.b.WriteString("This is an extract: run nacre scan for all of it.\n\n")
	}
	d := &s.config.Database
	looked := quiet(s.config.Path, maxName)
	if s.summary != nil {
		looked = count(s.summary.Components, "component", "components") + " of " + looked + "; " + counts(s.summary)
	}
	m.b.WriteString(fmt.Sprintf("Looked at %s. Database: %s, %s, built %s, %s old.\n",
		looked, quiet(d.Path, maxName), count(d.Advisories, "advisory", "advisories"), quiet(day(d.Built), maxName), count(d.AgeDays, "day", "days")))
}

// named is an advisory's id, as a link where there is a page.
func named(a *scan.Advisory) string {
	id := quiet(string(a.ID), maxName)
	if uri := home(a); uri != "" {
		// link leaves no bracket, parenthesis or blank; star and underscore
		// do nothing inside the target of a link.
		return "[" + id + "](" + uri + ")"
	}
	return id
}

func strong(s string) string { return "**" + quiet(s, maxName) + "**" }

func code(s string) string { return "<code>" + quiet(s, maxName) + "</code>" }

// quiet makes a text from outside mean nothing to Markdown or HTML and tell
// nobody: every character that either could act upon is written as a number,
// and what services make links of on their own (@name, #1, www.) is broken by a
// space of no width. It never stands at the beginning of a line, where more
// would have a meaning.
func quiet(s string, n int) string {
	s = terminal.Cut(terminal.Visible(s), n)
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '@' || r == '#':
			fmt.Fprintf(&b, "&#%d;&#8203;", r)
		case r == '.' && endsFold(s[:i], "www"):
			b.WriteString("&#8203;.")
		case strings.ContainsRune("\\`*_[]<>&|~$", r),
			r == ':' && (strings.HasPrefix(s[i+1:], "/") || endsFold(s[:i], "mailto") || endsFold(s[:i], "xmpp")):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func endsFold(s, end string) bool {
	return len(s) >= len(end) && strings.EqualFold(s[len(s)-len(end):], end)
}

// fenced is a block of code; the fence is longer than any in the text. Its
// lines stay lines, everything else that is not printable is made visible.
func fenced(language, text string) string {
	if text == "" {
		return ""
	}
	var lines []string
	longest, run := 2, 0
	for line := range strings.Lines(text) {
		line = terminal.Visible(strings.TrimSuffix(line, "\n"))
		lines = append(lines, "  "+terminal.Cut(line, maxProse))
	}
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := "  " + strings.Repeat("`", longest+1)
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n"
}
