package web

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// cookieClasses are those whose constructors make a cookie for a browser.
var cookieClasses = purpose.NewSet("CGI::Cookie CGI::Simple::Cookie Apache::Cookie Apache2::Cookie APR::Request::Cookie Mojo::Cookie::Response Dancer::Cookie Dancer2::Core::Cookie")

// bare finds cookies that open a session, and lack what keeps them safe.
func bare(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("new") {
		c := t.Call(n)
		switch {
		case c.Class == "Mojo::Cookie::Response" && f.Holds("cookie_jar"):
			// of a client
		case cookieClasses[c.Class]:
			options(p, n, c.Args)
		case c.Class == "Plack::Session::State::Cookie":
			flags(p, n, "the cookie of the session", pairs(t, c.Args))
		}
	}
	for n := range f.Calls("cookie", "signed_cookie", "encrypted_cookie", "set_cookie", "bake_cookie", "setcookie") {
		c := t.Call(n)
		if len(c.Args) < 2 {
			continue
		}
		if first, _ := t.Literal(c.Args[0]); first == "-name" || first == "-value" || first == "name" {
			options(p, n, c.Args)
			continue
		}
		if len(c.Args) == 3 && t.Nodes[c.Args[2]].Kind == perlsrc.HashNode {
			named(p, n, c.Args[0], c.Args[1], pairs(t, children(t, c.Args[2])))
			continue
		}
		if t.Nodes[c.Args[1]].Kind == perlsrc.HashNode {
			inHash(p, n, c.Args[0], c.Args[1])
			continue
		}
		if strings.HasPrefix(c.Callee, "set") && c.Method && len(c.Args) > 4 && t.Operator(c.Args[3]) != "=>" {
			continue // HTTP::Cookies keeps those of a client
		}
		named(p, n, c.Args[0], c.Args[1], pairs(t, c.Args[2:]))
	}
	for n := range f.Calls("enable") {
		c := t.Call(n)
		if under(t, c) == "Session::Cookie" || under(t, c) == "Plack::Middleware::Session::Cookie" {
			flags(p, n, "the cookie of the session", pairs(t, c.Args[1:]))
		}
	}
	stored(p)
	lines(p)
	switchedOff(p)
}

// stored finds $res->cookies->{sid} = { value => ... }.
func stored(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("cookies") {
		access := t.Nodes[n].Parent
		assign := t.Nodes[access].Parent
		if t.Nodes[access].Kind != perlsrc.AccessNode || t.Nodes[assign].Kind != perlsrc.AssignNode || t.Nodes[assign].Child != access {
			continue
		}
		sub := t.Nodes[n].Next
		value := t.Nodes[access].Next
		if t.Nodes[sub].Kind != perlsrc.SubscriptNode || t.Nodes[sub].Next != 0 || value == 0 {
			continue
		}
		key := t.Nodes[sub].Child
		if t.Nodes[value].Kind == perlsrc.HashNode {
			inHash(p, assign, key, value)
		} else if _, isVariable := nameOf(t, value); t.Nodes[value].Kind == perlsrc.CallNode || !isWhole(t, value) && isVariable == "" {
			named(p, assign, key, value, map[string]perlsrc.NodeID{})
		}
	}
}

// isWhole reports whether a value may be a hash that says more.
func isWhole(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	name, _ := nameOf(t, n)
	return name != "" && !secretCookie(name)
}

func inHash(p *audit.Pass, at, key, hash perlsrc.NodeID) {
	all := pairs(p.File.Tree, children(p.File.Tree, hash))
	named(p, at, key, all["value"], all)
}

// options is a cookie whose name, value and flags are pairs.
func options(p *audit.Pass, at perlsrc.NodeID, args []perlsrc.NodeID) {
	all := pairs(p.File.Tree, args)
	if all["value"] != 0 {
		named(p, at, all["name"], all["value"], all)
	}
}

// named is a cookie with a name and a value.
func named(p *audit.Pass, at, name, value perlsrc.NodeID, all map[string]perlsrc.NodeID) {
	f := p.File
	t := f.Tree
	if value == 0 || ends(t, value, all) {
		return
	}
	label, ok := t.Literal(name)
	if !ok {
		label, _ = nameOf(t, name)
	}
	given, of := nameOf(t, value)
	if given == "id" || given == "value" {
		given = of + "_" + given
	}
	switch {
	case secretCookie(label):
	case purpose.Of(given) == purpose.Session || purpose.Of(given) == purpose.Token:
	case label != "" && !ok && purpose.NewSet("session sessions login").In(t.EnclosingPackage(at)):
	default:
		return
	}
	if !ok || label == "" {
		label = "of the session"
	}
	flags(p, at, "the cookie "+label, all)
}

var loginWords = purpose.NewSet("session sessid sessionid sid auth login remember loggedin authtoken token csrftoken credentials ticket sess")

// secretCookie reports whether a cookie of that name opens something.
func secretCookie(name string) bool {
	ws := purpose.Words(name)
	if len(ws) == 0 || purpose.Of(name) == purpose.Harmless && !loginWords[ws[0]] {
		return false
	}
	for _, w := range ws {
		if loginWords[w] || strings.HasSuffix(w, "sessid") || strings.HasSuffix(w, "session") {
			return true
		}
	}
	return false
}

// ends reports whether a cookie is only taken back.
func ends(t *perlsrc.Tree, value perlsrc.NodeID, all map[string]perlsrc.NodeID) bool {
	if v, ok := t.Literal(value); ok && (v == "" || v == "0" || v == "deleted" || v == "deleteme" || v == "x") {
		return true
	}
	for _, key := range []string{"expires", "max-age", "max_age", "Expires"} {
		if all[key] != 0 && past.Match(t.Text(all[key])) {
			return true
		}
		if v, ok := t.Literal(all[key]); ok && (strings.HasPrefix(v, "-") || v == "0" || v == "1" || v == "now" || strings.Contains(v, "1970") || strings.Contains(v, "1999")) {
			return true
		}
	}
	return false
}

// past is a time before now.
var past = lazyregexp.New(`\A\(?time(?:\(\))?\s*-`)

// flags reports a cookie without what keeps scripts and the network away from it.
func flags(p *audit.Pass, at perlsrc.NodeID, what string, all map[string]perlsrc.NodeID) {
	f := p.File
	t := f.Tree
	if all[""] != 0 {
		return // more is put in that nobody can read here
	}
	missing := func(name string) bool {
		for key, n := range all {
			if strings.EqualFold(strings.NewReplacer("_", "", "-", "").Replace(strings.TrimPrefix(key, "is_")), name) {
				v, ok := t.Literal(n)
				return ok && (v == "" || v == "0")
			}
		}
		return !later(f, at, name)
	}
	open, readable := missing("secure"), missing("httponly")
	found := audit.Found{Node: at, Confidence: audit.Likely, Severity: audit.Medium}
	switch {
	case open && readable:
		found.Message = what + " can be read by scripts, and travels without encryption: it has neither HttpOnly nor Secure"
	case readable:
		found.Message, found.Severity = what+" can be read by scripts: it has no HttpOnly", audit.Low
		found.CWE = []string{"CWE-1004"}
	case open:
		found.Message, found.Severity, found.Confidence = what+" travels without encryption, too: it has no Secure", audit.Low, audit.Possible
		found.CWE = []string{"CWE-614"}
	default:
		return
	}
	p.Report(found)
}

// later reports whether the sub around gives the cookie the flag by other means.
func later(f *audit.File, at perlsrc.NodeID, name string) bool {
	names := []string{name}
	if name == "httponly" {
		names = []string{"httponly", "HttpOnly", "http_only", "HTTPOnly"}
	}
	around := f.Tree.EnclosingSub(at)
	for s := range setting.All(f, names...) {
		if s.How != setting.Pair && f.Tree.EnclosingSub(s.Node) == around {
			return true
		}
	}
	return false
}

var (
	setCookie = lazyregexp.New(`(?i)\bset-cookie\d?:\s*([\w.-]+)=`)
	oneCookie = lazyregexp.New(`\A["']?(?:\$\{?)?([\w.:-]+)\}?=[^;]*(?:\$|;|\z)`)
)

// lines finds cookies that are written as text.
func lines(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.All(perlsrc.TermNode) {
		if k := t.Token(n).Kind; k != perlsrc.Quote && k != perlsrc.HereDoc {
			continue
		}
		text := t.Text(n)
		m := setCookie.FindSubmatch(text)
		if m == nil {
			key, _ := t.Key(n)
			outer, _ := t.Key(t.Nodes[n].Parent)
			if !isHeader(key) && !isHeader(outer) {
				continue
			}
			if m = oneCookie.FindSubmatch(text); m == nil {
				continue
			}
		}
		whole := text
		if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.ExprNode {
			whole = t.Text(up)
			if t.Nodes[n].Next != 0 || t.Nodes[up].Child != n {
				whole = append(bytes.Clone(whole), statement(t, n)...)
			}
		}
		low := bytes.ToLower(whole)
		if !secretCookie(string(m[1])) || bytes.Contains(low, []byte("expires=thu, 01")) || bytes.Contains(low, []byte("max-age=0")) || bytes.Contains(low, []byte("=;")) {
			continue
		}
		all := map[string]perlsrc.NodeID{}
		for _, flag := range []string{"secure", "httponly"} {
			if bytes.Contains(low, []byte(flag)) || bytes.Contains(bytes.ToLower(around(f, n)), []byte("; "+flag)) {
				all[flag] = n
			}
		}
		flags(p, n, "the cookie "+string(m[1]), all)
	}
}

// isHeader reports whether a key is that of the header for cookies.
func isHeader(key string) bool {
	key = strings.ToLower(strings.TrimLeft(key, "-"))
	return key == "set-cookie" || key == "set_cookie"
}

// statement and around give the text of the statement and of the sub around.
func statement(t *perlsrc.Tree, n perlsrc.NodeID) []byte { return t.Text(t.EnclosingStatement(n)) }

func around(f *audit.File, n perlsrc.NodeID) []byte {
	if f.Tree == nil {
		return f.Src
	}
	if sub := f.Tree.EnclosingSub(n); sub != 0 {
		return f.Tree.Text(sub)
	}
	return statement(f.Tree, n)
}

// switchedOff finds settings of frameworks that take the flags away.
func switchedOff(p *audit.Pass) {
	f := p.File
	for s := range setting.All(f, "cookie_secure", "cookie_httponly", "cookie_http_only", "session_secure", "session_is_http_only", "is_http_only", "session_httponly") {
		for _, o := range s.Outcomes(f) {
			if o.Known && (o.Value == "0" || o.Value == "") && o.Choice == setting.Always {
				p.Report(audit.Found{
					Node: s.Node, Confidence: audit.Likely, Severity: audit.Medium,
					Message: "the cookie of the session is less safe than it is by default: " + s.Name + " is off",
				})
			}
		}
	}
}

// pairs gives literal keys and values of a list, without minus; under "" is
// something that may hold more.
func pairs(t *perlsrc.Tree, list []perlsrc.NodeID) map[string]perlsrc.NodeID {
	all := map[string]perlsrc.NodeID{}
	for i := 0; i < len(list); i++ {
		n := list[i]
		text := t.Text(n)
		if len(text) > 0 && (text[0] == '%' || text[0] == '@') || t.Nodes[n].Kind == perlsrc.TernaryNode || t.Nodes[n].Kind == perlsrc.ListNode {
			all[""] = n
			continue
		}
		if key, ok := t.Literal(n); ok && i+1 < len(list) {
			all[strings.TrimPrefix(key, "-")] = list[i+1]
			i++
		} else if t.Nodes[n].Kind == perlsrc.ExprNode && i+1 < len(list) {
			all[strings.Trim(string(text), "-'\" ")] = list[i+1]
			i++
		} else if !ok && i+1 == len(list) {
			all[""] = n
		}
	}
	return all
}

func children(t *perlsrc.Tree, n perlsrc.NodeID) []perlsrc.NodeID {
	var all []perlsrc.NodeID
	for c := range t.Children(n) {
		all = append(all, c)
	}
	return all
}
