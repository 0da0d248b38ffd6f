package crypt

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// nonced are functions and methods that take an initialization vector or nonce
// at a position.
var nonced = []struct {
	calls   []string
	modules []string // of a function; the classes of a method
	at      int
	method  bool
}{
	{[]string{"encrypt"}, []string{"Crypt::Mode::CBC", "Crypt::Mode::CFB", "Crypt::Mode::CTR", "Crypt::Mode::OFB"}, 2, true},
	{[]string{"set_iv"}, []string{"Crypt::Rijndael", "Mcrypt", "Crypt::GCM"}, 0, true},
	{[]string{"iv_add"}, []string{"Crypt::AuthEnc::GCM"}, 0, true},
	{[]string{"new"}, []string{"Crypt::AuthEnc::GCM", "Crypt::AuthEnc::CCM", "Crypt::AuthEnc::EAX", "Crypt::AuthEnc::OCB"}, 2, true},
	{[]string{"new"}, []string{"Crypt::AuthEnc::ChaCha20Poly1305", "Crypt::Stream::ChaCha", "Crypt::Stream::Salsa20"}, 1, true},
	{[]string{"gcm_encrypt_authenticate", "ccm_encrypt_authenticate", "eax_encrypt_authenticate", "ocb_encrypt_authenticate"}, []string{"Crypt::AuthEnc::GCM", "Crypt::AuthEnc::CCM", "Crypt::AuthEnc::EAX", "Crypt::AuthEnc::OCB"}, 2, false},
	{[]string{"chacha20poly1305_encrypt_authenticate"}, []string{"Crypt::AuthEnc::ChaCha20Poly1305"}, 1, false},
}

// blockCiphers encrypt one block; who needs more must chain them.
var blockCiphers = []string{
	"Crypt::Blowfish", "Crypt::Blowfish_PP", "Crypt::DES", "Crypt::DES_PP", "Crypt::DES_EDE3", "Crypt::IDEA", "Crypt::Twofish", "Crypt::Twofish2", "Crypt::TEA", "Crypt::TEA_PP", "Crypt::XTEA",
	"Crypt::CAST5", "Crypt::CAST5_PP", "Crypt::Rijndael_PP", "Crypt::Serpent", "Crypt::OpenSSL::AES", "Crypt::OpenSSL::Blowfish", "Crypt::Cipher", "Crypt::Cipher::AES", "Crypt::Cipher::Blowfish", "Crypt::Cipher::DES",
	"Crypt::Cipher::DES_EDE", "Crypt::Camellia", "Crypt::Camellia_PP", "Crypt::SEED", "Crypt::GOST", "Crypt::GOST_PP", "Crypt::RC5", "Crypt::RC6", "Crypt::Eksblowfish::Blowfish",
}

var ecbName = lazyregexp.New(`(?i)\A[a-z0-9]+(?:[-_:][a-z0-9]+)*[-_:]ecb\z`)

func blockModes(p *audit.Pass) {
	v := look(p)
	for n := range v.f.Calls("new") {
		c := v.t.Call(n)
		switch {
		case c.Class == "Crypt::Mode::ECB" || c.Class == "Crypt::ECB":
			v.mode(n, c.Class+" encrypts equal blocks to equal blocks")
		case c.Class == "Crypt::Rijndael" && len(c.Args) == 1 && !v.variableOptions(c.Args):
			v.rijndael(n)
		case c.Class == "Crypt::CBC":
			v.fixedIn(n, c)
		}
	}
	for n := range v.f.Calls("MODE_ECB") {
		if d := v.t.Dest(n); d.Use == perlsrc.Passed || d.Use == perlsrc.Assigned || d.Use == perlsrc.Returned {
			v.mode(n, "the cipher runs in ECB, which encrypts equal blocks to equal blocks")
		}
	}
	for _, f := range nonced {
		for n := range v.f.Calls(f.calls...) {
			c := v.t.Call(n)
			if c.Method != f.method || len(c.Args) <= f.at {
				continue
			}
			if f.method {
				if class, _ := v.of(c, f.modules...); class == "" {
					continue
				}
			} else if v.module(c, f.modules...) == "" {
				continue
			}
			v.fixed(n, c.Args[f.at], c.Args[:f.at])
		}
	}
	v.ecbNames()
	v.blockByBlock()
}

func (v view) mode(n perlsrc.NodeID, message string) {
	if strings.Contains(v.t.EnclosingPackage(n), "ECB") {
		return // what implements the mode
	}
	if v.onlyOpens(n) || v.primitive(n) || v.choosesECB(n) {
		return
	}
	v.pass.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.Medium, Message: message})
}

// rijndael is about Crypt::Rijndael->new with a key alone, whose mode is ECB;
// a later set_mode, or Crypt::CBC around it, is another.
func (v view) rijndael(n perlsrc.NodeID) {
	if _, ok := v.f.Loads("Crypt::CBC"); ok {
		return
	}
	for e := range v.f.Calls("encrypt") {
		if c := v.t.Call(e); len(c.Args) > 0 && v.chains(e, c) {
			return
		}
	}
	// Who only decrypts reads what another made.
	if !v.calls("encrypt") || v.calls("set_mode", "MODE_CBC", "MODE_CTR", "MODE_CFB", "MODE_OFB") {
		return
	}
	v.mode(n, "Crypt::Rijndael without a mode runs in ECB, which encrypts equal blocks to equal blocks")
}

// fixedIn is about the options of Crypt::CBC.
func (v view) fixedIn(n perlsrc.NodeID, c perlsrc.Call) {
	if iv, ok := v.option(c.Args, "iv"); ok {
		key, _ := v.option(c.Args, "key", "pass")
		v.fixed(iv, iv, []perlsrc.NodeID{key})
	}
	if salt, ok := v.option(c.Args, "salt"); ok {
		if s, constant := v.constant(salt); constant && len(s) > 1 {
			v.pass.Report(audit.Found{
				Node: salt, Confidence: audit.Certain, Severity: audit.Medium,
				Message: "the salt is always the same, so equal passphrases give equal keys and vectors",
			})
		}
	}
}

// fixed reports a vector that is always the same, or made of the key.
func (v view) fixed(n, iv perlsrc.NodeID, keys []perlsrc.NodeID) {
	if v.onlyOpens(n) || v.counts(iv) {
		return
	}
	if s, ok := v.constant(iv); ok {
		if s == "" {
			return // none, or not known
		}
		what := "is written in the source"
		if strings.Trim(s, "\x000") == "" || s == `\0` {
			what = "is all zeros"
		}
		v.pass.Report(audit.Found{
			Node: n, Confidence: v.unless(audit.Certain, n, keys), Severity: audit.Medium, CWE: []string{"CWE-329"},
			Message: fmt.Sprintf("the initialization vector %s, so equal texts give equal ciphertexts", what), Steps: v.way(iv, isConstant),
		})
		return
	}
	m := v.made(iv)
	if holds(m.through, freshWords...) || holds(m.names, freshWords...) || holds(m.through, "hmac", "cmac") {
		return // a digest of the text under the key is another for every text
	}
	if len(keys) == 0 {
		// set_iv is told the vector alone: the key tells itself by its name.
		for _, x := range v.names(iv) {
			if !x.call && x.text != "iv" && (meaning(x.text) >= purpose.Password || x.text == "key") {
				keys = append(keys, x.node)
			}
		}
	}
	for _, k := range keys {
		if k == 0 {
			continue
		}
		label := v.label(k)
		if label == "" || purpose.Of(label) == purpose.Harmless || !slices.ContainsFunc(m.names, func(s string) bool { return s == label }) {
			continue
		}
		v.pass.Report(audit.Found{
			Node: n, Confidence: v.unless(audit.Likely, n, []perlsrc.NodeID{k}), Severity: audit.Medium, CWE: []string{"CWE-329"},
			Message: "the initialization vector is made of " + label + ", so it is the same for every text under that key",
		})
		return
	}
}

// ecbNames finds names of ciphers in ECB where a cipher is chosen.
func (v view) ecbNames() {
	if src := strings.ToLower(string(v.f.Src)); !strings.Contains(src, "-ecb") && !strings.Contains(src, "_ecb") && !strings.Contains(src, "'ecb'") && !strings.Contains(src, `"ecb"`) {
		return
	}
	for n := range v.f.All(perlsrc.TermNode) {
		k := v.t.Token(n).Kind
		if k == perlsrc.Command || k == perlsrc.Quote {
			if text := string(v.t.Text(n)); openssl.MatchString(text) && strings.Contains(text, "-ecb") {
				v.mode(n, "openssl encrypts in ECB, which encrypts equal blocks to equal blocks")
				continue
			}
		}
		s, ok := v.t.Literal(n)
		if !ok {
			continue
		}
		key, _ := v.t.Key(n)
		d := v.t.Dest(n)
		switch {
		case d.Use != perlsrc.Passed && d.Use != perlsrc.Assigned && d.Use != perlsrc.Returned:
		case optionECB.MatchString(s) && d.Use == perlsrc.Passed && openssl.Match(v.t.Text(d.Node)):
			v.mode(n, "openssl encrypts in ECB, which encrypts equal blocks to equal blocks")
		case strings.EqualFold(s, "ecb") && holds([]string{key, v.destinationName(d)}, "mode", "chain", "chaining"),
			ecbName.MatchString(s) && (holds([]string{key, v.destinationName(d)}, "cipher", "algorithm", "alg", "algo", "enc", "encryption", "method", "mode") || d.Use == perlsrc.Passed && audit.Unqualified(v.t.Callee(d.Node)) == "EVP_get_cipherbyname"):
			v.mode(n, s+" encrypts equal blocks to equal blocks")
		}
	}
}

var optionECB = lazyregexp.New(`\A-[a-z0-9-]+-ecb\z`)

var openssl = lazyregexp.New(`\bopenssl\b`)

// destinationName names what a value is assigned to.
func (v view) destinationName(d perlsrc.Dest) string {
	if d.Use == perlsrc.Assigned && len(d.Targets) == 1 {
		if target := v.t.Text(v.bare(d.Targets[0])); len(target) > 0 && (target[0] == '%' || target[0] == '@') {
			return "" // a table, which chooses nothing
		}
		return v.label(d.Targets[0])
	}
	return ""
}

// blockByBlock finds a block cipher that is used by itself on one block after
// the other, which is ECB by hand.
func (v view) blockByBlock() {
	if _, ok := v.f.Loads(blockCiphers...); !ok {
		return
	}
	if _, chained := v.f.Loads("Crypt::CBC"); chained {
		return
	}
	for n := range v.f.Calls("encrypt") {
		c := v.t.Call(n)
		class, sure := v.of(c, blockCiphers...)
		if class == "" || len(c.Args) != 1 || v.f.SubName(n) == "encrypt" && !sure {
			continue
		}
		loop := false
		for by, why := v.t.Conditional(n); by != 0; by, why = v.t.Conditional(by) {
			switch why {
			case "for", "foreach", "while", "until", "map":
				loop = true
			}
		}
		if loop && !v.chains(n, c) {
			v.mode(n, "block after block goes through "+class+" by itself, which encrypts equal blocks to equal blocks")
		} else if !loop && !v.chains(n, c) && class == "Crypt::OpenSSL::AES" && sure && !v.toldMode(c.Invocant) {
			v.mode(n, class+" encrypts in ECB unless it is told otherwise")
		}
	}
}

// toldMode says that an object was made with more than a key.
func (v view) toldMode(object perlsrc.NodeID) bool {
	nodes := []perlsrc.NodeID{object}
	for _, o := range v.origins(object) {
		nodes = append(nodes, o.Node)
	}
	return slices.ContainsFunc(nodes, func(n perlsrc.NodeID) bool {
		return v.kind(n) == perlsrc.CallNode && v.t.Callee(n) == "new" && len(v.t.Call(n).Args) > 1
	})
}

// chains says that a block is mixed with another before it is encrypted, or is
// a counter, as CBC, CFB and CTR do it.
func (v view) chains(n perlsrc.NodeID, c perlsrc.Call) bool {
	for child := range v.t.All(c.Args[0], perlsrc.TermNode, perlsrc.CallNode) {
		if v.t.Operator(child) == "^" {
			return true
		}
	}
	if v.t.Operator(n) == "^" || v.t.Nodes[n].Next != 0 && v.t.Operator(v.t.Nodes[n].Next) == "^" {
		return true
	}
	if sinks, _ := v.f.Flow().Sinks(n); slices.ContainsFunc(sinks, func(s flow.Sink) bool { return slices.Contains(s.Through, "^") }) {
		return true // what it gives is mixed into the text
	}
	if holds(v.made(c.Args[0]).names, "iv", "counter", "ctr", "prev", "previous", "chain", "register", "nonce", "feedback", "last", "xor", "keystream", "tweak", "pad", "subkey", "seed", "block0", "zero", "zeros", "challenge") {
		return true
	}
	return holds([]string{v.place(n)}, "cbc", "cfb", "ctr", "ofb", "cmac", "omac", "mac", "wrap", "gcm", "eax", "stream")
}
