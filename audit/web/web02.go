package web

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

var (
	// entrances are words of subs and routes that log somebody in.
	entrances = purpose.NewSet("login logon signin authenticate authenticated authentication auth authen")
	persists  = lazyregexp.New(`(?i)log_?in|sign_?in|log_?on|authenticat|persist_?user|set_auth|check_auth`)
	leaves    = purpose.NewSet("logout logoff signout out off form page required require url redirect is get has link test failed failure error count attempts")
	// who are the fields of a session that say who is logged in.
	who = purpose.NewSet("user username userid uid login logged loggedin authenticated auth account member identity admin is_admin person customer user_id principal")
	// besides are words of fields that say something else about a user.
	besides = purpose.NewSet("agent error redirect return failed attempts url message last time at since count lang locale")
	// renewed are what frameworks call it to give a session a new id.
	renewed = lazyregexp.New(`(?i)change_?session_?id|change_id|regenerate|renew|rotate|cycle_?(?:id|key|session)|new_?session|recreate|reset_?session|delete_?session|session_?(?:regen|renew|reset|expire|destroy|delete|clear|create)|->\s*(?:expire|destroy|delete|invalidate|clear)\b|CGI::Session->new\(\s*undef|set_session_id|create_session|expire_session`)
)

// fixed finds where a visitor becomes somebody, and the session keeps the id that
// it had before.
func fixed(p *audit.Pass) {
	f := p.File
	t := f.Tree
	if clientSide(f) {
		return
	}
	renews := func() bool { return f.Matches(renewed) }
	done := map[perlsrc.NodeID]bool{}
	tell := func(at perlsrc.NodeID, key string) {
		sub := t.EnclosingSub(at)
		name, ok := entrance(f, at)
		if done[sub] || !ok || !says(key) || renews() {
			return
		}
		done[sub] = true
		p.Report(audit.Found{
			Node: at, Confidence: audit.Likely, Severity: audit.Medium,
			Message: "somebody is logged in by " + name + ", and the session keeps the id that it had before",
		})
	}
	for n := range f.All(perlsrc.AssignNode) {
		target := t.Nodes[n].Child
		if t.Nodes[target].Kind != perlsrc.AccessNode || !isSession(t, target) || empty(t, n) {
			continue
		}
		if stored := fieldSession.Match(t.Text(target)); stored && !f.Matches(serves) {
			continue // of a client, which logs in elsewhere
		}
		key, _ := nameOf(t, target)
		tell(n, key)
	}
	for n := range f.Calls("session", "param", "set", "put", "write", "set_session", "session_set") {
		c := t.Call(n)
		ofSession := c.Callee != "session" && c.Callee != "set_session" && c.Callee != "session_set"
		if ofSession && (c.Invocant == 0 || !isSessionObject(f, c.Invocant)) {
			continue
		}
		args := c.Args
		if len(args) == 1 && t.Nodes[args[0]].Kind == perlsrc.HashNode {
			args = children(t, args[0])
		}
		if len(args) < 2 {
			continue
		}
		key, _ := t.Literal(args[0])
		if (key == "-name" || key == "name") && len(args) > 3 {
			key, _ = t.Literal(args[1])
			args = args[2:]
		}
		if v, ok := t.Literal(args[1]); ok && (v == "" || v == "0") || t.Nodes[args[1]].Kind == perlsrc.CallNode && t.Callee(args[1]) == "undef" {
			continue
		}
		tell(n, strings.TrimPrefix(key, "-"))
	}
}

var (
	fieldSession = lazyregexp.New(`\{\s*['"]?_?session`)
	serves       = lazyregexp.New(`\bCGI\b|psgi|Plack|Catalyst|Dancer|Apache|\$c->|\$r->|->req\b|->request->|->param\b|\bparams\b`)
)

var sessionName = lazyregexp.New(`(?i)session|\bsess\b`)

// isSessionObject reports whether a method is called on a session: by the name, or
// by what gave it.
func isSessionObject(f *audit.File, n perlsrc.NodeID) bool {
	if sessionName.Match(f.Tree.Text(n)) {
		return true
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		if o.Kind == flow.Result && (sessionName.MatchString(o.Name) || sessionName.MatchString(o.Class)) {
			return true
		}
	}
	return false
}

// isSession reports whether what is assigned to is a field of a session.
func isSession(t *perlsrc.Tree, access perlsrc.NodeID) bool {
	text := t.Text(access)
	if i := bytes.LastIndexAny(text, "{["); i >= 0 {
		text = text[:i]
	}
	return sessionName.Match(text)
}

// empty reports whether nothing is assigned.
func empty(t *perlsrc.Tree, assign perlsrc.NodeID) bool {
	for c := t.Nodes[t.Nodes[assign].Child].Next; c != 0; c = t.Nodes[c].Next {
		if v, ok := t.Literal(c); ok && (v == "" || v == "0") {
			return true
		}
		if t.Nodes[c].Kind == perlsrc.CallNode && t.Callee(c) == "undef" {
			return true
		}
	}
	return false
}

// says reports whether a field of a session says who is logged in.
func says(key string) bool {
	ws := purpose.Words(key)
	for _, w := range ws {
		if besides[w] {
			return false
		}
	}
	if len(ws) > 0 && (who[ws[0]] || who[ws[len(ws)-1]]) {
		return true
	}
	return strings.HasPrefix(key, "__user")
}

// entrance tells whether the sub or the route around logs somebody in, and its name.
func entrance(f *audit.File, n perlsrc.NodeID) (string, bool) {
	t := f.Tree
	if name := f.SubName(n); name != "" {
		if !persists.MatchString(name) && !entrances.In(name) {
			return "", false
		}
		for _, w := range purpose.Words(name) {
			if leaves[w] {
				return "", false
			}
		}
		return name, true
	}
	for s := t.EnclosingSub(n); s != 0; s = t.EnclosingSub(s) {
		up := t.Nodes[s].Parent
		if t.Nodes[up].Kind != perlsrc.CallNode {
			continue
		}
		c := t.Call(up)
		route, ok := t.Literal(t.Arg(up, 0))
		if !ok {
			route, ok = t.Literal(t.Arg(up, 1)) // any ['get', 'post'] => '/login' => sub
		}
		if (c.Callee == "post" || c.Callee == "any" || c.Callee == "get" || c.Callee == "ajax") && ok && persists.MatchString(route) && !strings.Contains(strings.ToLower(route), "out") {
			return c.Callee + " " + route, true
		}
	}
	return "", false
}

// clientSide reports whether the session is a signed cookie, which has no id.
func clientSide(f *audit.File) bool {
	if _, ok := f.Loads("Mojolicious", "Mojolicious::Lite", "Mojolicious::Controller", "Mojolicious::Plugin"); ok {
		return true
	}
	return f.Holds("Mojo")
}
