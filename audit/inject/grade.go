package inject

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// plainly are the checks behind which a value holds nothing that means
// something to any of the languages here.
const plainly = input.Number | input.Allowed | input.Plain

// taint is a value that others choose, at a place of a rule.
type taint struct {
	input.Source
	piece      perlsrc.NodeID
	confidence audit.Confidence
	severity   audit.Severity
	loaded     bool // it is a part of the name of a module
}

// grade says how sure it is that a value of a source is a flaw where nothing
// makes it safe, and how much it would matter. What has come far is less sure.
func grade(f *audit.File, s input.Source) (audit.Confidence, audit.Severity) {
	c, severity := audit.Possible, audit.Low
	switch s.Who {
	case input.Constant:
		return 0, 0
	case input.Remote:
		c, severity = audit.Certain, audit.Critical
	case input.File, input.Caller:
		c, severity = audit.Likely, audit.High
	case input.Held:
		c, severity = audit.Likely, audit.Medium
	case input.Operator:
		severity = audit.Medium
	}
	severity = input.Severity(f, s, severity)
	switch steps := max(len(s.From.Steps), len(s.Steps)); {
	case ofDirective(f, s):
		c, severity = audit.Possible, audit.Low // whoever configures the program
	case f.Role == audit.Build || forTests(f):
		c, severity = audit.Possible, audit.Low
	case steps > farWay, steps > nearWay+1 && s.Who != input.Remote:
		c = audit.Possible
	case steps > nearWay:
		c = min(c, audit.Likely)
	}
	return c, severity
}

// How many steps a value may come.
const (
	nearWay = 5
	farWay  = 10
)

// proving are words in paths of modules that are for tests and for showing.
var proving = set("test", "tests", "testing", "tester", "testutil", "testutils", "fixture", "fixtures", "mock", "mocks", "example", "examples")

// forTests reports whether a module is for tests by its name.
func forTests(f *audit.File) bool {
	if f.Role == audit.Test || f.Role == audit.Author {
		return true
	}
	for dir, rest := "", strings.TrimSuffix(f.Path, ".pm"); rest != "" && f.Role == audit.Library; {
		if dir, rest, _ = strings.Cut(rest, "/"); holds(dir, proving) {
			return true
		}
	}
	return false
}

// worst gives the worst source of a value that none of the safe checks holds.
func worst(f *audit.File, n perlsrc.NodeID, safe input.Check) (taint, bool) {
	return worstWhere(f, n, safe, func(input.Source) bool { return true })
}

// worstWhere is worst of the sources that count.
func worstWhere(f *audit.File, n perlsrc.NodeID, safe input.Check, counts func(input.Source) bool) (taint, bool) {
	var found taint
	for _, s := range input.Of(f, n) {
		if s.Who == input.Constant || s.Check.Has(safe) || !counts(s) {
			continue
		}
		c, sev := grade(f, s)
		if c > found.confidence || c == found.confidence && s.Who > found.Who {
			found = taint{Source: s, piece: n, confidence: c, severity: sev}
		}
	}
	return found, found.confidence != 0
}

// way tells where a value comes from, and how it comes to its place.
func (x taint) way(f *audit.File) []audit.Step {
	from := f.Tree.Line(x.Node)
	if len(x.Steps) == 0 && from == f.Tree.Line(x.Part) {
		return nil // all of it is in the line that is shown
	}
	return append([]audit.Step{{Line: from, What: x.What}}, x.Steps...)
}

// name gives the name that a value bears where it is used, or else where it
// comes from: of $self->{file} it is "file".
func (x taint) name(t *perlsrc.Tree) string {
	if !wholly(x.Source) && x.From.Name != "" && x.From.Kind != flow.Result {
		return x.From.Name
	}
	if name := audit.NameOf(t, x.Part); name != "" {
		return name
	}
	return x.From.Name
}

// says reports whether a name has one of these words as its last word, or as
// all of it.
func says(name string, words map[string]bool) bool {
	if words[name] {
		return true
	}
	w := purpose.Words(name)
	return len(w) > 0 && words[w[len(w)-1]]
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// whole reports whether a value comes as it was given, and is not a part of a
// string on its way.
func wholly(s input.Source) bool {
	return !s.From.Quoted && len(s.From.Through) == 0
}

// object reports whether a source is the object or class that a method is
// called on.
func object(s input.Source) bool {
	return s.From.Kind == flow.Param && s.Who == input.Unknown && s.What == "the object"
}
