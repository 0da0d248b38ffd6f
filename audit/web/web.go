// Package web holds the rules on sessions: that a login is the visitor's own, that
// a session gets a new id when somebody logs in, that the cookie stays between
// browser and server, and that neither logs nor metrics hold what opens a session.
//
//	$c->res->cookies->{session} = { value => $id };
//
// is a cookie that scripts can read and that travels without encryption. WEB01
// finds logins through other sites (OAuth) without a state, WEB02 logins that keep
// the session's id, WEB03 cookies without their flags, and WEB04 secrets that are
// written to logs or sent to collectors of metrics.
//
// Promised: what a name says decides, and a value that only went in as its length,
// its digest or a word in its place is none.
//
// Not promised: what a framework's settings outside of the code change.
//
// Sources: RFC 6749 section 10.12 and RFC 9700; RFC 6265bis; the documentation of
// Catalyst::Plugin::Session, Plack::Middleware::Session, Dancer2, CGI::Cookie,
// Mojolicious, Net::Statsd; OWASP's cheat sheets on sessions and logging.
package web

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed WEB01.txtar
	web01 string
	//go:embed WEB02.txtar
	web02 string
	//go:embed WEB03.txtar
	web03 string
	//go:embed WEB04.txtar
	web04 string
)

// Rules gives the rules of the room.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: web01, Words: []string{"response_type", "client_id", "authorization_code", "authorize_url", "authorization_url", "state"}, Perl: stateless},
		{Text: web02, Words: []string{"ession"}, Perl: fixed},
		{Text: web03, Words: []string{"ookie", "OOKIE", "enable", "session_secure"}, Perl: bare},
		{Text: web04, Words: []string{"pass", "Pass", "PASS", "pw", "secret", "SECRET", "ession", "SESSION", "sid", "oken", "TOKEN", "api", "uthorization", "AUTHORIZATION", "COOKIE", "ADDR", "addr", "_ip", "ip_", "private", "credential"}, Perl: told, Native: toldNative},
	}
}
