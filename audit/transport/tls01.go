package transport

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// checks are the settings that ask for a certificate, and checkless those that
// ask for none.
var (
	checks = []string{
		"verify_hostname", "SSL_verify_mode", "SSL_verifycn_scheme", "verify_SSL", "verify_ssl", "verifySSL",
		"SSL_verify", "ssl_verify", "sslVerify", "ssl_verify_mode", "ssl_verify_peer", "ssl_verify_host", "ssl_verify_hostname",
		"ssl_verify_cert", "ssl_verify_certificate", "ssl_check", "ssl_check_cert", "check_ssl", "check_ssl_cert",
		"tls_verify", "tls_verify_peer", "tls_verify_cert", "tls_check", "verify_tls", "verify_mode", "verify_peer", "verify_peername",
		"verify_cert", "verify_certs", "verify_certificate", "verify_certificates", "validate_cert", "validate_certs", "validate_ssl", "check_cert", "check_certificate",
		"verify", "mysql_ssl_verify_server_cert", "mariadb_ssl_verify_server_cert", "SSL_VERIFY_PEER", "verify_server_cert",
	}
	checkless = []string{
		"insecure", "tls_insecure", "ssl_insecure", "insecure_ssl", "insecure_tls", "allow_insecure", "no_verify", "noverify",
		"no_verify_ssl", "no_ssl_verify", "ssl_no_verify", "skip_verify", "ssl_skip_verify", "tls_skip_verify", "ignore_cert", "ignore_certs",
		"ignore_ssl", "ignore_ssl_errors", "ignore_ssl_cert", "ignore_certificate", "no_check_certificate", "accept_invalid_certs", "trust_all_certs",
	}
	unverifiedWords = []string{"erify", "VERIFY", "insecure", "INSECURE", "ignore_", "trust_all", "no_check", "no-check-certificate", "check_", "ssl_check", "tls_check", "accept_invalid", "curl", "validate_"}
)

// exact are the settings that mean TLS wherever they stand; the others need a
// file that speaks of it.
var exact = purpose.NewSet("verify_hostname SSL_verify_mode SSL_verifycn_scheme verify_SSL mysql_ssl_verify_server_cert mariadb_ssl_verify_server_cert")

func unverified(p *audit.Pass) {
	f := p.File
	tls := speaks(f)
	all := append(append([]string{}, checks...), checkless...)
	for s := range setting.All(f, all...) {
		if !exact[s.Name] && (!tls || !about(f, s)) {
			continue
		}
		if s.How == setting.Field && isEnv(f.Tree, s.Node) {
			continue // TLS05
		}
		if at, how, ok := off(f, s); ok && !listens(f, s) {
			if otherwise(f, s.Node) || otherCheck(f, s) {
				how = audit.Possible
			}
			p.Report(audit.Found{
				Node: s.Node, Confidence: how, Severity: audit.High,
				Message: unasked(s.Name + " is " + value(f, at)),
				Steps:   way(p, at, s.Node), Fix: checked(f, s, at),
			})
		}
	}
	setVerify(p)
	curl(p)
	sources(p)
	commands(p)
}

// unasked says what it means that something turns the check off.
func unasked(because string) string {
	return because + ": nothing checks who answers, and whoever is on the way reads and changes what is sent"
}

// way gives the steps from one node to another, where they are on lines of their own.
func way(p *audit.Pass, from, to perlsrc.NodeID) []audit.Step {
	if p.File.Tree.Line(from) == p.File.Tree.Line(to) {
		return nil
	}
	return p.StepsAt(from, to)
}

// value writes what turns the check off.
func value(f *audit.File, n perlsrc.NodeID) string {
	text := strings.Join(strings.Fields(string(f.Tree.Text(n))), " ")
	if len(text) > 40 {
		return "off"
	}
	return text
}

// off tells whether a setting turns a check off, where, and how sure that is.
func off(f *audit.File, s setting.Setting) (at perlsrc.NodeID, how audit.Confidence, ok bool) {
	without := false
	for _, name := range checkless {
		without = without || s.Name == name
	}
	var choice setting.Choice
	on := false
	for _, o := range s.Outcomes(f) {
		isOff, known := offValue(f, o, s.Name)
		if without {
			isOff = known && !isOff && o.Value != ""
		}
		switch {
		case isOff && at == 0:
			at, choice = o.Node, o.Choice
		case known && !isOff:
			on = true // there is a way in which it is on
		}
	}
	if at == 0 {
		return 0, 0, false
	}
	if on {
		return at, audit.Possible, choice == setting.Either && wanted(f, at) == lapsed && wanted(f, s.Node) != asked
	}
	how = audit.Certain
	if choice != setting.Always || s.How == setting.Attribute || !exact[s.Name] {
		how = audit.Likely
	}
	for _, n := range []perlsrc.NodeID{at, s.Node} {
		switch wanted(f, n) {
		case asked:
			return 0, 0, false
		case lapsed:
			how = audit.Likely
			if turnedOn(f, s.Name) {
				return at, audit.Possible, true // one of two branches, of which the caller chooses
			}
		}
	}
	return at, how, true
}

// offValue tells whether an outcome turns a check off; known is false where it
// may be either.
func offValue(f *audit.File, o setting.Outcome, name string) (isOff, known bool) {
	if o.Known {
		if strings.HasSuffix(o.Value, "VERIFY_NONE") {
			return true, true
		}
		if name == "SSL_verifycn_scheme" {
			return o.Value == "none", true
		}
		return isFalse(o.Value), true
	}
	t := f.Tree
	switch t.Nodes[o.Node].Kind {
	case perlsrc.CallNode:
		callee := t.Callee(o.Node)
		switch audit.Unqualified(callee) {
		case "SSL_VERIFY_NONE", "VERIFY_NONE":
			return true, true
		case "SSL_VERIFY_PEER", "VERIFY_PEER", "SSL_VERIFY_FAIL_IF_NO_PEER_CERT", "SSL_VERIFY_CLIENT_ONCE":
			return false, true
		}
	case perlsrc.ExprNode:
		if string(t.Text(o.Node)) == "!1" {
			return true, true
		}
		if bytes.Contains(t.Text(o.Node), []byte("VERIFY_PEER")) {
			return false, true
		}
	}
	return false, false
}

// about reports whether a name that may mean anything means TLS here.
func about(f *audit.File, s setting.Setting) bool {
	for _, w := range purpose.Words(s.Name) {
		switch w {
		case "ssl", "tls", "cert", "certs", "certificate", "certificates", "hostname":
			return true
		}
	}
	t := f.Tree
	if v, ok := t.Literal(s.Value); s.Name == "verify" && ok && v == "none" && f.Matches(ldap) {
		return true
	}
	if s.Name == "insecure" || s.Name == "allow_insecure" {
		if s.How == setting.Accessor {
			return true
		}
		_, mojo := f.Loads("Mojo::UserAgent")
		return mojo || within(t, s)
	}
	return within(t, s)
}

var ldap = lazyregexp.New(`\bstart_tls\b|\bLDAPS\b|ldaps:`)

var tlsName = lazyregexp.New(`(?i)ssl|tls|ldaps?\b|mojo::useragent|https`)

// within reports whether the calls and keys around a setting name TLS.
func within(t *perlsrc.Tree, s setting.Setting) bool {
	for n := s.Node; n != 0; n = t.Nodes[n].Parent {
		switch t.Nodes[n].Kind {
		case perlsrc.CallNode:
			if c := t.Call(n); tlsName.MatchString(c.Callee) || tlsName.MatchString(c.Class) || c.Callee == "set_ctx_defaults" || c.Callee == "set_defaults" || c.Callee == "set_client_defaults" {
				return true
			}
		case perlsrc.HashNode, perlsrc.ListNode, perlsrc.ArrayNode:
			if key, ok := t.Key(n); ok && tlsName.MatchString(key) {
				return true
			}
			for c := range t.Children(n) {
				if key, ok := t.Key(c); ok && (strings.HasPrefix(key, "ssl") || strings.HasPrefix(key, "SSL") || strings.HasPrefix(key, "tls") || key == "cafile" || key == "ca_file" || key == "capath") {
					return true
				}
			}
		case perlsrc.AssignNode:
			if tlsName.Match(t.Text(t.Nodes[n].Child)) {
				return true
			}
		case perlsrc.StatementNode:
			return false
		}
	}
	return false
}

// setVerify finds the mode 0 of Net::SSLeay.
func setVerify(p *audit.Pass) {
	f := p.File
	for n := range f.Calls("CTX_set_verify", "set_verify") {
		args := f.Tree.Call(n).Args
		if len(args) < 2 || servers.In(f.SubName(n)) || servers.In(f.Tree.EnclosingPackage(n)) {
			continue
		}
		for _, o := range setting.Outcomes(f, args[1]) {
			if isOff, known := offValue(f, o, ""); known && isOff && o.Choice != setting.Either && wanted(f, n) != asked {
				how := audit.Likely
				if otherwise(f, n) {
					how = audit.Possible
				}
				p.Report(audit.Found{
					Node: n, Confidence: how, Severity: audit.High,
					Message: unasked(f.Tree.Callee(n) + " asks for no check"), Fix: peer(f, args[1]),
				})
			}
		}
	}
}

// curlOn are the values with which libcurl checks.
var curlOn = map[string]string{"CURLOPT_SSL_VERIFYPEER": "1", "CURLOPT_SSL_VERIFYHOST": "2"}

// curl finds the options of libcurl.
func curl(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("CURLOPT_SSL_VERIFYPEER", "CURLOPT_SSL_VERIFYHOST") {
		next := t.Nodes[n].Next
		if next == 0 || len(t.Call(n).Args) > 0 {
			continue
		}
		name := t.Callee(n)
		name = audit.Unqualified(name)
		outcomes := setting.Outcomes(f, next)
		if len(outcomes) != 1 || !outcomes[0].Known || wanted(f, n) == asked {
			continue
		}
		if v := outcomes[0].Value; isFalse(v) || v == "1" && name == "CURLOPT_SSL_VERIFYHOST" {
			how := audit.Certain
			if otherwise(f, n) {
				how = audit.Possible
			}
			p.Report(audit.Found{
				Node: n, Confidence: how, Severity: audit.High,
				Message: unasked(name + " is " + v), Fix: literal(f, next, curlOn[name]),
			})
		}
	}
}

var (
	looseCurl = lazyregexp.New(`\bcurl\b[^|;&\n]*\s(?:--insecure\b|-[a-zA-Z]*k[a-zA-Z]*(?:\s|\z))`)
	looseWget = lazyregexp.New(`\bwget\b[^|;&\n]*\s--no-check-certificate\b`)
	looseGit  = lazyregexp.New(`\bgit\b[^|;&\n]*\bhttp\.sslVerify=(?:false|0)\b`)
)

var started = lazyregexp.New(`\A(?:"|'|qq?\s*[{(\[|!/])\s*(?:/usr/bin/)?(?:curl|wget|git)\s`)

// commands finds programs that are started without the check.
func commands(p *audit.Pass) {
	f := p.File
	t := f.Tree
	tell := func(n perlsrc.NodeID, parts []perlsrc.NodeID) {
		var line []string
		for _, a := range parts {
			if v, ok := t.List(a); ok {
				line = append(line, v...)
				continue
			}
			line = append(line, strings.Trim(string(t.Text(a)), "'\"`"))
		}
		text := strings.Join(line, " ")
		if len(text) > 4000 || !looseCurl.MatchString(text) && !looseWget.MatchString(text) && !looseGit.MatchString(text) || wanted(f, n) == asked {
			return
		}
		how := audit.Likely
		if otherwise(f, n) {
			how = audit.Possible
		}
		p.Report(audit.Found{
			Node: n, Confidence: how, Severity: audit.High,
			Message: unasked("the program is told not to check certificates"),
		})
	}
	for n := range f.Calls("system", "exec", "qx", "open", "run", "run3", "capture", "capturex", "systemx", "run_cmd") {
		tell(n, t.Call(n).Args)
	}
	// my $command = "curl -k $url";
	for n := range f.All(perlsrc.TermNode) {
		if t.Token(n).Kind != perlsrc.Quote || !started.Match(t.Text(n)) {
			continue
		}
		if d := t.Dest(n); d.Use == perlsrc.Assigned {
			tell(n, []perlsrc.NodeID{n})
		}
	}
	// my @command = ('curl', '-k', $url);
	for n := range f.All(perlsrc.ListNode, perlsrc.ArrayNode) {
		if t.Nodes[t.Nodes[n].Parent].Kind != perlsrc.AssignNode {
			continue
		}
		if v, _ := t.Literal(t.Nodes[n].Child); v == "curl" || v == "wget" || v == "git" {
			parts := []perlsrc.NodeID{}
			for c := range t.Children(n) {
				parts = append(parts, c)
			}
			tell(n, parts)
		}
	}
}

// sources finds the option in the words that DBI connects with.
func sources(p *audit.Pass) {
	f := p.File
	t := f.Tree
	if !f.Holds("ssl_verify_server_cert=0") {
		return
	}
	for n := range f.All(perlsrc.TermNode) {
		if t.Token(n).Kind == perlsrc.Quote && dsn.Match(t.Text(n)) && wanted(f, n) != asked {
			p.Report(audit.Found{
				Node: n, Confidence: audit.Certain, Severity: audit.High,
				Message: unasked("ssl_verify_server_cert is 0"),
			})
		}
	}
}

var dsn = lazyregexp.New(`\b(?:mysql|mariadb)_ssl_verify_server_cert=0\b`)
