package transport

import (
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// requests are the functions and methods that fetch an address or send to it.
var requests = purpose.NewSet("get post put patch delete head request GET POST PUT PATCH DELETE HEAD mirror getstore getprint http_get http_post http_put http_request post_form fetch download simple_request get_p post_p put_p start_p proxy submit_form credentials send_request follow service")

// addresses are the last words of names that hold where a service is.
var addresses = purpose.NewSet("url uri endpoint host base server service api proxy")

// pages are words of names that hold addresses for people, or names of things.
var pages = purpose.NewSet("home homepage doc docs documentation help support bug bugs bugtracker tracker repository license namespace ns schema spec reference ref info about web website image img logo icon css stylesheet doctype dtd credit author vendor")

var (
	address = lazyregexp.New(`\Ahttp://([A-Za-z0-9.-]+)(?::[0-9]+)?(/[^\s'"]*)?`)
	// nowhere are hosts that are this machine, the local network, made up, or
	// names of vocabularies that nobody fetches.
	nowhere = lazyregexp.New(`(?i)\A(?:localhost|127\..*|0\.0\.0\.0|10\..*|192\.168\..*|172\.(?:1[6-9]|2[0-9]|3[01])\..*|169\.254\..*|(?:.*\.)?example(?:\.(?:com|org|net|edu))?|.*\.(?:local|localdomain|test|invalid|onion|internal|lan)|(?:www\.)?w3\.org|schemas?\..*|xmlns\..*|ns\..*|purl\.org|ns\.adobe\.com|(?:www\.)?opengis\.net|specs\.openid\.net|(?:.*\.)?(?:creativecommons|gnu|opensource|ietf|iana|rdfs|json-schema|microformats|dublincore|openxmlformats|xmlsoap|oasis-open|omg)\.org|xmlns\.com|ogp\.me|[^.]*)\z`)
	// program is what ends an address of something that is run or unpacked.
	program = lazyregexp.New(`(?i)\.(?:tar(?:\.(?:gz|bz2|xz|z))?|tgz|tbz2?|zip|exe|msi|sh|jar|deb|rpm|dmg|bin)\z`)
	// wraps are functions that keep an address what it is.
	wraps = purpose.NewSet("new join sprintf lc return bless")
	// shown is what is only told to a reader.
	shown = purpose.NewSet("print say warn die carp croak confess cluck printf sprintf push note diag is like ok pod2usage usage")
)

// plain finds addresses without TLS to which secrets go, or from which programs
// come.
func plain(p *audit.Pass) {
	f := p.File
	t := f.Tree
	if f.Role == audit.Build && (strings.HasPrefix(f.Path, "inc/Module/") || strings.HasPrefix(f.Path, "inc/ExtUtils/")) {
		return // a copy of the tools, which fetch what they need for themselves
	}
	for n := range f.All(perlsrc.TermNode) {
		kind := t.Token(n).Kind
		if kind != perlsrc.Quote && kind != perlsrc.Command && kind != perlsrc.HereDoc {
			continue
		}
		if kind == perlsrc.Command {
			fetched(p, n, t.Text(n))
			continue
		}
		text := strings.Trim(strings.TrimLeft(string(t.Text(n)), "q{( "), `'"{}()[]|`)
		m := address.FindStringSubmatch(text)
		if m == nil {
			if strings.Contains(text, "http://") {
				fetched(p, n, []byte(text))
			}
			continue
		}
		if nowhere.MatchString(m[1]) || strings.HasPrefix(text[len("http://")+len(m[1]):], "$") {
			continue
		}
		if found, ok := installed(f, n, m[1]); ok {
			p.Report(found)
			continue
		}
		use, at, names := used(f, n)
		if use == nothing || permitted(f, n) {
			continue
		}
		found := audit.Found{Node: n, Severity: audit.Medium, Confidence: audit.Possible}
		if at != n {
			found.Steps = way(p, n, at)
		}
		switch secret, mixed := secretNear(f, n, at, use, names); {
		case program.MatchString(strings.SplitN(text, "?", 2)[0]):
			found.Confidence, found.Severity = audit.Likely, audit.High
			found.Message = "what is fetched from " + m[1] + " without TLS is unpacked or run: anybody on the way can put something else in its place"
		case mixed: // it may go where there is TLS
			found.Message = "the " + secret + " may go to " + m[1] + " without TLS, where anybody on the way reads it"
		case secret != "":
			found.Confidence, found.Severity = audit.Likely, audit.High
			found.Message = "the " + secret + " goes to " + m[1] + " without TLS: anybody on the way reads it"
		case use == kept:
			continue // who knows what it is for
		default:
			found.Severity = audit.Low
			found.Message = "requests to " + m[1] + " go without TLS"
		}
		p.Report(found)
	}
}

// use is what becomes of an address.
type use uint8

const (
	nothing use = iota
	asks        // it is fetched
	kept        // it is kept under a name that says it is a service
)

// used tells what becomes of an address, where, and under which names it is kept.
func used(f *audit.File, n perlsrc.NodeID) (use, perlsrc.NodeID, []string) {
	t := f.Tree
	sinks, _ := f.Flow().Sinks(n)
	what, at := nothing, n
	var names []string
	for _, s := range sinks {
		if s.Kind == flow.Stored {
			names = append(names, s.Names...)
		}
		if s.Callee != "" && (requests[audit.Unqualified(s.Callee)] || s.Callee == "new" && strings.HasSuffix(s.Class, "::Request")) {
			return asks, s.Node, nil
		}
	}
	// The names that it is first given.
climb:
	for at := n; at != 0; at = t.Nodes[at].Parent {
		if t.Nodes[at].Kind == perlsrc.SubNode && t.Sub(at).Name != "" {
			break
		}
		if key, ok := t.Key(at); ok {
			names = append(names, key)
		}
		switch up := t.Nodes[at].Parent; t.Nodes[up].Kind {
		case perlsrc.AssignNode:
			for name := range setting.Names(f, t.Nodes[up].Child) {
				names = append(names, name)
			}
		case perlsrc.CallNode:
			callee := t.Callee(up)
			if c := t.Call(up); callee == "new" && (c.Class == "URI" || c.Class == "Mojo::URL") && t.EnclosingSub(n) != 0 {
				what = asks // it is put together and fetched
			}
			if shown[callee] {
				return nothing, n, nil
			}
			if callee == "uri" || callee == "ns" || callee == "default_ns" {
				return nothing, n, nil
			}
			if requests[callee] || callee == "new" && strings.HasSuffix(t.Call(up).Class, "::Request") {
				return asks, up, nil
			}
			if callee == "has" {
				if name := setting.Word(t, t.Arg(up, 0)); name != "" {
					names = append(names, name)
				}
			} else if !wraps[callee] {
				break climb // what a function makes of it is something else
			}
		}
	}
	if _, ok := t.Literal(n); ok && t.Dest(n).Use == perlsrc.Returned {
		names = append(names, f.SubName(n)) // a constant as a sub or a method
	}
	for _, name := range names {
		ws := purpose.Words(name)
		if pages.In(name) {
			return nothing, n, nil
		}
		if name == "uri" {
			continue // mostly the name of something, as of a class in SOAP
		}
		if what == nothing && len(ws) > 0 && addresses[ws[len(ws)-1]] && f.Role != audit.Build {
			what = kept
		}
	}
	return what, at, names
}

var inQuery = lazyregexp.New(`(?i)[?&](api_?key|access_?token|auth_?token|token|password|passwd|client_secret|secret|apikey|auth|key)=`)

// secretIn names the secret that an address itself carries.
func secretIn(text string) string {
	if m := inQuery.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}

// keyOf is what a key of an interface is called.
const keyOf = "key of the interface"

// secretName gives what a name says that a request must not tell everybody.
func secretName(name string) string {
	switch strings.ToLower(strings.Trim(name, "-_")) {
	case "password", "passwd", "pass", "passphrase":
		return "password"
	case "api_key", "apikey", "apitoken", "api_token", "access_key", "appkey", "app_key", "license_key", "developer_key", "devkey", "dev_key":
		return keyOf
	case "access_token", "auth_token", "authtoken", "oauth_token", "bearer", "token_secret", "session_key", "refresh_token":
		return "token"
	case "secret", "api_secret", "client_secret", "secret_key", "secret_access_key", "shared_secret", "app_secret", "consumer_secret":
		return "secret"
	case "authorization", "authorization_basic", "proxy_authorization", "basic_auth", "credentials", "x-api-key", "x-auth-token":
		return "authorization"
	}
	return ""
}

// fetched finds programs that fetch an address without TLS and run what they get.
func fetched(p *audit.Pass, n perlsrc.NodeID, text []byte) {
	t := p.File.Tree
	if t.Token(n).Kind != perlsrc.Command {
		d := t.Dest(n)
		if d.Use != perlsrc.Passed || !purpose.NewSet("system exec open qx run capture")[t.Callee(d.Node)] {
			return
		}
	}
	m := piped.FindSubmatch(text)
	if m == nil || nowhere.Match(m[1]) {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.High,
		Message: "what is fetched from " + string(m[1]) + " without TLS is unpacked or run: anybody on the way can put something else in its place",
	})
}

var piped = lazyregexp.New(`\b(?:curl|wget|fetch|lynx|lwp-download|GET)\b[^;\n]*\bhttp://([A-Za-z0-9.-]+)[^\s;|]*(?:[^\n]*\|\s*(?:sudo\s+)?(?:perl|sh|bash|python|tar|cpanm)|\.(?:tar\.gz|tgz|zip|sh|pl|exe|tar|deb|rpm)\b)`)
