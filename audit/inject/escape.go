package inject

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// escaper are names of subs that escape for HTML.
var escaper = lazyregexp.New(`(?i)html|attr|entit|markup|\Aescape\z|\A_?esc(?:ape)?_?\z`)

// maxEscape is as long as a sub that only escapes is, in bytes.
const maxEscape = 1500

// halfEscape looks at a sub that escapes some of the characters that mean
// something in HTML, and leaves quotes.
func halfEscape(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	sub := f.Tree.Sub(n)
	start, end := f.Tree.Span(n)
	if !escaper.MatchString(audit.Unqualified(sub.Name)) || end-start > maxEscape || strings.Contains(strings.ToLower(sub.Name), "unescape") || strings.Contains(strings.ToLower(sub.Name), "decode") {
		return
	}
	for _, done := range []string{"&#39;", "&#039;", "&apos;", "&#x27;", "&#0*39", "&#27"} {
		if bytes.Contains(f.Src[start:end], []byte(done)) {
			return
		}
	}
	e := escapesOf(f, n)
	if !e.less || !e.ampersand || e.single {
		return
	}
	found := audit.Found{Node: e.at, Confidence: audit.Likely, Severity: audit.Low, Message: "the escape leaves single quotes, which end an attribute that is written in them"}
	if !e.double {
		found.Message = "the escape leaves quotes, which end an attribute"
		if !strings.Contains(strings.ToLower(sub.Name), "attr") {
			found.Confidence = audit.Possible // it may be for text between tags alone
		}
	} else if ownUse(f, sub.Name) {
		found.Confidence = audit.Possible
	}
	p.Report(found)
}

// escaped is what a sub makes harmless in HTML.
type escaped struct {
	less, ampersand, double, single bool
	at                              perlsrc.NodeID // the last substitution or call that does so
}

// escapesOf reads the substitutions of a sub, one for each character or one for a
// class of them, and its calls of encode_entities that name the characters.
func escapesOf(f *audit.File, sub perlsrc.NodeID) escaped {
	t, e := f.Tree, escaped{}
	take := func(at perlsrc.NodeID, chars string) {
		e.at = at
		e.less = e.less || strings.IndexByte(chars, '<') >= 0
		e.ampersand = e.ampersand || strings.IndexByte(chars, '&') >= 0
		e.double = e.double || strings.IndexByte(chars, '"') >= 0
		e.single = e.single || strings.IndexByte(chars, '\'') >= 0
	}
	for n := range t.All(sub, perlsrc.TermNode, perlsrc.CallNode) {
		if t.Nodes[n].Kind == perlsrc.CallNode {
			if c := t.Call(n); audit.Unqualified(c.Callee) == "encode_entities" && len(c.Args) == 2 {
				if set, ok := t.Literal(c.Args[1]); ok && !strings.HasPrefix(set, "^") {
					take(n, set)
				}
			}
			continue
		}
		tok := t.Token(n)
		if tok.Kind != perlsrc.Substitute {
			continue
		}
		q := tok.Quoted(t.Src)
		body, by := q.Body.Text(t.Src), q.Second.Text(t.Src)
		switch class := oneOf.FindSubmatch(body); {
		case class != nil && (bytes.Contains(by, []byte("$1")) || bytes.Contains(by, []byte("$&"))):
			if class[1][0] == '^' || bytes.Contains(class[1], []byte(`\W`)) {
				take(n, `<&"'`) // all but letters
			} else if bytes.Contains(by, []byte("&#")) || f.Holds("&lt;") {
				take(n, string(class[1]))
			}
		case bytes.HasPrefix(by, []byte("&")) && bytes.HasSuffix(by, []byte(";")):
			take(n, string(body))
			take(n, entities.Replace(string(by)))
		}
	}
	return e
}

// entities are the references that the characters are written as.
var entities = strings.NewReplacer("&lt;", "<", "&#60;", "<", "&amp;", "&", "&#38;", "&", "&quot;", `"`, "&#34;", `"`)

// oneOf finds the class of characters that a pattern is.
var oneOf = lazyregexp.New(`\A\(?\[(.+)\]\)?\z`)

// ownUse reports whether a file escapes for markup of its own, and writes no
// attribute in single quotes. Who gives the sub away, by a reference to it, does
// not know what others write.
func ownUse(f *audit.File, sub string) bool {
	for _, tok := range f.Tree.Tokens {
		var text []byte
		switch tok.Kind {
		case perlsrc.Quote, perlsrc.Substitute:
			q := tok.Quoted(f.Src)
			text = f.Src[q.Body.Start:max(q.Body.End, q.Second.End)]
		case perlsrc.HereBody, perlsrc.Data:
			text = tok.Text(f.Src)
		}
		if len(text) > 0 && singleQuoted.Match(text) {
			return false
		}
	}
	own := false
	for n := range f.Called(audit.Unqualified(sub)) {
		if f.Tree.Call(n).Amp && f.Tree.Operator(n) == `\` {
			return false
		}
		own = true
	}
	return own
}

var singleQuoted = lazyregexp.New(`<\w[^<>\n]*=\\?'`)
