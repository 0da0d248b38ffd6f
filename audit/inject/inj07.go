package inject

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// nameOfInput is INJ07: what is called is named by input.
func nameOfInput(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("") {
		c := t.Call(n)
		if !c.Dynamic || c.Target == 0 {
			continue
		}
		if c.Method || !strict(f, n) {
			called(p, n, c.Target, c.Method)
		}
	}
	for n := range f.Calls("can") {
		c := t.Call(n)
		if c.Method && len(c.Args) == 1 && invokes(f, n) {
			called(p, n, c.Args[0], true)
		}
	}
	for n := range f.Calls("maketext", "loc", "localize", "_localize", "_loc") {
		bracketed(p, n)
	}
	for n := range f.Calls("new", "import", "create", "instance", "process", "run", "handler", "execute") {
		c := t.Call(n)
		if c.Method && c.Class == "" && t.Nodes[c.Invocant].Kind == perlsrc.TermNode {
			className(p, n, c.Invocant)
		}
	}
}

// invokes reports whether what can gives is called, at once or later.
func invokes(f *audit.File, n perlsrc.NodeID) bool {
	if f.Tree.Dest(n).Use == perlsrc.Invoked {
		return true
	}
	sinks, _ := f.Flow().Sinks(n)
	return slices.ContainsFunc(sinks, func(s flow.Sink) bool { return s.Kind == flow.Invoked && s.Direct })
}

// called looks at the name of a sub or method that a value chooses.
func called(p *audit.Pass, n, target perlsrc.NodeID, method bool) {
	f := p.File
	found, ok := worst(f, target, plainly|input.Ref)
	if !ok || found.Who < input.File || found.Who == input.Caller {
		return
	}
	what := "the sub that is called is named by "
	if method {
		what = "the method that is called is named by "
	}
	found.severity = audit.High
	if found.Who == input.File {
		found.confidence = audit.Possible // settings name methods in many programs
	}
	if prefixed(f, target, found) {
		found.confidence, found.severity = audit.Possible, audit.Low
	}
	p.Report(audit.Found{
		Node: n, Confidence: min(found.confidence, audit.Certain), Severity: found.severity,
		Message: what + found.What + ", with no list of those that may be",
		Steps:   found.way(p.File),
	})
}

// className looks at a class that a value names.
func className(p *audit.Pass, n, invocant perlsrc.NodeID) {
	found, ok := worst(p.File, invocant, plainly)
	if !ok || found.Who != input.Remote || !namesClass(p.File, found) {
		return
	}
	if prefixed(p.File, invocant, found) {
		found.confidence = audit.Possible
	}
	p.Report(audit.Found{
		Node: n, Confidence: min(found.confidence, audit.Likely), Severity: audit.High,
		Message: "the class that is used is named by " + found.What + ", with no list of those that may be",
		Steps:   found.way(p.File),
	})
}

// namesClass reports whether a value is a string, and no object that came out of
// a request: the result of a method that gives strings.
func namesClass(f *audit.File, v taint) bool {
	name := strings.ToLower(v.name(f.Tree) + " " + v.What)
	return strings.Contains(name, "class") || strings.Contains(name, "module") || strings.Contains(name, "package") || strings.Contains(name, "pkg") || strings.Contains(name, "plugin") || strings.Contains(name, "handler") || v.From.Quoted
}

// prefixed reports whether fixed text stands before a name, so that only subs
// that begin with it can be named.
func prefixed(f *audit.File, n perlsrc.NodeID, v taint) bool {
	x := textIn(f, n)
	if x == nil {
		x = textAround(f, v)
	}
	if x == nil {
		return false
	}
	before := x.pieces[0].before
	return before != "" && !strings.HasSuffix(before, "::")
}

// textIn gives the text that a node is or holds.
func textIn(f *audit.File, n perlsrc.NodeID) *text {
	if x := textOf(f, n); x != nil {
		return x
	}
	for c := range f.Tree.All(n, perlsrc.TermNode, perlsrc.ExprNode) {
		if x := textOf(f, c); x != nil {
			return x
		}
	}
	return nil
}

var (
	// maketext are words of a file whose messages Locale::Maketext reads.
	maketext = lazyregexp.New(`Maketext|maketext|I18N|language_handle`)
	// failing are names of subs that are told what went wrong, in whose words.
	failing = lazyregexp.New(`(?i)error|fail|warn|invalid|reject`)
)

// bracketed looks at a message that Locale::Maketext compiles: its bracket
// notation calls methods.
func bracketed(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	t := f.Tree
	c := t.Call(n)
	if len(c.Args) == 0 || c.Callee != "maketext" && !f.Matches(maketext) {
		return
	}
	if _, ok := t.Literal(c.Args[0]); ok {
		return
	}
	built := textIn(f, c.Args[0]) != nil
	found, ok := worst(f, c.Args[0], plainly)
	if !ok || object(found.Source) {
		return
	}
	if found.Who < input.Caller || !built && !found.From.Quoted && found.Who != input.Remote && !failing.MatchString(f.SubName(n)) {
		found.confidence = audit.Possible // who calls it gives messages of the program
	}
	by := "is "
	if built || found.From.Quoted {
		by = "holds "
	}
	p.Report(audit.Found{
		Node: n, Confidence: min(found.confidence, audit.Likely), Severity: audit.Medium,
		Message: "Locale::Maketext compiles this message, in which brackets call methods, and it " + by + found.What,
		Steps:   found.way(p.File),
	})
}
