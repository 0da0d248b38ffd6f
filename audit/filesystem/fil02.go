package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// quoted are the checks behind which a part of a command is one word of it.
const quoted = input.Number | input.Allowed | input.Plain | input.Shell | input.Pattern

// commandAsText is FIL02.
func commandAsText(p *audit.Pass) {
	all := opens(p.File)
	for i := range all {
		switch o := &all[i]; {
		case o.isCommand():
			commandOpened(p, o)
		case o.modeAt != 0 && o.mode == "":
			modeChosen(p, o)
		}
	}
}

// commandOpened reports a command whose text others have a part in.
func commandOpened(p *audit.Pass, o *opened) {
	t := p.File.Tree
	if len(o.more) > 0 || len(o.name) == 1 && o.name[0].node != 0 && isList(t, o.name[0].node) {
		return // a list, which no shell reads
	}
	var parts []perlsrc.NodeID
	for _, part := range o.name {
		if part.node != 0 && !isOwn(p.File, part.node) && !isMadeSafely(p.File, part.node) {
			parts = append(parts, part.node)
		}
	}
	if len(parts) == 0 {
		return
	}
	c := by(p.File, o.call, quoted, parts...)
	if lookedAt(p.File, quoted, o.arg) {
		return
	}
	confidence, severity := ofName(p, c)
	if confidence == 0 {
		return
	}
	if c.Who < input.File && isProgram(p.File, o, c) || c.Who == input.Caller && isWhole(p.File, o) || c.Who < input.File && isManner(p.File, c) {
		confidence = audit.Possible
	}
	p.Report(audit.Found{
		Node: o.call, Confidence: confidence, Severity: severity,
		Message: "a shell reads the command that is opened, and a part of it is " + c.What,
		Steps:   append(c.Steps, p.StepsAt(o.call)...),
	})
}

// isProgram reports whether a part of a command is meant to be a program or a
// whole command, which callers and settings may say: it is called so, or nothing
// but a setting of the object stands before what the source adds.
func isProgram(f *audit.File, o *opened, c chosen) bool {
	for _, name := range []string{c.From.Name, c.From.Key} {
		words := purpose.Words(name)
		if len(words) > 0 && slices.Contains(programs, words[len(words)-1]) {
			return true
		}
	}
	return c.Who == input.Held && o.name[0].node == c.Part
}

// isWhole reports whether a command is what one argument of the sub says and
// nothing else, and the sub says that it runs something: to do so is what it is for.
func isWhole(f *audit.File, o *opened) bool {
	values := 0
	for _, part := range o.name {
		if part.node != 0 {
			values++
		} else if strings.TrimSpace(part.text) != "" {
			return false
		}
	}
	return values == 1 && slices.ContainsFunc(purpose.Words(f.SubName(o.call)), func(w string) bool {
		return slices.Contains([]string{"run", "exec", "execute", "spawn", "launch", "start", "invoke"}, w)
	})
}

// isManner reports whether a part is a field that says how something is done, and
// not with what: a priority, a level, switches. Whoever writes the program sets
// these.
func isManner(f *audit.File, c chosen) bool {
	field := ""
	switch {
	case f.Tree.Nodes[c.Part].Kind == perlsrc.AccessNode:
		field = audit.NameOf(f.Tree, c.Part)
	case c.Who == input.Held:
		field = c.From.Name
	default:
		for _, s := range c.Steps {
			if _, name, ok := strings.Cut(s.What, " the object's "); ok { // put into the object's level in new
				field, _, _ = strings.Cut(name, " ")
			}
		}
	}
	words := purpose.Words(field)
	return len(words) > 0 && slices.ContainsFunc(manners, func(w string) bool {
		word := words[len(words)-1]
		return word == w || len(w) > 4 && strings.HasSuffix(word, w) // logpriority
	})
}

var manners = []string{
	"priority", "facility", "level", "option", "options", "opt", "opts", "flag", "flags", "switch", "switches", "arguments", "args", "params", "extra",
	"mode", "format", "type", "style", "size", "width", "height", "resolution", "dpi", "depth", "quality", "density", "geometry", "rate", "speed", "color", "colour",
	"count", "limit", "max", "min", "timeout", "interval", "delay", "nice", "niceness", "verbose", "debug", "quiet", "redirect", "redirection", "stderr",
	"lang", "language", "locale", "encoding", "charset", "prefix", "suffix", "extension", "env", "environment", "ident", "progname", "version", "target",
}

var programs = []string{
	"cmd", "command", "cmdline", "prog", "program", "bin", "binary", "exe", "exec", "executable", "pager", "editor", "shell", "mailer", "sendmail",
	"browser", "player", "viewer", "filter", "interpreter", "tool",
}

// isList reports whether a node may be several arguments.
func isList(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	text := t.Text(n)
	return len(text) > 0 && text[0] == '@' || t.Nodes[n].Kind == perlsrc.ListNode
}

// modeChosen reports a mode that somebody else says.
func modeChosen(p *audit.Pass, o *opened) {
	if mode := pieces(p.File, o.modeAt); len(mode) > 0 && mode[0].node == 0 {
		return // the source says how, and a layer is added
	}
	c := by(p.File, o.call, input.Allowed|input.Number, o.modeAt)
	confidence, severity := audit.Possible, audit.Low
	switch c.Who {
	case input.Remote:
		confidence, severity = audit.Certain, audit.Critical
	case input.File:
		confidence, severity = audit.Likely, audit.High
	case input.Caller:
	default:
		return
	}
	p.Report(audit.Found{
		Node: o.call, Confidence: confidence, Severity: severity,
		Message: "the mode of open, which may start a command, is " + c.What,
		Steps:   append(c.Steps, p.StepsAt(o.call)...),
	})
}
