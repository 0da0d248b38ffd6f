package web

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

var (
	// loggers write what they are given wherever they are called.
	loggers = purpose.NewSet("warn carp cluck syslog log_error log_reason log_rerror log_debug log_info log_notice log_warn log_warning log_error log_err log_fatal log_trace logger logdie logwarn logcarp logcroak logconfess _debug _trace _warn debug_print dbg dprint debug_msg debugmsg trace debug debugf tracef infof warnf errorf DEBUG INFO TRACE WARN ERROR FATAL LOGDIE LOGWARN die croak confess")
	// ownLog is how people call a sub of their own that does.
	ownLog = lazyregexp.New(`\A(?i:(?:\w*_|do|add|write|my|app)log(?:_?(?:msg|message|it|event|print|write|line|entry|info|debug|error|warn|warning))?|log_?(?:msg|message|it|event|print|write|line|entry))\z|\ALog\z`)
	// levels do so as methods of something that is called a log.
	levels = purpose.NewSet("log debug info notice warn warning warnings error err crit critical alert emerg emergency fatal trace print printf say message msg append add is_debug debug1 debug2 debug3")
	logger = lazyregexp.New(`(?i)(?:\blog|_log|->log|logger|syslog|STDERR|\$r->server|\$apr|journal|audit|psgi\.errors)`)
	// metrics take a name and a number.
	metrics   = purpose.NewSet("increment incr inc decrement decr gauge timing timing_ms set_add update_stats histogram timer count counter observe add_metric send_metric metric record_metric update set")
	collector = lazyregexp.New(`(?i)(?:statsd|stats\b|_stats|metric|prometheus|prom\b|datadog|dogstats|graphite|influx|telemetry|munin|\bclient\b)`)
)

// told finds secrets that are written to a log, or sent to a collector of metrics.
func told(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.All(perlsrc.CallNode) {
		callee := audit.Unqualified(t.Callee(n))
		logs := loggers[callee] || levels[callee] || callee == "" || ownsLog(callee)
		counts := metrics[callee]
		if !logs && !counts {
			continue
		}
		c := t.Call(n)
		if logs = logs && isLog(t, c, callee); !logs {
			if counts = counts && isCollector(t, c, callee, f) || c.Dynamic && byName(f, c); !counts {
				continue
			}
		}
		if c.Block != 0 && logs { // log_debug { "..." }
			report(p, n, c.Block, false)
		}
		for _, arg := range c.Args {
			report(p, n, arg, counts && !logs)
		}
	}
}

// ownsLog reports whether a sub is called like one that logs.
func ownsLog(callee string) bool {
	return (strings.Contains(callee, "og") || strings.Contains(callee, "OG")) && ownLog.MatchString(callee)
}

// isLog reports whether a call writes to a log.
func isLog(t *perlsrc.Tree, c perlsrc.Call, callee string) bool {
	switch {
	case c.Dynamic: // $env->{'psgix.logger'}->({ message => ... })
		return !c.Method && c.Target != 0 && logger.Match(t.Text(c.Target))
	case callee == "print" || callee == "printf" || callee == "say":
		if c.Method {
			return logger.Match(t.Text(c.Invocant))
		}
		return c.Handle != 0 && logger.Match(t.Text(c.Handle))
	case c.Method && (callee == "log" || ownsLog(callee)):
		return true
	case c.Method:
		return loggers[callee] && (strings.Contains(callee, "log") || strings.Contains(callee, "ebug")) ||
			c.Invocant != 0 && logger.Match(t.Text(c.Invocant)) || logger.MatchString(c.Class)
	}
	return loggers[callee] || ownsLog(callee) || c.Amp && callee == "log"
}

// isCollector reports whether a call counts something for others.
func isCollector(t *perlsrc.Tree, c perlsrc.Call, callee string, f *audit.File) bool {
	if !c.Method {
		return strings.HasPrefix(c.Callee, "Net::Statsd::") || callee == "update_stats" || callee == "set_add"
	}
	if callee == "set_add" || callee == "update_stats" || callee == "timing_ms" {
		return true
	}
	if callee == "set" || callee == "update" || callee == "count" || callee == "add_metric" {
		return c.Invocant != 0 && bytes.Contains(bytes.ToLower(t.Text(c.Invocant)), []byte("statsd"))
	}
	if c.Invocant == 0 || !collector.Match(t.Text(c.Invocant)) {
		return false
	}
	return !bytes.Contains(t.Text(c.Invocant), []byte("client")) || speaksStatsd(f) || f.Holds("rometheus")
}

// statsdKey is under which it is kept whether a file speaks of statsd.
type statsdKey struct{}

func speaksStatsd(f *audit.File) bool {
	return f.Memo(statsdKey{}, func() any { return bytes.Contains(bytes.ToLower(f.Src), []byte("statsd")) }).(bool)
}

// byName reports whether a code reference is called that hands on to a collector:
// $set_add->(...), $measure->(set_add => ...).
func byName(f *audit.File, c perlsrc.Call) bool {
	if c.Method || c.Target == 0 || !speaksStatsd(f) {
		return false
	}
	name, _ := nameOf(f.Tree, c.Target)
	if metrics[name] {
		return true
	}
	for i, a := range c.Args {
		if v, ok := f.Tree.Literal(a); ok && i < 2 && metrics[v] {
			return true
		}
	}
	return false
}

// report tells of the secrets in one argument.
func report(p *audit.Pass, call, arg perlsrc.NodeID, counted bool) {
	f := p.File
	t := f.Tree
	seen := ""
	visit(t, arg, 0, func(n perlsrc.NodeID) bool {
		name, of := nameOf(t, n)
		if name == "" {
			return false
		}
		what, severity := secret(f, n, name, of)
		if what == "" && counted && isAddress(name, of) {
			what, severity = "address of the visitor", audit.Low
		}
		if what == "" || seen == what {
			return false
		}
		seen = what
		found := audit.Found{Node: call, Confidence: audit.Likely, Severity: severity}
		if (strings.HasSuffix(what, "token") || strings.HasSuffix(what, "id")) && refuses.Match(t.Text(arg)) {
			found.Confidence = audit.Possible // it is none that opens anything
		}
		if c := t.Call(call); f.Role == audit.Program && c.Handle != 0 && bytes.Contains(t.Text(c.Handle), []byte("STDERR")) {
			found.Confidence = audit.Possible // it is shown to who started the program
		}
		if opens.Match(t.Text(call)) {
			found.Confidence = audit.Possible // a file of that name is meant
		}
		if onlyNames(f, what) {
			found.Confidence = audit.Possible
		}
		found.Message = "the " + what + " is written to the log, which more people read than should know it"
		switch {
		case counted:
			found.Message = "the " + what + " is sent to the collector of metrics, mostly in the clear"
			found.CWE = []string{"CWE-200", "CWE-319"}
		case t.Callee(call) == "die" || t.Callee(call) == "croak" || t.Callee(call) == "confess":
			found.Message = "the " + what + " is part of the error's message, which ends in logs"
			if strings.HasSuffix(what, "token") || strings.HasSuffix(what, "id") {
				found.Confidence = audit.Possible // mostly one that was refused, too
			}
		}
		if found.Severity > audit.Low && forDevelopers[strings.ToLower(audit.Unqualified(t.Callee(call)))] {
			found.Severity-- // it is off where others use the program
		}
		p.Report(found)
		return false
	})
}

// onlyNames reports whether a token or key only says who asks, since a secret that
// stands beside it in the file proves it.
func onlyNames(f *audit.File, what string) bool {
	switch {
	case what == "apikey" || what == "api key":
		return f.Holds("api_secret", "secret_key", "app_secret", "shared_secret", "apiSecret", "private_key")
	case strings.HasSuffix(what, "token"):
		return f.Holds("token_secret", "tokenSecret") && !strings.Contains(what, "csrf") && !strings.Contains(what, "refresh") && !strings.Contains(what, "bearer")
	}
	return false
}

// forDevelopers are the levels of a log that nobody writes but who looks for a fault.
var forDevelopers = purpose.NewSet("debug debugf debugmsg debug_msg debug_print dbg dprint trace tracef _debug _trace log_debug is_debug debug1 debug2 debug3")

// refuses is what a message says of an id or a token that is worth nothing.
var refuses = lazyregexp.New(`(?i)\b(?:no|invalid|illegal|bad|malformed|unknown|expired|wrong|missing|not found|no such|unexpected|cannot find|can't find|revoked)\b`)

// opens is what a message says of a file.
var opens = lazyregexp.New(`\$!|(?i)\b(?:open|opening|read|load|write|stat|exists?|file|path)\b`)

// whole are functions that hand on what they are given.
var whole = purpose.NewSet("join sprintf lc uc ucfirst Dumper encode_json to_json dump pp dumper encode chomp localtime scalar reverse qq ")

// visit calls see for the expressions whose value is told as it is. What a function
// makes something else of, and what only decides, is left out.
func visit(t *perlsrc.Tree, n perlsrc.NodeID, depth int, see func(perlsrc.NodeID) bool) {
	if depth > 50 || n == 0 {
		return
	}
	node := t.Nodes[n]
	into := func(c perlsrc.NodeID) { visit(t, c, depth+1, see) }
	switch node.Kind {
	case perlsrc.TermNode:
		if t.Token(n).Kind == perlsrc.Variable {
			see(n)
			return
		}
		for c := range t.Children(n) {
			into(c)
		}
	case perlsrc.AccessNode:
		see(n)
	case perlsrc.InterpolationNode, perlsrc.ListNode, perlsrc.StatementNode, perlsrc.BlockNode, perlsrc.ArrayNode, perlsrc.HashNode:
		for c := range t.Children(n) {
			into(c)
		}
	case perlsrc.CastNode:
		if node.Child != 0 && t.Nodes[node.Child].Kind == perlsrc.BlockNode {
			for c := range t.All(node.Child, perlsrc.CallNode) { // @{[ $self->password ]}
				if t.Nodes[t.Nodes[c].Parent].Kind == perlsrc.ArrayNode {
					into(c)
				}
			}
		}
	case perlsrc.CallNode:
		if see(n) {
			return
		}
		c := t.Call(n)
		callee := audit.Unqualified(c.Callee)
		if !c.Method && whole[callee] {
			for _, a := range c.Args {
				into(a)
			}
		} else if !c.Method || len(c.Args) == 0 {
			return
		}
	case perlsrc.LogicNode:
		for c := range t.Children(n) {
			if op := t.Operator(c); c == node.Child || op == "//" || op == "||" || op == "or" {
				if next := t.Nodes[c].Next; next != 0 && (t.Operator(next) == "&&" || t.Operator(next) == "and") {
					continue
				}
				into(c)
			} else if t.Nodes[c].Next == 0 {
				into(c)
			}
		}
	case perlsrc.TernaryNode:
		i := 0
		for c := range t.Children(n) {
			if i%2 == 1 || t.Nodes[c].Next == 0 {
				into(c)
			}
			i++
		}
	case perlsrc.ExprNode:
		for c := range t.Children(n) {
			if op := t.Operator(c); c != node.Child && op != "." || op == "!" {
				return
			}
		}
		for c := range t.Children(n) {
			into(c)
		}
	}
}

var (
	idWords = purpose.NewSet("id key token ids")
	// kinds of token and key that are none of a parser.
	qualified  = purpose.NewSet("access auth api csrf xsrf refresh bearer session oauth reset login security request authentication authorization remember jwt")
	whose      = purpose.NewSet("user db my auth sent given entered old new raw plain admin root login real")
	person     = lazyregexp.New(`(?i)user|login|auth|passw|account`)
	secretKeys = purpose.NewSet("api private secret encryption signing hmac crypt cipher master shared")
	about      = purpose.NewSet("length len size count file path filename type name field fields column hash digest hashed encrypted crypted enc policy min max url uri expires expiry expired lifetime age timeout valid ok required strength score class error err errors msg message prompt format regex re check label hint question changed set index attempts status ref handler store storage method param params")
)

// secret says what a name is the value of, and how bad it is in a log.
func secret(f *audit.File, n perlsrc.NodeID, name, of string) (string, audit.Severity) {
	ws := purpose.Words(name)
	if len(ws) == 0 {
		return "", 0
	}
	last := ws[len(ws)-1]
	in := map[string]bool{}
	for _, w := range ws {
		in[w] = true
	}
	owner := purpose.NewSet("session sess").In(of)
	switch {
	case about[last] || in["no"] || in["has"] || in["is"] || in["need"] || in["public"] || in["num"]:
		return "", 0
	case last == "password" || last == "passwd" || last == "passphrase" || last == "pwd" && in["user"]:
		return "password", audit.Medium
	case (last == "pass" || last == "pw") && person.Match(around(f, n)) && (len(ws) == 1 || len(ws) == 2 && whose[ws[0]]):
		return "password", audit.Medium
	case !visited(f):
	case last == "sessionid" || last == "sessid" || (in["session"] || in["sess"]) && idWords[last] || last == "id" && owner && !in["user"] && len(ws) == 1,
		last == "sid" && len(ws) == 1:
		return "session id", audit.Medium
	}
	switch {
	case last == "token" && qualified.In(name):
		return strings.Join(ws, " "), audit.Medium
	case last == "secret" && len(ws) <= 3 && (len(ws) > 1 || f.Holds("oken", "key")):
		return strings.Join(ws, " "), audit.Medium
	case last == "apikey" || last == "key" && len(ws) == 2 && secretKeys[ws[0]]:
		return strings.Join(ws, " "), audit.Medium
	case name == "HTTP_AUTHORIZATION" || name == "Authorization" || name == "HTTP_COOKIE" || name == "Cookie" && of == "header":
		return "header " + name, audit.Medium
	}
	return "", 0
}

// visitedKey is under which it is kept whether a file has to do with visitors.
type visitedKey struct{}

// Words of what has to do with visitors, in lower case, and of what has sessions
// without any.
var (
	visits    = []string{"cookie", "plack", "psgi", "catalyst", "dancer", "mojolicious"}
	others    = []string{"$dbh", "{dbh}", "SNMP", "SSH", "Telnet", "XMPP", "Jabber", "RTSP", "Expect", "tmux", "SMTP", "IMAP", "WebDriver", "Selenium"}
	otherMods = []string{"POE", "DBI", "SIP", "IRC"} // as whole words
)

// holds reports whether a source holds one of the words; whole ones are not part
// of a longer one. A pattern that ignores case takes a hundred times as long.
func holds(src []byte, whole bool, words ...string) bool {
	for _, w := range words {
		for rest := src; ; {
			i := bytes.Index(rest, []byte(w))
			if i < 0 {
				break
			}
			end := i + len(w)
			if !whole || (i == 0 || !wordByte(rest[i-1])) && (end == len(rest) || !wordByte(rest[end])) {
				return true
			}
			rest = rest[end:]
		}
	}
	return false
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// visited reports whether the sessions of a file may be those of people on the web,
// and not of an event loop, a database or a chat.
func visited(f *audit.File) bool {
	return f.Memo(visitedKey{}, func() any {
		if !f.Holds("ession") {
			return false
		}
		lower := bytes.ToLower(f.Src)
		return holds(lower, false, visits...) || holds(lower, true, "cgi") ||
			!holds(f.Src, false, others...) && !holds(f.Src, true, otherMods...)
	}).(bool)
}

// isAddress reports whether a name is that of a visitor's address.
func isAddress(name, of string) bool {
	switch strings.ToLower(name) {
	case "remote_addr", "remote_ip", "client_ip", "clientip", "ip_address", "ipaddress", "remote_address", "user_ip", "peer_addr", "x_forwarded_for", "http_x_forwarded_for", "x-forwarded-for":
		return true
	case "address":
		return of == "req" || of == "request" || of == "tx"
	}
	return false
}
