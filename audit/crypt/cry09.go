package crypt

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// threeWay are functions and methods that answer 1, 0 or, where something went
// wrong, -1, which is true; and their classes.
var threeWay = map[string][]string{
	"verify":                {"Crypt::OpenSSL::DSA"},
	"do_verify":             {"Crypt::OpenSSL::DSA"},
	"ECDSA_verify":          {"Crypt::OpenSSL::ECDSA", "Crypt::OpenSSL::EC"},
	"ECDSA_do_verify":       {"Crypt::OpenSSL::ECDSA", "Crypt::OpenSSL::EC"},
	"X509_verify_cert":      {"Net::SSLeay"},
	"EVP_VerifyFinal":       {"Net::SSLeay"},
	"DSA_verify":            {"Net::SSLeay"},
	"DSA_do_verify":         {"Net::SSLeay"},
	"X509_verify":           {"Net::SSLeay"},
	"X509_REQ_verify":       {"Net::SSLeay"},
	"OCSP_basic_verify":     {"Net::SSLeay"},
	"EVP_DigestVerifyFinal": {"Net::SSLeay"},
	"PKCS7_verify":          {"Net::SSLeay"},
	"CMS_verify":            {"Net::SSLeay"},
	"NETSCAPE_SPKI_verify":  {"Net::SSLeay"},
	"X509_CRL_verify":       {"Net::SSLeay"},
}

// answers are functions and methods that say by their value, and not by dying,
// whether a signature or password is right; and the classes of methods.
var answers = map[string][]string{
	"verify":              {"Crypt::OpenSSL::RSA", "Crypt::OpenSSL::DSA", "Crypt::RSA", "Crypt::DSA", "Crypt::RSA::SS::PSS", "Crypt::RSA::SS::PKCS1v15", "Crypt::OpenPGP", "Net::DNS::RR::RRSIG", "Net::DNS::RR::SIG", "XML::Sig", "Crypt::Ed25519", "Crypt::Perl::RSA::PublicKey", "Crypt::Perl::ECDSA::PublicKey"},
	"verify_message":      {"Crypt::PK::RSA", "Crypt::PK::ECC", "Crypt::PK::DSA", "Crypt::PK::Ed25519"},
	"verify_hash":         {"Crypt::PK::RSA", "Crypt::PK::ECC", "Crypt::PK::DSA"},
	"argon2_verify":       nil,
	"argon2id_verify":     nil,
	"argon2i_verify":      nil,
	"bcrypt_check":        nil,
	"scrypt_hash_verify":  nil,
	"bcrypt_check_hashed": nil,
	"secure_compare":      nil,
	"slow_eq":             nil,
	"ed25519_verify":      nil,
	"verify_hostname":     {"IO::Socket::SSL"},
}

// always are methods whose answer is a word that is true whatever it says.
var always = map[string][]string{
	"result": {"Mail::DKIM::Verifier", "Mail::DMARC::PurePerl", "Mail::DKIM::ARC::Verifier", "Mail::DomainKeys::Message"},
	"code":   {"Mail::SPF::Server"},
	"bind":   {"Net::LDAP", "Net::LDAPS", "Net::LDAPI"},
}

func misreadAnswers(p *audit.Pass) {
	v := look(p)
	for _, name := range slices.Sorted(maps.Keys(threeWay)) {
		classes := threeWay[name]
		for n := range v.f.Calls(name) {
			c := v.t.Call(n)
			class, sure := v.of(c, classes...)
			if !c.Method {
				class, sure = v.module(c, classes...), true
			}
			if class != "" {
				v.threeWay(n, class+"'s "+name, sure)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		classes := answers[name]
		for n := range v.f.Calls(name) {
			c := v.t.Call(n)
			if c.Method && classes != nil {
				if class, _ := v.of(c, classes...); class == "" && (name == "verify" || name == "verify_hostname") {
					continue
				}
			} else if c.Method != (classes != nil) && name != "secure_compare" {
				continue
			}
			v.answer(n, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(always)) {
		classes := always[name]
		for n := range v.f.Calls(name) {
			c := v.t.Call(n)
			if class, _ := v.of(c, classes...); class != "" && v.decides(n) {
				what := " gives a word, as pass or fail, and every word is true"
				if name == "bind" && len(c.Args) == 0 {
					continue // as nobody
				} else if name == "bind" {
					what = " gives a message, which is true whatever its code says"
				}
				v.misread(n, audit.Likely, name+what)
			}
		}
	}
	v.zeroIsGood()
	v.skippedChecks()
	v.unsignedAccepted()
}

func (v view) misread(n perlsrc.NodeID, confidence audit.Confidence, message string) {
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: audit.High, Message: message})
}

// outside gives the node around a value that negations stand for.
func (v view) outside(n perlsrc.NodeID) perlsrc.NodeID {
	for range 8 {
		parent := v.t.Nodes[n].Parent
		k := v.kind(parent)
		only := v.t.Nodes[parent].Child == n && v.t.Nodes[n].Next == 0
		op := v.t.Operator(n)
		if only && (k == perlsrc.ListNode && v.t.Keyword(parent) == "" || k == perlsrc.ExprNode && (op == "!" || op == "!!") || k == perlsrc.LogicNode && (op == "not" || op == "!")) {
			n = parent
			continue
		}
		return n
	}
	return n
}

// decides says that a value itself, or its negation, is a condition: directly,
// or in the variable that keeps it.
func (v view) decides(n perlsrc.NodeID) bool {
	d := v.t.Dest(v.outside(n))
	if d.Use == perlsrc.Condition && d.Direct {
		return true
	}
	if d.Use == perlsrc.Void {
		return false
	}
	sinks, _ := v.f.Flow().Sinks(n)
	decided := false
	for _, s := range sinks {
		switch s.Kind {
		case flow.Decided:
			decided = decided || s.Direct
		case flow.Compared:
			return false // somebody looks closer
		}
	}
	return decided
}

// threeWay is about a check whose -1 is true.
func (v view) threeWay(n perlsrc.NodeID, what string, sure bool) {
	confidence := audit.Likely
	if sure {
		confidence = audit.Certain
	}
	message := what + " answers -1 where the check could not be made, and -1 is true"
	if v.decides(n) {
		v.misread(n, confidence, message)
		return
	}
	if op, s, ok := v.comparedWith(n); ok {
		if op == "!=" && (s == "0" || s == "-1") || op == "ne" {
			v.misread(n, confidence, message)
		}
		return
	}
	if d := v.t.Dest(v.outside(n)); d.Use == perlsrc.Returned && d.Direct {
		v.misread(n, audit.Likely, message+" to whoever asks this sub")
	}
}

// comparedWith gives the operator and the literal that a value is compared with.
func (v view) comparedWith(n perlsrc.NodeID) (op, with string, ok bool) {
	parent := v.t.Nodes[n].Parent
	if next := v.t.Nodes[n].Next; v.kind(parent) == perlsrc.ExprNode && next != 0 {
		with, ok := v.constant(next)
		if !ok {
			s := strings.ReplaceAll(string(v.t.Text(next)), " ", "")
			with, ok = s, s == "-1"
		}
		return v.t.Operator(next), with, ok
	}
	return "", "", false
}

// answer is about a check that answers and does not die.
func (v view) answer(n perlsrc.NodeID, name string) {
	outer := v.outside(n)
	parent := v.t.Nodes[n].Parent
	switch {
	case v.kind(parent) == perlsrc.CallNode && v.t.Callee(parent) == "defined":
		v.misread(n, audit.Certain, "a wrong signature answers 0 or an empty string, which is defined, too")
		return
	case v.kind(parent) == perlsrc.CallNode && v.t.Callee(parent) == "scalar":
	}
	if op, with, ok := v.comparedWith(n); ok {
		if op == ">=" && with == "0" || op == "!=" && with == "-1" || op == ">" && with == "-1" {
			v.misread(n, audit.Certain, fmt.Sprintf("%s %s %s holds for a wrong signature, too", name, op, with))
		}
		return
	}
	d := v.t.Dest(outer)
	switch {
	case d.Use == perlsrc.Void && d.Direct && v.ignored(outer):
		v.misread(n, audit.Certain, name+" answers whether it is right, and nothing looks at the answer")
	case d.Use == perlsrc.Condition && v.warns(outer):
		v.misread(n, audit.Likely, "a wrong signature is warned of, and taken")
	case d.Use == perlsrc.Assigned && d.Direct && len(d.Targets) == 1 && v.isArray(d.Targets[0]):
		v.misread(n, audit.Likely, "an array that holds a false answer is not empty, so it is true")
	}
}

// ignored says that a statement is only the call, and not the value of a block
// that somebody uses.
func (v view) ignored(n perlsrc.NodeID) bool {
	parent := v.t.Nodes[n].Parent
	return v.kind(parent) == perlsrc.StatementNode
}

// warns says that what a condition leads to only warns: "or warn", "warn unless".
func (v view) warns(n perlsrc.NodeID) bool {
	isWarn := func(n perlsrc.NodeID) bool {
		if n == 0 || v.kind(n) != perlsrc.CallNode {
			return false
		}
		switch audit.Unqualified(v.t.Callee(n)) {
		case "warn", "carp", "cluck":
			return true
		}
		return false
	}
	if next := v.t.Nodes[n].Next; next != 0 {
		op := v.t.Operator(next)
		return (op == "or" || op == "||") && isWarn(next) && v.t.Nodes[next].Next == 0
	}
	statement := v.t.EnclosingStatement(n)
	word, condition := v.t.Modifier(statement)
	if condition == 0 || !v.within(n, condition) {
		return false
	}
	negated := v.t.Operator(v.bare(n)) == "!" || n != condition && v.kind(n) != perlsrc.CallNode
	return (word == "unless") != negated && isWarn(v.t.Nodes[statement].Child)
}

func (v view) isArray(n perlsrc.NodeID) bool {
	n = v.bare(n)
	tok := v.t.Token(n)
	if v.kind(n) == perlsrc.DeclareNode {
		tok = v.t.Token(v.t.Nodes[n].Child)
	}
	return tok.Kind == perlsrc.Variable && v.t.Src[tok.Start] == '@'
}

var gpgVerify = lazyregexp.New(`\b(?:gpgv?2?|openssl)\b.*(?:\s--?verify\b|\sdgst\b.*-verify)|\bgpgv\b`)

// zeroIsGood is about checks that answer 0 where all is well: programs, and
// Module::Signature.
func (v view) zeroIsGood() {
	for n := range v.f.Calls("system") {
		c := v.t.Call(n)
		var text []string
		for _, a := range c.Args {
			text = append(text, strings.Trim(string(v.t.Text(a)), `'"`))
		}
		if !gpgVerify.MatchString(strings.Join(text, " ")) {
			continue
		}
		if v.acceptsTrue(n) {
			v.misread(n, audit.Likely, "system answers 0 where the program found the signature right, so this takes the wrong ones")
		}
	}
	for n := range v.f.Calls("verify") {
		c := v.t.Call(n)
		if !c.Method && v.module(c, "Module::Signature") != "" && v.acceptsTrue(n) {
			v.misread(n, audit.Likely, "verify of Module::Signature answers 0 where the signature is right, so this takes the wrong ones")
		}
	}
	for n := range v.f.Calls("pam_authenticate", "pam_acct_mgmt") {
		if v.acceptsTrue(n) {
			v.misread(n, audit.Likely, audit.Unqualified(v.t.Callee(n))+" answers 0 where all is well, so this takes the wrong ones")
		}
	}
	for n := range v.f.Calls("get_verify_result") {
		if c := v.t.Call(n); (c.Method || v.module(c, "Net::SSLeay") != "") && v.acceptsTrue(n) {
			v.misread(n, audit.Likely, "get_verify_result answers 0 where the certificate is right, so this takes the wrong ones")
		}
	}
}

// acceptsTrue says that a true answer is taken for a good one: "or die", "die
// unless".
func (v view) acceptsTrue(n perlsrc.NodeID) bool {
	if outer := v.outside(n); outer != n && v.kind(outer) != perlsrc.ListNode {
		return false
	}
	if next := v.t.Nodes[n].Next; next != 0 && v.kind(v.t.Nodes[n].Parent) == perlsrc.LogicNode {
		op := v.t.Operator(next)
		return (op == "or" || op == "||") && v.refuses(next)
	}
	statement := v.t.EnclosingStatement(n)
	if word, condition := v.t.Modifier(statement); condition != 0 && v.within(n, condition) {
		return word == "unless" && v.outside(n) == v.outside(condition) && v.refuses(v.t.Nodes[statement].Child)
	}
	list := v.t.Nodes[n].Parent
	if word := v.t.Keyword(list); v.kind(list) == perlsrc.ListNode && (word == "if" || word == "unless") {
		block := v.t.Nodes[list].Next
		return block != 0 && (word == "unless") == v.blockRefuses(block) && v.t.Nodes[block].Child != 0
	}
	return false
}
