package inject

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// markupSafe are the checks behind which a value is text in HTML.
const markupSafe = plainly | input.HTML | input.URI

var (
	tag = lazyregexp.New(`(?i)<(?:/?(?:a|abbr|article|audio|b|big|blockquote|body|br|button|caption|center|code|dd|div|dl|dt|em|embed|fieldset|font|footer|form|frame|h[1-6]|head|header|hr|html|i|iframe|img|input|label|legend|li|link|main|meta|nav|object|ol|option|p|pre|script|section|select|small|span|strong|style|table|tbody|td|textarea|th|thead|title|tr|tt|u|ul|video)\b|!doctype html)`)
	// shows are functions and methods that show a page or a part of one.
	shows = set("print", "printf", "say", "body", "write", "render", "output", "html", "push_write", "out", "puts", "send_response", "content", "finalize", "respond", "raw", "r_print", "display")
)

// markupOfString is INJ08: HTML with a value in it that is not escaped.
func markupOfString(p *audit.Pass) {
	f := p.File
	for _, x := range texts(f) {
		if whole := x.whole(); strings.IndexByte(whole, '<') >= 0 && tag.MatchString(whole) {
			markup(p, x)
		}
	}
	sends := sync.OnceValue(func() bool { return sendsPage(f.Src) })
	for n := range f.Calls("print", "printf", "say", "body", "write") {
		if sends() {
			printed(p, n)
		}
	}
	if _, ok := f.Loads("CGI"); ok {
		for n := range f.Calls(elements...) {
			element(p, n)
		}
	}
	for n := range f.Calls("mark_raw", "raw", "b", "encoded_string") {
		rawMarkup(p, n)
	}
	for n := range f.Calls("render") {
		for a := range f.Tree.Args(n) {
			if key, _ := f.Tree.Key(a); key == "text" || key == "inline" || key == "data" {
				shown(p, n, a)
			}
		}
	}
	for n := range f.All(perlsrc.SubNode) {
		halfEscape(p, n)
	}
}

// sendsPage tells whether a file sends HTML.
func sendsPage(src []byte) bool {
	lower := bytes.ToLower(src)
	for _, w := range []string{"text/html", "start_html", "psgi.", "psgix.", "print header"} {
		if bytes.Contains(lower, []byte(w)) {
			return true
		}
	}
	// ->header and header(...)
	for rest := lower; ; {
		before, after, found := bytes.Cut(rest, []byte("header"))
		switch {
		case !found:
			return false
		case bytes.HasSuffix(before, []byte("->")) && (len(after) == 0 || !wordByte(after[0])),
			bytes.HasPrefix(after, []byte("(")) && (len(before) == 0 || !wordByte(before[len(before)-1])):
			return true
		}
		rest = after
	}
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z'
}

// markup looks at a string with tags.
func markup(p *audit.Pass, x *text) {
	f := p.File
	var found taint
	for _, piece := range x.pieces {
		v, ok := worst(f, piece.node, markupSafe)
		if !ok || object(v.Source) || v.Who < input.Caller {
			continue
		}
		if v.Who != input.Remote {
			v.confidence, v.severity = audit.Possible, audit.Low
			if v.Who == input.Caller && inAttribute(piece) && f.SubName(x.node) != "" {
				v.severity = audit.Medium
			}
		} else {
			v.severity = audit.Medium
			if ofBrowser(f.Tree, v.Source) || ofDocument(f, piece, v) || noPage(f, x.node) || knownBefore(f, v, x.node) {
				v.confidence = audit.Possible
			}
		}
		if v.confidence > found.confidence {
			found = v
		}
	}
	if found.confidence == 0 || found.Who != input.Remote && !goesOut(f, x) || aside(f, x.node) {
		return
	}
	if found.confidence == audit.Certain && !goesOut(f, x) {
		found.confidence = audit.Likely
	}
	p.Report(audit.Found{
		Node: x.node, Confidence: found.confidence, Severity: found.severity,
		Message: "the HTML holds " + found.What + " without an escape, so that markup in it becomes a part of the page",
		Steps:   found.way(p.File),
	})
}

// inAttribute reports whether a value stands in the quotes of an attribute.
func inAttribute(p piece) bool {
	return strings.HasSuffix(p.before, `="`) && strings.HasPrefix(p.after, `"`) || strings.HasSuffix(p.before, `='`) && strings.HasPrefix(p.after, `'`)
}

// goesOut reports whether a text ends on a page.
func goesOut(f *audit.File, x *text) bool {
	sinks, _ := f.Flow().Sinks(x.node)
	for _, s := range sinks {
		if s.Kind == flow.Returned || s.Kind == flow.Passed && shows[audit.Unqualified(s.Callee)] {
			return true
		}
	}
	return shows[givenTo(f, x.node)] || f.Tree.Nodes[x.node].Kind == perlsrc.CallNode && f.Tree.Callee(x.node) == "printf"
}

// asides are functions that put a text into a log or a message.
var asides = set("die", "warn", "croak", "carp", "confess", "cluck", "log", "debug", "info", "error", "throw", "like", "is", "ok", "unlike", "diag", "note")

// aside reports whether a value goes into a log or a message.
func aside(f *audit.File, n perlsrc.NodeID) bool { return asides[givenTo(f, n)] }

// givenTo names the function or method that a value is an argument of.
func givenTo(f *audit.File, n perlsrc.NodeID) string {
	d := f.Tree.Dest(n)
	if d.Use != perlsrc.Passed || f.Tree.Nodes[d.Node].Kind != perlsrc.CallNode {
		return ""
	}
	return audit.Unqualified(f.Tree.Callee(d.Node))
}

// elements are the functions of CGI that put tags around what they are given.
var elements = []string{"p", "h1", "h2", "h3", "h4", "h5", "h6", "b", "i", "li", "td", "th", "Tr", "div", "span", "strong", "em", "pre", "tt", "ul", "ol", "center", "font", "code", "blockquote", "dt", "dd", "a", "caption", "big", "small"}

// element looks at what an element holds; its attributes, which stand first, CGI
// escapes.
func element(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	for a := range f.Tree.Args(n) {
		if f.Tree.Nodes[a].Kind != perlsrc.HashNode {
			shown(p, n, a)
		}
	}
}

// printed looks at what a program that sends HTML prints.
func printed(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	c := f.Tree.Call(n)
	if c.Handle != 0 && !strings.Contains(string(f.Tree.Text(c.Handle)), "STDOUT") {
		return
	}
	if (audit.Unqualified(c.Callee) == "body" || audit.Unqualified(c.Callee) == "write") && (!c.Method || !named(f.Tree, c.Invocant)) {
		return
	}
	for _, a := range c.Args {
		shown(p, n, a)
	}
}

// named reports whether a method is called on a response.
func named(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	name := strings.ToLower(audit.NameOf(t, n))
	return strings.HasPrefix(name, "res") || name == "rsp" || name == "out" || name == "self"
}

// shown looks at a value that is a page or a part of one, without tags of its own.
func shown(p *audit.Pass, call, arg perlsrc.NodeID) {
	f := p.File
	if x := textOf(f, arg); x != nil && (tag.MatchString(x.whole()) || header.MatchString(x.pieces[len(x.pieces)-1].before)) {
		return // a text of its own, and a header is INJ04's
	}
	found, ok := worst(f, arg, markupSafe)
	if !ok || found.Who != input.Remote || strings.Contains(found.What, "answer of a server") || strings.Contains(found.What, "socket") {
		return
	}
	if slices.ContainsFunc(found.From.Through, func(name string) bool { return strings.Contains(name, "json") }) {
		return // no page
	}
	if ofBrowser(f.Tree, found.Source) {
		return
	}
	if x := textAround(f, found); x != nil && tag.MatchString(x.whole()) || returnedText(found) {
		return
	}
	confidence := audit.Likely
	if noPage(f, call) || knownBefore(f, found, call) {
		confidence = audit.Possible
	}
	p.Report(audit.Found{
		Node: call, Confidence: confidence, Severity: audit.Medium,
		Message: "the page holds " + found.What + " without an escape, so that markup in it becomes a part of it",
		Steps:   found.way(p.File),
	})
}

// escapedBy are methods that give an address of a request, in which a browser or the
// method itself has escaped what is markup, or a word of the protocol.
var escapedBy = set("self_url", "url", "uri", "base", "request_uri", "unparsed_uri", "url_with", "uri_for", "url_for", "request_method", "method", "remote_user", "auth_type", "query_string")

// ofBrowser reports whether markup in a value of a request was escaped before it
// came: in an address; or is refused by each server: in a method.
func ofBrowser(t *perlsrc.Tree, s input.Source) bool {
	if t.Nodes[s.Node].Kind == perlsrc.CallNode && escapedBy[audit.Unqualified(t.Callee(s.Node))] {
		return true
	}
	return strings.HasSuffix(s.What, "'s REQUEST_URI") || strings.HasSuffix(s.What, "'s REQUEST_METHOD") || strings.HasSuffix(s.What, "'s REMOTE_USER")
}

// returnedText reports whether a value is in a string that another sub returned,
// where it is looked at.
func returnedText(v taint) bool {
	return v.From.Quoted && slices.ContainsFunc(v.From.Steps, func(s flow.Step) bool { return strings.HasPrefix(s.What, "returned by") })
}

// rawMarkup looks at a value that a template is told to leave as it is.
func rawMarkup(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	if audit.Unqualified(f.Tree.Callee(n)) != "mark_raw" && !f.Holds("Mojo") && !f.Holds("Xslate") {
		return
	}
	found, ok := worst(f, f.Tree.Arg(n, 0), markupSafe)
	if !ok || found.Who != input.Remote {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.Medium,
		Message: found.What + " is given to a template as finished HTML",
		Steps:   found.way(p.File),
	})
}
