package inject

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// shellSafe are the checks behind which a shell sees one plain word.
const shellSafe = plainly | input.Shell | input.Rejected | input.URI

// commandNames are names of values that are commands, or parts of them that
// whoever chose the program chose.
var commandNames = set("cmd", "cmds", "command", "commands", "cmdline", "commandline", "prog", "program", "programs", "binary", "bin", "exe", "exec", "executable", "perl", "tool", "shell", "make", "cc", "ld", "compiler", "linker", "editor", "pager", "browser", "viewer",
	"line", "tar", "zip", "gzip", "git", "svn", "cvs", "ssh", "rsync", "sendmail", "mailer", "convert", "gpg", "openssl", "sudo", "run", "code", "redirect", "stderr", "redir", "pipe", "script", "filter", "java", "python", "cflags", "ccflags", "ldflags", "libs", "prefix", "app", "bash", "sh", "null", "devnull", "display", "interpreter", "x")

// argumentNames are names of the arguments of a command, which are a part of it
// where no program is named before them.
var argumentNames = set("args", "argv", "argstr", "arguments", "opt", "opts", "options", "flags", "switches", "params")

// commandLike are names with such a word anywhere.
var commandLike = lazyregexp.New(`(?i)cmd|cmnd|command|exec|binary|program`)

// flagNames are names of text for the command's own switches.
var flagNames = set("opt", "opts", "options", "flags", "switches")

// ownNames are names of what a program makes or sets for itself.
var ownNames = set("tmp", "temp", "tmpdir", "tempdir", "tmpfile", "tempfile", "tmpname", "workdir", "builddir", "tempfiletemplate", "tmpl", "template")

// processNumbers are names of numbers that a program knows itself.
var processNumbers = set("pid", "pids", "ppid", "pgid", "uid", "gid", "port", "fd", "signal", "sig")

// shells are programs that read an argument behind -c as a command.
var shells = lazyregexp.New(`(?:\A|/)(?:ba|da|z|k|c|tc)?sh\z`)

// commandOfString is INJ02: a command line with a value in it, read by a shell.
func commandOfString(p *audit.Pass) {
	f := p.File
	for n := range f.Calls("system", "exec", "qx", "readpipe", "open2", "open3", "capture", "capturex", "systemx", "backtick", "shell", "run", "run_forked") {
		line := commandLine(f, n)
		if line == 0 {
			continue
		}
		found, ok := ranByShell(f, line)
		if !ok {
			continue
		}
		p.Report(audit.Found{
			Node: n, Confidence: found.confidence, Severity: found.severity,
			Message: "the command line" + started(f, line) + " holds " + found.What + ", which the shell reads as commands too",
			Steps:   found.way(p.File),
		})
	}
}

// program is the name of a program that a command line begins with.
var program = lazyregexp.New(`\A\s*(?:[\w.-]*/)*([\w.+-]{1,40})(?:\s|\z)`)

// started names the program that a command line begins with: " of convert"; ""
// where a value says it.
func started(f *audit.File, line perlsrc.NodeID) string {
	if x := textOf(f, line); x != nil {
		if m := program.FindStringSubmatch(x.pieces[0].before); m != nil {
			return " of " + m[1]
		}
	}
	return ""
}

// commandLine gives the argument that a shell reads; none where the program is
// started without one.
func commandLine(f *audit.File, n perlsrc.NodeID) perlsrc.NodeID {
	t := f.Tree
	c := t.Call(n)
	if c.Handle != 0 || c.Block != 0 || len(c.Args) == 0 {
		return 0
	}
	args := c.Args
	if len(args) == 1 && t.Nodes[args[0]].Kind == perlsrc.ListNode {
		args = nil
		for a := range t.Children(c.Args[0]) {
			args = append(args, a)
		}
		if len(args) == 0 {
			return 0
		}
	}
	name := audit.Unqualified(c.Callee)
	switch name {
	case "qx", "readpipe":
		return args[0]
	case "open2", "open3":
		skip := map[string]int{"open2": 2, "open3": 3}[name]
		if c.Method || len(args) != skip+1 {
			return 0
		}
		args = args[skip:]
	case "capture", "backtick", "shell", "capturex", "systemx":
		if _, ok := f.Loads("IPC::System::Simple", "IPC::Run3", "Backticks"); !ok || c.Method || strings.HasSuffix(name, "x") {
			return 0
		}
	case "run", "run_forked":
		if _, ok := f.Loads("IPC::Cmd"); !ok || c.Method {
			return 0
		}
		for i, a := range args {
			if key, ok := t.Literal(a); ok && key == "command" && i+1 < len(args) {
				args = args[i+1 : i+2]
				break
			}
		}
	default:
		if c.Method {
			return 0
		}
	}
	if len(args) > 1 {
		return afterShell(t, args)
	}
	if isList(t, args[0]) {
		return 0
	}
	return args[0]
}

// afterShell gives the argument behind sh -c.
func afterShell(t *perlsrc.Tree, args []perlsrc.NodeID) perlsrc.NodeID {
	program, ok := t.Literal(args[0])
	if !ok || !shells.MatchString(program) {
		return 0
	}
	for i, a := range args[1:] {
		if flag, ok := t.Literal(a); ok && strings.HasPrefix(flag, "-") && strings.HasSuffix(flag, "c") && i+2 < len(args) {
			return args[i+2]
		}
	}
	return 0
}

// isList reports whether an argument is an array or a list of several, for which
// no shell is started.
func isList(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	switch t.Nodes[n].Kind {
	case perlsrc.ListNode:
		c := t.Nodes[n].Child
		return c == 0 || t.Nodes[c].Next != 0 || isList(t, c)
	case perlsrc.ArrayNode:
		return true
	case perlsrc.TermNode:
		return t.Token(n).Kind == perlsrc.Variable && t.Text(n)[0] == '@' || t.Token(n).Kind == perlsrc.Words
	case perlsrc.CastNode, perlsrc.AccessNode:
		return t.Text(n)[0] == '@'
	case perlsrc.CallNode:
		switch t.Callee(n) {
		case "map", "grep", "split", "sort", "shift":
			return t.Callee(n) != "shift"
		}
	}
	return false
}

// ranByShell gives the worst value of a command line.
func ranByShell(f *audit.File, line perlsrc.NodeID) (taint, bool) {
	var found taint
	t := f.Tree
	x := textOf(f, line)
	fixed := x != nil && strings.TrimLeft(x.pieces[0].before, " '\"") != ""
	for _, s := range input.Of(f, line) {
		if s.Who == input.Constant || s.Check.Has(shellSafe) || object(s) {
			continue
		}
		v := taint{Source: s, piece: line}
		v.confidence, v.severity = grade(f, s)
		name := v.name(t)
		// A program, or all of a command, is chosen by who may run it anyway.
		command := says(name, commandNames) || commandLike.MatchString(name) || !fixed && says(name, argumentNames)
		command = command || v.Who != input.Remote && (says(name, ownNames) || says(s.From.Name, ownNames) || passesOn(f, line, v, name))
		part := s.From.Quoted || t.Nodes[line].Kind != perlsrc.AccessNode && s.Part != line && !sameValue(t, line, s.Part)
		switch {
		case s.Who == input.Remote:
		case command || !part || x != nil && wholly(s) && begins(t, x, s.Part) || joinedAsFirst(f, s):
			v.confidence = audit.Possible
		case s.Who == input.Caller && says(name, processNumbers):
			v.confidence = audit.Possible
		case f.Role == audit.Build || f.Role == audit.Test || f.Role == audit.Author:
			v.confidence, v.severity = audit.Possible, audit.Low
		}
		if v.confidence > found.confidence || v.confidence == found.confidence && v.Who > found.Who {
			found = v
		}
	}
	return found, found.confidence != 0
}

// begins reports whether a value is the program of a command line: its first word.
func begins(t *perlsrc.Tree, x *text, part perlsrc.NodeID) bool {
	first := x.pieces[0]
	return strings.Trim(first.before, " '\"") == "" && strings.HasPrefix(strings.TrimLeft(first.after, "'\""), " ") && contains(t, first.node, part)
}

// passesOn reports whether the arguments of a command come from who calls a sub that
// runs it for them: sub git { `git @_` }.
func passesOn(f *audit.File, line perlsrc.NodeID, v taint, name string) bool {
	if v.Who != input.Caller {
		return false
	}
	if says(name, flagNames) || says(v.From.Name, flagNames) {
		return true
	}
	sub, from := audit.Unqualified(f.SubName(line)), ""
	if v.From.Sub != 0 {
		from = audit.Unqualified(f.Tree.Sub(v.From.Sub).Name)
	}
	if string(f.Tree.Text(v.Part)) != "@_" {
		return false
	}
	named := strings.TrimPrefix(started(f, line), " of ")
	return holds(sub, commandNames) || holds(from, commandNames) || named != "" && (holds(sub, set(strings.ToLower(named))) || holds(from, set(strings.ToLower(named))))
}

// joinedAsFirst reports whether a value is of a list that is joined to a whole
// command, program and all: join ' ', @{ $self->{list} }.
func joinedAsFirst(f *audit.File, s input.Source) bool {
	t := f.Tree
	for _, step := range s.From.Steps[:min(len(s.From.Steps), nearWay)] {
		if step.Node == 0 || t.Nodes[step.Node].Kind != perlsrc.AssignNode {
			continue
		}
		value := t.Nodes[t.Nodes[step.Node].Child].Next
		if t.Nodes[value].Kind != perlsrc.CallNode || t.Callee(value) != "join" {
			continue
		}
		if first := t.Arg(value, 1); bytes.HasPrefix(t.Text(first), []byte("@{")) || bytes.HasPrefix(t.Text(first), []byte("@$")) || string(t.Text(first)) == "@_" {
			for _, in := range input.Of(f, first) {
				if in.Node == s.Node {
					return true
				}
			}
		}
	}
	return false
}

// sameValue reports whether a node is another, with nothing but brackets or
// quotes around it.
func sameValue(t *perlsrc.Tree, outer, inner perlsrc.NodeID) bool {
	a, b := t.Span(outer)
	c, d := t.Span(inner)
	return strings.Trim(string(t.Src[a:min(c, b)]), "(\"`{ $") == "" && strings.Trim(string(t.Src[max(d, a):max(b, d)]), ")\"`} ") == ""
}
