package crypt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// minRSA is the length of an RSA key that NIST SP 800-131A asks for.
const minRSA = 2048

// dsaClasses do DSA, which FIPS 186-5 has withdrawn for signing.
var dsaClasses = []string{"Crypt::DSA", "Crypt::DSA::GMP", "Crypt::OpenSSL::DSA", "Crypt::PK::DSA", "Crypt::DSA::Key"}

// generators make a key pair; the length in bits is at a position, or an option.
var generators = []struct {
	call    string
	classes []string
	at      int
	option  string
	unit    int // bits
	unset   int // the length where it is not said; 0 where it is long enough, or must be
}{
	{"generate_key", []string{"Crypt::OpenSSL::RSA"}, 0, "", 1, 0},
	{"generate_key", []string{"Crypt::PK::RSA"}, 0, "", 8, 0},
	{"keygen", []string{"Crypt::RSA"}, -1, "size", 1, 0},
	{"new", []string{"Crypt::OpenSSL::PKCS10"}, 0, "", 1, 1024},
	{"create", []string{"Crypt::Perl::RSA::Generate"}, 0, "", 1, 0},
	{"generate", []string{"Crypt::RSA::Key"}, -1, "size", 1, 0},
}

// oldSigners are methods and functions that sign with a digest for which
// somebody can make two texts.
var oldSigners = map[string]string{"use_sha1_hash": "SHA-1", "use_md5_hash": "MD5"}

var (
	shortKey = lazyregexp.New(`\b(?:genrsa\b[^;|&]*?\s|rsa:|rsa_keygen_bits:|ssh-keygen\b[^;|&]*-b\s*)(512|768|1024|1536)\b`)
	dsaKey   = lazyregexp.New(`\b(?:openssl\s+(?:dsaparam|gendsa)\b|ssh-keygen\b[^;|&]*-t\s*dsa\b|newkey\s+dsa:)`)
	oldSign  = lazyregexp.New(`\bopenssl\b[^;|&]*\s-(sha1|md5)\b[^;|&]*\s-sign\b|\bopenssl\b[^;|&]*\s-sign\b[^;|&]*\s-(sha1|md5)\b|\bopenssl\s+(?:x509|req|ca)\b[^;|&]*\s-(sha1|md5)\b`)
)

func weakKeys(p *audit.Pass) {
	v := look(p)
	v.dsa()
	for _, g := range generators {
		for n := range v.f.Calls(g.call) {
			c := v.t.Call(n)
			if class, _ := v.of(c, g.classes...); class == "" {
				continue
			}
			size, said := perlsrc.NodeID(0), false
			if g.option != "" {
				size, said = v.option(c.Args, g.option)
			} else if len(c.Args) > g.at {
				size, said = c.Args[g.at], true
			}
			switch {
			case said:
				v.short(n, size, g.unit)
			case g.unset != 0:
				v.weak(n, audit.Likely, fmt.Sprintf("the RSA key has %d bits unless more are asked for", g.unset))
			}
		}
	}
	for n := range v.f.Calls("RSA_generate_key") {
		if c := v.t.Call(n); len(c.Args) > 0 {
			v.short(n, c.Args[0], 1)
		}
	}
	v.oldSignatures()
	v.commands()
}

func (v view) weak(n perlsrc.NodeID, confidence audit.Confidence, message string) {
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: audit.Medium, Message: message})
}

// short reports an RSA key whose length is, or may by default be, too small.
func (v view) short(n, size perlsrc.NodeID, unit int) {
	if have, ok := v.number(size); ok {
		if have > 0 && have*unit < minRSA {
			v.weak(n, audit.Certain, fmt.Sprintf("the RSA key has %d bits, which can be factored", have*unit))
		}
		return
	}
	for _, o := range v.origins(size) {
		if have, err := strconv.Atoi(o.Name); err == nil && isConstant(o) && o.Direct && have >= 32 && have*unit < minRSA {
			v.weak(n, audit.Likely, fmt.Sprintf("the RSA key has %d bits unless more are asked for", have*unit))
			return
		}
	}
}

// dsa finds the first use of each class that does DSA, and a load without any.
func (v view) dsa() {
	seen := map[string]bool{}
	for n := range v.f.Calls("new", "generate_parameters", "read_priv_key", "read_pub_key", "read_priv_key_str", "read_pub_key_str", "read_params", "import_key") {
		c := v.t.Call(n)
		if !c.Method || !slices.Contains(dsaClasses, c.Class) || v.doesDSA(n) {
			continue
		}
		seen[c.Class] = true
		confidence := audit.Likely
		if size := v.t.Arg(n, 0); c.Callee == "generate_parameters" && size != 0 {
			if have, ok := v.number(size); ok && have < minRSA {
				confidence = audit.Certain
			}
		}
		v.weak(n, confidence, c.Class+" does DSA, which is withdrawn: its keys are short, and one bad random number gives them away")
	}
	for n := range v.f.All(perlsrc.StatementNode) {
		if v.t.Nodes[n].Form != perlsrc.Include {
			continue
		}
		if inc := v.t.Include(n); inc.Word == "use" && slices.Contains(dsaClasses, inc.Module) && !seen[inc.Module] && !v.doesDSA(n) {
			v.weak(n, audit.Possible, inc.Module+" does DSA, which is withdrawn")
		}
	}
}

// doesDSA says that a node is of what implements DSA.
func (v view) doesDSA(n perlsrc.NodeID) bool {
	return slices.Contains(purpose.Words(v.t.EnclosingPackage(n)), "dsa")
}

// oldSignatures finds signatures over SHA-1 and MD5.
func (v view) oldSignatures() {
	confidence := audit.Certain
	if v.calls("use_sha256_hash", "use_sha512_hash", "use_sha384_hash") || v.calls("verify") && !v.calls("sign") {
		confidence = audit.Possible // one of several, or what an old signature needs
	}
	for n := range v.f.Calls("use_sha1_hash", "use_md5_hash") {
		c := v.t.Call(n)
		if c.Method {
			v.weak(n, confidence, "the signature is made over "+oldSigners[c.Callee]+", for which two texts of one digest can be made")
		}
	}
	for n := range v.f.Calls("use_pkcs1_padding") {
		confidence := audit.Possible // signing uses it well
		if v.calls("decrypt") {
			confidence = audit.Likely
		}
		if v.t.Call(n).Method {
			v.weak(n, confidence, "decryption with the padding of PKCS #1 v1.5 tells by its time, or by its errors, what it found")
		}
	}
	for n := range v.f.Calls("sign_message", "rsa_sign_message") {
		c := v.t.Call(n)
		at := 1
		if !c.Method {
			at = 2
		}
		if class, _ := v.of(c, "Crypt::PK::RSA", "Crypt::PK::DSA", "Crypt::PK::ECC"); class == "" && c.Method {
			continue
		} else if !c.Method && v.module(c, "Crypt::PK::RSA") == "" {
			continue
		}
		if len(c.Args) <= at {
			if !v.variableOptions(c.Args) {
				v.weak(n, audit.Likely, "the signature is made over SHA-1 where no digest is named, for which two texts of one digest can be made")
			}
			continue
		}
		if s, ok := v.constant(c.Args[at]); ok && weakDigest(s) {
			v.weak(n, audit.Certain, "the signature is made over "+s+", for which two texts of one digest can be made")
		}
	}
	for n := range v.f.Calls("EVP_sha1", "EVP_md5") {
		if d := v.t.Dest(n); d.Use == perlsrc.Passed && strings.Contains(v.t.Callee(d.Node), "sign") {
			v.weak(n, audit.Certain, "the certificate is signed over an old digest, for which two texts of one digest can be made")
		}
	}
	for n := range v.f.Calls("new", "sign") {
		c := v.t.Call(n)
		if c.Class != "XML::Sig" && c.Class != "Net::SAML2::Binding::Redirect" {
			continue
		}
		if hash, ok := v.option(c.Args, "sig_hash", "digest_hash"); ok {
			if s, ok := v.constant(hash); ok && weakDigest(s) {
				v.weak(n, audit.Certain, "the signature is made over "+s+", for which two texts of one digest can be made")
			}
		}
	}
}

// commands finds keys and signatures that programs are asked for.
func (v view) commands() {
	src := v.f.Src
	if !shortKey.Match(src) && !dsaKey.Match(src) && !oldSign.Match(src) {
		return
	}
	for n := range v.f.Calls("system", "exec", "qx", "open") {
		for _, a := range v.t.Call(n).Args {
			text := string(v.t.Text(a))
			if m := shortKey.FindStringSubmatch(text); m != nil {
				v.weak(n, audit.Certain, "the RSA key has "+m[1]+" bits, which can be factored")
			} else if dsaKey.MatchString(text) {
				v.weak(n, audit.Likely, "a key of DSA is made, which is withdrawn")
			} else if oldSign.MatchString(text) {
				v.weak(n, audit.Likely, "the signature is made over an old digest, for which two texts of one digest can be made")
			}
		}
	}
}
