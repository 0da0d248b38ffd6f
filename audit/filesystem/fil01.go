package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// harmless are the checks behind which a name holds neither a mode nor a
// command.
const harmless = input.Number | input.Allowed | input.Rejected | input.Plain

// nameWithMode is FIL01.
func nameWithMode(p *audit.Pass) {
	for o := range files(p.File) {
		if o.two {
			openedByName(p, o)
		}
	}
	for n := range p.File.All(perlsrc.AssignNode) {
		readOverARGV(p, n)
	}
}

// openedByName reports an open whose name says how.
func openedByName(p *audit.Pass, o *opened) {
	open := openEnds(p.File, o)
	if len(open) == 0 {
		return
	}
	c := by(p.File, o.call, harmless, open...)
	confidence, severity := ofName(p, c)
	if confidence == 0 {
		return
	}
	switch {
	case o.mode != "":
		// Only & and blanks still mean something: another handle is doubled.
		severity = min(severity, audit.Medium)
		if c.Who < input.Remote {
			confidence, severity = audit.Possible, audit.Low
		}
	case isTrusted(p.File, o, c):
		confidence = audit.Possible
	}
	message := "open takes a mode or a command out of the name, and the name is " + c.What
	if o.mode != "" {
		message = "open reads more than a name behind the mode, and the name is " + c.What
	}
	p.Report(audit.Found{
		Node: o.call, Confidence: confidence, Severity: severity, Message: message,
		Steps: append(c.Steps, p.StepsAt(o.call)...), Fix: withMode(p.File, o),
	})
}

// ofName says what a name that open reads means, by who chooses it.
func ofName(p *audit.Pass, c chosen) (audit.Confidence, audit.Severity) {
	confidence, severity := audit.Possible, audit.Low
	switch c.Who {
	case input.Constant:
		return 0, 0
	case input.Remote:
		confidence, severity = audit.Certain, audit.Critical
		if len(c.Steps) > nearSteps {
			confidence, severity = audit.Likely, audit.High
		}
	case input.File:
		confidence, severity = audit.Likely, audit.High
	case input.Caller:
		confidence, severity = audit.Likely, audit.High
	case input.Held:
		confidence, severity = audit.Likely, audit.Medium
	case input.Operator:
		// The names are those of whoever starts it, who may start other commands, too.
		severity = audit.Medium
		if c.From.Kind == flow.Global && strings.HasSuffix(c.From.Name, "ARGV") && input.Serves(p.File) {
			confidence = audit.Likely
		}
	}
	severity = input.Severity(p.File, c.Source, severity)
	if p.File.Role == audit.Build || c.Who < input.Remote && p.File.ForAuthors(c.Part) {
		confidence, severity = min(confidence, audit.Possible), audit.Low
	}
	return confidence, severity
}

// nearSteps is as long as a way may be for all of it to be seen at once.
const nearSteps = 4

// expectsMode reports whether the file itself gives names with a mode to an open:
// open(STDIN, $self->{stdin} || "</dev/null").
func expectsMode(f *audit.File, arg perlsrc.NodeID) bool {
	origins, _ := f.Flow().Origins(arg)
	for _, o := range origins {
		if o.Kind == flow.Constant && withModeAhead.MatchString(o.Name) {
			return true
		}
	}
	return false
}

var withModeAhead = lazyregexp.New(`\A\s*\+?[<>]`)

// openEnds gives the values with which a name begins or ends, where these are
// read by open; none where it stands between what the source says.
func openEnds(f *audit.File, o *opened) []perlsrc.NodeID {
	if len(o.name) == 0 {
		return nil
	}
	first, last := o.name[0], o.name[len(o.name)-1]
	if len(o.name) > 1 && strings.HasPrefix(o.name[1].text, "&") {
		return nil // a handle is doubled, by a mode that is not said here
	}
	if strings.HasSuffix(last.text, `\0`) || strings.HasSuffix(last.text, "\x00") {
		return nil // the old way to end a name
	}
	var open []perlsrc.NodeID
	if first.node != 0 && !isOwn(f, first.node) && !isMadeSafely(f, first.node) {
		open = append(open, first.node)
	}
	if o.mode == "" && len(o.name) > 1 && last.node != 0 && !isOwn(f, last.node) && !isMadeSafely(f, last.node) {
		open = append(open, last.node)
	}
	return open
}

// isOwn reports whether a node is a path that perl knows itself, or a handle.
func isOwn(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	text := string(t.Text(n))
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		return text == "__FILE__" || text == "$0" || text == "$^X" || text == "$$" || text == "$<" || text == "$>"
	case perlsrc.AccessNode:
		return strings.HasPrefix(text, "$INC{") || strings.HasPrefix(text, "$Config{")
	case perlsrc.CallNode:
		name := audit.Unqualified(t.Callee(n))
		return name == "fileno" || name == "devnull"
	case perlsrc.ExprNode, perlsrc.CastNode:
		return strings.HasPrefix(text, `\`) // a reference: a file in memory
	}
	return false
}

// readOverARGV reports what <> opens where the file itself fills @ARGV.
func readOverARGV(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	target := t.Nodes[n].Child
	value := t.Nodes[target].Next
	if t.Nodes[value].Next != 0 || !isARGV(t, target) || !diamond(p.File, n) {
		return
	}
	c := by(p.File, n, harmless, value)
	if c.Who <= input.Operator && c.Who != input.Held {
		return
	}
	confidence, severity := ofName(p, c)
	if confidence == 0 {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: confidence, Severity: severity,
		Message: "<> takes a mode or a command out of the name in @ARGV, and the name is " + c.What,
		Steps:   c.Steps,
	})
}

// isARGV reports whether @ARGV takes the values of an assignment: by itself, or
// as the first of a list.
func isARGV(t *perlsrc.Tree, target perlsrc.NodeID) bool {
	for t.Nodes[target].Kind == perlsrc.DeclareNode || t.Nodes[target].Kind == perlsrc.ListNode {
		target = t.Nodes[target].Child
	}
	return t.Nodes[target].Kind == perlsrc.TermNode && string(t.Text(target)) == "@ARGV"
}

// diamond reports whether <> stands behind a node in the same sub.
func diamond(f *audit.File, n perlsrc.NodeID) bool {
	reads := lineReads(f)
	sub := f.Tree.EnclosingSub(n)
	_, from := f.Tree.Span(n)
	return reads[writtenAt{sub, "<>"}] >= from || reads[writtenAt{sub, "<ARGV>"}] >= from
}

type lineReadsKey struct{}

// lineReads gives the byte at which a sub reads a handle for the last time, by
// the sub and <HANDLE> as written.
func lineReads(f *audit.File) map[writtenAt]int {
	return f.Memo(lineReadsKey{}, func() any {
		reads := map[writtenAt]int{}
		t := f.Tree
		for n := range f.All(perlsrc.TermNode) {
			if tok := t.Token(n); tok.Kind == perlsrc.Readline {
				reads[writtenAt{t.EnclosingSub(n), string(tok.Text(t.Src))}] = tok.Start
			}
		}
		return reads
	}).(map[writtenAt]int)
}
