package inject

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/perlsrc"
)

// codeOfPattern is INJ06: what a pattern or its replacement runs.
func codeOfPattern(p *audit.Pass) {
	f := p.File
	t := f.Tree
	blocks := reEvals(f)
	for n := range f.All(perlsrc.TermNode) {
		switch tok := t.Token(n); tok.Kind {
		case perlsrc.Substitute:
			if q := tok.Quoted(t.Src); strings.Count(q.Modifiers, "e") > 1 {
				twice(p, n, q)
			} else if !q.Code {
				patternCode(p, n, blocks)
			}
		case perlsrc.Match, perlsrc.Pattern:
			patternCode(p, n, blocks)
		}
	}
}

// twice looks at a substitution whose replacement is compiled: s/.../.../ee.
func twice(p *audit.Pass, n perlsrc.NodeID, q perlsrc.Quoted) {
	f := p.File
	t := f.Tree
	var code perlsrc.NodeID
	for c := range t.Children(n) {
		if start, _ := t.Span(c); start >= q.Second.Start && start <= q.Second.End {
			code = c
		}
	}
	if code == 0 {
		return
	}
	found, ok := worst(f, code, input.Number|input.Plain)
	if !ok {
		return
	}
	switch {
	case found.Check.Has(input.Allowed):
		found.confidence = audit.Possible // the name of a variable, in most cases
	case found.Who != input.Remote && ofTemplate(f, found):
		found.confidence = audit.Possible // a template is code here, by whoever writes it
	case found.Who == input.Unknown, found.Who == input.Held:
		found.confidence = audit.Likely
	}
	found.severity = max(found.severity, audit.Medium)
	what := found.What
	if what == "" {
		what = "a value"
	}
	p.Report(audit.Found{
		Node: n, Confidence: found.confidence, Severity: found.severity,
		Message: "the replacement is compiled as Perl, and holds " + what,
		Steps:   found.way(p.File),
	})
}

// templates are words of what a generator of code is given to fill in.
var templates = set("template", "tmpl", "skeleton", "boilerplate", "grammar", "macro", "macros", "code", "stub", "scaffold")

// ofTemplate reports whether what is replaced is a template of the program's own, by
// its names.
func ofTemplate(f *audit.File, v taint) bool {
	return holds(v.What, templates) || holds(v.From.Name, templates) || holds(audit.NameOf(f.Tree, v.Part), templates)
}

// reEvals gives the blocks in which patterns made at run time may hold code.
func reEvals(f *audit.File) []perlsrc.NodeID {
	var blocks []perlsrc.NodeID
	for n := range f.All(perlsrc.StatementNode) {
		if f.Tree.Nodes[n].Form != perlsrc.Include {
			continue
		}
		in := f.Tree.Include(n)
		if in.Module != "re" || in.Word != "use" {
			continue
		}
		for _, a := range in.Args {
			values, _ := f.Tree.List(a)
			for _, v := range values {
				if v == "eval" {
					blocks = append(blocks, f.Tree.Nodes[n].Parent)
				}
			}
		}
	}
	return blocks
}

// patternCode looks at a pattern that may bring code of its own.
func patternCode(p *audit.Pass, n perlsrc.NodeID, blocks []perlsrc.NodeID) {
	f := p.File
	if !within(f.Tree, n, blocks) {
		return
	}
	found, ok := worstOfPattern(f, n)
	if !ok || object(found.Source) || found.Who == input.Unknown && found.What == "" {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: found.confidence, Severity: found.severity,
		Message: "the pattern may run code of its own, and holds " + found.What,
		Steps:   found.way(p.File),
	})
}

// worstOfPattern is worst of what a pattern holds: of a substitution the
// replacement does not count, which is no pattern.
func worstOfPattern(f *audit.File, n perlsrc.NodeID) (taint, bool) {
	q := f.Tree.Token(n).Quoted(f.Tree.Src)
	return worstWhere(f, n, plainly|input.Pattern, func(s input.Source) bool {
		start, _ := f.Tree.Span(s.Part)
		return start < q.Body.End
	})
}
