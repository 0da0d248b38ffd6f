package transport

import (
	"strings"

	"nacre/audit"
	"nacre/audit/requirement"
	"nacre/audit/setting"
	"nacre/perlsrc"
	"nacre/perlver"
)

// The versions from which HTTP::Tiny checks certificates unless it is told not
// to, and the perl that is the first stable one to ship such a version.
var (
	checking, _     = perlver.Parse("0.083")
	checkingPerl, _ = perlver.Parse("5.038")
)

// trusting finds clients of HTTP::Tiny that rely on its default where an old
// version may be installed.
func trusting(p *audit.Pass) {
	f := p.File
	t := f.Tree
	classes := map[string]bool{"HTTP::Tiny": true}
	for _, declared := range f.Facts().Packages {
		for _, parent := range declared.ISA {
			if parent == "HTTP::Tiny" {
				classes[declared.Name] = true
			}
		}
	}
	var how audit.Confidence
	for n := range f.Calls("new") {
		c := t.Call(n)
		if !c.Method || !classes[class(f, c)] {
			continue
		}
		if how == 0 {
			if how = old(p); how == 0 {
				return
			}
			for s := range setting.All(f, "verify_SSL") {
				if s.How != setting.Pair || t.Nodes[s.Value].Parent != n {
					for _, o := range s.Outcomes(f) {
						if o.Choice != setting.Default || !o.Known || !isFalse(o.Value) {
							return // the file takes care of it elsewhere
						}
					}
				}
			}
		}
		confidence := how
		cares := false
		for _, a := range c.Args {
			switch word := setting.Word(t, a); {
			case word == "verify_SSL" || word == "SSL_options" && f.Holds("SSL_verify_mode"):
				cares = true
			case isList(t, a) && !written(f, a):
				confidence = audit.Possible // the caller may care
			}
		}
		if cares || plainOnly(f, n) || careless.In(f.SubName(n)) {
			continue
		}
		p.Report(audit.Found{
			Node: n, Confidence: confidence, Severity: audit.Medium,
			Message: "HTTP::Tiny->new has no verify_SSL: before 0.083, which the requirements let in, nothing checks then who answers",
			Fix:     asking(t, n, c),
		})
	}
}

// asking is the change that asks for the check.
func asking(t *perlsrc.Tree, n perlsrc.NodeID, c perlsrc.Call) *audit.Fix {
	at, add := 0, "verify_SSL => 1"
	_, end := t.Span(n)
	switch {
	case len(c.Args) > 0:
		at, _ = t.Span(c.Args[0])
		add += ", "
	case c.Parens:
		at = end - 1
	default:
		at, add = end, "("+add+")"
	}
	return &audit.Fix{Title: "ask for the check", Edits: []audit.Edit{{Start: at, End: at, New: add}}}
}

// class gives the class that a constructor is called on, also through a variable
// of the file.
func class(f *audit.File, c perlsrc.Call) string {
	if c.Class != "" || c.Invocant == 0 {
		return c.Class
	}
	for _, o := range setting.Outcomes(f, c.Invocant) {
		if o.Known && o.Value == "HTTP::Tiny" {
			return o.Value
		}
	}
	return ""
}

// isList reports whether an argument is a hash or a list that came from elsewhere.
func isList(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode, perlsrc.CastNode:
		text := t.Text(n)
		return len(text) > 0 && (text[0] == '%' || text[0] == '@')
	}
	return false
}

// written reports whether a hash is one that the file fills with what is written
// there, and nothing else.
func written(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	name := string(t.Text(n))
	if !strings.HasPrefix(name, "%") || t.Nodes[n].Kind != perlsrc.TermNode {
		return false
	}
	times := 0
	for a := range f.All(perlsrc.AssignNode) {
		target := t.Nodes[a].Child
		value := t.Nodes[target].Next
		if t.Nodes[target].Kind == perlsrc.DeclareNode {
			target = t.Nodes[target].Child
		}
		if string(t.Text(target)) != name {
			continue
		}
		if times++; t.Nodes[value].Kind != perlsrc.ListNode || t.EnclosingSub(a) != 0 && t.EnclosingSub(a) != t.EnclosingSub(n) {
			return false
		}
		for c := range t.Children(value) {
			if isList(t, c) || t.Nodes[c].Kind == perlsrc.CallNode || t.Nodes[c].Kind == perlsrc.TernaryNode {
				return false
			}
		}
	}
	return times == 1
}

// old tells how sure it is that a version that checks nothing may be installed;
// 0 where it may not.
func old(p *audit.Pass) audit.Confidence {
	asksFor := false // an old version, by its number
	for _, l := range p.File.Facts().Loads {
		least := checking
		switch l.Module {
		case "HTTP::Tiny":
			if v, err := perlver.Parse(l.Version); err == nil && l.Version != "" && v.Compare(least) < 0 {
				asksFor = true
			}
		case "perl":
			least = checkingPerl
		default:
			continue
		}
		if v, err := perlver.Parse(l.Version); err == nil && l.Version != "" && v.Compare(least) >= 0 {
			return 0
		}
	}
	for n := range p.File.Calls("VERSION") {
		if v, ok := p.File.Tree.Literal(p.File.Tree.Arg(n, 0)); ok && p.File.Tree.Call(n).Class == "HTTP::Tiny" {
			if v, err := perlver.Parse(v); err == nil {
				if v.Compare(checking) >= 0 {
					return 0
				}
				asksFor = true
			}
		}
	}
	stated := requirement.Of(p.Release)
	if least, _, ok := stated.Least("perl"); ok && least.Compare(checkingPerl) >= 0 {
		return 0
	}
	switch stated.Admits("HTTP::Tiny", checking) {
	case requirement.Yes:
		return audit.Likely
	case requirement.No:
		return 0
	}
	if asksFor {
		return audit.Likely
	}
	return audit.Possible
}
