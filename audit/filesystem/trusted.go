package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// isTrusted reports whether a name that open reads is only worth a look: it is one
// of a file that was looked for before, it was refused where it says more than a
// name, it is of a configuration, or callers may choose nothing but its folder.
func isTrusted(f *audit.File, o *opened, c chosen) bool {
	switch {
	case c.Who == input.Remote:
		return false
	case expectsMode(f, o.arg) || isRefused(f, o) || isOpenItself(f, o):
		return true
	case c.listed:
		return endsHeld(f, o, c) || isConfigured(f, o, c)
	}
	if c.Who == input.File && isOwnList(f, o, c) {
		return true
	}
	return c.private || isConfigured(f, o, c) || onlyFolder(f, o)
}

// isOwnList reports whether the lines that name files are of who runs the program:
// they stand in a file that only the system's administrator writes, or are read by
// a program that answers nobody else and is told of them by its user.
func isOwnList(f *audit.File, o *opened, c chosen) bool {
	list := listRead(f, c)
	if list != nil && len(list.name) > 0 && list.name[0].node == 0 {
		for _, folder := range [...]string{"/etc/", "/proc/", "/sys/", "/usr/", "/dev/"} {
			if strings.HasPrefix(list.name[0].text, folder) {
				return true
			}
		}
	}
	if f.Role != audit.Program || input.Serves(f) {
		return false
	}
	if len(c.Steps) > ownSteps || isAlsoOfUser(f, o) || strings.Contains(c.What, "standard input") {
		return true
	}
	return list != nil && slices.ContainsFunc(list.name, func(p piece) bool { return p.node != 0 && by(f, list.call, 0, p.node).Who == input.Operator })
}

// listRead gives the open of the handle that a line is read from, in the same sub
// and before it; nil where there is none.
func listRead(f *audit.File, c chosen) *opened {
	t := f.Tree
	at := c.Node
	if t.Nodes[at].Kind != perlsrc.TermNode || t.Token(at).Kind != perlsrc.Readline {
		return nil
	}
	handle := strings.Trim(string(t.Text(at)), "<>$")
	start, _ := t.Span(at)
	var last *opened
	for o := range files(f) {
		if from, _ := t.Span(o.call); from >= start || t.EnclosingSub(o.call) != t.EnclosingSub(at) {
			continue
		}
		if text := string(t.Text(t.Arg(o.call, 0))); strings.TrimLeft(text[strings.LastIndexByte(text, ' ')+1:], "$*") == handle {
			last = o
		}
	}
	return last
}

// ownSteps is as far as the line of a file may go in a program to be open's name,
// and not part of what its user has set up.
const ownSteps = 2

// isAlsoOfUser reports whether a name may as well be one that the user of a program
// gives it: a file that lists names is then a longer way to say the same.
func isAlsoOfUser(f *audit.File, o *opened) bool {
	for _, part := range o.name {
		if part.node != 0 && slices.ContainsFunc(input.Of(f, part.node), func(s input.Source) bool { return s.Who == input.Operator }) {
			return true
		}
	}
	return false
}

// configWords are words of names of what somebody sets who runs the program.
var configWords = []string{"conf", "config", "cf", "cfg", "configuration", "settings", "preferences", "prefs", "rc", "rcfile", "conffile", "configfile", "cfgfile", "dev", "device", "tty", "fifo"}

// isConfigured reports whether a name says that it is a setting, or the name of a
// configuration's own file.
func isConfigured(f *audit.File, o *opened, c chosen) bool {
	names := []string{c.From.Name, c.From.Key}
	for _, part := range o.name {
		if part.node != 0 {
			names = append(names, string(f.Tree.Text(part.node)))
		}
	}
	for _, name := range names {
		for _, w := range purpose.Words(name) {
			if slices.Contains(configWords, w) {
				return true
			}
		}
	}
	return false
}

// onlyFolder reports whether what begins a name is a folder, and what ends it is
// not chosen by anybody else.
func onlyFolder(f *audit.File, o *opened) bool {
	if len(o.name) < 2 || o.name[0].node == 0 || !strings.HasPrefix(o.name[1].text, "/") {
		return false
	}
	end := o.name[len(o.name)-1].node
	return end == 0 || by(f, o.call, harmless, end).Who < input.Held
}

type refusalsKey struct{}

// refusal is a pattern that looks for what open reads: | at an end, < or > at the
// beginning.
var refusal = lazyregexp.New(`\\\||\[[^\]]*[|<>][^\]]*\]|\A\^?(?:\\s\*)?\\?[<>]`)

// isRefused reports whether a pattern looked in the same sub, before an open,
// whether its name says more than a name.
func isRefused(f *audit.File, o *opened) bool {
	t := f.Tree
	first := f.Memo(refusalsKey{}, func() any {
		at := map[writtenAt]int{}
		for n := range f.All(perlsrc.TermNode) {
			tok := t.Token(n)
			if tok.Kind != perlsrc.Match && tok.Kind != perlsrc.Substitute || !refusal.Match(tok.Quoted(t.Src).Body.Text(t.Src)) {
				continue
			}
			subject := "$_"
			if op := t.Operator(n); op == "=~" || op == "!~" {
				subject = string(t.Text(t.Nodes[t.Nodes[n].Parent].Child))
			}
			key := writtenAt{t.EnclosingSub(n), subject}
			if _, ok := at[key]; !ok {
				at[key] = tok.Start
			}
		}
		return at
	}).(map[writtenAt]int)
	start, _ := t.Span(o.call)
	for _, part := range o.name {
		if part.node == 0 {
			continue
		}
		if at, ok := first[writtenAt{t.EnclosingSub(o.call), string(t.Text(part.node))}]; ok && at < start {
			return true
		}
	}
	return false
}

// isOpenItself reports whether a sub is an open for others, who may as well give
// it a mode of their own.
func isOpenItself(f *audit.File, o *opened) bool {
	if !strings.EqualFold(f.SubName(o.call), "open") {
		return false
	}
	sub := f.Tree.EnclosingSub(o.call)
	for other := range files(f) {
		if !other.two && other.mode == "" && f.Tree.EnclosingSub(other.call) == sub {
			return true
		}
	}
	return false
}

// isPrivate reports whether a value is an argument of a sub that only its own
// distribution calls, as the underscore says.
func isPrivate(f *audit.File, s input.Source) bool {
	return s.From.Kind == flow.Param && strings.HasPrefix(audit.Unqualified(f.Tree.Sub(s.From.Sub).Name), "_")
}
