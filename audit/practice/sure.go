package practice

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// held are the checks behind which nothing is left to look at.
const held = input.Allowed | input.Rejected | input.Plain | input.Number

// sureOf is how sure a pattern is to launder what somebody else chose: a sub that
// is there to launder takes anything; elsewhere the value must come from outside,
// not have been held to something already, and be for something.
func sureOf(f *audit.File, n perlsrc.NodeID) audit.Confidence {
	t := f.Tree
	asked := askedAbout(t, n)
	if input.CheckedBefore(f, asked, t.EnclosingStatement(n)).Has(held | input.Dots) {
		return audit.Possible
	}
	if f.ForAuthors(n) {
		return audit.Possible
	}
	if namesTaint(f.SubName(n)) {
		return audit.Likely
	}
	if asked != n && isText(string(t.Text(asked))) || saysWhy(f, n) || wasAsked(f, n, asked) {
		return audit.Possible
	}
	for _, s := range input.Of(f, asked) {
		switch {
		case s.Who < input.Operator || s.Check.Has(held) || isOfMachine(s) || isOfUser(f, s):
		case s.Who == input.Caller && isKept(s): // what it was held to may stand where it was put
		case s.Who != input.Caller || isUsed(f, n):
			return audit.Likely
		}
	}
	return audit.Possible
}

// askedAbout gives what a pattern is asked about; of $_, what it captured.
func askedAbout(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.ExprNode && t.Operator(n) == "=~" {
		return t.Nodes[up].Child
	}
	return captured(t, n)
}

// harmOf is how much it matters that nothing looks at a value, by who chooses it:
// little where that is an administrator, who names a folder of the program.
func harmOf(f *audit.File, n perlsrc.NodeID) audit.Severity {
	if namesTaint(f.SubName(n)) {
		return audit.Medium
	}
	asked := askedAbout(f.Tree, n)
	worst, folder := audit.Low, isFolder(string(f.Tree.Text(asked)))
	sources := input.Of(f, asked)
	for _, s := range sources {
		if !folder || s.Who > input.Caller {
			worst = max(worst, input.Severity(f, s, audit.Medium))
		}
	}
	if len(sources) == 0 {
		return audit.Medium
	}
	return worst
}

// isFolder reports whether a name is of a folder that a program works in.
func isFolder(name string) bool {
	words := purpose.Words(name)
	return len(words) > 0 && slices.Contains([]string{"dir", "directory", "folder", "root", "basedir", "homedir", "docroot", "prefix"}, words[len(words)-1])
}

// dangerous are functions that taint mode keeps tainted values from.
var dangerous = []string{
	"open", "sysopen", "unlink", "mkdir", "rmdir", "mkpath", "make_path", "rmtree", "remove_tree", "rename", "symlink", "link", "chmod", "chown", "utime", "truncate",
	"system", "exec", "qx", "kill", "eval", "do", "require", "connect", "bind", "socket", "syscall", "copy", "move", "new", "tie", "TIEHASH",
}

// isUsed reports whether what a pattern captured goes where taint mode would have
// stopped it, or back to who called: a caller that only names a folder to go to is
// no harm.
func isUsed(f *audit.File, n perlsrc.NodeID) bool { return goesTo(f, n) != "" }

// goesTo says for people where what a pattern captured goes that taint mode would
// have stopped; "" for nowhere.
func goesTo(f *audit.File, n perlsrc.NodeID) string {
	t := f.Tree
	clean := captured(t, n)
	if up := t.Nodes[n].Parent; clean == n && t.Nodes[up].Kind == perlsrc.ExprNode {
		clean = up
	}
	to := ""
	sinks, _ := f.Flow().Sinks(clean)
	for _, s := range sinks {
		switch s.Kind {
		case flow.Evaluated:
			return "eval"
		case flow.Passed:
			if callee := audit.Unqualified(s.Callee); slices.Contains(dangerous, callee) {
				return callee
			}
		case flow.Returned:
			to = "whoever called"
		case flow.Stored:
			if strings.Contains(string(t.Text(s.Node)), "ENV") {
				to = "the environment"
			}
		}
	}
	return to
}

// captured gives the $1 behind a pattern, in its statement or the next; the pattern
// where there is none.
func captured(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	s := t.EnclosingStatement(n)
	_, end := t.Span(n)
	left := 400 // nodes of a statement
	for _, at := range []perlsrc.NodeID{s, t.Nodes[s].Next} {
		if at == 0 {
			continue
		}
		for k := range t.All(at, perlsrc.TermNode) {
			if left--; left < 0 {
				return n
			}
			if string(t.Text(k)) != "$1" {
				continue
			}
			start, _ := t.Span(k)
			if start >= end {
				return k
			}
			if _, condition := t.Modifier(s); condition != 0 {
				if from, _ := t.Span(condition); start < from {
					return k // $x = $1 if $x =~ /(.*)/
				}
			}
		}
	}
	return n
}

// isOfUser reports whether a value is what the user of a program says about
// itself, who could start anything else as well.
func isOfUser(f *audit.File, s input.Source) bool {
	return f.Role == audit.Program && s.Who == input.Operator && !input.Serves(f)
}

// isOfMachine reports whether a value is what the system says of its own folders
// and links: a program that walks them must take it as it is.
func isOfMachine(s input.Source) bool {
	if s.From.Kind != flow.Result {
		return false
	}
	switch s.From.Name {
	case "readdir", "readlink", "glob", "getcwd", "cwd", "Cwd::getcwd", "Cwd::cwd", "abs_path", "Cwd::abs_path", "realpath", "Cwd::realpath", "tmpdir", "tempdir":
		return true
	}
	return false
}

// isText reports whether a name is of code or of a text for people, which say what
// they will: nobody can tell by a pattern what may stand in them.
func isText(name string) bool {
	words := purpose.Words(name)
	return len(words) > 0 && slices.Contains([]string{
		"code", "eval", "evalarg", "program", "script", "perl", "template", "regex", "pattern", "version", "message", "msg", "text", "title", "subject", "comment", "description", "line", "output", "error",
	}, words[len(words)-1])
}
