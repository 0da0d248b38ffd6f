package output

import (
	"fmt"
	"slices"
	"strings"

	"nacre/scan"
)

// plan writes the fix plan: what can be done, what is in the way of the rest,
// and what nothing can be done about.
func (p *page) plan(fixes []scan.Fix) {
	if len(fixes) == 0 {
		return
	}
	p.section("FIX PLAN")
	notes, commands := shared(fixes)
	if len(notes) > 0 {
		p.Para(say(dim, prose(sentence(strings.Join(notes, "; ")))))
	}
	var stuck []*scan.Fix
	for i := range fixes {
		if f := &fixes[i]; f.To == "" && len(f.Blocked) == 0 {
			stuck = append(stuck, f)
		} else {
			p.fix(f, notes, commands)
		}
	}
	if len(commands) > 0 {
		p.Blank()
		p.Para(say(bold, "With all of that in the cpanfile"))
		p.commands("run", commands)
	}
	if len(stuck) == 0 {
		return
	}
	p.Blank()
	p.Para(say(bold, "No release to update to"))
	for _, f := range stuck {
		what := []string{}
		if len(f.Remaining) > 0 {
			what = append(what, few(f.Remaining))
		}
		for _, n := range notesOf(f) {
			if !strings.HasPrefix(n, "no release above ") { // the heading says as much
				what = append(what, n)
			}
		}
		p.Item(span{}, say(plain, prose(strings.TrimSpace(string(f.Dist)+" "+f.From)+": "+strings.Join(what, "; "))))
	}
}

// fix writes one fix, without the notes and commands that are told once for
// all.
func (p *page) fix(f *scan.Fix, notes, commands []string) {
	p.Blank()
	from, to := short(f.From), short(f.To)
	if from == "" {
		from = "any version"
	}
	if to == "" {
		p.Para(say(bold, short(f.Dist)+" "+from), say(yellow, "  blocked"))
	} else {
		p.Para(say(bold, short(f.Dist)+" "+from+" -> "+to))
	}
	if len(f.Clears) > 0 {
		p.Item(say(dim, "clears"), say(plain, prose(few(f.Clears))))
	}
	if len(f.Remaining) > 0 {
		p.Item(say(yellow, "remains"), say(plain, prose(few(f.Remaining))+": "+unmended(f.Remaining)))
	}
	for _, b := range f.Blocked {
		p.Item(say(yellow, "because"), say(plain, prose(blockers([]scan.Blocker{b}))))
	}
	p.change(f)
	label := "run"
	if len(commands) > 0 && f.After != "" {
		label = "by hand"
	}
	p.commands(label, without(f.Commands, commands))
	if own := without(notesOf(f), notes); len(own) > 0 {
		p.Item(say(dim, "note"), say(plain, prose(strings.Join(own, "; "))))
	}
}

// commands writes commands of which one will do.
func (p *page) commands(label string, all []string) {
	for _, c := range all {
		p.command(say(dim, label), prose(c))
		label = "or"
	}
}

// notesOf are the notes of a fix.
func notesOf(f *scan.Fix) []string {
	if f.Note == "" {
		return nil
	}
	return strings.Split(f.Note, "; ")
}

// shared are the notes that all fixes with a release carry, and the commands
// that all with a change to a file do.
func shared(fixes []scan.Fix) (notes, commands []string) {
	noted, changed := 0, 0
	for i := range fixes {
		f := &fixes[i]
		if f.To == "" {
			continue
		}
		if noted++; noted == 1 {
			notes = notesOf(f)
		}
		notes = common(notes, notesOf(f))
		if f.After == "" {
			continue
		}
		if changed++; changed == 1 {
			commands = f.Commands
		}
		commands = common(commands, f.Commands)
	}
	if changed < 2 {
		commands = nil
	}
	return notes, commands
}

func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

func without(all, told []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(told, s) })
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
	p.Item(say(dim, label), say(plain, at))
	if f.Before != "" {
		p.Item(span{}, say(plain, "- "+prose(strings.TrimSpace(f.Before))))
	}
	p.Item(span{}, say(green, "+ "+prose(strings.TrimSpace(f.After))))
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
		p.Item(label, say(plain, line))
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
