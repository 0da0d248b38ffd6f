package transport

import (
	"strings"

	"nacre/audit"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

var (
	protocols = []string{"SSL_version", "ssl_version", "sslversion", "tls_version", "tls_protocol", "ssl_protocol", "SSL_protocol", "ssl_protocols", "tls_protocols", "min_tls_version", "SSLVersion", "sslVersion"}
	ciphers   = []string{"SSL_cipher_list", "ssl_cipher_list", "SSL_ciphers", "ssl_ciphers", "cipher_list", "ciphers", "tls_ciphers", "mysql_ssl_cipher", "mariadb_ssl_cipher"}
	weakWords = []string{"SSLv", "sslv", "SSL_version", "TLSv1", "tlsv1", "TLS1", "tls1", "ersion", "cipher", "CTX_", "ssl_version", "SECLEVEL", "HTTPS_VERSION"}
)

func weak(p *audit.Pass) {
	f := p.File
	if !speaks(f) {
		return
	}
	for s := range setting.All(f, protocols...) {
		report(p, s.Node, s.Outcomes(f), weakProtocol)
	}
	for s := range setting.All(f, "method") {
		if within(f.Tree, s) {
			report(p, s.Node, s.Outcomes(f), weakMethod)
		}
	}
	for s := range setting.All(f, ciphers...) {
		report(p, s.Node, s.Outcomes(f), weakCipher)
	}
	contexts(p)
	libraries(p)
}

// report tells of the first outcome that is weak.
func report(p *audit.Pass, at perlsrc.NodeID, outcomes []setting.Outcome, judge func(string) string) {
	for _, o := range outcomes {
		if !o.Known {
			continue
		}
		what := judge(o.Value)
		if what == "" {
			continue
		}
		how := audit.Certain
		switch {
		case permitted(p.File, o.Node) || permitted(p.File, at):
			return
		case o.Choice == setting.Either:
			how = audit.Possible
		case o.Choice == setting.Default:
			how = audit.Likely
		}
		p.Report(audit.Found{
			Node: at, Confidence: how, Severity: audit.Medium, Message: what,
			Steps: way(p, o.Node, at),
		})
		return
	}
}

// weakProtocol judges the protocols of IO::Socket::SSL, Net::LDAP and others:
// "SSLv3", "TLSv1", "SSLv23:!SSLv2", "tlsv1/1_1".
func weakProtocol(v string) string {
	var on, off []string
	for part := range strings.FieldsFuncSeq(strings.ToLower(v), func(r rune) bool { return r == ':' || r == ' ' || r == ',' || r == '|' }) {
		if rest, ok := strings.CutPrefix(part, "!"); ok {
			off = append(off, rest)
		} else {
			on = append(on, part)
		}
	}
	for _, part := range off {
		if part == "tlsv1_2" || part == "tlsv12" {
			return "TLS 1.2, the oldest protocol that holds, is switched off"
		}
	}
	only := ""
	for _, part := range on {
		name := protocol(part)
		switch name {
		case "":
			return ""
		case "new":
			return "" // a newer one is there, too
		}
		only = name
	}
	if only == "" {
		return ""
	}
	return "only " + only + " is spoken, which is broken and taken out of use"
}

// protocol gives the name of a protocol that is broken, "new" for one that holds,
// and "" for what leaves the choice to the library or is not known.
func protocol(s string) string {
	switch strings.NewReplacer("v", "", ".", "", "_", "", " ", "").Replace(s) {
	case "ssl2":
		return "SSL 2.0"
	case "ssl3":
		return "SSL 3.0"
	case "tls1", "tls10":
		return "TLS 1.0"
	case "tls11":
		return "TLS 1.1"
	case "tls12", "tls13":
		return "new"
	}
	return ""
}

// weakMethod judges AnyEvent::TLS's word for a protocol.
func weakMethod(v string) string {
	if name := protocol(strings.ToLower(v)); name != "" && name != "new" {
		return "only " + name + " is spoken, which is broken and taken out of use"
	}
	return ""
}

// broken are the words of OpenSSL's lists of ciphers that let in what is broken.
var broken = map[string]string{
	"all": "", "complementofdefault": "", "complementofall": "no encryption at all",
	"null": "no encryption at all", "enull": "no encryption at all",
	"anull": "servers without a certificate", "adh": "servers without a certificate", "aecdh": "servers without a certificate",
	"exp": "keys of 40 bits", "export": "keys of 40 bits", "export40": "keys of 40 bits", "export56": "keys of 56 bits", "low": "single DES",
	"rc4": "RC4", "rc4-sha": "RC4", "rc4-md5": "RC4", "ecdhe-rsa-rc4-sha": "RC4", "ecdhe-ecdsa-rc4-sha": "RC4", "rc2": "RC2",
	"des": "single DES", "des-cbc-sha": "single DES", "des-cbc3-sha": "triple DES", "3des": "triple DES", "edh-rsa-des-cbc3-sha": "triple DES", "des-cbc-md5": "single DES",
	"md5": "MD5", "sslv2": "SSL 2.0", "exp-rc4-md5": "keys of 40 bits", "null-md5": "no encryption at all", "null-sha": "no encryption at all",
}

// weakCipher judges a list of ciphers in OpenSSL's words.
func weakCipher(v string) string {
	without := map[string]bool{}
	var on []string
	for part := range strings.FieldsFuncSeq(strings.ToLower(v), func(r rune) bool { return r == ':' || r == ' ' || r == ',' }) {
		switch {
		case strings.HasPrefix(part, "!") || strings.HasPrefix(part, "-"):
			without[part[1:]] = true
		case strings.Contains(part, "@seclevel=0"):
			return "the least level of security lets in keys and digests that are broken"
		default:
			on = append(on, strings.TrimPrefix(part, "+"))
		}
	}
	for _, part := range on {
		what, ok := broken[part]
		if !ok || without[part] {
			continue
		}
		switch part {
		case "all", "complementofdefault":
			if without["anull"] || without["adh"] || without["low"] || without["exp"] || without["export"] {
				continue
			}
			what = "servers without a certificate"
		}
		return "the list of ciphers lets in " + what
	}
	return ""
}

// contexts finds those of Net::SSLeay for one broken protocol.
func contexts(p *audit.Pass) {
	f := p.File
	for n := range f.Calls("CTX_v2_new", "CTX_v3_new", "CTX_tlsv1_new", "CTX_tlsv1_1_new") {
		if permitted(f, n) {
			continue
		}
		name := map[string]string{"CTX_v2_new": "SSL 2.0", "CTX_v3_new": "SSL 3.0", "CTX_tlsv1_new": "TLS 1.0", "CTX_tlsv1_1_new": "TLS 1.1"}
		callee := f.Tree.Callee(n)
		callee = audit.Unqualified(callee)
		p.Report(audit.Found{
			Node: n, Confidence: audit.Certain, Severity: audit.Medium,
			Message: "only " + name[callee] + " is spoken, which is broken and taken out of use",
		})
	}
	for n := range f.Calls("CTX_set_cipher_list", "set_cipher_list") {
		report(p, n, setting.Outcomes(f, f.Tree.Arg(n, 1)), weakCipher)
	}
	for n := range f.Calls("CURLOPT_SSLVERSION") {
		if next := f.Tree.Nodes[n].Next; next != 0 && weakCurl.Match(f.Tree.Text(next)) && !permitted(f, n) {
			p.Report(audit.Found{
				Node: n, Confidence: audit.Certain, Severity: audit.Medium,
				Message: "CURLOPT_SSLVERSION picks a protocol that is broken and taken out of use",
			})
		}
	}
	for n := range f.Calls("CURLOPT_SSL_CIPHER_LIST") {
		if next := f.Tree.Nodes[n].Next; next != 0 {
			report(p, n, setting.Outcomes(f, next), weakCipher)
		}
	}
}

var weakCurl = lazyregexp.New(`SSLVERSION_(?:SSLv[23]|TLSv1_[01])\b|\A[23]\z`)

// libraries finds the variables that choose a protocol for a whole library.
func libraries(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.All(perlsrc.AssignNode) {
		target := t.Nodes[n].Child
		for t.Nodes[target].Kind == perlsrc.DeclareNode {
			target = t.Nodes[target].Child
		}
		v, ok := t.Literal(t.Nodes[t.Nodes[n].Child].Next)
		if !ok {
			continue
		}
		name := ""
		switch string(t.Text(target)) {
		case "$Net::SSLeay::ssl_version":
			name = map[string]string{"2": "SSL 2.0", "3": "SSL 3.0", "10": "TLS 1.0", "11": "TLS 1.1"}[v]
		case "$ENV{HTTPS_VERSION}", "$ENV{'HTTPS_VERSION'}":
			name = map[string]string{"2": "SSL 2.0", "3": "SSL 3.0"}[v]
		}
		if name != "" && !permitted(f, n) {
			p.Report(audit.Found{
				Node: n, Confidence: audit.Certain, Severity: audit.Medium,
				Message: "only " + name + " is spoken, which is broken and taken out of use",
			})
		}
	}
}
