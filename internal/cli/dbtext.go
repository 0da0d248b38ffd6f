package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/terminal"
)

// printer writes text for people out of files that somebody else made.
type printer struct{ *terminal.Page }

func newPrinter(env *Env) printer { return printer{terminal.NewPage(env.Width, env.Color())} }

// flush writes the page to standard output.
func (p printer) flush(env *Env) error {
	_, err := io.WriteString(env.Stdout, p.String())
	return err
}

// title writes what a paragraph is about.
func (p printer) title(text, more string) {
	p.Para(terminal.Span{Style: terminal.Bold, Text: text}, terminal.Span{Text: more})
}

// field writes a name and what it has, if it has anything.
func (p printer) field(name, text string) {
	if text != "" {
		p.Item(terminal.Span{Style: terminal.Dim, Text: name}, terminal.Span{Text: text})
	}
}

// linef writes one line, however long.
func (p printer) linef(format string, args ...any) {
	p.Line(terminal.Span{Text: fmt.Sprintf(format, args...)})
}

// text writes a paragraph from a column on.
func (p printer) text(column int, text string) { p.At(column, terminal.Span{Text: text}) }

// record writes an advisory.
func (p printer) record(r *advisory.Record) {
	p.title(string(r.ID), "  "+r.Title)
	p.field("also", joinText(r.Aliases, ", "))
	p.field("severity", r.Severity.String())
	for _, c := range r.CVSS {
		p.field("cvss", fmt.Sprintf("%.1f %s", c.Base, c.Vector))
	}
	p.field("weakness", strings.Join(r.CWEs, ", "))
	p.field("reported", r.Reported.String())
	p.field("published", r.Published.String())
	p.field("modified", r.Modified.String())
	if r.IsWithdrawn() {
		p.field("withdrawn", strings.TrimSpace(r.Withdrawn.String()+" "+r.WithdrawnReason)+"; it matches nothing")
	}
	if r.Disputed {
		p.field("disputed", "yes")
	}
	for i := range r.Affected {
		p.affected(r, &r.Affected[i])
	}
	for _, s := range r.Sources {
		p.field("source", strings.TrimSpace(sourceText(s)+", "+strings.TrimSpace(s.ID+" "+s.File)))
	}
	for _, ref := range r.References {
		p.field("link", ref.URL)
	}
	if r.Description != "" {
		p.Blank()
		for paragraph := range strings.SplitSeq(r.Description, "\n\n") {
			p.text(2, strings.ReplaceAll(paragraph, "\n", " "))
		}
	}
}

func (p printer) affected(r *advisory.Record, a *advisory.Affected) {
	name := string(a.Dist)
	if a.Darkpan {
		name += " (not on CPAN)"
	}
	p.field("on", name)
	if l := a.Library; l != nil {
		p.field("library", l.Name+" "+joinText(l.Affected, " | "))
		for _, b := range l.Bundled {
			version := b.Version
			if version == "" {
				version = "unknown"
			}
			p.field("carries", l.Name+" "+version+" in "+b.Releases)
		}
	}
	p.field("modules", joinText(a.Modules, ", "))
	p.field("files", joinText(a.Files, ", "))
	p.field("routines", joinText(a.Routines, ", "))
	for i := range a.Statements {
		s := &a.Statements[i]
		publisher := ""
		if s.Source < len(r.Sources) {
			publisher = r.Sources[s.Source].Name + " "
		}
		text, fixed := s.Words()
		if text == "" {
			text = "versions not stated"
		}
		if fixed != "" {
			text += "; fixed in " + fixed
		}
		p.field("affected", text+" ("+publisher+s.Entry+")")
	}
}

// joinText joins names of any kind.
func joinText[T ~string](list []T, with string) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return strings.Join(texts, with)
}

// maxQuoted is the most of a user's word that a message repeats, in bytes.
const maxQuoted = 100

// quoted repeats a user's word in a message, on one line.
func quoted(s string) string {
	if len(s) > maxQuoted {
		s = strings.ToValidUTF8(s[:maxQuoted], "") + "..."
	}
	line, _ := advisory.CleanLine(s)
	return line
}

// hintFor says what a name may mean that is no distribution on record: a
// module's, or one that is spelled otherwise; "" where nobody knows.
func hintFor(ctx context.Context, d *database, name string) (string, error) {
	owner, err := d.OwnerOf(ctx, cpan.Module(name))
	if err != nil {
		return "", err
	}
	if owner != "" && string(owner) != name {
		return fmt.Sprintf("%s is a module; its distribution is %s", quoted(name), owner), nil
	}
	spelled, err := d.Spelled(ctx, []string{name})
	if err != nil {
		return "", err
	}
	if near := spelled[0]; len(near) > 0 && !slices.Contains(near, cpan.Dist(name)) {
		return fmt.Sprintf("did you mean %s?", joinText(near, " or ")), nil
	}
	if m, err := cpan.ParseModule(name); err == nil && strings.Contains(name, "::") {
		return fmt.Sprintf("%s is a module's name; its distribution may be %s", quoted(name), cpan.DistFromModule(m)), nil
	}
	return "", nil
}
