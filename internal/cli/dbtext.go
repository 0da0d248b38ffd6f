package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"nacre/advisory"
	"nacre/cpan"
)

// printer writes text for people in lines of a width. What it writes comes out
// of a file that somebody else made: characters that act on a terminal are
// dropped.
type printer struct {
	w     io.Writer
	width int // 0 is 80
}

func (p *printer) blank() { fmt.Fprintln(p.w) }

// line writes text after an indent, broken between words; further lines are
// indented by more.
func (p *printer) line(indent, more int, text string) {
	text, _ = advisory.CleanLine(text)
	width := p.width
	if width <= 0 {
		width = 80
	}
	prefix, used := strings.Repeat(" ", indent), 0
	var b strings.Builder
	b.WriteString(prefix)
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if used > 0 && len(prefix)+used+1+n > width {
			fmt.Fprintln(p.w, b.String())
			b.Reset()
			prefix, used = strings.Repeat(" ", indent+more), 0
			b.WriteString(prefix)
		}
		if used > 0 {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
}

// labelWidth is the width of the column of names.
const labelWidth = 12

// field writes a name and what it has; further lines stand below the latter.
func (p *printer) field(name, text string) {
	if text == "" {
		return
	}
	text, _ = advisory.CleanLine(text)
	sub := printer{w: &strings.Builder{}, width: p.width}
	sub.line(labelWidth, 0, text)
	block := sub.w.(*strings.Builder).String()
	fmt.Fprint(p.w, name+block[min(len(name), labelWidth-1):])
}

// record writes an advisory.
func (p *printer) record(r *advisory.Record) {
	p.line(0, 2, string(r.ID)+"  "+r.Title)
	p.field("also", joinText(r.Aliases, ", "))
	p.field("severity", r.Severity.String())
	for _, c := range r.CVSS {
		p.field("cvss", fmt.Sprintf("%.1f %s", c.Base, c.Vector))
	}
	p.field("weaknesses", strings.Join(r.CWEs, ", "))
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
		p.blank()
		for paragraph := range strings.SplitSeq(r.Description, "\n\n") {
			p.line(2, 0, paragraph)
		}
	}
}

func (p *printer) affected(r *advisory.Record, a *advisory.Affected) {
	name := string(a.Dist)
	if a.Darkpan {
		name += " (not on CPAN)"
	}
	p.field("on", name)
	if l := a.Library; l != nil {
		p.field("  library", l.Name+" "+joinText(l.Affected, " | "))
		for _, b := range l.Bundled {
			version := b.Version
			if version == "" {
				version = "unknown"
			}
			p.field("  carries", l.Name+" "+version+" in "+b.Releases)
		}
	}
	p.field("  modules", joinText(a.Modules, ", "))
	p.field("  files", joinText(a.Files, ", "))
	p.field("  routines", joinText(a.Routines, ", "))
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
		p.field("  affected", text+" ("+publisher+s.Entry+")")
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

// names is what is asked of a database about names that it may not have.
type names interface {
	OwnerOf(cpan.Module) (cpan.Dist, bool)
	Similar(string) []cpan.Dist
}

// hintFor says what a name may mean that is no distribution on record: a
// module's, one in other case, or one with a version in it.
func hintFor(d names, name string) string {
	if owner, ok := d.OwnerOf(cpan.Module(name)); ok && string(owner) != name {
		return fmt.Sprintf("%s is a module; its distribution is %s", quoted(name), owner)
	}
	if near := d.Similar(name); len(near) > 0 {
		return fmt.Sprintf("differs only in case: %s", joinText(near, ", "))
	}
	if m, err := cpan.ParseModule(name); err == nil && strings.Contains(name, "::") {
		return fmt.Sprintf("%s is a module's name; its distribution may be %s", quoted(name), cpan.DistFromModule(m))
	}
	return ""
}
