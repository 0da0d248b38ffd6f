package transport

import (
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// callbacks are the settings that take a sub which decides on a certificate.
var (
	callbacks = []string{"SSL_verify_callback", "verify_callback", "verify_cb", "ssl_verify_callback", "ssl_verify_cb", "SSL_verifycn_callback"}
	yesWords  = []string{"callback", "verify_cb", "_verify", "verify_hostname", "PERL_LWP_SSL_VERIFY_HOSTNAME", "SSL_INSECURE_BY_DEFAULT", "MOJO_INSECURE", "GIT_SSL_NO_VERIFY", "LDAPTLS_REQCERT", "SSL_SOCKET_CLASS", "_check_sock"}
)

// variables of the environment that turn the check off, and the values that do.
var variables = map[string]func(string) bool{
	"PERL_LWP_SSL_VERIFY_HOSTNAME":           isFalse,
	"PERL_HTTP_TINY_SSL_INSECURE_BY_DEFAULT": isTrue,
	"MOJO_INSECURE":                          isTrue,
	"GIT_SSL_NO_VERIFY":                      isTrue,
	"LDAPTLS_REQCERT":                        func(v string) bool { return v == "never" || v == "allow" },
	"PERL_NET_HTTPS_SSL_SOCKET_CLASS":        func(v string) bool { return v == "Net::SSL" },
}

func isTrue(v string) bool { return v != "" && v != "0" }

func yes(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for s := range setting.All(f, callbacks...) {
		says(p, s.Node, s.Value, s.Name)
	}
	for n := range f.Calls("CTX_set_verify", "set_verify") {
		says(p, n, t.Arg(n, 2), "the callback of "+t.Callee(n))
	}
	for n := range f.Calls("CTX_set_cert_verify_callback", "CTX_set_verify_callback") {
		says(p, n, t.Arg(n, 1), "the callback of "+t.Callee(n))
	}
	environment(p)
	overridden(p)
}

// says reports a callback that answers yes whatever it is asked.
func says(p *audit.Pass, at, value perlsrc.NodeID, name string) {
	f := p.File
	if value == 0 {
		return
	}
	sub := code(f, value)
	if sub == 0 || !agrees(f.Tree, sub) || wanted(f, at) == asked {
		return
	}
	p.Report(audit.Found{
		Node: at, Confidence: audit.Certain, Severity: audit.High,
		Message: "every certificate is taken: " + name + " always says yes",
		Steps:   way(p, sub, at),
	})
}

// code gives the sub that a value is: written there, named, or held by a variable.
func code(f *audit.File, n perlsrc.NodeID) perlsrc.NodeID {
	t := f.Tree
	if t.Nodes[n].Kind == perlsrc.SubNode {
		return n
	}
	if name := strings.TrimLeft(string(t.Text(n)), `\& `); subName.MatchString(name) {
		for s := range f.All(perlsrc.SubNode) {
			sub := t.Sub(s)
			if sub.Block != 0 && (sub.Name == name || t.EnclosingPackage(s)+"::"+sub.Name == name) {
				return s
			}
		}
		return 0
	}
	for _, o := range setting.Outcomes(f, n) {
		if o.Node != n && t.Nodes[o.Node].Kind == perlsrc.SubNode {
			return o.Node
		}
	}
	return 0
}

var subName = lazyregexp.New(`\A[A-Za-z_][\w:]*(?:\(\))?\z`)

// agrees reports whether a sub gives a true constant on all its ways.
func agrees(t *perlsrc.Tree, sub perlsrc.NodeID) bool {
	block := t.Sub(sub).Block
	if block == 0 {
		return false
	}
	var last perlsrc.NodeID
	for c := range t.Children(block) {
		if t.Nodes[c].Form != perlsrc.Null {
			last = c
		}
	}
	if last == 0 || t.Nodes[last].Form != perlsrc.Plain {
		return false
	}
	if word, _ := t.Modifier(last); word != "" {
		return false
	}
	value := t.Nodes[last].Child
	if t.Nodes[value].Kind == perlsrc.CallNode && t.Callee(value) == "return" {
		value = t.Arg(value, 0)
	}
	if v, ok := t.Literal(value); !ok || !isTrue(v) {
		return false
	}
	for c := range t.All(block, perlsrc.CallNode, perlsrc.SubNode) {
		if t.Nodes[c].Kind == perlsrc.SubNode {
			return false // who knows what it does
		}
		switch t.Callee(c) {
		case "return":
			if v, ok := t.Literal(t.Arg(c, 0)); !ok || !isTrue(v) {
				return false
			}
		case "die", "croak", "confess", "exit":
			return false
		}
	}
	return true
}

// restored is the change of a variable's own literal value; nil for others.
func restored(f *audit.File, s setting.Setting, at perlsrc.NodeID) *audit.Fix {
	value := ""
	switch s.Name {
	case "PERL_LWP_SSL_VERIFY_HOSTNAME":
		value = "1"
	case "PERL_HTTP_TINY_SSL_INSECURE_BY_DEFAULT", "MOJO_INSECURE":
		value = "0"
	}
	if value == "" || at != s.Value {
		return nil
	}
	return literal(f, at, value)
}

// environment finds the variables that turn the check off for all that the
// program loads or starts.
func environment(p *audit.Pass) {
	f := p.File
	t := f.Tree
	names := make([]string, 0, len(variables))
	for name := range variables {
		names = append(names, name)
	}
	for s := range setting.All(f, names...) {
		if s.How == setting.Field && !isEnv(t, s.Node) || s.How > setting.Field {
			continue
		}
		for _, o := range s.Outcomes(f) {
			if !o.Known || !variables[s.Name](o.Value) || o.Choice == setting.Either || wanted(f, s.Node) == asked {
				continue
			}
			p.Report(audit.Found{
				Node: s.Node, Confidence: audit.Likely, Severity: audit.High,
				Message: "$ENV{" + s.Name + "} turns the check of certificates off for the whole program, and for all that it starts",
				Fix:     restored(f, s, o.Node),
			})
			break
		}
	}
	for n := range f.Calls("system", "exec", "qx", "open") {
		for a := range t.Args(n) {
			if m := prefixed.FindString(string(t.Text(a))); m != "" && wanted(f, n) != asked {
				p.Report(audit.Found{
					Node: n, Confidence: audit.Likely, Severity: audit.High,
					Message: m + " turns the check of certificates off for the program that is started",
				})
				break
			}
		}
	}
}

var prefixed = lazyregexp.New(`\b(?:PERL_LWP_SSL_VERIFY_HOSTNAME=0|PERL_HTTP_TINY_SSL_INSECURE_BY_DEFAULT=1|MOJO_INSECURE=1|GIT_SSL_NO_VERIFY=(?:1|true)|LDAPTLS_REQCERT=(?:never|allow))\b`)

// isEnv reports whether a key is one of %ENV.
func isEnv(t *perlsrc.Tree, key perlsrc.NodeID) bool {
	access := t.Nodes[t.Nodes[key].Parent].Parent
	return t.Nodes[access].Kind == perlsrc.AccessNode && string(t.Text(t.Nodes[access].Child)) == "$ENV"
}

// checkers are the subs of others that check certificates, which some replace.
var checkers = purpose.NewSet("IO::Socket::SSL::verify_hostname IO::Socket::SSL::verify_hostname_of_cert LWP::Protocol::https::_check_sock Net::HTTPS::_check_sock Net::SSL::_check_sock")

// overridden finds subs of others that are replaced by a yes.
func overridden(p *audit.Pass) {
	f := p.File
	t := f.Tree
	report := func(at perlsrc.NodeID, name string) {
		if wanted(f, at) == asked {
			return
		}
		p.Report(audit.Found{
			Node: at, Confidence: audit.Certain, Severity: audit.High,
			Message: name + " is replaced by a sub that checks nothing",
		})
	}
	for n := range f.All(perlsrc.AssignNode) {
		glob := t.Nodes[n].Child
		for t.Nodes[glob].Kind == perlsrc.DeclareNode {
			glob = t.Nodes[glob].Child
		}
		if v, ok := t.Literal(t.Nodes[t.Nodes[n].Child].Next); ok && v == "Net::SSL" && string(t.Text(glob)) == "$Net::HTTPS::SSL_SOCKET_CLASS" {
			p.Report(audit.Found{
				Node: n, Confidence: audit.Likely, Severity: audit.High,
				Message: "the sockets of Net::SSL do not compare the certificate with the name of the server",
			})
			continue
		}
		name := strings.Trim(string(t.Text(glob)), `*{}"'`)
		if !checkers[name] {
			continue
		}
		if sub := code(f, t.Nodes[t.Nodes[n].Child].Next); sub != 0 && idle(t, sub) {
			report(n, name)
		}
	}
	for n := range f.All(perlsrc.SubNode) {
		name := t.Sub(n).Name
		if checkers[name] && idle(t, n) {
			report(n, name)
			continue
		}
		if (name == "_check_sock" || name == "verify_hostname") && idle(t, n) {
			pkg := t.EnclosingPackage(n)
			for _, declared := range f.Facts().Packages {
				if declared.Name == pkg && inherits(declared.ISA) {
					report(n, name+" of "+declared.ISA[0])
				}
			}
		}
	}
}

func inherits(isa []string) bool {
	for _, parent := range isa {
		if parent == "IO::Socket::SSL" || parent == "LWP::Protocol::https" || parent == "Net::HTTPS" {
			return true
		}
	}
	return false
}

// idle reports whether a sub does nothing, or nothing but say yes.
func idle(t *perlsrc.Tree, sub perlsrc.NodeID) bool {
	block := t.Sub(sub).Block
	if block == 0 {
		return false
	}
	if first := t.Nodes[block].Child; first == 0 || t.Nodes[first].Next == 0 && strings.Trim(string(t.Text(first)), "; ") == "return" {
		return true
	}
	return agrees(t, sub)
}
