package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// loadedFromHere is FIL08.
func loadedFromHere(p *audit.Pass) {
	f := p.File
	if f.Role == audit.Build {
		return // it runs in its own folder
	}
	t := f.Tree
	for n := range f.All(perlsrc.StatementNode, perlsrc.AssignNode) {
		switch {
		case t.Nodes[n].Kind == perlsrc.AssignNode:
			assignedPath(p, n)
		case t.Nodes[n].Form == perlsrc.Include:
			if in := t.Include(n); in.Word == "use" && in.Module == "lib" {
				searched(p, n, in.Args, "use lib")
			}
		}
	}
	for n := range f.Calls("push", "unshift") {
		if call := t.Call(n); len(call.Args) > 1 && isINC(t, call.Args[0]) {
			searched(p, n, call.Args[1:], call.Callee)
		}
	}
	for n := range f.Calls("do", "require") {
		fileRun(p, n)
	}
	for n := range f.Calls("system", "exec", "qx") {
		startedHere(p, n)
	}
}

// isINC reports whether a node is @INC.
func isINC(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	if t.Nodes[n].Kind == perlsrc.DeclareNode {
		n = t.Nodes[n].Child
	}
	if t.Nodes[n].Kind == perlsrc.ListNode {
		n = t.Nodes[n].Child
	}
	text := string(t.Text(n))
	return text == "@INC" || text == "@main::INC" || text == "@::INC"
}

// unquoted takes the quotes out of $ENV{'PATH'}.
var unquoted = strings.NewReplacer("'", "", `"`, "")

// assignedPath is an assignment to @INC, or to the variables from which perl
// takes it.
func assignedPath(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	target := t.Nodes[n].Child
	value := t.Nodes[target].Next
	if isINC(t, target) {
		var values []perlsrc.NodeID
		if t.Nodes[value].Kind == perlsrc.ListNode {
			for k := range t.Children(value) {
				values = append(values, k)
			}
		} else {
			values = []perlsrc.NodeID{value}
		}
		if isOnlyHere(t, target, values) {
			return // local @INC = '.'; do $file: a file by its name, which fileRun looks at
		}
		searched(p, n, values, "the assignment")
		return
	}
	switch text := strings.TrimPrefix(string(t.Text(target)), "local "); unquoted.Replace(text) {
	case "$ENV{PERL_USE_UNSAFE_INC}":
		if v, ok := t.Literal(value); ok && v != "" && v != "0" {
			confidence := audit.Likely
			if buildsThere(p.File, n) {
				confidence = audit.Possible
			}
			fromHere(p, n, confidence, ".", "perl is told to search modules in the current folder, too")
		}
	case "$ENV{PERL5OPT}":
		if v, ok := t.Literal(value); ok && strings.Contains(v+" ", "-I. ") {
			fromHere(p, n, audit.Likely, ".", "PERL5OPT lets modules be found in the current folder")
		}
	case "$ENV{PERL5LIB}":
		for i, part := range pieces(p.File, value) {
			for j, dir := range strings.Split(part.text, ":") {
				if part.node == 0 && (dir == "." || strings.HasPrefix(dir, "./")) && (i == 0 || j > 0) {
					fromHere(p, n, audit.Likely, dir, "PERL5LIB holds the current folder")
					return
				}
			}
		}
	}
}

// searched reports folders among those for modules that are below the current one.
func searched(p *audit.Pass, n perlsrc.NodeID, folders []perlsrc.NodeID, how string) {
	t := p.File.Tree
	for _, k := range folders {
		dirs, ok := t.List(k)
		if !ok {
			if path := pieces(p.File, k); isCurrent(p.File, path) {
				fromHere(p, n, audit.Likely, path[0].text, how+" lets modules be found in the current folder")
				return
			}
			continue
		}
		for _, dir := range dirs {
			if isRelative(dir) {
				fromHere(p, n, audit.Likely, dir, how+" lets modules be found in "+dir+", wherever the program is started")
				return
			}
		}
	}
}

// isRelative reports whether a folder is sought from the current one.
func isRelative(dir string) bool {
	return dir != "" && !strings.HasPrefix(dir, "/") && !strings.HasPrefix(dir, "~") && !strings.HasPrefix(dir, "\\") && (len(dir) < 2 || dir[1] != ':')
}

// isCurrent reports whether a path begins with what asks for the current folder.
func isCurrent(f *audit.File, path []piece) bool {
	if len(path) == 0 {
		return false
	}
	first := path[0]
	if first.node == 0 {
		return strings.HasPrefix(first.text, "./") || strings.HasPrefix(first.text, "../") || first.text == "."
	}
	if asksCwd(f.Tree, first.node) {
		return true
	}
	origins, _ := f.Flow().Origins(first.node)
	asked := len(origins) > 0
	for _, o := range origins {
		if o.Kind == flow.Constant && len(o.Steps) <= nearSteps && !besideProgram(f.Tree, origins) && (o.Name == "." || strings.HasPrefix(o.Name, "./") || strings.HasPrefix(o.Name, "../")) {
			return true // one of several, or the only one
		}
		asked = asked && o.Kind == flow.Result && isCwd(o.Name)
	}
	return asked
}

func isCwd(name string) bool {
	switch audit.Unqualified(name) {
	case "cwd", "getcwd", "fastcwd", "curdir":
		return true
	}
	return false
}

func asksCwd(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	return t.Nodes[n].Kind == perlsrc.CallNode && isCwd(t.Callee(n))
}

// fileRun is do FILE and require of a path.
func fileRun(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	if call.Method || call.Block != 0 || len(call.Args) != 1 {
		return
	}
	arg := call.Args[0]
	if call.Callee == "require" && t.Include(n).Module != "" {
		return
	}
	path := pieces(p.File, arg)
	switch {
	case isCurrent(p.File, path) && isNamedByOthers(p.File, n, arg, path):
		fromHere(p, n, audit.Possible, "", call.Callee+" runs a file that others name, also one of the current folder")
	case isCurrent(p.File, path):
		fromHere(p, n, audit.Likely, path[0].text, call.Callee+" runs a file of the current folder")
	case call.Callee == "do" && len(path) == 1 && path[0].node == 0 && isRelative(path[0].text) && looksLikeFile(path[0].text):
		// Before 5.26, and where somebody else has put . into @INC.
		fromHere(p, n, audit.Possible, "", "do runs a file that may be of the current folder")
	}
}

func looksLikeFile(name string) bool { return strings.ContainsAny(name, "./") }

// startedHere is a perl that is started with -I. or its like.
func startedHere(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	for a := range t.Args(n) {
		text, ok := t.Literal(a)
		if ok && (text == "-I." || text == "-I./") || !ok && t.Nodes[a].Kind == perlsrc.TermNode && strings.Contains(string(t.Text(a)), " -I. ") {
			fromHere(p, n, audit.Likely, ".", "perl is started with the current folder among those for modules")
			return
		}
	}
}

// fromHere reports code that is found in the current folder, as the file or folder
// at where.
func fromHere(p *audit.Pass, n perlsrc.NodeID, confidence audit.Confidence, where, message string) {
	severity := audit.Medium
	switch {
	case p.File.Role == audit.Example, isDeveloping(p.File), isElsewhere(p.File, n), isAskedFor(p.File, n), buildsThere(p.File, n), runsInTree(p, where):
		confidence, severity = audit.Possible, audit.Low
	case p.File.Role == audit.Program:
		severity = audit.Low
	}
	p.Report(audit.Found{Node: n, Confidence: confidence, Severity: severity, Message: message})
}
