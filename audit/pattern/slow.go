package pattern

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// slow is RGX02: patterns whose time grows too fast with the text.
func slow(p *audit.Pass) {
	f := p.File
	if f.Role == audit.Build {
		return // the author's own files are read
	}
	var known constants
	var assigned map[perlsrc.NodeID]perlsrc.NodeID
	for u := range uses(f) {
		if !strings.ContainsAny(u.text, "+*{$") {
			continue
		}
		if strings.Contains(u.text, "$") && known == nil {
			known = constantsOf(f)
		}
		tree, ok := parse(u.text, u.mod, known.vars())
		if !ok {
			continue
		}
		g := grow(tree)
		if !g.slow() {
			continue
		}
		// A part of a pattern is told where the whole is used.
		if u.kind == perlsrc.Pattern && !g.exponential {
			continue
		}
		if u.subject == 0 && assigned == nil {
			assigned = topics(f)
		}
		report(p, u, g, assigned)
	}
}

// report reports a slow pattern by who may choose the text.
func report(p *audit.Pass, u use, g growth, assigned map[perlsrc.NodeID]perlsrc.NodeID) {
	f := p.File
	src, named := textOf(f, u, assigned)
	found := audit.Found{Node: u.node, Confidence: audit.Possible, Severity: audit.Low, Steps: src.Steps}
	switch {
	case src.Who == input.Constant || src.Who == input.Operator:
		return
	case src.Who == input.Remote:
		found.Severity = audit.Medium
		if g.steep() || !g.start && (g.exponential || g.tight) || g.start && !isShort(src) {
			found.Confidence = audit.Likely
		}
	case src.Who == input.Caller && !byProgrammer(f, u, named) && (g.exponential || g.tight):
		reads, checks := reading(f, u)
		if reads && (!g.start || wordsIn(trimWords, f.SubName(u.node)) && !strings.Contains(u.text, "|")) || g.steep() && parses(f, u.node) || checks && (g.exponential || g.steep()) {
			found.Confidence = audit.Likely
		}
		if g.steep() {
			found.Severity = audit.Medium
		}
	}
	if !g.steep() && slices.Contains(src.From.Through, "split") {
		found.Confidence = audit.Possible // its pieces are short
	}
	if found.Confidence > audit.Possible && (capped(f, u) || src.Who == input.Caller && ofLines(f, u.node, u.text)) {
		found.Confidence, found.Severity = audit.Possible, audit.Low
	}
	who := "its text"
	if src.What != "" {
		who = src.What
	} else if named != "" {
		who = "$" + named
	}
	run := g.witness.run()
	switch {
	case g.exponential:
		found.Message = fmt.Sprintf("a part of this pattern that repeats can match %s in very many ways, and each more of them in %s multiplies its time", run, who)
	case g.start:
		found.Message = fmt.Sprintf("this pattern begins again at each place of %s, so its time grows with %s of their number in %s", run, g.growsWith(), who)
	default:
		found.Message = fmt.Sprintf("%d parts of this pattern can share out %s, so its time grows with %s of their number in %s", g.degree, run, g.growsWith(), who)
	}
	p.Report(found)
}

// isShort reports whether a text from far away is most likely one line: a header,
// which servers bound. The square of its length is little.
func isShort(src input.Source) bool {
	return strings.Contains(src.What, "header") || strings.Contains(src.What, "a mail's get")
}

// textOf gives who may choose the text that a pattern is held against. A qr is
// asked where it is used.
func textOf(f *audit.File, u use, assigned map[perlsrc.NodeID]perlsrc.NodeID) (src input.Source, name string) {
	t := f.Tree
	if u.subject != 0 {
		return input.Worst(f, u.subject, 0), audit.NameOf(t, u.subject)
	}
	if u.kind == perlsrc.Pattern {
		sinks, _ := f.Flow().Sinks(u.node)
		for _, s := range sinks {
			// Where it is a part of another pattern, that one is told.
			if _, subject, _ := bound(t, s.Node); subject != 0 && t.Token(s.Node).Kind == perlsrc.Variable {
				if in := input.Worst(f, subject, 0); in.Who > src.Who {
					src, name = in, audit.NameOf(t, subject)
				}
			}
		}
		return src, name
	}
	if call := t.Nodes[u.node].Parent; t.Nodes[call].Kind == perlsrc.CallNode && t.Callee(call) == "split" {
		if text := t.Arg(call, 1); text != 0 && text != u.node {
			return input.Worst(f, text, 0), audit.NameOf(t, text)
		}
	}
	if text := topic(f, assigned, u.node); text != 0 {
		return input.Worst(f, text, 0), audit.NameOf(t, text)
	}
	return input.Source{Who: input.Unknown}, ""
}

var (
	// parseWords are of subs that read a text which somebody wrote.
	parseWords = []string{
		"parse", "trim", "ltrim", "rtrim", "strip", "decode", "valid", "validate", "check", "normalize", "normalise", "clean", "sanitize",
		"tokenize", "lex", "extract", "filter", "scrub", "unfold", "unquote",
	}
	// foreignWords are of texts that come from others, as a rule: dates, headers,
	// addresses, mail and markup.
	foreignWords = []string{
		"date", "dates", "time", "datetime", "str2time", "timestamp", "stamp", "http", "header", "headers", "mime", "mail", "email", "mailbox", "phrase", "message",
		"host", "hostname", "url", "uri", "cookie", "cookies", "request", "response", "content", "html", "xhtml", "css", "style", "markup", "markdown", "feed", "upload",
		"csv", "json", "unquote", "quoted", "received", "envelope",
	}
	trimWords  = []string{"trim", "rtrim", "strip", "clean"}
	checkWords = []string{"valid", "validate", "check", "is", "verify", "sanitize", "sanitise", "untaint"}
	// programWords are of texts that a programmer writes.
	programWords = []string{
		"spec", "opt", "option", "options", "proto", "prototype", "template", "tmpl", "format", "fmt", "xpath", "cpath", "selector", "cond", "condition", "predicate", "expr", "expression",
		"pattern", "regex", "regexp", "re", "class", "module", "package", "method", "sub", "code", "perl", "sql", "column", "table", "declaration", "signature", "pod", "version",
		"expires", "expire", "expiration", "expiry", "timeout", "interval", "duration", "ttl", "lifetime", "period", "timespec", "delay", "schedule", "config", "setting", "settings", "usage",
	}
)

// wordsIn reports whether one of some names has one of some words.
func wordsIn(words []string, names ...string) bool {
	for _, name := range names {
		for _, w := range purpose.Words(name) {
			if slices.Contains(words, w) {
				return true
			}
		}
	}
	return false
}

func parses(f *audit.File, n perlsrc.NodeID) bool {
	return wordsIn(foreignWords, f.SubName(n)) || wordsIn(parseWords, f.SubName(n))
}

// reading tells whether the text of a pattern is one that comes from others, by
// the sub, its package and the variable, and whether the sub checks it.
func reading(f *audit.File, u use) (reads, checks bool) {
	sub := f.SubName(u.node)
	return wordsIn(foreignWords, sub, f.Tree.EnclosingPackage(u.node), audit.NameOf(f.Tree, u.subject)) && (parses(f, u.node) || wordsIn(checkWords, sub)),
		wordsIn(checkWords, sub)
}

// byProgrammer reports whether names say that the text is a part of a program.
func byProgrammer(f *audit.File, u use, named string) bool {
	return wordsIn(programWords, named, f.SubName(u.node))
}

// capped reports whether the sub around a pattern asks for the length of its
// text, or cuts it.
func capped(f *audit.File, u use) bool {
	name := "$_"
	if u.subject != 0 {
		name = string(f.Tree.Text(u.subject))
	}
	if i := strings.IndexByte(name, '$'); i >= 0 {
		name = name[i:]
	}
	if i := strings.IndexAny(name, " )=;"); i > 0 {
		name = name[:i]
	}
	if len(name) < 2 {
		return false
	}
	q := regexp.QuoteMeta(name)
	asks, err := regexp.Compile(`length\s*\(?\s*` + q + `\s*\)?\s*(?:[<>]|==)|substr\s*\(?\s*` + q + `\s*,\s*0|\b[lL]en(?:gth)?\s*[<>]`)
	return err == nil && asks.MatchString(subText(f, u.node))
}
