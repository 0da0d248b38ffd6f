package inject

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// lineSafe are the checks behind which a value holds no line end.
const lineSafe = plainly | input.Lines | input.URI | input.Rejected

var (
	// header is the text before a value of a header, from its line's beginning.
	header = lazyregexp.New(`(?i)(?:\A|[\r\n])(location|set-cookie|content-disposition|content-type|content-length|refresh|status|host|user-agent|referer|cookie|authorization|proxy-authorization|www-authenticate|from|to|cc|bcc|subject|reply-to|sender|return-path|message-id|in-reply-to|references|soapaction|x-[a-z-]+|link|etag|origin|range|accept|window-target|p3p):[ \t]*[^\r\n]*\z`)
	// anyHeader is the text before the value of a header whose name is a value, too.
	anyHeader = lazyregexp.New(`(?:\A|\n)\x00:[ \t]*\z`)
	// requestLine is the text behind a value of a request's first line.
	requestLine = lazyregexp.New(`\A[^\r\n]*[ ]HTTP/(?:1|\x00)`)
	onlyAnswer  = lazyregexp.New(`(?i)(?:\A|[\r\n])(?:location|set-cookie|content-disposition|refresh):[ \t]*[^\r\n]*\z`)
	onlyMail    = lazyregexp.New(`(?i)(?:\A|[\r\n])(?:from|to|cc|bcc|subject|reply-to|sender|return-path):[ \t]*[^\r\n]*\z`)
)

// headerOfString is INJ04: a header or the first line of a request with a value
// in it that may hold a line end.
func headerOfString(p *audit.Pass) {
	f := p.File
	for _, x := range texts(f) {
		found, where, ok := inHeader(f, x)
		if !ok {
			continue
		}
		p.Report(audit.Found{
			Node: x.node, Confidence: found.confidence, Severity: found.severity,
			Message: where + " holds " + found.What + ", in which a line end begins another header",
			Steps:   found.way(p.File),
		})
	}
}

// inHeader gives the worst value that a text has in a header.
func inHeader(f *audit.File, x *text) (found taint, where string, ok bool) {
	whole := x.whole()
	ends := strings.HasSuffix(whole, "\r\n")
	wire := strings.Contains(whole, "\r\n") || strings.Contains(whole, "HTTP/1")
	for _, piece := range x.pieces {
		before := piece.before[max(0, len(piece.before)-300):]
		var at string
		m := header.FindStringSubmatch(before)
		switch {
		case requestLine.MatchString(piece.after) && !strings.Contains(lastLine(before), "HTTP/"):
			at = "the first line of the request"
		case m != nil:
			at = "the header " + m[1]
		case wire && ends && anyHeader.MatchString(before):
			at = "a header"
		default:
			continue
		}
		v, bad := worst(f, piece.node, lineSafe)
		if !bad || object(v.Source) {
			continue
		}
		switch {
		case m != nil && !wire && !sent(f, x, before):
			continue
		case v.Who == input.Unknown || v.Who == input.Operator, ofAddress(f, v), v.Who == input.Caller && madeWith(f, v):
			v.confidence = audit.Possible
		case v.Who <= input.Caller && m != nil && says(v.name(f.Tree), ownHeaders[strings.ToLower(m[1])]):
			v.confidence = audit.Possible
		case v.Who == input.Caller && m != nil && !strings.Contains(whole, "HTTP/") && says(v.name(f.Tree), writtenDown[strings.ToLower(m[1])]):
			v.confidence = audit.Possible
		case v.Who == input.Held:
			v.confidence = audit.Possible
			if requestLine.MatchString(piece.after) && !says(v.name(f.Tree), set("method", "proto", "version", "protocol")) {
				v.confidence = audit.Likely
			}
		}
		if washes(f, x.node) {
			v.confidence = audit.Possible
		}
		v.severity = min(v.severity, audit.Medium)
		if v.confidence > found.confidence {
			found, where, ok = v, at, true
		}
	}
	return found, where, ok
}

// writtenDown are names of headers' values that stand in the code of who calls.
var writtenDown = map[string]map[string]bool{
	"status":       set("status", "code", "rc"),
	"content-type": set("type", "charset", "mime", "mimetype", "ctype", "format"),
}

// ownHeaders are names of what a client says of itself, or counts.
var ownHeaders = map[string]map[string]bool{
	"user-agent":     set("agent", "ua", "useragent", "name", "version", "client"),
	"content-length": set("length", "len", "size", "bytes"),
	"x-mailer":       set("mailer", "agent", "name", "version"),
}

// addressed are methods of a URI, each of which gives it or a part of it escaped.
var addressed = set("path_query", "path", "query", "as_string", "canonical", "authority", "host_port", "host", "opaque", "to_string", "path_and_query")

// ofAddress reports whether a value is a part of a URI, which escapes line ends.
func ofAddress(f *audit.File, v taint) bool {
	t := f.Tree
	if t.Nodes[v.Node].Kind != perlsrc.CallNode {
		return false
	}
	c := t.Call(v.Node)
	if !c.Method || c.Invocant == 0 {
		return false
	}
	class, _ := f.Flow().ClassOf(c.Invocant)
	if addressed[c.Callee] && says(audit.NameOf(t, c.Invocant), set("uri", "url", "URI", "URL")) {
		return true
	}
	return class == "URI" || strings.HasPrefix(class, "URI::") || class == "Mojo::URL"
}

// lineEnds are patterns that look for line ends anywhere in a value.
var lineEnds = lazyregexp.New(`\A\(?\[[^\]]*(?:\\[rnR]|\\01[25]|\\x0[aAdD]|:cntrl:)|\A\(?(?:\\R|\\v)[+)]?\z`)

// maxWashed bounds the terms of a sub that are looked at.
const maxWashed = 2000

// washes reports whether the sub that makes a text looks for line ends before, in
// whatever: in a list of all of the values, most often.
func washes(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	sub := t.EnclosingSub(n)
	if sub == 0 {
		return false
	}
	at, _ := t.Span(n)
	left := maxWashed
	for c := range t.All(sub, perlsrc.TermNode) {
		start, _ := t.Span(c)
		if left--; left < 0 || start >= at {
			return false
		}
		switch tok := t.Token(c); tok.Kind {
		case perlsrc.Match, perlsrc.Substitute:
			if up := t.Nodes[c].Parent; t.Nodes[up].Kind == perlsrc.CallNode && t.Callee(up) == "split" {
				continue
			}
			if lineEnds.Match(tok.Quoted(t.Src).Body.Text(t.Src)) {
				return true
			}
		case perlsrc.Translate:
			if body := string(tok.Quoted(t.Src).Body.Text(t.Src)); strings.Contains(body, `\r`) || strings.Contains(body, `\n`) || strings.Contains(body, `\015`) || strings.Contains(body, `\012`) {
				return true
			}
		}
	}
	return false
}

func lastLine(s string) string {
	return s[strings.LastIndexAny(s, "\r\n")+1:]
}

// mailHandles are names of handles that lead to a program or server that sends
// mail.
var mailHandles = lazyregexp.New(`(?i)mail|smtp|sendm|msg|pipe|sock|\Amh\z`)

// sent reports whether a text with plain line ends goes out as headers: by print
// of a web application, or into mail.
func sent(f *audit.File, x *text, before string) bool {
	t := f.Tree
	sinks, _ := f.Flow().Sinks(x.node)
	for _, s := range sinks {
		if s.Kind != flow.Passed || t.Nodes[s.Node].Kind != perlsrc.CallNode {
			continue
		}
		c := t.Call(s.Node)
		switch audit.Unqualified(c.Callee) {
		case "print", "printf", "say", "syswrite", "send", "datasend", "print_header":
			handle := ""
			if c.Handle != 0 {
				handle = string(t.Text(c.Handle))
			} else if c.Method {
				handle = string(t.Text(c.Invocant))
			} else if name := audit.Unqualified(c.Callee); (name == "syswrite" || name == "send") && len(c.Args) > 0 {
				handle = string(t.Text(c.Args[0]))
			}
			switch {
			case audit.Unqualified(c.Callee) == "datasend":
				return true
			case strings.Contains(handle, "STDERR") || strings.Contains(strings.ToLower(handle), "log"):
			case onlyAnswer.MatchString(before) && (handle == "" || strings.Contains(handle, "STDOUT") || socket(handle)):
				return true
			case onlyMail.MatchString(before) && handle != "" && (mailHandles.MatchString(handle) || f.Holds("sendmail")):
				return true
			case handle != "" && socket(handle):
				return true
			}
		}
	}
	return false
}

// sockets are names of what is connected to another machine.
var sockets = lazyregexp.New(`(?i)sock|conn|client|server|\bfh_?net|peer|remote|statsd|irc|smtp|ftp|imap|pop3?\b|nntp|redis|memcache`)

func socket(name string) bool { return sockets.MatchString(name) }
