package inject

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// ownAddress is the text before a part of an address that cannot leave the site,
// or the host that is named before it.
var ownAddress = lazyregexp.New(`(?i)\A(?:/(?:[^/\\\x00]|\z)|\?|#|[a-z+]+://[^\x00/]+/|mailto:|\x00[/?#&])`)

// addressOfInput is INJ09: a redirect, or a file for the web server to send, that
// a request chooses.
func addressOfInput(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("redirect", "redirect_to", "res_redirect", "location", "send_redirect", "internal_redirect", "http_redirect") {
		c := t.Call(n)
		for i, a := range c.Args {
			key, _ := t.Key(a)
			key = strings.ToLower(strings.TrimLeft(key, "-"))
			if i == 0 || key == "uri" || key == "url" || key == "location" {
				redirected(p, n, a)
			}
		}
	}
	for n := range f.Calls("header", "headers", "push_header", "set_header", "init_header", "response_header", "header_add", "header_props", "res_header", "new", "add", "set") {
		fielded(p, n)
	}
	for n := range f.All(perlsrc.ArrayNode, perlsrc.HashNode) {
		fielded(p, n)
	}
	for _, x := range texts(f) {
		for _, piece := range x.pieces {
			if strings.HasSuffix(strings.ToLower(strings.TrimRight(lastLine(piece.before), " \t")), "location:") {
				redirected(p, x.node, piece.node)
			}
		}
	}
	for n := range f.All(perlsrc.AccessNode) {
		sendfileType(p, n)
	}
	for n := range f.Calls("header", "http") {
		if key, ok := t.Literal(t.Arg(n, 0)); ok && clientsOnly(key) && t.Arg(n, 1) == 0 {
			reportSendfile(p, n, key)
		}
	}
	for n := range f.Calls("send_file", "sendfile") {
		systemPath(p, n)
	}
}

// fielded looks at the values behind "Location" and "X-Sendfile" in a list.
func fielded(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	i := 0
	for a := range t.Children(n) {
		if i++; i > 200 {
			return
		}
		if t.Operator(a) != "=>" && t.Operator(a) != "," {
			continue
		}
		key, ok := t.Key(a)
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimLeft(key, "-")) {
		case "location":
			redirected(p, a, a)
		case "x-sendfile", "x_sendfile", "x-accel-redirect", "x-lighttpd-send-file":
			sentFile(p, a, key)
		}
	}
}

// redirected looks at the address that a client is sent to.
func redirected(p *audit.Pass, n, address perlsrc.NodeID) {
	f := p.File
	found, ok := worst(f, address, plainly|input.URI|input.Base)
	if !ok || found.Who != input.Remote || strings.Contains(found.What, "answer of a server") {
		return
	}
	x := textOf(f, address)
	if x == nil {
		x = textAround(f, found)
	}
	if x != nil {
		before := x.pieces[0].before
		for _, piece := range x.pieces {
			if piece.node == found.Part || contains(f.Tree, piece.node, found.Part) {
				before = piece.before
				break
			}
		}
		if ownAddress.MatchString(before) {
			return
		}
		found.confidence = audit.Likely
		if before != "" {
			found.confidence = audit.Possible
		}
	}
	if keptHere(f, n) {
		found.confidence = audit.Possible
	}
	if !chosen(found) {
		found.confidence = audit.Possible // the browser says it, and not who made a link
	}
	by := "is "
	if x != nil {
		by = "holds "
	}
	p.Report(audit.Found{
		Node: n, Confidence: found.confidence, Severity: audit.Medium,
		Message: "the client is sent to an address that " + by + found.What + ": a link to this site can lead to any other",
		Steps:   found.way(p.File),
	})
}

// ownPath is a pattern for a path of the same site, or for an address of a site that
// is named.
var ownPath = lazyregexp.New(`\A\(?(?:\^|\\A)\(?(?:\\?/(?:\[\^|\(\?!|\\w|\[[\w\\])|https?:(?:\\?/){2}(?:\\Q|\$|\(?[\w@]))`)

// keptHere reports whether the sub around a node asks something whether it is such.
func keptHere(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	sub := t.EnclosingSub(n)
	if sub == 0 {
		return false
	}
	left := maxWashed
	for c := range t.All(sub, perlsrc.TermNode) {
		if left--; left < 0 {
			return false
		}
		if tok := t.Token(c); tok.Kind == perlsrc.Match && ownPath.Match(tok.Quoted(t.Src).Body.Text(t.Src)) {
			return true
		}
	}
	return false
}

// textAround gives the text that a value became a part of on its way.
func textAround(f *audit.File, v taint) *text {
	for _, s := range v.From.Steps {
		if s.Node == 0 {
			continue
		}
		if x := textIn(f, s.Node); x != nil {
			return x
		}
	}
	return nil
}

// contains reports whether a node is in another.
func contains(t *perlsrc.Tree, outer, inner perlsrc.NodeID) bool {
	a, b := t.Span(outer)
	c, d := t.Span(inner)
	return a <= c && d <= b
}

// chosen reports whether who makes a link chooses the value: a parameter.
func chosen(v taint) bool {
	for _, word := range []string{"param", "query", "cookie", "Vars", "splat", "input"} {
		if strings.Contains(v.What, word) && !strings.Contains(v.What, "query_string") && !strings.Contains(v.What, "QUERY_STRING") {
			return true
		}
	}
	return false
}

// clientsOnly reports whether a header of a request is for a server before the
// application, which a client can send as well.
func clientsOnly(key string) bool {
	switch strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(strings.ToUpper(key), "HTTP_"), "-", "_")) {
	case "X_SENDFILE_TYPE", "X_ACCEL_MAPPING":
		return true
	}
	return false
}

// sendfileType looks at $env->{HTTP_X_SENDFILE_TYPE}.
func sendfileType(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	for s := range t.Children(n) {
		if t.Nodes[s].Kind != perlsrc.SubscriptNode {
			continue
		}
		key, ok := t.Literal(t.Nodes[s].Child)
		if ok && strings.HasPrefix(key, "HTTP_X_") && clientsOnly(key) && t.Dest(n).Use != perlsrc.Target {
			reportSendfile(p, n, key)
			return
		}
	}
}

func reportSendfile(p *audit.Pass, n perlsrc.NodeID, key string) {
	p.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.High,
		Message: "the request's header " + key + ", which a client may send itself, says how files are sent",
	})
}

// sentFile looks at a path that the web server is told to send.
func sentFile(p *audit.Pass, n perlsrc.NodeID, key string) {
	found, ok := worst(p.File, n, plainly|input.Base|input.Dots)
	if !ok || found.Who != input.Remote {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: min(found.confidence, audit.Likely), Severity: audit.High,
		Message: "the server is told by " + key + " to send a file that is named by " + found.What,
		Steps:   found.way(p.File),
	})
}

// systemPath looks at send_file(..., system_path => 1), which sends any file.
func systemPath(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	anywhere := false
	for a := range t.Args(n) {
		if key, _ := t.Key(a); key == "system_path" && string(t.Text(a)) != "0" {
			anywhere = true
		}
	}
	if anywhere {
		sentFile(p, t.Arg(n, 0), "send_file")
	}
}
