package pattern

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

var (
	// textWords are what a text is called that is looked for as it is; access
	// hangs on the first of them.
	accessWords = []string{"host", "hostname", "domain", "path", "dir", "directory", "root", "user", "username", "login", "email", "url", "uri", "ip", "address", "addr", "origin", "referer", "docroot", "basedir", "realm"}
	textWords   = []string{
		"name", "names", "file", "filename", "basename", "key", "word", "term", "string", "str", "text", "title", "value", "val", "ext", "extension", "suffix", "tag", "id",
		"query", "search", "keyword", "label", "column", "field", "param", "section", "topic", "base", "home", "token", "needle", "query_string", "phrase", "subject", "label", "input", "find", "question", "nick", "prefix", "location", "scope", "role", "group",
	}
	// patternWords are what a pattern is called.
	patternWords = []string{
		"re", "regex", "regexp", "rx", "pattern", "pat", "patterns", "match", "matcher", "matches", "matching", "filter", "filters", "qr", "exp", "expr", "expression", "grep", "mask", "wildcard", "glob", "include",
		"exclude", "allow", "deny", "ignore", "skip", "rule", "where", "cond", "spec", "syntax", "grammar", "lexer", "class", "chars", "char", "quoted", "escaped", "qm", "safe", "quotemeta", "esc", "alternation", "alt", "rex", "regexes", "begin", "end", "start", "stop", "delim", "sep", "separator", "delimiter",
	}
)

// unquoted is RGX03: a text that is taken for a pattern.
func unquoted(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	if f.Role == audit.Build {
		return
	}
	for u := range uses(f) {
		if u.kind == perlsrc.Substitute && u.text == "|" && u.subject != 0 {
			p.Report(audit.Found{Node: u.node, Confidence: audit.Likely, Severity: audit.Medium, Message: "a bare | matches nothing everywhere, so no such character is taken out"})
			continue
		}
		if u.literal || !strings.ContainsAny(u.text, "$@") {
			continue
		}
		for in := range t.Children(u.node) {
			if t.Nodes[in].Kind == perlsrc.InterpolationNode && inPattern(t, u, in) && !isQuoted(t, u, in) {
				if part(p, u, in) {
					break
				}
			}
		}
	}
}

// inPattern keeps the replacement of s/// apart.
func inPattern(t *perlsrc.Tree, u use, in perlsrc.NodeID) bool {
	q := t.Token(u.node).Quoted(t.Src)
	start, _ := t.Span(in)
	return start >= q.Body.Start && start < q.Body.End
}

// isQuoted reports whether a part of a pattern stands behind \Q.
func isQuoted(t *perlsrc.Tree, u use, in perlsrc.NodeID) bool {
	q := t.Token(u.node).Quoted(t.Src)
	start, _ := t.Span(in)
	before := string(t.Src[q.Body.Start:start])
	return strings.LastIndex(before, `\Q`) > strings.LastIndex(before, `\E`)
}

// part reports one variable in a pattern, if it is called as a text is and
// somebody else may choose it.
func part(p *audit.Pass, u use, in perlsrc.NodeID) bool {
	f, t := p.File, p.File.Tree
	n := t.Nodes[in].Child
	if n == 0 || t.Nodes[n].Kind != perlsrc.TermNode && t.Nodes[n].Kind != perlsrc.AccessNode {
		return false
	}
	text := string(t.Text(n))
	if !strings.HasPrefix(text, "$") {
		return false
	}
	name := audit.NameOf(t, n)
	// The object and the container say nothing of the text.
	words := purpose.Words(name)
	if name == "" || name == "_" || len(words) == 0 || name == strings.ToUpper(name) {
		return false
	}
	for _, w := range words {
		if slices.Contains(patternWords, w) {
			return false
		}
	}
	access, isText := false, false
	for _, w := range words {
		access = access || slices.Contains(accessWords, w)
		isText = isText || slices.Contains(textWords, w)
	}
	src := input.Worst(f, n, input.Pattern|input.Number|input.Allowed|input.Plain|input.Rejected|input.Shell)
	if src.Who == input.Constant || src.Who == input.Operator || src.Who == input.Unknown || src.Who == input.Held && !access {
		return false
	}
	if src.Who != input.Remote && !access && !isText || compiled(f, u, name) {
		return false
	}
	for _, w := range purpose.Words(src.From.Name) {
		if slices.Contains(patternWords, w) {
			return false
		}
	}
	found := audit.Found{Node: u.node, Confidence: audit.Possible, Severity: audit.Low, Steps: src.Steps}
	switch {
	case src.Who == input.Remote:
		found.Confidence, found.Severity = audit.Likely, audit.Medium
	case setUp(f, src), onlyValue.MatchString(strings.TrimSpace(u.text)):
		// a setting, and what is there to be searched by
	case src.Who == input.Caller && access && u.kind != perlsrc.Substitute && decidesAccess(f, u, name):
		found.Confidence = audit.Likely
	}
	if found.Confidence > audit.Possible && documented(f, name) {
		found.Confidence, found.Severity = audit.Possible, audit.Low
	}
	what := src.What
	if what == "" {
		what = "it"
	}
	found.Message = text + " is put into the pattern as it is, and " + what + " may hold characters that mean something there"
	p.Report(found)
	return true
}

// compiled reports whether the sub treats a variable as a pattern, or quotes it.
func compiled(f *audit.File, u use, name string) bool {
	text := subText(f, u.node)
	if len(text) > 20000 {
		return false
	}
	for _, s := range []string{"quotemeta", "Regexp", "ref $" + name, "ref($" + name, "eval { qr", "eval { m/$" + name, "eval {qr", "is_regexp"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return u.kind == perlsrc.Pattern && strings.TrimSpace(u.text) == "$"+name
}

// folderWords are of paths, which hold a programmer's own names mostly.
var folderWords = []string{"path", "dir", "directory", "root", "docroot", "basedir"}

// decidesAccess reports whether access hangs on a match with a text of a name:
// what it is held against, or the sub, says so. A path is one where something is
// refused.
func decidesAccess(f *audit.File, u use, name string) bool {
	t := f.Tree
	n := u.node
	if u.expr != 0 {
		n = u.expr
	}
	if use := t.Dest(n).Use; use != perlsrc.Condition && use != perlsrc.Returned {
		return false
	}
	sub := f.SubName(u.node)
	if wordsIn(folderWords, name) {
		stmt := t.EnclosingStatement(u.node)
		return stmt != 0 && (checks(sub) || refuse.Match(head(t.Text(stmt))))
	}
	return checks(sub) || wordsIn(accessWords, audit.NameOf(t, u.subject), sub) || wordsIn([]string{"vhost", "auth", "access", "permission"}, sub)
}
