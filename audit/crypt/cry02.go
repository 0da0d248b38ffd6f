package crypt

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// seventyTwo is what a source mentions that knows of bcrypt's limit.
var seventyTwo = lazyregexp.New(`\b7[123]\b`)

var bcrypt2 = lazyregexp.New(`\\?\$2[abxy]?\\?\$`)

// longPasswords finds passwords that come to bcrypt as they are typed.
func longPasswords(p *audit.Pass) {
	v := look(p)
	if v.f.Matches(seventyTwo) {
		return
	}
	for n := range v.f.Calls("bcrypt") {
		if c := v.t.Call(n); len(c.Args) > 0 {
			// Of both modules the password is first; of a framework's method, too.
			v.longPassword(n, c.Args[0])
		}
	}
	for n := range v.f.Calls("bcrypt_hash") {
		if c := v.t.Call(n); len(c.Args) > 1 {
			v.longPassword(n, c.Args[1])
		}
	}
	for n := range v.f.Calls("add") {
		c := v.t.Call(n)
		if class, _ := v.of(c, "Digest::Bcrypt", "Crypt::Eksblowfish::Bcrypt"); class != "" && len(c.Args) > 0 {
			v.longPassword(n, c.Args[0])
		}
	}
	for n := range v.f.Calls("new") {
		c := v.t.Call(n)
		switch c.Class {
		case "Authen::Passphrase::BlowfishCrypt":
			if word, ok := v.option(c.Args, "passphrase"); ok {
				v.longPassword(n, word)
			}
		case "Crypt::Passphrase":
			v.encoder(c)
		}
	}
	for n := range v.f.Calls("crypt") {
		if c := v.t.Call(n); !c.Method && len(c.Args) == 2 && v.isBcryptSalt(c.Args[1]) {
			v.longPassword(n, c.Args[0])
		}
	}
	v.encodedColumn()
}

// isBcryptSalt says that the salt of crypt asks for bcrypt.
func (v view) isBcryptSalt(n perlsrc.NodeID) bool {
	if bcrypt2.Match(v.t.Text(n)) {
		return true
	}
	return slices.ContainsFunc(v.origins(n), func(o flow.Origin) bool { return bcrypt2.Match(v.t.Text(o.Node)) })
}

// longPassword is about one password that bcrypt gets.
func (v view) longPassword(n, word perlsrc.NodeID) {
	m := v.made(word)
	raw := ""
	for _, f := range m.through {
		if algorithm, _ := digestOf(f); algorithm != "" {
			if strings.ContainsAny(f, "_") && f != "hmac_sha256" && f != "hmac_sha384" && f != "hmac_sha512" {
				return // printable
			}
			raw = f
		}
		if slices.Contains([]string{"encode_base64", "en_base64", "encode_base64url", "encode_b64", "encode_b64u", "hexdigest", "b64digest", "bin_to_hex", "substr", "unpack", "prehash", "_prehash"}, f) {
			return
		}
	}
	if raw != "" {
		if _, stops := v.f.Loads("Crypt::Bcrypt"); stops || v.t.Callee(n) == "crypt" {
			v.pass.Report(audit.Found{
				Node: n, Confidence: audit.Likely, Severity: audit.Medium,
				Message: fmt.Sprintf("bcrypt ends at the first NUL, which the raw bytes of %s may hold anywhere", raw),
			})
		}
		return
	}
	if v.measured(n, word) || v.constantSide(word) || v.isCompared(n) {
		return
	}
	v.pass.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.Low,
		Message: "bcrypt reads 72 bytes of the password and ends at a NUL, and nothing here measures it: what stands behind is not asked for",
	})
}

// isCompared says that a value is only compared with another: a password that
// is checked was measured, or was not, where its hash was made.
func (v view) isCompared(n perlsrc.NodeID) bool {
	sinks, _ := v.f.Flow().Sinks(n)
	return len(sinks) > 0 && !slices.ContainsFunc(sinks, func(s flow.Sink) bool { return s.Kind != flow.Compared })
}

// measured says that the sub around a call asks for the length of what it
// hashes.
func (v view) measured(n, word perlsrc.NodeID) bool {
	type asked struct {
		sub   perlsrc.NodeID
		label string
	}
	type key struct{}
	all := v.f.Memo(key{}, func() any {
		all := map[asked]bool{}
		for l := range v.f.Calls("length", "bytes::length") {
			if c := v.t.Call(l); len(c.Args) == 1 {
				all[asked{v.t.EnclosingSub(l), v.label(c.Args[0])}] = true
			}
		}
		return all
	}).(map[asked]bool)
	return all[asked{v.t.EnclosingSub(n), v.label(word)}]
}

// encoder is about Crypt::Passphrase, which hashes first only where it is told to.
func (v view) encoder(c perlsrc.Call) {
	enc, ok := v.option(c.Args, "encoder")
	if !ok {
		return
	}
	name, isName := v.t.Literal(enc)
	if !isName {
		module, ok := v.option([]perlsrc.NodeID{enc}, "module")
		if !ok {
			return
		}
		name, _ = v.t.Literal(module)
		if _, hashes := v.option([]perlsrc.NodeID{enc}, "hash"); hashes {
			return
		}
	}
	if strings.TrimPrefix(name, "+Crypt::Passphrase::") == "Bcrypt" {
		v.pass.Report(audit.Found{
			Node: enc, Confidence: audit.Likely, Severity: audit.Low,
			Message: "the encoder Bcrypt without hash gives bcrypt the password itself, of which it reads 72 bytes: what stands behind is not asked for",
		})
	}
}

// encodedColumn is about columns of DBIx::Class that bcrypt encodes.
func (v view) encodedColumn() {
	if !strings.Contains(string(v.f.Src), "encode_class") {
		return
	}
	for n := range v.f.All(perlsrc.TermNode) {
		if key, ok := v.t.Key(n); !ok || key != "encode_class" {
			continue
		}
		if s, _ := v.t.Literal(n); strings.HasSuffix(s, "Bcrypt") {
			v.pass.Report(audit.Found{
				Node: n, Confidence: audit.Likely, Severity: audit.Low,
				Message: "the column is encoded by bcrypt, which reads 72 bytes of the password and ends at a NUL",
			})
		}
	}
}
